/*
 * workspace_commands: workspace.get, workspace.stats.
 *
 * Holds    nothing.
 * Threads  the call's, see command/command.h.
 * Fails    ERR_WORKSPACE_NOT_FOUND when the caller's was taken away; as store/db.h.
 */
#ifndef COMMAND_WORKSPACE_COMMANDS_H
#define COMMAND_WORKSPACE_COMMANDS_H

#include "command/command.h"

MUST_USE enum err_code workspace_commands_stats(struct call *call, struct txn *txn,
						struct err *err);

MUST_USE enum err_code workspace_commands_get(struct call *call, struct txn *txn, struct err *err);

#endif
