/*
 * manual: galena(1), the manual page, from the tables of the subcommands and the settings.
 *
 * Holds    nothing.
 * Threads  the main one.
 * Fails    by the buffer it is written to, which remembers it.
 */
#ifndef CLI_MANUAL_H
#define CLI_MANUAL_H

#include "base/buf.h"
#include "cli/options.h"

/* Append the page in the language of man(7). `subcommands` ends with NULL. */
void manual_write(const struct subcommand *const *subcommands, struct buf *out);

#endif
