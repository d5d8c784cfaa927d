/* Imports as they run: counts, going on after a stop, cancelling, dry runs. */
#include "import_rig.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define FILE_BYTES_MAX ((size_t)4 * 1000 * 1000)

static const char *const bar_names[] = {"created_count",  "updated_count", "unchanged_count",
					"conflict_count", "invalid_count", "skipped_count",
					"total_leads"};

static void expect_text(const json_t *object, const char *member, const char *text)
{
	assert_string_equal(json_string_value(json_object_get(object, member)), text);
}

static char *read_sample(const char *path)
{
	FILE *file = fopen(path, "rb");
	char *bytes = calloc(1, FILE_BYTES_MAX);

	assert_non_null(file);
	assert_non_null(bytes);
	assert_true(fread(bytes, 1, FILE_BYTES_MAX - 1, file) > 0);
	fclose(file);
	return bytes;
}

static json_t *leads_of(struct import_rig *rig, const json_t *import)
{
	json_t *id = json_object_get(import, "import_id");

	return import_rig_run(rig, "import.leads.list", json_pack("{s:O}", "import_id", id));
}

static json_t *refused_of(struct import_rig *rig, const json_t *import)
{
	json_t *id = json_object_get(import, "import_id");

	return import_rig_run(rig, "import.rows.list", json_pack("{s:O}", "import_id", id));
}

/* Everything but skipped rows is a lead or refused; the same file again changes nothing. */
static void check_sample(struct import_rig *rig, const char *path, int64_t rows_min)
{
	char *content = read_sample(path);
	json_t *import = import_rig_import(rig, content, NULL);
	json_t *again = import_rig_import(rig, content, NULL);
	json_t *leads = leads_of(rig, import), *refused = refused_of(rig, import);
	int64_t rows = 0, bad;

	expect_text(import, "state", "done");
	for (int i = 0; i < 6; i++)
		rows += import_rig_count(import, bar_names[i]);
	bad = import_rig_count(import, "conflict_count") +
	      import_rig_count(import, "invalid_count") + import_rig_count(import, "skipped_count");
	assert_true(rows >= rows_min);
	assert_true(import_rig_count(import, "created_count") > rows_min / 2);
	assert_int_equal(json_array_size(json_object_get(leads, "leads")),
			 import_rig_count(import, "total_leads"));
	assert_int_equal(json_array_size(json_object_get(refused, "rows")), bad);
	assert_int_equal(import_rig_count(again, "created_count"), 0);
	assert_int_equal(import_rig_count(again, "total_leads"),
			 import_rig_count(import, "total_leads"));
	json_decref(refused);
	json_decref(leads);
	json_decref(again);
	json_decref(import);
	free(content);
}

static void test_samples(void **state)
{
	check_sample(*state, "samples/Connections.csv", 900);
	check_sample(*state, "samples/web-form.ndjson", 900);
}

static void test_sales_navigator(void **state)
{
	check_sample(*state, "samples/sales-navigator.csv", 900);
}

/* One person three times: made, made more complete, and nothing new. */
static void test_same_person(void **state)
{
	struct import_rig *rig = *state;
	json_t *import = import_rig_import(rig,
					   "Name,Email,Company,LinkedIn URL\n"
					   "Ada Example,ada@example.com,,\n"
					   "Ada Example,ADA@example.com,Works,"
					   "https://www.linkedin.com/in/ada-example\n"
					   ",,Works,https://linkedin.com/in/ada-example/\n"
					   "Bo Example,bo@example.com,,\n",
					   NULL);
	json_t *leads = leads_of(rig, import);
	const json_t *first = json_array_get(json_object_get(leads, "leads"), 0);

	import_rig_expect(import, (const int64_t[]){2, 1, 1, 0, 0, 0});
	assert_int_equal(import_rig_count(import, "total_leads"), 2);
	assert_int_equal(json_array_size(json_object_get(leads, "leads")), 2);
	expect_text(first, "company", "Works");
	expect_text(first, "linkedin_url", "https://www.linkedin.com/in/ada-example");
	json_decref(leads);
	json_decref(import);
}

