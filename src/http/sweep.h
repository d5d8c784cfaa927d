/*
 * sweep: cuts connections that overran their time.
 *
 * Holds    nothing.
 * Threads  the loop thread, so that a socket is surely still the connection's own.
 * Fails    never.
 *
 * The daemon's own timeout begins anew with each byte, so that a client could hold a connection
 * for ever by sending one byte at a time. Here a header has a fixed time, and a body or answer
 * must move at a least rate.
 */
#ifndef HTTP_SWEEP_H
#define HTTP_SWEEP_H

#include "http/exchange.h"

/* Look at every connection once. */
void http_sweep_all(struct http_server *server, int64_t now_us);

/* Cut the idle connections, and with `all` every one: a connection is being drained. */
void http_sweep_close(struct http_server *server, bool all);

#endif
