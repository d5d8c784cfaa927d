#include "job/import_run.h"

#include <stdlib.h>

#include "command/dispatch.h"
#include "command/import_file.h"
#include "job/dry_scratch.h"
#include "job/import_feed.h"
#include "job/import_step.h"
#include "json/parse.h"

#define FEED_WAIT_MS 50
#define TRIES_MAX 60
#define TRIES_OF_A_DEFECT 3
#define TRIES_OF_A_FULL_DISK 8 /* some 25 seconds: somebody may be making room */
#define DELAY_MIN_MS 100
#define DELAY_MAX_MS 10000
#define CLEARED_AT_ONCE 5000
#define REFUSED_BYTES_MAX ((size_t)64 * 1024 * 1024)

enum run_state { RUN_OPEN, RUN_OVER, RUN_STOPPED };

struct run {
	struct engine_job job; /* first: the slice */
	struct desk *desk;
	struct engine *engine;
	const struct import_run_hooks *hooks;
	struct import_row *import; /* as it is stored */
	struct import_row next;    /* as the slice will store it */
	struct import_rules rules;
	struct import_source source;
	struct import_feed *feed;
	struct import_step step;
	struct dry_scratch *scratch;
	struct import_result refused[IMPORT_FEED_ROWS]; /* of a dry run's batch */
	size_t refused_count;
	struct arena refused_arena;
	size_t batch, row; /* where the next slice begins: in that ready batch, that row */
	size_t next_batch, next_row;
	bool is_cancelled;
	enum run_state state;
};

static struct run *run_of(struct engine_job *job)
{
	return (struct run *)job; /* job is the first member */
}

/* The slice's transaction is at its end: store how far the import is. */
static enum err_code store_progress(struct run *run, struct txn *txn, struct err *err)
{
	run->next.updated_ms = txn->now_ms;
	if (txn_touch(txn, err) != ERR_OK)
		return err->code;
	return imports_move(txn, &run->next, err);
}

/* Sets is_cancelled when the import is no longer open. */
static enum err_code look_at_state(struct run *run, struct txn *txn, struct err *err)
{
	enum import_state state;

	if (imports_state(txn->db, run->import->no, &state, err) != ERR_OK)
		return err->code;
	run->is_cancelled = state != IMPORT_QUEUED && state != IMPORT_RUNNING;
	return ERR_OK;
}

/* A batch with an error ends the import as failed, after the rows before it. */
static void close_after(struct run *run, const struct import_batch *batch)
{
	run->next.counts = run->step.counts;
	if (batch->err.code != ERR_OK) {
		run->next.state = IMPORT_FAILED;
		run->next.error = text_of(batch->err.message);
		return;
	}
	run->next.state = IMPORT_DONE;
	run->next.rows_total = run->next.counts.rows_done;
}

/* Write rows until there are none ready or the writer is wanted elsewhere. */
static enum err_code write_rows(struct run *run, struct txn *txn, struct err *err)
{
	const struct import_batch *batch = import_feed_ready(run->feed, run->next_batch);
	bool is_wanted = false;

	while (batch && !is_wanted) {
		if (run->next_row < batch->count) {
			if (import_step_run(&run->step, txn, &batch->rows[run->next_row], err) !=
			    ERR_OK)
				return err->code;
			run->next_row++;
			is_wanted = engine_should_yield(run->engine);
			continue;
		}
		run->step.counts.bytes_done = batch->bytes_read;
		run->next.counts = run->step.counts;
		if (batch->is_last) {
			close_after(run, batch);
			return ERR_OK;
		}
		run->next_row = 0;
		is_wanted = ++run->next_batch >= IMPORT_FEED_SLICE;
		batch = import_feed_ready(run->feed, run->next_batch);
	}
	run->next.counts = run->step.counts;
	return ERR_OK;
}

static enum err_code begin_slice(struct run *run, struct txn *txn, struct err *err)
{
	run->next = *run->import;
	run->next.state = IMPORT_RUNNING;
	run->next_batch = run->batch;
	run->next_row = run->row;
	run->step.counts = run->import->counts;
	return import_step_begin(&run->step, txn, err);
}

static enum err_code rows_slice(struct engine_job *job, struct txn *txn, struct err *err)
{
	struct run *run = run_of(job);

	run->is_cancelled = false;
	if (begin_slice(run, txn, err) != ERR_OK || look_at_state(run, txn, err) != ERR_OK ||
	    run->is_cancelled)
		return run->is_cancelled ? ERR_OK : err->code;
	if (write_rows(run, txn, err) != ERR_OK || store_progress(run, txn, err) != ERR_OK)
		return err->code;
	import_step_end(&run->step, txn);
	return ERR_OK;
}

/* Store how the import ended, or how far a dry run is, with the refused rows at hand. */
static enum err_code progress_slice(struct engine_job *job, struct txn *txn, struct err *err)
{
	struct run *run = run_of(job);

