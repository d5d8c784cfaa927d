/*
 * encode: compression of answers (gzip, zlib level 1).
 *
 * Holds    a few deflate states in the server, since each costs 256 KiB and time to set up.
 * Threads  any; the states' list is guarded by the server's mutex.
 * Fails    without memory, or where it does not pay: then the answer goes out as it is.
 */
#ifndef HTTP_ENCODE_H
#define HTTP_ENCODE_H

#include "http/exchange.h"

/* True when an Accept-Encoding of `value` takes gzip (q-values counted). */
bool http_encode_accepts_gzip(struct text value);

/* Decide about the answer just given, and compress its body, or set its stream up for it. */
void http_encode_answer(struct http_exchange *exchange);

/* As a producer: the next bytes of a compressed stream. */
int64_t http_encode_next(struct http_answer *answer, char *out, size_t max);

/* Give the answer's deflate state back. */
void http_encode_end(struct http_exchange *exchange);

/* Free the states kept. */
void http_encode_release(struct http_server *server);

#endif
