/*
 * import_commands: import.create, import.get, import.cancel.
 *
 * Making an import only puts its file and settings where job/importer.h finds them.
 *
 * Holds    nothing.
 * Threads  the call's, see command/command.h. prepare_create writes the file, off the writer.
 * Fails    ERR_IMPORT_NOT_FOUND; ERR_INVALID_INPUT for a file that cannot be imported at all;
 *          ERR_STATE_CONFLICT for an upload that is imported already, or an import that is over.
 */
#ifndef COMMAND_IMPORT_COMMANDS_H
#define COMMAND_IMPORT_COMMANDS_H

#include "command/command.h"

MUST_USE enum err_code import_commands_prepare_create(struct call *call, struct err *err);
MUST_USE enum err_code import_commands_create(struct call *call, struct txn *txn, struct err *err);
MUST_USE enum err_code import_commands_get(struct call *call, struct txn *txn, struct err *err);
MUST_USE enum err_code import_commands_cancel(struct call *call, struct txn *txn, struct err *err);

#endif
