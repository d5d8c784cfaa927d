#include "surface/mcp_confirm.h"

#include <sodium.h>
#include <stdlib.h>

#include "command/access.h"
#include "json/scan.h"
#include "surface/mcp_reply.h"
#include "surface/mcp_result.h"

#define VALID_MS (10 * 60 * 1000)
#define SHOWN_BYTES_MAX 400
#define MESSAGE_BYTES_MAX 4096

/* The question's name among inputRequests and inputResponses. */
#define QUESTION "confirm"

/* What requestState is, before Base64. */
struct state {
	int64_t expires_ms;
	unsigned char mac[crypto_auth_BYTES];
};

#define STATE_BYTES (sizeof(int64_t) + crypto_auth_BYTES)
#define STATE_TEXT_BYTES sodium_base64_ENCODED_LEN(STATE_BYTES, sodium_base64_VARIANT_URLSAFE)

static int64_t now_ms(const struct mcp_exchange *exchange)
{
	return clock_now_ms(engine_clock(dispatch_engine(exchange->mcp->desk)));
}

/* The signature of (until when, who, what); false without memory. */
static bool sign(const struct mcp_exchange *exchange, const struct command *command,
		 int64_t expires_ms, unsigned char out[crypto_auth_BYTES])
{
	int64_t numbers[] = {expires_ms, exchange->caller.workspace, exchange->caller.actor};
	char *arguments = json_dumps(exchange->call->input, JSON_COMPACT | JSON_SORT_KEYS);
	struct buf buf;

	if (!arguments)
		return false;
	buf_init_arena(&buf, exchange->arena, REPLY_BYTES_MAX);
	buf_add(&buf, (struct text){(const char *)numbers, sizeof numbers});
	buf_add(&buf, command->id);
	buf_add_char(&buf, '\n');
	buf_add(&buf, text_of(arguments));
	free(arguments);
	if (!buf.failed)
		crypto_auth(out, (const unsigned char *)buf.ptr, buf.len, exchange->mcp->secret);
	return !buf.failed;
}

/* requestState for this call, in the arena; absent without memory. */
static struct text make_state(struct mcp_exchange *exchange, const struct command *command)
{
	struct state state = {.expires_ms = now_ms(exchange) + VALID_MS};
	unsigned char bytes[STATE_BYTES];
	char *text = arena_take(exchange->arena, STATE_TEXT_BYTES);

	if (!text || !sign(exchange, command, state.expires_ms, state.mac))
		return TEXT_NONE;
	memcpy(bytes, &state.expires_ms, sizeof state.expires_ms);
	memcpy(bytes + sizeof state.expires_ms, state.mac, sizeof state.mac);
	return text_of(sodium_bin2base64(text, STATE_TEXT_BYTES, bytes, sizeof bytes,
					 sodium_base64_VARIANT_URLSAFE));
}

/* True when it was made here, for this call; *out_expires_ms is until when it counts. */
static bool read_state(const struct mcp_exchange *exchange, const struct command *command,
		       struct text text, int64_t *out_expires_ms)
{
	unsigned char bytes[STATE_BYTES], wanted[crypto_auth_BYTES];
	const char *end;
	size_t len;

	if (sodium_base642bin(bytes, sizeof bytes, text.ptr, text.len, NULL, &len, &end,
			      sodium_base64_VARIANT_URLSAFE) != 0 ||
	    end != text.ptr + text.len || len != sizeof bytes)
		return false;
	memcpy(out_expires_ms, bytes, sizeof *out_expires_ms);
	return sign(exchange, command, *out_expires_ms, wanted) &&
	       sodium_memcmp(wanted, bytes + sizeof *out_expires_ms, sizeof wanted) == 0;
}

/* What the person reads. */
static struct text make_question(struct mcp_exchange *exchange, const struct command *command)
{
	struct text about =
		scan_string(exchange->arena, scan_member(command->whole, TEXT("description")));
	char *arguments = json_dumps(exchange->call->input, JSON_COMPACT);
	struct text shown = text_of(arguments ? arguments : "{}");
	struct buf buf;

