/*
 * cors: which other origins' pages may read answers, and the preflight question they ask.
 *
 * Holds    nothing.
 * Threads  the loop thread.
 * Fails    never; an origin that is not on the list simply gets no permission.
 */
#ifndef HTTP_CORS_H
#define HTTP_CORS_H

#include "http/exchange.h"

/* The value for Access-Control-Allow-Origin; absent when the request gets none. */
struct text http_cors_origin(const struct http_settings *settings,
			     const struct http_request *request);

/* True when the answer depends on the Origin header. */
bool http_cors_varies(const struct http_settings *settings);

/* Answer an OPTIONS request: preflight, or the methods of the path. */
void http_cors_options(struct http_exchange *exchange);

#endif
