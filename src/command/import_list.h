/*
 * import_list: import.list.
 *
 * Holds    nothing.
 * Threads  the call's, see command/command.h.
 * Fails    as command/listing.h.
 */
#ifndef COMMAND_IMPORT_LIST_H
#define COMMAND_IMPORT_LIST_H

#include "command/command.h"

MUST_USE enum err_code import_list_prepare(struct call *call, struct err *err);

#endif
