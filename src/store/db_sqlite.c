#include "store/db.h"

#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

struct db_row {
	sqlite3_stmt *stmt;
	struct db *db;
	enum query query;
	int bind_error; /* first SQLite error of a bind, told by the step */
};

struct db {
	sqlite3 *handle;
	char *path;
	bool in_write;
	_Atomic int64_t log_pages;
	struct db_collector *collector; /* of the query that runs */
	struct db_row rows[QUERY_COUNT];
};

static enum err_code fail(struct db *db, int code, const char *doing, struct err *err)
{
	switch (code & 0xFF) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return err_set(err, ERR_BUSY, "",
			       "The database is in use by another program. "
			       "Try again in a moment.");
	case SQLITE_FULL:
	case SQLITE_IOERR:
		err_set(err, ERR_STORAGE_FULL, "",
			"The disk would not take the write, so nothing was written. "
			"Free some space and send it again.");
		break;
	case SQLITE_CONSTRAINT:
		err_set(err, ERR_STATE_CONFLICT, "", "Something with that name or id exists.");
		break;
	case SQLITE_NOMEM:
		return err_memory(err);
	default:
		err_internal(err, "%s", "");
		break;
	}
	/* The statement last: it may be too long for the place. */
	snprintf(err->detail, sizeof err->detail, "%s (%d): %s",
		 db->handle ? sqlite3_errmsg(db->handle) : sqlite3_errstr(code),
		 db->handle ? sqlite3_extended_errcode(db->handle) : code, doing);
	return err->code;
}

enum err_code db_script(struct db *db, const char *sql, struct err *err)
{
	int code = sqlite3_exec(db->handle, sql, NULL, NULL, NULL);

	return code == SQLITE_OK ? ERR_OK : fail(db, code, "script", err);
}

/*
 * Large pages, in a file that is made now: whole columns of the grid are read from end to end, in
 * half the time that small ones take.
 */
#define DERIVED "PRAGMA page_size=65536; PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"

static enum err_code apply_settings(struct db *db, const struct db_settings *settings,
				    struct err *err)
{
	char sql[256];

	/* The log is checkpointed by a thread of its own (engine/checkpoint.h), never here. */
	snprintf(sql, sizeof sql,
		 "PRAGMA busy_timeout=%d; PRAGMA cache_size=-%d; PRAGMA temp_store=MEMORY;"
		 "PRAGMA foreign_keys=OFF; PRAGMA wal_autocheckpoint=0;"
		 "PRAGMA journal_size_limit=67108864; %s",
		 settings->busy_timeout_ms, settings->cache_kib,
		 settings->mode == DB_READ      ? "PRAGMA query_only=ON;"
		 : settings->mode == DB_DERIVED ? DERIVED
						: "PRAGMA journal_mode=WAL;"
						  "PRAGMA synchronous=FULL;");
	return db_script(db, sql, err);
}

/* SQLite counts its memory under a lock that every thread takes at every allocation. */
static void configure_sqlite(void)
{
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

static int note_log_pages(void *state, sqlite3 *handle, const char *name, int pages)
{
	struct db *db = state;

	(void)handle;
	(void)name;
	atomic_store(&db->log_pages, pages);
	return SQLITE_OK;
}

/* collect(number), an aggregate that hands the numbers on and answers nothing. */
static void collect_step(sqlite3_context *context, int count, sqlite3_value **values)
{
	struct db *db = sqlite3_user_data(context);

	(void)count;
	if (db->collector)
		db->collector->take(db->collector, sqlite3_value_int64(values[0]));
}

static void collect_end(sqlite3_context *context)
{
	sqlite3_result_null(context);
}

enum err_code db_create(const struct db_settings *settings, struct db **out, struct err *err)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct db *db = calloc(1, sizeof *db);
	int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_READWRITE |
		    (settings->mode == DB_READ ? 0 : SQLITE_OPEN_CREATE);

	if (!db)
		return err_memory(err);
	pthread_once(&once, configure_sqlite);
	db->path = strdup(settings->path);
	if (!db->path) {
		free(db);
		return err_memory(err);
	}
	int code = sqlite3_open_v2(settings->path, &db->handle, flags, NULL);

	if (code != SQLITE_OK) {
		fail(db, code, "open", err);
		err_set(err, ERR_INTERNAL, "", "Cannot open the database %s: %s.", settings->path,
			sqlite3_errstr(code & 0xFF));
		db_destroy(db);
		return err->code;
	}
	if (apply_settings(db, settings, err) != ERR_OK) {
		db_destroy(db);
		return err->code;
	}
	code = sqlite3_create_function(db->handle, "collect", 1, SQLITE_UTF8, db, NULL,
				       collect_step, collect_end);
	if (code != SQLITE_OK) {
		fail(db, code, "collect", err);
		db_destroy(db);
		return err->code;
	}
	sqlite3_wal_hook(db->handle, note_log_pages, db);
	for (int i = 0; i < QUERY_COUNT; i++)
		db->rows[i] = (struct db_row){.db = db, .query = (enum query)i};
	*out = db;
	return ERR_OK;
}

