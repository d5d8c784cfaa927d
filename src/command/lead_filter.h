/*
 * lead_filter: the leads that a condition holds for, as a set.
 *
 * Values compare folded (lead/fold.h). What was deleted (a list, a tag, a stage, an import) has
 * no leads, although their documents may still name it; a lead that is on no list any more counts
 * as on the Inbox, one without a stage as in the stage New, as in their records.
 *
 * Holds    nothing.
 * Threads  a reading connection's.
 * Fails    store errors.
 */
#ifndef COMMAND_LEAD_FILTER_H
#define COMMAND_LEAD_FILTER_H

#include "command/lead_where.h"
#include "store/grid_bits.h"
#include "store/txn.h"

/* Where leads are filtered: a view of the index, and the database beside it. */
struct lead_filter {
	struct arena *arena;
	struct txn *txn;
	struct grid_view view;
};

/* Remove from `bits` who the condition does not hold for. */
MUST_USE enum err_code lead_filter_keep(const struct lead_filter *filter,
					const struct lead_where *where, struct grid_bits *bits,
					struct err *err);

/* Add the leads with these ids, or remove them. */
MUST_USE enum err_code lead_filter_put(const struct lead_filter *filter, const struct uuid *ids,
				       size_t count, bool is_in, struct grid_bits *bits,
				       struct err *err);

/* How much there is to read for a condition: those with less are held against leads first. */
int lead_filter_cost(const struct lead_where *where);

#endif
