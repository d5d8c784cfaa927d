/*
 * grid_ties: the order of leads whose texts begin alike: the grid does not have the rest, so the
 * leads themselves are read, one for each text.
 *
 * Holds    nothing.
 * Threads  the connection's.
 * Fails    as store/db.h.
 */
#ifndef STORE_GRID_TIES_H
#define STORE_GRID_TIES_H

#include "store/grid_keys.h"

#define GRID_TIES_TEXT_MAX ((size_t)64)

struct grid_tie {
	uint64_t hash; /* of the text: the field's grid_value_column */
	int64_t no;
};

struct grid_ties {
	struct grid_tie *items; /* on the heap; free() it */
	size_t count;
};

/* Of `members`, by hash. */
MUST_USE enum err_code grid_ties_read(const struct grid_view *view, const struct grid_order *order,
				      const struct grid_bits *members, struct grid_ties *out,
				      struct err *err);

/* The text that lead `no` is sorted by, cut to GRID_TIES_TEXT_MAX; empty when there is none. */
MUST_USE enum err_code grid_ties_text(const struct grid_order *order, int64_t workspace,
				      struct arena *arena, int64_t no, struct text *out,
				      struct err *err);

/* As memcmp: which of two such texts stands first, upward. */
int grid_ties_compare(struct text a, struct text b);

#endif
