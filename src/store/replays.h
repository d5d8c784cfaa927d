/*
 * replays: answers kept for a day, so that a request sent again with its Idempotency-Key is
 * answered and not run again.
 *
 * Holds    nothing.
 * Threads  the connection's. replays_insert and replays_expire write; the caller has called
 *          txn_touch. Now is the transaction's.
 * Fails    as store/db.h.
 */
#ifndef STORE_REPLAYS_H
#define STORE_REPLAYS_H

#include "store/txn.h"

#define REPLAYS_KEEP_MS ((int64_t)24 * 60 * 60 * 1000)

struct replay_row {
	struct text name;    /* the Idempotency-Key as sent; two actors may use the same one */
	struct text request; /* hash of command and input */
	struct text answer;  /* as reply_pack made it */
};

/*
 * Find what `actor` (a key's number) was answered under row->name: fills request and answer, in
 * the arena. Both are absent when there is none, or only one that is older than REPLAYS_KEEP_MS.
 */
MUST_USE enum err_code replays_find(struct txn *txn, struct arena *arena, int64_t workspace,
				    int64_t actor, struct replay_row *row, struct err *err);

/* Keep an answer, as of now, in place of an older one of that name. */
MUST_USE enum err_code replays_insert(struct txn *txn, int64_t workspace, int64_t actor,
				      const struct replay_row *row, struct err *err);

/* Drop at most `limit` answers of the workspace that are too old; *out_dropped says how many. */
MUST_USE enum err_code replays_expire(struct txn *txn, int64_t workspace, size_t limit,
				      int64_t *out_dropped, struct err *err);

#endif
