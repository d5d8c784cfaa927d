/*
 * program: the subcommands, and running the one that the command line names.
 *
 * Holds    nothing.
 * Threads  the main one.
 * Fails    by the exit code: 0, 2 bad input, 3 not allowed, 4 not found, 5 conflict, 6 try again,
 *          1 anything else (base/err.h). With --json a failure is a JSON document, too.
 */
#ifndef CLI_PROGRAM_H
#define CLI_PROGRAM_H

#include "cli/options.h"

/* Every subcommand, ended by NULL. */
const struct subcommand *const *program_subcommands(void);

int program_main(int argc, char **argv);

#endif
