/* engine/: many threads at once, failures, back-pressure, slices, a full disk, snapshots. */
#include "fixture.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "engine/engine.h"

#define DOC "{\"ids\":[],\"seen\":{\"\":1}}"

static struct engine *start(struct fixture *f, size_t queue_max, bool search)
{
	struct engine_settings settings = {.path = f->path,
					   .clock = clock_system(),
					   .readers = 2,
					   .queue_max = queue_max,
					   .cache_kib = 1024,
					   .search = search};
	struct engine *engine = NULL;

	OK(f, engine_create(&settings, &engine, &f->err));
	return engine;
}

/* A job that some thread waits for. */
struct work {
	struct engine_job job; /* first: the engine hands this back */
	int number;            /* which lead it is about */
	struct engine *engine;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool is_done, is_running, may_go_on;
	int64_t seen[2]; /* what a reading job found, before and after it was held up */
	int pieces;      /* of a slice */
};

static void done(struct engine_job *job)
{
	struct work *work = (struct work *)job;

	pthread_mutex_lock(&work->lock);
	work->is_done = true;
	pthread_cond_broadcast(&work->changed);
	pthread_mutex_unlock(&work->lock);
}

static void work_init(struct work *work, int number,
		      enum err_code (*run)(struct engine_job *, struct txn *, struct err *))
{
	*work = (struct work){.job = {.run = run, .done = done}, .number = number};
	pthread_mutex_init(&work->lock, NULL);
	pthread_cond_init(&work->changed, NULL);
}

static void work_release(struct work *work)
{
	pthread_cond_destroy(&work->changed);
	pthread_mutex_destroy(&work->lock);
}

static void wait_for(struct work *work, const bool *what)
{
	pthread_mutex_lock(&work->lock);
	while (!*what)
		pthread_cond_wait(&work->changed, &work->lock);
	pthread_mutex_unlock(&work->lock);
}

static void set(struct work *work, bool *what)
{
	pthread_mutex_lock(&work->lock);
	*what = true;
	pthread_cond_broadcast(&work->changed);
	pthread_mutex_unlock(&work->lock);
}

/* One lead and its identifier, which says the number. */
static enum err_code insert_lead(struct txn *txn, int number, struct err *err)
{
	struct lead_row lead = {.workspace = 1,
				.id = uuid_make(&txn->ids),
				.created_ms = txn->now_ms,
				.doc = TEXT(DOC)};
	char address[40];

	snprintf(address, sizeof address, "lead-%d@example.com", number);
	struct identifier_key key = fixture_key(address);

	if (txn_touch(txn, err) != ERR_OK || txn_next_lead(txn, 1, &lead.no, err) != ERR_OK ||
	    leads_insert(txn, &lead, err) != ERR_OK)
		return err->code;
	return leads_claim(txn, 1, &key, lead.no, err);
}

static enum err_code run_insert(struct engine_job *job, struct txn *txn, struct err *err)
{
	return insert_lead(txn, ((struct work *)job)->number, err);
}

static enum err_code run_insert_and_fail(struct engine_job *job, struct txn *txn, struct err *err)
{
	if (insert_lead(txn, ((struct work *)job)->number, err) != ERR_OK)
		return err->code;
	return err_set(err, ERR_IDENTITY_CONFLICT, "", "refused");
}

/* Hold the writer or a reader until the test lets it go on. */
static enum err_code run_and_hold(struct engine_job *job, struct txn *txn, struct err *err)
{
	struct work *work = (struct work *)job;

	(void)txn;
	(void)err;
	set(work, &work->is_running);
	wait_for(work, &work->may_go_on);
	return ERR_OK;
}

static bool is_there(struct fixture *f, int number)
{
	char address[40];
	int64_t owner;

	snprintf(address, sizeof address, "lead-%d@example.com", number);
	struct identifier_key key = fixture_key(address);

	OK(f, leads_owner(f->db, 1, &key, &owner, &f->err));
	return owner != 0;
}

static int64_t count_leads(struct fixture *f, struct db *db)
{
	const struct leads_walk walk = {.workspace = 1};
	struct leads_rows page = {.rows = calloc(2000, sizeof *page.rows), .limit = 2000};

	assert_non_null(page.rows);
	OK(f, leads_page_upward(db, &f->arena, &walk, &page, &f->err));
	free(page.rows);
	return (int64_t)page.count;
}

enum { THREADS = 8, WRITES_EACH = 50 };

struct writer_thread {
	struct engine *engine;
	pthread_t thread;
	int first;
	int stored;
};

