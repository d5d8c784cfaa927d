#include "surface/mcp_resources.h"

#include "command/access.h"
#include "surface/mcp_reply.h"
#include "surface/resources.h"
#include "surface/runtime.h"

#define LIST_TTL_MS (5 * 60 * 1000)
#define CATALOGUE_BYTES_MAX ((size_t)4 * 1024 * 1024)

static bool may_read(const struct mcp_exchange *exchange, const struct resource *resource)
{
	const struct command *command;

	if (!resource->command)
		return true;
	command = dispatch_find(exchange->mcp->desk, text_of(resource->command));
	return command && access_allows(exchange->caller.scopes, command);
}

static void write_row(struct mcp_exchange *exchange, const struct resource *resource,
		      const char *scheme, struct writer *writer)
{
	struct text uri = arena_format(exchange->arena, "%s%s", scheme, resource->shown);

	writer_begin_object(writer);
	writer_member_text(writer, resource->id_member ? "uriTemplate" : "uri", uri);
	writer_member_text(writer, "name", text_of(resource->shown));
	writer_member_text(writer, "title", text_of(resource->name));
	writer_member_text(writer, "description", text_of(resource->about));
	writer_member_text(writer, "mimeType", HTTP_TYPE_JSON);
	writer_end_object(writer);
}

static void list(struct mcp_exchange *exchange, const char *key, bool takes_id)
{
	struct writer *writer = mcp_reply_begin(exchange, "complete");

	writer_key(writer, text_of(key));
	writer_begin_array(writer);
	for (size_t i = 0; i < RESOURCES_SCHEMES * resources_count; i++) {
		const struct resource *resource = &resources_rows[i % resources_count];

		if ((resource->id_member != NULL) == takes_id && may_read(exchange, resource))
			write_row(exchange, resource, resources_schemes[i / resources_count],
				  writer);
	}
	writer_end_array(writer);
	mcp_reply_cache(exchange, LIST_TTL_MS, MCP_PRIVATE);
	mcp_reply_end(exchange, false);
}

void mcp_resources_list(struct mcp_exchange *exchange)
{
	list(exchange, "resources", false);
}

void mcp_resources_list_templates(struct mcp_exchange *exchange)
{
	list(exchange, "resourceTemplates", true);
}

/* {"uri":…}, what an error about a resource bears. */
static struct text uri_data(struct mcp_exchange *exchange)
{
	struct buf buf;
	struct writer writer = writer_on(&buf);

	buf_init_arena(&buf, exchange->arena, REPLY_BYTES_MAX);
	writer_begin_object(&writer);
	writer_member_text(&writer, "uri", mcp_message_text(exchange->message.params, "uri"));
	writer_end_object(&writer);
	return buf_text(&buf);
}

static void not_found(struct mcp_exchange *exchange)
{
	struct mcp_fault fault = {.rpc = MCP_RESOURCE_NOT_FOUND, .status = 200};

	if (mcp_reply_is_stateless(exchange))
		fault.rpc = MCP_INVALID_PARAMS;
	err_set(&fault.err, ERR_RESOURCE_NOT_FOUND, "",
		"Resource not found. resources/list and resources/templates/list name those there "
		"are.");
	fault.data = uri_data(exchange);
	mcp_reply_fault(exchange, &fault);
}

static void answer(struct mcp_exchange *exchange, struct text payload, int64_t ttl_ms,
		   enum mcp_scope scope)
{
	struct writer *writer = mcp_reply_begin(exchange, "complete");

	writer_key(writer, TEXT("contents"));
	writer_begin_array(writer);
	writer_begin_object(writer);
	writer_member_text(writer, "uri", mcp_message_text(exchange->message.params, "uri"));
	writer_member_text(writer, "mimeType", HTTP_TYPE_JSON);
	writer_member_text(writer, "text", payload);
	writer_end_object(writer);
	writer_end_array(writer);
	mcp_reply_cache(exchange, ttl_ms, scope);
	mcp_reply_end(exchange, false);
}

static void read_catalogue(struct mcp_exchange *exchange)
{
	struct err err;
	struct buf buf;
	struct writer writer = writer_on(&buf);

	buf_init_arena(&buf, exchange->arena, CATALOGUE_BYTES_MAX);
	runtime_write_catalogue(exchange->mcp->desk, &writer);
	if (buf_text(&buf).ptr) {
		answer(exchange, buf_text(&buf), LIST_TTL_MS, MCP_PUBLIC);
		return;
	}
	err_memory(&err);
	mcp_reply_error(exchange, &err, TEXT_NONE);
}

static void finish(struct mcp_exchange *exchange)
{
	const struct call *call = exchange->call;

	if (call->job.err.code == ERR_OK)
		answer(exchange, call->reply.data, 0, MCP_PRIVATE);
	else if (resources_is_missing(call->job.err.code))
		not_found(exchange);
	else
		mcp_reply_error(exchange, &call->job.err, uri_data(exchange));
}

void mcp_resources_read(struct mcp_exchange *exchange)
{
	struct text uri = mcp_message_text(exchange->message.params, "uri");
	struct text id = TEXT_NONE;
	const struct resource *resource = uri.ptr ? resources_find(uri, &id) : NULL;
	struct err err;

	if (!uri.ptr) {
		mcp_reply_bad_params(exchange, "resources/read needs \"uri\", e.g. "
					       "\"galena://status\".");
		return;
	}
	if (!resource) {
		not_found(exchange);
		return;
	}
	if (!resource->command) {
		read_catalogue(exchange);
		return;
	}
	exchange->call->input = resources_input(resource, id);
	if (!exchange->call->input) {
		err_memory(&err);
		mcp_reply_error(exchange, &err, TEXT_NONE);
		return;
	}
	exchange->finish = finish;
	exchange->transport->run(exchange, text_of(resource->command));
}
