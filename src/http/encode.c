#include "http/encode.h"

#include <stdlib.h>

#define LEVEL 1
#define WINDOW_GZIP (15 + 16)
#define MEMORY_LEVEL 8
#define KEPT_MAX 3
#define STREAM_IN_BYTES ((size_t)16 * 1024)

/* "0", "0.000" and the like: refused. Anything else that begins with a digit is wanted. */
static bool is_zero_weight(struct text parameters)
{
	while (parameters.ptr) {
		struct text one = text_trim(text_split(parameters, ';', &parameters));

		if (one.len < 3 || (one.ptr[0] != 'q' && one.ptr[0] != 'Q') || one.ptr[1] != '=')
			continue;
		for (size_t i = 2; i < one.len; i++) {
			if (one.ptr[i] != '0' && one.ptr[i] != '.')
				return false;
		}
		return true;
	}
	return false;
}

bool http_encode_accepts_gzip(struct text value)
{
	bool any = false;

	while (value.ptr) {
		struct text parameters;
		struct text item = text_split(value, ',', &value);
		struct text name = text_trim(text_split(item, ';', &parameters));

		if (text_is_nocase(name, TEXT("gzip")) || text_is_nocase(name, TEXT("x-gzip")))
			return !is_zero_weight(parameters);
		if (text_is(name, TEXT("*")))
			any = !is_zero_weight(parameters);
	}
	return any;
}

static bool ends_with(struct text text, struct text end)
{
	return text.len >= end.len && text_is_nocase(text_skip(text, text.len - end.len), end);
}

/* Types that shrink. Server-sent events are left alone: each must reach the client at once. */
static bool is_compressible(struct text type)
{
	static const struct text exact[] = {
		{"application/json", 16},       {"application/javascript", 22},
		{"application/xml", 15},        {"application/x-ndjson", 20},
		{"application/ndjson", 18},     {"image/svg+xml", 13},
	};
	struct text rest;
	struct text name = text_trim(text_split(type, ';', &rest));

	if (text_is_nocase(name, TEXT("text/event-stream")))
		return false;
	if (name.len > 5 && text_is_nocase((struct text){name.ptr, 5}, TEXT("text/")))
		return true;
	for (size_t i = 0; i < ARRAY_LEN(exact); i++) {
		if (text_is_nocase(name, exact[i]))
			return true;
	}
	return ends_with(name, TEXT("+json")) || ends_with(name, TEXT("+xml"));
}

static struct http_deflater *take_deflater(struct http_server *server)
{
	struct http_deflater *deflater;

	pthread_mutex_lock(&server->mutex);
	deflater = server->deflaters;
	if (deflater) {
		server->deflaters = deflater->next;
		server->deflater_count--;
	}
	pthread_mutex_unlock(&server->mutex);
	if (deflater)
		return deflater;
	deflater = calloc(1, sizeof *deflater);
	if (deflater && deflateInit2(&deflater->stream, LEVEL, Z_DEFLATED, WINDOW_GZIP,
				     MEMORY_LEVEL, Z_DEFAULT_STRATEGY) != Z_OK) {
		free(deflater);
		deflater = NULL;
	}
	return deflater;
}

static void free_deflater(struct http_deflater *deflater)
{
	deflateEnd(&deflater->stream);
	free(deflater);
}

static void give_deflater(struct http_server *server, struct http_deflater *deflater)
{
	bool is_kept = false;

	if (deflateReset(&deflater->stream) == Z_OK) {
		pthread_mutex_lock(&server->mutex);
		is_kept = server->deflater_count < KEPT_MAX;
		if (is_kept) {
			deflater->next = server->deflaters;
			server->deflaters = deflater;
			server->deflater_count++;
		}
		pthread_mutex_unlock(&server->mutex);
	}
	if (!is_kept)
		free_deflater(deflater);
}

void http_encode_release(struct http_server *server)
{
	while (server->deflaters) {
		struct http_deflater *next = server->deflaters->next;

		free_deflater(server->deflaters);
		server->deflaters = next;
	}
	server->deflater_count = 0;
}

