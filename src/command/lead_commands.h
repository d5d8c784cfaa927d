/*
 * lead_commands: handlers of the commands lead.*; see catalogue/commands/lead.*.json.
 *
 * Holds, Threads, Fails: as command.h says of handlers.
 */
#ifndef COMMAND_LEAD_COMMANDS_H
#define COMMAND_LEAD_COMMANDS_H

#include "command/command.h"
#include "command/lead_plan.h"
#include "command/lead_write.h"

MUST_USE enum err_code lead_commands_prepare_upsert(struct call *call, struct err *err);
MUST_USE enum err_code lead_commands_upsert(struct call *call, struct txn *txn, struct err *err);
MUST_USE enum err_code lead_commands_prepare_update(struct call *call, struct err *err);
MUST_USE enum err_code lead_commands_update(struct call *call, struct txn *txn, struct err *err);
MUST_USE enum err_code lead_commands_delete(struct call *call, struct txn *txn, struct err *err);
MUST_USE enum err_code lead_commands_prepare_get(struct call *call, struct err *err);
MUST_USE enum err_code lead_commands_get(struct call *call, struct txn *txn, struct err *err);
MUST_USE enum err_code lead_commands_prepare_search(struct call *call, struct err *err);
MUST_USE enum err_code lead_commands_search(struct call *call, struct txn *txn, struct err *err);
MUST_USE enum err_code lead_commands_history(struct call *call, struct txn *txn, struct err *err);

/* Who writes in this call. */
struct lead_writer lead_commands_writer(const struct call *call);

#endif
