/*
 * changes: the append-only history. A lead is the fold of its changes.
 *
 * Holds    nothing.
 * Threads  the connection's.
 * Fails    as store/db.h.
 */
#ifndef STORE_CHANGES_H
#define STORE_CHANGES_H

#include "store/txn.h"

enum change_kind { CHANGE_CREATED, CHANGE_UPDATED, CHANGE_DELETED };
/* Stored as numbers: new ones at the end. */
enum change_via {
	CHANGE_VIA_REST,
	CHANGE_VIA_CLI,
	CHANGE_VIA_IMPORT,
	CHANGE_VIA_MCP,
	CHANGE_VIA_CONTACTS,
	CHANGE_VIA_LEADS
};

struct change_row {
	int64_t no;
	int64_t workspace;
	int64_t lead_no;
	int64_t prev; /* the lead's change before; 0: none */
	struct uuid id;
	int64_t at_ms;
	int64_t observed_ms; /* equals at_ms when the writer said nothing */
	enum change_kind kind;
	int64_t actor; /* key number; 0: the program on this machine */
	enum change_via via;
	int64_t import_no;  /* 0: none */
	int64_t import_row;
	struct text source; /* absent: none */
	int64_t matched;    /* bits 1 << enum identifier_kind */
	bool searchable;
	struct text patch;  /* {field: value or null} */
	struct text gained; /* [packed identifiers]; absent: none */
	struct text lost;
	struct uuid import_id;   /* read only */
	struct text import_name; /* read only */
	struct text actor_name;  /* read only; absent: the program on this machine */
};

/* Append; `row->no` is from txn_next_change. */
MUST_USE enum err_code changes_append(struct txn *txn, const struct change_row *row,
				      struct err *err);

/* Read change `no`; out->no is 0 when there is none. Texts are copied to the arena. */
MUST_USE enum err_code changes_read(struct db *db, struct arena *arena, int64_t no,
				    struct change_row *out, struct err *err);

const char *changes_kind_name(enum change_kind kind);
const char *changes_via_name(enum change_via via);

#endif
