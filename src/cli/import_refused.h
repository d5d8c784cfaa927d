/*
 * import_refused: the rows that an import refused, as a file of the same columns: to be mended
 * and imported again.
 *
 * Holds    nothing.
 * Threads  the main one.
 * Fails    ERR_INVALID_INPUT for a file that cannot be written, and as reach.h.
 */
#ifndef CLI_IMPORT_REFUSED_H
#define CLI_IMPORT_REFUSED_H

#include "cli/reach.h"

/*
 * Write the conflicts and invalid rows of import `id` to the file `path`, which is replaced: CSV,
 * or one JSON object per line where that is what was imported. Rows left out are not in it.
 */
MUST_USE enum err_code import_refused_write(struct reach *reach, const char *id, const char *path,
					    int64_t *out_rows, struct err *err);

#endif
