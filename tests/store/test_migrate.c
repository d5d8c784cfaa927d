/* store/migrate.c: what runs, what is refused, and what a failure leaves. */
#include "fixture.h"

#include "store/migrate.h"

static const struct migration one[] = {{1, "0001_one", "CREATE TABLE one (a INTEGER)"}};
static const struct migration two[] =
	{{1, "0001_one", "CREATE TABLE one (a INTEGER)"},
	 {2, "0002_two", "CREATE TABLE two (a INTEGER); INSERT INTO two VALUES (2)"}};
static const struct migration edited[] = {{1, "0001_one", "CREATE TABLE one (a TEXT)"}};
static const struct migration damaged[] =
	{{1, "0001_one", "CREATE TABLE one (a INTEGER)"},
	 {2, "0002_bad", "CREATE TABLE two (a INTEGER); CREATE TABLE one (a INTEGER)"}};

static size_t run(struct fixture *f, const struct migration *rows, size_t count)
{
	size_t ran = 77;

	OK(f, migrate_run(f->db, rows, count, f->now_ms, &ran, &f->err));
	return ran;
}

static void only_what_is_missing_runs(void **state)
{
	struct fixture *f = *state;

	f->db = fixture_open(f, DB_WRITE, 0);
	assert_int_equal(run(f, one, 1), 1);
	assert_int_equal(run(f, one, 1), 0);
	assert_int_equal(run(f, two, 2), 1);
	assert_int_equal(run(f, two, 2), 0);
	OK(f, db_script(f->db, "INSERT INTO one SELECT a FROM two", &f->err));
}

static void a_released_migration_that_was_edited_is_refused(void **state)
{
	struct fixture *f = *state;
	size_t ran;

	f->db = fixture_open(f, DB_WRITE, 0);
	assert_int_equal(run(f, one, 1), 1);
	EXPECT(f, ERR_INTERNAL, migrate_run(f->db, edited, 1, f->now_ms, &ran, &f->err));
	assert_non_null(strstr(f->err.message, "0001_one"));
}

static void a_newer_database_is_refused(void **state)
{
	struct fixture *f = *state;
	size_t ran;

	f->db = fixture_open(f, DB_WRITE, 0);
	assert_int_equal(run(f, two, 2), 2);
	EXPECT(f, ERR_INTERNAL, migrate_run(f->db, one, 1, f->now_ms, &ran, &f->err));
	assert_non_null(strstr(f->err.message, "newer"));
}

static void a_failed_migration_leaves_the_schema_as_it_was(void **state)
{
	struct fixture *f = *state;
	size_t ran;

	f->db = fixture_open(f, DB_WRITE, 0);
	assert_int_equal(run(f, one, 1), 1);
	EXPECT(f, ERR_INTERNAL, migrate_run(f->db, damaged, 2, f->now_ms, &ran, &f->err));
	EXPECT(f, ERR_INTERNAL, db_script(f->db, "SELECT * FROM two", &f->err));
	assert_int_equal(run(f, two, 2), 1);
}

/* The real ones make a database that a program can open twice, and read without writing. */
static void the_schema_is_sound(void **state)
{
	struct fixture *f = *state;
	struct text verdict;
	size_t ran;

	OK(f, migrate_run(f->db, migrations_sqlite, migrations_sqlite_count, f->now_ms, &ran,
			  &f->err));
	assert_int_equal(ran, 0);
	OK(f, db_verify(f->db, &f->arena, &verdict, &f->err));
	assert_string_equal(verdict.ptr, "ok");
	struct db *reader = fixture_open(f, DB_READ, 0);

	for (int query = 0; query < QUERY_COUNT; query++) {
		static const enum query others[] = {QUERY_BEGIN_READ,
						    QUERY_BEGIN_WRITE,
						    QUERY_COMMIT,
						    QUERY_MARK,
						    QUERY_MARK_KEEP,
						    QUERY_MARK_UNDO,
						    QUERY_SEARCH_PROGRESS_SET,
						    QUERY_SEARCH_PUT,
						    QUERY_SEARCH_PROGRESS,
						    QUERY_SEARCH_DROP,
						    QUERY_SEARCH_FIND,
						    QUERY_SEARCH_MERGE};
		bool other = false, found;

		for (size_t i = 0; i < ARRAY_LEN(others); i++)
			other |= others[i] == (enum query)query;
		if (other)
			continue;
		/* Every statement fits the schema: at most it may not write, or wants a limit.
		 * The others are for transactions, or for the index. */
		struct db_row *row = db_query(reader, (enum query)query);

		if (db_step(row, &found, &f->err) != ERR_OK && strstr(f->err.detail, "(1):"))
			fail_msg("%s", f->err.detail);
		db_end(row);
	}
	db_destroy(reader);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FOLDER_TEST(only_what_is_missing_runs),
		FOLDER_TEST(a_released_migration_that_was_edited_is_refused),
		FOLDER_TEST(a_newer_database_is_refused),
		FOLDER_TEST(a_failed_migration_leaves_the_schema_as_it_was),
		FIXTURE_TEST(the_schema_is_sound),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
