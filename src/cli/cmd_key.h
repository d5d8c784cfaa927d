/*
 * cmd_key: galena key: API keys.
 *
 * Holds    nothing.
 * Threads  the main one.
 * Fails    by the subcommand's failure.
 */
#ifndef CLI_CMD_KEY_H
#define CLI_CMD_KEY_H

#include "cli/options.h"

extern const struct subcommand cmd_key_create;
extern const struct subcommand cmd_key_list;
extern const struct subcommand cmd_key_revoke;

#endif