static void *write_many(void *state)
{
	struct writer_thread *thread = state;
	struct err err;

	for (int i = 0; i < WRITES_EACH; i++) {
		struct work work;

		/* Every fifth is refused after it has written. */
		work_init(&work, thread->first + i, i % 5 == 4 ? run_insert_and_fail : run_insert);
		if (engine_write(thread->engine, &work.job, &err) == ERR_OK) {
			wait_for(&work, &work.is_done);
			thread->stored += work.job.err.code == ERR_OK;
		}
		work_release(&work);
	}
	return NULL;
}

static void many_threads_write_and_all_of_it_is_there(void **state)
{
	struct fixture *f = *state;
	struct engine *engine = start(f, 1000, true);
	struct writer_thread threads[THREADS];
	struct engine_figures figures;
	int stored = 0;

	for (int i = 0; i < THREADS; i++) {
		threads[i] = (struct writer_thread){.engine = engine, .first = i * WRITES_EACH};
		assert_int_equal(pthread_create(&threads[i].thread, NULL, write_many, &threads[i]),
				 0);
	}
	for (int i = 0; i < THREADS; i++) {
		pthread_join(threads[i].thread, NULL);
		stored += threads[i].stored;
	}
	engine_figures(engine, &figures);
	assert_int_equal(figures.batched_writes, THREADS * WRITES_EACH);
	assert_true(figures.batches <= figures.batched_writes);
	assert_int_equal(figures.writes_waiting, 0);
	engine_destroy(engine);

	f->db = fixture_open(f, DB_WRITE, 0);
	assert_int_equal(stored, THREADS * WRITES_EACH * 4 / 5);
	assert_int_equal(count_leads(f, f->db), stored);
	for (int i = 0; i < THREADS * WRITES_EACH; i++)
		assert_int_equal(is_there(f, i), i % 5 != 4);
}

static void a_failed_job_leaves_its_neighbours(void **state)
{
	struct fixture *f = *state;
	struct engine *engine = start(f, 1000, false);
	struct engine_figures before, after;
	struct work hold, work[3];

	engine_figures(engine, &before);
	/* Whatever waits behind the one that holds the writer is committed together. */
	work_init(&hold, 0, run_and_hold);
	OK(f, engine_write(engine, &hold.job, &f->err));
	wait_for(&hold, &hold.is_running);
	for (int i = 0; i < 3; i++) {
		work_init(&work[i], i, i == 1 ? run_insert_and_fail : run_insert);
		OK(f, engine_write(engine, &work[i].job, &f->err));
	}
	set(&hold, &hold.may_go_on);
	for (int i = 0; i < 3; i++)
		wait_for(&work[i], &work[i].is_done);
	engine_figures(engine, &after);
	assert_int_equal(after.batches - before.batches, 2);
	assert_int_equal(work[0].job.err.code, ERR_OK);
	assert_int_equal(work[1].job.err.code, ERR_IDENTITY_CONFLICT);
	assert_string_equal(work[1].job.err.message, "refused");
	assert_int_equal(work[2].job.err.code, ERR_OK);
	engine_destroy(engine);

	f->db = fixture_open(f, DB_WRITE, 0);
	assert_true(is_there(f, 0));
	assert_false(is_there(f, 1));
	assert_true(is_there(f, 2));
	assert_int_equal(count_leads(f, f->db), 2);
	work_release(&hold);
	for (int i = 0; i < 3; i++)
		work_release(&work[i]);
}

static void a_full_queue_answers_busy(void **state)
{
	struct fixture *f = *state;
	struct engine *engine = start(f, 2, false);
	struct engine_figures figures;
	struct work hold, work[3];

	work_init(&hold, 0, run_and_hold);
	OK(f, engine_write(engine, &hold.job, &f->err));
	wait_for(&hold, &hold.is_running);
	for (int i = 0; i < 3; i++)
		work_init(&work[i], i, run_insert);
	OK(f, engine_write(engine, &work[0].job, &f->err));
	OK(f, engine_write(engine, &work[1].job, &f->err));
	EXPECT(f, ERR_BUSY, engine_write(engine, &work[2].job, &f->err));
	engine_figures(engine, &figures);
	assert_int_equal(figures.writes_waiting, 2);
	assert_int_equal(figures.refused_busy, 1);
	set(&hold, &hold.may_go_on);
	/* What was queued is finished even when the end comes first. */
	engine_destroy(engine);
	assert_true(work[0].is_done);
	assert_true(work[1].is_done);
	assert_false(work[2].is_done);
	f->db = fixture_open(f, DB_WRITE, 0);
	assert_true(is_there(f, 1));
	assert_false(is_there(f, 2));
	work_release(&hold);
	for (int i = 0; i < 3; i++)
		work_release(&work[i]);
}

