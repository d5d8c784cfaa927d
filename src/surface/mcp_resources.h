/*
 * mcp_resources: what can be read by URI, offered to MCP clients: the rows of resources.h that
 * the caller's key may read.
 *
 * Holds    nothing.
 * Threads  the exchange's.
 * Fails    by answering: "resource not found" for what is not there, which is -32602, and -32002
 *          before revision 2026-07-28.
 */
#ifndef SURFACE_MCP_RESOURCES_H
#define SURFACE_MCP_RESOURCES_H

#include "surface/mcp.h"

void mcp_resources_list(struct mcp_exchange *exchange);
void mcp_resources_list_templates(struct mcp_exchange *exchange);
void mcp_resources_read(struct mcp_exchange *exchange);

#endif
