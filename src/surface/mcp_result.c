#include "surface/mcp_result.h"

#include "surface/envelope.h"
#include "surface/mcp_reply.h"

#define TEXT_BYTES_MAX (REPLY_BYTES_MAX + (size_t)1024 * 1024)

/* Whether meta holds what whoever reads the text should know. */
static bool has_news(const struct reply *reply)
{
	return reply->outcome != REPLY_NONE || reply->warning_count > 0 || reply->next_cursor.ptr ||
	       reply->replayed;
}

static void write_news(const struct reply *reply, struct writer *writer)
{
	writer_begin_object(writer);
	if (reply->outcome != REPLY_NONE)
		writer_member_text(writer, "outcome", text_of(reply_outcome_name(reply->outcome)));
	if (reply->warning_count > 0) {
		writer_key(writer, TEXT("warnings"));
		writer_begin_array(writer);
		for (size_t i = 0; i < reply->warning_count; i++)
			writer_text(writer, reply->warnings[i]);
		writer_end_array(writer);
	}
	if (reply->next_cursor.ptr)
		writer_member_text(writer, "next_cursor", reply->next_cursor);
	if (reply->replayed)
		writer_member_bool(writer, "replayed", true);
	writer_end_object(writer);
}

/* The data, and behind its last member what else there is to know. */
static struct text text_of_success(struct mcp_exchange *exchange)
{
	const struct reply *reply = &exchange->call->reply;
	bool is_empty = text_is(reply->data, TEXT("{}"));
	struct buf buf;
	struct writer writer = writer_on(&buf);

	if (!has_news(reply))
		return reply->data;
	buf_init_arena(&buf, exchange->arena, TEXT_BYTES_MAX);
	buf_add(&buf, (struct text){reply->data.ptr, reply->data.len - 1});
	buf_add(&buf, is_empty ? TEXT("\"meta\":") : TEXT(",\"meta\":"));
	write_news(reply, &writer);
	buf_add_char(&buf, '}');
	return buf_text(&buf);
}

static struct text text_of_failure(struct mcp_exchange *exchange)
{
	struct buf buf;
	struct writer writer = writer_on(&buf);

	buf_init_arena(&buf, exchange->arena, TEXT_BYTES_MAX);
	writer_begin_object(&writer);
	writer_key(&writer, TEXT("error"));
	envelope_write_failure(exchange->call, &writer);
	writer_end_object(&writer);
	return buf_text(&buf);
}

static void write_content(struct writer *writer, struct text text)
{
	writer_key(writer, TEXT("content"));
	writer_begin_array(writer);
	writer_begin_object(writer);
	writer_member_text(writer, "type", TEXT("text"));
	writer_member_text(writer, "text", text);
	writer_end_object(writer);
	writer_end_array(writer);
}

/* Which members of leads a compact answer goes without. */
static void write_saved(const struct call *call, struct writer *writer)
{
	if (call->profile != COMMAND_COMPACT || !call->command ||
	    !text_starts(call->command->id, TEXT("lead.")))
		return;
	writer_key(writer, TEXT(MCP_META_SAVED));
	writer_begin_object(writer);
	writer_key(writer, TEXT("left_out"));
	writer_begin_array(writer);
	for (int id = 0; id < FIELD_COUNT; id++) {
		if (field_rows[id].runtime.ptr && !field_rows[id].compact)
			writer_text(writer, field_rows[id].runtime);
	}
	writer_end_array(writer);
	writer_end_object(writer);
}

static void write_meta(struct mcp_exchange *exchange)
{
	const struct call *call = exchange->call;
	struct writer *writer = &exchange->writer;
	enum err_code code = call->job.err.code;

	mcp_reply_begin_meta(exchange);
	writer_member_int(writer, MCP_META_STATUS, err_http_status(code));
	writer_key(writer, TEXT(MCP_META_META));
	envelope_write_meta(call, exchange->request_id, writer);
	if (code != ERR_OK) {
		writer_key(writer, TEXT(MCP_META_ERROR));
		envelope_write_failure(call, writer);
	} else {
		write_saved(call, writer);
	}
	mcp_reply_end_meta(exchange);
}

void mcp_result_write(struct mcp_exchange *exchange)
{
	const struct call *call = exchange->call;
	bool has_failed = call->job.err.code != ERR_OK;
	struct text text = has_failed ? text_of_failure(exchange) : text_of_success(exchange);
	struct writer *writer = mcp_reply_begin(exchange, "complete");

	/* At once most of what both will take: growing copies. */
	if (buf_reserve(&exchange->buf, text.len + call->reply.data.len + 1024))
		write_content(writer, text.ptr ? text : TEXT("{}"));
	if (has_failed)
		exchange->err = call->job.err;
	else
		writer_member_raw(writer, "structuredContent", call->reply.data);
	writer_member_bool(writer, "isError", has_failed);
	write_meta(exchange);
	if (!text.ptr)
		exchange->buf.failed = true;
	mcp_reply_end(exchange, true);
}

void mcp_result_refuse(struct mcp_exchange *exchange, const struct err *err)
{
	exchange->call->job.err = *err;
	memset(&exchange->call->reply, 0, sizeof exchange->call->reply);
	mcp_result_write(exchange);
}
