/*
 * mcp_follow: imports that clients watch: progress while they run, and stopping them.
 *
 * A client that puts a progressToken into import.create or import.get is told how far the import
 * is, and gets the answer when it is over, or after MCP_FOLLOW_MS with how it stands then.
 * Cancelling import.create cancels the import; cancelling import.get only ends the watching.
 *
 * Holds    a thread, and at most MCP_FOLLOW_MAX exchanges; for more the answer comes at once.
 * Threads  any; what it tells an exchange's transport comes from its own thread.
 * Fails    create, without memory. Whoever cannot be followed gets the ordinary answer.
 */
#ifndef SURFACE_MCP_FOLLOW_H
#define SURFACE_MCP_FOLLOW_H

#include "surface/mcp.h"

#define MCP_FOLLOW_MAX 256
#define MCP_FOLLOW_MS 45000 /* clients wait 60 s for an answer unless they are told otherwise */

struct mcp_follow;

MUST_USE enum err_code mcp_follow_create(struct desk *desk, struct mcp_follow **out,
					 struct err *err);

/* Answer all that wait with how it stands; from now on nothing is followed. */
void mcp_follow_stop(struct mcp_follow *follow);

void mcp_follow_destroy(struct mcp_follow *follow);

/*
 * exchange->call has run: if it is about an import that is not over, and the client wants to see
 * it, follow that and answer later. False: answer now.
 */
MUST_USE bool mcp_follow_begin(struct mcp_follow *follow, struct mcp_exchange *exchange);

/* The client went away; the exchange is touched no more. */
void mcp_follow_leave(struct mcp_follow *follow, struct mcp_exchange *exchange, bool cancels);

/* The same caller, in the same session, wants no answer to its request `id` any more. */
void mcp_follow_cancel(struct mcp_follow *follow, const struct mcp_exchange *exchange,
		       const json_t *id);

#endif
