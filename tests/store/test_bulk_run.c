/* command/bulk_run.c: slices of steps, refusals, a full disk, an end in between. */
#include "fixture.h"

#include <stdio.h>

#include "command/bulk_run.h"

#define DOC "{\"ids\":[],\"seen\":{\"\":1}}"
#define MANY 10000
#define PAGE 500

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

static enum err_code insert_lead(struct txn *txn, const char *doc, struct err *err)
{
	struct lead_row lead = {.workspace = 1,
				.id = uuid_make(&txn->ids),
				.created_ms = txn->now_ms,
				.doc = text_of(doc)};

	if (txn_touch(txn, err) != ERR_OK || txn_next_lead(txn, 1, &lead.no, err) != ERR_OK)
		return err->code;
	return leads_insert(txn, &lead, err);
}

/* Numbers 3, 13, 23 … refuse after they wrote, 4 … are gone, 5 … are as they should be. */
static enum err_code step(void *state, struct txn *txn, struct arena *arena, int64_t number,
			  struct bulk_step *out, struct err *err)
{
	(void)state;
	(void)arena;
	memcpy(out->id.bytes, &number, sizeof number);
	if (number % 10 == 4)
		return ERR_OK;
	out->result = number % 10 == 5 ? BULK_UNCHANGED : BULK_CHANGED;
	if (number % 10 == 5)
		return ERR_OK;
	if (insert_lead(txn, DOC, err) != ERR_OK)
		return err->code;
	return number % 10 == 3
		       ? err_set(err, ERR_INVALID_INPUT, "", "%lld will not", (long long)number)
		       : ERR_OK;
}

static int64_t *numbers(struct fixture *f, size_t count)
{
	int64_t *all = arena_zero(&f->arena, count, sizeof *all);

	assert_non_null(all);
	for (size_t i = 0; i < count; i++)
		all[i] = (int64_t)i;
	return all;
}

static size_t count_leads(struct fixture *f)
{
	struct leads_walk walk = {.workspace = 1};
	struct lead_row rows[PAGE];
	struct leads_rows page = {.rows = rows, .limit = PAGE, .count = PAGE};
	size_t count = 0;

	f->db = fixture_open(f, DB_WRITE, 0);
	while (page.count == PAGE) {
		arena_reset(&f->arena);
		OK(f, leads_page(f->db, &f->arena, &walk, &page, &f->err));
		count += page.count;
		walk.below = page.count ? rows[page.count - 1].no : 0;
	}
	return count;
}

static void every_step_is_run_once_and_refusals_leave_nothing(void **state)
{
	struct fixture *f = *state;
	struct bulk_run run = {.engine = start(f),
			       .numbers = numbers(f, MANY),
			       .count = MANY,
			       .done_max = 1000,
			       .step = step};

	OK(f, bulk_run_all(&run, &f->err));
	assert_int_equal(run.at, MANY);
	assert_int_equal(run.results[BULK_REFUSED], MANY / 10);
	assert_int_equal(run.results[BULK_GONE], MANY / 10);
	assert_int_equal(run.results[BULK_UNCHANGED], MANY / 10);
	assert_int_equal(run.results[BULK_CHANGED], MANY / 10 * 7);
	assert_int_equal(run.done_count, 1000);
	for (size_t i = 0, number = 0; i < run.done_count; i++, number++) {
		while (number % 10 == 3 || number % 10 == 4)
			number++;
		assert_memory_equal(run.done[i].bytes, &number, sizeof number);
	}
	for (int64_t i = 0; i < BULK_REASONS_MAX; i++) {
		const int64_t number = i * 10 + 3;

		assert_memory_equal(run.why_id[i].bytes, &number, sizeof number);
		assert_non_null(strstr(run.why[i].message, "will not"));
	}
	bulk_run_release(&run);
	engine_destroy(run.engine);
	assert_int_equal(count_leads(f), MANY / 10 * 7);
}

/* About a page of the database each, until there are no more. */
static enum err_code fill(void *state, struct txn *txn, struct arena *arena, int64_t number,
			  struct bulk_step *out, struct err *err)
{
	static char doc[4096];

	(void)state;
	(void)arena;
	if (number == 0 && db_script(txn->db, "PRAGMA max_page_count=8000", err) != ERR_OK)
		return err->code;
	snprintf(doc, sizeof doc, "{\"ids\":[],\"name\":\"%3500s\",\"seen\":{}}", "x");
	out->result = BULK_CHANGED;
	return insert_lead(txn, doc, err);
}

static void a_full_disk_ends_it_and_what_was_done_stays(void **state)
{
	struct fixture *f = *state;
	struct bulk_run run = {.engine = start(f),
			       .numbers = numbers(f, MANY),
			       .count = MANY,
			       .done_max = MANY,
			       .step = fill};

	EXPECT(f, ERR_STORAGE_FULL, bulk_run_all(&run, &f->err));
	engine_destroy(run.engine);
	assert_true(run.at > 0 && run.at < MANY);
	assert_int_equal(run.results[BULK_CHANGED], run.at);
	assert_int_equal(run.done_count, run.at);
	bulk_run_release(&run);
	assert_int_equal(count_leads(f), run.at);
}

static void it_ends_when_galena_stops(void **state)
{
	struct fixture *f = *state;
	struct bulk_run run = {.engine = start(f),
			       .numbers = numbers(f, 10),
			       .count = 10,
			       .step = step};

	engine_stop_long(run.engine);
	EXPECT(f, ERR_BUSY, bulk_run_all(&run, &f->err));
	assert_int_equal(run.at, 0);
	bulk_run_release(&run);
	engine_destroy(run.engine);
	assert_int_equal(count_leads(f), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FOLDER_TEST(every_step_is_run_once_and_refusals_leave_nothing),
		FOLDER_TEST(a_full_disk_ends_it_and_what_was_done_stays),
		FOLDER_TEST(it_ends_when_galena_stops),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
