/*
 * field_delete: field.delete. A custom field goes together with its values, which are in the
 * metadata of leads or companies under the field's key.
 *
 * The values go first, slice by slice, each with an entry in its lead's history; then the
 * definition; then what was written meanwhile. Interrupted, it is done again for the rest.
 *
 * Holds    nothing.
 * Threads  the one for long work.
 * Fails    ERR_FIELD_NOT_FOUND, store errors, ERR_BUSY when Galena is stopping.
 */
#ifndef COMMAND_FIELD_DELETE_H
#define COMMAND_FIELD_DELETE_H

#include "command/command.h"

/* Behind entry_commands_prepare. */
MUST_USE enum err_code field_delete_execute(struct call *call, struct txn *txn, struct err *err);

#endif
