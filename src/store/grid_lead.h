/*
 * grid_lead: what one lead is in the grid: its cells and the sets it is in.
 *
 * Holds    nothing; answers lie in the arena.
 * Threads  any.
 * Fails    for want of memory; ERR_INTERNAL for a stored document that is damaged.
 */
#ifndef STORE_GRID_LEAD_H
#define STORE_GRID_LEAD_H

#include "lead/record.h"
#include "store/grid.h"
#include "store/leads.h"

struct grid_cells {
	uint64_t cells[GRID_COLUMN_COUNT];
};

/* Keys of sets, ascending, each once. */
struct grid_keys {
	int64_t *items;
	size_t count;
};

/* Fill `out`, which is all zero. */
MUST_USE enum err_code grid_lead_cells(struct arena *arena, const struct lead_row *row,
				       const struct record *record, struct grid_cells *out,
				       struct err *err);

/* All sets of the lead but those of words. */
MUST_USE enum err_code grid_lead_keys(struct arena *arena, const struct lead_row *row,
				      const struct record *record, struct grid_keys *out,
				      struct err *err);

/*
 * The sets of the words of `texts`, by their first character and by their first two, in the order
 * in which they stand there, also more than once.
 */
MUST_USE enum err_code grid_lead_words(struct arena *arena, const struct text *texts, size_t count,
				       struct grid_keys *out, struct err *err);

/* Make `keys` ascending, each once. */
void grid_lead_sort(struct grid_keys *keys);

/* The text of `field` by which leads are sorted, folded; empty when there is none. */
MUST_USE enum err_code grid_lead_sort_text(struct arena *arena, const struct record *record,
					   enum field_id field, struct text *out, struct err *err);

/* Whether a JSON value says anything: not "", [] or {}. */
bool grid_lead_has_value(struct text json);

#endif