	if (look_at_state(run, txn, err) != ERR_OK || run->is_cancelled)
		return run->is_cancelled ? ERR_OK : err->code;
	if (txn_touch(txn, err) != ERR_OK)
		return err->code;
	for (size_t i = 0; i < run->refused_count; i++) {
		if (imports_add_result(txn, run->import, &run->refused[i], err) != ERR_OK)
			return err->code;
	}
	return store_progress(run, txn, err);
}

/* Remove what an interrupted dry run had stored. */
static enum err_code clear_slice(struct engine_job *job, struct txn *txn, struct err *err)
{
	struct run *run = run_of(job);
	int64_t removed = 0;

	if (txn_touch(txn, err) != ERR_OK ||
	    imports_clear_results(txn, run->import, CLEARED_AT_ONCE, &removed, err) != ERR_OK)
		return err->code;
	run->refused_count = (size_t)removed;
	return ERR_OK;
}

/* What was stored is the truth from now on. */
static void accept(struct run *run)
{
	if (run->is_cancelled) {
		run->state = RUN_OVER;
		return;
	}
	*run->import = run->next;
	import_feed_release(run->feed, run->next_batch - run->batch);
	run->batch = 0;
	run->row = run->next_row;
	run->step.is_careful = false;
	if (run->import->state != IMPORT_RUNNING)
		run->state = RUN_OVER;
	run->hooks->moved(run->hooks->state, run->import);
}

/* A busy database passes, a full disk may, a defect will not. */
static int tries_of(enum err_code code)
{
	if (code == ERR_BUSY)
		return TRIES_MAX;
	return code == ERR_STORAGE_FULL ? TRIES_OF_A_FULL_DISK : TRIES_OF_A_DEFECT;
}

/* Run `work` on the writer until it is stored; *out_stored is false when the run must stop. */
static enum err_code store(struct run *run,
			   enum err_code (*work)(struct engine_job *, struct txn *, struct err *),
			   bool *out_stored, struct err *err)
{
	int64_t delay_ms = DELAY_MIN_MS;

	*out_stored = false;
	run->job.run = work;
	for (int tries = 0;; tries++) {
		if (engine_run_slice(run->engine, &run->job, err) == ERR_OK) {
			*out_stored = true;
			return ERR_OK;
		}
		import_step_lost(&run->step);
		if (run->step.is_spoiled) {
			run->step.is_careful = true;
			continue;
		}
		if (tries + 1 >= tries_of(err->code))
			break;
		if (!run->hooks->pause(run->hooks->state, delay_ms))
			return ERR_OK;
		delay_ms = delay_ms * 2 < DELAY_MAX_MS ? delay_ms * 2 : DELAY_MAX_MS;
	}
	return err->code;
}

/* The import cannot go on for `why`; it stays open when that cannot be stored either. */
static void fail(struct run *run, const struct err *why)
{
	bool stored;
	struct err err;

	run->next = *run->import;
	run->next.state = IMPORT_FAILED;
	run->next.error = why->code == ERR_STORAGE_FULL
				  ? TEXT("The disk is full. What was imported before stays; make "
					 "room and import the file again: leads that are in "
					 "already stay as they are.")
				  : text_of(why->message);
	run->refused_count = 0;
	run->is_cancelled = false;
	run->state = RUN_STOPPED;
	if (store(run, progress_slice, &stored, &err) != ERR_OK || !stored)
		return;
	if (!run->is_cancelled)
		*run->import = run->next;
	run->state = RUN_OVER;
	run->hooks->moved(run->hooks->state, run->import);
}

static void write_all(struct run *run)
{
	struct err err;
	bool stored;

	while (run->state == RUN_OPEN) {
		if (!run->hooks->pause(run->hooks->state, 0)) {
			run->state = RUN_STOPPED;
			break;
		}
		if (!import_feed_wait(run->feed, FEED_WAIT_MS))
			continue;
		if (store(run, rows_slice, &stored, &err) != ERR_OK)
			fail(run, &err);
		else if (!stored)
			run->state = RUN_STOPPED;
		else
			accept(run);
	}
}

static bool keep_refused(struct run *run)
{
	struct import_result *result = &run->refused[run->refused_count];

	*result = run->step.result;
	result->detail = arena_copy(&run->refused_arena, result->detail);
	run->refused_count++;
	return result->detail.ptr != NULL;
}

/* Write a batch to the copy, and keep what was refused. */
static enum err_code rehearse(struct run *run, const struct import_batch *batch, struct txn *txn,
			      struct err *err)
{
	for (size_t i = 0; i < batch->count; i++) {
		const struct import_planned *row = &batch->rows[i];

		if (row->plan && dry_scratch_prepare(run->scratch, row->plan, err) != ERR_OK)
			return err->code;
		if (import_step_run(&run->step, txn, row, err) != ERR_OK)
			return err->code;
		if (run->step.result.outcome >= IMPORT_CONFLICT && !keep_refused(run))
			return err_memory(err);
	}
	run->step.counts.bytes_done = batch->bytes_read;
	run->next.counts = run->step.counts;
	if (batch->is_last)
		close_after(run, batch);
	return ERR_OK;
}

