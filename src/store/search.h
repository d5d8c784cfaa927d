/*
 * search: the index over the leads, in a file of its own beside the database: their texts word by
 * word, and the grid (store/grid.h). store/search_fill.h fills it.
 *
 * Holds    a connection to the index.
 * Threads  one at a time; several may be open on the same file.
 * Fails    as store/db.h. The index is derived: losing it loses nothing.
 */
#ifndef STORE_SEARCH_H
#define STORE_SEARCH_H

#include "store/db.h"
#include "store/search_cache.h"

struct search;

/* Open the index of the database at `path` (the index lies at `path` + ".search"). */
MUST_USE enum err_code search_create(const char *path, bool writes, const struct clock *clock,
				     struct search **out, struct err *err);
void search_destroy(struct search *search);

/*
 * Do some of the work of joining the index's segments, `pages` of it: fewer of them make searches
 * quicker. *out_left: false when there is nothing to join.
 */
MUST_USE enum err_code search_merge(struct search *search, int64_t pages, bool *out_left,
				    struct err *err);

/* What to look for; an absent text is no condition. Each word is a beginning of a word. */
struct search_terms {
	struct text any;     /* in every searchable field */
	struct text person;  /* in the name and the e-mail address */
	struct text name;    /* in the name */
	struct text company; /* in the company */
};

/* Most words of a query. */
#define SEARCH_WORDS_MAX 16

/*
 * What terms mean in the index. Words of one or two characters, which half of all leads may have,
 * are sets of the grid (store/grid.h); longer ones are found by the text index.
 */
struct search_match {
	struct text expression; /* for the text index; absent: no word is for it */
	int64_t sets[SEARCH_WORDS_MAX];
	size_t set_count;
	size_t words; /* 0: the terms hold none, and nobody matches */
	bool is_cut;  /* there were more than SEARCH_WORDS_MAX; the others are left out */
};

MUST_USE enum err_code search_match(struct arena *arena, const struct search_terms *terms,
				    struct search_match *out, struct err *err);

/* What to find, and the numbers found, in the caller's array. */
struct search_page {
	struct search_match match;
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

/* What the connection's last text queries found; may be NULL. */
struct search_cache *search_found(struct search *search);

#endif
