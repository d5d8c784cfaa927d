/*
 * lead_groups: the lists and missions of a lead, in its document and in the tables they are read
 * from.
 *
 * Holds    nothing.
 * Threads  the writer.
 * Fails    ERR_LIST_NOT_FOUND, ERR_MISSION_NOT_FOUND, ERR_INVALID_INPUT, store errors.
 */
#ifndef COMMAND_LEAD_GROUPS_H
#define COMMAND_LEAD_GROUPS_H

#include "command/lead_act.h"

/*
 * Put the record into the plan's lists and mission, take it out of those it leaves, and forget
 * lists that are no more. After the profile: a change of status is to be known.
 */
MUST_USE enum err_code lead_groups_apply(struct lead_act *act, struct err *err);

/* Store that, and the change of status, for the outcome's lead. */
MUST_USE enum err_code lead_groups_store(struct lead_act *act, struct err *err);

/* Take lead `no` out of all of them: it is deleted. */
MUST_USE enum err_code lead_groups_leave_all(struct lead_act *act, int64_t no, struct err *err);

#endif
