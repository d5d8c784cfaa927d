/*
 * cmd_completion: galena completion: scripts that complete the command line in a shell.
 *
 * Holds    nothing.
 * Threads  the main one.
 * Fails    ERR_INVALID_INPUT for a shell there is no script for.
 */
#ifndef CLI_CMD_COMPLETION_H
#define CLI_CMD_COMPLETION_H

#include "cli/options.h"

extern const struct subcommand cmd_completion;

#endif
