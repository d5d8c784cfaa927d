/*
 * mcp_relay: the Model Context Protocol on standard input and output, carried to a server's /mcp.
 *
 * Holds    MCP_RELAY_WORKERS connections, each with a thread, and a queue of messages; what finds
 *          no place there waits in the pipe.
 * Threads  serve: the main one, which reads.
 * Fails    serve, when the settings cannot work; a message that fails is answered.
 */
#ifndef CLI_MCP_RELAY_H
#define CLI_MCP_RELAY_H

#include "cli/mcp_lines.h"
#include "cli/settings.h"
#include "surface/mcp.h"

#define MCP_RELAY_WORKERS 16
#define MCP_RELAY_QUEUE_MAX 256

/* Carry messages until the input ends or a signal comes; what was begun is answered first. */
MUST_USE enum err_code mcp_relay_serve(struct mcp_lines *lines, const struct settings *settings,
				       struct mcp_look look, struct err *err);

#endif
