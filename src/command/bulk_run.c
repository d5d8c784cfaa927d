#include "command/bulk_run.h"

#include <stdlib.h>

/* A slice ends here at the latest, so that what it would have to undo stays small. */
#define SLICE_STEPS_MAX 4096
#define STEP_BYTES_MAX ((size_t)32 * 1024 * 1024)
#define REACH_MS 10000
#define REACH_TRIES 6
#define SETTLE_MS 250
#define SETTLE_TRIES 80

/* A slice under way; what it did counts once it is committed. */
struct slice {
	struct engine_job job; /* first: the engine hands this back */
	struct bulk_run *run;
	struct arena arena; /* of one step */
	size_t at;
	size_t results[BULK_REFUSED + 1];
	size_t done_count;
	struct uuid why_id[BULK_REASONS_MAX];
	struct err why[BULK_REASONS_MAX];
};

static bool is_of_store(enum err_code code)
{
	return err_http_status(code) >= 500;
}

/* A refusal leaves nothing but its reason. */
static enum err_code run_step(struct slice *slice, struct txn *txn, int64_t number,
			      struct bulk_step *out, struct err *err)
{
	const struct bulk_run *run = slice->run;
	struct err why = {.code = ERR_OK};

	arena_reset(&slice->arena);
	txn_part_enter(txn);
	if (run->step(run->state, txn, &slice->arena, number, out, &why) == ERR_OK) {
		txn_part_keep(txn);
		return ERR_OK;
	}
	txn_part_undo(txn);
	if (is_of_store(why.code)) {
		*err = why;
		return err->code;
	}
	out->result = BULK_REFUSED;
	size_t at = run->results[BULK_REFUSED] + slice->results[BULK_REFUSED];

	if (at < BULK_REASONS_MAX) {
		slice->why_id[at] = out->id;
		slice->why[at] = why;
	}
	return ERR_OK;
}

static enum err_code run_slice(struct engine_job *job, struct txn *txn, struct err *err)
{
	struct slice *slice = (struct slice *)job; /* job is the first member */
	struct bulk_run *run = slice->run;
	size_t end = run->count - run->at < SLICE_STEPS_MAX ? run->count
							    : run->at + SLICE_STEPS_MAX;

	while (slice->at < end) {
		struct bulk_step step = {.result = BULK_GONE};

		if (run_step(slice, txn, run->numbers[slice->at], &step, err) != ERR_OK)
			return err->code;
		slice->at++;
		slice->results[step.result]++;
		if ((step.result == BULK_UNCHANGED || step.result == BULK_CHANGED) &&
		    slice->done_count < run->done_max)
			run->done[slice->done_count++] = step.id;
		if (engine_should_yield(run->engine))
			break;
	}
	return ERR_OK;
}

static void take(struct bulk_run *run, const struct slice *slice)
{
	size_t from = run->results[BULK_REFUSED];

	run->at = slice->at;
	run->done_count = slice->done_count;
	for (size_t i = 0; i <= BULK_REFUSED; i++)
		run->results[i] += slice->results[i];
	for (size_t i = from; i < run->results[BULK_REFUSED] && i < BULK_REASONS_MAX; i++) {
		run->why_id[i] = slice->why_id[i];
		run->why[i] = slice->why[i];
	}
}

static enum err_code run_slices(struct bulk_run *run, struct slice *slice, struct err *err)
{
	while (run->at < run->count) {
		if (engine_should_stop(run->engine))
			return err_set(err, ERR_BUSY, "", "Galena is stopping.");
		slice->at = run->at;
		slice->done_count = run->done_count;
		memset(slice->results, 0, sizeof slice->results);
		if (engine_run_slice(run->engine, &slice->job, err) != ERR_OK)
			return err->code;
		take(run, slice);
	}
	return ERR_OK;
}

enum err_code bulk_run_all(struct bulk_run *run, struct err *err)
{
	struct slice *slice = calloc(1, sizeof *slice);
	size_t max = run->count < run->done_max ? run->count : run->done_max;

	run->done = calloc(max + 1, sizeof *run->done);
	if (!slice || !run->done) {
		free(slice);
		return err_memory(err);
	}
	slice->job.run = run_slice;
	slice->run = run;
	arena_init(&slice->arena, STEP_BYTES_MAX);
	enum err_code code = run_slices(run, slice, err);

	arena_release(&slice->arena);
	free(slice);
	return code;
}

enum err_code bulk_run_reach(struct engine *engine, struct txn *txn, struct err *err)
{
	bool behind = true;

	for (int i = 0; i < REACH_TRIES && behind; i++) {
		if (engine_should_stop(engine))
			return err_set(err, ERR_BUSY, "", "Galena is stopping. Nothing was done.");
		if (engine_search_reach(engine, txn, REACH_MS, &behind, err) != ERR_OK)
			return err->code;
	}
	if (behind)
		return err_set(
			err, ERR_BUSY, "",
			"The search index is behind what was written, so that leads would be "
			"passed over. Nothing was done; try again in a minute.");
	return ERR_OK;
}

bool bulk_run_settle(struct engine *engine, struct txn *txn)
{
	struct err unread;
	bool behind = true;

	for (int i = 0; i < SETTLE_TRIES && behind && !engine_should_stop(engine); i++) {
		if (engine_search_reach(engine, txn, SETTLE_MS, &behind, &unread) != ERR_OK)
			break;
	}
	return !behind;
}

void bulk_run_release(struct bulk_run *run)
{
	free(run->done);
	run->done = NULL;
}
