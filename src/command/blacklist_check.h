/*
 * blacklist_check: whether a write is about somebody, or somebody of a company, on the
 * workspace's blacklist.
 *
 * Holds    nothing.
 * Threads  the connection's.
 * Fails    ERR_BLACKLISTED, which names what is on the list; store errors.
 */
#ifndef COMMAND_BLACKLIST_CHECK_H
#define COMMAND_BLACKLIST_CHECK_H

#include "command/lead_plan.h"
#include "lead/company.h"
#include "store/entries.h"

/*
 * For upserts (imports, too), once it is known whom the plan belongs to: `found` is that lead's
 * record before the write, NULL for a new lead. Looks at the identifiers given and held, at the
 * domains of their addresses, and at the company as it would be. One keyed read when the
 * blacklist is empty.
 */
MUST_USE enum err_code blacklist_check(struct arena *arena, struct db *db, int64_t workspace,
				       const struct lead_plan *plan, const struct record *found,
				       struct err *err);

/* The same for a company that is written itself. */
MUST_USE enum err_code blacklist_check_company(struct arena *arena, struct db *db,
					       int64_t workspace, const struct company_keys *keys,
					       struct err *err);

#endif
