/*
 * blacklist_commands: blacklist.add, blacklist.list, blacklist.remove.
 *
 * An entry bars a person by every identifier given and, where there is such a lead, by all that
 * the lead has; or a company by its domain, page and name. blacklist_check.h looks at it.
 *
 * Holds    nothing.
 * Threads  the call's, see command/command.h.
 * Fails    ERR_INVALID_INPUT, ERR_IDENTIFIER_REQUIRED, ERR_LEAD_NOT_FOUND, ERR_COMPANY_NOT_FOUND,
 *          ERR_BLACKLIST_ENTRY_NOT_FOUND, store errors.
 */
#ifndef COMMAND_BLACKLIST_COMMANDS_H
#define COMMAND_BLACKLIST_COMMANDS_H

#include "command/command.h"

MUST_USE enum err_code blacklist_commands_prepare_add(struct call *call, struct err *err);
MUST_USE enum err_code blacklist_commands_add(struct call *call, struct txn *txn, struct err *err);
MUST_USE enum err_code blacklist_commands_prepare_list(struct call *call, struct err *err);
MUST_USE enum err_code blacklist_commands_remove(struct call *call, struct txn *txn,
						 struct err *err);

#endif
