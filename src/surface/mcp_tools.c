#include "surface/mcp_tools.h"

#include "command/access.h"
#include "json/scan.h"
#include "surface/mcp_confirm.h"
#include "surface/mcp_follow.h"
#include "surface/mcp_reply.h"
#include "surface/mcp_result.h"
#include "surface/runtime.h"

#define TOOL_BYTES_MAX ((size_t)1024 * 1024)
#define LIST_TTL_MS (5 * 60 * 1000)
#define SHOWN_MAX 80

/* Commands of these verbs do more when they are run once more; all others say what shall be. */
static const char *const repeating_verbs[] = {"create", "test"};

static bool is_idempotent(const struct command *command)
{
	for (size_t i = 0; i < ARRAY_LEN(repeating_verbs); i++) {
		struct text verb = text_of(repeating_verbs[i]);

		if (command->risk == COMMAND_MUTATE && command->id.len > verb.len &&
		    text_is(text_skip(command->id, command->id.len - verb.len), verb))
			return false;
	}
	return true;
}

/* lead.upsert as lead_upsert. */
static struct text plain_name(struct arena *arena, struct text id)
{
	struct text name = arena_copy(arena, id);

	for (size_t i = 0; i < name.len; i++) {
		if (name.ptr[i] == '.')
			((char *)(uintptr_t)name.ptr)[i] = '_';
	}
	return name;
}

/* Two JSON strings as one, with a blank between. */
static struct text joined(struct arena *arena, struct text a, struct text b)
{
	struct buf buf;

	buf_init_arena(&buf, arena, TOOL_BYTES_MAX);
	buf_add(&buf, (struct text){a.ptr, a.len - 1});
	buf_add_char(&buf, ' ');
	buf_add(&buf, text_skip(b, 1));
	return buf_text(&buf);
}

static bool is_second_name(const json_t *schema)
{
	const char *about = json_string_value(json_object_get(schema, "description"));

	return about && strncmp(about, "The same as ", strlen("The same as ")) == 0;
}

/* Take out of `properties` what a client can do without. */
static void thin_out(json_t *properties)
{
	const char *key;
	json_t *member;
	void *next;

	json_object_foreach_safe(properties, next, key, member)
	{
		if (is_second_name(member))
			json_object_del(properties, key);
		else
			json_object_del(member, "description");
	}
}

/* The same for an input, and for what stands in its arrays: the leads of lead.upsert_many. */
static void make_compact(json_t *schema)
{
	json_t *properties = json_object_get(schema, "properties"), *member;
	const char *key;

	thin_out(properties);
	json_object_foreach(properties, key, member)
		thin_out(json_object_get(json_object_get(member, "items"), "properties"));
}

static struct text compact_of(struct arena *arena, struct text input)
{
	json_t *schema = json_loadb(input.ptr, input.len, 0, NULL);
	struct buf buf;
	struct writer writer = writer_on(&buf);

	if (!schema)
		return TEXT_NONE;
	buf_init_arena(&buf, arena, TOOL_BYTES_MAX);
	make_compact(schema);
	writer_value(&writer, schema);
	json_decref(schema);
	return buf_text(&buf);
}

static bool load(struct arena *arena, const struct command *command, struct mcp_tool *out)
{
	struct text whole = command->whole;

	out->command = command;
	out->plain_name = plain_name(arena, command->id);
	out->title = scan_member(whole, TEXT("title"));
	out->summary = scan_member(whole, TEXT("summary"));
	out->input = scan_member(whole, TEXT("input_schema"));
	out->output = scan_member(whole, TEXT("output_schema"));
	out->description = joined(arena, scan_member(whole, TEXT("description")),
				  scan_member(whole, TEXT("when_to_use")));
	out->compact_input = compact_of(arena, out->input);
	out->is_idempotent = is_idempotent(command);
	return out->plain_name.ptr && out->description.ptr && out->compact_input.ptr;
}

enum err_code mcp_tools_load(struct arena *arena, struct desk *desk, const struct mcp_tool **out,
			     struct err *err)
{
	size_t count;
	const struct command *commands = dispatch_commands(desk, &count);
	struct mcp_tool *tools = arena_zero(arena, count, sizeof *tools);

	for (size_t i = 0; tools && i < count; i++) {
		if (!load(arena, &commands[i], &tools[i]))
			return err_memory(err);
	}
	*out = tools;
	return tools ? ERR_OK : err_memory(err);
}

static struct text name_of(const struct mcp_exchange *exchange, const struct mcp_tool *tool)
{
	return exchange->look.has_plain_names ? tool->plain_name : tool->command->id;
}

static void write_annotations(struct writer *writer, const struct mcp_tool *tool)
{
	bool reads = tool->command->risk == COMMAND_READ;

	writer_key(writer, TEXT("annotations"));
	writer_begin_object(writer);
	writer_member_bool(writer, "readOnlyHint", reads);
	writer_member_bool(writer, "destructiveHint", tool->command->risk == COMMAND_APPROVAL);
	writer_member_bool(writer, "idempotentHint", tool->is_idempotent);
	writer_member_bool(writer, "openWorldHint", false);
	writer_end_object(writer);
}

static void write_tool(struct mcp_exchange *exchange, const struct mcp_tool *tool, bool is_compact,
		       struct writer *writer)
{
	writer_begin_object(writer);
	writer_member_text(writer, "name", name_of(exchange, tool));
	writer_member_raw(writer, "title", tool->title);
	writer_member_raw(writer, "description", is_compact ? tool->summary : tool->description);
	writer_member_raw(writer, "inputSchema", is_compact ? tool->compact_input : tool->input);
	if (!is_compact)
		writer_member_raw(writer, "outputSchema", tool->output);
	write_annotations(writer, tool);
	writer_end_object(writer);
}

