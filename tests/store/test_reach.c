/* engine_search_reach: readers of the search index see what was written before them. */
#include "fixture.h"

#include <jansson.h>
#include <semaphore.h>
#include <stdio.h>

#include "command/lead_select.h"
#include "store/accounts.h"

#define BUDGET_MS 5000 /* far more than is needed, however slow the machine */

static struct engine *start(struct fixture *f, bool search)
{
	struct engine_settings settings = {.path = f->path,
					   .clock = clock_system(),
					   .readers = 1,
					   .queue_max = 16,
					   .cache_kib = 512,
					   .search = search};
	struct engine *engine = NULL;

	OK(f, engine_create(&settings, &engine, &f->err));
	return engine;
}

/* A count on a reader's thread. */
struct counting {
	struct engine_job job; /* first: the engine hands this back */
	struct engine *engine;
	struct lead_select *select;
	struct arena *arena;
	int64_t total;
	bool behind;
	sem_t over;
};

static enum err_code run_count(struct engine_job *job, struct txn *txn, struct err *err)
{
	struct counting *counting = (struct counting *)job;

	if (engine_search_reach(counting->engine, txn, BUDGET_MS, &counting->behind, err) != ERR_OK)
		return err->code;
	return lead_select_count(counting->select, counting->arena, txn, &counting->total, err);
}

static void done_count(struct engine_job *job)
{
	sem_post(&((struct counting *)job)->over);
}

static int64_t count(struct fixture *f, struct engine *engine, const char *query)
{
	struct counting counting = {.job = {.run = run_count, .done = done_count},
				    .engine = engine,
				    .arena = &f->arena,
				    .behind = true};
	json_t *input = query ? json_pack("{s:s}", "query", query) : json_object();

	sem_init(&counting.over, 0, 0);
	OK(f, lead_select_parse(&f->arena, 1, input, &counting.select, &f->err));
	OK(f, engine_read(engine, &counting.job, &f->err));
	while (sem_wait(&counting.over) != 0)
		continue;
	sem_destroy(&counting.over);
	json_decref(input);
	fixture_expect(&counting.job.err, ERR_OK, counting.job.err.code, query ? query : "all",
		       __LINE__);
	assert_false(counting.behind);
	return counting.total;
}

static void add_workspace(struct fixture *f)
{
	struct workspace_row workspace = {.name = TEXT("One"), .created_ms = f->now_ms};
	int64_t number;

	fixture_begin(f);
	workspace.id = uuid_make(&f->txn.ids);
	OK(f, accounts_insert_workspace(&f->txn, &workspace, &number, &f->err));
	fixture_commit(f);
}

/* Each lead is counted as soon as it is on disk, although another program wrote it. */
static void expect_seen_at_once(struct fixture *f, struct engine *engine)
{
	char doc[100], word[16];

	for (int i = 1; i <= 30; i++) {
		snprintf(word, sizeof word, "ada%dx", i);
		snprintf(doc, sizeof doc, "{\"name\":\"%s\",\"ids\":[],\"seen\":{\"\":1}}", word);
		fixture_begin(f);
		fixture_add_lead(f, 1, STATUS_NEW, doc);
		fixture_commit(f);
		assert_int_equal(count(f, engine, NULL), i);
		assert_int_equal(count(f, engine, word), 1);
	}
}

static void a_reader_fills_in_what_the_thread_has_not_seen(void **state)
{
	struct fixture *f = *state;
	struct engine *engine;

	add_workspace(f);
	engine = start(f, true);
	expect_seen_at_once(f, engine);
	engine_destroy(engine);
}

static void without_a_thread_a_reader_does_it_all(void **state)
{
	struct fixture *f = *state;
	struct engine *engine;

	add_workspace(f);
	engine = start(f, false);
	expect_seen_at_once(f, engine);
	engine_destroy(engine);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(a_reader_fills_in_what_the_thread_has_not_seen),
		FIXTURE_TEST(without_a_thread_a_reader_does_it_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
