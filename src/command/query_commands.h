/*
 * query_commands: lead.query and lead.count: leads by conditions, in any order, with exact totals.
 *
 * Holds    nothing.
 * Threads  a call's: prepare on the surface's, the rest on a reader.
 * Fails    as lead_select.h.
 */
#ifndef COMMAND_QUERY_COMMANDS_H
#define COMMAND_QUERY_COMMANDS_H

#include "command/command.h"

MUST_USE enum err_code query_commands_prepare(struct call *call, struct err *err);
MUST_USE enum err_code query_commands_query(struct call *call, struct txn *txn, struct err *err);
MUST_USE enum err_code query_commands_count(struct call *call, struct txn *txn, struct err *err);

#endif
