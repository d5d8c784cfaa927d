/*
 * txn: one transaction, in which many writes may run one after the other.
 *
 * Holds    the connection, the maker of ids, and the last numbers given out.
 * Threads  the writer's, or (for reading) the thread that owns the connection.
 * Fails    as store/db.h.
 *
 * Each write begins with txn_enter and ends with txn_keep or txn_undo; a write that only reads
 * costs no mark. What is given out in a write that is undone is taken back.
 */
#ifndef STORE_TXN_H
#define STORE_TXN_H

#include "base/uuid.h"
#include "store/db.h"

struct search;

struct txn {
	struct db *db;
	struct search *search; /* the text index, on reading connections; NULL on the writer's */
	struct uuid_maker ids;
	int64_t now_ms;      /* the time of every change in this write */
	int64_t last_change; /* -1: not known */
	int64_t last_lead;   /* -1: not known */
	int64_t last_lead_workspace;
	bool dirty;       /* something was written in this transaction */
	bool marked;      /* something was written in this write */
	bool in_part;     /* between txn_part_enter and its end */
	bool part_marked; /* something was written in this part */
	bool touched;     /* txn_touch was called; who wants to know clears it before */
};

void txn_init(struct txn *txn, struct db *db, const struct clock *clock);

MUST_USE enum err_code txn_begin(struct txn *txn, struct err *err);

/* Commits; nothing reaches the disk when nothing was written. */
MUST_USE enum err_code txn_commit(struct txn *txn, struct err *err);
void txn_rollback(struct txn *txn);

/* The bounds of one write. */
void txn_enter(struct txn *txn, int64_t now_ms);
void txn_keep(struct txn *txn);
void txn_undo(struct txn *txn);

/* The bounds of a part of a write that may fail alone: a row of a batch. Parts do not nest. */
void txn_part_enter(struct txn *txn);
void txn_part_keep(struct txn *txn);
void txn_part_undo(struct txn *txn);

/* To be called before the first statement that writes. */
MUST_USE enum err_code txn_touch(struct txn *txn, struct err *err);

/* The next number of a change, and of a lead of `workspace` (store/leads.h). */
MUST_USE enum err_code txn_next_change(struct txn *txn, int64_t *out, struct err *err);
MUST_USE enum err_code txn_next_lead(struct txn *txn, int64_t workspace, int64_t *out,
				     struct err *err);

#endif
