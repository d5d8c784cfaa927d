/*
 * listen: the listening socket, who is let in, and how the door is closed politely.
 *
 * Holds    the sockets of clients that were answered early and are still sending: closing those
 *          at once would make the system throw the answer away.
 * Threads  open: any; the rest: the loop thread.
 * Fails    open, when the address is malformed, unknown or taken.
 */
#ifndef HTTP_LISTEN_H
#define HTTP_LISTEN_H

#include "http/exchange.h"

/* Bind and listen on `address`; the port in use comes in *out_port. */
MUST_USE enum err_code http_listen_open(struct text address, int *out_fd, unsigned *out_port,
					struct err *err);

/* Accept what waits, within the bounds. */
void http_listen_accept(struct http_server *server);

/* The daemon's notification: a connection begins or ends. */
void http_listen_notify(void *state, struct MHD_Connection *mhd, void **context,
			enum MHD_ConnectionNotificationCode code);

/* Read on from those that linger; close the ones that are done or late. */
void http_listen_linger(struct http_server *server, int64_t now_us);

/* Close all that linger. */
void http_listen_release(struct http_server *server);

#endif
