#include "surface/mcp_reply.h"

#define ANSWER_BYTES_MAX (2 * REPLY_BYTES_MAX + (size_t)8 * 1024 * 1024)
#define REFUSAL_BYTES_MAX 4096

static void write_id(struct mcp_exchange *exchange, struct writer *writer)
{
	if (!exchange->message.id)
		return;
	writer_key(writer, TEXT("id"));
	writer_value(writer, exchange->message.id);
}

static struct writer *begin(struct mcp_exchange *exchange)
{
	buf_init_arena(&exchange->buf, exchange->arena, ANSWER_BYTES_MAX);
	exchange->writer = writer_on(&exchange->buf);
	writer_begin_object(&exchange->writer);
	writer_member_text(&exchange->writer, "jsonrpc", TEXT("2.0"));
	write_id(exchange, &exchange->writer);
	return &exchange->writer;
}

struct writer *mcp_reply_begin(struct mcp_exchange *exchange, const char *type)
{
	struct writer *writer = begin(exchange);

	exchange->status = 200;
	writer_key(writer, TEXT("result"));
	writer_begin_object(writer);
	if (mcp_reply_is_stateless(exchange))
		writer_member_text(writer, "resultType", text_of(type));
	return writer;
}

void mcp_reply_cache(struct mcp_exchange *exchange, int64_t ttl_ms, enum mcp_scope scope)
{
	if (!mcp_reply_is_stateless(exchange))
		return;
	writer_member_int(&exchange->writer, "ttlMs", ttl_ms);
	writer_member_text(&exchange->writer, "cacheScope",
			   scope == MCP_PUBLIC ? TEXT("public") : TEXT("private"));
}

void mcp_reply_write_server(struct writer *writer)
{
	writer_begin_object(writer);
	writer_member_text(writer, "name", TEXT("galena"));
	writer_member_text(writer, "title", TEXT("Galena"));
	writer_member_text(writer, "version", TEXT(GALENA_VERSION));
	writer_end_object(writer);
}

void mcp_reply_begin_meta(struct mcp_exchange *exchange)
{
	struct writer *writer = &exchange->writer;

	writer_key(writer, TEXT("_meta"));
	writer_begin_object(writer);
	if (!mcp_reply_is_stateless(exchange))
		return;
	writer_key(writer, TEXT(MCP_META_SERVER));
	mcp_reply_write_server(writer);
}

void mcp_reply_end_meta(struct mcp_exchange *exchange)
{
	writer_end_object(&exchange->writer);
}

static void no_memory(struct mcp_exchange *exchange)
{
	struct mcp_fault fault = {.rpc = MCP_INTERNAL, .status = 200};

	err_memory(&fault.err);
	mcp_reply_fault(exchange, &fault);
}

void mcp_reply_end(struct mcp_exchange *exchange, bool has_meta)
{
	if (!has_meta && mcp_reply_is_stateless(exchange)) {
		mcp_reply_begin_meta(exchange);
		mcp_reply_end_meta(exchange);
	}
	writer_end_object(&exchange->writer);
	writer_end_object(&exchange->writer);
	if (exchange->buf.failed)
		no_memory(exchange);
	else
		exchange->transport->answer(exchange);
}

static void write_error(struct writer *writer, int rpc, const struct err *err, struct text data)
{
	writer_key(writer, TEXT("error"));
	writer_begin_object(writer);
	writer_member_int(writer, "code", rpc);
	writer_member_text(writer, "message", text_of(err->message));
	if (data.ptr)
		writer_member_raw(writer, "data", data);
	writer_end_object(writer);
}

void mcp_reply_fault(struct mcp_exchange *exchange, const struct mcp_fault *fault)
{
	struct writer *writer = begin(exchange);

	exchange->status = fault->status;
	exchange->err = fault->err;
	write_error(writer, fault->rpc, &fault->err, fault->data);
	writer_end_object(writer);
	exchange->transport->answer(exchange);
}

void mcp_reply_bad_params(struct mcp_exchange *exchange, const char *message)
{
	struct mcp_fault fault;

	if (!mcp_message_fault(&fault, MCP_INVALID_PARAMS, 200, ERR_INVALID_INPUT, message))
		mcp_reply_fault(exchange, &fault);
}

void mcp_reply_error(struct mcp_exchange *exchange, const struct err *err, struct text data)
{
	struct mcp_fault fault = {.rpc = err_rpc_code(err->code),
				  .status = 200,
				  .data = data,
				  .err = *err};

	mcp_reply_fault(exchange, &fault);
}

void mcp_reply_write_fault(const struct mcp_fault *fault, struct buf *out)
{
	struct writer writer = writer_on(out);

	writer_begin_object(&writer);
	writer_member_text(&writer, "jsonrpc", TEXT("2.0"));
	write_error(&writer, fault->rpc, &fault->err, fault->data);
	writer_end_object(&writer);
}

void mcp_reply_write_refusal(const struct err *err, struct buf *out)
{
	struct mcp_fault fault = {.rpc = err_rpc_code(err->code), .err = *err};
	struct buf data;
	struct writer writer = writer_on(&data);

	buf_init(&data, REFUSAL_BYTES_MAX);
	writer_begin_object(&writer);
	writer_member_text(&writer, "code", text_of(err_name(err->code)));
	writer_end_object(&writer);
	fault.data = buf_text(&data);
	mcp_reply_write_fault(&fault, out);
	buf_release(&data);
}
