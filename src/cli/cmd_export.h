/*
 * cmd_export: galena export: every lead, to a file.
 *
 * Holds    nothing.
 * Threads  the main one.
 * Fails    by the subcommand's failure.
 */
#ifndef CLI_CMD_EXPORT_H
#define CLI_CMD_EXPORT_H

#include "cli/options.h"

extern const struct subcommand cmd_export;

#endif
