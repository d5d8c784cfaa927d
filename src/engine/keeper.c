#include "engine/keeper.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "store/search_fill.h"

/* The log is moved in rounds; from LOG_PAGES_MAX on the writer helps, so that it starts anew. */
#define LOG_ROUND_MS 100
#define LOG_PAGES_DUE 8192
#define LOG_PAGES_MAX 16384 /* 64 MiB of 4 KiB pages */
#define LOG_PASSES_MAX 8
#define LOG_PASS_SHORT_US 8000

/* Text search may lag a write by about a second: half for waiting, half for the work. */
#define FILL_ROUND_MS 700
#define FILL_NICENESS 10
#define FILL_CHANGES 20000
#define REACH_CHANGES 1000 /* for a reader who waits: some ten milliseconds */
#define REACH_ALONE_MS 120000
#define MERGE_PAGES 1000 /* a round: some ten milliseconds */

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
	_Atomic int64_t search_behind;
	_Atomic int64_t search_seen; /* the last change that is in the index */
	atomic_bool search_whole;    /* the index has seen everything once */
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

/*
 * Moving the log means writing scattered pages and syncing them, beside the writer's own syncs.
 * So it waits until there is enough to move, or until nobody writes.
 */
static void *log_loop(void *state)
{
	struct keeper *keeper = state;
	int64_t seen = 0, moved = 0; /* pages a round ago, and when the log was last moved */
	struct db_log log;
	struct err err;

	pthread_setname_np(pthread_self(), "log keeper");
	while (!wait_or_stop(keeper, LOG_ROUND_MS)) {
		int64_t pages = group_log_pages(keeper->group);
		bool idle = pages == seen, due = pages - moved >= LOG_PAGES_DUE || pages < moved;

		seen = pages;
		if (pages == moved || (!idle && !due))
			continue;
		if (db_checkpoint(keeper->log_db, &log, &err) != ERR_OK)
			continue;
		moved = pages;
		if (pages > LOG_PAGES_MAX && !idle)
			restart_log(keeper);
	}
	return NULL;
}

/* How far the index is. Holding fill_lock, or before anybody else has the keeper. */
static enum err_code note_state(struct keeper *keeper, struct err *err)
{
	struct search_fill_state state;

	if (search_fill_state(keeper->search, keeper->fill_db, &state, err) != ERR_OK)
		return err->code;
	atomic_store(&keeper->search_behind, state.last - state.seen);
	atomic_store(&keeper->search_whole, state.is_whole);
	atomic_store(&keeper->search_seen, state.seen);
	return ERR_OK;
}

/* Holding fill_lock. */
static enum err_code fill_locked(struct keeper *keeper, size_t changes, bool *out_left,
				 struct err *err)
{
	if (search_fill(keeper->search, keeper->fill_db, changes, out_left, err) != ERR_OK)
		return err->code;
	return note_state(keeper, err);
}

static enum err_code fill_once(struct keeper *keeper, bool *out_left, struct err *err)
{
	pthread_mutex_lock(&keeper->fill_lock);
	enum err_code code = fill_locked(keeper, FILL_CHANGES, out_left, err);

	pthread_mutex_unlock(&keeper->fill_lock);
	return code;
}

/* With nothing to index: some of the merging that makes searches quicker. */
static bool merge_once(struct keeper *keeper)
{
	struct err err;
	bool left = false;

	pthread_mutex_lock(&keeper->fill_lock);
	if (search_merge(keeper->search, MERGE_PAGES, &left, &err) != ERR_OK)
		left = false;
	pthread_mutex_unlock(&keeper->fill_lock);
	return left;
}

static void *fill_loop(void *state)
{
	struct keeper *keeper = state;
	bool left = true, unmerged = false;
	struct db_log log;
	struct err err;

	pthread_setname_np(pthread_self(), "search keeper");
	/* What can wait a second gives way to what somebody waits for; failing costs only speed. */
	setpriority(PRIO_PROCESS, (id_t)gettid(), FILL_NICENESS);
	while (!wait_or_stop(keeper, left ? 0 : FILL_ROUND_MS)) {
		if (fill_once(keeper, &left, &err) != ERR_OK)
			left = false;
		unmerged |= left;
		if (!left && unmerged)
			unmerged = merge_once(keeper);
		if (db_checkpoint(search_db(keeper->search), &log, &err) != ERR_OK)
			left = false;
	}
	return NULL;
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
	struct err unread;

	if (db_create(&log_db, &keeper->log_db, err) != ERR_OK ||
	    db_create(&fill_db, &keeper->fill_db, err) != ERR_OK ||
	    search_create(settings->path, true, settings->clock, &keeper->search, err) != ERR_OK)
		return err->code;
	/* An index that is only behind answers from the start, also after a crash. */
	if (note_state(keeper, &unread) != ERR_OK)
		atomic_store(&keeper->search_whole, false);
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

/* Wait for fill_lock until then; false when it was not to be had. */
static bool lock_until(struct keeper *keeper, int64_t until_us)
{
	int64_t left_us = until_us - clock_steady_us();
	struct timespec until;

	if (left_us < 0)
		left_us = 0;
	clock_gettime(CLOCK_REALTIME, &until);
	int64_t ns = until.tv_nsec + left_us % 1000000 * 1000;

	until.tv_sec += left_us / 1000000 + ns / 1000000000;
	until.tv_nsec = ns % 1000000000;
	return pthread_mutex_timedlock(&keeper->fill_lock, &until) == 0;
}

static bool has_reached(const struct keeper *keeper, int64_t change)
{
	return atomic_load(&keeper->search_whole) && atomic_load(&keeper->search_seen) >= change;
}

/* Fill on the calling thread, whose work has no lower priority, until then at the latest. */
static enum err_code help_until(struct keeper *keeper, int64_t change, int64_t until_us,
				struct err *err)
{
	while (!has_reached(keeper, change) && lock_until(keeper, until_us)) {
		bool left = true;
		enum err_code code = ERR_OK;

		if (!has_reached(keeper, change))
			code = fill_locked(keeper, REACH_CHANGES, &left, err);
		pthread_mutex_unlock(&keeper->fill_lock);
		/* Another program fills it: what it has not done yet is behind. */
		if (code != ERR_OK)
			return code == ERR_BUSY ? ERR_OK : code;
		if (!left || clock_steady_us() >= until_us)
			break;
	}
	return ERR_OK;
}

enum err_code keeper_reach(struct keeper *keeper, struct db *db, int64_t budget_ms,
			   bool *out_behind, struct err *err)
{
	int64_t until_us, last;

	if (!keeper->fill_started)
		budget_ms = REACH_ALONE_MS;
	until_us = clock_steady_us() + budget_ms * 1000;
	if (db_number(db_query(db, QUERY_CHANGE_LAST_NUMBER), &last, err) != ERR_OK ||
	    help_until(keeper, last, until_us, err) != ERR_OK)
		return err->code;
	if (!atomic_load(&keeper->search_whole))
		return err_set(err, ERR_BUSY, "",
			       "The search index is being made; %lld changes are still to be read. "
			       "Try again in a few seconds.",
			       (long long)atomic_load(&keeper->search_behind));
	*out_behind = !has_reached(keeper, last);
	return ERR_OK;
}

void keeper_figures(struct keeper *keeper, struct engine_figures *out)
{
	out->log_pages = group_log_pages(keeper->group);
	out->search_behind = atomic_load(&keeper->search_behind);
	out->bytes_on_disk = db_bytes(keeper->log_db) + db_bytes(search_db(keeper->search));
}
