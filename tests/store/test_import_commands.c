/* import.create, import.list, import.preview and paging, without rows being at work. */
#include "import_rig.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command/import_file.h"

#define FILE_TEXT "Email,Who,Points\na@example.com,A,7\nb@example.com,B,8\n"

static const char *text_at(const json_t *object, const char *member)
{
	const char *text = json_string_value(json_object_get(object, member));

	return text ? text : "(none)";
}

static void test_create_refuses(void **state)
{
	struct import_rig *rig = *state;
	const char *list = "01a1f866-3e4f-7f24-8b50-7d9e1f3a4b52";

	import_rig_refuse(rig, "import.create", json_object(), ERR_INVALID_INPUT);
	import_rig_refuse(rig, "import.create",
			  json_pack("{s:s,s:s}", "content", FILE_TEXT, "upload_id", list),
			  ERR_INVALID_INPUT);
	import_rig_refuse(rig, "import.create", json_pack("{s:s}", "content", ""),
			  ERR_INVALID_INPUT);
	import_rig_refuse(rig, "import.create",
			  json_pack("{s:s}", "content", "Colour,Size\nred,1\n"), ERR_INVALID_INPUT);
	import_rig_refuse(rig, "import.create",
			  json_pack("{s:s,s:{s:s}}", "content", FILE_TEXT, "mapping", "Nobody",
				    "email"),
			  ERR_INVALID_INPUT);
	import_rig_refuse(rig, "import.create",
			  json_pack("{s:s,s:s}", "content", FILE_TEXT, "list_id", list),
			  ERR_LIST_NOT_FOUND);
	import_rig_refuse(rig, "import.create",
			  json_pack("{s:s,s:s}", "content", FILE_TEXT, "mission_id", list),
			  ERR_MISSION_NOT_FOUND);
	import_rig_refuse(rig, "import.create", json_pack("{s:s}", "upload_id", list),
			  ERR_INVALID_INPUT);
	import_rig_refuse(rig, "import.create",
			  json_pack("{s:s}", "upload_id", "../../../etc/passwd"),
			  ERR_INVALID_INPUT);
	import_rig_refuse(rig, "import.get", json_pack("{s:s}", "import_id", list),
			  ERR_IMPORT_NOT_FOUND);
	/* What was refused left no file: the teardown removes the folder, which must be empty. */
}

/* Put a file where uploads of `workspace` wait; its upload id. */
static void upload(struct import_rig *rig, int64_t workspace, struct import_file *file,
		   char id[UUID_TEXT_LEN + 1])
{
	struct uuid_maker maker;
	struct err err = {.code = ERR_OK};

	uuid_maker_init(&maker, clock_system());
	fixture_expect(&err, ERR_OK,
		       import_file_begin(rig->files, workspace, uuid_make(&maker), file, &err),
		       "begin", __LINE__);
	fixture_expect(&err, ERR_OK, import_file_add(file, TEXT(FILE_TEXT), &err), "add", __LINE__);
	fixture_expect(&err, ERR_OK, import_file_keep(file, &err), "keep", __LINE__);
	uuid_format(file->id, id);
}

