/*
 * import_watch: an import on its way to its end, and what became of it.
 *
 * Holds    nothing.
 * Threads  the main one.
 * Fails    as reach.h; ERR_BUSY when the user interrupts.
 */
#ifndef CLI_IMPORT_WATCH_H
#define CLI_IMPORT_WATCH_H

#include "cli/reach.h"

/*
 * Ask until import `id` is over, showing how far it is. *out_import is what import.get shows at
 * the end, for the caller to json_decref.
 */
MUST_USE enum err_code import_watch(struct reach *reach, const char *id, json_t **out_import,
				    struct err *err);

/* Append what became of the rows, in words that add up. */
void import_watch_sum_up(const json_t *import, struct buf *out);

/* How many rows were refused: conflicts and invalid ones. */
int64_t import_watch_refused(const json_t *import);

#endif
