/*
 * pool: threads that run reading jobs, each on a connection of its own.
 *
 * Holds    the threads, their connections and the queue.
 * Threads  every function may be called from any thread.
 * Fails    ERR_BUSY when the queue is full.
 */
#ifndef ENGINE_POOL_H
#define ENGINE_POOL_H

#include "engine/engine.h"

struct pool;

MUST_USE enum err_code pool_create(const struct engine_settings *settings, struct pool **out,
				   struct err *err);
void pool_destroy(struct pool *pool);
MUST_USE enum err_code pool_add(struct pool *pool, struct engine_job *job, struct err *err);

/* Run `job` on the calling thread with a connection kept for that. */
void pool_run_here(struct pool *pool, struct engine_job *job);

int64_t pool_waiting(struct pool *pool);

#endif
