/*
 * mcp_http: the Model Context Protocol over Streamable HTTP: POST /mcp, one message in each.
 *
 * The answer is JSON, or, where progress was asked for, a stream of events. Sessions are optional
 * and nothing is kept for them: initialize gives a name out, Mcp-Session-Id, which tells apart
 * whose request a notifications/cancelled means. GET and DELETE are answered 405. Pages of other
 * origins are let in when --cors-origins names them, and those of this machine always.
 * ?profile=compact and ?names=plain choose what is shown, see struct mcp_look.
 *
 * Holds    nothing; a stream while one is open.
 * Threads  the HTTP server's loop; streams are fed by mcp_follow's thread.
 * Fails    by answering a JSON-RPC error, also for what never became a message.
 */
#ifndef SURFACE_MCP_HTTP_H
#define SURFACE_MCP_HTTP_H

#include "surface/visit.h"

extern const struct route_table mcp_http_routes;

/* Whether a path is this dialect's, for the form of errors. */
bool mcp_http_is_path(struct text path);

/* The error in this dialect's form; its HTTP status. */
int mcp_http_write_error(const struct err *err, struct buf *out);

/* The value of WWW-Authenticate: where to read which keys are wanted. */
struct text mcp_http_challenge(const struct http_request *request);

#endif
