/*
 * lead_many: lead.upsert_many, up to 1,000 leads in one write.
 *
 * Holds, Threads, Fails: as command.h says of handlers.
 */
#ifndef COMMAND_LEAD_MANY_H
#define COMMAND_LEAD_MANY_H

#include "command/command.h"

MUST_USE enum err_code lead_many_prepare(struct call *call, struct err *err);
MUST_USE enum err_code lead_many_execute(struct call *call, struct txn *txn, struct err *err);

#endif