/* Refused rows keep their cells and name the column; mended, they go in. */
static void test_refused_and_mended(void **state)
{
	struct import_rig *rig = *state;
	json_t *import = import_rig_import(rig,
					   "Name,Email,LinkedIn URL,Age\n"
					   "Ada,ada@example.com,,1\n"
					   "Bo,,https://www.linkedin.com/in/bo-example,2\n"
					   "Mix,ada@example.com,"
					   "https://www.linkedin.com/in/bo-example,3\n"
					   "Cy,not an address,,4\n"
					   ",,,\n"
					   "Dee,,,5\n",
					   NULL);
	json_t *refused = refused_of(rig, import);
	json_t *rows = json_object_get(refused, "rows");
	const json_t *mix = json_array_get(rows, 0), *cy = json_array_get(rows, 1);

	import_rig_expect(import, (const int64_t[]){2, 0, 0, 1, 2, 1});
	assert_int_equal(json_array_size(json_object_get(refused, "columns")), 4);
	expect_text(mix, "outcome", "conflict");
	expect_text(mix, "code", "IDENTITY_CONFLICT");
	assert_int_equal(import_rig_count(mix, "row"), 3);
	assert_int_equal(json_array_size(json_object_get(mix, "candidates")), 2);
	expect_text(cy, "column", "Email");
	assert_string_equal(json_string_value(json_array_get(json_object_get(cy, "cells"), 3)),
			    "4");
	expect_text(json_array_get(rows, 2), "outcome", "skipped");
	expect_text(json_array_get(rows, 3), "code", "IDENTIFIER_REQUIRED");
	json_t *mended = import_rig_import(rig,
					   "Name,Email,LinkedIn URL,Age\n"
					   "Mix,ada@example.com,,3\n"
					   "Cy,cy@example.com,,4\n",
					   NULL);

	import_rig_expect(mended, (const int64_t[]){1, 1, 0, 0, 0, 0});
	json_decref(mended);
	json_decref(refused);
	json_decref(import);
}

/* A file of `count` people; every tenth one is the person before again. */
static char *many_people(int count)
{
	char *bytes = calloc(1, FILE_BYTES_MAX);
	size_t len = 0;

	assert_non_null(bytes);
	len += (size_t)snprintf(bytes, FILE_BYTES_MAX, "Email,Name,Company\n");
	for (int i = 0; i < count; i++)
		len += (size_t)snprintf(bytes + len, FILE_BYTES_MAX - len,
					"p%d@example.com,Person %d,Company %d\n",
					i % 10 == 9 ? i - 1 : i, i, i % 97);
	assert_true(len < FILE_BYTES_MAX - 1);
	return bytes;
}

static char *begin_import(struct import_rig *rig, const char *content)
{
	json_t *made = import_rig_run(rig, "import.create", json_pack("{s:s}", "content", content));
	char *id = strdup(json_string_value(json_object_get(json_object_get(made, "import"),
							    "import_id")));

	assert_non_null(id);
	json_decref(made);
	return id;
}

/* Run the import until so many of its rows are stored, and stop there. */
static void run_until(struct import_rig *rig, const char *id, int64_t rows)
{
	struct importer *importer;
	struct err err = {.code = ERR_OK};
	int64_t done = 0;

	fixture_expect(&err, ERR_OK, importer_create(rig->desk, &importer, &err), "importer",
		       __LINE__);
	while (done < rows) {
		json_t *import = import_rig_get(rig, id);

		done = import_rig_count(json_object_get(import, "progress"), "rows_done");
		json_decref(import);
		sched_yield();
	}
	importer_destroy(importer);
}

static void test_goes_on_where_it_stopped(void **state)
{
	struct import_rig *rig = *state;
	char *content = many_people(60000);
	char *id = begin_import(rig, content);

	run_until(rig, id, 1);
	json_t *half = import_rig_get(rig, id);
	int64_t half_rows = import_rig_count(json_object_get(half, "progress"), "rows_done");

	expect_text(half, "state", "running");
	assert_true(half_rows > 0 && half_rows < 60000);
	assert_int_equal(import_rig_leads(rig), import_rig_count(half, "created_count"));
	import_rig_finish(rig);
	json_t *import = import_rig_get(rig, id);

	expect_text(import, "state", "done");
	import_rig_expect(import, (const int64_t[]){54000, 6000, 0, 0, 0, 0});
	assert_int_equal(import_rig_count(import, "total_leads"), 54000);
	assert_int_equal(import_rig_leads(rig), 54000);
	json_decref(import);
	json_decref(half);
	free(id);
	free(content);
}

