/*
 * cmd_commands: galena commands: the catalogue of commands, and running them.
 *
 * Holds    nothing.
 * Threads  the main one.
 * Fails    by the subcommand's failure.
 */
#ifndef CLI_CMD_COMMANDS_H
#define CLI_CMD_COMMANDS_H

#include "cli/options.h"

extern const struct subcommand cmd_commands_list;
extern const struct subcommand cmd_commands_schema;
extern const struct subcommand cmd_commands_run;

#endif