static void write_tools(struct mcp_exchange *exchange, bool is_compact, struct writer *writer)
{
	size_t count;

	dispatch_commands(exchange->mcp->desk, &count);
	writer_begin_array(writer);
	for (size_t i = 0; i < count; i++) {
		const struct mcp_tool *tool = &exchange->mcp->tools[i];

		if (access_allows(exchange->caller.scopes, tool->command))
			write_tool(exchange, tool, is_compact, writer);
	}
	writer_end_array(writer);
}

/* What the compact list saved against the whole one, which is made for that. */
static void write_saved(struct mcp_exchange *exchange, size_t bytes)
{
	struct writer *writer = &exchange->writer;
	struct buf whole;
	struct writer measure = writer_on(&whole);

	buf_init(&whole, REPLY_BYTES_MAX);
	write_tools(exchange, false, &measure);
	writer_key(writer, TEXT(MCP_META_SAVED));
	writer_begin_object(writer);
	writer_member_int(writer, "bytes", (int64_t)bytes);
	writer_member_int(writer, "bytes_in_full", (int64_t)whole.len);
	writer_member_raw(writer, "left_out",
			  TEXT("[\"outputSchema\",\"when_to_use\",\"descriptions of members\","
			       "\"second names of members\"]"));
	writer_end_object(writer);
	buf_release(&whole);
}

/* The profile that _meta names for this request alone. False: it has answered. */
static bool read_profile(struct mcp_exchange *exchange)
{
	const json_t *value = json_object_get(exchange->message.meta, MCP_META_PROFILE);
	const char *word = json_string_value(value);

	if (!value)
		return true;
	if (word && (strcmp(word, "full") == 0 || strcmp(word, "compact") == 0)) {
		exchange->look.is_compact = word[0] == 'c';
		return true;
	}
	mcp_reply_bad_params(exchange,
			     "_meta[\"" MCP_META_PROFILE "\"] is \"full\" or \"compact\".");
	return false;
}

void mcp_tools_list(struct mcp_exchange *exchange)
{
	struct writer *writer;
	size_t before;

	if (!read_profile(exchange))
		return;
	writer = mcp_reply_begin(exchange, "complete");
	writer_key(writer, TEXT("tools"));
	before = exchange->buf.len;
	write_tools(exchange, exchange->look.is_compact, writer);
	size_t bytes = exchange->buf.len - before;

	mcp_reply_cache(exchange, LIST_TTL_MS, MCP_PRIVATE);
	if (exchange->look.is_compact) {
		mcp_reply_begin_meta(exchange);
		write_saved(exchange, bytes);
		mcp_reply_end_meta(exchange);
	}
	mcp_reply_end(exchange, exchange->look.is_compact);
}

static const struct mcp_tool *find_tool(const struct mcp *mcp, struct text name)
{
	const struct command *command = dispatch_find(mcp->desk, name);
	size_t count;

	if (command)
		return &mcp->tools[command->index];
	dispatch_commands(mcp->desk, &count);
	for (size_t i = 0; i < count; i++) {
		if (text_is(mcp->tools[i].plain_name, name))
			return &mcp->tools[i];
	}
	return NULL;
}

static void unknown_tool(struct mcp_exchange *exchange, struct text name)
{
	struct mcp_fault fault = {.rpc = MCP_INVALID_PARAMS, .status = 200};

	if (name.len > SHOWN_MAX)
		name.len = SHOWN_MAX;
	err_set(&fault.err, ERR_COMMAND_NOT_FOUND, "",
		"Unknown tool: %.*s. tools/list names those there are.", TEXT_ARG(name));
	mcp_reply_fault(exchange, &fault);
}

/* Take what the request says into the call. False: it has answered. */
static bool read_call(struct mcp_exchange *exchange, const json_t *arguments)
{
	struct call *call = exchange->call;
	const json_t *key = json_object_get(exchange->message.meta, MCP_META_IDEMPOTENCY);
	struct err err;

	if (arguments && !json_is_object(arguments)) {
		mcp_reply_bad_params(exchange, "\"arguments\" must be an object.");
		return false;
	}
	if (!read_profile(exchange))
		return false;
	call->profile = exchange->look.is_compact ? COMMAND_COMPACT : COMMAND_FULL;
	call->idempotency_key = mcp_message_text(exchange->message.meta, MCP_META_IDEMPOTENCY);
	if (key && runtime_check_idempotency_key(call->idempotency_key, &err) != ERR_OK) {
		mcp_reply_bad_params(exchange, "_meta[\"" MCP_META_IDEMPOTENCY "\"] takes 1 to 255 "
					       "printable ASCII characters, e.g. a UUID.");
		return false;
	}
	call->input = arguments ? json_incref((json_t *)arguments) : json_object();
	if (call->input)
		return true;
	err_memory(&err);
	mcp_reply_error(exchange, &err, TEXT_NONE);
	return false;
}

static void finish_call(struct mcp_exchange *exchange)
{
	if (!mcp_follow_begin(exchange->mcp->follow, exchange))
		mcp_result_write(exchange);
}

void mcp_tools_call(struct mcp_exchange *exchange)
{
	const json_t *params = exchange->message.params;
	struct text name = mcp_message_text(params, "name");
	const struct mcp_tool *tool = name.ptr ? find_tool(exchange->mcp, name) : NULL;

	if (!name.ptr) {
		mcp_reply_bad_params(exchange, "tools/call needs \"name\", the name of a tool.");
		return;
	}
	if (!tool) {
		unknown_tool(exchange, name);
		return;
	}
	if (!read_call(exchange, json_object_get(params, "arguments")) ||
	    !mcp_confirm(exchange, tool->command))
		return;
	exchange->finish = finish_call;
	exchange->transport->run(exchange, tool->command->id);
}
