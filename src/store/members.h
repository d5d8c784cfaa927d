/*
 * members: which leads are in which list or mission, and how many of them in each status.
 *
 * The counts are kept with every write, so that showing a list or a mission costs the same
 * however many leads it has.
 *
 * Holds    nothing.
 * Threads  the connection's. Functions that take a struct txn write; the caller has called
 *          txn_touch.
 * Fails    as store/db.h.
 */
#ifndef STORE_MEMBERS_H
#define STORE_MEMBERS_H

#include "lead/status.h"
#include "store/txn.h"

enum members_kind { MEMBERS_OF_LIST, MEMBERS_OF_MISSION };

struct members_group {
	enum members_kind kind;
	int64_t workspace;
	struct uuid id; /* of the list or mission */
};

/* Lead `no`, which is in `status`, comes or goes; nothing happens when it is so already. */
MUST_USE enum err_code members_add(struct txn *txn, const struct members_group *group, int64_t no,
				   enum status status, struct err *err);
MUST_USE enum err_code members_remove(struct txn *txn, const struct members_group *group,
				      int64_t no, enum status status, struct err *err);

/* A lead of the group goes from one status to another. */
MUST_USE enum err_code members_move(struct txn *txn, const struct members_group *group,
				    enum status from, enum status to, struct err *err);

/* How many leads of the group are in each status. */
MUST_USE enum err_code members_count(struct db *db, const struct members_group *group,
				     int64_t out[STATUS_COUNT], struct err *err);

#endif