/* `count` rows with a header that tells nothing; past the first 100, ten rows for each person. */
static char *people_by_link(int count)
{
	char *bytes = calloc(1, FILE_BYTES_MAX);
	size_t len = 0;

	assert_non_null(bytes);
	len += (size_t)snprintf(bytes, FILE_BYTES_MAX, "Name,Link\n");
	for (int i = 0; i < count; i++)
		len += (size_t)snprintf(bytes + len, FILE_BYTES_MAX - len,
					"Person,https://www.linkedin.com/in/p-%d\n",
					i < 100 ? i : i - i % 10);
	assert_true(len < FILE_BYTES_MAX - 1);
	return bytes;
}

/* Going on, a column is what it was at the start, whatever the rows there look like. */
static void test_goes_on_with_learned_columns(void **state)
{
	struct import_rig *rig = *state;
	char *content = people_by_link(50000);
	char *id = begin_import(rig, content);

	run_until(rig, id, 100);
	json_t *half = import_rig_get(rig, id);
	int64_t half_rows = import_rig_count(json_object_get(half, "progress"), "rows_done");

	expect_text(half, "state", "running");
	assert_true(half_rows >= 100 && half_rows < 50000);
	import_rig_finish(rig);
	json_t *import = import_rig_get(rig, id);

	expect_text(import, "state", "done");
	import_rig_expect(import, (const int64_t[]){5090, 0, 44910, 0, 0, 0});
	assert_int_equal(import_rig_leads(rig), 5090);
	json_decref(import);
	json_decref(half);
	free(id);
	free(content);
}

static void test_cancel(void **state)
{
	struct import_rig *rig = *state;
	char *content = many_people(60000);
	char *id = begin_import(rig, content);
	char *other = begin_import(rig, "Email\na@example.org\n");

	run_until(rig, id, 1);
	json_decref(import_rig_run(rig, "import.cancel", json_pack("{s:s}", "import_id", id)));
	json_decref(import_rig_run(rig, "import.cancel", json_pack("{s:s}", "import_id", other)));
	import_rig_refuse(rig, "import.cancel", json_pack("{s:s}", "import_id", id),
			  ERR_STATE_CONFLICT);
	import_rig_finish(rig);
	json_t *import = import_rig_get(rig, id);

	expect_text(import, "state", "cancelled");
	assert_true(import_rig_count(import, "created_count") < 54000);
	assert_int_equal(import_rig_leads(rig), import_rig_count(import, "created_count"));
	json_decref(import);
	free(other);
	free(id);
	free(content);
}

/* A file in which people meet each other: shared addresses, profiles and ids, and nonsense. */
static char *tangled_people(unsigned seed, int count)
{
	char *bytes = calloc(1, FILE_BYTES_MAX);
	size_t len = 0;

	assert_non_null(bytes);
	len += (size_t)snprintf(bytes, FILE_BYTES_MAX, "Email,LinkedIn URL,Name,Company,Phone\n");
	for (int i = 0; i < count; i++) {
		unsigned numbers[4];

		for (int k = 0; k < 4; k++) {
			seed = seed * 1103515245u + 12345u;
			numbers[k] = seed >> 8;
		}
		len += (size_t)snprintf(bytes + len, FILE_BYTES_MAX - len, "%s%.0u%s,%s%.0u,",
					numbers[0] % 4 ? "p" : "",
					numbers[0] % 4 ? 1 + numbers[0] % 150 : 0,
					numbers[0] % 4   ? "@example.com"
					: numbers[0] % 3 ? ""
							 : "oops",
					numbers[1] % 4 ? "https://www.linkedin.com/in/p-" : "",
					numbers[1] % 4 ? 1 + numbers[1] % 150 : 0);
		len += (size_t)snprintf(bytes + len, FILE_BYTES_MAX - len, "Person,C%u,%s\n",
					numbers[2] % 3, numbers[3] % 5 ? "" : "+49 30 1234567");
	}
	return bytes;
}

static void compare(const json_t *dry, const json_t *real)
{
	for (size_t i = 0; i < ARRAY_LEN(bar_names); i++)
		assert_int_equal(import_rig_count(dry, bar_names[i]),
				 import_rig_count(real, bar_names[i]));
}

