/*
 * list_commands: list.create, list.get, list.list, list.update, list.delete. The list of lists
 * is run by listing_execute of command/listing.h.
 *
 * Holds    nothing.
 * Threads  the call's, see command/command.h.
 * Fails    ERR_LIST_NOT_FOUND; ERR_STATE_CONFLICT for a name that another list has;
 *          ERR_INVALID_INPUT for a name of blanks or a cursor that is none.
 */
#ifndef COMMAND_LIST_COMMANDS_H
#define COMMAND_LIST_COMMANDS_H

#include "command/command.h"

MUST_USE enum err_code list_commands_prepare_create(struct call *call, struct err *err);
MUST_USE enum err_code list_commands_create(struct call *call, struct txn *txn, struct err *err);
MUST_USE enum err_code list_commands_prepare_one(struct call *call, struct err *err);
MUST_USE enum err_code list_commands_get(struct call *call, struct txn *txn, struct err *err);
MUST_USE enum err_code list_commands_prepare_list(struct call *call, struct err *err);
MUST_USE enum err_code list_commands_update(struct call *call, struct txn *txn, struct err *err);
MUST_USE enum err_code list_commands_delete(struct call *call, struct txn *txn, struct err *err);

#endif
