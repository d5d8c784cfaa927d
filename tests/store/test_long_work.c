/* engine/: long work on its thread, and several writers of slices that take turns. */
#include "fixture.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

#include "engine/engine.h"

#define DOC "{\"ids\":[],\"seen\":{\"\":1}}"
#define SLICERS 3
#define SLICES_EACH 40

static struct engine *start(struct fixture *f)
{
	struct engine_settings settings = {.path = f->path,
					   .clock = clock_system(),
					   .readers = 1,
					   .queue_max = 100,
					   .cache_kib = 1024};
	struct engine *engine = NULL;

	OK(f, engine_create(&settings, &engine, &f->err));
	return engine;
}

/* Long work that a test steers. */
struct work {
	struct engine_job job; /* first: the engine hands this back */
	struct engine *engine;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool is_running, is_done, may_go_on;
	bool had_index;
	int slices; /* written so far */
};

static void work_init(struct work *work, struct engine *engine,
		      enum err_code (*run)(struct engine_job *, struct txn *, struct err *),
		      void (*done)(struct engine_job *))
{
	*work = (struct work){.job = {.run = run, .done = done}, .engine = engine};
	pthread_mutex_init(&work->lock, NULL);
	pthread_cond_init(&work->changed, NULL);
}

static void work_release(struct work *work)
{
	pthread_cond_destroy(&work->changed);
	pthread_mutex_destroy(&work->lock);
}

static void set(struct work *work, bool *what)
{
	pthread_mutex_lock(&work->lock);
	*what = true;
	pthread_cond_broadcast(&work->changed);
	pthread_mutex_unlock(&work->lock);
}

static void wait_for(struct work *work, const bool *what)
{
	pthread_mutex_lock(&work->lock);
	while (!*what)
		pthread_cond_wait(&work->changed, &work->lock);
	pthread_mutex_unlock(&work->lock);
}

static void done(struct engine_job *job)
{
	struct work *work = (struct work *)job;

	set(work, &work->is_done);
}

static enum err_code run_and_hold(struct engine_job *job, struct txn *txn, struct err *err)
{
	struct work *work = (struct work *)job;

	(void)err;
	work->had_index = txn->search != NULL;
	set(work, &work->is_running);
	wait_for(work, &work->may_go_on);
	return ERR_OK;
}

static void long_work_waits_for_a_place_and_not_for_reads(void **state)
{
	struct fixture *f = *state;
	struct engine *engine = start(f);
	struct work work[ENGINE_LONG_MAX + 2], read;

	for (size_t i = 0; i < ARRAY_LEN(work); i++)
		work_init(&work[i], engine, run_and_hold, done);
	OK(f, engine_long(engine, &work[0].job, &f->err));
	wait_for(&work[0], &work[0].is_running);
	for (size_t i = 1; i <= ENGINE_LONG_MAX; i++)
		OK(f, engine_long(engine, &work[i].job, &f->err));
	EXPECT(f, ERR_BUSY, engine_long(engine, &work[ENGINE_LONG_MAX + 1].job, &f->err));
	/* The one reader is free all the while. */
	work_init(&read, engine, run_and_hold, done);
	read.may_go_on = true;
	OK(f, engine_read(engine, &read.job, &f->err));
	wait_for(&read, &read.is_done);
	for (size_t i = 0; i <= ENGINE_LONG_MAX; i++)
		set(&work[i], &work[i].may_go_on);
	for (size_t i = 0; i <= ENGINE_LONG_MAX; i++) {
		wait_for(&work[i], &work[i].is_done);
		assert_int_equal(work[i].job.err.code, ERR_OK);
		assert_true(work[i].had_index);
	}
	engine_destroy(engine);
	for (size_t i = 0; i < ARRAY_LEN(work); i++)
		work_release(&work[i]);
	work_release(&read);
}

static enum err_code insert_one(struct engine_job *job, struct txn *txn, struct err *err)
{
	struct lead_row lead = {.workspace = 1,
				.id = uuid_make(&txn->ids),
				.created_ms = txn->now_ms,
				.doc = TEXT(DOC)};

	(void)job;
	if (txn_touch(txn, err) != ERR_OK || txn_next_lead(txn, 1, &lead.no, err) != ERR_OK)
		return err->code;
	return leads_insert(txn, &lead, err);
}

