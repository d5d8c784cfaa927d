#include "engine/engine.h"

#include <stdlib.h>

#include "engine/group.h"
#include "engine/keeper.h"
#include "engine/pool.h"
#include "store/defaults.h"
#include "store/migrate.h"

struct engine {
	struct group *group;
	struct pool *pool;
	struct pool *long_pool; /* of one thread */
	struct keeper *keeper;
	char *path;
	const struct clock *clock;
};

/* Make or bring up to date the schema before any thread opens the database. */
static enum err_code prepare_database(const struct engine_settings *settings, struct err *err)
{
	struct db_settings db_settings = {.path = settings->path,
					  .mode = DB_WRITE,
					  .cache_kib = 256,
					  .busy_timeout_ms = 10000};
	struct db *db;
	size_t ran;

	if (db_create(&db_settings, &db, err) != ERR_OK)
		return err->code;
	enum err_code code = migrate_run(db, migrations_sqlite, migrations_sqlite_count,
					 clock_now_ms(settings->clock), &ran, err);

	if (code == ERR_OK)
		code = defaults_make_missing(db, settings->clock, err);
	db_destroy(db);
	return code;
}

static enum err_code start(struct engine *engine, const struct engine_settings *settings,
			   struct err *err)
{
	const struct pool_settings readers = {.name = "reader",
					      .what = "reads",
					      .threads = (size_t)settings->readers,
					      .queue_max = settings->queue_max,
					      .has_here = true};
	const struct pool_settings long_work = {.name = "long work",
						.what = "changes of many leads at once",
						.threads = 1,
						.queue_max = ENGINE_LONG_MAX};

	engine->clock = settings->clock;
	engine->path = strdup(settings->path);
	if (!engine->path)
		return err_memory(err);
	if (prepare_database(settings, err) != ERR_OK ||
	    group_create(settings, &engine->group, err) != ERR_OK ||
	    keeper_create(settings, engine->group, &engine->keeper, err) != ERR_OK)
		return err->code;
	if (pool_create(settings, &readers, &engine->pool, err) != ERR_OK)
		return err->code;
	return pool_create(settings, &long_work, &engine->long_pool, err);
}

enum err_code engine_create(const struct engine_settings *settings, struct engine **out,
			    struct err *err)
{
	struct engine *engine = calloc(1, sizeof *engine);

	if (!engine)
		return err_memory(err);
	if (start(engine, settings, err) != ERR_OK) {
		engine_destroy(engine);
		return err->code;
	}
	*out = engine;
	return ERR_OK;
}

void engine_destroy(struct engine *engine)
{
	if (!engine)
		return;
	engine_stop_long(engine);
	pool_destroy(engine->long_pool);
	pool_destroy(engine->pool);
	keeper_destroy(engine->keeper);
	group_destroy(engine->group);
	free(engine->path);
	free(engine);
}

enum err_code engine_write(struct engine *engine, struct engine_job *job, struct err *err)
{
	return group_add(engine->group, job, err);
}

enum err_code engine_read(struct engine *engine, struct engine_job *job, struct err *err)
{
	return pool_add(engine->pool, job, err);
}

enum err_code engine_long(struct engine *engine, struct engine_job *job, struct err *err)
{
	return pool_add(engine->long_pool, job, err);
}

void engine_stop_long(struct engine *engine)
{
	if (engine->long_pool)
		pool_stop(engine->long_pool);
}

bool engine_should_stop(const struct engine *engine)
{
	return pool_is_stopping(engine->long_pool);
}

void engine_read_here(struct engine *engine, struct engine_job *job)
{
	pool_run_here(engine->pool, job);
}

enum err_code engine_run_slice(struct engine *engine, struct engine_job *slice, struct err *err)
{
	return group_run_slice(engine->group, slice, err);
}

bool engine_should_yield(const struct engine *engine)
{
	return group_should_yield(engine->group);
}

enum err_code engine_search_catch_up(struct engine *engine, int64_t budget_ms, struct err *err)
{
	return keeper_catch_up(engine->keeper, budget_ms, err);
}

enum err_code engine_search_reach(struct engine *engine, struct txn *txn, int64_t budget_ms,
				  bool *out_behind, struct err *err)
{
	db_rollback(txn->db);
	if (keeper_reach(engine->keeper, txn->db, budget_ms, out_behind, err) != ERR_OK)
		return err->code;
	return db_begin_read(txn->db, err);
}

void engine_figures(struct engine *engine, struct engine_figures *out)
{
	struct engine_figures figures = {0};

	group_figures(engine->group, &figures);
	keeper_figures(engine->keeper, &figures);
	figures.reads_waiting = pool_waiting(engine->pool);
	*out = figures;
}

const char *engine_path(const struct engine *engine)
{
	return engine->path;
}

const struct clock *engine_clock(const struct engine *engine)
{
	return engine->clock;
}
