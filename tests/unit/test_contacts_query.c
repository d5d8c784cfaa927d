/* What clients of the contacts dialect ask a list for, as input of a command. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "json/parse.h"
#include "surface/contacts_query.h"

#define PAIRS_MAX 32

struct ask {
	struct arena arena;
	struct http_request request;
	struct http_pair pairs[PAIRS_MAX];
	struct contacts_query query;
	struct err err;
};

static struct ask the_ask;

static int setup(void **state)
{
	arena_init(&the_ask.arena, (size_t)4 << 20);
	*state = &the_ask;
	return 0;
}

static int teardown(void **state)
{
	arena_release(&((struct ask *)*state)->arena);
	return 0;
}

/* The query string as the server decodes it. */
static void ask_with(struct ask *ask, enum http_method method, const char *query)
{
	struct text rest = query[0] ? text_of(query) : TEXT_NONE;

	ask->request = (struct http_request){.arena = &ask->arena,
					     .method = method,
					     .query_pairs = ask->pairs};
	while (rest.ptr) {
		struct text value, pair = text_split(rest, '&', &rest);
		struct text name = text_split(pair, '=', &value);
		struct http_pair *at = &ask->pairs[ask->request.query_count++];

		assert_true(ask->request.query_count <= PAIRS_MAX);
		assert_true(http_request_decode(&ask->arena, name, true, &at->name));
		assert_true(http_request_decode(&ask->arena, value.ptr ? value : TEXT(""), true,
						&at->value));
	}
}

static enum err_code read_all(struct ask *ask, const char *body)
{
	json_error_t where;
	json_t *parsed = body ? json_loads(body, 0, &where) : NULL;
	enum err_code code;

	assert_true(!body || parsed);
	code = contacts_query_read(&ask->request, parsed, &contacts_query_leads, &ask->query,
				   &ask->err);
	json_decref(parsed);
	return code;
}

/* The command's input is the JSON `wanted`. */
static void expect(struct ask *ask, const char *wanted)
{
	json_error_t where;
	json_t *value = json_loads(wanted, 0, &where);
	char *made = json_dumps(ask->query.input, JSON_SORT_KEYS | JSON_COMPACT);

	assert_non_null(value);
	char *meant = json_dumps(value, JSON_SORT_KEYS | JSON_COMPACT);

	assert_string_equal(made, meant);
	free(made);
	free(meant);
	json_decref(value);
	contacts_query_release(&ask->query);
}

static void expect_get(const char *query, const char *wanted)
{
	ask_with(&the_ask, HTTP_GET, query);
	if (read_all(&the_ask, NULL) != ERR_OK)
		fail_msg("%s: %s", query, the_ask.err.message);
	expect(&the_ask, wanted);
}

static void expect_post(const char *body, const char *wanted)
{
	ask_with(&the_ask, HTTP_POST, "");
	if (read_all(&the_ask, body) != ERR_OK)
		fail_msg("%s: %s", body, the_ask.err.message);
	expect(&the_ask, wanted);
}

static void refuse_get(const char *query, const char *field)
{
	ask_with(&the_ask, HTTP_GET, query);
	assert_int_equal(read_all(&the_ask, NULL), ERR_INVALID_INPUT);
	assert_string_equal(the_ask.err.pointer, field);
	assert_true(the_ask.err.message[0] != '\0');
}

static void refuse_post(const char *body, const char *field)
{
	ask_with(&the_ask, HTTP_POST, "");
	assert_int_equal(read_all(&the_ask, body), ERR_INVALID_INPUT);
	assert_string_equal(the_ask.err.pointer, field);
}

#define PAGE "\"limit\":20,\"offset\":0"
#define WHERE(field, op, value) \
	"{" PAGE ",\"where\":[{\"field\":\"" field "\",\"op\":\"" op "\",\"value\":" value "}]}"
#define WHERE_BARE(field, op) "{" PAGE ",\"where\":[{\"field\":\"" field "\",\"op\":\"" op "\"}]}"

static void test_pages(void **state)
{
	(void)state;
	expect_get("", "{" PAGE "}");
	expect_get("limit=100&offset=100000", "{\"limit\":100,\"offset\":100000}");
	expect_get("order_field=name&order_type=ASC",
		   "{" PAGE ",\"order\":\"name\",\"direction\":\"asc\"}");
	expect_get("order-field=updated_at&order-type=desc",
		   "{" PAGE ",\"order\":\"updated_at\",\"direction\":\"desc\"}");
	expect_get("order_field=work_email", "{" PAGE ",\"order\":\"email\"}");
	expect_get("order_field=company_name", "{" PAGE ",\"order\":\"company\"}");
	expect_get("after=abc", "{\"limit\":20,\"cursor\":\"abc\"}");
	expect_post("{\"limit\":1000,\"offset\":3,\"order_field\":\"created_at\"}",
		    "{\"limit\":1000,\"offset\":3,\"order\":\"created_at\"}");
	expect_post("{\"limit\":\"7\",\"order-type\":\"asc\",\"order_field\":null}",
		    "{\"limit\":7,\"offset\":0,\"direction\":\"asc\"}");
	expect_post("{}", "{" PAGE "}");
}