static void a_full_queue_of_reads_answers_busy(void **state)
{
	struct fixture *f = *state;
	struct engine *engine = start(f, 1, false);
	struct work hold[2], work[2];

	for (int i = 0; i < 2; i++) {
		work_init(&hold[i], 0, run_and_hold);
		work_init(&work[i], 0, run_and_hold);
		work[i].may_go_on = true;
	}
	for (int i = 0; i < 2; i++) {
		OK(f, engine_read(engine, &hold[i].job, &f->err));
		wait_for(&hold[i], &hold[i].is_running);
	}
	OK(f, engine_read(engine, &work[0].job, &f->err));
	EXPECT(f, ERR_BUSY, engine_read(engine, &work[1].job, &f->err));
	for (int i = 0; i < 2; i++)
		set(&hold[i], &hold[i].may_go_on);
	wait_for(&work[0], &work[0].is_done);
	engine_destroy(engine);
	for (int i = 0; i < 2; i++) {
		work_release(&hold[i]);
		work_release(&work[i]);
	}
}

/* Background work without end: it stops when it is told to. */
static enum err_code run_slice(struct engine_job *job, struct txn *txn, struct err *err)
{
	struct work *work = (struct work *)job;

	while (!engine_should_yield(work->engine)) {
		set(work, &work->is_running);
		if (insert_lead(txn, 1000 + work->pieces, err) != ERR_OK)
			return err->code;
		work->pieces++;
	}
	return ERR_OK;
}

static void *run_slices(void *state)
{
	struct work *work = state;
	struct err err;

	while (work->pieces < 200) {
		if (engine_run_slice(work->engine, &work->job, &err) != ERR_OK)
			break;
	}
	return NULL;
}

static void slices_yield_and_are_committed(void **state)
{
	struct fixture *f = *state;
	struct engine *engine = start(f, 1000, false);
	struct work slice, work;
	pthread_t thread;

	work_init(&slice, 0, run_slice);
	slice.engine = engine;
	assert_int_equal(pthread_create(&thread, NULL, run_slices, &slice), 0);
	wait_for(&slice, &slice.is_running);
	/* A write goes through while the background work is at it. */
	work_init(&work, 1, run_insert);
	OK(f, engine_write(engine, &work.job, &f->err));
	wait_for(&work, &work.is_done);
	assert_int_equal(work.job.err.code, ERR_OK);
	pthread_join(thread, NULL);
	assert_int_equal(slice.job.err.code, ERR_OK);
	engine_destroy(engine);

	f->db = fixture_open(f, DB_WRITE, 0);
	assert_true(slice.pieces >= 200);
	assert_true(is_there(f, 1));
	assert_true(is_there(f, 1000));
	assert_true(is_there(f, 1000 + slice.pieces - 1));
	work_release(&slice);
	work_release(&work);
}

static enum err_code run_failing_slice(struct engine_job *job, struct txn *txn, struct err *err)
{
	(void)job;
	if (insert_lead(txn, 5000, err) != ERR_OK)
		return err->code;
	return err_set(err, ERR_INVALID_INPUT, "", "no");
}

static void a_failed_slice_leaves_nothing(void **state)
{
	struct fixture *f = *state;
	struct engine *engine = start(f, 1000, false);
	struct work slice;

	work_init(&slice, 0, run_failing_slice);
	EXPECT(f, ERR_INVALID_INPUT, engine_run_slice(engine, &slice.job, &f->err));
	engine_destroy(engine);
	f->db = fixture_open(f, DB_WRITE, 0);
	assert_false(is_there(f, 5000));
	work_release(&slice);
}

static enum err_code run_fill_disk(struct engine_job *job, struct txn *txn, struct err *err)
{
	(void)job;
	return db_script(txn->db, "PRAGMA max_page_count=1", err);
}

static enum err_code run_free_disk(struct engine_job *job, struct txn *txn, struct err *err)
{
	(void)job;
	return db_script(txn->db, "PRAGMA max_page_count=1000000", err);
}

/* More than is left of the disk. */
static enum err_code run_insert_many(struct engine_job *job, struct txn *txn, struct err *err)
{
	struct work *work = (struct work *)job;

	for (int i = 0; i < 2000; i++) {
		if (insert_lead(txn, work->number + i, err) != ERR_OK)
			return err->code;
	}
	return ERR_OK;
}

static enum err_code write_and_wait(struct fixture *f, struct engine *engine, struct work *work)
{
	OK(f, engine_write(engine, &work->job, &f->err));
	wait_for(work, &work->is_done);
	work_release(work);
	return work->job.err.code;
}