void db_destroy(struct db *db)
{
	if (!db)
		return;
	for (int i = 0; i < QUERY_COUNT; i++)
		sqlite3_finalize(db->rows[i].stmt);
	sqlite3_close(db->handle);
	free(db->path);
	free(db);
}

enum err_code db_begin_read(struct db *db, struct err *err)
{
	return db_run(db_query(db, QUERY_BEGIN_READ), NULL, err);
}

enum err_code db_begin_write(struct db *db, struct err *err)
{
	enum err_code code = db_run(db_query(db, QUERY_BEGIN_WRITE), NULL, err);

	db->in_write = code == ERR_OK;
	return code;
}

/* The engine has rolled the transaction back: what is run now would be stored by itself. */
static enum err_code fail_broken(struct err *err)
{
	return err_set(err, ERR_STORAGE_FULL, "",
		       "The write could not be stored, so nothing was written. Free some disk "
		       "space and send it again.");
}

enum err_code db_commit(struct db *db, struct err *err)
{
	enum err_code code = db_is_broken(db) ? fail_broken(err)
					      : db_run(db_query(db, QUERY_COMMIT), NULL, err);

	if (code != ERR_OK)
		db_rollback(db);
	db->in_write = false;
	return code;
}

void db_rollback(struct db *db)
{
	if (!sqlite3_get_autocommit(db->handle))
		sqlite3_exec(db->handle, "ROLLBACK", NULL, NULL, NULL);
	db->in_write = false;
}

enum err_code db_mark(struct db *db, struct err *err)
{
	return db_is_broken(db) ? fail_broken(err) : db_run(db_query(db, QUERY_MARK), NULL, err);
}

/* Ending a mark cannot fail but for one that was never set, which is our own mistake. */
static void end_mark(struct db *db, enum query query)
{
	struct db_row *row = db_query(db, query);

	sqlite3_step(row->stmt);
	db_end(row);
}

void db_mark_keep(struct db *db)
{
	end_mark(db, QUERY_MARK_KEEP);
}

void db_mark_undo(struct db *db)
{
	end_mark(db, QUERY_MARK_UNDO);
	end_mark(db, QUERY_MARK_KEEP);
}

bool db_is_broken(const struct db *db)
{
	return db->in_write && sqlite3_get_autocommit(db->handle);
}

struct db_row *db_query(struct db *db, enum query query)
{
	struct db_row *row = &db->rows[query];

	row->bind_error = SQLITE_OK;
	if (row->stmt) {
		sqlite3_clear_bindings(row->stmt);
		return row;
	}
	row->bind_error = sqlite3_prepare_v3(db->handle, query_texts[query], -1,
					     SQLITE_PREPARE_PERSISTENT, &row->stmt, NULL);
	return row;
}

static void remember(struct db_row *row, int code)
{
	if (row->bind_error == SQLITE_OK)
		row->bind_error = code;
}

void db_bind_int(struct db_row *row, int at, int64_t value)
{
	remember(row, sqlite3_bind_int64(row->stmt, at, value));
}

void db_bind_text(struct db_row *row, int at, struct text text)
{
	if (text.ptr)
		remember(row, sqlite3_bind_text64(row->stmt, at, text.ptr, text.len, SQLITE_STATIC,
						  SQLITE_UTF8));
}

void db_bind_blob(struct db_row *row, int at, const void *bytes, size_t len)
{
	remember(row, sqlite3_bind_blob64(row->stmt, at, bytes, len, SQLITE_STATIC));
}

void db_bind_uuid(struct db_row *row, int at, struct uuid uuid)
{
	/* A copy: callers pass ids by value. */
	remember(row, sqlite3_bind_blob64(row->stmt, at, uuid.bytes, sizeof uuid.bytes,
					  SQLITE_TRANSIENT));
}

enum err_code db_step(struct db_row *row, bool *out_found, struct err *err)
{
	if (db_is_broken(row->db)) {
		db_end(row);
		return fail_broken(err);
	}
	int code = row->bind_error == SQLITE_OK ? sqlite3_step(row->stmt) : row->bind_error;

