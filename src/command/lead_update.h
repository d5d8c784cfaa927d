/*
 * lead_update: change or delete one lead by its id.
 *
 * Holds    nothing.
 * Threads  the writer.
 * Fails    as lead_write.h, and ERR_VERSION_CONFLICT when the lead is not at plan->if_version.
 */
#ifndef COMMAND_LEAD_UPDATE_H
#define COMMAND_LEAD_UPDATE_H

#include "command/lead_write.h"

/* Change the plan's lead: identifiers replace what it has of their kind. */
MUST_USE enum err_code lead_update_run(struct arena *arena, struct txn *txn,
				       const struct lead_writer *by, const struct lead_plan *plan,
				       struct lead_outcome *out, struct err *err);

/* Delete the plan's lead: frees its identifiers, leaves lists and missions; the history stays. */
MUST_USE enum err_code lead_update_delete(struct arena *arena, struct txn *txn,
					  const struct lead_writer *by,
					  const struct lead_plan *plan, struct lead_outcome *out,
					  struct err *err);

#endif
