/* The Model Context Protocol without a transport and without a database: answers byte by byte. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>
#include <sodium.h>

#include "json/scan.h"
#include "surface/mcp.h"

#define NOW "\"_meta\":{\"" MCP_META_VERSION "\":\"2026-07-28\",\"" MCP_META_CAPABILITIES "\":{}}"
#define SERVER               \
	"\"" MCP_META_SERVER \
	"\":{\"name\":\"galena\",\"title\":\"Galena\",\"version\":\"" GALENA_VERSION "\"}"

struct house {
	struct desk *desk;
	struct mcp *mcp;
};

/* One message and what becomes of it. */
struct ask {
	struct mcp_exchange exchange; /* first */
	struct call call;
	struct arena arena;
	const char *ran;    /* the command that was run */
	struct reply reply; /* what it answers */
	struct err err;
	int answers;
};

static struct ask *ask_of(struct mcp_exchange *exchange)
{
	return (struct ask *)exchange;
}

static void run(struct mcp_exchange *exchange, struct text command_id)
{
	struct ask *ask = ask_of(exchange);

	ask->ran = arena_copy(&ask->arena, command_id).ptr;
	ask->call.command = dispatch_find(exchange->mcp->desk, command_id);
	ask->call.reply = ask->reply;
	ask->call.job.err = ask->err;
	mcp_finish(exchange);
}

static void answer(struct mcp_exchange *exchange)
{
	ask_of(exchange)->answers++;
}

static bool stream(struct mcp_exchange *exchange)
{
	(void)exchange;
	return false;
}

static void notify(struct mcp_exchange *exchange, struct text message)
{
	(void)exchange;
	(void)message;
	fail_msg("nothing is followed here");
}

static const struct mcp_transport transport = {run, answer, stream, notify};

static void begin(struct ask *ask, const struct house *house, const char *scopes)
{
	arena_init(&ask->arena, 64 * 1024 * 1024);
	ask->exchange = (struct mcp_exchange){.mcp = house->mcp,
					      .transport = &transport,
					      .call = &ask->call,
					      .arena = &ask->arena,
					      .caller = {.scopes = text_of(scopes)}};
}

static void send_text(struct ask *ask, const char *message)
{
	const struct mcp_context context = {.arena = &ask->arena, .revision = MCP_2025_11_25};
	struct mcp_fault fault;

	if (mcp_message_read(text_of(message), &context, &ask->exchange.message, &fault))
		mcp_start(&ask->exchange);
	else
		mcp_refuse(&ask->exchange, &fault);
	assert_int_equal(ask->answers, 1);
}

static void end(struct ask *ask)
{
	json_decref(ask->call.input);
	mcp_message_release(&ask->exchange.message);
	arena_release(&ask->arena);
	*ask = (struct ask){.answers = 0};
}

static void expect(struct ask *ask, const char *message, const char *wanted)
{
	send_text(ask, message);
	struct text got = mcp_answer(&ask->exchange);

	if (!text_is(got, text_of(wanted)))
		fail_msg("%.*s\nis not\n%s", TEXT_ARG(got), wanted);
}

static int setup(void **state)
{
	static struct house house;
	const struct desk_settings settings = {.files = "."};
	struct err err;

	assert_true(sodium_init() >= 0);
	if (dispatch_create(&settings, &house.desk, &err) != ERR_OK ||
	    mcp_create(house.desk, &house.mcp, &err) != ERR_OK)
		fail_msg("%s %s", err.message, err.detail);
	*state = &house;
	return 0;
}

static int teardown(void **state)
{
	struct house *house = *state;

	mcp_destroy(house->mcp);
	dispatch_destroy(house->desk);
	return 0;
}

static void test_success(void **state)
{
	struct ask ask = {.reply = {.data = TEXT("{\"n\":\"\xC3\xA4\\\"\"}")}};

	begin(&ask, *state, "*");
	expect(&ask,
	       "{\"jsonrpc\":\"2.0\",\"id\":\"a\",\"method\":\"tools/call\",\"params\":{"
	       "\"name\":\"workspace.stats\"}}",
	       "{\"jsonrpc\":\"2.0\",\"id\":\"a\",\"result\":{\"content\":[{\"type\":\"text\","
	       "\"text\":\"{\\\"n\\\":\\\"\xC3\xA4\\\\\\\"\\\"}\"}],\"structuredContent\":"
	       "{\"n\":\"\xC3\xA4\\\"\"},\"isError\":false,\"_meta\":{\"galena/status\":200,"
	       "\"galena/meta\":{\"approval_required\":false,\"command_hash\":\"\","
	       "\"warnings\":[]}}}}");
	assert_string_equal(ask.ran, "workspace.stats");
	assert_int_equal(ask.exchange.status, 200);
	end(&ask);
}

