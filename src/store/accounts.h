/*
 * accounts: workspaces, and the API keys that open them.
 *
 * Holds    nothing.
 * Threads  the connection's. Functions that take a struct txn write; the caller has called
 *          txn_touch.
 * Fails    as store/db.h; a workspace's name that is taken is ERR_STATE_CONFLICT.
 */
#ifndef STORE_ACCOUNTS_H
#define STORE_ACCOUNTS_H

#include "lead/status.h"
#include "store/txn.h"

struct workspace_row {
	int64_t number; /* from 1; 0: there is none */
	struct uuid id;
	struct text name; /* in the arena */
	int64_t created_ms;
};

struct workspace_counts {
	int64_t lists, missions, imports;
	int64_t leads[STATUS_COUNT]; /* not deleted ones, by status */
};

/*
 * Insert with id, name and created_ms of `workspace`, and what store/defaults.h gives it;
 * *out_number is the next free one.
 */
MUST_USE enum err_code accounts_insert_workspace(struct txn *txn,
						 const struct workspace_row *workspace,
						 int64_t *out_number, struct err *err);

/* out->number is 0 when there is none. */
MUST_USE enum err_code accounts_workspace_by_name(struct db *db, struct arena *arena,
						  struct text name, struct workspace_row *out,
						  struct err *err);
MUST_USE enum err_code accounts_workspace_by_number(struct db *db, struct arena *arena,
						    int64_t number, struct workspace_row *out,
						    struct err *err);

/* All workspaces by number, in the arena. */
MUST_USE enum err_code accounts_workspaces(struct db *db, struct arena *arena,
					   struct workspace_row **out, size_t *out_count,
					   struct err *err);

/* Reads an index entry for each lead. */
MUST_USE enum err_code accounts_count(struct db *db, int64_t workspace,
				      struct workspace_counts *out, struct err *err);

#define ACCOUNTS_HASH_LEN 32

struct key_row {
	int64_t workspace;
	int64_t no; /* from 1, and no two keys share one; 0: there is none */
	struct uuid id;
	struct text name;   /* in the arena, like the other texts */
	struct text scopes; /* blank-separated */
	int64_t created_ms;
	int64_t expires_ms;         /* 0: never */
	int64_t revoked_ms;         /* 0: not revoked */
	struct text workspace_name; /* read only, like the next */
	struct uuid workspace_id;
};

/*
 * Insert with workspace, id, name, scopes, created_ms and expires_ms of `key`; *out_no is the
 * next free number. ERR_STATE_CONFLICT when the hash is there already.
 */
MUST_USE enum err_code accounts_insert_key(struct txn *txn, const struct key_row *key,
					   const unsigned char hash[ACCOUNTS_HASH_LEN],
					   int64_t *out_no, struct err *err);

/* The key with that hash, revoked and expired ones too; out->no is 0 when there is none. */
MUST_USE enum err_code accounts_key_by_hash(struct db *db, struct arena *arena,
					    const unsigned char hash[ACCOUNTS_HASH_LEN],
					    struct key_row *out, struct err *err);

/* The keys of `workspace` (0: of all) by number, in the arena. */
MUST_USE enum err_code accounts_keys(struct db *db, struct arena *arena, int64_t workspace,
				     struct key_row **out, size_t *out_count, struct err *err);

/* Revoke key `id` at `at_ms`, unless it is so already. *out_found: whether there is such a key. */
MUST_USE enum err_code accounts_revoke_key(struct txn *txn, struct uuid id, int64_t at_ms,
					   bool *out_found, struct err *err);

/* The name of key `no`, in the arena; absent when there is none. */
MUST_USE enum err_code accounts_key_name(struct db *db, struct arena *arena, int64_t workspace,
					 int64_t no, struct text *out, struct err *err);

#endif
