#include "surface/mcp_message.h"

#include "json/parse.h"
#include "json/writer.h"
#include "surface/mcp_headers.h"

#define DEPTH_MAX 72 /* a command's input may have 64, and stands a few levels deep */
#define VALUES_MAX 500000
#define ID_BYTES_MAX 256
#define DATA_BYTES_MAX 4096
#define SHOWN_MAX 64

static const char *const revision_names[] = {"2025-06-18", "2025-11-25", "2026-07-28"};

struct text mcp_message_revision_name(enum mcp_revision revision)
{
	return text_of(revision_names[revision]);
}

bool mcp_message_revision_parse(struct text name, enum mcp_revision *out)
{
	for (size_t i = 0; i < ARRAY_LEN(revision_names); i++) {
		if (text_is(name, text_of(revision_names[i]))) {
			*out = (enum mcp_revision)i;
			return true;
		}
	}
	return false;
}

bool mcp_message_fault(struct mcp_fault *fault, int rpc, int status, enum err_code code,
		       const char *message)
{
	fault->rpc = rpc;
	fault->status = status;
	fault->data = TEXT_NONE;
	err_set(&fault->err, code, "", "%s", message);
	return false;
}

struct text mcp_message_text(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	if (!json_is_string(value))
		return TEXT_NONE;
	return (struct text){json_string_value(value), json_string_length(value)};
}

static bool invalid(struct mcp_fault *fault, const char *message)
{
	return mcp_message_fault(fault, MCP_INVALID_REQUEST, 400, ERR_INVALID_INPUT, message);
}

static bool parse(struct text bytes, struct mcp_message *out, struct mcp_fault *fault)
{
	const struct parse_limits limits = {bytes.len, DEPTH_MAX, VALUES_MAX};

	fault->data = TEXT_NONE;
	if (parse_json(bytes, &limits, &out->root, &fault->err) == ERR_OK)
		return true;
	out->root = NULL;
	fault->rpc = err_rpc_code(ERR_INVALID_JSON);
	if (fault->err.code != ERR_INVALID_JSON)
		fault->rpc = fault->err.code == ERR_BUSY ? MCP_INTERNAL : MCP_INVALID_REQUEST;
	fault->status = err_http_status(fault->err.code);
	return false;
}

static bool read_id(struct mcp_message *message, struct mcp_fault *fault)
{
	const json_t *id = json_object_get(message->root, "id");

	if (!id)
		return true;
	if (!json_is_integer(id) && (!json_is_string(id) || json_string_length(id) > ID_BYTES_MAX))
		return invalid(fault, "\"id\" is a whole number, or text of at most 256 bytes. A "
				      "notification has none.");
	message->id = id;
	return true;
}

static bool read_kind(struct mcp_message *message, struct mcp_fault *fault)
{
	const json_t *method = json_object_get(message->root, "method");
	bool is_answer = json_object_get(message->root, "result") ||
			 json_object_get(message->root, "error");

	if (json_is_string(method) && json_string_length(method) > 0) {
		message->method = mcp_message_text(message->root, "method");
		message->kind = message->id ? MCP_REQUEST : MCP_NOTIFICATION;
		return true;
	}
	message->kind = MCP_RESPONSE;
	return (!method && is_answer) ||
	       invalid(fault, "\"method\" is missing: the name of what is asked for, e.g. "
			      "\"tools/list\".");
}

static bool read_params(struct mcp_message *message, struct mcp_fault *fault)
{
	const json_t *params = json_object_get(message->root, "params");
	const json_t *meta = json_object_get(params, "_meta");

	if (params && !json_is_object(params))
		return mcp_message_fault(fault, MCP_INVALID_PARAMS, 400, ERR_INVALID_INPUT,
					 "\"params\" must be an object.");
	if (meta && !json_is_object(meta))
		return mcp_message_fault(fault, MCP_INVALID_PARAMS, 400, ERR_INVALID_INPUT,
					 "\"params._meta\" must be an object.");
	message->params = params;
	message->meta = meta;
	return true;
}

static bool unsupported(const struct mcp_context *context, struct text asked,
			struct mcp_fault *fault)
{
	struct buf buf;
	struct writer writer = writer_on(&buf);

