/*
 * entries: the small things around leads: tags, pipeline stages, custom fields, notes,
 * activities, companies, blacklist entries, webhooks, chatbots, exports. One table for all of
 * them: each has an id, maybe a name that is its own among its kind, maybe a thing that it is
 * about, and a document that its commands understand.
 *
 * How to: fill a struct entry_row (id from uuid_make(&txn->ids), created_ms from txn->now_ms, doc
 * as a canonical JSON object), call txn_touch, then entries_insert. Read, change name or doc, set
 * updated_ms, entries_update. Names are compared byte by byte: trim them first. Custom fields and
 * chatbots have helpers of their own: command/field_find.h, command/chatbot_find.h. A workspace's
 * Inbox and first stage: store/defaults.h. Listing them in answers: command/listing.h.
 *
 * Holds    nothing.
 * Threads  the connection's. Functions that take a struct txn write; the caller has called
 *          txn_touch.
 * Fails    as store/db.h; a name or key that another entry of the kind has is ERR_STATE_CONFLICT.
 */
#ifndef STORE_ENTRIES_H
#define STORE_ENTRIES_H

#include "lead/identifier.h"
#include "store/txn.h"

enum entry_kind {
	ENTRY_TAG,
	ENTRY_STAGE,
	ENTRY_FIELD,
	ENTRY_NOTE,
	ENTRY_ACTIVITY,
	ENTRY_COMPANY,
	ENTRY_BLACKLIST,
	ENTRY_WEBHOOK,
	ENTRY_CHATBOT,
	ENTRY_EXPORT,
	ENTRY_KIND_COUNT
};

/* A stage or field of leads may be called like one of companies. */
enum entry_scope { ENTRY_OF_ALL, ENTRY_OF_LEADS = ENTRY_OF_ALL, ENTRY_OF_COMPANIES };

struct entry_row {
	int64_t workspace;
	enum entry_kind kind;
	struct uuid id;
	enum entry_scope scope; /* never changes */
	struct text name;       /* its own within kind and scope; absent: none. In the arena */
	struct uuid about;      /* the lead, company or chatbot that it is about; all zero: none */
	struct text doc; /* canonical JSON object, in the arena; absent: there is no such entry */
	int64_t created_ms;
	int64_t updated_ms;
	int64_t deleted_ms; /* 0: not deleted. Deleted ones are only found by entries_read_any */
};

/* Insert; every member but updated_ms and deleted_ms is taken. */
MUST_USE enum err_code entries_insert(struct txn *txn, const struct entry_row *entry,
				      struct err *err);

/* Store name, doc and updated_ms. */
MUST_USE enum err_code entries_update(struct txn *txn, const struct entry_row *entry,
				      struct err *err);

/*
 * Delete; its name and keys become free. The name stays known to entries_read_any, the document
 * is gone. *out_found: whether it was there. Only workspace, kind and id of `entry` are read.
 */
MUST_USE enum err_code entries_delete(struct txn *txn, const struct entry_row *entry, int64_t at_ms,
				      bool *out_found, struct err *err);

/* Which entry is meant, by its id or by its name. */
struct entry_ref {
	int64_t workspace;
	enum entry_kind kind;
	struct uuid id;
};

struct entry_name {
	int64_t workspace;
	enum entry_kind kind;
	enum entry_scope scope;
	struct text name;
};

/* Read by id; out->doc is absent when there is none, or it was deleted. */
MUST_USE enum err_code entries_read(struct db *db, struct arena *arena, struct entry_ref which,
				    struct entry_row *out, struct err *err);

/*
 * The same, and deleted ones that had a name, with an empty document and deleted_ms set: for
 * names in the history.
 */
MUST_USE enum err_code entries_read_any(struct db *db, struct arena *arena, struct entry_ref which,
					struct entry_row *out, struct err *err);

/* The entry that is called so; out->doc is absent when there is none. */
MUST_USE enum err_code entries_named(struct db *db, struct arena *arena, struct entry_name which,
				     struct entry_row *out, struct err *err);

/* Which entries to walk through, in the order of their ids, which is that of their making. */
struct entries_walk {
	int64_t workspace;
	enum entry_kind kind;
	struct uuid about; /* only those about this; all zero: all */
	bool upward;       /* oldest first; else newest first */
	struct uuid from;  /* only those behind this one in that order; all zero: from the end */
	int64_t offset;    /* how many to leave out before the first */
	size_t limit;
};

/* *out_count <= walk->limit. */
MUST_USE enum err_code entries_page(struct db *db, struct arena *arena,
				    const struct entries_walk *walk, struct entry_row *out,
				    size_t *out_count, struct err *err);

/* How many there are; kept with every write for a whole kind, counted for those about one thing. */
MUST_USE enum err_code entries_count(struct db *db, const struct entries_walk *walk, int64_t *out,
				     struct err *err);

/*
 * Keys: further names by which an entry is found, hashed. A company's domain, LinkedIn page and
 * name; the identifiers of somebody on the blacklist. No two entries of a kind share a key.
 * Claiming a key that the entry has already, or giving back one that it has not, does nothing.
 */
MUST_USE enum err_code entries_claim(struct txn *txn, const struct entry_row *entry,
				     const struct identifier_key *key, struct err *err);
MUST_USE enum err_code entries_release(struct txn *txn, const struct entry_row *entry,
				       const struct identifier_key *key, struct err *err);

/* The id of the entry that has `key`; all zero when none has. */
MUST_USE enum err_code entries_owner(struct db *db, int64_t workspace, enum entry_kind kind,
				     const struct identifier_key *key, struct uuid *out,
				     struct err *err);

#endif
