/*
 * mcp_confirm: asking a person before a command of risk "approval", where the client can ask.
 *
 * Revision 2026-07-28 only, and only clients that declare elicitation with forms: the answer is
 * "input_required" with one yes-or-no question, and the client repeats the call with what was
 * said. requestState binds that to the caller, the command, its arguments and ten minutes; it
 * is signed and holds nothing secret. Where the client cannot ask, the scope of the key and the
 * client's own care for destructive tools have to do.
 *
 * Holds    nothing; the key for signing is struct mcp's.
 * Threads  the exchange's.
 * Fails    by answering: a state that was not made here is refused, a "no" is a tool error.
 */
#ifndef SURFACE_MCP_CONFIRM_H
#define SURFACE_MCP_CONFIRM_H

#include "surface/mcp.h"

/* True: go on, call->input may be run. False: it has answered. */
MUST_USE bool mcp_confirm(struct mcp_exchange *exchange, const struct command *command);

#endif