static void a_full_disk_refuses_and_leaves_nothing(void **state)
{
	struct fixture *f = *state;
	struct engine *engine = start(f, 1000, false);
	struct work hold, small[2], large, one;

	work_init(&one, 0, run_fill_disk);
	assert_int_equal(write_and_wait(f, engine, &one), ERR_OK);
	work_init(&hold, 0, run_and_hold);
	OK(f, engine_write(engine, &hold.job, &f->err));
	wait_for(&hold, &hold.is_running);
	work_init(&small[0], 1, run_insert);
	work_init(&large, 10000, run_insert_many);
	work_init(&small[1], 2, run_insert);
	OK(f, engine_write(engine, &small[0].job, &f->err));
	OK(f, engine_write(engine, &large.job, &f->err));
	OK(f, engine_write(engine, &small[1].job, &f->err));
	set(&hold, &hold.may_go_on);
	wait_for(&small[0], &small[0].is_done);
	wait_for(&large, &large.is_done);
	wait_for(&small[1], &small[1].is_done);
	assert_int_equal(large.job.err.code, ERR_STORAGE_FULL);

	/* With room again, everything goes on as before. */
	work_init(&one, 0, run_free_disk);
	assert_int_equal(write_and_wait(f, engine, &one), ERR_OK);
	work_init(&one, 3, run_insert);
	assert_int_equal(write_and_wait(f, engine, &one), ERR_OK);
	engine_destroy(engine);

	f->db = fixture_open(f, DB_WRITE, 0);
	assert_false(is_there(f, 10000));
	assert_true(is_there(f, 3));
	/* What was told to its caller is what is on disk. */
	for (int i = 0; i < 2; i++)
		assert_int_equal(is_there(f, i + 1), small[i].job.err.code == ERR_OK);
	work_release(&hold);
	work_release(&large);
	work_release(&small[0]);
	work_release(&small[1]);
}

static enum err_code run_count_twice(struct engine_job *job, struct txn *txn, struct err *err)
{
	struct work *work = (struct work *)job;
	struct arena arena;
	const struct leads_walk walk = {.workspace = 1};
	struct lead_row rows[8];
	struct leads_rows page = {.rows = rows, .limit = ARRAY_LEN(rows)};

	arena_init(&arena, 1024 * 1024);
	for (int i = 0; i < 2; i++) {
		if (leads_page_upward(txn->db, &arena, &walk, &page, err) != ERR_OK)
			return err->code;
		work->seen[i] = (int64_t)page.count;
		set(work, &work->is_running);
		wait_for(work, &work->may_go_on);
	}
	arena_release(&arena);
	return ERR_OK;
}

static void a_read_sees_one_moment(void **state)
{
	struct fixture *f = *state;
	struct engine *engine = start(f, 1000, false);
	struct work read, write, again;

	work_init(&read, 0, run_count_twice);
	OK(f, engine_read(engine, &read.job, &f->err));
	wait_for(&read, &read.is_running);
	work_init(&write, 1, run_insert);
	assert_int_equal(write_and_wait(f, engine, &write), ERR_OK);
	set(&read, &read.may_go_on);
	wait_for(&read, &read.is_done);
	assert_int_equal(read.job.err.code, ERR_OK);
	assert_int_equal(read.seen[0], 0);
	assert_int_equal(read.seen[1], 0);

	/* The next one sees what was written, on the caller's thread too. */
	work_init(&again, 0, run_count_twice);
	again.may_go_on = true;
	engine_read_here(engine, &again.job);
	assert_true(again.is_done);
	assert_int_equal(again.seen[0], 1);
	engine_destroy(engine);
	work_release(&read);
	work_release(&again);
}

static enum err_code run_forbidden_write(struct engine_job *job, struct txn *txn, struct err *err)
{
	(void)job;
	return insert_lead(txn, 1, err);
}

static void a_reader_cannot_write(void **state)
{
	struct fixture *f = *state;
	struct engine *engine = start(f, 1000, false);
	struct work read;

	work_init(&read, 0, run_forbidden_write);
	engine_read_here(engine, &read.job);
	assert_int_not_equal(read.job.err.code, ERR_OK);
	engine_destroy(engine);
	f->db = fixture_open(f, DB_WRITE, 0);
	assert_false(is_there(f, 1));
	work_release(&read);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FOLDER_TEST(many_threads_write_and_all_of_it_is_there),
		FOLDER_TEST(a_failed_job_leaves_its_neighbours),
		FOLDER_TEST(a_full_queue_answers_busy),
		FOLDER_TEST(a_full_queue_of_reads_answers_busy),
		FOLDER_TEST(slices_yield_and_are_committed),
		FOLDER_TEST(a_failed_slice_leaves_nothing),
		FOLDER_TEST(a_full_disk_refuses_and_leaves_nothing),
		FOLDER_TEST(a_read_sees_one_moment),
		FOLDER_TEST(a_reader_cannot_write),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
