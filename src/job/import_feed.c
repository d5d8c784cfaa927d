#include "job/import_feed.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

/* A batch is complete with so much memory, however few its rows are. */
#define BATCH_BYTES_FULL ((size_t)2 * 1024 * 1024)
#define BATCH_BYTES_MAX ((size_t)32 * 1024 * 1024)

struct import_feed {
	struct import_source *source;
	const struct import_rules *rules;
	const struct clock *clock;
	pthread_t thread;
	bool is_started;
	pthread_mutex_t lock;
	pthread_cond_t filled;
	pthread_cond_t freed;
	size_t first; /* the oldest ready batch */
	size_t ready;
	bool is_over; /* the last batch is ready */
	bool stop;
	struct import_batch batches[IMPORT_FEED_BATCHES];
};

static void empty(struct import_batch *batch)
{
	for (size_t i = 0; i < batch->count; i++)
		import_source_drop(&batch->rows[i].item);
	batch->count = 0;
	arena_reset(&batch->arena);
}

static void fill(struct import_feed *feed, struct import_batch *batch)
{
	int64_t now_ms = clock_now_ms(feed->clock), total;

	empty(batch);
	batch->is_last = false;
	batch->err.code = ERR_OK;
	while (batch->count < IMPORT_FEED_ROWS && batch->arena.bytes < BATCH_BYTES_FULL) {
		struct import_planned *row = &batch->rows[batch->count];
		struct err err;

		if (import_plan_next(feed->source, &batch->arena, feed->rules, now_ms, row, &err) !=
		    ERR_OK) {
			batch->err = err;
			batch->is_last = true;
			break;
		}
		if (row->item.row.number == 0) {
			batch->is_last = true;
			break;
		}
		batch->count++;
	}
	import_source_bytes(feed->source, &batch->bytes_read, &total);
}

/* The batch to fill next, or NULL when the feed must stop. */
static struct import_batch *wait_for_room(struct import_feed *feed)
{
	struct import_batch *batch = NULL;

	pthread_mutex_lock(&feed->lock);
	while (feed->ready == IMPORT_FEED_BATCHES && !feed->stop)
		pthread_cond_wait(&feed->freed, &feed->lock);
	if (!feed->stop)
		batch = &feed->batches[(feed->first + feed->ready) % IMPORT_FEED_BATCHES];
	pthread_mutex_unlock(&feed->lock);
	return batch;
}

static void *read_loop(void *state)
{
	struct import_feed *feed = state;
	struct import_batch *batch;
	bool is_last = false;

	pthread_setname_np(pthread_self(), "import reader");
	while (!is_last && (batch = wait_for_room(feed))) {
		fill(feed, batch);
		is_last = batch->is_last;
		pthread_mutex_lock(&feed->lock);
		feed->ready++;
		feed->is_over = is_last;
		pthread_cond_signal(&feed->filled);
		pthread_mutex_unlock(&feed->lock);
	}
	return NULL;
}

enum err_code import_feed_create(struct import_source *source, const struct import_rules *rules,
				 const struct clock *clock, struct import_feed **out,
				 struct err *err)
{
	struct import_feed *feed = calloc(1, sizeof *feed);

	if (!feed)
		return err_memory(err);
	feed->source = source;
	feed->rules = rules;
	feed->clock = clock;
	pthread_mutex_init(&feed->lock, NULL);
	pthread_cond_init(&feed->filled, NULL);
	pthread_cond_init(&feed->freed, NULL);
	for (size_t i = 0; i < IMPORT_FEED_BATCHES; i++)
		arena_init(&feed->batches[i].arena, BATCH_BYTES_MAX);
	if (pthread_create(&feed->thread, NULL, read_loop, feed) != 0) {
		import_feed_destroy(feed);
		return err_memory(err);
	}
	feed->is_started = true;
	*out = feed;
	return ERR_OK;
}

void import_feed_destroy(struct import_feed *feed)
{
	if (!feed)
		return;
	if (feed->is_started) {
		pthread_mutex_lock(&feed->lock);
		feed->stop = true;
		pthread_cond_signal(&feed->freed);
		pthread_mutex_unlock(&feed->lock);
		pthread_join(feed->thread, NULL);
	}
	for (size_t i = 0; i < IMPORT_FEED_BATCHES; i++) {
		empty(&feed->batches[i]);
		arena_release(&feed->batches[i].arena);
	}
	pthread_cond_destroy(&feed->freed);
	pthread_cond_destroy(&feed->filled);
	pthread_mutex_destroy(&feed->lock);
	free(feed);
}

static bool is_worth_a_slice(const struct import_feed *feed)
{
	return feed->is_over || feed->ready >= IMPORT_FEED_BATCHES / 2;
}

bool import_feed_wait(struct import_feed *feed, int64_t timeout_ms)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += timeout_ms / 1000;
	until.tv_nsec += timeout_ms % 1000 * 1000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_nsec -= 1000000000;
		until.tv_sec++;
	}
	pthread_mutex_lock(&feed->lock);
	while (!is_worth_a_slice(feed) &&
	       pthread_cond_timedwait(&feed->filled, &feed->lock, &until) == 0)
		continue;
	bool is_there = is_worth_a_slice(feed);

	pthread_mutex_unlock(&feed->lock);
	return is_there;
}

const struct import_batch *import_feed_ready(struct import_feed *feed, size_t index)
{
	const struct import_batch *batch = NULL;

	pthread_mutex_lock(&feed->lock);
	if (index < feed->ready)
		batch = &feed->batches[(feed->first + index) % IMPORT_FEED_BATCHES];
	pthread_mutex_unlock(&feed->lock);
	return batch;
}

void import_feed_release(struct import_feed *feed, size_t count)
{
	pthread_mutex_lock(&feed->lock);
	feed->first = (feed->first + count) % IMPORT_FEED_BATCHES;
	feed->ready -= count;
	pthread_cond_signal(&feed->freed);
	pthread_mutex_unlock(&feed->lock);
}