/* A body that does not shrink by a quarter is not worth the client's work. */
static void encode_body(struct http_exchange *exchange)
{
	struct http_answer *answer = &exchange->answer;
	size_t room = answer->body.len - answer->body.len / 4;
	char *out = room <= UINT32_MAX ? arena_take(&exchange->arena, room) : NULL;
	struct http_deflater *deflater = out ? take_deflater(exchange->server) : NULL;

	if (!deflater)
		return;
	z_stream *stream = &deflater->stream;

	stream->next_in = (z_const Bytef *)answer->body.ptr;
	stream->avail_in = (uInt)answer->body.len;
	stream->next_out = (Bytef *)out;
	stream->avail_out = (uInt)room;
	if (deflate(stream, Z_FINISH) == Z_STREAM_END) {
		answer->body = (struct text){out, room - stream->avail_out};
		answer->is_gzip = true;
	}
	give_deflater(exchange->server, deflater);
}

static void encode_stream(struct http_exchange *exchange)
{
	struct http_answer *answer = &exchange->answer;

	answer->deflate_in = arena_take(&exchange->arena, STREAM_IN_BYTES);
	answer->deflater = answer->deflate_in ? take_deflater(exchange->server) : NULL;
	answer->is_gzip = answer->deflater != NULL;
}

static bool has_encoding(const struct http_answer *answer)
{
	for (const struct http_header *at = answer->headers; at; at = at->next) {
		if (text_is_nocase(at->name, TEXT("Content-Encoding")))
			return true;
	}
	return false;
}

void http_encode_answer(struct http_exchange *exchange)
{
	struct http_answer *answer = &exchange->answer;
	size_t bytes_min = exchange->server->settings.gzip_bytes_min;

	if (bytes_min == 0 || (!answer->produce && answer->body.len < bytes_min) ||
	    answer->body.len > UINT32_MAX || !answer->type.ptr || has_encoding(answer) ||
	    !is_compressible(answer->type))
		return;
	answer->varies = true;
	if (!http_encode_accepts_gzip(http_request_header(&exchange->request, "Accept-Encoding")))
		return;
	if (answer->produce)
		encode_stream(exchange);
	else
		encode_body(exchange);
}

/* Refill the input from the producer; its answer when there is none. */
static int64_t refill(struct http_answer *answer)
{
	z_stream *stream = &answer->deflater->stream;
	int64_t count = answer->produce(answer->context, answer->deflate_in, STREAM_IN_BYTES);

	if (count > (int64_t)STREAM_IN_BYTES)
		return HTTP_STREAM_ABORT;
	answer->deflate_ended = count == HTTP_STREAM_END;
	answer->deflate_flushes = count == HTTP_STREAM_LATER;
	stream->next_in = (Bytef *)answer->deflate_in;
	stream->avail_in = count > 0 ? (uInt)count : 0;
	return count;
}

int64_t http_encode_next(struct http_answer *answer, char *out, size_t max)
{
	z_stream *stream = &answer->deflater->stream;

	stream->next_out = (Bytef *)out;
	stream->avail_out = max > UINT32_MAX ? UINT32_MAX : (uInt)max;
	uInt room = stream->avail_out;

	for (;;) {
		/* What a producer that says LATER had made so far must not stay in here. */
		int how = answer->deflate_ended     ? Z_FINISH
			  : answer->deflate_flushes ? Z_SYNC_FLUSH
						    : Z_NO_FLUSH;
		int result = deflate(stream, how);

		if (result == Z_STREAM_ERROR)
			return HTTP_STREAM_ABORT;
		if (stream->avail_out < room)
			return (int64_t)(room - stream->avail_out);
		if (result == Z_STREAM_END)
			return HTTP_STREAM_END;
		if (answer->deflate_flushes) {
			answer->deflate_flushes = false;
			return HTTP_STREAM_LATER;
		}
		int64_t count = refill(answer);

		if (count == HTTP_STREAM_ABORT || count < HTTP_STREAM_LATER)
			return HTTP_STREAM_ABORT;
	}
}

void http_encode_end(struct http_exchange *exchange)
{
	if (exchange->answer.deflater)
		give_deflater(exchange->server, exchange->answer.deflater);
	exchange->answer.deflater = NULL;
}
