/*
 * cmd_admin: galena settings, version and help.
 *
 * Holds    nothing.
 * Threads  the main one.
 * Fails    by the subcommand's failure.
 */
#ifndef CLI_CMD_ADMIN_H
#define CLI_CMD_ADMIN_H

#include "cli/options.h"

extern const struct subcommand cmd_admin_settings;
extern const struct subcommand cmd_admin_version;
extern const struct subcommand cmd_admin_help;

#endif
