/*
 * lists: named sets of leads.
 *
 * Holds    nothing.
 * Threads  the connection's. Functions that take a struct txn write; the caller has called
 *          txn_touch.
 * Fails    as store/db.h; a name that is taken is ERR_STATE_CONFLICT.
 */
#ifndef STORE_LISTS_H
#define STORE_LISTS_H

#include "store/txn.h"

struct list_row {
	struct uuid id;
	struct text name; /* in the arena */
	int64_t created_ms;
	int64_t updated_ms;
	int64_t leads; /* how many it has */
};

/* Which lists to walk through, in the order of their making. */
struct lists_walk {
	int64_t workspace;
	bool upward;      /* oldest first; else newest first */
	struct uuid from; /* only those behind this one in that order; all zero: from the end */
	int64_t offset;   /* how many to leave out before the first */
	size_t limit;
};

/* *out: whether the workspace has list `id`. */
MUST_USE enum err_code lists_exists(struct db *db, int64_t workspace, struct uuid id, bool *out,
				    struct err *err);

/* The list that is called `name`; all zero when there is none. */
MUST_USE enum err_code lists_named(struct db *db, int64_t workspace, struct text name,
				   struct uuid *out, struct err *err);

/* Read list `id`; out->name is absent when there is none. Counts its leads. */
MUST_USE enum err_code lists_read(struct db *db, struct arena *arena, int64_t workspace,
				  struct uuid id, struct list_row *out, struct err *err);

/* *out_count <= walk->limit. */
MUST_USE enum err_code lists_page(struct db *db, struct arena *arena, const struct lists_walk *walk,
				  struct list_row *out, size_t *out_count, struct err *err);

/* Insert with id, name and created_ms of `list`, which also is its time of update. */
MUST_USE enum err_code lists_insert(struct txn *txn, int64_t workspace, const struct list_row *list,
				    struct err *err);

/* Store name and updated_ms of `list`. */
MUST_USE enum err_code lists_rename(struct txn *txn, int64_t workspace, const struct list_row *list,
				    struct err *err);

MUST_USE enum err_code lists_count(struct db *db, int64_t workspace, int64_t *out, struct err *err);

/*
 * Delete list `id`: its name is free and it has no leads any more. *out_found: whether it was
 * there. The rows that say which leads it had stay, seen by nobody, until lists_clear_gone has
 * removed them; a lead's own document keeps the id until the lead is next written.
 */
MUST_USE enum err_code lists_delete(struct txn *txn, int64_t workspace, struct uuid id,
				    bool *out_found, struct err *err);

/* *out: whether a deleted list still has rows to remove; of any workspace. */
MUST_USE enum err_code lists_has_gone(struct db *db, bool *out, struct err *err);

/* Remove at most `rows_max` of them. */
MUST_USE enum err_code lists_clear_gone(struct txn *txn, int64_t rows_max, struct err *err);

#endif