static void test_pages_refused(void **state)
{
	(void)state;
	refuse_get("limit=0", "limit");
	refuse_get("limit=101", "limit");
	refuse_get("limit=ten", "limit");
	refuse_get("limit=", "limit");
	refuse_get("limit=5.0", "limit");
	refuse_get("offset=-1", "offset");
	refuse_get("offset=100001", "offset");
	assert_non_null(strstr(the_ask.err.message, "after"));
	refuse_get("order_type=up", "order_type");
	refuse_get("order_field=about", "order_field");
	refuse_get("order_field=nothing", "order_field");
	refuse_get("page=2", "page");
	refuse_get("a_name_that_is_much_longer_than_any_of_ours=2",
		   "a_name_that_is_much_longer_than_any_of_ours");
	refuse_post("{\"limit\":1001}", "limit");
	refuse_post("{\"limit\":2.5}", "limit");
	refuse_post("{\"limit\":[1]}", "limit");
	refuse_post("{\"order_type\":1}", "order_type");
	refuse_post("{\"fliter\":{}}", "fliter");
}

static void test_equal(void **state)
{
	(void)state;
	expect_get("filter[list_uuid]=x", WHERE("list_id", "eq", "\"x\""));
	expect_get("filter%5Blist_uuid%5D=x", WHERE("list_id", "eq", "\"x\""));
	expect_get("filter[list_uuid][]=x&filter[list_uuid][]=y",
		   WHERE("list_id", "in", "[\"x\",\"y\"]"));
	expect_get("filter[list_uuid][0]=x&filter[list_uuid][1]=y",
		   WHERE("list_id", "in", "[\"x\",\"y\"]"));
	expect_get("filter={\"list_uuid\":\"x\"}", WHERE("list_id", "eq", "\"x\""));
	expect_get("filter=%7B%22list_uuid%22%3A%5B%22x%22%5D%7D",
		   WHERE("list_id", "in", "[\"x\"]"));
	expect_post("{\"filter\":{\"list_uuid\":\"x\"}}", WHERE("list_id", "eq", "\"x\""));
	expect_post("{\"filter\":\"{\\\"list_uuid\\\":\\\"x\\\"}\"}",
		    WHERE("list_id", "eq", "\"x\""));
	expect_post("{\"filter\":[]}", "{" PAGE "}");
	expect_post("{\"filter\":null}", "{" PAGE "}");
	expect_get("filter=", "{" PAGE "}");
}

static void test_blanks(void **state)
{
	(void)state;
	expect_get("filter[name]=Ada+Example", WHERE("name", "eq", "\"Ada Example\""));
	expect_get("filter[name]=Ada%20Example", WHERE("name", "eq", "\"Ada Example\""));
	expect_get("filter[work_email]=a%2Bb@example.com",
		   WHERE("email", "eq", "\"a+b@example.com\""));
}

static void test_ops(void **state)
{
	static const struct {
		const char *sign, *word;
	} ops[] = {{"=", "eq"},   {"!=", "ne"}, {"<>", "ne"}, {"<", "lt"},
		   {"<=", "lte"}, {">", "gt"},  {">=", "gte"}};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(ops); i++) {
		char body[200], wanted[200];

		snprintf(body, sizeof body, "{\"filter\":{\"connections_number\":{\"%s\":5}}}",
			 ops[i].sign);
		snprintf(wanted, sizeof wanted,
			 "{" PAGE ",\"where\":[{\"field\":\"connections\",\"op\":\"%s\","
			 "\"value\":5}]}",
			 ops[i].word);
		expect_post(body, wanted);
	}
	expect_get("filter[connections_number][>=]=5", WHERE("connections", "gte", "5"));
	expect_get("filter[connections_number][%3E%3D]=5", WHERE("connections", "gte", "5"));
	expect_get("filter[connections_number][=]=5", WHERE("connections", "eq", "5"));
	expect_get("filter[name]=a=b", WHERE("name", "eq", "\"a=b\""));
	expect_get("filter[name][!=]=]=b", WHERE("name", "ne", "\"]=b\""));
	expect_get("filter[name][!=][]=a&filter[name][!=][]=b",
		   WHERE("name", "not_in", "[\"a\",\"b\"]"));
	expect_post(
		"{\"filter\":{\"created_at\":{\">\":\"2026-01-01\",\"<\":\"2026-02-01\"}}}",
		"{" PAGE ",\"where\":["
		"{\"field\":\"created_at\",\"op\":\"gt\",\"value\":\"2026-01-01T00:00:00.000Z\"},"
		"{\"field\":\"created_at\",\"op\":\"lt\",\"value\":\"2026-02-01T00:00:00.000Z\"}"
		"]}");
}

