/*
 * defaults: what every workspace has from its start: the list "Inbox", where a lead belongs that
 * is on no other list, and the four stages that cannot be deleted: New, Approaching, Engaging,
 * Replied. They are of the types of the same names, which never change; their names may.
 *
 * A new workspace gets them from accounts_insert_workspace, one of an older database when the
 * engine opens it.
 *
 * How to: defaults_read(db, workspace, &out, err) is one keyed read; call it once per command,
 * not once per lead.
 *
 * Holds    nothing.
 * Threads  the connection's. Functions that take a struct txn write; the caller has called
 *          txn_touch.
 * Fails    as store/db.h.
 */
#ifndef STORE_DEFAULTS_H
#define STORE_DEFAULTS_H

#include "store/txn.h"

#define DEFAULTS_INBOX TEXT("Inbox")

struct workspace_defaults {
	struct uuid inbox;     /* list "Inbox", however it is called by now; never deleted */
	struct uuid stage_new; /* the stage of type "new": that of a lead with no other */
};

/* Both all zero for a workspace that does not exist (as in the scratch of a dry run). */
MUST_USE enum err_code defaults_read(struct db *db, int64_t workspace,
				     struct workspace_defaults *out, struct err *err);

/* Make them for `workspace`, which has none. A list that is called Inbox becomes the inbox. */
MUST_USE enum err_code defaults_make(struct txn *txn, int64_t workspace, struct err *err);

/* Make them, in transactions of their own, for every workspace that has none. */
MUST_USE enum err_code defaults_make_missing(struct db *db, const struct clock *clock,
					     struct err *err);

#endif
