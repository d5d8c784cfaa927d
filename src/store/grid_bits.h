/*
 * grid_bits: sets of a workspace's leads, read from the grid: by membership, by the value of a
 * column, by the words of a query.
 *
 * Holds    a struct grid_bits: a bit for each number of the workspace, on the heap, until
 *          grid_bits_release: 128 KiB for a million leads.
 * Threads  the connection's. All reads that belong together happen in one transaction of the index.
 * Fails    as store/db.h.
 */
#ifndef STORE_GRID_BITS_H
#define STORE_GRID_BITS_H

#include "store/grid.h"
#include "store/search.h"

/* A workspace in the index. */
struct grid_view {
	struct search *search;
	struct db *db; /* of the index */
	int64_t workspace;
	int64_t first; /* chunk */
	size_t chunks; /* from there to the last that has leads */
};

MUST_USE enum err_code grid_bits_view(struct search *search, int64_t workspace,
				      struct grid_view *out, struct err *err);

struct grid_bits {
	uint64_t *words; /* GRID_WORDS for each chunk */
	size_t chunks;
};

/* An empty set. */
MUST_USE enum err_code grid_bits_create(const struct grid_view *view, struct grid_bits *out,
					struct err *err);
void grid_bits_release(struct grid_bits *bits);

/* Add the members of the set `key`. */
MUST_USE enum err_code grid_bits_add_set(const struct grid_view *view, int64_t key,
					 struct grid_bits *bits, struct err *err);

/* Add or remove lead `no`, if it is one of the view's. */
void grid_bits_put(const struct grid_view *view, struct grid_bits *bits, int64_t no, bool is_in);
bool grid_bits_has(const struct grid_view *view, const struct grid_bits *bits, int64_t no);

void grid_bits_and(struct grid_bits *bits, const struct grid_bits *other);
void grid_bits_and_not(struct grid_bits *bits, const struct grid_bits *other);
void grid_bits_or(struct grid_bits *bits, const struct grid_bits *other);
size_t grid_bits_count(const struct grid_bits *bits);

/* A condition on a cell: it has one of the bits of mask, or, where that is 0, … */
struct grid_test {
	uint64_t mask;
	uint64_t low, high;     /* … low <= cell <= high, where 0 < low <= high, … */
	const uint64_t *values; /* … and it is one of these, ascending; NULL: whatever it is */
	size_t count;
};

/* Add those of `among` whose cell passes. */
MUST_USE enum err_code grid_bits_add_cells(const struct grid_view *view, enum grid_column column,
					   const struct grid_test *test,
					   const struct grid_bits *among, struct grid_bits *bits,
					   struct err *err);

/* Remove who does not have all words of `match`. */
MUST_USE enum err_code grid_bits_keep_match(const struct grid_view *view,
					    const struct search_match *match,
					    struct grid_bits *bits, struct err *err);

/* Which members to take, in the order of their numbers. */
struct grid_slice {
	bool down;   /* from the largest; else from the smallest */
	size_t skip; /* left out before the first */
	size_t limit;
};

/* The number of members written to `out`, which has room for slice->limit. */
size_t grid_bits_take(const struct grid_view *view, const struct grid_bits *bits,
		      const struct grid_slice *slice, int64_t *out);

/* The lowest bit of a word that is not 0; with `down` the highest. */
static inline size_t grid_bits_next(uint64_t word, bool down)
{
	return down ? 63 - (size_t)__builtin_clzll(word) : (size_t)__builtin_ctzll(word);
}

/* Remove numbers up to and with `no`; with `down`, from it on. */
void grid_bits_cut(const struct grid_view *view, struct grid_bits *bits, int64_t no, bool down);

/* Called with the cells of a chunk, zeros where there are none. */
struct grid_visitor {
	enum err_code (*visit)(struct grid_visitor *visitor, size_t chunk, const uint64_t *cells,
			       struct err *err);
	bool down; /* the last chunk first */
	void *state;
};

/* Visit each chunk of `column` in which `among` has members and any cell is not 0. */
MUST_USE enum err_code grid_bits_visit(const struct grid_view *view, enum grid_column column,
				       const struct grid_bits *among, struct grid_visitor *visitor,
				       struct err *err);

#endif