static void test_null(void **state)
{
	(void)state;
	expect_get("filter[work_email]=is_null", WHERE_BARE("email", "is_null"));
	expect_get("filter[work_email]=is_not_null", WHERE_BARE("email", "is_not_null"));
	expect_get("filter[about]=is_null", WHERE_BARE("description", "is_null"));
	expect_get("filter[created_at]=is_not_null", WHERE_BARE("created_at", "is_not_null"));
	expect_post("{\"filter\":{\"headline\":null}}", WHERE_BARE("title", "is_null"));
	expect_post("{\"filter\":{\"headline\":{\"!=\":null}}}",
		    WHERE_BARE("title", "is_not_null"));
}

static void test_text(void **state)
{
	(void)state;
	expect_get("q=ada", "{" PAGE ",\"query\":\"ada\"}");
	expect_get("filter[q]=ada+l", "{" PAGE ",\"query\":\"ada l\"}");
	expect_get("filter[q]=", "{" PAGE "}");
	expect_post("{\"q\":\"ada\"}", "{" PAGE ",\"query\":\"ada\"}");
	expect_post("{\"filter\":{\"q\":\"ada\"}}", "{" PAGE ",\"query\":\"ada\"}");
	refuse_get("q=a&filter[q]=b", "filter.q");
	refuse_post("{\"q\":7}", "q");
}

static void test_names(void **state)
{
	(void)state;
	expect_get("filter[email]=a@b.de", WHERE("email", "eq", "\"a@b.de\""));
	expect_get("filter[position]=CTO", WHERE("job_title", "eq", "\"CTO\""));
	expect_get("filter[uuid]=x", WHERE("lead_id", "eq", "\"x\""));
	expect_get("filter[tags]=x", WHERE("tag_id", "eq", "\"x\""));
	expect_get("filter[pipeline_stage_uuid]=x", WHERE("stage_id", "eq", "\"x\""));
	expect_get("filter[data_source_uuid]=x", WHERE("import_id", "eq", "\"x\""));
	expect_get("filter[company_uuid]=x", WHERE("company_id", "eq", "\"x\""));
	/* Names that only the inside has are none here. */
	refuse_get("filter[job_title]=x", "filter.job_title");
	refuse_get("filter[lead_id]=x", "filter.lead_id");
	refuse_get("filter[status]=ok", "filter.status");
	/* Shown, but made of several things. */
	refuse_get("filter[linkedin_status]=active", "filter.linkedin_status");
}

