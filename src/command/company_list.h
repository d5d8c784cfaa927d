/*
 * company_list: what company.list lists, for command/listing.h.
 *
 * Holds    nothing.
 * Threads  the call's.
 * Fails    as command/listing.h.
 */
#ifndef COMMAND_COMPANY_LIST_H
#define COMMAND_COMPANY_LIST_H

#include "command/command.h"

MUST_USE enum err_code company_list_prepare(struct call *call, struct err *err);

#endif
