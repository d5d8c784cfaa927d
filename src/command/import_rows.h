/*
 * import_rows: import.leads.list and import.rows.list, what became of an import's rows.
 *
 * Holds    nothing.
 * Threads  the call's, see command/command.h.
 * Fails    ERR_IMPORT_NOT_FOUND, ERR_INVALID_INPUT for a cursor that is none.
 */
#ifndef COMMAND_IMPORT_ROWS_H
#define COMMAND_IMPORT_ROWS_H

#include "command/command.h"

MUST_USE enum err_code import_rows_leads(struct call *call, struct txn *txn, struct err *err);
MUST_USE enum err_code import_rows_refused(struct call *call, struct txn *txn, struct err *err);

#endif
