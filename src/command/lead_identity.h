/*
 * lead_identity: read the members of an input that say who is meant.
 *
 * Holds    nothing.
 * Threads  any.
 * Fails    ERR_INVALID_INPUT with the pointer of a value that cannot be what it is given as,
 *          ERR_LEAD_NOT_FOUND for a lead_id that can be no lead's.
 *
 * Placeholders ("n/a") and LinkedIn values that name nobody for certain are not identifiers;
 * they are warned about, and the latter are kept as they came.
 */
#ifndef COMMAND_LEAD_IDENTITY_H
#define COMMAND_LEAD_IDENTITY_H

#include "command/lead_plan.h"

/*
 * Fill has_lead_id, given, keys, shown_as, shown, member and warnings of `plan`. With `replacing`
 * a null member frees what the lead has of that kind (plan->cleared).
 */
MUST_USE enum err_code lead_identity_read(struct arena *arena, const json_t *input, bool replacing,
					  struct lead_plan *plan, struct err *err);

#endif
