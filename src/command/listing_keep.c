#include "command/listing_keep.h"

#include <stdlib.h>

#define ROOM_FIRST 128

void listing_keep_init(struct listing_keep *keep, size_t max, bool upward)
{
	*keep = (struct listing_keep){.max = max, .upward = upward};
}

void listing_keep_release(struct listing_keep *keep)
{
	free(keep->items);
	keep->items = NULL;
	keep->count = keep->room = 0;
}

static int compare_keys(const struct listing_key *a, const struct listing_key *b)
{
	int order = memcmp(a->text, b->text, a->len < b->len ? a->len : b->len);

	if (a->number != b->number)
		return a->number < b->number ? -1 : 1;
	if (order != 0)
		return order;
	return (a->len > b->len) - (a->len < b->len);
}

static int compare(const void *left, const void *right, void *upward)
{
	const struct listing_kept *a = left, *b = right;

	if (a->key.is_known != b->key.is_known)
		return a->key.is_known ? -1 : 1;
	int order = compare_keys(&a->key, &b->key);

	if (order == 0)
		order = memcmp(a->id.bytes, b->id.bytes, sizeof a->id.bytes);
	return *(const bool *)upward ? order : -order;
}

void listing_keep_sort(struct listing_keep *keep)
{
	if (keep->count > 1)
		qsort_r(keep->items, keep->count, sizeof *keep->items, compare, &keep->upward);
	if (keep->count > keep->max)
		keep->count = keep->max;
}

static enum err_code make_room(struct listing_keep *keep, struct err *err)
{
	size_t room = keep->room ? keep->room * 2 : ROOM_FIRST, bytes;
	struct listing_kept *items = NULL;

	if (size_multiply(room, sizeof *items, &bytes))
		items = realloc(keep->items, bytes);
	if (!items)
		return err_memory(err);
	keep->items = items;
	keep->room = room;
	return ERR_OK;
}

enum err_code listing_keep_add(struct listing_keep *keep, const struct listing_kept *row,
			       struct err *err)
{
	if (keep->count == keep->room) {
		/* Those that will not be wanted make room, unless that is half of it or less. */
		if (keep->count >= keep->max * 2)
			listing_keep_sort(keep);
		if (keep->count == keep->room && make_room(keep, err) != ERR_OK)
			return err->code;
	}
	keep->items[keep->count++] = *row;
	return ERR_OK;
}
