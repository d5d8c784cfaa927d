/*
 * grid_order: pages of leads in the order of a column.
 *
 * Leads without a value come last, in either direction; equal ones stand in the order of their
 * numbers, downward when the direction is downward. Texts are compared by the first
 * GRID_TIES_TEXT_MAX bytes of their folded form.
 *
 * How it works: the cells of all members (8 bytes each, for the time of the call) are divided
 * into buckets, of which only those that the page reaches into are looked at. The grid has 16
 * bytes of a text; where those are equal, the leads themselves are read, one of each value.
 *
 * Holds    nothing.
 * Threads  the connections'.
 * Fails    as store/db.h.
 */
#ifndef STORE_GRID_ORDER_H
#define STORE_GRID_ORDER_H

#include "store/grid_place.h"

struct grid_page {
	const struct grid_place *after; /* NULL: from the beginning */
	size_t skip;
	size_t limit;
	int64_t *numbers; /* the caller's, for `limit` */
	size_t count;     /* filled */
};

/* Fill a page with members of `bits`, which loses those that are not behind page->after. */
MUST_USE enum err_code grid_order_page(const struct grid_view *view, const struct grid_order *order,
				       struct grid_bits *bits, struct grid_page *page,
				       struct err *err);

#endif
