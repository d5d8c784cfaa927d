/* Leads as files, and the same files imported again. */
#include "import_rig.h"

#include <stdlib.h>

#include "command/lead_export.h"

#define SCRATCH_BYTES_MAX ((size_t)64 * 1024 * 1024)

/* One export, page by page on a reader of the engine. */
struct job {
	struct engine_job job;
	struct lead_export export;
	struct arena scratch;
	struct buf out;
	int pages;
};

static enum err_code run_page(struct engine_job *job, struct txn *txn, struct err *err)
{
	struct job *mine = (struct job *)job;
	struct buf page;

	buf_init(&page, SCRATCH_BYTES_MAX);
	enum err_code code = lead_export_page(&mine->export, &mine->scratch, txn, &page, err);

	buf_add(&mine->out, buf_text(&page));
	buf_release(&page);
	mine->pages++;
	return code;
}

static void done_here(struct engine_job *job)
{
	(void)job;
}

/* The whole file, for the caller to free; *out_pages may be NULL. */
static char *export_all(struct import_rig *rig, struct lead_export_wish wish, int *out_pages)
{
	struct job job = {.job = {.run = run_page, .done = done_here}};
	struct err err = {.code = ERR_OK};

	fixture_expect(&err, ERR_OK, lead_export_init(&job.export, RIG_WORKSPACE, &wish, &err),
		       "lead_export_init", __LINE__);
	arena_init(&job.scratch, SCRATCH_BYTES_MAX);
	buf_init(&job.out, SCRATCH_BYTES_MAX);
	while (!job.export.is_ended) {
		engine_read_here(rig->engine, &job.job);
		fixture_expect(&job.job.err, ERR_OK, job.job.err.code, "page", __LINE__);
	}
	buf_add_char(&job.out, '\0');
	assert_false(job.out.failed);
	arena_release(&job.scratch);
	if (out_pages)
		*out_pages = job.pages;
	return job.out.ptr;
}

static int count_lines(const char *text)
{
	int count = 0;

	for (; *text; text++)
		count += *text == '\n';
	return count;
}

/* A lead of that input; its id, which the caller frees. */
static char *make_lead(struct import_rig *rig, const char *input)
{
	json_t *data = import_rig_run(rig, "lead.upsert", json_loads(input, 0, NULL));
	char *id = strdup(json_string_value(json_object_get(data, "lead_id")));

	assert_non_null(id);
	json_decref(data);
	return id;
}

static const char *const inputs[] = {
	"{\"email\":\"Ada@Example.com\",\"personal_email\":\"ada@example.org\","
	"\"first_name\":\"Ada\",\"last_name\":\"Example\",\"status\":\"Waiting\","
	"\"score\":12.5,\"is_flagged\":true,\"tags\":[\"a, b\",\"c;d\",\"e\"],"
	"\"metadata\":{\"k\":[1,{\"x\":null}],\"n\":\"+1\"},"
	"\"phone\":\"+49 30 123\",\"description\":\"two\\nlines, \\\"quoted\\\"\"}",
	"{\"custom_id\":\"=1\",\"external_ids\":[{\"source\":\"hubspot\",\"id\":\"40251\"}],"
	"\"name\":\"-n, =x\",\"company\":\"@Home\",\"tags\":[\"one, only\"],\"skills\":[\"C\"],"
	"\"experience\":[{\"role\":\"r\",\"company\":\"c\",\"duration\":\"1\"}]}",
	"{\"linkedin_url\":\"https://www.linkedin.com/in/j\xC3\xBCrgen-m\","
	"\"status\":\"DoNotContact\"}",
	"{\"linkedin_id\":\"123456789\",\"name\":\"Number Only\"}",
	"{\"email\":\"u@example.com\",\"linkedin_id\":\"urn:li:person:abc\"}",
	"{\"email\":\"+plus@example.com\",\"tags\":[\"x;y\"],\"title\":\"  trimmed  \"}",
};

