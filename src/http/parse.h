/*
 * parse: turns what the daemon read of a header into a checked struct http_request.
 *
 * Holds    nothing.
 * Threads  the loop thread.
 * Fails    for a request that is malformed, ambiguous about where its body ends, or over a bound.
 *
 * The daemon is lenient (folded lines, blanks in names, two lengths); whatever a proxy in front
 * might read differently is refused here.
 */
#ifndef HTTP_PARSE_H
#define HTTP_PARSE_H

#include "http/exchange.h"

/*
 * Fill exchange->request from `method`, `version` and the header fields; path and query hold
 * the raw target so far. On failure *out_status is the HTTP status to answer with.
 */
MUST_USE enum err_code http_parse_head(struct http_exchange *exchange, const char *method,
				       const char *version, int *out_status, struct err *err);

#endif
