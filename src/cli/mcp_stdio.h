/*
 * mcp_stdio: the Model Context Protocol on standard input and output, on the database here.
 *
 * Holds    the messages that are being answered, at most MCP_STDIO_MAX; more wait in the pipe.
 * Threads  serve: the main one, which reads; a thread of its own writes.
 * Fails    serve, when its thread cannot be made; a message that fails is answered.
 */
#ifndef CLI_MCP_STDIO_H
#define CLI_MCP_STDIO_H

#include "cli/mcp_lines.h"
#include "surface/mcp.h"

#define MCP_STDIO_MAX 256

struct mcp_stdio_settings {
	struct desk *desk;
	struct caller caller; /* who the other end is */
	struct mcp_look look;
};

/* Answer what comes until the input ends or a signal comes; what was begun is answered first. */
MUST_USE enum err_code mcp_stdio_serve(struct mcp_lines *lines,
				       const struct mcp_stdio_settings *settings, struct err *err);

#endif
