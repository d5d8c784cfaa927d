#include "job/dry_scratch.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "command/field_find.h"
#include "lead/record.h"
#include "store/leads.h"
#include "store/migrate.h"

#define PATH_MAX_BYTES 4200
#define ROW_BYTES_MAX ((size_t)8 * 1024 * 1024)
#define CACHE_KIB (32 * 1024)

struct dry_scratch {
	struct db *real;
	struct db *copy;
	struct txn txn; /* of the copy */
	const struct clock *clock;
	int64_t workspace;
	struct arena arena; /* of one row */
	bool is_reading;
	char path[PATH_MAX_BYTES];
};

static void remove_file(const char *path)
{
	static const char *const suffixes[] = {"", "-wal", "-shm"};

	for (size_t i = 0; i < ARRAY_LEN(suffixes); i++) {
		char name[PATH_MAX_BYTES + 8];

		snprintf(name, sizeof name, "%s%s", path, suffixes[i]);
		unlink(name);
	}
}

/* How many more custom fields there can be depends on those that there are. */
static enum err_code copy_fields(struct dry_scratch *scratch, struct txn *txn, struct err *err)
{
	const struct entries_walk walk = {.workspace = scratch->workspace,
					  .kind = ENTRY_FIELD,
					  .upward = true,
					  .limit = 2 * FIELD_FIND_MAX};
	struct entry_row *fields = arena_zero(&scratch->arena, walk.limit, sizeof *fields);
	size_t count;

	if (!fields)
		return err_memory(err);
	if (entries_page(scratch->real, &scratch->arena, &walk, fields, &count, err) != ERR_OK)
		return err->code;
	for (size_t i = 0; i < count; i++) {
		if (entries_insert(txn, &fields[i], err) != ERR_OK)
			return err->code;
	}
	return ERR_OK;
}

/*
 * New leads of the dry run get numbers above every lead that may be copied later: they begin
 * behind this one, which nothing finds.
 */
static enum err_code begin_copy(struct dry_scratch *scratch, struct err *err)
{
	struct lead_row border = {
		.no = leads_first_number(scratch->workspace) +
		      ((int64_t)1 << (LEADS_NUMBER_BITS - 1)),
		.workspace = scratch->workspace,
		.id = uuid_make(&scratch->txn.ids),
		.doc = TEXT("{}"),
	};
	struct txn *txn;

	if (dry_scratch_begin(scratch, &txn, err) != ERR_OK)
		return err->code;
	if (txn_touch(txn, err) == ERR_OK && leads_insert(txn, &border, err) == ERR_OK &&
	    copy_fields(scratch, txn, err) == ERR_OK)
		return dry_scratch_commit(scratch, err);
	dry_scratch_rollback(scratch);
	return err->code;
}

static enum err_code open_both(struct dry_scratch *scratch, struct engine *engine, struct err *err)
{
	struct db_settings real = {.path = engine_path(engine),
				   .mode = DB_READ,
				   .cache_kib = 8 * 1024,
				   .busy_timeout_ms = 5000};
	struct db_settings copy = {.path = scratch->path,
				   .mode = DB_DERIVED,
				   .cache_kib = CACHE_KIB,
				   .busy_timeout_ms = 5000};
	size_t ran;

	if (db_create(&real, &scratch->real, err) != ERR_OK ||
	    db_create(&copy, &scratch->copy, err) != ERR_OK ||
	    migrate_run(scratch->copy, migrations_sqlite, migrations_sqlite_count,
			clock_now_ms(scratch->clock), &ran, err) != ERR_OK)
		return err->code;
	txn_init(&scratch->txn, scratch->copy, scratch->clock);
	return begin_copy(scratch, err);
}

enum err_code dry_scratch_create(struct engine *engine, const char *folder,
				 const struct import_row *import, struct dry_scratch **out,
				 struct err *err)
{
	struct dry_scratch *scratch = calloc(1, sizeof *scratch);

