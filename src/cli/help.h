/*
 * help: what --help says, from the tables of subcommands, options and settings.
 *
 * Holds    nothing.
 * Threads  the main one.
 * Fails    never.
 */
#ifndef CLI_HELP_H
#define CLI_HELP_H

#include "cli/options.h"

/*
 * On standard output: about one subcommand; about all that begin with the word `family`; or, both
 * NULL, about the program.
 */
void help_show(const struct subcommand *const *subcommands, const struct subcommand *subcommand,
	       const char *family);

/* Append `text` broken at blanks into lines of `width`, the second and later ones indented. */
void help_wrap(struct buf *out, struct text text, size_t indent, size_t width);

#endif