static enum err_code rehearse_batch(struct run *run, const struct import_batch *batch,
				    struct err *err)
{
	struct txn *txn;

	run->refused_count = 0;
	arena_reset(&run->refused_arena);
	if (dry_scratch_begin(run->scratch, &txn, err) != ERR_OK)
		return err->code;
	enum err_code code = begin_slice(run, txn, err);

	run->step.is_careful = true;
	if (code == ERR_OK && rehearse(run, batch, txn, err) == ERR_OK)
		return dry_scratch_commit(run->scratch, err);
	dry_scratch_rollback(run->scratch);
	return err->code;
}

static void rehearse_all(struct run *run)
{
	struct err err;
	bool stored;

	while (run->state == RUN_OPEN) {
		const struct import_batch *batch = import_feed_ready(run->feed, 0);

		if (!run->hooks->pause(run->hooks->state, 0)) {
			run->state = RUN_STOPPED;
			break;
		}
		if (!batch) {
			import_feed_wait(run->feed, FEED_WAIT_MS);
			continue;
		}
		if (rehearse_batch(run, batch, &err) != ERR_OK ||
		    store(run, progress_slice, &stored, &err) != ERR_OK) {
			fail(run, &err);
			break;
		}
		run->next_batch = 1;
		run->next_row = 0;
		if (stored)
			accept(run);
		else
			run->state = RUN_STOPPED;
	}
}

/* A dry run cannot be carried on, as its copy is gone: it begins anew. */
static enum err_code begin_rehearsal(struct run *run, struct err *err)
{
	bool stored = true;

	run->import->counts = (struct import_counts){.rows_done = 0};
	do {
		if (store(run, clear_slice, &stored, err) != ERR_OK)
			return err->code;
	} while (stored && run->refused_count > 0);
	run->refused_count = 0;
	if (!stored) {
		run->state = RUN_STOPPED;
		return ERR_OK;
	}
	if (dry_scratch_create(run->engine, dispatch_files(run->desk), run->import, &run->scratch,
			       err) != ERR_OK)
		return err->code;
	run->step.around = dry_scratch_real(run->scratch);
	return ERR_OK;
}

static void work(struct run *run)
{
	struct err err;

	arena_init(&run->refused_arena, REFUSED_BYTES_MAX);
	if (import_step_init(&run->step, run->import, &run->source, &err) != ERR_OK)
		fail(run, &err);
	if (run->state == RUN_OPEN && run->import->dry_run && begin_rehearsal(run, &err) != ERR_OK)
		fail(run, &err);
	if (run->state == RUN_OPEN &&
	    (import_source_skip(&run->source, run->import->counts.rows_done, &err) != ERR_OK ||
	     import_feed_create(&run->source, &run->rules, engine_clock(run->engine), &run->feed,
				&err) != ERR_OK))
		fail(run, &err);
	if (run->state == RUN_OPEN && run->import->dry_run)
		rehearse_all(run);
	else if (run->state == RUN_OPEN)
		write_all(run);
	import_feed_destroy(run->feed);
	dry_scratch_destroy(run->scratch);
	arena_release(&run->refused_arena);
	import_step_release(&run->step);
}

static enum err_code read_rules(struct run *run, struct err *err)
{
	const struct parse_limits limits = {.bytes_max = 4 * 1024 * 1024, .depth_max = 16};
	json_t *settings;

	if (parse_json(run->import->settings, &limits, &settings, err) != ERR_OK)
		return err->code;
	enum err_code code = import_rules_init(&run->rules, run->desk, settings,
					       clock_now_ms(engine_clock(run->engine)), err);

	json_decref(settings);
	return code;
}

static enum err_code open_source(struct run *run, struct err *err)
{
	char path[IMPORT_FILE_PATH_MAX];

	if (import_file_path(dispatch_files(run->desk), run->import->file, path, err) != ERR_OK)
		return err->code;
	if (import_file_bytes(dispatch_files(run->desk), run->import->file) < 0)
		return err_set(err, ERR_INVALID_INPUT, "",
			       "The file of this import is gone. Import it again.");
	return import_source_init(&run->source, path, TEXT_NONE, &run->rules, err);
}

void import_run(struct desk *desk, struct import_row *import, const struct import_run_hooks *hooks,
		bool *out_over)
{
	struct run *run = calloc(1, sizeof *run);
	struct err err;

	*out_over = false;
	if (!run)
		return;
	run->desk = desk;
	run->engine = dispatch_engine(desk);
	run->hooks = hooks;
	run->import = import;
	if (read_rules(run, &err) != ERR_OK) {
		fail(run, &err);
	} else if (open_source(run, &err) != ERR_OK) {
		fail(run, &err);
		import_rules_release(&run->rules);
	} else {
		work(run);
		import_source_release(&run->source);
		import_rules_release(&run->rules);
	}
	import->error = TEXT_NONE; /* it was borrowed from what is released now */
	*out_over = run->state == RUN_OVER;
	free(run);
}
