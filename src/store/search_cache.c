#include "store/search_cache.h"

#include <stdlib.h>

#define EXPRESSION_BYTES_MAX 1024

struct slot {
	int64_t workspace, change;
	char expression[EXPRESSION_BYTES_MAX];
	size_t expression_len;
	uint64_t *bits; /* NULL: free */
	size_t count;
	uint64_t used; /* when it was asked for last */
};

struct search_cache {
	struct slot slots[SEARCH_CACHE_SLOTS];
	uint64_t now;
};

struct search_cache *search_cache_create(void)
{
	return calloc(1, sizeof(struct search_cache));
}

void search_cache_destroy(struct search_cache *cache)
{
	if (!cache)
		return;
	for (size_t i = 0; i < SEARCH_CACHE_SLOTS; i++)
		free(cache->slots[i].bits);
	free(cache);
}

static bool is_of(const struct slot *slot, const struct search_cache_key *key, size_t count)
{
	return slot->bits && slot->workspace == key->workspace && slot->change == key->change &&
	       slot->count == count &&
	       text_is((struct text){slot->expression, slot->expression_len}, key->expression);
}

bool search_cache_add(struct search_cache *cache, const struct search_cache_key *key,
		      uint64_t *bits, size_t count)
{
	for (size_t i = 0; cache && i < SEARCH_CACHE_SLOTS; i++) {
		struct slot *slot = &cache->slots[i];

		if (!is_of(slot, key, count))
			continue;
		for (size_t k = 0; k < count; k++)
			bits[k] |= slot->bits[k];
		slot->used = ++cache->now;
		return true;
	}
	return false;
}

void search_cache_put(struct search_cache *cache, const struct search_cache_key *key,
		      const uint64_t *bits, size_t count)
{
	struct slot *slot = cache ? cache->slots : NULL;
	uint64_t *copy;

	if (!cache || key->expression.len > EXPRESSION_BYTES_MAX)
		return;
	for (size_t i = 1; i < SEARCH_CACHE_SLOTS; i++) {
		if (cache->slots[i].used < slot->used)
			slot = &cache->slots[i];
	}
	copy = malloc((count + 1) * sizeof *copy);
	if (!copy)
		return;
	memcpy(copy, bits, count * sizeof *copy);
	free(slot->bits);
	*slot = (struct slot){.workspace = key->workspace,
			      .change = key->change,
			      .expression_len = key->expression.len,
			      .bits = copy,
			      .count = count,
			      .used = ++cache->now};
	memcpy(slot->expression, key->expression.ptr, key->expression.len);
}
