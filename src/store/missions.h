/*
 * missions: sets of leads with a brief for those who write to them.
 *
 * Holds    nothing.
 * Threads  the connection's. Functions that take a struct txn write; the caller has called
 *          txn_touch.
 * Fails    as store/db.h; a name that is taken is ERR_STATE_CONFLICT.
 */
#ifndef STORE_MISSIONS_H
#define STORE_MISSIONS_H

#include "lead/status.h"
#include "store/txn.h"

struct mission_row {
	struct uuid id;
	struct text name; /* in the arena, like brief */
	bool active;
	struct text brief; /* canonical JSON, an object */
	int64_t created_ms;
	int64_t updated_ms;
};

enum missions_which { MISSIONS_ALL, MISSIONS_ACTIVE, MISSIONS_ARCHIVED };

/* Which missions to walk through, newest first. */
struct missions_walk {
	int64_t workspace;
	struct uuid below; /* only missions made before this one; all zero: from the newest */
	enum missions_which which;
	size_t limit;
};

/* *out: whether the workspace has mission `id`. */
MUST_USE enum err_code missions_exists(struct db *db, int64_t workspace, struct uuid id, bool *out,
				       struct err *err);

/* The mission that is called `name`; all zero when there is none. */
MUST_USE enum err_code missions_named(struct db *db, int64_t workspace, struct text name,
				      struct uuid *out, struct err *err);

/* Read mission `id`; out->name is absent when there is none. */
MUST_USE enum err_code missions_read(struct db *db, struct arena *arena, int64_t workspace,
				     struct uuid id, struct mission_row *out, struct err *err);

/* *out_count <= walk->limit. */
MUST_USE enum err_code missions_page(struct db *db, struct arena *arena,
				     const struct missions_walk *walk, struct mission_row *out,
				     size_t *out_count, struct err *err);

/* Insert with id, name, active, brief and created_ms, which also is its time of update. */
MUST_USE enum err_code missions_insert(struct txn *txn, int64_t workspace,
				       const struct mission_row *mission, struct err *err);

/* Store name, active, brief and updated_ms. */
MUST_USE enum err_code missions_update(struct txn *txn, int64_t workspace,
				       const struct mission_row *mission, struct err *err);

#endif
