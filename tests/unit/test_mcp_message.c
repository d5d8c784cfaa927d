/* One message of the Model Context Protocol: shape, revision, and the headers that repeat it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "surface/mcp_headers.h"

#define META(version) \
	"\"_meta\":{\"" MCP_META_VERSION "\":\"" version "\",\"" MCP_META_CAPABILITIES "\":{}}"

struct rig {
	struct arena arena;
	struct mcp_context context;
	struct mcp_message message;
	struct mcp_fault fault;
};

static struct rig rig_of(void)
{
	struct rig rig = {.context = {.revision = MCP_2025_11_25}};

	arena_init(&rig.arena, 1024 * 1024);
	return rig;
}

static bool read_text(struct rig *rig, const char *bytes)
{
	mcp_message_release(&rig->message);
	rig->context.arena = &rig->arena;
	return mcp_message_read(text_of(bytes), &rig->context, &rig->message, &rig->fault);
}

static void end(struct rig *rig)
{
	mcp_message_release(&rig->message);
	arena_release(&rig->arena);
}

static void expect_fault(struct rig *rig, const char *bytes, int rpc, int status)
{
	if (read_text(rig, bytes))
		fail_msg("taken: %s", bytes);
	if (rig->fault.rpc != rpc || rig->fault.status != status)
		fail_msg("%d and %d for %s", rig->fault.rpc, rig->fault.status, bytes);
	assert_true(rig->fault.err.message[0] != '\0');
	assert_int_not_equal(rig->fault.err.code, ERR_OK);
}

static void test_kinds(void **state)
{
	struct rig rig = rig_of();

	(void)state;
	assert_true(read_text(&rig, "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"ping\"}"));
	assert_int_equal(rig.message.kind, MCP_REQUEST);
	assert_non_null(rig.message.id);
	assert_true(text_is(rig.message.method, TEXT("ping")));
	assert_null(rig.message.params);
	assert_true(read_text(&rig, "{\"jsonrpc\":\"2.0\",\"method\":\"x\",\"params\":{}}"));
	assert_int_equal(rig.message.kind, MCP_NOTIFICATION);
	assert_null(rig.message.id);
	assert_true(read_text(&rig, "{\"jsonrpc\":\"2.0\",\"id\":\"\",\"error\":{\"code\":1}}"));
	assert_int_equal(rig.message.kind, MCP_RESPONSE);
	end(&rig);
}

static void test_shapes(void **state)
{
	static const char *const requests[] = {
		"[]",
		"[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}]",
		"1",
		"null",
		"{}",
		"{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"ping\"}",
		"{\"jsonrpc\":\"2.0\",\"id\":1.5,\"method\":\"ping\"}",
		"{\"jsonrpc\":\"2.0\",\"id\":{},\"method\":\"ping\"}",
		"{\"jsonrpc\":2.0,\"id\":1,\"method\":\"ping\"}",
		"{\"id\":1,\"method\":\"ping\"}",
		"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":7}",
		"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"\"}",
		"{\"jsonrpc\":\"2.0\",\"id\":1}",
		"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":7,\"result\":{}}",
	};
	struct rig rig = rig_of();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(requests); i++)
		expect_fault(&rig, requests[i], MCP_INVALID_REQUEST, 400);
	expect_fault(&rig, "", -32700, 400);
	expect_fault(&rig, "{\"jsonrpc\":\"2.0\",", -32700, 400);
	expect_fault(&rig, "{\"id\":1,\"id\":2}", -32700, 400);
	expect_fault(&rig, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"x\",\"params\":[]}",
		     MCP_INVALID_PARAMS, 400);
	assert_non_null(rig.message.id);
	expect_fault(&rig,
		     "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"x\",\"params\":{\"_meta\":1}}",
		     MCP_INVALID_PARAMS, 400);
	end(&rig);
}

static void test_long_id(void **state)
{
	char message[400], id[300];
	struct rig rig = rig_of();

	(void)state;
	for (size_t len = 256; len <= 257; len++) {
		memset(id, 'x', len);
		id[len] = '\0';
		snprintf(message, sizeof message,
			 "{\"jsonrpc\":\"2.0\",\"id\":\"%s\",\"method\":\"ping\"}", id);
		if (len == 256)
			assert_true(read_text(&rig, message));
		else
			expect_fault(&rig, message, MCP_INVALID_REQUEST, 400);
	}
	assert_null(rig.message.id);
	end(&rig);
}

/* The body's word counts; without one the connection's, or the header's. */
static void test_revisions(void **state)
{
	struct rig rig = rig_of();

	(void)state;
	rig.context.revision = MCP_2025_06_18;
	assert_true(read_text(&rig, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"x\"}"));
	assert_int_equal(rig.message.revision, MCP_2025_06_18);
	assert_true(read_text(&rig,
			      "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"x\",\"params\":{" META(
				      "2026-07-28") "}}"));
	assert_int_equal(rig.message.revision, MCP_2026_07_28);
	assert_non_null(rig.message.capabilities);
	assert_true(read_text(&rig,
			      "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"x\",\"params\":{" META(
				      "2025-11-25") "}}"));
	assert_int_equal(rig.message.revision, MCP_2025_11_25);
	expect_fault(&rig,
		     "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"x\",\"params\":{" META(
			     "1900-01-01") "}}",
		     MCP_UNSUPPORTED_VERSION, 400);
	assert_true(text_is(rig.fault.data,
			    TEXT("{\"supported\":[\"2026-07-28\",\"2025-11-25\",\"2025-06-18\"],"
				 "\"requested\":\"1900-01-01\"}")));
	end(&rig);
}