	while (shown.len > SHOWN_BYTES_MAX || !text_is_utf8(shown))
		shown.len = shown.len > SHOWN_BYTES_MAX ? SHOWN_BYTES_MAX : shown.len - 1;
	buf_init_arena(&buf, exchange->arena, MESSAGE_BYTES_MAX);
	buf_add_format(&buf, "%.*s Run %s with %.*s?", TEXT_ARG(about), command->id.ptr,
		       TEXT_ARG(shown));
	free(arguments);
	return buf_text(&buf);
}

static void write_question(struct writer *writer, struct text title, struct text question)
{
	writer_begin_object(writer);
	writer_member_text(writer, "method", TEXT("elicitation/create"));
	writer_key(writer, TEXT("params"));
	writer_begin_object(writer);
	writer_member_text(writer, "mode", TEXT("form"));
	writer_member_text(writer, "message", question);
	writer_key(writer, TEXT("requestedSchema"));
	writer_begin_object(writer);
	writer_member_text(writer, "type", TEXT("object"));
	writer_key(writer, TEXT("properties"));
	writer_begin_object(writer);
	writer_key(writer, TEXT(QUESTION));
	writer_begin_object(writer);
	writer_member_text(writer, "type", TEXT("boolean"));
	writer_member_raw(writer, "title", title);
	writer_end_object(writer);
	writer_end_object(writer);
	writer_member_raw(writer, "required", TEXT("[\"" QUESTION "\"]"));
	writer_end_object(writer);
	writer_end_object(writer);
	writer_end_object(writer);
}

static void ask(struct mcp_exchange *exchange, const struct command *command)
{
	struct text state = make_state(exchange, command);
	struct text question = make_question(exchange, command);
	struct writer *writer;
	struct err err;

	if (!state.ptr || !question.ptr) {
		err_memory(&err);
		mcp_reply_error(exchange, &err, TEXT_NONE);
		return;
	}
	writer = mcp_reply_begin(exchange, "input_required");
	writer_key(writer, TEXT("inputRequests"));
	writer_begin_object(writer);
	writer_key(writer, TEXT(QUESTION));
	write_question(writer, scan_member(command->whole, TEXT("title")), question);
	writer_end_object(writer);
	writer_member_text(writer, "requestState", state);
	mcp_reply_end(exchange, false);
}

/* Whether the client can put a form before a person. */
static bool can_ask(const struct mcp_exchange *exchange)
{
	const json_t *elicitation = json_object_get(exchange->message.capabilities, "elicitation");

	if (!mcp_reply_is_stateless(exchange) || !json_is_object(elicitation))
		return false;
	/* {} means forms; so does naming them. */
	return json_object_size(elicitation) == 0 || json_object_get(elicitation, "form");
}

/* Whether the call would be run at all: nobody is asked about one that is refused anyway. */
static bool would_run(const struct mcp_exchange *exchange, const struct command *command)
{
	struct err ignored;

	return access_allows(exchange->caller.scopes, command) &&
	       schema_check(command->input, exchange->call->input, NULL, &ignored) == ERR_OK;
}

/* The person said something: go on, or tell that it was no yes. */
static bool take_word(struct mcp_exchange *exchange, const json_t *response)
{
	const json_t *content = json_object_get(response, "content");
	struct err err;

	if (text_is(mcp_message_text(response, "action"), TEXT("accept")) &&
	    json_is_true(json_object_get(content, QUESTION)))
		return true;
	err_set(&err, ERR_FORBIDDEN, "",
		"The person who was asked did not agree: nothing was changed. Do not try again "
		"unless they ask for it.");
	mcp_result_refuse(exchange, &err);
	return false;
}

bool mcp_confirm(struct mcp_exchange *exchange, const struct command *command)
{
	const json_t *params = exchange->message.params;
	const json_t *responses = json_object_get(params, "inputResponses");
	const json_t *response = json_object_get(responses, QUESTION);
	struct text state = mcp_message_text(params, "requestState");
	int64_t expires_ms = 0;

	if (command->risk != COMMAND_APPROVAL || !can_ask(exchange) ||
	    !would_run(exchange, command))
		return true;
	if (state.ptr && !read_state(exchange, command, state, &expires_ms)) {
		mcp_reply_bad_params(exchange,
				     "requestState is not one that this server gave for this very "
				     "call. Send the call without it to be asked again.");
		return false;
	}
	if (state.ptr && json_is_object(response) && expires_ms > now_ms(exchange))
		return take_word(exchange, response);
	ask(exchange, command);
	return false;
}
