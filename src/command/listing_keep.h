/*
 * listing_keep: the first so many of many rows, in an order, without keeping them all.
 *
 * Holds    heap memory for twice as many rows as are wanted, from init until release; less where
 *          there are fewer.
 * Threads  one at a time.
 * Fails    ERR_BUSY without memory.
 */
#ifndef COMMAND_LISTING_KEEP_H
#define COMMAND_LISTING_KEEP_H

#include "base/uuid.h"
#include "command/listing_match.h"

struct listing_kept {
	struct uuid id;
	struct listing_key key;
};

struct listing_keep {
	struct listing_kept *items; /* in order after listing_keep_sort */
	size_t count;
	size_t room;
	size_t max;
	bool upward; /* smallest first; rows without a value come last either way */
};

void listing_keep_init(struct listing_keep *keep, size_t max, bool upward);
void listing_keep_release(struct listing_keep *keep);

/* Two rows with the same key are in the order of their ids. */
MUST_USE enum err_code listing_keep_add(struct listing_keep *keep, const struct listing_kept *row,
					struct err *err);

/* Bring them into order; keep->count is at most `max` then. */
void listing_keep_sort(struct listing_keep *keep);

#endif