static void make_leads(struct import_rig *rig)
{
	for (size_t i = 0; i < ARRAY_LEN(inputs); i++)
		free(make_lead(rig, inputs[i]));
}

static void test_ndjson_comes_back_unchanged(void **state)
{
	struct import_rig *rig = *state;

	make_leads(rig);
	char *file = export_all(rig, (struct lead_export_wish){.format = TEXT("ndjson")}, NULL);

	assert_int_equal(count_lines(file), ARRAY_LEN(inputs));
	/* What a lead is known by is all there, also where lead_id would find it alone. */
	assert_non_null(strstr(file, "\"linkedin_id\":\"123456789\""));
	assert_non_null(strstr(file, "\"linkedin_url\":\"urn:li:person:abc\""));
	assert_non_null(strstr(file, "{\"source\":\"hubspot\",\"id\":\"40251\"}"));
	/* Every line is an input of lead.upsert as it stands: the schema takes it. */
	struct text rest = text_of(file);

	while (rest.len > 0) {
		struct text line = text_split(rest, '\n', &rest);

		json_decref(import_rig_run(rig, "lead.upsert",
					   json_loadb(line.ptr, line.len, 0, NULL)));
	}
	char *again = export_all(rig, (struct lead_export_wish){.format = TEXT("ndjson")}, NULL);

	assert_string_equal(again, file);
	json_t *import = import_rig_import(rig, file, NULL);

	import_rig_expect(import, (int64_t[]){0, 0, ARRAY_LEN(inputs), 0, 0, 0});
	json_decref(import);
	free(again);
	free(file);
}

static void test_csv_comes_back_unchanged(void **state)
{
	struct import_rig *rig = *state;

	make_leads(rig);
	char *file = export_all(rig, (struct lead_export_wish){.format = TEXT_NONE}, NULL);
	json_t *import = import_rig_import(rig, file, NULL);

	import_rig_expect(import, (int64_t[]){0, 0, ARRAY_LEN(inputs), 0, 0, 0});
	json_decref(import);
	free(file);
}

static void test_csv_cells(void **state)
{
	struct import_rig *rig = *state;
	static const char *const parts[] = {
		"lead_id,name,first_name,last_name,email,",
		"\"two\nlines, \"\"quoted\"\"\"", /* RFC 4180 */
		",'+49 30 123,",                  /* no spreadsheet computes it */
		",\"'-n, =x\",",
		",'@Home,",
		",'=1,",
		",'+plus@example.com,",
		",\"\"\"a, b\"\",\"\"c;d\"\",\"\"e\"\"\",", /* tags with what separates tags */
		",\"{\"\"k\"\":[1,{\"\"x\"\":null}],\"\"n\"\":\"\"+1\"\"}\",",
		",Waiting,",
	};

	make_leads(rig);
	char *file = export_all(rig, (struct lead_export_wish){.format = TEXT("csv")}, NULL);

	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		if (!strstr(file, parts[i]))
			fail_msg("no %s in\n%s", parts[i], file);
	}
	assert_null(strchr(file, '\r'));
	free(file);
}

static void test_nothing_is_a_header(void **state)
{
	char *csv = export_all(*state, (struct lead_export_wish){.format = TEXT("csv")}, NULL);
	char *json = export_all(*state, (struct lead_export_wish){.format = TEXT("ndjson")}, NULL);

	assert_int_equal(count_lines(csv), 1);
	assert_string_equal(json, "");
	free(json);
	free(csv);
}

