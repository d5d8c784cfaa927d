/*
 * leads: the leads and who owns which identifier.
 *
 * Holds    nothing.
 * Threads  the connection's.
 * Fails    as store/db.h. Functions that take a struct txn write; the caller has called
 *          txn_touch.
 *
 * A lead's number is workspace << 40 | running number: leads of a workspace lie side by side,
 * oldest first.
 */
#ifndef STORE_LEADS_H
#define STORE_LEADS_H

#include "lead/identifier.h"
#include "lead/status.h"
#include "store/txn.h"

#define LEADS_NUMBER_BITS 40

struct lead_row {
	int64_t no;
	int64_t workspace;
	struct uuid id;
	int64_t version; /* from 1, one more with each change */
	enum status status;
	int64_t created_ms;
	int64_t updated_ms;
	int64_t deleted_ms;  /* 0: not deleted */
	int64_t last_change; /* change number */
	struct text doc;     /* in the arena */
};

static inline int64_t leads_first_number(int64_t workspace)
{
	return workspace * ((int64_t)1 << LEADS_NUMBER_BITS) + 1;
}

static inline int64_t leads_last_number(int64_t workspace)
{
	return (workspace + 1) * ((int64_t)1 << LEADS_NUMBER_BITS) - 1;
}

/* The number of the lead with that id, 0 when the workspace has no such lead. */
MUST_USE enum err_code leads_find(struct db *db, int64_t workspace, struct uuid id, int64_t *out,
				  struct err *err);

/* The id of lead `no` of `workspace`; all zero when there is none or it was deleted. */
MUST_USE enum err_code leads_id(struct db *db, int64_t workspace, int64_t no, struct uuid *out,
				struct err *err);

/* The last change of the lead with that id, deleted or not; 0 when there never was one. */
MUST_USE enum err_code leads_find_last_change(struct db *db, int64_t workspace, struct uuid id,
					      int64_t *out, struct err *err);

/* The lead that owns `key`, 0 for none. */
MUST_USE enum err_code leads_owner(struct db *db, int64_t workspace,
				   const struct identifier_key *key, int64_t *out, struct err *err);

/* Read lead `no` of `workspace`; out->no is 0 when there is none or it was deleted. */
MUST_USE enum err_code leads_read(struct db *db, struct arena *arena, int64_t workspace, int64_t no,
				  struct lead_row *out, struct err *err);

/* Insert with no, workspace, id, status, created_ms, last_change and doc of `row`; version 1. */
MUST_USE enum err_code leads_insert(struct txn *txn, const struct lead_row *row, struct err *err);

/* Store version, status, updated_ms, last_change and doc; `status_changed` spares an index. */
MUST_USE enum err_code leads_update(struct txn *txn, const struct lead_row *row,
				    bool status_changed, struct err *err);

/* Mark as deleted at deleted_ms, with version, last_change and doc of `row`. */
MUST_USE enum err_code leads_delete(struct txn *txn, const struct lead_row *row, struct err *err);

/* Give `key` to lead `no` (ERR_STATE_CONFLICT when somebody has it), and take it away. */
MUST_USE enum err_code leads_claim(struct txn *txn, int64_t workspace,
				   const struct identifier_key *key, int64_t no, struct err *err);
MUST_USE enum err_code leads_free(struct txn *txn, int64_t workspace,
				  const struct identifier_key *key, int64_t no, struct err *err);

/* Remember that whoever has `key` is not to be contacted, and ask for it. */
MUST_USE enum err_code leads_suppress(struct txn *txn, int64_t workspace,
				      const struct identifier_key *key, struct err *err);
MUST_USE enum err_code leads_suppressed(struct db *db, int64_t workspace,
					const struct identifier_key *key, bool *out,
					struct err *err);

enum leads_order { LEADS_ALL, LEADS_BY_STATUS, LEADS_BY_LIST, LEADS_BY_MISSION };

/* Which leads to walk through. */
struct leads_walk {
	enum leads_order order;
	int64_t workspace;
	enum status status;    /* for LEADS_BY_STATUS */
	struct uuid member_of; /* list or mission */
	int64_t below; /* leads_page: only those with a smaller number; 0: from the newest */
	int64_t above;         /* leads_page_upward: only those with a greater one */
};

/* A page in the caller's array. */
struct leads_rows {
	struct lead_row *rows;
	size_t limit; /* of the array */
	size_t count; /* filled */
};

/* The next leads downward, newest first: no, workspace, id and doc of each. */
MUST_USE enum err_code leads_page(struct db *db, struct arena *arena, const struct leads_walk *walk,
				  struct leads_rows *out, struct err *err);

/* All leads of the workspace upward, oldest first, every column but last_change. For exports. */
MUST_USE enum err_code leads_page_upward(struct db *db, struct arena *arena,
					 const struct leads_walk *walk, struct leads_rows *out,
					 struct err *err);

#endif
