/* The tables of imports: what is written is read, and each transition holds. */
#include "fixture.h"

#include "store/imports.h"

static struct import_row sample(struct fixture *fixture, int64_t workspace)
{
	return (struct import_row){.workspace = workspace,
				   .id = uuid_make(&fixture->txn.ids),
				   .name = TEXT("people.csv"),
				   .type = TEXT("csv"),
				   .dry_run = true,
				   .actor = 3,
				   .via = 1,
				   .file = TEXT("1-x.upload"),
				   .settings = TEXT("{\"source\":\"fair\"}"),
				   .columns = TEXT("[\"Email\"]"),
				   .created_ms = fixture->now_ms,
				   .bytes_total = 99};
}

static struct import_row insert(struct fixture *fixture, int64_t workspace)
{
	struct import_row row = sample(fixture, workspace), out;

	fixture_begin(fixture);
	OK(fixture, txn_touch(&fixture->txn, &fixture->err));
	OK(fixture, imports_insert(&fixture->txn, &row, &fixture->err));
	fixture_commit(fixture);
	OK(fixture,
	   imports_find(fixture->db, &fixture->arena, workspace, row.id, &out, &fixture->err));
	assert_true(out.no > 0);
	return out;
}

static void test_round_trip(void **state)
{
	struct fixture *fixture = *state;
	struct import_row row = insert(fixture, 4), out;

	assert_true(text_is(row.name, TEXT("people.csv")));
	assert_true(text_is(row.type, TEXT("csv")));
	assert_true(text_is(row.settings, TEXT("{\"source\":\"fair\"}")));
	assert_true(text_is(row.columns, TEXT("[\"Email\"]")));
	assert_true(text_is(row.file, TEXT("1-x.upload")));
	assert_true(row.dry_run);
	assert_int_equal(row.state, IMPORT_QUEUED);
	assert_int_equal(row.actor, 3);
	assert_int_equal(row.via, 1);
	assert_int_equal(row.rows_total, -1);
	assert_int_equal(row.bytes_total, 99);
	assert_int_equal(row.created_ms, fixture->now_ms);
	assert_null(row.error.ptr);
	OK(fixture, imports_find(fixture->db, &fixture->arena, 5, row.id, &out, &fixture->err));
	assert_int_equal(out.no, 0);
}

static void test_moves(void **state)
{
	struct fixture *fixture = *state;
	struct import_row row = insert(fixture, 4), out;

	row.state = IMPORT_FAILED;
	row.rows_total = 21;
	row.error = TEXT("why");
	row.counts = (struct import_counts){21, 98, {1, 2, 3, 4, 5, 6}, 7};
	row.updated_ms = row.created_ms + 5;
	fixture_begin(fixture);
	OK(fixture, txn_touch(&fixture->txn, &fixture->err));
	OK(fixture, imports_move(&fixture->txn, &row, &fixture->err));
	row.rows_total = 1; /* it is closed: nothing moves it any more */
	OK(fixture, imports_move(&fixture->txn, &row, &fixture->err));
	fixture_commit(fixture);
	OK(fixture, imports_find(fixture->db, &fixture->arena, 4, row.id, &out, &fixture->err));
	assert_int_equal(out.state, IMPORT_FAILED);
	assert_int_equal(out.rows_total, 21);
	assert_int_equal(out.updated_ms, row.updated_ms);
	assert_true(text_is(out.error, TEXT("why")));
	assert_memory_equal(&out.counts, &row.counts, sizeof out.counts);
}

/* An interrupted import comes before queued ones, and those oldest first. */
static void test_next_open(void **state)
{
	struct fixture *fixture = *state;
	struct import_row first = insert(fixture, 4), second = insert(fixture, 5), out;
	bool was_open;

	OK(fixture, imports_next_open(fixture->db, &fixture->arena, &out, &fixture->err));
	assert_int_equal(out.no, first.no);
	second.state = IMPORT_RUNNING;
	fixture_begin(fixture);
	OK(fixture, txn_touch(&fixture->txn, &fixture->err));
	OK(fixture, imports_move(&fixture->txn, &second, &fixture->err));
	fixture_commit(fixture);
	OK(fixture, imports_next_open(fixture->db, &fixture->arena, &out, &fixture->err));
	assert_int_equal(out.no, second.no);
	fixture_begin(fixture);
	OK(fixture, txn_touch(&fixture->txn, &fixture->err));
	OK(fixture, imports_cancel(&fixture->txn, 5, second.id, 1, &was_open, &fixture->err));
	assert_true(was_open);
	OK(fixture, imports_cancel(&fixture->txn, 5, second.id, 1, &was_open, &fixture->err));
	assert_false(was_open);
	OK(fixture, imports_cancel(&fixture->txn, 5, first.id, 1, &was_open, &fixture->err));
	assert_false(was_open);
	fixture_commit(fixture);
	OK(fixture, imports_next_open(fixture->db, &fixture->arena, &out, &fixture->err));
	assert_int_equal(out.no, first.no);
}

