/* Failures of the leads dialect, byte by byte. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "surface/leads_error.h"

#define WORDS "Some words."

static struct arena arena;

static int open_arena(void **state)
{
	(void)state;
	arena_init(&arena, 1024 * 1024);
	return 0;
}

static int close_arena(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

static void test_paths(void **state)
{
	static const struct {
		const char *path;
		bool is_here;
	} rows[] = {
		{"/api/v1/leads", true},
		{"/api/v1/leads/", true},
		{"/api/v1/leads/x/y", true},
		{"/api/v1/chatbots", true},
		{"/api/v1/chatbots/c/leads", true},
		{"/api/v1/leadsx", false},
		{"/api/v1/lead", false},
		{"/api/v1/commands/lead.get", false},
		{"/leads/api/leads", false},
		{"/", false},
		{"", false},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		assert_int_equal(leads_error_is_path(text_of(rows[i].path)), rows[i].is_here);
}

static void expect(const struct http_request *request, enum err_code code, int status,
		   const char *wanted)
{
	struct err err;
	struct buf buf;

	err_set(&err, code, "", WORDS);
	buf_init_arena(&buf, &arena, 64 * 1024);
	assert_int_equal(leads_error_write(request, &err, &buf), status);
	buf_add_char(&buf, '\0');
	assert_string_equal(buf_text(&buf).ptr, wanted);
}

static void test_codes(void **state)
{
	static const struct {
		enum err_code code;
		int status;
		const char *wanted;
	} rows[] = {
		{ERR_INVALID_JSON, 400,
		 "{\"success\":false,\"error\":\"" WORDS "\",\"code\":\"INVALID_JSON\"}"},
		{ERR_INVALID_INPUT, 400,
		 "{\"success\":false,\"error\":\"Validation failed\",\"code\":\"VALIDATION_ERROR\","
		 "\"details\":{\"field\":\"request\",\"value\":null,\"message\":\"" WORDS "\"}}"},
		{ERR_FORBIDDEN, 403,
		 "{\"success\":false,\"error\":\"" WORDS "\",\"code\":\"FORBIDDEN\"}"},
		{ERR_METHOD_NOT_ALLOWED, 405,
		 "{\"success\":false,\"error\":\"" WORDS "\",\"code\":\"METHOD_NOT_ALLOWED\"}"},
		{ERR_INTERNAL, 500,
		 "{\"success\":false,\"error\":\"" WORDS "\",\"code\":\"INTERNAL_ERROR\"}"},
		{ERR_BUSY, 503, "{\"success\":false,\"error\":\"" WORDS "\",\"code\":\"BUSY\"}"},
		{ERR_LEAD_NOT_FOUND, 404,
		 "{\"success\":false,\"error\":\"Lead not found\",\"code\":\"LEAD_NOT_FOUND\","
		 "\"details\":{\"leadId\":\"lead_1\"}}"},
		{ERR_WEBHOOK_NOT_FOUND, 404,
		 "{\"success\":false,\"error\":\"Webhook not found\","
		 "\"code\":\"WEBHOOK_NOT_FOUND\","
		 "\"details\":{\"webhookId\":\"lead_1\"}}"},
		{ERR_CHATBOT_NOT_FOUND, 404,
		 "{\"success\":false,\"error\":\"Chatbot not found\","
		 "\"code\":\"CHATBOT_NOT_FOUND\","
		 "\"details\":{\"chatbotId\":\"cb \\\"1\\\"\"}}"},
		{ERR_RATE_LIMITED, 429,
		 "{\"success\":false,\"error\":\"" WORDS "\",\"code\":\"RATE_LIMIT_EXCEEDED\","
		 "\"retryAfter\":17}"},
	};
	struct visit visit = {.params = {TEXT("cb \"1\""), TEXT("lead_1")}, .retry_s = 17};
	struct http_request request = {.arena = &arena, .user = &visit};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		expect(&request, rows[i].code, rows[i].status, rows[i].wanted);
	visit.params[0] = TEXT("lead_2");
	visit.params[1] = TEXT_NONE;
	expect(&request, ERR_LEAD_NOT_FOUND, 404,
	       "{\"success\":false,\"error\":\"Lead not found\",\"code\":\"LEAD_NOT_FOUND\","
	       "\"details\":{\"leadId\":\"lead_2\"}}");
}

/* Of a request that was refused before anybody looked at it. */
static void test_without_a_visit(void **state)
{
	struct http_request request = {.arena = &arena};

	(void)state;
	expect(&request, ERR_RATE_LIMITED, 429,
	       "{\"success\":false,\"error\":\"" WORDS "\",\"code\":\"RATE_LIMIT_EXCEEDED\"}");
	expect(&request, ERR_LEAD_NOT_FOUND, 404,
	       "{\"success\":false,\"error\":\"Lead not found\",\"code\":\"LEAD_NOT_FOUND\"}");
}

static void test_keys(void **state)
{
	static const struct {
		const char *header, *value, *code;
	} rows[] = {
		{"Accept", "*/*", "MISSING_AUTH_HEADER"},
		{"Authorization", "", "MISSING_AUTH_HEADER"},
		{"Authorization", " ", "MISSING_AUTH_HEADER"},
		{"Authorization", "Bearer x", "INVALID_API_KEY"},
		{"authorization", "Basic x", "INVALID_API_KEY"},
		{"X-API-Key", "x", "INVALID_API_KEY"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct http_pair header = {text_of(rows[i].header), text_of(rows[i].value)};
		struct http_request request = {.arena = &arena,
					       .headers = &header,
					       .header_count = 1};
		struct text wanted = arena_format(&arena,
						  "{\"success\":false,\"error\":\"" WORDS
						  "\",\"code\":\"%s\"}",
						  rows[i].code);

		expect(&request, ERR_UNAUTHENTICATED, 401, wanted.ptr);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_paths),
		cmocka_unit_test_setup_teardown(test_codes, open_arena, close_arena),
		cmocka_unit_test_setup_teardown(test_without_a_visit, open_arena, close_arena),
		cmocka_unit_test_setup_teardown(test_keys, open_arena, close_arena),
	};

	return cmocka_run_group_tests_name("leads_error", tests, NULL, NULL);
}
