#include "store/migrate.h"

#include <sodium.h>

#define CHECKSUM_LEN 32

static void checksum_of(const struct migration *row, unsigned char out[CHECKSUM_LEN])
{
	crypto_generichash(out, CHECKSUM_LEN, (const unsigned char *)row->sql, strlen(row->sql),
			   NULL, 0);
}

static enum err_code check_row(struct db_row *found, const struct migration *rows, size_t count,
			       struct err *err)
{
	int64_t number = db_int(found, 0);
	unsigned char checksum[CHECKSUM_LEN];

	if (number < 1 || (size_t)number > count)
		return err_set(err, ERR_INTERNAL, "",
			       "The database is of a newer Galena (schema %lld, this program knows "
			       "%zu). Use that version, or a backup from before.",
			       (long long)number, count);
	checksum_of(&rows[number - 1], checksum);
	if (!text_is(db_text(found, 2), (struct text){(const char *)checksum, CHECKSUM_LEN}))
		return err_set(err, ERR_INTERNAL, "",
			       "Migration %s of the database is not the one this program has. "
			       "Use the program that wrote it.",
			       rows[number - 1].name);
	return ERR_OK;
}

/* *out_done: how many have run already, all of them checked. */
static enum err_code check_done(struct db *db, const struct migration *rows, size_t count,
				size_t *out_done, struct err *err)
{
	struct db_row *row = db_query(db, QUERY_MIGRATION_ALL);
	size_t done = 0;
	bool found;

	while (db_step(row, &found, err) == ERR_OK) {
		if (!found) {
			db_end(row);
			*out_done = done;
			return ERR_OK;
		}
		if (check_row(row, rows, count, err) != ERR_OK) {
			db_end(row);
			return err->code;
		}
		done++;
	}
	return err->code;
}

static enum err_code run_one(struct db *db, const struct migration *migration, int64_t now_ms,
			     struct err *err)
{
	unsigned char checksum[CHECKSUM_LEN];

	if (db_script(db, migration->sql, err) != ERR_OK)
		return err->code;
	checksum_of(migration, checksum);
	struct db_row *row = db_query(db, QUERY_MIGRATION_INSERT);

	db_bind_int(row, 1, migration->number);
	db_bind_text(row, 2, text_of(migration->name));
	db_bind_blob(row, 3, checksum, sizeof checksum);
	db_bind_int(row, 4, now_ms);
	return db_run(row, NULL, err);
}

static enum err_code run_missing(struct db *db, const struct migration *rows, size_t count,
				 int64_t now_ms, struct err *err)
{
	size_t done;

	if (check_done(db, rows, count, &done, err) != ERR_OK)
		return err->code;
	for (size_t i = done; i < count; i++) {
		if (run_one(db, &rows[i], now_ms, err) != ERR_OK)
			return err->code;
	}
	return ERR_OK;
}

enum err_code migrate_run(struct db *db, const struct migration *rows, size_t count, int64_t now_ms,
			  size_t *out_ran, struct err *err)
{
	size_t done;

	if (db_run(db_query(db, QUERY_MIGRATION_TABLE), NULL, err) != ERR_OK ||
	    check_done(db, rows, count, &done, err) != ERR_OK)
		return err->code;
	if (done < count) {
		/* Look again under the lock: another program may just have run them. */
		if (db_begin_write(db, err) != ERR_OK)
			return err->code;
		if (run_missing(db, rows, count, now_ms, err) != ERR_OK) {
			db_rollback(db);
			return err->code;
		}
		if (db_commit(db, err) != ERR_OK)
			return err->code;
	}
	*out_ran = count - done;
	return ERR_OK;
}
