/*
 * entry_commands: create, get, list, update and delete of the nouns in command/entry_nouns.h.
 * Which noun is meant says the command's id.
 *
 * Holds    nothing.
 * Threads  as the rows in handlers.c say.
 * Fails    the noun's NOT_FOUND (and LEAD_NOT_FOUND, COMPANY_NOT_FOUND for what it is about),
 *          ERR_STATE_CONFLICT for a name that is taken, ERR_INVALID_INPUT, store errors.
 */
#ifndef COMMAND_ENTRY_COMMANDS_H
#define COMMAND_ENTRY_COMMANDS_H

#include "command/command.h"

/* For create, get, update and delete. */
MUST_USE enum err_code entry_commands_prepare(struct call *call, struct err *err);
MUST_USE enum err_code entry_commands_prepare_list(struct call *call, struct err *err);

MUST_USE enum err_code entry_commands_create(struct call *call, struct txn *txn, struct err *err);
MUST_USE enum err_code entry_commands_get(struct call *call, struct txn *txn, struct err *err);
MUST_USE enum err_code entry_commands_update(struct call *call, struct txn *txn, struct err *err);

/*
 * Delete the entry and answer {NOUN_id, deleted, deleted_at}. Of a custom field this is the
 * definition; who removes its values runs this last, on the writer.
 */
MUST_USE enum err_code entry_commands_delete(struct call *call, struct txn *txn, struct err *err);

/* webhook.test: what became of a delivery to the webhook. */
MUST_USE enum err_code entry_commands_test(struct call *call, struct txn *txn, struct err *err);

#endif