static void test_leftovers(void **state)
{
	struct fixture *fixture = *state;
	struct import_row row = insert(fixture, 4);
	struct text file;
	int64_t no;
	bool is_used;

	OK(fixture, imports_leftover(fixture->db, &fixture->arena, &no, &file, &fixture->err));
	assert_int_equal(no, 0);
	row.state = IMPORT_DONE;
	fixture_begin(fixture);
	OK(fixture, txn_touch(&fixture->txn, &fixture->err));
	OK(fixture, imports_move(&fixture->txn, &row, &fixture->err));
	OK(fixture, imports_leftover(fixture->db, &fixture->arena, &no, &file, &fixture->err));
	assert_int_equal(no, row.no);
	assert_true(text_is(file, row.file));
	OK(fixture, imports_has_file(fixture->db, row.file, &is_used, &fixture->err));
	assert_true(is_used);
	OK(fixture, imports_forget_file(&fixture->txn, no, &fixture->err));
	OK(fixture, imports_has_file(fixture->db, row.file, &is_used, &fixture->err));
	assert_false(is_used);
	OK(fixture, imports_leftover(fixture->db, &fixture->arena, &no, &file, &fixture->err));
	assert_int_equal(no, 0);
	fixture_commit(fixture);
}

/* Leads come once, at their first row; refused rows by outcome; clearing takes all away. */
static void test_results(void **state)
{
	struct fixture *fixture = *state;
	struct import_row import = insert(fixture, 4);
	struct imports_rows_walk walk = {.workspace = 4,
					 .import_no = import.no,
					 .outcome = -1,
					 .limit = 8};
	struct import_result out[8];
	struct import_lead leads[8];
	int64_t removed;
	size_t count;
	bool is_touched;

	fixture_begin(fixture);
	OK(fixture, txn_touch(&fixture->txn, &fixture->err));
	int64_t a = fixture_add_lead(fixture, 4, STATUS_NEW, "{\"name\":\"A\"}");
	int64_t b = fixture_add_lead(fixture, 4, STATUS_NEW, "{\"name\":\"B\"}");
	const struct import_result results[] = {
		{1, IMPORT_CREATED, b, TEXT_NONE},   {2, IMPORT_INVALID, 0, TEXT("{\"n\":2}")},
		{3, IMPORT_UPDATED, a, TEXT_NONE},   {4, IMPORT_UNCHANGED, b, TEXT_NONE},
		{5, IMPORT_CONFLICT, 0, TEXT("{}")}, {6, IMPORT_SKIPPED, 0, TEXT("{}")},
	};

	for (size_t i = 0; i < ARRAY_LEN(results); i++)
		OK(fixture, imports_add_result(&fixture->txn, &import, &results[i], &fixture->err));
	OK(fixture, imports_touched(fixture->db, &import, b, &is_touched, &fixture->err));
	assert_true(is_touched);
	OK(fixture, imports_touched(fixture->db, &import, b + 1, &is_touched, &fixture->err));
	assert_false(is_touched);
	fixture_commit(fixture);
	OK(fixture,
	   imports_leads(fixture->db, &fixture->arena, &walk, leads, &count, &fixture->err));
	assert_int_equal(count, 2);
	assert_int_equal(leads[0].lead.no, b);
	assert_int_equal(leads[1].row, 3);
	OK(fixture,
	   imports_refused(fixture->db, &fixture->arena, &walk, out, &count, &fixture->err));
	assert_int_equal(count, 3);
	assert_true(text_is(out[0].detail, TEXT("{\"n\":2}")));
	walk.outcome = IMPORT_CONFLICT;
	OK(fixture,
	   imports_refused(fixture->db, &fixture->arena, &walk, out, &count, &fixture->err));
	assert_int_equal(count, 1);
	assert_int_equal(out[0].row, 5);
	fixture_begin(fixture);
	OK(fixture, txn_touch(&fixture->txn, &fixture->err));
	OK(fixture, imports_clear_results(&fixture->txn, &import, 4, &removed, &fixture->err));
	assert_int_equal(removed, 4);
	OK(fixture, imports_clear_results(&fixture->txn, &import, 4, &removed, &fixture->err));
	assert_int_equal(removed, 2);
	fixture_commit(fixture);
}

static void test_names(void **state)
{
	(void)state;
	for (int i = 0; i < IMPORT_STATE_COUNT; i++)
		assert_int_equal(imports_state_parse(text_of(imports_state_name((enum import_state)
											i))),
				 i);
	for (int i = 0; i < IMPORT_OUTCOME_COUNT; i++)
		assert_int_equal(imports_outcome_parse(
					 text_of(imports_outcome_name((enum import_outcome)i))),
				 i);
	assert_int_equal(imports_state_parse(TEXT("?")), IMPORT_STATE_COUNT);
	assert_int_equal(imports_outcome_parse(TEXT("")), IMPORT_OUTCOME_COUNT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(test_round_trip), FIXTURE_TEST(test_moves),
		FIXTURE_TEST(test_next_open),  FIXTURE_TEST(test_leftovers),
		FIXTURE_TEST(test_results),    FIXTURE_TEST(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
