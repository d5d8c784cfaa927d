/*
 * grid_order: pages of leads in the order of a column.
 *
 * Leads without a value come last, in either direction; equal ones stand in the order of their
 * numbers, downward when the direction is downward. Texts are compared by the first
 * GRID_TIES_TEXT_MAX bytes of their folded form.
 *
 * How it works: a page at the beginning is the smallest so many keys, kept on one way through the
 * column. For a page further on, a sixteenth of the column is looked at first, to guess between
 * which keys the page lies; on the way through the whole those between are kept, and those before
 * counted. Should the guess be wrong, all keys are taken at once: 8 bytes for each lead. The grid
 * has 16 bytes of a text; where those are equal, leads are read, one of each text.
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