	buf_init_arena(&buf, context->arena, DATA_BYTES_MAX);
	writer_begin_object(&writer);
	writer_key(&writer, TEXT("supported"));
	writer_begin_array(&writer);
	for (int i = MCP_REVISION_COUNT; i-- > 0;)
		writer_text(&writer, text_of(revision_names[i]));
	writer_end_array(&writer);
	asked.len = asked.len < SHOWN_MAX ? asked.len : SHOWN_MAX;
	writer_member_text(&writer, "requested",
			   text_is_utf8(asked) ? asked : TEXT("(not readable)"));
	writer_end_object(&writer);
	mcp_message_fault(fault, MCP_UNSUPPORTED_VERSION, 400, ERR_INVALID_INPUT,
			  "Unsupported protocol version. This server speaks 2026-07-28, 2025-11-25 "
			  "and 2025-06-18.");
	fault->data = buf_text(&buf);
	return false;
}

/* The revision that the body names: it counts, and a header has to say the same. */
static bool read_claim(const struct mcp_context *context, const json_t *claim,
		       struct mcp_message *message, struct mcp_fault *fault)
{
	struct text name = mcp_message_text(message->meta, MCP_META_VERSION);

	(void)claim;
	if (!name.ptr)
		return mcp_message_fault(fault, MCP_INVALID_PARAMS, 400, ERR_INVALID_INPUT,
					 "_meta[\"" MCP_META_VERSION "\"] must be text, e.g. "
					 "\"2026-07-28\".");
	if (context->version.ptr && !text_is(context->version, name))
		return mcp_message_fault(fault, MCP_HEADER_MISMATCH, 400, ERR_INVALID_INPUT,
					 "Header mismatch: MCP-Protocol-Version names another "
					 "revision than _meta[\"" MCP_META_VERSION "\"].");
	if (!mcp_message_revision_parse(name, &message->revision))
		return unsupported(context, name, fault);
	return true;
}

static bool read_revision(const struct mcp_context *context, struct mcp_message *message,
			  struct mcp_fault *fault)
{
	const json_t *claim = json_object_get(message->meta, MCP_META_VERSION);

	message->revision = context->revision;
	if (claim)
		return read_claim(context, claim, message, fault);
	if (context->version.ptr &&
	    !mcp_message_revision_parse(context->version, &message->revision))
		return unsupported(context, context->version, fault);
	return true;
}

/* What 2026-07-28 requires of every request. */
static bool check_request(const struct mcp_context *context, struct mcp_message *message,
			  struct mcp_fault *fault)
{
	message->capabilities = json_object_get(message->meta, MCP_META_CAPABILITIES);
	if (!json_object_get(message->meta, MCP_META_VERSION))
		return mcp_message_fault(fault, MCP_INVALID_PARAMS, 400, ERR_INVALID_INPUT,
					 "_meta[\"" MCP_META_VERSION
					 "\"] is missing: in 2026-07-28 "
					 "every request names its revision.");
	if (!json_is_object(message->capabilities))
		return mcp_message_fault(fault, MCP_INVALID_PARAMS, 400, ERR_INVALID_INPUT,
					 "_meta[\"" MCP_META_CAPABILITIES "\"] is missing: an "
					 "object, {} for a client without any.");
	return !context->is_http || mcp_headers_check(context, message, fault);
}

bool mcp_message_read(struct text bytes, const struct mcp_context *context, struct mcp_message *out,
		      struct mcp_fault *fault)
{
	*out = (struct mcp_message){.revision = context->revision};
	if (!parse(bytes, out, fault))
		return false;
	if (json_is_array(out->root))
		return invalid(fault, "Send one message at a time: since revision 2025-06-18 there "
				      "are no batches.");
	if (!json_is_object(out->root))
		return invalid(fault, "A message is a JSON object: {\"jsonrpc\":\"2.0\",…}.");
	if (!read_id(out, fault))
		return false;
	if (!text_is(mcp_message_text(out->root, "jsonrpc"), TEXT("2.0")))
		return invalid(fault, "\"jsonrpc\" must be \"2.0\".");
	if (!read_kind(out, fault) || !read_params(out, fault) ||
	    !read_revision(context, out, fault))
		return false;
	if (out->kind != MCP_REQUEST || out->revision < MCP_2026_07_28)
		return true;
	return check_request(context, out, fault);
}

void mcp_message_release(struct mcp_message *message)
{
	json_decref(message->root);
	*message = (struct mcp_message){.revision = message->revision};
}
