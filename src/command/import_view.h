/*
 * import_view: an import as the command runtime shows it.
 *
 * Holds    nothing.
 * Threads  the connection's.
 * Fails    store errors; what does not fit marks the writer's buf.
 */
#ifndef COMMAND_IMPORT_VIEW_H
#define COMMAND_IMPORT_VIEW_H

#include "json/writer.h"
#include "store/imports.h"

/* What import.list shows of it; with `whole` everything, as import.get does. */
MUST_USE enum err_code import_view_write(struct writer *writer, struct arena *arena, struct db *db,
					 const struct import_row *import, bool whole,
					 struct err *err);

#endif
