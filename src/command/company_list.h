/*
 * company_list: company.list.
 *
 * Holds    nothing.
 * Threads  a reader.
 * Fails    as command/entry_list.h.
 */
#ifndef COMMAND_COMPANY_LIST_H
#define COMMAND_COMPANY_LIST_H

#include "command/command.h"

MUST_USE enum err_code company_list_execute(struct call *call, struct txn *txn, struct err *err);

#endif
