/*
 * cmd_workspace: galena workspace: separate sets of leads in one database.
 *
 * Holds    nothing.
 * Threads  the main one.
 * Fails    by the subcommand's failure.
 */
#ifndef CLI_CMD_WORKSPACE_H
#define CLI_CMD_WORKSPACE_H

#include "cli/options.h"

extern const struct subcommand cmd_workspace_create;
extern const struct subcommand cmd_workspace_list;

#endif