/* An upload belongs to the workspace that sent it, and to one import. */
static void test_upload(void **state)
{
	struct import_rig *rig = *state;
	struct import_file own, other;
	struct stat st;
	char own_id[UUID_TEXT_LEN + 1], other_id[UUID_TEXT_LEN + 1];

	upload(rig, RIG_WORKSPACE, &own, own_id);
	upload(rig, RIG_WORKSPACE + 1, &other, other_id);
	assert_int_equal(stat(own.path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	import_rig_refuse(rig, "import.create", json_pack("{s:s}", "upload_id", other_id),
			  ERR_INVALID_INPUT);
	json_decref(import_rig_run(rig, "import.create", json_pack("{s:s}", "upload_id", own_id)));
	import_rig_refuse(rig, "import.create", json_pack("{s:s}", "upload_id", own_id),
			  ERR_STATE_CONFLICT);
	import_rig_finish(rig);
	assert_int_equal(import_rig_leads(rig), 2);
	import_rig_refuse(rig, "import.create", json_pack("{s:s}", "upload_id", own_id),
			  ERR_INVALID_INPUT);
	import_file_drop(&other);
}

/* An upload that nobody imported is removed after a day, and not before. */
static void test_forgotten_uploads(void **state)
{
	struct import_rig *rig = *state;
	struct import_file files[2];
	char id[UUID_TEXT_LEN + 1];
	struct timespec old[2] = {{.tv_sec = 1000}, {.tv_sec = 1000}};

	for (size_t i = 0; i < ARRAY_LEN(files); i++)
		upload(rig, 1, &files[i], id);
	assert_int_equal(utimensat(AT_FDCWD, files[0].path, old, 0), 0);
	import_rig_finish(rig);
	assert_int_equal(access(files[0].path, F_OK), -1);
	assert_int_equal(access(files[1].path, F_OK), 0);
	import_file_drop(&files[1]);
}

/* Source, tags, list and mapping reach every lead. */
static void test_settings(void **state)
{
	struct import_rig *rig = *state;
	json_t *made = import_rig_run(rig, "list.create", json_pack("{s:s}", "name", "Conference"));
	json_t *list = json_object_get(made, "list");
	const char *list_id = text_at(list, json_object_get(list, "list_id") ? "list_id" : "id");
	json_t *import =
		import_rig_import(rig, FILE_TEXT,
				  json_pack("{s:s,s:s,s:[s,s],s:s,s:{s:s,s:s}}", "name", "fair.csv",
					    "source", "fair", "tags", "x", "y", "list_id", list_id,
					    "mapping", "Who", "name", "Points", "score"));
	json_t *leads =
		import_rig_run(rig, "import.leads.list",
			       json_pack("{s:s}", "import_id", text_at(import, "import_id")));
	const json_t *lead = json_array_get(json_object_get(leads, "leads"), 0);
	json_t *found = import_rig_run(rig, "lead.search", json_pack("{s:s}", "list_id", list_id));

	assert_string_equal(text_at(import, "name"), "fair.csv");
	assert_string_equal(text_at(import, "type"), "csv");
	assert_string_equal(text_at(json_object_get(import, "metadata"), "source"), "fair");
	assert_string_equal(text_at(lead, "name"), "A");
	assert_int_equal(json_number_value(json_object_get(lead, "score")), 7);
	assert_int_equal(json_integer_value(json_object_get(found, "count")), 2);
	json_decref(found);
	json_decref(leads);
	json_decref(import);
	json_decref(made);
}

/* JSON rows: names of lead.upsert as they are, others by their meaning, and by the mapping. */
static void test_json_rows(void **state)
{
	struct import_rig *rig = *state;
	json_t *import = import_rig_import(
		rig,
		"{\"email\":\"a@example.com\",\"jobTitle\":\"Head\",\"metadata\":{\"k\":[1]}}\n"
		"{\"E-Mail\":\"b@example.com\",\"Vorname\":\"Bo\",\"x\":5}\n"
		"[1]\n"
		"{\"email\":\"c@example.com\",\"score\":\"many\"}\n"
		"{broken\n",
		json_pack("{s:{s:s}}", "mapping", "x", "metadata.age"));
	json_t *refused =
		import_rig_run(rig, "import.rows.list",
			       json_pack("{s:s}", "import_id", text_at(import, "import_id")));
	json_t *rows = json_object_get(refused, "rows");

	assert_string_equal(text_at(import, "type"), "ndjson");
	import_rig_expect(import, (const int64_t[]){2, 0, 0, 0, 3, 0});
	assert_int_equal(json_array_size(json_object_get(refused, "columns")), 0);
	assert_string_equal(text_at(json_array_get(rows, 1), "column"), "score");
	assert_string_equal(json_string_value(json_array_get(json_object_get(json_array_get(rows,
											    1),
									     "cells"),
							     0)),
			    "{\"email\":\"c@example.com\",\"score\":\"many\"}");
	json_decref(refused);
	json_decref(import);
}

static void test_preview(void **state)
{
	struct import_rig *rig = *state;
	json_t *preview = import_rig_run(
		rig, "import.preview",
		json_pack("{s:s,s:{s:s}}", "content",
			  "Email;Who;Unheard of\na@example.com;Ada;1\nnonsense;Bo;2\n", "mapping",
			  "Who", "name"));
	const json_t *columns = json_object_get(preview, "columns");
	const json_t *rows = json_object_get(preview, "rows");

	assert_string_equal(text_at(preview, "format"), "csv");
	assert_string_equal(text_at(preview, "delimiter"), ";");
	assert_string_equal(text_at(json_array_get(columns, 0), "target"), "email");
	assert_string_equal(text_at(json_array_get(columns, 1), "target"), "name");
	assert_true(json_is_null(json_object_get(json_array_get(columns, 2), "target")));
	assert_int_equal(json_integer_value(json_object_get(preview, "rows_seen")), 2);
	assert_string_equal(text_at(json_object_get(json_array_get(rows, 0), "values"), "name"),
			    "Ada");
	assert_int_equal(json_array_size(json_object_get(json_array_get(rows, 0), "problems")), 0);
	assert_int_equal(json_array_size(json_object_get(json_array_get(rows, 1), "problems")), 1);
	assert_int_equal(json_array_size(json_object_get(preview, "warnings")), 2);
	assert_int_equal(import_rig_leads(rig), 0);
	json_decref(preview);
}

static const char *target_of(const json_t *preview, size_t column)
{
	return text_at(json_array_get(json_object_get(preview, "columns"), column), "target");
}

/* Headers that tell nothing: the values do, in the preview as in the import. */
static void test_learned_columns(void **state)
{
	struct import_rig *rig = *state;
	const char *content = "Who,Link,Contact\n"
			      "A,https://www.linkedin.com/in/a-example,a@example.com\n"
			      "B,https://www.linkedin.com/in/b-example,b@example.com\n"
			      "C,https://www.linkedin.com/in/c-example,\n";
	json_t *preview =
		import_rig_run(rig, "import.preview", json_pack("{s:s}", "content", content));
	json_t *chosen =
		import_rig_run(rig, "import.preview",
			       json_pack("{s:s,s:{s:n}}", "content", content, "mapping", "Link"));
	json_t *import = import_rig_import(rig, content, NULL);
	json_t *leads =
		import_rig_run(rig, "import.leads.list",
			       json_pack("{s:s}", "import_id", text_at(import, "import_id")));
	const json_t *lead = json_array_get(json_object_get(leads, "leads"), 0);
	const json_t *row = json_array_get(json_object_get(preview, "rows"), 0);

	assert_string_equal(target_of(preview, 1), "linkedin_url");
	assert_string_equal(target_of(preview, 2), "email");
	assert_int_equal(json_integer_value(json_object_get(preview, "rows_seen")), 3);
	assert_string_equal(text_at(json_object_get(row, "values"), "email"), "a@example.com");
	assert_string_equal(target_of(chosen, 1), "(none)");
	import_rig_expect(import, (const int64_t[]){3, 0, 0, 0, 0, 0});
	assert_string_equal(text_at(lead, "linkedin_url"), "https://www.linkedin.com/in/a-example");
	assert_string_equal(text_at(lead, "email"), "a@example.com");
	json_decref(leads);
	json_decref(import);
	json_decref(chosen);
	json_decref(preview);
}

/* The same of JSON rows, where a member of lead.upsert's input tells more than any value. */
static void test_learned_keys(void **state)
{
	struct import_rig *rig = *state;
	json_t *import = import_rig_import(
		rig,
		"{\"page\":\"https://www.linkedin.com/in/a-example\",\"via\":\"x@example.com\"}\n"
		"{\"page\":\"https://www.linkedin.com/in/b-example\",\"via\":\"y@example.com\","
		"\"email\":\"b@example.com\"}\n",
		NULL);
	json_t *leads =
		import_rig_run(rig, "import.leads.list",
			       json_pack("{s:s}", "import_id", text_at(import, "import_id")));
	const json_t *list = json_object_get(leads, "leads");

	import_rig_expect(import, (const int64_t[]){2, 0, 0, 0, 0, 0});
	assert_string_equal(text_at(json_array_get(list, 0), "linkedin_url"),
			    "https://www.linkedin.com/in/a-example");
	assert_string_equal(text_at(json_array_get(list, 0), "email"), "(none)");
	assert_string_equal(text_at(json_array_get(list, 1), "email"), "b@example.com");
	json_decref(leads);
	json_decref(import);
}

/* A file of nobody is refused with the names of its columns and what to do, however many. */
static void test_nobody(void **state)
{
	struct import_rig *rig = *state;
	json_t *input = json_pack("{s:s}", "content",
				  "Colour,A header that is far too long to be shown,\"Größe, ca.\","
				  "d,e,f,g,h,i,j,k,l,m,n,o,p\nred,1,2\n");
	struct err err = {.code = ERR_OK};
	struct arena arena;
	struct call call = {.desk = rig->desk,
			    .arena = &arena,
			    .input = input,
			    .caller = {.workspace = RIG_WORKSPACE, .scopes = TEXT("*")}};

	arena_init(&arena, (size_t)64 * 1024 * 1024);
	assert_int_equal(dispatch_run(&call, TEXT("import.create"), &err), ERR_INVALID_INPUT);
	assert_string_equal(err.pointer, "/mapping");
	assert_non_null(strstr(err.message,
			       "The file has \"Colour\", \"A header that is far too long …\", "
			       "\"Größe, ca.\", \"d\", \"e\" and 11 more."));
	assert_non_null(strstr(err.message, "{\"COLUMN\": \"linkedin_url\"}, or add one."));
	arena_release(&arena);
	json_decref(input);
}

/* Page after page of leads and of refused rows is all of them, in the file's order. */
static void test_paging(void **state)
{
	struct import_rig *rig = *state;
	char content[8000] = "Email\n";
	size_t len = strlen(content);
	int64_t below = 0;

	for (int i = 0; i < 450; i++)
		len += (size_t)snprintf(content + len, sizeof content - len,
					i % 3 ? "%d@x.example\n" : "bad%d\n", i);
	json_t *import = import_rig_import(rig, content, NULL);
	const char *id = text_at(import, "import_id");
	json_t *all = import_rig_run(rig, "import.leads.list", json_pack("{s:s}", "import_id", id));
	json_t *rows = import_rig_run(rig, "import.rows.list",
				      json_pack("{s:s,s:i}", "import_id", id, "limit", 1000));
	json_t *few = import_rig_run(rig, "import.rows.list",
				     json_pack("{s:s,s:i,s:s}", "import_id", id, "limit", 2,
					       "cursor", "r4"));
	json_t *next = import_rig_run(rig, "import.leads.list",
				      json_pack("{s:s,s:i,s:s}", "import_id", id, "limit", 220,
						"cursor", "l3"));
	json_t *row;
	size_t i;

	import_rig_expect(import, (const int64_t[]){300, 0, 0, 0, 150, 0});
	assert_int_equal(json_array_size(json_object_get(all, "leads")), 300);
	assert_int_equal(json_array_size(json_object_get(rows, "rows")), 150);
	json_array_foreach(json_object_get(rows, "rows"), i, row)
	{
		assert_true(import_rig_count(row, "row") > below);
		below = import_rig_count(row, "row");
	}
	assert_int_equal(json_array_size(json_object_get(few, "rows")), 2);
	assert_int_equal(import_rig_count(json_array_get(json_object_get(few, "rows"), 0), "row"),
			 7);
	assert_int_equal(json_array_size(json_object_get(next, "leads")), 220);
	assert_string_equal(text_at(json_array_get(json_object_get(next, "leads"), 0), "email"),
			    "4@x.example");
	import_rig_refuse(rig, "import.leads.list",
			  json_pack("{s:s,s:s}", "import_id", id, "cursor", "r4"),
			  ERR_INVALID_INPUT);
	json_decref(next);
	json_decref(few);
	json_decref(rows);
	json_decref(all);
	json_decref(import);
}

/* Lists are newest first, and another workspace sees nothing. */
static void test_list(void **state)
{
	struct import_rig *rig = *state;
	json_t *first = import_rig_import(rig, FILE_TEXT, json_pack("{s:s}", "name", "1"));
	json_t *second = import_rig_import(rig, FILE_TEXT, json_pack("{s:s}", "name", "2"));
	json_t *page = import_rig_run(rig, "import.list", json_pack("{s:i}", "limit", 1));
	json_t *all = import_rig_run(rig, "import.list", json_pack("{s:s}", "state", "done"));
	json_t *none = import_rig_run_as(rig, RIG_WORKSPACE + 1, "import.list", json_object());
	const json_t *imports = json_object_get(page, "imports");

	assert_int_equal(json_array_size(imports), 1);
	assert_string_equal(text_at(json_array_get(imports, 0), "name"), "2");
	assert_int_equal(json_array_size(json_object_get(all, "imports")), 2);
	assert_int_equal(json_array_size(json_object_get(none, "imports")), 0);
	json_decref(none);
	json_decref(all);
	json_decref(page);
	json_decref(second);
	json_decref(first);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		RIG_TEST(test_create_refuses),
		RIG_TEST(test_upload),
		RIG_TEST(test_forgotten_uploads),
		RIG_TEST(test_settings),
		RIG_TEST(test_json_rows),
		RIG_TEST(test_preview),
		RIG_TEST(test_learned_columns),
		RIG_TEST(test_learned_keys),
		RIG_TEST(test_nobody),
		RIG_TEST(test_list),
		RIG_TEST(test_paging),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
