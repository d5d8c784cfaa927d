/*
 * Frames of the Model Context Protocol: whatever comes, it is answered exactly once or not at all,
 * the answer is one JSON-RPC message with the request's id, and only requests are answered. The
 * first byte chooses what the headers say. Commands are not run: each is refused as busy.
 */
#include <sodium.h>
#include <stdlib.h>

#include "surface/mcp.h"
#include "surface/mcp_headers.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct ask {
	struct mcp_exchange exchange; /* first */
	struct call call;
	struct arena arena;
	int answers;
};

static void run(struct mcp_exchange *exchange, struct text command_id)
{
	struct call *call = exchange->call;

	call->command = dispatch_find(exchange->mcp->desk, command_id);
	if (!call->command || !json_is_object(call->input))
		abort();
	err_set(&call->job.err, ERR_BUSY, "", "Nobody is here.");
	mcp_finish(exchange);
}

static void answer(struct mcp_exchange *exchange)
{
	((struct ask *)exchange)->answers++;
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
	abort();
}

static const struct mcp_transport transport = {run, answer, stream, notify};

static struct mcp *make_mcp(void)
{
	const struct desk_settings settings = {.files = "."};
	struct desk *desk;
	struct mcp *mcp;
	struct err err;

	if (sodium_init() < 0 || dispatch_create(&settings, &desk, &err) != ERR_OK ||
	    mcp_create(desk, &mcp, &err) != ERR_OK)
		abort();
	return mcp;
}

static void check_answer(const struct ask *ask)
{
	struct text text = mcp_answer(&ask->exchange);
	json_t *json = text.ptr ? json_loadb(text.ptr, text.len, JSON_REJECT_DUPLICATES, NULL)
				: NULL;
	const json_t *id = ask->exchange.message.id;

	if (ask->answers != 1 || (text.ptr && !json))
		abort();
	if (text.ptr && (!text_is(mcp_message_text(json, "jsonrpc"), TEXT("2.0")) ||
			 (json_object_get(json, "result") == NULL) ==
				 (json_object_get(json, "error") == NULL) ||
			 memchr(text.ptr, '\n', text.len)))
		abort();
	if (text.ptr && id && !json_equal(id, json_object_get(json, "id")))
		abort();
	json_decref(json);
}

static void check_headers(struct arena *arena, struct text text)
{
	struct text header = mcp_headers_encode(arena, text);

	if (!text_is_utf8(text) || memchr(text.ptr, '\0', text.len))
		return;
	for (size_t i = 0; i < header.len; i++) {
		if (header.ptr[i] < ' ' || header.ptr[i] > '~')
			abort();
	}
	if (!text_is(mcp_headers_decode(arena, header), text))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const versions[] = {NULL, "2026-07-28", "2025-11-25", "x"};
	static const char *const names[] = {NULL, "tools/call", "tools/list", "lead.get",
					    "=?base64?bGVhZC5nZXQ=?="};
	static struct mcp *mcp;
	struct ask ask = {.answers = 0};
	struct mcp_fault fault;
	uint8_t choice = size > 0 ? data[0] : 0;
	struct text frame = {(const char *)data + (size > 0), size - (size > 0)};

	if (!mcp)
		mcp = make_mcp();
	arena_init(&ask.arena, (size_t)64 * 1024 * 1024);
	const struct mcp_context context = {.arena = &ask.arena,
					    .revision = (enum mcp_revision)(choice % 2),
					    .is_http = choice & 2,
					    .version = text_of(versions[choice >> 2 & 3]),
					    .method = text_of(names[(choice >> 4) % 5]),
					    .name = text_of(names[(choice >> 5) % 5])};

	ask.exchange = (struct mcp_exchange){.mcp = mcp,
					     .transport = &transport,
					     .call = &ask.call,
					     .arena = &ask.arena,
					     .caller = {.scopes = TEXT("read write")},
					     .look = {choice & 64, choice & 128}};
	if (mcp_message_read(frame, &context, &ask.exchange.message, &fault))
		mcp_start(&ask.exchange);
	else
		mcp_refuse(&ask.exchange, &fault);
	check_answer(&ask);
	check_headers(&ask.arena, frame);
	json_decref(ask.call.input);
	mcp_message_release(&ask.exchange.message);
	arena_release(&ask.arena);
	return 0;
}
