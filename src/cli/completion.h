/*
 * completion: scripts that complete galena's command line in bash, zsh and fish, from the tables
 * of the subcommands, the settings and the catalogue. They run nothing while the user types.
 *
 * Holds    nothing.
 * Threads  the main one.
 * Fails    by the buffer they are written to, which remembers it.
 */
#ifndef CLI_COMPLETION_H
#define CLI_COMPLETION_H

#include "base/buf.h"
#include "cli/options.h"
#include "command/command.h"

/* What can be completed. */
struct completion {
	const struct subcommand *const *subcommands; /* ended by NULL */
	const struct command *commands;
	size_t command_count;
};

void completion_bash(const struct completion *completion, struct buf *out);
void completion_zsh(const struct completion *completion, struct buf *out);
void completion_fish(const struct completion *completion, struct buf *out);

#endif
