/*
 * migrate: bring a database to the schema this program knows.
 *
 * Holds    nothing.
 * Threads  the one that opens the database, before any other.
 * Fails    ERR_INTERNAL when the file is newer than the program, or a released migration was
 *          not the one that this program has; the message says which.
 */
#ifndef STORE_MIGRATE_H
#define STORE_MIGRATE_H

#include "store/db.h"

struct migration {
	int number; /* from 1, without gaps */
	const char *name;
	const char *sql;
};

extern const struct migration migrations_sqlite[];
extern const size_t migrations_sqlite_count;
extern const struct migration migrations_search[];
extern const size_t migrations_search_count;

/*
 * Check the ones that ran against their text and run those that are missing, each in a
 * transaction. `now_ms` is recorded. *out_ran: how many ran.
 */
MUST_USE enum err_code migrate_run(struct db *db, const struct migration *rows, size_t count,
				   int64_t now_ms, size_t *out_ran, struct err *err);

#endif
