#include "engine/keeper.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#include "store/search.h"

/* The log is moved in rounds; from LOG_PAGES_MAX on the writer helps, so that it starts anew. */
#define LOG_ROUND_MS 100
#define LOG_PAGES_MAX 16384 /* 64 MiB of 4 KiB pages */
#define LOG_PASSES_MAX 8
#define LOG_PASS_SHORT_US 8000

/* Text search may lag a write by about a second: half for waiting, half for the work. */
#define FILL_ROUND_MS 500
#define FILL_CHANGES 2000

struct keeper {
	struct group *group;
	struct db *log_db;  /* of the log's thread */
	struct db *fill_db; /* of the search thread; guarded by fill_lock */
	struct search *search;
	pthread_t log_thread, fill_thread;
	bool log_started, fill_started;
	pthread_mutex_t lock; /* for stop and the waits */
	pthread_mutex_t fill_lock;
	pthread_cond_t wake;
	bool stop;
	_Atomic int64_t log_pages;
	_Atomic int64_t search_behind;
};

/* Wait `ms` or until the end; true at the end. */
static bool wait_or_stop(struct keeper *keeper, int64_t ms)
{
	struct timespec until;
	bool stop;

	clock_gettime(CLOCK_MONOTONIC, &until);
	int64_t ns = until.tv_nsec + ms % 1000 * 1000000;

	until.tv_sec += ms / 1000 + ns / 1000000000;
	until.tv_nsec = ns % 1000000000;
	pthread_mutex_lock(&keeper->lock);
	while (!keeper->stop &&
	       pthread_cond_timedwait(&keeper->wake, &keeper->lock, &until) != ETIMEDOUT)
		continue;
	stop = keeper->stop;
	pthread_mutex_unlock(&keeper->lock);
	return stop;
}

/*
 * While writes go on, the log is never moved to its very end from here, and so it never starts
 * anew. Each pass leaves what was written meanwhile, which is less each time; when that is a few
 * milliseconds' work, the writer is asked to do it between two transactions.
 */
static void restart_log(struct keeper *keeper)
{
	for (int pass = 0; pass < LOG_PASSES_MAX; pass++) {
		int64_t from_us = clock_steady_us();
		struct db_log log;
		struct err err;

		if (db_checkpoint(keeper->log_db, &log, &err) != ERR_OK)
			return;
		if (log.left == 0 && clock_steady_us() - from_us < LOG_PASS_SHORT_US)
			break;
	}
	group_ask_checkpoint(keeper->group);
}

static void *log_loop(void *state)
{
	struct keeper *keeper = state;
	int64_t seen =
		0; /* pages the log had a round ago: when it stands still, it is moved whole */
	struct err err;

	pthread_setname_np(pthread_self(), "log keeper");
	while (!wait_or_stop(keeper, LOG_ROUND_MS)) {
		struct db_log log;

		if (db_checkpoint(keeper->log_db, &log, &err) != ERR_OK)
			continue;
		atomic_store(&keeper->log_pages, log.pages);
		if (log.pages > LOG_PAGES_MAX && log.pages != seen)
			restart_log(keeper);
		seen = log.pages;
	}
	return NULL;
}

static enum err_code fill_once(struct keeper *keeper, bool *out_left, struct err *err)
{
	int64_t behind;

	pthread_mutex_lock(&keeper->fill_lock);
	enum err_code code =
		search_fill(keeper->search, keeper->fill_db, FILL_CHANGES, out_left, err);

	if (code == ERR_OK &&
	    search_behind(keeper->search, keeper->fill_db, &behind, err) == ERR_OK)
		atomic_store(&keeper->search_behind, behind);
	pthread_mutex_unlock(&keeper->fill_lock);
	return code;
}

static void *fill_loop(void *state)
{
	struct keeper *keeper = state;
	bool left = true;
	struct db_log log;
	struct err err;

	pthread_setname_np(pthread_self(), "search keeper");
	for (;;) {
		if (wait_or_stop(keeper, left ? 0 : FILL_ROUND_MS))
			return NULL;
		if (fill_once(keeper, &left, &err) != ERR_OK)
			left = false;
		if (db_checkpoint(search_db(keeper->search), &log, &err) != ERR_OK)
			left = false;
	}
}

static enum err_code open_all(struct keeper *keeper, const struct engine_settings *settings,
			      struct err *err)
{
	struct db_settings log_db = {.path = settings->path,
				     .mode = DB_WRITE,
				     .cache_kib = 256,
				     .busy_timeout_ms = 0};
	struct db_settings fill_db = {.path = settings->path,
				      .mode = DB_READ,
				      .cache_kib = 2048,
				      .busy_timeout_ms = 5000};

	if (db_create(&log_db, &keeper->log_db, err) != ERR_OK ||
	    db_create(&fill_db, &keeper->fill_db, err) != ERR_OK ||
	    search_create(settings->path, true, settings->clock, &keeper->search, err) != ERR_OK)
		return err->code;
	keeper->log_started = pthread_create(&keeper->log_thread, NULL, log_loop, keeper) == 0;
	if (settings->search)
		keeper->fill_started =
			pthread_create(&keeper->fill_thread, NULL, fill_loop, keeper) == 0;
	if (!keeper->log_started || (settings->search && !keeper->fill_started))
		return err_memory(err);
	return ERR_OK;
}

enum err_code keeper_create(const struct engine_settings *settings, struct group *group,
			    struct keeper **out, struct err *err)
{
	struct keeper *keeper = calloc(1, sizeof *keeper);
	pthread_condattr_t attr;

	if (!keeper)
		return err_memory(err);
	keeper->group = group;
	pthread_mutex_init(&keeper->lock, NULL);
	pthread_mutex_init(&keeper->fill_lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&keeper->wake, &attr);
	pthread_condattr_destroy(&attr);
	if (open_all(keeper, settings, err) != ERR_OK) {
		keeper_destroy(keeper);
		return err->code;
	}
	*out = keeper;
	return ERR_OK;
}

void keeper_destroy(struct keeper *keeper)
{
	if (!keeper)
		return;
	pthread_mutex_lock(&keeper->lock);
	keeper->stop = true;
	pthread_cond_broadcast(&keeper->wake);
	pthread_mutex_unlock(&keeper->lock);
	if (keeper->log_started)
		pthread_join(keeper->log_thread, NULL);
	if (keeper->fill_started)
		pthread_join(keeper->fill_thread, NULL);
	search_destroy(keeper->search);
	db_destroy(keeper->fill_db);
	db_destroy(keeper->log_db);
	pthread_cond_destroy(&keeper->wake);
	pthread_mutex_destroy(&keeper->fill_lock);
	pthread_mutex_destroy(&keeper->lock);
	free(keeper);
}

enum err_code keeper_catch_up(struct keeper *keeper, int64_t budget_ms, struct err *err)
{
	int64_t until_us = clock_steady_us() + budget_ms * 1000;
	bool left = true;

	while (left && clock_steady_us() < until_us) {
		if (fill_once(keeper, &left, err) != ERR_OK)
			return err->code;
	}
	return ERR_OK;
}

void keeper_figures(struct keeper *keeper, struct engine_figures *out)
{
	out->log_pages = atomic_load(&keeper->log_pages);
	out->search_behind = atomic_load(&keeper->search_behind);
	out->bytes_on_disk = db_bytes(keeper->log_db) + db_bytes(search_db(keeper->search));
}
