/* The command runtime's answers, byte by byte. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "surface/envelope.h"

static void expect(const struct call *call, struct text request_id, const char *wanted)
{
	struct buf buf;

	buf_init(&buf, 64 * 1024);
	envelope_write(call, request_id, &buf);
	buf_add_char(&buf, '\0');
	assert_string_equal(buf_text(&buf).ptr, wanted);
	buf_release(&buf);
}

static void test_write(void **state)
{
	struct call call = {.hash = TEXT("ab"),
			    .reply = {.data = TEXT("{\"x\":1}"),
				      .outcome = REPLY_UPDATED,
				      .matched = (int64_t)1 << IDENTIFIER_EMAIL,
				      .changed = TEXT("[\"name\"]"),
				      .change_id = TEXT("c"),
				      .warnings = {TEXT("w \"1\"")},
				      .warning_count = 1,
				      .replayed = true}};

	(void)state;
	expect(&call, TEXT("r"),
	       "{\"ok\":true,\"status\":200,\"data\":{\"x\":1},\"meta\":{"
	       "\"approval_required\":false,"
	       "\"command_hash\":\"ab\",\"warnings\":[\"w \\\"1\\\"\"],\"outcome\":\"updated\","
	       "\"matched_by\":[\"email\"],\"changed\":[\"name\"],\"change_id\":\"c\","
	       "\"replayed\":true,\"request_id\":\"r\"}}");
}

static void test_read(void **state)
{
	struct call call = {.reply = {.data = TEXT("{}"), .next_cursor = TEXT("s5")}};

	(void)state;
	expect(&call, TEXT_NONE,
	       "{\"ok\":true,\"status\":200,\"data\":{},\"meta\":{\"approval_required\":false,"
	       "\"command_hash\":\"\",\"warnings\":[],\"next_cursor\":\"s5\"}}");
}

/* What was built before a failure is not told; its warnings are. */
static void test_failure(void **state)
{
	struct call call = {.hash = TEXT("ab"),
			    .reply = {.data = TEXT("{\"secret\":1}"),
				      .outcome = REPLY_CREATED,
				      .change_id = TEXT("c"),
				      .candidates = TEXT("[{\"lead_id\":\"l\"}]"),
				      .warnings = {TEXT("w")},
				      .warning_count = 1}};

	(void)state;
	err_set(&call.job.err, ERR_IDENTITY_CONFLICT, "/email", "Two \"leads\".");
	expect(&call, TEXT("r"),
	       "{\"ok\":false,\"status\":409,\"error\":{\"code\":\"IDENTITY_CONFLICT\","
	       "\"message\":\"Two \\\"leads\\\".\",\"details\":[{\"pointer\":\"/email\","
	       "\"message\":\"Two \\\"leads\\\".\"}],\"candidates\":[{\"lead_id\":\"l\"}]},"
	       "\"meta\":{\"approval_required\":false,\"command_hash\":\"ab\",\"warnings\":[\"w\"],"
	       "\"request_id\":\"r\"}}");
	call = (struct call){.reply = {.details = TEXT("[{\"pointer\":\"/a\"}]")}};
	err_set(&call.job.err, ERR_INVALID_INPUT, "/a", "No.");
	expect(&call, TEXT_NONE,
	       "{\"ok\":false,\"status\":400,\"error\":{\"code\":\"INVALID_INPUT\","
	       "\"message\":\"No.\","
	       "\"details\":[{\"pointer\":\"/a\"}]},\"meta\":{\"approval_required\":false,"
	       "\"command_hash\":\"\",\"warnings\":[]}}");
}

static void test_plain(void **state)
{
	struct err err;
	struct buf buf;

	(void)state;
	buf_init(&buf, 4096);
	err_set(&err, ERR_FORBIDDEN, "", "No.");
	envelope_write_plain(&err, &buf);
	buf_add_char(&buf, '\0');
	assert_string_equal(buf_text(&buf).ptr,
			    "{\"error\":{\"message\":\"No.\",\"code\":\"FORBIDDEN\"}}");
	buf_release(&buf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_write),
		cmocka_unit_test(test_read),
		cmocka_unit_test(test_failure),
		cmocka_unit_test(test_plain),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
