/*
 * import_commands: import.create, import.get, import.cancel.
 *
 * Making an import only puts its file and settings where job/importer.h finds them.
 *
 * How another dialect's import is said as input of import.create:
 *   only the columns it names      mapping, with only_mapped: true
 *   a target that is a lead field  its inside name; "metadata.KEY" for a custom field's key
 *   a column that is not wanted    null
 *   a file without a row of names  header: false; the columns are then called "1", "2", …
 *   known leads stay as they are   on_existing: "skip" (their rows count as unchanged)
 *   a list for new leads only      list_if_new; for new and known ones beside their lists list_id
 *   known leads move to the list   move_to_list: it becomes the home list of new and known ones
 *   tags                           tags by name, tag_ids by id; every lead gets them
 * Somebody on the blacklist is a row with outcome skipped. import.delete leaves the leads.
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
MUST_USE enum err_code import_commands_update(struct call *call, struct txn *txn, struct err *err);
MUST_USE enum err_code import_commands_cancel(struct call *call, struct txn *txn, struct err *err);

/* On the thread for long work: an import may have millions of rows. */
MUST_USE enum err_code import_commands_delete(struct call *call, struct txn *txn, struct err *err);

#endif