/* Writes slice after slice until it is told to stop. */
static enum err_code run_until_stopped(struct engine_job *job, struct txn *txn, struct err *err)
{
	struct work *work = (struct work *)job;
	struct engine_job slice = {.run = insert_one};

	db_rollback(txn->db);
	while (!engine_should_stop(work->engine)) {
		if (engine_run_slice(work->engine, &slice, err) != ERR_OK)
			return err->code;
		work->slices++;
		set(work, &work->is_running);
	}
	return err_set(err, ERR_BUSY, "", "stopped");
}

static void shutdown_stops_between_slices_and_begins_nothing(void **state)
{
	struct fixture *f = *state;
	struct engine *engine = start(f);
	struct work running, waiting, late;
	int64_t leads;

	work_init(&running, engine, run_until_stopped, done);
	work_init(&waiting, engine, run_and_hold, done);
	work_init(&late, engine, run_and_hold, done);
	OK(f, engine_long(engine, &running.job, &f->err));
	wait_for(&running, &running.is_running);
	OK(f, engine_long(engine, &waiting.job, &f->err));
	engine_stop_long(engine);
	EXPECT(f, ERR_BUSY, engine_long(engine, &late.job, &f->err));
	wait_for(&running, &running.is_done);
	wait_for(&waiting, &waiting.is_done);
	assert_int_equal(running.job.err.code, ERR_BUSY);
	assert_int_equal(waiting.job.err.code, ERR_BUSY);
	assert_false(waiting.is_running);
	engine_destroy(engine);
	/* What was committed is there, all of it. */
	f->db = fixture_open(f, DB_WRITE, 0);
	struct leads_walk walk = {.workspace = 1};
	struct lead_row *rows = arena_zero(&f->arena, 20000, sizeof *rows);
	struct leads_rows page = {.rows = rows, .limit = 20000};

	OK(f, leads_page(f->db, &f->arena, &walk, &page, &f->err));
	leads = (int64_t)page.count;
	assert_int_equal(leads, running.slices < 20000 ? running.slices : 20000);
	work_release(&running);
	work_release(&waiting);
	work_release(&late);
}

/* One of several that write slices as fast as they can. */
struct slicer {
	struct engine_job job; /* first */
	struct engine *engine;
	int number;
	atomic_int *order; /* whose slice was how manieth */
	atomic_int *at;
};

static enum err_code note_turn(struct engine_job *job, struct txn *txn, struct err *err)
{
	struct slicer *slicer = (struct slicer *)job;

	(void)txn;
	(void)err;
	slicer->order[atomic_fetch_add(slicer->at, 1)] = slicer->number;
	return ERR_OK;
}

static void *slice_on(void *state)
{
	struct slicer *slicer = state;
	struct err err;

	for (int i = 0; i < SLICES_EACH; i++) {
		if (engine_run_slice(slicer->engine, &slicer->job, &err) != ERR_OK)
			break;
	}
	return NULL;
}

static void writers_of_slices_take_turns(void **state)
{
	struct fixture *f = *state;
	struct engine *engine = start(f);
	struct slicer slicers[SLICERS];
	pthread_t threads[SLICERS];
	atomic_int order[SLICERS * SLICES_EACH] = {0}, at = 0;
	struct work hold;
	int had[SLICERS] = {0};

	/* They begin while the writer is busy, so that they stand in line. */
	work_init(&hold, engine, run_and_hold, done);
	OK(f, engine_write(engine, &hold.job, &f->err));
	wait_for(&hold, &hold.is_running);
	for (int i = 0; i < SLICERS; i++) {
		slicers[i] = (struct slicer){{.run = note_turn}, engine, i, order, &at};
		assert_int_equal(pthread_create(&threads[i], NULL, slice_on, &slicers[i]), 0);
	}
	set(&hold, &hold.may_go_on);
	for (int i = 0; i < SLICERS; i++)
		pthread_join(threads[i], NULL);
	assert_int_equal(at, SLICERS * SLICES_EACH);
	for (int i = 0; i < SLICERS * SLICES_EACH; i++)
		had[order[i]]++;
	for (int i = 0; i < SLICERS; i++)
		assert_int_equal(had[i], SLICES_EACH);
	engine_destroy(engine);
	work_release(&hold);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FOLDER_TEST(long_work_waits_for_a_place_and_not_for_reads),
		FOLDER_TEST(shutdown_stops_between_slices_and_begins_nothing),
		FOLDER_TEST(writers_of_slices_take_turns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
