/*
 * import_preview: import.preview, how a file would be read.
 *
 * Holds    nothing.
 * Threads  the call's, see command/command.h; reads the file, so not on the surface's thread.
 * Fails    ERR_INVALID_INPUT for a file that cannot be read at all.
 */
#ifndef COMMAND_IMPORT_PREVIEW_H
#define COMMAND_IMPORT_PREVIEW_H

#include "command/command.h"

MUST_USE enum err_code import_preview_execute(struct call *call, struct txn *txn, struct err *err);

#endif
