/*
 * grid_refine: puts leads in order whose first keys are known.
 *
 * Where keys are equal the following bytes of the texts decide, and where the grid has no more of
 * them the leads themselves are read, one for each text.
 *
 * Holds    nothing.
 * Threads  the connections'.
 * Fails    as store/db.h.
 */
#ifndef STORE_GRID_REFINE_H
#define STORE_GRID_REFINE_H

#include "store/grid_keys.h"

struct grid_entry {
	uint64_t key;  /* of grid_keys_of; never GRID_KEYS_ABSENT */
	int64_t place; /* the number, negative where the order is downward: ascends in the order */
};

/* As qsort wants it. */
int grid_refine_compare(const void *a, const void *b);

/* Which of the entries, once they are in order. */
struct grid_window {
	size_t skip, limit;
	int64_t *out; /* their numbers, room for `limit` … */
	size_t count; /* … and how many were written */
};

/* Leads to bring in order: their keys are those of `level`. */
struct grid_refine {
	const struct grid_view *view;
	const struct grid_order *order;
	int level;
	struct grid_entry *entries;
	size_t count;
};

/* Bring the entries in order, as far as the window needs it. */
MUST_USE enum err_code grid_refine_entries(const struct grid_refine *refine,
					   struct grid_window *window, struct err *err);

#endif
