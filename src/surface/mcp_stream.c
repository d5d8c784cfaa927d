#include "surface/mcp_stream.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/buf.h"

#define BYTES_MAX ((size_t)512 * 1024 * 1024) /* a tool's largest answer, twice, and escaped */

struct mcp_stream {
	struct http_request *request;
	pthread_mutex_t lock; /* guards what follows */
	struct buf waiting;
	size_t sent;
	bool is_asked; /* the producer said LATER and waits */
	bool is_ended;
};

static int64_t produce(void *context, char *out, size_t max)
{
	struct mcp_stream *stream = context;
	int64_t answer = HTTP_STREAM_LATER;

	pthread_mutex_lock(&stream->lock);
	size_t left = stream->waiting.len - stream->sent;
	size_t len = left < max ? left : max;

	if (stream->waiting.failed) {
		answer = HTTP_STREAM_ABORT;
	} else if (len > 0) {
		memcpy(out, stream->waiting.ptr + stream->sent, len);
		stream->sent += len;
		answer = (int64_t)len;
	} else if (stream->is_ended) {
		answer = HTTP_STREAM_END;
	} else {
		buf_reset(&stream->waiting);
		stream->sent = 0;
		stream->is_asked = true;
	}
	pthread_mutex_unlock(&stream->lock);
	return answer;
}

struct mcp_stream *mcp_stream_begin(struct http_request *request)
{
	struct mcp_stream *stream = calloc(1, sizeof *stream);

	if (!stream)
		return NULL;
	stream->request = request;
	pthread_mutex_init(&stream->lock, NULL);
	buf_init(&stream->waiting, BYTES_MAX);
	http_respond_header(request, "X-Accel-Buffering", TEXT("no"));
	http_respond_stream(request, 200, TEXT("text/event-stream"), produce, stream);
	return stream;
}

/* Add bytes, and wake the producer when it waits for some. */
static void push(struct mcp_stream *stream, struct text before, struct text text, bool ends)
{
	struct http_request *request = stream->request;

	pthread_mutex_lock(&stream->lock);
	/* A client that reads slowly misses news, but never the answer. */
	if (ends || stream->waiting.len < MCP_STREAM_BYTES_MAX) {
		buf_add(&stream->waiting, before);
		buf_add(&stream->waiting, text);
		buf_add(&stream->waiting, before.len > 0 ? TEXT("\n\n") : TEXT(""));
	}
	stream->is_ended = stream->is_ended || ends;
	bool is_asked = stream->is_asked;

	stream->is_asked = false;
	pthread_mutex_unlock(&stream->lock);
	if (is_asked)
		http_stream_ready(request);
}

void mcp_stream_add(struct mcp_stream *stream, struct text message)
{
	push(stream, TEXT("event: message\ndata: "), message, false);
}

void mcp_stream_beat(struct mcp_stream *stream)
{
	push(stream, TEXT(":"), TEXT(""), false);
}

void mcp_stream_end(struct mcp_stream *stream, struct text message)
{
	push(stream, message.ptr ? TEXT("event: message\ndata: ") : TEXT(""),
	     message.ptr ? message : TEXT(""), true);
}

void mcp_stream_release(struct mcp_stream *stream)
{
	if (!stream)
		return;
	buf_release(&stream->waiting);
	pthread_mutex_destroy(&stream->lock);
	free(stream);
}
