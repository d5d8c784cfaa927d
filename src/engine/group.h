/*
 * group: the one writer. Jobs that wait are committed together.
 *
 * Holds    the writing connection, its thread and queue.
 * Threads  every function may be called from any thread.
 * Fails    ERR_BUSY when the queue is full.
 */
#ifndef ENGINE_GROUP_H
#define ENGINE_GROUP_H

#include "engine/engine.h"

struct group;

MUST_USE enum err_code group_create(const struct engine_settings *settings, struct group **out,
				    struct err *err);

/* Run what is queued, then end. */
void group_destroy(struct group *group);

MUST_USE enum err_code group_add(struct group *group, struct engine_job *job, struct err *err);
MUST_USE enum err_code group_run_slice(struct group *group, struct engine_job *slice,
				       struct err *err);
bool group_should_yield(const struct group *group);

/* Ask the writer to move what is left in the log before its next transaction. */
void group_ask_checkpoint(struct group *group);

/* Pages in the write-ahead log after the last commit. */
int64_t group_log_pages(const struct group *group);

void group_figures(struct group *group, struct engine_figures *out);

#endif
