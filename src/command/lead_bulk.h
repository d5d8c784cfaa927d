/*
 * lead_bulk: lead.bulk, one action on all leads that are meant.
 *
 * Which leads are meant is decided once, at the beginning. They are then written slice by slice
 * between other writes, each as lead.update or lead.delete would write it, with its own entry in
 * its history. Doing the same again changes nothing, so that whoever was interrupted does it
 * again. A lead that refuses the change (it would have too many tags) is left as it is and told.
 *
 * Holds    nothing.
 * Threads  the call's; execute the one for long work.
 * Fails    ERR_INVALID_INPUT, ERR_FORBIDDEN for deleting without that scope, ERR_TAG_NOT_FOUND and
 *          its like before anything is written; store errors and ERR_BUSY (Galena is stopping)
 *          also in between, with how far it came.
 */
#ifndef COMMAND_LEAD_BULK_H
#define COMMAND_LEAD_BULK_H

#include "command/command.h"

/* Most leads in one call, and most ids that its answer names. */
#define LEAD_BULK_MAX 1000000
#define LEAD_BULK_IDS_MAX 100000

MUST_USE enum err_code lead_bulk_prepare(struct call *call, struct err *err);
MUST_USE enum err_code lead_bulk_execute(struct call *call, struct txn *txn, struct err *err);

#endif