	if (!scratch)
		return err_memory(err);
	scratch->clock = engine_clock(engine);
	scratch->workspace = import->workspace;
	arena_init(&scratch->arena, ROW_BYTES_MAX);
	snprintf(scratch->path, sizeof scratch->path, "%s/%s", folder, DRY_SCRATCH_NAME);
	remove_file(scratch->path); /* left by a process that was killed */
	if (open_both(scratch, engine, err) != ERR_OK) {
		dry_scratch_destroy(scratch);
		return err->code;
	}
	*out = scratch;
	return ERR_OK;
}

void dry_scratch_destroy(struct dry_scratch *scratch)
{
	if (!scratch)
		return;
	db_destroy(scratch->real);
	db_destroy(scratch->copy);
	remove_file(scratch->path);
	arena_release(&scratch->arena);
	free(scratch);
}

enum err_code dry_scratch_begin(struct dry_scratch *scratch, struct txn **out, struct err *err)
{
	if (db_begin_read(scratch->real, err) != ERR_OK)
		return err->code;
	scratch->is_reading = true;
	if (txn_begin(&scratch->txn, err) != ERR_OK) {
		dry_scratch_rollback(scratch);
		return err->code;
	}
	txn_enter(&scratch->txn, clock_now_ms(scratch->clock));
	*out = &scratch->txn;
	return ERR_OK;
}

static void end_reading(struct dry_scratch *scratch)
{
	if (scratch->is_reading)
		db_rollback(scratch->real);
	scratch->is_reading = false;
}

enum err_code dry_scratch_commit(struct dry_scratch *scratch, struct err *err)
{
	struct db_log log;

	end_reading(scratch);
	txn_keep(&scratch->txn);
	if (txn_commit(&scratch->txn, err) != ERR_OK)
		return err->code;
	/* Nobody else moves this log into its file. */
	return db_checkpoint(scratch->copy, &log, err);
}

void dry_scratch_rollback(struct dry_scratch *scratch)
{
	end_reading(scratch);
	txn_rollback(&scratch->txn);
}

/* Give the copied lead its identifiers, but for those the dry run gave to others. */
static enum err_code claim_keys(struct dry_scratch *scratch, const struct lead_row *row,
				struct err *err)
{
	struct record record;

	if (record_read(&scratch->arena, row->doc, &record, err) != ERR_OK)
		return err->code;
	for (size_t i = 0; i < record.held_count; i++) {
		struct identifier_key key =
			identifier_key_of(identifier_space_of(record.held[i].kind),
					  record.held[i].value);
		int64_t owner;

		if (leads_owner(scratch->copy, row->workspace, &key, &owner, err) != ERR_OK ||
		    (!owner &&
		     leads_claim(&scratch->txn, row->workspace, &key, row->no, err) != ERR_OK))
			return err->code;
	}
	return ERR_OK;
}

static enum err_code copy_lead(struct dry_scratch *scratch, int64_t no, struct err *err)
{
	struct lead_row row;

	if (leads_read(scratch->copy, &scratch->arena, scratch->workspace, no, &row, err) != ERR_OK)
		return err->code;
	if (row.no)
		return ERR_OK; /* it is there, and may have changed since */
	if (leads_read(scratch->real, &scratch->arena, scratch->workspace, no, &row, err) != ERR_OK)
		return err->code;
	if (row.no == 0)
		return ERR_OK;
	if (txn_touch(&scratch->txn, err) != ERR_OK ||
	    leads_insert(&scratch->txn, &row, err) != ERR_OK)
		return err->code;
	return claim_keys(scratch, &row, err);
}

enum err_code dry_scratch_prepare(struct dry_scratch *scratch, const struct lead_plan *plan,
				  struct err *err)
{
	int64_t no = 0;

	arena_reset(&scratch->arena);
	if (plan->has_lead_id &&
	    leads_find(scratch->real, scratch->workspace, plan->lead_id, &no, err) != ERR_OK)
		return err->code;
	if (no && copy_lead(scratch, no, err) != ERR_OK)
		return err->code;
	for (size_t i = 0; i < plan->given_count; i++) {
		if (leads_owner(scratch->real, scratch->workspace, &plan->keys[i], &no, err) !=
			    ERR_OK ||
		    (no && copy_lead(scratch, no, err) != ERR_OK))
			return err->code;
	}
	return ERR_OK;
}

struct db *dry_scratch_real(struct dry_scratch *scratch)
{
	return scratch->real;
}
