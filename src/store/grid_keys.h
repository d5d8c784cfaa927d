/*
 * grid_keys: the cells of many leads as keys that ascend in the order of a page, in either
 * direction.
 *
 * Holds    nothing; answers are on the heap, 8 bytes for each lead.
 * Threads  the connection's.
 * Fails    as store/db.h.
 */
#ifndef STORE_GRID_KEYS_H
#define STORE_GRID_KEYS_H

#include "store/grid_bits.h"

/* What leads are sorted by. */
struct grid_order {
	enum grid_column column; /* grid_sort_column(field, 0) for texts */
	bool is_text;
	enum field_id field; /* of texts */
	bool down;
	struct db *main; /* the leads, for texts */
};

/* The columns of an order that are looked at, one behind the other. */
#define GRID_KEYS_LEVELS_MAX 2
int grid_keys_levels(const struct grid_order *order);

/* The key of a lead without a value: behind all others. */
#define GRID_KEYS_ABSENT UINT64_MAX

uint64_t grid_keys_of(const struct grid_order *order, int level, uint64_t cell);

/* The keys of `members`, `count` of them, in the order of their numbers. */
MUST_USE enum err_code grid_keys_gather(const struct grid_view *view,
					const struct grid_order *order, int level,
					const struct grid_bits *members, uint64_t **out,
					struct err *err);

/* The same of any column, as it is. */
MUST_USE enum err_code grid_keys_cells(const struct grid_view *view, enum grid_column column,
				       const struct grid_bits *members, uint64_t **out,
				       struct err *err);

/* Add those of `members`, whose keys these are, that lie between low and high. */
void grid_keys_pick(const struct grid_bits *members, const uint64_t *keys, uint64_t low,
		    uint64_t high, struct grid_bits *out);

/* Keys that lie side by side in their order. */
struct grid_range {
	uint64_t low, high; /* they lie between these */
	size_t below;       /* keys smaller than low */
	size_t count;       /* keys between low and high; 0: there is nobody at the rank */
	size_t present;     /* all keys but GRID_KEYS_ABSENT */
};

/*
 * A range, among `count` keys, that holds those from rank `first` to rank `last`, as far as they
 * are present, and few others but for equal ones.
 */
MUST_USE enum err_code grid_keys_range(const uint64_t *keys, size_t count, size_t first,
				       size_t last, struct grid_range *out, struct err *err);

#endif