static void test_filters(void **state)
{
	struct import_rig *rig = *state;
	json_t *made = import_rig_run(rig, "list.create", json_pack("{s:s}", "name", "L"));
	const char *list = json_string_value(json_object_get(json_object_get(made, "list"), "id"));
	struct lead_export_wish wish = {.format = TEXT("ndjson"), .status = TEXT("Waiting")};

	make_leads(rig);
	json_decref(import_rig_run(rig, "lead.upsert",
				   json_pack("{s:s,s:s}", "email", "l@example.com", "list_id",
					     list)));
	char *waiting = export_all(rig, wish, NULL);

	wish = (struct lead_export_wish){.format = TEXT("ndjson"), .list_id = text_of(list)};
	char *listed = export_all(rig, wish, NULL);

	wish.status = TEXT("Waiting");
	char *both = export_all(rig, wish, NULL);

	assert_int_equal(count_lines(waiting), 1);
	assert_non_null(strstr(waiting, "\"first_name\":\"Ada\""));
	assert_int_equal(count_lines(listed), 1);
	assert_non_null(strstr(listed, "l@example.com"));
	assert_string_equal(both, "");
	free(both);
	free(listed);
	free(waiting);
	json_decref(made);
}

static void test_large_leads_make_pages(void **state)
{
	enum { LEADS = 300 };
	struct import_rig *rig = *state;
	char *description = malloc(5001);
	int pages;

	assert_non_null(description);
	memset(description, 'd', 5000);
	description[5000] = '\0';
	for (int i = 0; i < LEADS; i++)
		json_decref(import_rig_run(rig, "lead.upsert",
					   json_pack("{s:o,s:s}", "email",
						     json_sprintf("p%d@example.com", i),
						     "description", description)));
	char *file = export_all(rig, (struct lead_export_wish){.format = TEXT("csv")}, &pages);

	assert_int_equal(count_lines(file), LEADS + 1);
	assert_true(pages > 4); /* 1.5 MB in pages of 256 KiB */
	free(file);
	free(description);
}

static void test_other_workspaces_are_not_in_it(void **state)
{
	struct import_rig *rig = *state;

	json_decref(import_rig_run_as(rig, RIG_WORKSPACE + 1, "lead.upsert",
				      json_pack("{s:s}", "email", "other@example.com")));
	json_decref(import_rig_run_as(rig, RIG_WORKSPACE - 1, "lead.upsert",
				      json_pack("{s:s}", "email", "other@example.com")));
	char *file = export_all(rig, (struct lead_export_wish){.format = TEXT("ndjson")}, NULL);

	assert_string_equal(file, "");
	free(file);
}

static void test_wishes_nobody_can_fulfil(void **state)
{
	struct import_rig *rig = *state;
	struct job job = {.job = {.run = run_page, .done = done_here}};
	struct err err = {.code = ERR_OK};
	struct lead_export_wish list = {.list_id = TEXT("01a1f866-3e4f-7f24-8b50-7d9e1f3a4b52")};

	assert_int_equal(lead_export_init(&job.export, 1,
					  &(struct lead_export_wish){.format = TEXT("xml")}, &err),
			 ERR_INVALID_INPUT);
	assert_string_equal(err.pointer, "/format");
	assert_int_equal(lead_export_init(&job.export, 1,
					  &(struct lead_export_wish){.status = TEXT("waiting?")},
					  &err),
			 ERR_INVALID_INPUT);
	assert_int_equal(lead_export_init(&job.export, 1,
					  &(struct lead_export_wish){.list_id = TEXT("x")}, &err),
			 ERR_LIST_NOT_FOUND);
	fixture_expect(&err, ERR_OK, lead_export_init(&job.export, RIG_WORKSPACE, &list, &err),
		       "init", __LINE__);
	arena_init(&job.scratch, SCRATCH_BYTES_MAX);
	buf_init(&job.out, SCRATCH_BYTES_MAX);
	engine_read_here(rig->engine, &job.job);
	assert_int_equal(job.job.err.code, ERR_LIST_NOT_FOUND);
	arena_release(&job.scratch);
	buf_release(&job.out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		RIG_TEST(test_ndjson_comes_back_unchanged),
		RIG_TEST(test_csv_comes_back_unchanged),
		RIG_TEST(test_csv_cells),
		RIG_TEST(test_nothing_is_a_header),
		RIG_TEST(test_filters),
		RIG_TEST(test_large_leads_make_pages),
		RIG_TEST(test_other_workspaces_are_not_in_it),
		RIG_TEST(test_wishes_nobody_can_fulfil),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
