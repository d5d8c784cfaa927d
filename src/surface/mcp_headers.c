#include "surface/mcp_headers.h"

#include <sodium.h>

#define BEFORE TEXT("=?base64?")
#define AFTER TEXT("?=")

static bool is_wrapped(struct text value)
{
	return value.len >= BEFORE.len + AFTER.len && text_starts(value, BEFORE) &&
	       text_is(text_skip(value, value.len - AFTER.len), AFTER);
}

struct text mcp_headers_decode(struct arena *arena, struct text value)
{
	const char *end;
	size_t len;

	if (!is_wrapped(value))
		return value;
	struct text inside = {value.ptr + BEFORE.len, value.len - BEFORE.len - AFTER.len};
	unsigned char *out = arena_take(arena, inside.len + 1);

	if (!out ||
	    sodium_base642bin(out, inside.len + 1, inside.ptr, inside.len, NULL, &len, &end,
			      sodium_base64_VARIANT_ORIGINAL) != 0 ||
	    end != inside.ptr + inside.len)
		return TEXT_NONE;
	struct text text = {(const char *)out, len};

	return text_is_utf8(text) ? text : TEXT_NONE;
}

/* Whether a text can stand in a header as it is, and cannot be taken for a wrapped one. */
static bool is_plain(struct text value)
{
	if (is_wrapped(value) || value.len == 0 || text_trim(value).len != value.len)
		return false;
	for (size_t i = 0; i < value.len; i++) {
		if (value.ptr[i] < ' ' || value.ptr[i] > '~')
			return false;
	}
	return true;
}

struct text mcp_headers_encode(struct arena *arena, struct text value)
{
	size_t size = sodium_base64_encoded_len(value.len, sodium_base64_VARIANT_ORIGINAL);
	char *base64;

	if (is_plain(value))
		return value;
	base64 = arena_take(arena, size + BEFORE.len + AFTER.len);
	if (!base64)
		return TEXT_NONE;
	memcpy(base64, BEFORE.ptr, BEFORE.len);
	sodium_bin2base64(base64 + BEFORE.len, size, (const unsigned char *)value.ptr, value.len,
			  sodium_base64_VARIANT_ORIGINAL);
	/* The NUL behind it counts in `size`, and gives way to the end of the wrapping. */
	memcpy(base64 + BEFORE.len + size - 1, AFTER.ptr, AFTER.len);
	return (struct text){base64, BEFORE.len + size - 1 + AFTER.len};
}

const char *mcp_headers_name_member(struct text method)
{
	static const struct {
		const char *method, *member;
	} rows[] = {{"tools/call", "name"}, {"prompts/get", "name"}, {"resources/read", "uri"}};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (text_is(method, text_of(rows[i].method)))
			return rows[i].member;
	}
	return NULL;
}

static bool mismatch(struct mcp_fault *fault, const char *message)
{
	return mcp_message_fault(fault, MCP_HEADER_MISMATCH, 400, ERR_INVALID_INPUT, message);
}

static bool check_name(const struct mcp_context *context, const struct mcp_message *message,
		       struct mcp_fault *fault)
{
	const char *member = mcp_headers_name_member(message->method);
	struct text wanted = mcp_message_text(message->params, member ? member : "");

	if (!member)
		return true;
	if (!context->name.ptr)
		return mismatch(fault, "Header mismatch: Mcp-Name is missing. It repeats "
				       "params.name, or params.uri of resources/read.");
	struct text given = mcp_headers_decode(context->arena, context->name);

	if (given.ptr && text_is(given, wanted))
		return true;
	return mismatch(fault, given.ptr ? "Header mismatch: Mcp-Name says something else than "
					   "params.name, or params.uri of resources/read."
					 : "Header mismatch: Mcp-Name is wrapped in =?base64?…?= "
					   "but holds no Base64 of UTF-8 text.");
}

bool mcp_headers_check(const struct mcp_context *context, const struct mcp_message *message,
		       struct mcp_fault *fault)
{
	if (!context->version.ptr)
		return mismatch(fault,
				"Header mismatch: MCP-Protocol-Version is missing. It repeats "
				"_meta[\"" MCP_META_VERSION "\"].");
	if (!context->method.ptr)
		return mismatch(fault, "Header mismatch: Mcp-Method is missing. It repeats the "
				       "message's method.");
	if (!text_is(context->method, message->method))
		return mismatch(fault, "Header mismatch: Mcp-Method names another method than the "
				       "message.");
	return check_name(context, message, fault);
}
