/* job/import_step.c: what it remembers from slice to slice, and when it must not. */
#include "fixture.h"

#include "job/import_step.h"

static const struct import_row import = {.workspace = 1};
static struct import_step step;

static void begin(struct fixture *f)
{
	fixture_begin(f);
	OK(f, import_step_begin(&step, &f->txn, &f->err));
}

/* A slice that remembers something, and ends. */
static void remember(struct fixture *f)
{
	OK(f, import_step_init(&step, &import, NULL, &f->err));
	begin(f);
	step.companies.hashes[5] = 5;
	fixture_add_lead(f, 1, STATUS_NEW, "{}");
	import_step_end(&step, &f->txn);
	fixture_commit(f);
}

/* Whether the next slice still knows it. */
static void expect_known(struct fixture *f, bool known)
{
	begin(f);
	assert_int_equal(step.companies.hashes[5], known ? 5 : 0);
	fixture_commit(f);
	import_step_release(&step);
}

static void the_next_slice_knows_what_the_last_one_did(void **state)
{
	struct fixture *f = *state;

	remember(f);
	expect_known(f, true);
}

static void somebody_else_wrote_on_this_connection(void **state)
{
	struct fixture *f = *state;

	remember(f);
	fixture_begin(f);
	fixture_add_lead(f, 1, STATUS_NEW, "{}");
	fixture_commit(f);
	expect_known(f, false);
}

static void another_program_wrote(void **state)
{
	struct fixture *f = *state;
	struct db *other;

	remember(f);
	other = fixture_open(f, DB_WRITE, 1000);
	OK(f, db_script(other, "INSERT INTO member_count VALUES (1, x'00', 0, 1)", &f->err));
	db_destroy(other);
	expect_known(f, false);
}

static void the_slice_was_lost(void **state)
{
	struct fixture *f = *state;

	remember(f);
	import_step_lost(&step);
	expect_known(f, false);
}

static void the_slice_did_not_end(void **state)
{
	struct fixture *f = *state;

	remember(f);
	begin(f);
	fixture_commit(f);
	expect_known(f, false);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(the_next_slice_knows_what_the_last_one_did),
		FIXTURE_TEST(somebody_else_wrote_on_this_connection),
		FIXTURE_TEST(another_program_wrote),
		FIXTURE_TEST(the_slice_was_lost),
		FIXTURE_TEST(the_slice_did_not_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
