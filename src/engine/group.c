#include "engine/group.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

/* How long a slice of background work may hold the writer, in microseconds. */
#define SLICE_IDLE_US ((int64_t)200000)  /* nobody has written for a while */
#define SLICE_SHARED_US ((int64_t)4000)  /* somebody writes now and then */
#define SLICE_SHARE_US ((int64_t)1500)   /* others wait: its least share of a commit */
#define RECENT_US ((int64_t)1000000)

struct group {
	struct db *db;
	struct txn txn;
	const struct clock *clock;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;       /* work for the writer */
	pthread_cond_t slice_done; /* the slice was committed */
	struct engine_job *first, **last;
	struct engine_job *slice;
	uint64_t slice_turns; /* given out to callers of group_run_slice … */
	uint64_t slice_turn;  /* … and the one whose slice is or may be next */
	bool slice_running;
	bool stop;
	bool started;
	size_t queue_max;
	atomic_size_t waiting;
	atomic_bool checkpoint_asked;
	_Atomic int64_t last_write_us;
	_Atomic int64_t slice_until_us;     /* the slice must end by then … */
	_Atomic int64_t slice_share_until_us; /* … or by then, when a write waits */
	_Atomic int64_t batches, batched_writes, refused_busy, commit_us_total;
};

/* Take at most `max` jobs off the queue; the caller holds the lock. */
static struct engine_job *take_locked(struct group *group, size_t max, size_t *out_count)
{
	struct engine_job *first = group->first, **end = &first;
	size_t count = 0;

	while (*end && count < max) {
		end = &(*end)->next;
		count++;
	}
	group->first = *end;
	if (!group->first)
		group->last = &group->first;
	*end = NULL;
	atomic_fetch_sub(&group->waiting, count);
	*out_count = count;
	return first;
}

static void run_job(struct group *group, struct engine_job *job)
{
	struct err err = {.code = ERR_OK};

	txn_enter(&group->txn, clock_now_ms(group->clock));
	job->err.code = ERR_OK;
	if (job->run(job, &group->txn, &err) == ERR_OK) {
		txn_keep(&group->txn);
		return;
	}
	job->err = err;
	if (!db_is_broken(group->db))
		txn_undo(&group->txn);
}

static void run_jobs(struct group *group, struct engine_job *jobs)
{
	for (struct engine_job *job = jobs; job; job = job->next)
		run_job(group, job);
}

static void run_slice(struct group *group)
{
	int64_t now_us = clock_steady_us();
	bool recent = now_us - atomic_load(&group->last_write_us) < RECENT_US;

	atomic_store(&group->slice_until_us, now_us + (recent ? SLICE_SHARED_US : SLICE_IDLE_US));
	atomic_store(&group->slice_share_until_us, now_us + SLICE_SHARE_US);
	run_job(group, group->slice);
}

/* Every job that counted on this transaction fails with it. */
static void fail_all(struct engine_job *jobs, const struct err *err)
{
	for (struct engine_job *job = jobs; job; job = job->next) {
		if (job->err.code == ERR_OK)
			job->err = *err;
	}
}

static void tell_done(struct engine_job *jobs)
{
	while (jobs) {
		struct engine_job *next = jobs->next; /* done may free the job */

		jobs->done(jobs);
		jobs = next;
	}
}

/* Jobs that came while the slice ran join its transaction. */
static struct engine_job *take_late(struct group *group, size_t *out_count)
{
	pthread_mutex_lock(&group->lock);
	struct engine_job *late = take_locked(group, ENGINE_BATCH_MAX, out_count);

	pthread_mutex_unlock(&group->lock);
	return late;
}

static enum err_code run_transaction(struct group *group, struct engine_job *jobs,
				     struct engine_job **late, bool slice, struct err *err)
{
	size_t late_count = 0;
	int64_t from_us;

	if (txn_begin(&group->txn, err) != ERR_OK)
		return err->code;
	run_jobs(group, jobs);
	if (slice) {
		run_slice(group);
		*late = take_late(group, &late_count);
		run_jobs(group, *late);
		atomic_fetch_add(&group->batched_writes, (int64_t)late_count);
	}
	from_us = clock_steady_us();
	if (txn_commit(&group->txn, err) != ERR_OK)
		return err->code;
	atomic_fetch_add(&group->commit_us_total, clock_steady_us() - from_us);
	return ERR_OK;
}

static void finish_slice(struct group *group)
{
	pthread_mutex_lock(&group->lock);
	group->slice = NULL;
	group->slice_running = false;
	pthread_cond_broadcast(&group->slice_done);
	pthread_mutex_unlock(&group->lock);
}

static void run_batch(struct group *group, struct engine_job *jobs, size_t count, bool slice)
{
	struct engine_job *late = NULL;
	struct err err;

	if (slice)
		group->slice->err.code = ERR_OK;
	if (run_transaction(group, jobs, &late, slice, &err) != ERR_OK) {
		fail_all(jobs, &err);
		fail_all(late, &err);
		if (slice && group->slice->err.code == ERR_OK)
			group->slice->err = err;
	}
	atomic_fetch_add(&group->batches, 1);
	atomic_fetch_add(&group->batched_writes, (int64_t)count);
	if (count || late)
		atomic_store(&group->last_write_us, clock_steady_us());
	tell_done(jobs);
	tell_done(late);
	if (slice)
		finish_slice(group);
}

