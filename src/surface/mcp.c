#include "surface/mcp.h"

#include <sodium.h>
#include <stdlib.h>

#include "surface/mcp_complete.h"
#include "surface/mcp_follow.h"
#include "surface/mcp_prompts.h"
#include "surface/mcp_reply.h"
#include "surface/mcp_resources.h"
#include "surface/mcp_tools.h"

#define ARENA_BYTES_MAX ((size_t)64 * 1024 * 1024)
#define DISCOVERY_TTL_MS (60 * 60 * 1000)
#define SHOWN_MAX 80

static const char instructions[] =
	"Galena keeps sales leads; every write finds the one lead it belongs to. Write people with "
	"lead.upsert (one) or lead.upsert_many (up to 1,000): give any identifier you know, an "
	"e-mail address, a LinkedIn or Sales Navigator identity or an id of another system, and "
	"the lead it names is updated or made. Look a person up with lead.get, find people with "
	"lead.search. Files are imported with import.preview and then import.create. An error "
	"names the field and what to do: read it before you try again. A lead whose status is "
	"DoNotContact must not be contacted.";

enum err_code mcp_create(struct desk *desk, struct mcp **out, struct err *err)
{
	struct mcp *mcp = calloc(1, sizeof *mcp);

	if (!mcp)
		return err_memory(err);
	mcp->desk = desk;
	arena_init(&mcp->arena, ARENA_BYTES_MAX);
	randombytes_buf(mcp->secret, sizeof mcp->secret);
	if (mcp_tools_load(&mcp->arena, desk, &mcp->tools, err) != ERR_OK ||
	    mcp_follow_create(desk, &mcp->follow, err) != ERR_OK) {
		mcp_destroy(mcp);
		return err->code;
	}
	*out = mcp;
	return ERR_OK;
}

void mcp_stop(struct mcp *mcp)
{
	mcp_follow_stop(mcp->follow);
}

void mcp_destroy(struct mcp *mcp)
{
	if (!mcp)
		return;
	mcp_follow_destroy(mcp->follow);
	arena_release(&mcp->arena);
	free(mcp);
}

static void write_capabilities(struct writer *writer)
{
	static const char *const names[] = {"tools", "resources", "prompts", "completions"};

	writer_key(writer, TEXT("capabilities"));
	writer_begin_object(writer);
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		writer_member_raw(writer, names[i], TEXT("{}"));
	writer_end_object(writer);
}

static void initialize(struct mcp_exchange *exchange)
{
	struct text asked = mcp_message_text(exchange->message.params, "protocolVersion");
	struct writer *writer;

	if (!asked.ptr) {
		mcp_reply_bad_params(exchange, "initialize needs \"protocolVersion\", e.g. "
					       "\"2025-11-25\".");
		return;
	}
	/* Who asks for one that has no handshake, or that we do not know, gets the newest. */
	if (!mcp_message_revision_parse(asked, &exchange->message.revision) ||
	    mcp_reply_is_stateless(exchange))
		exchange->message.revision = MCP_HANDSHAKE_LATEST;
	writer = mcp_reply_begin(exchange, "complete");
	writer_member_text(writer, "protocolVersion",
			   mcp_message_revision_name(exchange->message.revision));
	write_capabilities(writer);
	writer_key(writer, TEXT("serverInfo"));
	mcp_reply_write_server(writer);
	writer_member_text(writer, "instructions", TEXT(instructions));
	mcp_reply_end(exchange, false);
}

static void discover(struct mcp_exchange *exchange)
{
	struct writer *writer = mcp_reply_begin(exchange, "complete");

	writer_key(writer, TEXT("supportedVersions"));
	writer_begin_array(writer);
	for (int i = MCP_REVISION_COUNT; i-- > 0;)
		writer_text(writer, mcp_message_revision_name((enum mcp_revision)i));
	writer_end_array(writer);
	write_capabilities(writer);
	writer_member_text(writer, "instructions", TEXT(instructions));
	mcp_reply_cache(exchange, DISCOVERY_TTL_MS, MCP_PUBLIC);
	mcp_reply_end(exchange, false);
}