/* What a dry run counts is what the real run then does, and the dry run changes nothing. */
static void test_dry_run_tells_the_truth(void **state)
{
	struct import_rig *rig = *state;

	for (unsigned seed = 1; seed <= 12; seed++) {
		char *content = tangled_people(seed, 700);
		const char *policy = seed % 2 ? "reject" : "prefer";
		int64_t before = import_rig_leads(rig);
		json_t *dry = import_rig_import(rig, content,
						json_pack("{s:b,s:s}", "dry_run", 1, "on_conflict",
							  policy));
		json_t *leads = leads_of(rig, dry), *dry_refused = refused_of(rig, dry);

		assert_int_equal(import_rig_leads(rig), before);
		assert_int_equal(json_array_size(json_object_get(leads, "leads")), 0);
		json_t *real =
			import_rig_import(rig, content, json_pack("{s:s}", "on_conflict", policy));
		json_t *refused = refused_of(rig, real);

		compare(dry, real);
		assert_true(import_rig_count(real, "invalid_count") > 0);
		assert_int_equal(json_array_size(json_object_get(dry_refused, "rows")),
				 json_array_size(json_object_get(refused, "rows")));
		json_decref(refused);
		json_decref(real);
		json_decref(dry_refused);
		json_decref(leads);
		json_decref(dry);
		free(content);
	}
}

/* A row that wrote and was then refused leaves no trace; the rows around it stay. */
static void test_late_refusal(void **state)
{
	struct import_rig *rig = *state;
	struct identifier_key key = fixture_key("late@example.com");
	struct db *db = fixture_open(rig->fixture, DB_WRITE, 5000);
	struct err err = {.code = ERR_OK};
	char sql[400], hex[2 * IDENTIFIER_KEY_LEN + 1];

	for (size_t i = 0; i < IDENTIFIER_KEY_LEN; i++)
		snprintf(hex + 2 * i, 3, "%02x", key.bytes[i]);
	snprintf(sql, sizeof sql,
		 "CREATE TRIGGER refuse BEFORE INSERT ON identifier WHEN NEW.key = x'%s' "
		 "BEGIN SELECT RAISE(ABORT, 'no'); END",
		 hex);
	fixture_expect(&err, ERR_OK, db_script(db, sql, &err), "trigger", __LINE__);
	json_t *import = import_rig_import(rig,
					   "Email,Name\n"
					   "a@example.com,A\n"
					   "late@example.com,Late\n"
					   "b@example.com,B\n"
					   "late@example.com,Late\n"
					   "a@example.com,A\n",
					   NULL);

	import_rig_expect(import, (const int64_t[]){2, 0, 1, 0, 2, 0});
	assert_int_equal(import_rig_leads(rig), 2);
	json_decref(import);
	db_destroy(db);
}

/* The file is gone: the import says so, and does not stay open. */
static void test_file_is_gone(void **state)
{
	struct import_rig *rig = *state;
	char *id = begin_import(rig, "Email\na@example.com\n");
	char command[300];
	json_t *import;

	snprintf(command, sizeof command, "%s/%d-%s.upload", rig->files, RIG_WORKSPACE, id);
	assert_int_equal(unlink(command), 0);
	import_rig_finish(rig);
	import = import_rig_get(rig, id);
	expect_text(import, "state", "failed");
	assert_non_null(strstr(json_string_value(json_object_get(import, "error")), "again"));
	json_decref(import);
	free(id);
}

/* More rows than go in one slice. */
static void test_deleted_lists_are_cleared(void **state)
{
	struct import_rig *rig = *state;
	struct fixture *f = rig->fixture;
	struct db *db = fixture_open(f, DB_WRITE, 5000);

	OK(f, db_script(db,
			"INSERT INTO list_gone VALUES (7, CAST('a-list-that-went' AS BLOB));"
			"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
			"WHERE i < 12000) INSERT INTO list_lead "
			"SELECT 7, CAST('a-list-that-went' AS BLOB), i FROM n;"
			"INSERT INTO list_lead VALUES (7, CAST('one-that-did-not' AS BLOB), 1)",
			&f->err));
	import_rig_finish(rig);
	OK(f, db_script(db,
			"CREATE TABLE one_left (n CHECK (n = 1)); INSERT INTO one_left SELECT "
			"(SELECT COUNT(*) FROM list_lead) + (SELECT COUNT(*) FROM list_gone)",
			&f->err));
	db_destroy(db);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		RIG_TEST(test_samples),
		RIG_TEST(test_sales_navigator),
		RIG_TEST(test_same_person),
		RIG_TEST(test_refused_and_mended),
		RIG_TEST(test_goes_on_where_it_stopped),
		RIG_TEST(test_goes_on_with_learned_columns),
		RIG_TEST(test_cancel),
		RIG_TEST(test_dry_run_tells_the_truth),
		RIG_TEST(test_late_refusal),
		RIG_TEST(test_file_is_gone),
		RIG_TEST(test_deleted_lists_are_cleared),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
