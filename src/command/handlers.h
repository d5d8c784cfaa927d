/*
 * handlers: the C side of every command. One line per command in handlers.c, nowhere else.
 *
 * Holds    nothing.
 * Threads  any.
 * Fails    never.
 */
#ifndef COMMAND_HANDLERS_H
#define COMMAND_HANDLERS_H

#include "command/command.h"

extern const struct command_handler handlers_rows[]; /* sorted by id */
extern const size_t handlers_count;

#endif