/* What stands in meta alone and whoever reads should know is in the text, too. */
static void test_news(void **state)
{
	struct ask ask = {.reply = {.data = TEXT("{}"),
				    .outcome = REPLY_UNCHANGED,
				    .warnings = {TEXT("w")},
				    .warning_count = 1,
				    .next_cursor = TEXT("s1"),
				    .replayed = true}};
	static const char wanted[] =
		"\"text\":\"{\\\"meta\\\":{\\\"outcome\\\":\\\"unchanged\\\",\\\"warnings\\\":"
		"[\\\"w\\\"],\\\"next_cursor\\\":\\\"s1\\\",\\\"replayed\\\":true}}\"";

	begin(&ask, *state, "*");
	send_text(&ask, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{"
			"\"name\":\"workspace_stats\",\"arguments\":{}," NOW "}}");
	struct text got = mcp_answer(&ask.exchange);

	assert_non_null(memmem(got.ptr, got.len, wanted, sizeof wanted - 1));
	assert_non_null(memmem(got.ptr, got.len, SERVER, sizeof SERVER - 1));
	end(&ask);
}

static void test_failure(void **state)
{
	struct ask ask = {.reply = {.data = TEXT("{\"half\":1}")}};

	err_set(&ask.err, ERR_LEAD_NOT_FOUND, "/email", "No \"lead\".");
	begin(&ask, *state, "*");
	expect(&ask,
	       "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{"
	       "\"name\":\"lead.get\",\"arguments\":{}}}",
	       "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"content\":[{\"type\":\"text\","
	       "\"text\":\"{\\\"error\\\":{\\\"code\\\":\\\"LEAD_NOT_FOUND\\\",\\\"message\\\":"
	       "\\\"No \\\\\\\"lead\\\\\\\".\\\",\\\"details\\\":[{\\\"pointer\\\":\\\"/email\\\","
	       "\\\"message\\\":\\\"No \\\\\\\"lead\\\\\\\".\\\"}]}}\"}],\"isError\":true,"
	       "\"_meta\":{\"galena/status\":404,\"galena/meta\":{\"approval_required\":false,"
	       "\"command_hash\":\"\",\"warnings\":[]},\"galena/error\":{\"code\":"
	       "\"LEAD_NOT_FOUND\",\"message\":\"No \\\"lead\\\".\",\"details\":[{\"pointer\":"
	       "\"/email\",\"message\":\"No \\\"lead\\\".\"}]}}}}");
	assert_int_equal(ask.exchange.err.code, ERR_LEAD_NOT_FOUND);
	end(&ask);
}

static void test_tools_follow_scopes(void **state)
{
	const struct house *house = *state;
	size_t count, listed = 0;
	struct ask ask = {.answers = 0};
	struct text key, value;

	dispatch_commands(house->desk, &count);
	begin(&ask, house, "*");
	send_text(&ask, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}");
	struct text result = scan_member(mcp_answer(&ask.exchange), TEXT("result"));
	struct scan tools = scan_of(scan_member(result, TEXT("tools")));

	while (scan_next(&tools, &key, &value))
		listed++;
	assert_int_equal(listed, count);
	end(&ask);
	begin(&ask, house, "lead.get");
	send_text(&ask, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}");
	result = scan_member(mcp_answer(&ask.exchange), TEXT("result"));
	tools = scan_of(scan_member(result, TEXT("tools")));
	assert_true(scan_next(&tools, &key, &value));
	assert_true(text_is(scan_member(value, TEXT("name")), TEXT("\"lead.get\"")));
	assert_true(text_is(scan_member(value, TEXT("inputSchema")),
			    scan_member(dispatch_find(house->desk, TEXT("lead.get"))->whole,
					TEXT("input_schema"))));
	assert_false(scan_next(&tools, &key, &value));
	end(&ask);
}

static void test_no_answer(void **state)
{
	static const char *const messages[] = {
		"{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}",
		"{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\","
		"\"params\":{\"requestId\":1}}",
		"{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\"}",
		"{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}",
	};
	struct ask ask = {.answers = 0};

	for (size_t i = 0; i < ARRAY_LEN(messages); i++) {
		begin(&ask, *state, "*");
		send_text(&ask, messages[i]);
		assert_null(mcp_answer(&ask.exchange).ptr);
		assert_int_equal(ask.exchange.status, 202);
		end(&ask);
	}
}

static void test_errors(void **state)
{
	struct ask ask = {.answers = 0};

	begin(&ask, *state, "*");
	expect(&ask,
	       "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tools/call\",\"params\":{" NOW "}}",
	       "{\"jsonrpc\":\"2.0\",\"id\":7,\"error\":{\"code\":-32602,\"message\":\"tools/call "
	       "needs \\\"name\\\", the name of a tool.\"}}");
	assert_null(ask.ran);
	end(&ask);
	begin(&ask, *state, "*");
	send_text(&ask, "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"ping\",\"params\":{" NOW "}}");
	assert_int_equal(ask.exchange.status, 404);
	end(&ask);
	begin(&ask, *state, "*");
	expect(&ask, "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"ping\"}",
	       "{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{}}");
	end(&ask);
}

/* An answer that finds no memory is still an answer. */
static void test_no_memory(void **state)
{
	struct ask ask = {.answers = 0};

	begin(&ask, *state, "*");
	ask.arena.bytes_max = 70000; /* less than the list of tools */
	send_text(&ask, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}");
	struct text got = mcp_answer(&ask.exchange);

	assert_non_null(got.ptr);
	assert_non_null(memmem(got.ptr, got.len, "-32", 3));
	end(&ask);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_success),   cmocka_unit_test(test_news),
		cmocka_unit_test(test_failure),   cmocka_unit_test(test_tools_follow_scopes),
		cmocka_unit_test(test_no_answer), cmocka_unit_test(test_errors),
		cmocka_unit_test(test_no_memory),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
