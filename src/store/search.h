/*
 * search: the text index over the leads, in a file of its own beside the database.
 *
 * Holds    a connection to the index.
 * Threads  one at a time; several may be open on the same file.
 * Fails    as store/db.h. The index is derived: losing it loses nothing.
 */
#ifndef STORE_SEARCH_H
#define STORE_SEARCH_H

#include "store/db.h"

struct search;

/* Open the index of the database at `path` (the index lies at `path` + ".search"). */
MUST_USE enum err_code search_create(const char *path, bool writes, const struct clock *clock,
				     struct search **out, struct err *err);
void search_destroy(struct search *search);

/*
 * Read changes from `main` that the index has not seen, at most `limit`, and index the leads they
 * touch. *out_left: true when there are more.
 */
MUST_USE enum err_code search_fill(struct search *search, struct db *main, size_t limit,
				   bool *out_left, struct err *err);

/*
 * Do some of the work of joining the index's segments, `pages` of it: fewer of them make searches
 * quicker. *out_left: false when there is nothing to join.
 */
MUST_USE enum err_code search_merge(struct search *search, int64_t pages, bool *out_left,
				    struct err *err);

/* Number of changes that are in `main` and not yet in the index. */
MUST_USE enum err_code search_behind(struct search *search, struct db *main, int64_t *out,
				     struct err *err);

/* What to look for; an absent text is no condition. Each word is a beginning of a word. */
struct search_terms {
	struct text any;     /* in every searchable field */
	struct text name;    /* in the name */
	struct text company; /* in the company */
};

/*
 * The match expression for these terms: absent when they hold no word at all. The words of a
 * query are bounded to 16.
 */
MUST_USE enum err_code search_expression(struct arena *arena, const struct search_terms *terms,
					 struct text *out, struct err *err);

/* What to find, and the numbers found, in the caller's array. */
struct search_page {
	struct text expression; /* of search_expression */
	int64_t workspace;
	int64_t below; /* only leads with a smaller number; 0: from the newest */
	int64_t *numbers;
	size_t limit; /* of the array */
	size_t count; /* filled */
};

/* Numbers of leads that match, newest first. */
MUST_USE enum err_code search_find(struct search *search, struct search_page *page,
				   struct err *err);

struct db *search_db(struct search *search);

#endif
