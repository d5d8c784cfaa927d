/*
 * mcp_tools: the catalogue's commands as tools: listing them, calling them.
 *
 * A tool is called like its command (lead.upsert); its plain name (lead_upsert) is understood,
 * too. Its schemas are the catalogue's own bytes. A client that wants to save tokens gets the
 * compact list: the summary in place of the description, inputs without the descriptions of
 * members and without their second names, no output schemas; the answer says how many bytes that
 * saved.
 *
 * Holds    nothing; what is made of the catalogue lives in the arena of struct mcp.
 * Threads  the exchange's.
 * Fails    by answering: JSON-RPC errors for calls that make no sense, tool errors (isError) for
 *          what a command refuses.
 */
#ifndef SURFACE_MCP_TOOLS_H
#define SURFACE_MCP_TOOLS_H

#include "surface/mcp.h"

struct mcp_tool {
	const struct command *command;
	struct text plain_name;
	/* JSON: */
	struct text title, description, summary;
	struct text input, compact_input, output;
	bool is_idempotent;
};

/* Make the tools of all commands, in their order. */
MUST_USE enum err_code mcp_tools_load(struct arena *arena, struct desk *desk,
				      const struct mcp_tool **out, struct err *err);

void mcp_tools_list(struct mcp_exchange *exchange);
void mcp_tools_call(struct mcp_exchange *exchange);

#endif