static void test_required_meta(void **state)
{
	static const char *const requests[] = {
		"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"x\"}",
		"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"x\",\"params\":{}}",
		"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"x\",\"params\":{\"_meta\":{}}}",
		"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"x\",\"params\":{\"_meta\":{"
		"\"" MCP_META_VERSION "\":\"2026-07-28\"}}}",
		"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"x\",\"params\":{\"_meta\":{"
		"\"" MCP_META_VERSION "\":\"2026-07-28\",\"" MCP_META_CAPABILITIES "\":[]}}}",
		"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"x\",\"params\":{\"_meta\":{"
		"\"" MCP_META_VERSION "\":1}}}",
	};
	struct rig rig = rig_of();

	(void)state;
	rig.context.revision = MCP_2026_07_28;
	for (size_t i = 0; i < ARRAY_LEN(requests); i++)
		expect_fault(&rig, requests[i], MCP_INVALID_PARAMS, 400);
	assert_true(read_text(&rig,
			      "{\"jsonrpc\":\"2.0\",\"method\":\"x\"}")); /* of requests only */
	end(&rig);
}

static void test_headers(void **state)
{
	static const char call[] = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\","
				   "\"params\":{\"name\":\"lead.get\"," META("2026-07-28") "}}";
	struct rig rig = rig_of();

	(void)state;
	rig.context.is_http = true;
	expect_fault(&rig, call, MCP_HEADER_MISMATCH, 400);
	rig.context.version = TEXT("2025-11-25");
	expect_fault(&rig, call, MCP_HEADER_MISMATCH, 400);
	rig.context.version = TEXT("2026-07-28");
	expect_fault(&rig, call, MCP_HEADER_MISMATCH, 400);
	rig.context.method = TEXT("Tools/Call");
	expect_fault(&rig, call, MCP_HEADER_MISMATCH, 400);
	rig.context.method = TEXT("tools/call");
	expect_fault(&rig, call, MCP_HEADER_MISMATCH, 400);
	rig.context.name = TEXT("lead.get ");
	expect_fault(&rig, call, MCP_HEADER_MISMATCH, 400);
	rig.context.name = TEXT("lead.get");
	assert_true(read_text(&rig, call));
	rig.context.name = TEXT("=?base64?bGVhZC5nZXQ=?=");
	assert_true(read_text(&rig, call));
	rig.context.name = TEXT("=?base64?bGVhZC5nZXQ?=");
	expect_fault(&rig, call, MCP_HEADER_MISMATCH, 400);
	rig.context.version = TEXT("x");
	expect_fault(&rig, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"x\"}",
		     MCP_UNSUPPORTED_VERSION, 400);
	end(&rig);
}

static void test_header_values(void **state)
{
	static const struct {
		const char *text, *header;
	} rows[] = {
		{"us-west1", "us-west1"},
		{"a b", "a b"},
		{"Hello, \xE4\xB8\x96\xE7\x95\x8C", "=?base64?SGVsbG8sIOS4lueVjA==?="},
		{" padded ", "=?base64?IHBhZGRlZCA=?="},
		{"line1\nline2", "=?base64?bGluZTEKbGluZTI=?="},
		{"=?base64?literal?=", "=?base64?PT9iYXNlNjQ/bGl0ZXJhbD89?="},
		{"", "=?base64?"
		     "?="},
	};
	struct arena arena;

	(void)state;
	arena_init(&arena, 64 * 1024);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct text header = mcp_headers_encode(&arena, text_of(rows[i].text));

		assert_true(text_is(header, text_of(rows[i].header)));
		assert_true(text_is(mcp_headers_decode(&arena, header), text_of(rows[i].text)));
	}
	assert_true(text_is(mcp_headers_decode(&arena, TEXT("=?base64?SGVsbG8=")),
			    TEXT("=?base64?SGVsbG8="))); /* not wrapped: it stands for itself */
	assert_true(text_is(mcp_headers_decode(&arena, TEXT("=?BASE64?SGVsbG8=?=")),
			    TEXT("=?BASE64?SGVsbG8=?=")));
	assert_null(mcp_headers_decode(&arena, TEXT("=?base64?SGVs!!!bG8=?=")).ptr);
	assert_null(mcp_headers_decode(&arena, TEXT("=?base64?/w==?=")).ptr); /* no UTF-8 */
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kinds),         cmocka_unit_test(test_shapes),
		cmocka_unit_test(test_long_id),       cmocka_unit_test(test_revisions),
		cmocka_unit_test(test_required_meta), cmocka_unit_test(test_headers),
		cmocka_unit_test(test_header_values),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
