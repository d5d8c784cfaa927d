/*
 * pool: threads that run jobs, each on a reading connection of its own.
 *
 * Holds    the threads, their connections and the queue.
 * Threads  every function may be called from any thread.
 * Fails    ERR_BUSY when the queue is full.
 */
#ifndef ENGINE_POOL_H
#define ENGINE_POOL_H

#include "engine/engine.h"

struct pool;

struct pool_settings {
	const char *name; /* of its threads */
	const char *what; /* what waits, for the message when too much does: "reads" */
	size_t threads;
	size_t queue_max;
	bool has_here; /* pool_run_here will be called */
};

MUST_USE enum err_code pool_create(const struct engine_settings *settings,
				   const struct pool_settings *own, struct pool **out,
				   struct err *err);

/* Run what is queued, unless pool_stop was called, then end the threads. */
void pool_destroy(struct pool *pool);

/* Take no more jobs and begin none: those that wait fail with ERR_BUSY. */
void pool_stop(struct pool *pool);

/* Whether pool_stop was called. */
bool pool_is_stopping(const struct pool *pool);

MUST_USE enum err_code pool_add(struct pool *pool, struct engine_job *job, struct err *err);

/* Run `job` on the calling thread with a connection kept for that. */
void pool_run_here(struct pool *pool, struct engine_job *job);

int64_t pool_waiting(struct pool *pool);

#endif
