/*
 * lead_update: change or delete one lead by its id.
 *
 * Holds    nothing.
 * Threads  the writer.
 * Fails    as lead_write.h, and ERR_VERSION_CONFLICT when the lead is not at `if_version`.
 */
#ifndef COMMAND_LEAD_UPDATE_H
#define COMMAND_LEAD_UPDATE_H

#include "command/lead_write.h"

/* lead.update: identifiers replace. `if_version` 0: whatever it is. */
MUST_USE enum err_code lead_update_run(struct arena *arena, struct txn *txn,
				       const struct lead_writer *by, const struct lead_plan *plan,
				       int64_t if_version, struct lead_outcome *out,
				       struct err *err);

/* Delete: frees the identifiers and leaves lists and missions; the history stays. */
MUST_USE enum err_code lead_update_delete(struct arena *arena, struct txn *txn,
					  const struct lead_writer *by, struct uuid lead_id,
					  int64_t if_version, struct lead_outcome *out,
					  struct err *err);

#endif
