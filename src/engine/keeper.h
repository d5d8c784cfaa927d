/*
 * keeper: two threads that keep house: one moves the write-ahead log into the database file, so
 * that no write has to; one fills the search index.
 *
 * Holds    a connection each.
 * Threads  every function may be called from any thread.
 * Fails    a failed round is tried again; its message is kept for keeper_figures.
 */
#ifndef ENGINE_KEEPER_H
#define ENGINE_KEEPER_H

#include "engine/engine.h"
#include "engine/group.h"

struct keeper;

MUST_USE enum err_code keeper_create(const struct engine_settings *settings, struct group *group,
				     struct keeper **out, struct err *err);
void keeper_destroy(struct keeper *keeper);

/* Index on the calling thread until nothing is left or budget_ms have passed. */
MUST_USE enum err_code keeper_catch_up(struct keeper *keeper, int64_t budget_ms, struct err *err);

/* See engine_search_reach; `db` is a connection of the caller's, in no transaction. */
MUST_USE enum err_code keeper_reach(struct keeper *keeper, struct db *db, int64_t budget_ms,
				    bool *out_behind, struct err *err);

void keeper_figures(struct keeper *keeper, struct engine_figures *out);

#endif
