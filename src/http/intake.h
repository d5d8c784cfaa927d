/*
 * intake: follows one request from its request line to its end, as the daemon calls.
 *
 * Holds    nothing.
 * Threads  the loop thread.
 * Fails    by closing the connection.
 */
#ifndef HTTP_INTAKE_H
#define HTTP_INTAKE_H

#include "http/exchange.h"

/* The request line is in (the daemon's URI log callback); answers the new exchange. */
void *http_intake_line(void *state, const char *target, struct MHD_Connection *mhd);

/* Header, pieces of the body, end of the body (the daemon's access handler). */
enum MHD_Result http_intake_step(void *state, struct MHD_Connection *mhd, const char *url,
				 const char *method, const char *version, const char *piece,
				 size_t *piece_len, void **exchange);

/* The request is over (the daemon's notification). */
void http_intake_end(void *state, struct MHD_Connection *mhd, void **exchange,
		     enum MHD_RequestTerminationCode code);

/* A target is left as it was sent (the daemon's unescape callback). */
size_t http_intake_unescape(void *state, struct MHD_Connection *mhd, char *text);

#endif
