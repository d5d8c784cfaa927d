#include "engine/pool.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "store/search.h"

#define READER_CACHE_KIB 8192
#define READERS_MAX 16

struct reader {
	struct pool *pool;
	struct txn txn;
	pthread_t thread;
	bool started;
};

struct pool {
	struct reader readers[READERS_MAX];
	size_t count;
	struct reader here; /* for pool_run_here, guarded by here_lock */
	pthread_mutex_t here_lock;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	struct engine_job *first, **last;
	atomic_size_t waiting;
	struct pool_settings settings;
	const struct clock *clock;
	bool stop;
	atomic_bool is_stopping; /* what waits is not begun */
};

static void run_job(struct reader *reader, struct engine_job *job)
{
	struct err err = {.code = ERR_OK};

	job->err.code = ERR_OK;
	if (pool_is_stopping(reader->pool)) {
		err_set(&job->err, ERR_BUSY, "",
			"Galena is stopping, so this was not begun. Try again when it runs.");
		job->done(job);
		return;
	}
	txn_enter(&reader->txn, clock_now_ms(reader->pool->clock));
	/* One snapshot for the whole job: what it reads fits together. */
	if (db_begin_read(reader->txn.db, &err) != ERR_OK ||
	    job->run(job, &reader->txn, &err) != ERR_OK)
		job->err = err;
	db_rollback(reader->txn.db);
	job->done(job);
}

static void *read_loop(void *state)
{
	struct reader *reader = state;
	struct pool *pool = reader->pool;

	pthread_setname_np(pthread_self(), pool->settings.name);
	pthread_mutex_lock(&pool->lock);
	for (;;) {
		while (!pool->first && !pool->stop)
			pthread_cond_wait(&pool->wake, &pool->lock);
		struct engine_job *job = pool->first;

		if (!job)
			break;
		pool->first = job->next;
		if (!pool->first)
			pool->last = &pool->first;
		atomic_fetch_sub(&pool->waiting, 1);
		pthread_mutex_unlock(&pool->lock);
		run_job(reader, job);
		pthread_mutex_lock(&pool->lock);
	}
	pthread_mutex_unlock(&pool->lock);
	return NULL;
}

static enum err_code reader_open(struct reader *reader, struct pool *pool,
				 const struct engine_settings *settings, struct err *err)
{
	struct db_settings db_settings = {.path = settings->path,
					  .mode = DB_READ,
					  .cache_kib = READER_CACHE_KIB,
					  .busy_timeout_ms = 5000};
	struct db *db;

	reader->pool = pool;
	if (db_create(&db_settings, &db, err) != ERR_OK)
		return err->code;
	txn_init(&reader->txn, db, settings->clock);
	return search_create(settings->path, false, settings->clock, &reader->txn.search, err);
}

static void reader_close(struct reader *reader)
{
	if (reader->started)
		pthread_join(reader->thread, NULL);
	search_destroy(reader->txn.search);
	db_destroy(reader->txn.db);
}

static enum err_code open_readers(struct pool *pool, const struct engine_settings *settings,
				  struct err *err)
{
	if (pool->settings.has_here && reader_open(&pool->here, pool, settings, err) != ERR_OK)
		return err->code;
	for (size_t i = 0; i < pool->settings.threads && i < READERS_MAX; i++) {
		struct reader *reader = &pool->readers[pool->count++];

		if (reader_open(reader, pool, settings, err) != ERR_OK)
			return err->code;
		if (pthread_create(&reader->thread, NULL, read_loop, reader) != 0)
			return err_memory(err);
		reader->started = true;
	}
	return ERR_OK;
}

enum err_code pool_create(const struct engine_settings *settings, const struct pool_settings *own,
			  struct pool **out, struct err *err)
{
	struct pool *pool = calloc(1, sizeof *pool);

	if (!pool)
		return err_memory(err);
	pool->clock = settings->clock;
	pool->settings = *own;
	pool->last = &pool->first;
	pthread_mutex_init(&pool->here_lock, NULL);
	pthread_mutex_init(&pool->lock, NULL);
	pthread_cond_init(&pool->wake, NULL);
	if (open_readers(pool, settings, err) != ERR_OK) {
		pool_destroy(pool);
		return err->code;
	}
	*out = pool;
	return ERR_OK;
}

void pool_destroy(struct pool *pool)
{
	if (!pool)
		return;
	pthread_mutex_lock(&pool->lock);
	pool->stop = true;
	pthread_cond_broadcast(&pool->wake);
	pthread_mutex_unlock(&pool->lock);
	for (size_t i = 0; i < pool->count; i++)
		reader_close(&pool->readers[i]);
	reader_close(&pool->here);
	pthread_cond_destroy(&pool->wake);
	pthread_mutex_destroy(&pool->lock);
	pthread_mutex_destroy(&pool->here_lock);
	free(pool);
}

void pool_stop(struct pool *pool)
{
	pthread_mutex_lock(&pool->lock);
	atomic_store(&pool->is_stopping, true);
	pthread_mutex_unlock(&pool->lock);
}

bool pool_is_stopping(const struct pool *pool)
{
	return atomic_load(&pool->is_stopping);
}

enum err_code pool_add(struct pool *pool, struct engine_job *job, struct err *err)
{
	job->next = NULL;
	job->queued_us = clock_steady_us();
	pthread_mutex_lock(&pool->lock);
	if (pool->stop || pool_is_stopping(pool) ||
	    atomic_load(&pool->waiting) >= pool->settings.queue_max) {
		pthread_mutex_unlock(&pool->lock);
		return err_set(err, ERR_BUSY, "", "Too many %s are waiting. Try again in a second.",
			       pool->settings.what);
	}
	*pool->last = job;
	pool->last = &job->next;
	atomic_fetch_add(&pool->waiting, 1);
	pthread_cond_signal(&pool->wake);
	pthread_mutex_unlock(&pool->lock);
	return ERR_OK;
}

void pool_run_here(struct pool *pool, struct engine_job *job)
{
	pthread_mutex_lock(&pool->here_lock);
	run_job(&pool->here, job);
	pthread_mutex_unlock(&pool->here_lock);
}

int64_t pool_waiting(struct pool *pool)
{
	return (int64_t)atomic_load(&pool->waiting);
}
