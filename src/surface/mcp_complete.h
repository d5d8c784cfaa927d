/*
 * mcp_complete: completion of arguments: ids of lists, missions, imports, tags and stages, by the
 * beginning of the id or by words of the name; names of tags.
 *
 * Holds    nothing.
 * Threads  the exchange's.
 * Fails    by answering -32602 for a prompt, resource or argument that does not exist. What the
 *          key may not list is completed with nothing.
 */
#ifndef SURFACE_MCP_COMPLETE_H
#define SURFACE_MCP_COMPLETE_H

#include "surface/mcp.h"

void mcp_complete(struct mcp_exchange *exchange);

#endif
