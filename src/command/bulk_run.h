/*
 * bulk_run: run a step for each of many leads, in slices on the writer that give way to others.
 *
 * Holds    nothing between calls.
 * Threads  the one for long work; the step runs on the writer.
 * Fails    ERR_BUSY when Galena is stopping, and what a step or the store fails with. What was
 *          done before stays: whole leads, and the counts say how many.
 */
#ifndef COMMAND_BULK_RUN_H
#define COMMAND_BULK_RUN_H

#include "engine/engine.h"

enum bulk_result {
	BULK_GONE,      /* it was deleted meanwhile */
	BULK_UNCHANGED, /* it is as it should be already */
	BULK_CHANGED,
	BULK_REFUSED /* see bulk_run.why */
};

/* What became of one lead. */
struct bulk_step {
	struct uuid id; /* of the lead; set even when the step fails */
	enum bulk_result result;
};

#define BULK_REASONS_MAX 5

struct bulk_run {
	/* Set by the caller: */
	struct engine *engine;
	const int64_t *numbers; /* of leads, or whatever else the steps are about */
	size_t count;
	size_t done_max; /* most ids that are kept in `done` */
	/*
	 * One step, inside a part of its own: what a failure wrote is undone. One of the store
	 * ends the run; any other makes the step BULK_REFUSED.
	 */
	enum err_code (*step)(void *state, struct txn *txn, struct arena *arena, int64_t number,
			      struct bulk_step *out, struct err *err);
	void *state;
	/* Told by the run: */
	size_t at; /* how many numbers were looked at */
	size_t results[BULK_REFUSED + 1];
	struct uuid *done; /* ids of those that were BULK_UNCHANGED or BULK_CHANGED, on the heap */
	size_t done_count;
	struct uuid why_id[BULK_REASONS_MAX]; /* the first that were refused, and why */
	struct err why[BULK_REASONS_MAX];
};

MUST_USE enum err_code bulk_run_all(struct bulk_run *run, struct err *err);

/*
 * Before leads are selected for long work: wait until the index has seen what was committed
 * before, however far behind it is, and begin the reading transaction anew. ERR_BUSY, with nothing
 * done, when that takes a minute: to pass over leads silently would be worse.
 */
MUST_USE enum err_code bulk_run_reach(struct engine *engine, struct txn *txn, struct err *err);

/*
 * After it: wait until the index has seen what was done, so that who asks next does, too. False
 * when that takes too long or Galena is stopping; what was done is done.
 */
bool bulk_run_settle(struct engine *engine, struct txn *txn);

/* Give back what the run holds. */
void bulk_run_release(struct bulk_run *run);

#endif
