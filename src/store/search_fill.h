/*
 * search_fill: brings the search index (text index and grid) up to date with the leads, following
 * the changes.
 *
 * Holds    nothing; how far it came stands in the index.
 * Threads  one at a time for each connection.
 * Fails    as store/db.h. The index is derived: what fails is tried again later.
 */
#ifndef STORE_SEARCH_FILL_H
#define STORE_SEARCH_FILL_H

#include "store/search.h"

/*
 * Read changes from `main` that the index has not seen, at most `limit`, and index the leads they
 * touch. *out_left: true when there are more.
 */
MUST_USE enum err_code search_fill(struct search *search, struct db *main, size_t limit,
				   bool *out_left, struct err *err);

/* How far the index is. */
struct search_fill_state {
	int64_t seen;  /* the last change that is in the index; 0: none */
	int64_t last;  /* the last change of the database */
	bool is_whole; /* it has seen everything once; else it is being made anew */
};

MUST_USE enum err_code search_fill_state(struct search *search, struct db *main,
					 struct search_fill_state *out, struct err *err);

#endif
