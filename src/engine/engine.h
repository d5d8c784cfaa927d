/*
 * engine: who runs a piece of work when. One writer with group commit, a few readers, bounds.
 *
 * Holds    the threads, their connections and queues.
 * Threads  every function may be called from any thread.
 * Fails    ERR_BUSY when a queue is full: back-pressure instead of growth.
 *
 * The writer takes everything that waits (at most ENGINE_BATCH_MAX), runs each job behind a mark
 * of its own, commits once, and only then calls each job's `done`. A slice of background work (an
 * import) runs in the same transactions, but only when no other write waits, and is asked to
 * stop as soon as one does.
 *
 * Long work (a change of a hundred thousand leads) has a thread of its own, so that neither reads
 * nor the writer wait for it. It reads on a connection of its own and writes in such slices.
 */
#ifndef ENGINE_ENGINE_H
#define ENGINE_ENGINE_H

#include "base/err.h"
#include "store/txn.h"

struct engine;

#define ENGINE_BATCH_MAX 512
#define ENGINE_LONG_MAX 16 /* pieces of long work that may wait */

struct engine_settings {
	const char *path;        /* database file */
	const struct clock *clock;
	int readers;             /* threads that run reading jobs */
	size_t queue_max;        /* jobs that may wait, writes and reads each */
	int cache_kib;           /* page cache of the writer */
	bool search;             /* keep the search index filled (one thread) */
};

/* One piece of work. The caller owns it until `done` was called. */
struct engine_job {
	struct engine_job *next; /* the engine's */
	/* Runs in a transaction (a write) or on a reading connection. What it refuses is undone. */
	enum err_code (*run)(struct engine_job *job, struct txn *txn, struct err *err);
	/* Called on an engine thread when the outcome is final (a write is on disk). Be quick. */
	void (*done)(struct engine_job *job);
	struct err err; /* the outcome; err.code is ERR_OK for success */
	int64_t queued_us;
};

/*
 * Background work: `run` runs on the writer inside a transaction until it has nothing left, or
 * engine_should_yield says so. Waits until that is committed. On failure nothing of the slice was
 * stored. Several callers take turns, slice by slice; `done` is not called.
 */
MUST_USE enum err_code engine_run_slice(struct engine *engine, struct engine_job *slice,
					struct err *err);

/* To be asked between two pieces of a slice: true when it must end now. */
bool engine_should_yield(const struct engine *engine);

MUST_USE enum err_code engine_create(const struct engine_settings *settings, struct engine **out,
				     struct err *err);

/* Finish what is queued (long work stops, see engine_stop_long), then end the threads. */
void engine_destroy(struct engine *engine);

/* Queue a job. On failure `done` is not called. */
MUST_USE enum err_code engine_write(struct engine *engine, struct engine_job *job, struct err *err);
MUST_USE enum err_code engine_read(struct engine *engine, struct engine_job *job, struct err *err);

/*
 * Queue long work. `run` has a reading connection with the text index, and one snapshot, which it
 * ends with db_rollback(txn->db) before its first slice: a snapshot that is held keeps the log
 * from being moved. Between two slices it asks engine_should_stop, and when that is true ends
 * with an error that says how far it came.
 */
MUST_USE enum err_code engine_long(struct engine *engine, struct engine_job *job, struct err *err);
bool engine_should_stop(const struct engine *engine);

/* Ask the long work that runs to stop, and begin none any more: what waits fails with ERR_BUSY. */
void engine_stop_long(struct engine *engine);

/* Run a short reading job on the calling thread, now, and call `done`. */
void engine_read_here(struct engine *engine, struct engine_job *job);

/* Bring the search index up to now (on the caller's thread), but for at most budget_ms. */
MUST_USE enum err_code engine_search_catch_up(struct engine *engine, int64_t budget_ms,
					      struct err *err);

/*
 * Make sure that the search index has seen what was committed before this call, and begin the
 * reading transaction of `txn` anew, so that it has seen all that the index has. Helps to fill
 * the index for at most budget_ms (where no thread keeps it filled, for as long as that takes).
 * *out_behind: true when that was not enough. ERR_BUSY while the index is being made anew.
 */
MUST_USE enum err_code engine_search_reach(struct engine *engine, struct txn *txn,
					   int64_t budget_ms, bool *out_behind, struct err *err);

struct engine_figures {
	int64_t writes_waiting;
	int64_t reads_waiting;
	int64_t batches;         /* commits since the start */
	int64_t batched_writes;  /* jobs in them */
	int64_t refused_busy;
	int64_t commit_us_total;
	int64_t bytes_on_disk;   /* database, log and search index */
	int64_t log_pages;       /* in the write-ahead log, not yet moved to the file */
	int64_t search_behind;   /* changes that the search index has not seen */
};

void engine_figures(struct engine *engine, struct engine_figures *out);

const char *engine_path(const struct engine *engine);
const struct clock *engine_clock(const struct engine *engine);

#endif
