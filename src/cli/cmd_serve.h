/*
 * cmd_serve: galena serve: the server, from its start to the last answer.
 *
 * Holds    nothing.
 * Threads  the main one.
 * Fails    by the subcommand's failure.
 */
#ifndef CLI_CMD_SERVE_H
#define CLI_CMD_SERVE_H

#include "cli/options.h"

extern const struct subcommand cmd_serve;

#endif
