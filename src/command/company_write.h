/*
 * company_write: change one company as an input says, or make it.
 *
 * Holds    nothing.
 * Threads  the writer.
 * Fails    ERR_INVALID_INPUT with the pointer inside the one company's input, ERR_BLACKLISTED,
 *          ERR_TAG_NOT_FOUND, ERR_STAGE_NOT_FOUND, ERR_STATE_CONFLICT for a domain or page that
 *          another company has, store errors. What was written before a failure is the caller's
 *          to undo.
 */
#ifndef COMMAND_COMPANY_WRITE_H
#define COMMAND_COMPANY_WRITE_H

#include "command/company_find.h"
#include "command/reply.h"

/* Where a write happens. */
struct company_writing {
	struct arena *arena;
	struct txn *txn;
	int64_t workspace;
};

/* Find the company that `input` names, or make it; then set what is given. */
MUST_USE enum err_code company_write_upsert(const struct company_writing *writing,
					    const json_t *input, struct company_match *out,
					    enum reply_outcome *out_outcome, struct err *err);

/*
 * Set what `input` gives in the company that was read into `match`. Its old domain, page and name
 * still find it.
 */
MUST_USE enum err_code company_write_update(const struct company_writing *writing,
					    const json_t *input, struct company_match *match,
					    enum reply_outcome *out_outcome, struct err *err);

/*
 * Lay `patch` (a canonical object; null removes a key) over the metadata of company `id`.
 * *out_found: whether there is such a company.
 */
MUST_USE enum err_code company_write_metadata(const struct company_writing *writing, struct uuid id,
					      struct text patch, bool *out_found, struct err *err);

#endif
