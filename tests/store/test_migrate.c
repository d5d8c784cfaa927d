/* store/migrate.c: what runs, what is refused, and what a failure leaves. */
#include "fixture.h"

#include "store/migrate.h"
#include "store/search.h"

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
/* Whether a statement fits the schema: at most it may not write, or wants a limit or a word. */
static bool fits(struct db *db, enum query query, struct err *err)
{
	struct db_row *row = db_query(db, query);
	bool found, ran = db_step(row, &found, err) == ERR_OK;

	db_end(row);
	return ran || !strstr(err->detail, "(1):") || strstr(err->detail, "fts5: syntax error");
}

static void the_schema_is_sound(void **state)
{
	static const enum query transactions[] = {QUERY_BEGIN_READ, QUERY_BEGIN_WRITE,
						  QUERY_COMMIT,     QUERY_MARK,
						  QUERY_MARK_KEEP,  QUERY_MARK_UNDO};
	struct fixture *f = *state;
	struct search *search;
	struct text verdict;
	size_t ran;

	OK(f, migrate_run(f->db, migrations_sqlite, migrations_sqlite_count, f->now_ms, &ran,
			  &f->err));
	assert_int_equal(ran, 0);
	OK(f, db_verify(f->db, &f->arena, &verdict, &f->err));
	assert_string_equal(verdict.ptr, "ok");
	struct db *reader = fixture_open(f, DB_READ, 0);

	OK(f, search_create(f->path, true, &f->clock, &search, &f->err));
	for (int query = 0; query < QUERY_COUNT; query++) {
		bool other = false;

		for (size_t i = 0; i < ARRAY_LEN(transactions); i++)
			other |= transactions[i] == (enum query)query;
		/* Every other statement is for the database or for the index beside it. */
		if (!other && !fits(reader, (enum query)query, &f->err) &&
		    !fits(search_db(search), (enum query)query, &f->err))
			fail_msg("%s", f->err.detail);
	}
	search_destroy(search);
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
