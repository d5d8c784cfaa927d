/*
 * import_feed: a thread that reads and plans rows ahead of the writer.
 *
 * Holds    the thread and a bounded ring of batches of planned rows, each with its arena.
 * Threads  the feed fills batches; one consumer at a time looks at the ready ones and releases
 *          them in order.
 * Fails    a file that cannot be read on ends in a batch with the error.
 */
#ifndef JOB_IMPORT_FEED_H
#define JOB_IMPORT_FEED_H

#include "command/import_plan.h"

#define IMPORT_FEED_ROWS 256 /* of one batch */
#define IMPORT_FEED_BATCHES 32
#define IMPORT_FEED_SLICE 16 /* batches of one slice: the others are filled meanwhile */

struct import_batch {
	struct import_planned rows[IMPORT_FEED_ROWS];
	size_t count;
	bool is_last;       /* the file, or what can be read of it, ends with this one */
	struct err err;     /* why it can be read no further; code ERR_OK: it is at its end */
	int64_t bytes_read; /* of the file, when the batch was complete */
	struct arena arena;
};

struct import_feed;

/* Begin to read `source`, which is the feed's until it is destroyed, like `rules`. */
MUST_USE enum err_code import_feed_create(struct import_source *source,
					  const struct import_rules *rules,
					  const struct clock *clock, struct import_feed **out,
					  struct err *err);

/* Stop reading and forget what was not released. NULL does nothing. */
void import_feed_destroy(struct import_feed *feed);

/* Wait at most timeout_ms for half a ring of rows or the end; true when one of them is there. */
bool import_feed_wait(struct import_feed *feed, int64_t timeout_ms);

/* The ready batch behind `index` others, or NULL. It stays as it is until released. */
const struct import_batch *import_feed_ready(struct import_feed *feed, size_t index);

/* Give the oldest `count` batches back to be filled anew. */
void import_feed_release(struct import_feed *feed, size_t count);

#endif
