/*
 * db: a connection to the database, its prepared statements and transactions. The one place
 * that knows which engine is below; sql/queries.sql holds every statement.
 *
 * Holds    the connection and one prepared statement per query, made when first used.
 * Threads  a connection belongs to one thread at a time.
 * Fails    ERR_BUSY (another program holds the write lock), ERR_STORAGE_FULL, ERR_INTERNAL.
 *          A unique violation is ERR_STATE_CONFLICT. After a failure inside a transaction,
 *          db_is_broken tells whether the engine has rolled the whole of it back.
 */
#ifndef STORE_DB_H
#define STORE_DB_H

#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/uuid.h"
#include "queries.h"

struct db;
struct db_row; /* a running statement */

enum db_mode { DB_READ, DB_WRITE, DB_DERIVED /* write, but may be lost: no sync */ };

struct db_settings {
	const char *path;
	enum db_mode mode;
	int cache_kib;       /* page cache, used as far as needed */
	int busy_timeout_ms; /* how long to wait for another program's write lock */
};

/* Open; with DB_WRITE or DB_DERIVED the file is made when there is none. */
MUST_USE enum err_code db_create(const struct db_settings *settings, struct db **out,
				 struct err *err);
void db_destroy(struct db *db);

MUST_USE enum err_code db_begin_read(struct db *db, struct err *err);
MUST_USE enum err_code db_begin_write(struct db *db, struct err *err);
MUST_USE enum err_code db_commit(struct db *db, struct err *err);
void db_rollback(struct db *db);

/* A mark to go back to within a write transaction; keep and undo end the newest one. */
MUST_USE enum err_code db_mark(struct db *db, struct err *err);
void db_mark_keep(struct db *db);
void db_mark_undo(struct db *db);

/* The write transaction that was begun is gone: everything in it must be reported failed. */
bool db_is_broken(const struct db *db);

/* Run SQL text that is not a query of ours: migrations and settings. */
MUST_USE enum err_code db_script(struct db *db, const char *sql, struct err *err);

/* Begin a query; parameters are bound next, in any order, unbound ones are null. */
struct db_row *db_query(struct db *db, enum query query);
void db_bind_int(struct db_row *row, int at, int64_t value);
void db_bind_text(struct db_row *row, int at, struct text text); /* absent: null; borrowed */
void db_bind_blob(struct db_row *row, int at, const void *bytes, size_t len); /* borrowed */

void db_bind_uuid(struct db_row *row, int at, struct uuid uuid);

/* The next row: true and its columns are readable until the next call. */
MUST_USE enum err_code db_step(struct db_row *row, bool *out_found, struct err *err);

/* End a query early or late; always safe. */
void db_end(struct db_row *row);

/* Run a query that answers no rows, and end it. *out_changed (may be NULL): rows changed. */
MUST_USE enum err_code db_run(struct db_row *row, int64_t *out_changed, struct err *err);

bool db_is_null(struct db_row *row, int column);
int64_t db_int(struct db_row *row, int column);
struct text db_text(struct db_row *row, int column); /* text or blob, borrowed */
struct uuid db_uuid(struct db_row *row, int column); /* all zero for null */

/* Rows changed on this connection since it was opened. */
int64_t db_total_changes(const struct db *db);

/* Run a query that answers one number, and end it; 0 for no row or null. */
MUST_USE enum err_code db_number(struct db_row *row, int64_t *out, struct err *err);

/*
 * Run a query that answers "collect(number)" of many rows, and end it: `take` is called with each
 * number. Half the time that stepping through them takes.
 */
struct db_collector {
	void (*take)(struct db_collector *collector, int64_t number);
	void *state;
};

MUST_USE enum err_code db_collect(struct db_row *row, struct db_collector *collector,
				  struct err *err);

struct db_log {
	int64_t pages; /* in the write-ahead log */
	int64_t left;  /* of them not yet moved to the database file */
};

/* Move what the log holds into the database file; waits for nobody. */
MUST_USE enum err_code db_checkpoint(struct db *db, struct db_log *out, struct err *err);

/* Pages in the log as of this connection's last commit. Any thread may ask. */
int64_t db_log_pages(const struct db *db);

/* Bytes on disk: file and log. */
int64_t db_bytes(struct db *db);

/* "ok", or the first problem found. */
MUST_USE enum err_code db_verify(struct db *db, struct arena *arena, struct text *out,
				 struct err *err);

/* Changes whenever another connection has committed since the last call on this one. */
int64_t db_data_version(struct db *db);

#endif
