/*
 * mission_commands: mission.create, mission.get, mission.list, mission.update.
 *
 * Holds    nothing.
 * Threads  the call's, see command/command.h.
 * Fails    ERR_MISSION_NOT_FOUND; ERR_STATE_CONFLICT for a name that another mission has;
 *          ERR_INVALID_INPUT for a name of blanks or a cursor that is none.
 */
#ifndef COMMAND_MISSION_COMMANDS_H
#define COMMAND_MISSION_COMMANDS_H

#include "command/command.h"

MUST_USE enum err_code mission_commands_prepare_create(struct call *call, struct err *err);
MUST_USE enum err_code mission_commands_create(struct call *call, struct txn *txn, struct err *err);
MUST_USE enum err_code mission_commands_prepare_one(struct call *call, struct err *err);
MUST_USE enum err_code mission_commands_get(struct call *call, struct txn *txn, struct err *err);
MUST_USE enum err_code mission_commands_prepare_list(struct call *call, struct err *err);
MUST_USE enum err_code mission_commands_list(struct call *call, struct txn *txn, struct err *err);
MUST_USE enum err_code mission_commands_update(struct call *call, struct txn *txn, struct err *err);

#endif
