/*
 * field_set: handler of the command field.set; see catalogue/commands/field.set.json.
 *
 * Holds, Threads, Fails: as command.h says of handlers.
 */
#ifndef COMMAND_FIELD_SET_H
#define COMMAND_FIELD_SET_H

#include "command/command.h"

MUST_USE enum err_code field_set_execute(struct call *call, struct txn *txn, struct err *err);

#endif