static void test_times(void **state)
{
	static const struct {
		const char *given, *meant;
	} times[] = {
		{"2026-03-04", "2026-03-04T00:00:00.000Z"},
		{"2026-03-04%2009:25:42", "2026-03-04T09:25:42.000Z"},
		{"2026-03-04+09:25:42", "2026-03-04T09:25:42.000Z"},
		{"2026-03-04T09:25:42.000000Z", "2026-03-04T09:25:42.000Z"},
		{"2026-03-04T09:25:42%2B02:00", "2026-03-04T07:25:42.000Z"},
		{"2026-03-04T09:25:42+02:00", "2026-03-04T07:25:42.000Z"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(times); i++) {
		char query[120], wanted[200];

		snprintf(query, sizeof query, "filter[updated_at][>]=%s", times[i].given);
		snprintf(wanted, sizeof wanted,
			 "{" PAGE ",\"where\":[{\"field\":\"updated_at\",\"op\":\"gt\","
			 "\"value\":\"%s\"}]}",
			 times[i].meant);
		expect_get(query, wanted);
	}
	refuse_get("filter[created_at]=yesterday", "filter.created_at");
	refuse_get("filter[created_at]=", "filter.created_at");
	refuse_post("{\"filter\":{\"created_at\":5}}", "filter.created_at");
}

static void test_filters_refused(void **state)
{
	(void)state;
	refuse_get("filter[nothing]=1", "filter.nothing");
	refuse_get("filter[name][like]=1", "filter.name");
	refuse_get("filter[name]=1&filter[name]=2", "filter[name]");
	refuse_get("filter[name]=1&filter[name][]=2", "filter[name][]");
	refuse_get("filter[name][]=1&filter[name][>]=2", "filter[name][>]");
	refuse_get("filter[name][>][>]=2", "filter[name][>][>]");
	refuse_get("filter[name=2", "filter[name");
	refuse_get("filter[]=2", "filter[]");
	refuse_get("filter[name]x=2", "filter[name]x");
	refuse_get("filter={", "filter");
	refuse_get("filter=[1]", "filter");
	refuse_get("filter=5", "filter");
	refuse_get("filter[connections_number]=many", "filter.connections_number");
	refuse_post("{\"filter\":{\"connections_number\":[1,\"x\"]}}", "filter.connections_number");
	refuse_post("{\"filter\":{\"name\":{\"<\":[1]}}}", "filter.name");
	refuse_post("{\"filter\":{\"name\":{\"<\":null}}}", "filter.name");
	refuse_post("{\"filter\":{\"name\":{\"=\":{\"=\":1}}}}", "filter.name");
	refuse_post("{\"filter\":{\"name\":[[1]]}}", "filter.name");
	refuse_post("{\"filter\":7}", "filter");
	/* Bytes that are no text. */
	refuse_get("filter[name]=%ff", "");
	refuse_get("%ff=1", "");
	refuse_get("filter[%c3]=1", "");
	refuse_get("filter[na%00me]=1", "");
}

static void test_bound(void **state)
{
	struct buf buf;

	(void)state;
	buf_init_arena(&buf, &the_ask.arena, 65536);
	buf_add(&buf, TEXT("{\"filter\":{"));
	for (int i = 0; i < FIELD_COUNT; i++) {
		if (field_rows[i].contacts.ptr && field_rows[i].find == FIELD_FIND_WORD &&
		    i != FIELD_LINKEDIN_STATUS)
			buf_add_format(
				&buf, "\"%s\":{\"=\":\"a\",\"!=\":\"b\",\"<>\":\"c\",\"<\":\"d\"},",
				field_rows[i].contacts.ptr);
	}
	buf_add(&buf, TEXT("\"uuid\":\"x\"}}"));
	buf_add_char(&buf, '\0');
	refuse_post(buf.ptr, "filter");
}

static void test_pointers(void **state)
{
	struct ask *ask = &the_ask;

	(void)state;
	ask_with(ask, HTTP_GET, "filter[name]=a&filter[email][<]=b&q=c");
	assert_int_equal(read_all(ask, NULL), ERR_OK);
	assert_true(text_is(contacts_query_field(&ask->query, TEXT("/where/0/value")),
			    TEXT("filter.name")));
	assert_true(text_is(contacts_query_field(&ask->query, TEXT("/where/1")),
			    TEXT("filter.work_email")));
	assert_true(text_is(contacts_query_field(&ask->query, TEXT("/query")), TEXT("q")));
	assert_null(contacts_query_field(&ask->query, TEXT("/where/2/op")).ptr);
	assert_null(contacts_query_field(&ask->query, TEXT("/where/-1")).ptr);
	assert_null(contacts_query_field(&ask->query, TEXT("/where/x")).ptr);
	assert_true(text_is(contacts_query_field(&ask->query, TEXT("/order")),
			    TEXT("order_field")));
	assert_null(contacts_query_field(&ask->query, TEXT("/lead_ids")).ptr);
	contacts_query_release(&ask->query);
}

/* Another noun has its own keys and words, and neither text search nor cursor. */
static void test_other_object(void **state)
{
	static const struct contacts_name words[] = {{"lead.created", "contact_created"}};
	static const struct contacts_key keys[] = {
		{.name = "event", .inside = "events", .words = words, .word_count = 1},
		{.name = "rank", .inside = "order", .kind = CONTACTS_KEY_ORDER, .sorts = true},
	};
	static const struct contacts_object object = {.keys = keys, .count = ARRAY_LEN(keys)};
	struct ask *ask = &the_ask;

	(void)state;
	ask_with(ask, HTTP_GET, "filter[event]=contact_created&order_field=rank");
	assert_int_equal(contacts_query_read(&ask->request, NULL, &object, &ask->query, &ask->err),
			 ERR_OK);
	expect(ask, "{" PAGE ",\"order\":\"order\",\"where\":[{\"field\":\"events\",\"op\":\"eq\","
		    "\"value\":\"lead.created\"}]}");
	static const char *const bad[] = {"q=x",
					  "filter[q]=x",
					  "after=x",
					  "filter[name]=x",
					  "filter[rank]=x",
					  "order_field=event"};

	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		ask_with(ask, HTTP_GET, bad[i]);
		assert_int_equal(contacts_query_read(&ask->request, NULL, &object, &ask->query,
						     &ask->err),
				 ERR_INVALID_INPUT);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pages),        cmocka_unit_test(test_pages_refused),
		cmocka_unit_test(test_equal),        cmocka_unit_test(test_blanks),
		cmocka_unit_test(test_ops),          cmocka_unit_test(test_null),
		cmocka_unit_test(test_text),         cmocka_unit_test(test_names),
		cmocka_unit_test(test_times),        cmocka_unit_test(test_filters_refused),
		cmocka_unit_test(test_bound),        cmocka_unit_test(test_pointers),
		cmocka_unit_test(test_other_object),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
