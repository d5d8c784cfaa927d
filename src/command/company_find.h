/*
 * company_find: the company that a lead or an input is about.
 *
 * Holds    nothing.
 * Threads  the connection's; company_ensure the writer's.
 * Fails    store errors.
 *
 * Two companies are never merged: a key that another company has stays there. A company that was
 * only found by its name but has another domain or page than the facts say is not the one.
 */
#ifndef COMMAND_COMPANY_FIND_H
#define COMMAND_COMPANY_FIND_H

#include "command/company_doc.h"
#include "store/companies.h"

/* The company of a lead's record; all zero for none. */
MUST_USE enum err_code company_find(struct arena *arena, struct db *db, int64_t workspace,
				    const struct record *record, struct uuid *out, struct err *err);

/*
 * Find or make the company of a lead that is being written; all zero when the record names none.
 * A company that is found learns the keys it lacks, and the values it has none of. Calls
 * txn_touch before it writes. For writes that changed one of the fields company,
 * company_website, company_domain, company_linkedin_url and company_linkedin_id.
 */
MUST_USE enum err_code company_ensure(struct arena *arena, struct txn *txn, int64_t workspace,
				      const struct record *record, struct uuid *out,
				      struct err *err);

/* Whom some keys name. */
struct company_match {
	struct entry_row entry; /* id all zero: nobody yet. doc absent: not read */
	struct company_doc doc; /* of the entry, when that was read */
	enum company_key_kind by;
	unsigned unclaimed; /* bits 1 << i of keys that no company has */
};

/*
 * Find who has `keys`. The entry is read unless all of them are claimed, so that there is nothing
 * to learn.
 */
MUST_USE enum err_code company_match(struct arena *arena, struct db *db, int64_t workspace,
				     const struct company_keys *keys, struct company_match *out,
				     struct err *err);

/* Read entry and document of match->entry.id, which exists. */
MUST_USE enum err_code company_read(struct arena *arena, struct db *db, int64_t workspace,
				    struct company_match *match, struct err *err);

/*
 * Store match->doc: a new company, or new values of one that was read; and give it the unclaimed
 * keys (a name only where it is the company's own). Writes no row that stays as it is. The caller
 * has called txn_touch.
 */
MUST_USE enum err_code company_store(struct arena *arena, struct txn *txn,
				     const struct company_keys *keys, struct company_match *match,
				     struct err *err);

#endif
