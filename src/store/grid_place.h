/*
 * grid_place: where a value stands among the leads in an order: for pages that go on behind a
 * lead, and for conditions such as "name < m".
 *
 * Holds    nothing.
 * Threads  the connections'.
 * Fails    as store/db.h.
 */
#ifndef STORE_GRID_PLACE_H
#define STORE_GRID_PLACE_H

#include "store/grid_keys.h"

struct grid_place {
	bool is_absent;   /* among the leads without a value */
	uint64_t cell;    /* of the order's column */
	struct text text; /* of texts: folded, at most GRID_TIES_TEXT_MAX bytes */
	int64_t no;       /* of the lead there */
};

/* The place of lead `no`; its text in the arena. */
MUST_USE enum err_code grid_place_of(const struct grid_view *view, const struct grid_order *order,
				     struct arena *arena, int64_t no, struct grid_place *out,
				     struct err *err);

/* The place of a text, which is folded. */
struct grid_place grid_place_of_text(struct text text);

/* Leads by where they stand to a place's value, whatever their numbers. */
struct grid_split {
	struct grid_bits before; /* in the order: for a downward one those with a larger value */
	struct grid_bits same;
};

MUST_USE enum err_code grid_place_split(const struct grid_view *view,
					const struct grid_order *order,
					const struct grid_place *place,
					const struct grid_bits *members, struct grid_split *out,
					struct err *err);
void grid_place_release(struct grid_split *split);

/* Remove from `bits` who is not behind the place. */
MUST_USE enum err_code grid_place_cut(const struct grid_view *view, const struct grid_order *order,
				      const struct grid_place *place, struct grid_bits *bits,
				      struct err *err);

#endif
