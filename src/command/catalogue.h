/*
 * catalogue: the commands, from their files and their handlers.
 *
 * Holds    every command with its schemas compiled.
 * Threads  any, after create.
 * Fails    create: ERR_INTERNAL when a file has no handler, a handler no file, or a schema uses
 *          a keyword that the validator does not know.
 */
#ifndef COMMAND_CATALOGUE_H
#define COMMAND_CATALOGUE_H

#include "command/command.h"

struct catalogue;

MUST_USE enum err_code catalogue_create(struct catalogue **out, struct err *err);
void catalogue_destroy(struct catalogue *catalogue);

/* Sorted by id. */
const struct command *catalogue_commands(const struct catalogue *catalogue, size_t *out_count);
const struct command *catalogue_find(const struct catalogue *catalogue, struct text id);

/* What a lead looks like in an answer with COMMAND_RECORD. */
const struct schema *catalogue_record(const struct catalogue *catalogue);

#endif
