/*
 * search_cache: who the last few text queries found, so that their further pages need not look
 * for the words again.
 *
 * Holds    SEARCH_CACHE_SLOTS sets of leads on the heap, 128 KiB each for a million leads.
 * Threads  the connection's.
 * Fails    without memory nothing is remembered.
 */
#ifndef STORE_SEARCH_CACHE_H
#define STORE_SEARCH_CACHE_H

#include "base/text.h"

#define SEARCH_CACHE_SLOTS 4

struct search_cache;

/* NULL without memory; all functions take that. */
struct search_cache *search_cache_create(void);
void search_cache_destroy(struct search_cache *cache);

/* What was found, and where: the index after `change` has nothing that it had not then. */
struct search_cache_key {
	int64_t workspace;
	int64_t change; /* the last that the index had seen */
	struct text expression;
};

/* The words of the set, `count` of them, added to `bits`; false when it is not known. */
MUST_USE bool search_cache_add(struct search_cache *cache, const struct search_cache_key *key,
			       uint64_t *bits, size_t count);

/* Remember a set in place of the one that was not asked for for longest. */
void search_cache_put(struct search_cache *cache, const struct search_cache_key *key,
		      const uint64_t *bits, size_t count);

#endif
