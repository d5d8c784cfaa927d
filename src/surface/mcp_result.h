/*
 * mcp_result: what a command came to, as the result of a tool.
 *
 * Success: structuredContent is the command's data, as its output schema has it; the one text
 * block is the same JSON, with a member "meta" at its end where there is something beyond the
 * data to know (what was done, warnings, the next page's cursor). Failure: isError, and the text
 * is {"error":{code,message,…}} with what REST says. _meta has the envelope's meta, status and
 * error for programs.
 *
 * Holds    nothing.
 * Threads  the exchange's.
 * Fails    as mcp_reply.
 */
#ifndef SURFACE_MCP_RESULT_H
#define SURFACE_MCP_RESULT_H

#include "surface/mcp.h"

/* Answer with what exchange->call came to. */
void mcp_result_write(struct mcp_exchange *exchange);

/* Answer with a refusal of ours, in the same form. */
void mcp_result_refuse(struct mcp_exchange *exchange, const struct err *err);

#endif
