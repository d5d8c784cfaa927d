/*
 * answer: hands a finished answer to the daemon.
 *
 * Holds    nothing.
 * Threads  the loop thread.
 * Fails    without memory: the connection is then closed.
 */
#ifndef HTTP_ANSWER_H
#define HTTP_ANSWER_H

#include "http/exchange.h"

/* Answer `err` in the surface's form (or the plain one), with `status` if that is not 0. */
void http_answer_refuse(struct http_exchange *exchange, int status, const struct err *err);

/* Queue the answer given. MHD_NO: the connection cannot be kept. */
enum MHD_Result http_answer_queue(struct http_exchange *exchange);

/*
 * Write the answer given straight to the socket, in the middle of a body, where the daemon takes
 * none; the connection must be closed after that. Does nothing for TLS.
 */
void http_answer_cut_in(struct http_exchange *exchange);

#endif