	if (code == SQLITE_ROW || code == SQLITE_DONE) {
		*out_found = code == SQLITE_ROW;
		return ERR_OK;
	}
	fail(row->db, code, query_texts[row->query], err);
	db_end(row);
	return err->code;
}

void db_end(struct db_row *row)
{
	sqlite3_reset(row->stmt);
}

enum err_code db_collect(struct db_row *row, struct db_collector *collector, struct err *err)
{
	bool found;

	row->db->collector = collector;
	enum err_code code = db_step(row, &found, err);

	row->db->collector = NULL;
	if (code == ERR_OK)
		db_end(row);
	return code;
}

enum err_code db_run(struct db_row *row, int64_t *out_changed, struct err *err)
{
	bool found;

	if (db_step(row, &found, err) != ERR_OK)
		return err->code;
	db_end(row);
	if (out_changed)
		*out_changed = sqlite3_changes64(row->db->handle);
	return ERR_OK;
}

int64_t db_total_changes(const struct db *db)
{
	return sqlite3_total_changes64(db->handle);
}

bool db_is_null(struct db_row *row, int column)
{
	return sqlite3_column_type(row->stmt, column) == SQLITE_NULL;
}

int64_t db_int(struct db_row *row, int column)
{
	return sqlite3_column_int64(row->stmt, column);
}

struct text db_text(struct db_row *row, int column)
{
	const void *bytes = sqlite3_column_blob(row->stmt, column);
	size_t len = (size_t)sqlite3_column_bytes(row->stmt, column);

	if (!bytes && db_is_null(row, column))
		return TEXT_NONE;
	return (struct text){bytes ? bytes : "", len};
}

struct uuid db_uuid(struct db_row *row, int column)
{
	struct text bytes = db_text(row, column);
	struct uuid uuid = {{0}};

	if (bytes.len == sizeof uuid.bytes)
		memcpy(uuid.bytes, bytes.ptr, sizeof uuid.bytes);
	return uuid;
}

enum err_code db_number(struct db_row *row, int64_t *out, struct err *err)
{
	bool found;

	if (db_step(row, &found, err) != ERR_OK)
		return err->code;
	*out = found ? db_int(row, 0) : 0;
	db_end(row);
	return ERR_OK;
}

enum err_code db_checkpoint(struct db *db, struct db_log *out, struct err *err)
{
	int in_log, moved;
	int code = sqlite3_wal_checkpoint_v2(db->handle, NULL, SQLITE_CHECKPOINT_PASSIVE, &in_log,
					     &moved);

	if ((code & 0xFF) == SQLITE_BUSY) { /* another one is at it */
		*out = (struct db_log){0, 0};
		return ERR_OK;
	}
	if (code != SQLITE_OK)
		return fail(db, code, "checkpoint", err);
	*out = (struct db_log){in_log, in_log > moved ? in_log - moved : 0};
	return ERR_OK;
}

int64_t db_log_pages(const struct db *db)
{
	return atomic_load(&db->log_pages);
}

int64_t db_bytes(struct db *db)
{
	static const char *const suffixes[] = {"", "-wal"};
	int64_t bytes = 0;

	for (size_t i = 0; i < ARRAY_LEN(suffixes); i++) {
		char path[4200];
		struct stat st;

		snprintf(path, sizeof path, "%s%s", db->path, suffixes[i]);
		if (stat(path, &st) == 0)
			bytes += st.st_size;
	}
	return bytes;
}

enum err_code db_verify(struct db *db, struct arena *arena, struct text *out, struct err *err)
{
	sqlite3_stmt *stmt = NULL;
	int code = sqlite3_prepare_v2(db->handle, "PRAGMA integrity_check(1)", -1, &stmt, NULL);

	if (code == SQLITE_OK)
		code = sqlite3_step(stmt);
	if (code != SQLITE_ROW) {
		fail(db, code, "integrity check", err);
		sqlite3_finalize(stmt);
		return err->code;
	}
	struct text found = arena_copy(arena, text_of((const char *)sqlite3_column_text(stmt, 0)));

	sqlite3_finalize(stmt);
	if (!found.ptr)
		return err_memory(err);
	*out = found;
	return ERR_OK;
}

int64_t db_data_version(struct db *db)
{
	sqlite3_stmt *stmt = NULL;
	int64_t version = 0;

	if (sqlite3_prepare_v2(db->handle, "PRAGMA data_version", -1, &stmt, NULL) == SQLITE_OK &&
	    sqlite3_step(stmt) == SQLITE_ROW)
		version = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	return version;
}
