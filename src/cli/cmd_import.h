/*
 * cmd_import: galena import: a file of leads.
 *
 * Holds    nothing.
 * Threads  the main one.
 * Fails    by the subcommand's failure.
 */
#ifndef CLI_CMD_IMPORT_H
#define CLI_CMD_IMPORT_H

#include "cli/options.h"

extern const struct subcommand cmd_import;

#endif