static void ping(struct mcp_exchange *exchange)
{
	mcp_reply_begin(exchange, "complete");
	mcp_reply_end(exchange, false);
}

static const struct method {
	const char *name;
	bool in_handshake; /* revisions that begin with initialize know it */
	bool in_stateless; /* those since 2026-07-28 do */
	bool has_cursor;   /* takes one; ours are whole, so none is right */
	void (*start)(struct mcp_exchange *exchange);
} methods[] = {
	{"tools/call", true, true, false, mcp_tools_call},
	{"tools/list", true, true, true, mcp_tools_list},
	{"resources/read", true, true, false, mcp_resources_read},
	{"resources/list", true, true, true, mcp_resources_list},
	{"resources/templates/list", true, true, true, mcp_resources_list_templates},
	{"prompts/get", true, true, false, mcp_prompts_get},
	{"prompts/list", true, true, true, mcp_prompts_list},
	{"completion/complete", true, true, false, mcp_complete},
	{"initialize", true, false, false, initialize},
	{"ping", true, false, false, ping},
	{"server/discover", false, true, false, discover},
};

static const struct method *find_method(const struct mcp_exchange *exchange)
{
	bool is_stateless = mcp_reply_is_stateless(exchange);

	for (size_t i = 0; i < ARRAY_LEN(methods); i++) {
		bool is_known = is_stateless ? methods[i].in_stateless : methods[i].in_handshake;

		if (is_known && text_is(exchange->message.method, text_of(methods[i].name)))
			return &methods[i];
	}
	return NULL;
}

static void unknown_method(struct mcp_exchange *exchange)
{
	struct mcp_fault fault = {.rpc = MCP_METHOD_NOT_FOUND,
				  .status = mcp_reply_is_stateless(exchange) ? 404 : 200};
	struct text method = exchange->message.method;

	if (method.len > SHOWN_MAX)
		method.len = SHOWN_MAX;
	err_set(&fault.err, ERR_NOT_FOUND, "",
		"Method not found: %.*s. In revision %s this server answers tools, resources, "
		"prompts and completions.",
		TEXT_ARG(method), mcp_message_revision_name(exchange->message.revision).ptr);
	mcp_reply_fault(exchange, &fault);
}

static void take_notification(struct mcp_exchange *exchange)
{
	const struct mcp_message *message = &exchange->message;
	const json_t *id = json_object_get(message->params, "requestId");

	if (text_is(message->method, TEXT("notifications/cancelled")) && id)
		mcp_follow_cancel(exchange->mcp->follow, exchange, id);
}

void mcp_start(struct mcp_exchange *exchange)
{
	const struct method *method;

	exchange->err.code = ERR_OK;
	if (exchange->message.kind != MCP_REQUEST) {
		exchange->status = 202;
		if (exchange->message.kind == MCP_NOTIFICATION)
			take_notification(exchange);
		exchange->transport->answer(exchange);
		return;
	}
	method = find_method(exchange);
	if (!method)
		unknown_method(exchange);
	else if (method->has_cursor && json_object_get(exchange->message.params, "cursor"))
		mcp_reply_bad_params(exchange, "Invalid cursor: this list comes whole, in one "
					       "page. Leave cursor out.");
	else
		method->start(exchange);
}

void mcp_refuse(struct mcp_exchange *exchange, const struct mcp_fault *fault)
{
	mcp_reply_fault(exchange, fault);
}

void mcp_finish(struct mcp_exchange *exchange)
{
	exchange->finish(exchange);
}

void mcp_leave(struct mcp_exchange *exchange, bool cancels)
{
	if (exchange->is_following)
		mcp_follow_leave(exchange->mcp->follow, exchange, cancels);
}

struct text mcp_answer(const struct mcp_exchange *exchange)
{
	if (exchange->buf.failed)
		return TEXT("{\"jsonrpc\":\"2.0\",\"error\":{\"code\":-32603,\"message\":\"Not "
			    "enough memory for this answer. Try again, or ask for less at "
			    "once.\"}}");
	return exchange->buf.len > 0 ? buf_text(&exchange->buf) : TEXT_NONE;
}
