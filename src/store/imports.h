/*
 * imports: files of leads on their way in, and what became of each of their rows.
 *
 * Holds    nothing.
 * Threads  the connection's. Functions that take a struct txn write; the caller has called
 *          txn_touch.
 * Fails    as store/db.h.
 */
#ifndef STORE_IMPORTS_H
#define STORE_IMPORTS_H

#include "store/leads.h"
#include "store/txn.h"

enum import_state {
	IMPORT_QUEUED,
	IMPORT_RUNNING,
	IMPORT_DONE,
	IMPORT_FAILED,
	IMPORT_CANCELLED,
	IMPORT_STATE_COUNT,                 /* of those that are shown */
	IMPORT_DELETED = IMPORT_STATE_COUNT /* its number stays taken: leads' documents have it */
};

/* What became of a row. From IMPORT_CONFLICT on it was refused and touched no lead. */
enum import_outcome {
	IMPORT_CREATED,
	IMPORT_UPDATED,
	IMPORT_UNCHANGED,
	IMPORT_CONFLICT,
	IMPORT_INVALID,
	IMPORT_SKIPPED,
	IMPORT_OUTCOME_COUNT
};

struct import_counts {
	int64_t rows_done;
	int64_t bytes_done;
	int64_t outcomes[IMPORT_OUTCOME_COUNT]; /* rows */
	int64_t leads;                          /* made or touched, each once */
};

struct import_row {
	int64_t no;
	int64_t workspace;
	struct uuid id;
	struct text name;
	struct text type; /* "csv", "ndjson" … */
	enum import_state state;
	bool dry_run;
	int64_t actor;
	int via;              /* enum change_via */
	struct text file;     /* name of the upload; empty once that was removed */
	struct text settings; /* JSON object: the input of import.create but for the file */
	struct text columns;  /* JSON array of headers; empty for JSON rows */
	int64_t created_ms;
	int64_t updated_ms;
	int64_t rows_total; /* -1: not known yet */
	int64_t bytes_total;
	struct import_counts counts;
	struct text error; /* absent: none */
};

struct import_result {
	int64_t row; /* from 1 */
	enum import_outcome outcome;
	int64_t lead_no;    /* 0: none */
	struct text detail; /* of a refused row: JSON object; else absent */
};

const char *imports_state_name(enum import_state state);
const char *imports_outcome_name(enum import_outcome outcome);

/* The state with that name, IMPORT_STATE_COUNT for none; likewise the outcome. */
enum import_state imports_state_parse(struct text name);
enum import_outcome imports_outcome_parse(struct text name);

/* Insert as queued, with what is known before the first row was read. */
MUST_USE enum err_code imports_insert(struct txn *txn, const struct import_row *row,
				      struct err *err);

/* Read import `id`; out->no is 0 when the workspace has none. */
MUST_USE enum err_code imports_find(struct db *db, struct arena *arena, int64_t workspace,
				    struct uuid id, struct import_row *out, struct err *err);

struct imports_walk {
	int64_t workspace;
	bool upward;      /* oldest first; else newest first */
	struct uuid from; /* only those behind this one in that order; all zero: from the end */
	int64_t offset;
	size_t limit;
	int state; /* -1: any */
};

/* In the order of their ids, which is that of their making; *out_count <= walk->limit. */
MUST_USE enum err_code imports_page(struct db *db, struct arena *arena,
				    const struct imports_walk *walk, struct import_row *out,
				    size_t *out_count, struct err *err);

/* How many there are in `state`; -1: in any. */
MUST_USE enum err_code imports_count(struct db *db, int64_t workspace, int state, int64_t *out,
				     struct err *err);

/* The import to work on: an interrupted one, else the oldest queued. out->no is 0 for none. */
MUST_USE enum err_code imports_next_open(struct db *db, struct arena *arena, struct import_row *out,
					 struct err *err);

MUST_USE enum err_code imports_state(struct db *db, int64_t no, enum import_state *out,
				     struct err *err);

/* Store state, counts, rows_total and error, at updated_ms; nothing when it was closed. */
MUST_USE enum err_code imports_move(struct txn *txn, const struct import_row *row, struct err *err);

/* *out: whether it was open. */
MUST_USE enum err_code imports_cancel(struct txn *txn, int64_t workspace, struct uuid id,
				      int64_t at_ms, bool *out, struct err *err);

MUST_USE enum err_code imports_rename(struct txn *txn, int64_t no, struct text name, int64_t at_ms,
				      struct err *err);

/* A closed import is found no more, but for its file, which is still to be removed. */
MUST_USE enum err_code imports_delete(struct txn *txn, int64_t no, int64_t at_ms, struct err *err);

/* *out: whether an import, of whatever state, has that file. */
MUST_USE enum err_code imports_has_file(struct db *db, struct text file, bool *out,
					struct err *err);

/* A closed import whose file is still to be removed: *out_no is 0 when there is none. */
MUST_USE enum err_code imports_leftover(struct db *db, struct arena *arena, int64_t *out_no,
					struct text *out_file, struct err *err);
MUST_USE enum err_code imports_forget_file(struct txn *txn, int64_t no, struct err *err);

/* Append what became of a row. */
MUST_USE enum err_code imports_add_result(struct txn *txn, const struct import_row *import,
					  const struct import_result *result, struct err *err);

/* *out: whether an earlier row was about lead `lead_no`. */
MUST_USE enum err_code imports_touched(struct db *db, const struct import_row *import,
				       int64_t lead_no, bool *out, struct err *err);

/* Remove at most `limit` results; *out_removed: how many. */
MUST_USE enum err_code imports_clear_results(struct txn *txn, const struct import_row *import,
					     int64_t limit, int64_t *out_removed, struct err *err);

/* Which rows of an import to walk through, in the file's order. */
struct imports_rows_walk {
	int64_t workspace;
	int64_t import_no;
	int64_t above; /* only rows with a larger number */
	int outcome;   /* for imports_refused; -1: any */
	size_t limit;
};

struct import_lead {
	int64_t row;
	struct lead_row lead; /* every column but last_change */
};

/* The leads of an import, each at its first row, as they are now; *out_count <= walk->limit. */
MUST_USE enum err_code imports_leads(struct db *db, struct arena *arena,
				     const struct imports_rows_walk *walk, struct import_lead *out,
				     size_t *out_count, struct err *err);

/* The refused rows. */
MUST_USE enum err_code imports_refused(struct db *db, struct arena *arena,
				       const struct imports_rows_walk *walk,
				       struct import_result *out, size_t *out_count,
				       struct err *err);

/* Id and name of import number `no`; *out_name is absent when there is none. */
MUST_USE enum err_code imports_name(struct db *db, struct arena *arena, int64_t no,
				    struct uuid *out_id, struct text *out_name, struct err *err);

#endif
