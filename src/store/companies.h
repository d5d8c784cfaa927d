/*
 * companies: which company has which key. The companies themselves are entries (store/entries.h).
 *
 * Holds    nothing.
 * Threads  the connection's.
 * Fails    as store/db.h.
 */
#ifndef STORE_COMPANIES_H
#define STORE_COMPANIES_H

#include "lead/company.h"
#include "store/entries.h"

/*
 * The company of `keys`: the owner of the strongest one that has an owner; all zero when none
 * has. Every write of a lead's company claims the strongest key, so that this mostly is one
 * look-up.
 */
MUST_USE enum err_code companies_owner(struct db *db, int64_t workspace,
				       const struct company_keys *keys, struct uuid *out,
				       struct err *err);

/* The keys that a company has claimed; in the arena. */
struct companies_claimed {
	const struct identifier_key *keys;
	size_t count;
};

MUST_USE enum err_code companies_keys(struct db *db, struct arena *arena, int64_t workspace,
				      struct uuid id, struct companies_claimed *out,
				      struct err *err);

#endif
