#include "http/answer.h"

#include <sys/socket.h>

#include "http/cors.h"
#include "http/encode.h"

#define STREAM_BLOCK_BYTES ((size_t)16 * 1024)

void http_answer_refuse(struct http_exchange *exchange, int status, const struct err *err)
{
	const struct http_callbacks *callbacks = &exchange->server->callbacks;

	if (callbacks->refuse)
		callbacks->refuse(callbacks->state, &exchange->request, err);
	if (!exchange->answer.is_given)
		http_respond_error(&exchange->request, err);
	if (status)
		exchange->answer.status = status;
}

/* Called by the daemon for the next piece of a streamed body. */
static ssize_t read_stream(void *state, uint64_t at, char *out, size_t max)
{
	struct http_exchange *exchange = state;
	struct http_answer *answer = &exchange->answer;
	int64_t count;

	(void)at;
	if (answer->deflater)
		count = http_encode_next(answer, out, max);
	else
		count = answer->produce(answer->context, out, max);
	if (count == HTTP_STREAM_LATER) {
		exchange->connection->phase = HTTP_PHASE_HANDLER;
		exchange->server->held++;
		MHD_suspend_connection(exchange->mhd);
		return 0;
	}
	if (count == HTTP_STREAM_END)
		return MHD_CONTENT_READER_END_OF_STREAM;
	if (count < 0 || (uint64_t)count > max)
		return MHD_CONTENT_READER_END_WITH_ERROR;
	answer->bytes += (uint64_t)count;
	return (ssize_t)count;
}

static void add(struct MHD_Response *response, const char *name, struct text value)
{
	if (value.ptr)
		MHD_add_response_header(response, name, value.ptr);
}

static void add_headers(struct http_exchange *exchange, struct MHD_Response *response)
{
	const struct http_settings *settings = &exchange->server->settings;
	const struct http_answer *answer = &exchange->answer;
	struct arena *arena = &exchange->arena;

	add(response, "X-Request-Id", arena_copy(arena, exchange->request.id));
	if (answer->type.ptr)
		add(response, "Content-Type", arena_copy(arena, answer->type));
	if (answer->is_gzip)
		add(response, "Content-Encoding", TEXT("gzip"));
	if (answer->varies)
		add(response, "Vary", TEXT("Accept-Encoding"));
	for (const struct http_header *at = answer->headers; at; at = at->next)
		add(response, at->name.ptr, at->value);
	if (settings->cors_origins.len) {
		struct text origin = http_cors_origin(settings, &exchange->request);

		if (origin.ptr) {
			add(response, "Access-Control-Allow-Origin", arena_copy(arena, origin));
			add(response, "Access-Control-Expose-Headers", TEXT("*"));
		}
		if (http_cors_varies(settings))
			add(response, "Vary", TEXT("Origin"));
	}
	/* The loop has closed its listening socket: it drains. */
	if (exchange->server->listen_fd < 0)
		add(response, "Connection", TEXT("close"));
}

enum MHD_Result http_answer_queue(struct http_exchange *exchange)
{
	struct http_answer *answer = &exchange->answer;
	struct MHD_Response *response;

	if (answer->produce)
		response = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, STREAM_BLOCK_BYTES,
							     read_stream, exchange, NULL);
	else
		response = MHD_create_response_from_buffer(answer->body.len,
							   (void *)(uintptr_t)answer->body.ptr,
							   MHD_RESPMEM_PERSISTENT);
	if (!response)
		return MHD_NO;
	/*
	 * To HEAD, libmicrohttpd 0.9.75 would send the last chunk of a chunked body, which the
	 * client takes for the next answer. HTTP/1.0 knows no chunks.
	 */
	if (answer->produce && exchange->request.head_only)
		MHD_set_response_options(response, MHD_RF_HTTP_1_0_SERVER, MHD_RO_END);
	add_headers(exchange, response);
	answer->is_queued = true;
	if (!answer->produce && !exchange->request.head_only)
		answer->bytes = answer->body.len;
	http_exchange_phase(exchange->connection, HTTP_PHASE_ANSWER);
	enum MHD_Result result =
		MHD_queue_response(exchange->mhd, (unsigned)answer->status, response);

	MHD_destroy_response(response);
	return result;
}

void http_answer_cut_in(struct http_exchange *exchange)
{
	struct http_answer *answer = &exchange->answer;
	struct http_connection *connection = exchange->connection;

	if (exchange->request.is_tls || answer->produce)
		return;
	struct buf buf;

	buf_init_arena(&buf, &exchange->arena, SIZE_MAX / 2);
	buf_add_format(&buf, "HTTP/1.1 %d %s\r\nConnection: close\r\nContent-Length: %zu\r\n",
		       answer->status, MHD_get_reason_phrase_for((unsigned)answer->status),
		       answer->body.len);
	buf_add_format(&buf, "X-Request-Id: %.*s\r\n", TEXT_ARG(exchange->request.id));
	if (answer->type.ptr)
		buf_add_format(&buf, "Content-Type: %.*s\r\n", TEXT_ARG(answer->type));
	if (answer->is_gzip)
		buf_add(&buf, TEXT("Content-Encoding: gzip\r\n"));
	for (const struct http_header *at = answer->headers; at; at = at->next)
		buf_add_format(&buf, "%s: %s\r\n", at->name.ptr, at->value.ptr);
	buf_add(&buf, TEXT("\r\n"));
	buf_add(&buf, answer->body);
	struct text text = buf_text(&buf);

	if (!text.ptr)
		return;
	/* The send buffer is empty at this point of a connection; a short answer fits. */
	ssize_t sent = send(connection->fd, text.ptr, text.len, MSG_DONTWAIT | MSG_NOSIGNAL);

	if (sent == (ssize_t)text.len) {
		answer->is_queued = true;
		answer->bytes = answer->body.len;
		connection->lingers = true;
	}
}
