/*
 * replays: answers kept for a day, so that a request sent again with its Idempotency-Key is
 * answered and not run again.
 *
 * Holds    nothing.
 * Threads  the connection's. Functions that take a struct txn write; the caller has called
 *          txn_touch.
 * Fails    as store/db.h.
 */
#ifndef STORE_REPLAYS_H
#define STORE_REPLAYS_H

#include "store/txn.h"

#define REPLAYS_KEEP_MS ((int64_t)24 * 60 * 60 * 1000)

/* Names are a caller's own: two keys may use the same one. */
struct replays_name {
	int64_t workspace;
	int64_t actor;    /* key number */
	struct text name; /* the Idempotency-Key as sent */
};

struct replay_row {
	struct text request; /* hash of command and input */
	struct text answer;  /* as reply_pack made it; absent: there is none */
	int64_t at_ms;
};

/* The answer under that name; its texts are in the arena. Past REPLAYS_KEEP_MS there is none. */
MUST_USE enum err_code replays_find(struct db *db, struct arena *arena,
				    const struct replays_name *name, int64_t now_ms,
				    struct replay_row *out, struct err *err);

/* Keep an answer, in place of an older one of that name. */
MUST_USE enum err_code replays_store(struct txn *txn, const struct replays_name *name,
				     const struct replay_row *replay, struct err *err);

/* Drop at most `limit` answers of the workspace that are too old; *out_dropped says how many. */
MUST_USE enum err_code replays_expire(struct txn *txn, int64_t workspace, int64_t now_ms,
				      size_t limit, int64_t *out_dropped, struct err *err);

#endif
