/*
 * company_commands: company.upsert, company.get, company.update, company.delete, company.lookup.
 *
 * Holds    nothing.
 * Threads  the call's, see command/command.h.
 * Fails    ERR_COMPANY_NOT_FOUND, as command/company_write.h, store errors.
 */
#ifndef COMMAND_COMPANY_COMMANDS_H
#define COMMAND_COMPANY_COMMANDS_H

#include "command/command.h"

MUST_USE enum err_code company_commands_upsert(struct call *call, struct txn *txn, struct err *err);
MUST_USE enum err_code company_commands_get(struct call *call, struct txn *txn, struct err *err);
MUST_USE enum err_code company_commands_update(struct call *call, struct txn *txn, struct err *err);
MUST_USE enum err_code company_commands_delete(struct call *call, struct txn *txn, struct err *err);
MUST_USE enum err_code company_commands_lookup(struct call *call, struct txn *txn, struct err *err);

#endif
