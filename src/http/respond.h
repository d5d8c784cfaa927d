/*
 * respond: answering a request, at once or later, from memory or as a stream.
 *
 * Holds    nothing of its own; the answer is kept in the request until it is sent.
 * Threads  the one that holds the request (see request.h). http_complete and http_stream_ready
 *          hand it back to the loop: the caller must not touch the request after them.
 * Fails    an answer that finds no memory becomes a short 503; the calls themselves never fail.
 *
 * Every answer also gets X-Request-Id, Date and, where the settings say so, the CORS headers.
 * Bodies of gzip_bytes_min or more are compressed for clients that accept it, by the thread
 * that calls.
 */
#ifndef HTTP_RESPOND_H
#define HTTP_RESPOND_H

#include "base/err.h"
#include "http/request.h"

#define HTTP_TYPE_JSON TEXT("application/json")
#define HTTP_TYPE_TEXT TEXT("text/plain; charset=utf-8")

/*
 * Answer with `body` (borrowed until `done`; static or in the request's arena). An absent `type`
 * sends none. A second answer replaces the first as long as the first has not left the handler.
 * A body that is compressed already is announced first: http_respond_header "Content-Encoding".
 */
void http_respond(struct http_request *request, int status, struct text type, struct text body);

/*
 * Answer with the status of err->code and {"error":{"code":…,"message":…,"request_id":…}},
 * which is what the server itself sends when there is no `refuse` callback.
 */
void http_respond_error(struct http_request *request, const struct err *err);

/*
 * Add a header to the answer, before or after http_respond; both texts are copied. The name must
 * be a token; a value with a control character is left out entirely, and false is returned.
 */
bool http_respond_header(struct http_request *request, const char *name, struct text value);

/* What a producer may return besides a number of bytes. */
#define HTTP_STREAM_END 0
#define HTTP_STREAM_ABORT (-1) /* the connection is cut, so that no reader takes it for whole */
#define HTTP_STREAM_LATER (-2) /* nothing yet; http_stream_ready will be called */

/*
 * Called on the loop thread whenever the client can take more: writes at most `max` bytes to
 * `out` and returns how many. It must not block; a producer that waits for another thread answers
 * HTTP_STREAM_LATER and that thread calls http_stream_ready.
 */
typedef int64_t http_producer(void *context, char *out, size_t max);

/* Answer with a body of any length, in constant memory. `context` must live until `done`. */
void http_respond_stream(struct http_request *request, int status, struct text type,
			 http_producer *produce, void *context);

/* True once an answer was given. */
bool http_respond_is_given(const struct http_request *request);

/*
 * In `handle`, instead of answering: the answer comes later. Whoever holds the request then calls
 * http_complete exactly once, from any thread, even before `handle` has returned.
 */
void http_defer(struct http_request *request);

/*
 * Hand a deferred request back: answered, or to be answered by the `finish` callback on the loop
 * thread. Costs one atomic exchange, 
 */
void http_complete(struct http_request *request);

/* After the producer said HTTP_STREAM_LATER: it may be asked again. Once for each LATER. */
void http_stream_ready(struct http_request *request);

#endif