static void checkpoint(struct group *group)
{
	struct db_log log;
	struct err err;

	/* A failure is the disk's; the next commit reports it to those it concerns. */
	if (db_checkpoint(group->db, &log, &err) != ERR_OK)
		return;
}

static void *write_loop(void *state)
{
	struct group *group = state;
	size_t count;

	pthread_setname_np(pthread_self(), "writer");
	pthread_mutex_lock(&group->lock);
	for (;;) {
		while (!group->first && !group->slice && !group->stop)
			pthread_cond_wait(&group->wake, &group->lock);
		if (group->stop && !group->first && !group->slice)
			break;
		struct engine_job *jobs = take_locked(group, ENGINE_BATCH_MAX, &count);
		bool slice = group->slice && !group->slice_running;

		group->slice_running |= slice;
		pthread_mutex_unlock(&group->lock);
		if (atomic_exchange(&group->checkpoint_asked, false))
			checkpoint(group);
		run_batch(group, jobs, count, slice);
		pthread_mutex_lock(&group->lock);
	}
	pthread_mutex_unlock(&group->lock);
	return NULL;
}

enum err_code group_create(const struct engine_settings *settings, struct group **out,
			   struct err *err)
{
	struct group *group = calloc(1, sizeof *group);
	struct db_settings db = {.path = settings->path,
				 .mode = DB_WRITE,
				 .cache_kib = settings->cache_kib,
				 .busy_timeout_ms = 5000};

	if (!group)
		return err_memory(err);
	group->clock = settings->clock;
	group->queue_max = settings->queue_max;
	group->last = &group->first;
	atomic_store(&group->last_write_us, clock_steady_us() - RECENT_US);
	pthread_mutex_init(&group->lock, NULL);
	pthread_cond_init(&group->wake, NULL);
	pthread_cond_init(&group->slice_done, NULL);
	if (db_create(&db, &group->db, err) != ERR_OK) {
		group_destroy(group);
		return err->code;
	}
	txn_init(&group->txn, group->db, settings->clock);
	if (pthread_create(&group->thread, NULL, write_loop, group) != 0) {
		group_destroy(group);
		return err_memory(err);
	}
	group->started = true;
	*out = group;
	return ERR_OK;
}

void group_destroy(struct group *group)
{
	if (!group)
		return;
	if (group->started) {
		pthread_mutex_lock(&group->lock);
		group->stop = true;
		pthread_cond_broadcast(&group->wake);
		pthread_mutex_unlock(&group->lock);
		pthread_join(group->thread, NULL);
	}
	db_destroy(group->db);
	pthread_cond_destroy(&group->slice_done);
	pthread_cond_destroy(&group->wake);
	pthread_mutex_destroy(&group->lock);
	free(group);
}

enum err_code group_add(struct group *group, struct engine_job *job, struct err *err)
{
	job->next = NULL;
	job->queued_us = clock_steady_us();
	pthread_mutex_lock(&group->lock);
	if (group->stop || atomic_load(&group->waiting) >= group->queue_max) {
		pthread_mutex_unlock(&group->lock);
		atomic_fetch_add(&group->refused_busy, 1);
		return err_set(err, ERR_BUSY, "",
			       "Too many writes are waiting. Nothing was written; try again in a "
			       "second.");
	}
	*group->last = job;
	group->last = &job->next;
	atomic_fetch_add(&group->waiting, 1);
	pthread_cond_signal(&group->wake);
	pthread_mutex_unlock(&group->lock);
	return ERR_OK;
}

/* Wait for the turn, and for the slice to be committed; the caller holds the lock. */
static void run_slice_locked(struct group *group, struct engine_job *slice)
{
	uint64_t turn = group->slice_turns++;

	while (group->slice_turn != turn)
		pthread_cond_wait(&group->slice_done, &group->lock);
	slice->err.code = ERR_OK;
	if (group->stop) {
		err_set(&slice->err, ERR_BUSY, "", "Galena is stopping. Try again.");
	} else {
		slice->next = NULL;
		group->slice = slice;
		pthread_cond_signal(&group->wake);
		while (group->slice)
			pthread_cond_wait(&group->slice_done, &group->lock);
	}
	group->slice_turn++;
	pthread_cond_broadcast(&group->slice_done);
}

enum err_code group_run_slice(struct group *group, struct engine_job *slice, struct err *err)
{
	pthread_mutex_lock(&group->lock);
	run_slice_locked(group, slice);
	pthread_mutex_unlock(&group->lock);
	if (slice->err.code != ERR_OK)
		*err = slice->err;
	return slice->err.code;
}

bool group_should_yield(const struct group *group)
{
	int64_t now_us = clock_steady_us();

	return now_us >= atomic_load(&group->slice_until_us) ||
	       (atomic_load(&group->waiting) > 0 &&
		now_us >= atomic_load(&group->slice_share_until_us));
}

void group_ask_checkpoint(struct group *group)
{
	atomic_store(&group->checkpoint_asked, true);
}

int64_t group_log_pages(const struct group *group)
{
	return db_log_pages(group->db);
}

void group_figures(struct group *group, struct engine_figures *out)
{
	out->writes_waiting = (int64_t)atomic_load(&group->waiting);
	out->batches = atomic_load(&group->batches);
	out->batched_writes = atomic_load(&group->batched_writes);
	out->refused_busy = atomic_load(&group->refused_busy);
	out->commit_us_total = atomic_load(&group->commit_us_total);
}
