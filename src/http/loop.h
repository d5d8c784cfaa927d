/*
 * loop: the one thread that serves.
 *
 * Holds    nothing of its own.
 * Threads  run: its own; wake: any.
 * Fails    never.
 */
#ifndef HTTP_LOOP_H
#define HTTP_LOOP_H

#include "http/exchange.h"

/* A thread's body; `state` is the struct http_server. Ends after the stage HTTP_ENDS. */
void *http_loop_run(void *state);

/* Make the loop look at its stage and its list of completed requests. */
void http_loop_wake(struct http_server *server);

#endif
