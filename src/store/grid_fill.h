/*
 * grid_fill: puts leads into the grid.
 *
 * How to: within a write transaction of the index, grid_fill_put or grid_fill_drop for each lead,
 * in the order of their numbers (any order works, this one is quick), then grid_fill_end.
 *
 * Holds    the columns and sets of the chunk at hand, and what was written into them.
 * Threads  the connection's.
 * Fails    as store/db.h; after a failure the transaction is to be rolled back.
 */
#ifndef STORE_GRID_FILL_H
#define STORE_GRID_FILL_H

#include "lead/record.h"
#include "store/grid.h"
#include "store/leads.h"

struct grid_fill;

MUST_USE enum err_code grid_fill_create(struct db *db, struct grid_fill **out, struct err *err);
void grid_fill_destroy(struct grid_fill *fill);

/* *out: whether the grid has lead `no`. */
MUST_USE enum err_code grid_fill_has(struct grid_fill *fill, int64_t no, bool *out,
				     struct err *err);

/* Put a lead's values and sets, but for its words, in place of what was there. */
MUST_USE enum err_code grid_fill_put(struct grid_fill *fill, struct arena *arena,
				     const struct lead_row *row, const struct record *record,
				     struct err *err);

/* The texts of a lead, absent ones too, in which words are looked for. */
struct grid_texts {
	const struct text *items;
	size_t count;
};

/* Lead `no` has the words of `now`, and no more those of `before`. */
MUST_USE enum err_code grid_fill_words(struct grid_fill *fill, struct arena *arena, int64_t no,
				       const struct grid_texts *before,
				       const struct grid_texts *now, struct err *err);

/* Take a lead out, but for its words. */
MUST_USE enum err_code grid_fill_drop(struct grid_fill *fill, struct arena *arena, int64_t no,
				      struct err *err);

/* Write what is not written yet. */
MUST_USE enum err_code grid_fill_end(struct grid_fill *fill, struct err *err);

#endif
