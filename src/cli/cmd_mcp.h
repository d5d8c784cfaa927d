/*
 * cmd_mcp: galena mcp: the Model Context Protocol on standard input and output.
 *
 * Holds    nothing.
 * Threads  the main one.
 * Fails    by the subcommand's failure, before the first message.
 */
#ifndef CLI_CMD_MCP_H
#define CLI_CMD_MCP_H

#include "cli/options.h"

extern const struct subcommand cmd_mcp;

#endif
