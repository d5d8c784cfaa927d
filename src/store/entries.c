#include "store/entries.h"

static const struct uuid no_id;

/* Begin `query` with the three parameters that all but a few have. */
static struct db_row *entry_query(struct db *db, enum query query, const struct entry_row *entry)
{
	struct db_row *row = db_query(db, query);

	db_bind_int(row, 1, entry->workspace);
	db_bind_int(row, 2, entry->kind);
	db_bind_uuid(row, 3, entry->id);
	return row;
}

static enum err_code count_by(struct txn *txn, const struct entry_row *entry, int64_t by,
			      struct err *err)
{
	struct db_row *row = db_query(txn->db, QUERY_ENTRY_COUNT_ADD);

	db_bind_int(row, 1, entry->workspace);
	db_bind_int(row, 2, entry->kind);
	db_bind_int(row, 3, by);
	return db_run(row, NULL, err);
}

enum err_code entries_insert(struct txn *txn, const struct entry_row *entry, struct err *err)
{
	struct db_row *row = entry_query(txn->db, QUERY_ENTRY_INSERT, entry);

	db_bind_text(row, 4, entry->name);
	if (!uuid_is(entry->about, no_id))
		db_bind_uuid(row, 5, entry->about);
	db_bind_text(row, 6, entry->doc);
	db_bind_int(row, 7, entry->created_ms);
	db_bind_int(row, 8, entry->scope);
	if (db_run(row, NULL, err) != ERR_OK)
		return err->code;
	return count_by(txn, entry, 1, err);
}

enum err_code entries_update(struct txn *txn, const struct entry_row *entry, struct err *err)
{
	struct db_row *row = entry_query(txn->db, QUERY_ENTRY_UPDATE, entry);

	db_bind_text(row, 4, entry->name);
	db_bind_text(row, 5, entry->doc);
	db_bind_int(row, 6, entry->updated_ms);
	return db_run(row, NULL, err);
}

enum err_code entries_delete(struct txn *txn, const struct entry_row *entry, int64_t at_ms,
			     bool *out_found, struct err *err)
{
	struct db_row *row = entry_query(txn->db, QUERY_ENTRY_BURY, entry);
	int64_t deleted;

	db_bind_int(row, 4, at_ms);
	if (db_run(row, NULL, err) != ERR_OK ||
	    db_run(entry_query(txn->db, QUERY_ENTRY_DELETE, entry), &deleted, err) != ERR_OK ||
	    db_run(entry_query(txn->db, QUERY_ENTRY_KEY_RELEASE_ALL, entry), NULL, err) != ERR_OK ||
	    (deleted && count_by(txn, entry, -1, err) != ERR_OK))
		return err->code;
	*out_found = deleted > 0;
	return ERR_OK;
}

/* False without memory for its texts. */
static bool take_row(struct db_row *row, struct arena *arena, struct entry_row *out)
{
	out->id = db_uuid(row, 0);
	out->name = db_is_null(row, 1) ? TEXT_NONE : arena_copy(arena, db_text(row, 1));
	out->about = db_uuid(row, 2);
	out->doc = arena_copy(arena, db_text(row, 3));
	out->created_ms = db_int(row, 4);
	out->updated_ms = db_int(row, 5);
	out->deleted_ms = db_int(row, 6);
	out->scope = (enum entry_scope)db_int(row, 7);
	return out->doc.ptr && (out->name.ptr || db_is_null(row, 1));
}

/* The one row of a query that was bound, into *entry; its doc stays absent when there is none. */
static enum err_code read_one(struct db_row *row, struct arena *arena, struct entry_row *entry,
			      struct err *err)
{
	bool found, taken = true;

	if (db_step(row, &found, err) != ERR_OK)
		return err->code;
	if (found)
		taken = take_row(row, arena, entry);
	db_end(row);
	return taken ? ERR_OK : err_memory(err);
}

enum err_code entries_read(struct db *db, struct arena *arena, struct entry_ref which,
			   struct entry_row *out, struct err *err)
{
	struct entry_row entry = {.workspace = which.workspace, .kind = which.kind, .id = which.id};

	if (read_one(entry_query(db, QUERY_ENTRY_BY_ID, &entry), arena, &entry, err) != ERR_OK)
		return err->code;
	*out = entry;
	return ERR_OK;
}

enum err_code entries_read_any(struct db *db, struct arena *arena, struct entry_ref which,
			       struct entry_row *out, struct err *err)
{
	struct entry_row entry;

	if (entries_read(db, arena, which, &entry, err) != ERR_OK)
		return err->code;
	if (!entry.doc.ptr &&
	    read_one(entry_query(db, QUERY_ENTRY_GONE_BY_ID, &entry), arena, &entry, err) != ERR_OK)
		return err->code;
	*out = entry;
	return ERR_OK;
}

enum err_code entries_named(struct db *db, struct arena *arena, struct entry_name which,
			    struct entry_row *out, struct err *err)
{
	struct db_row *row = db_query(db, QUERY_ENTRY_BY_NAME);
	struct entry_row entry = {.workspace = which.workspace, .kind = which.kind};

	db_bind_int(row, 1, which.workspace);
	db_bind_int(row, 2, which.kind);
	db_bind_text(row, 3, which.name);
	db_bind_int(row, 4, which.scope);
	if (read_one(row, arena, &entry, err) != ERR_OK)
		return err->code;
	*out = entry;
	return ERR_OK;
}

/* The query that walks so, bound. */
static struct db_row *walk_query(struct db *db, const struct entries_walk *walk)
{
	static const enum query queries[2][2] = {
		{QUERY_ENTRY_PAGE, QUERY_ENTRY_PAGE_UPWARD},
		{QUERY_ENTRY_PAGE_ABOUT, QUERY_ENTRY_PAGE_ABOUT_UPWARD},
	};
	bool is_about = !uuid_is(walk->about, no_id);
	struct db_row *row = db_query(db, queries[is_about][walk->upward]);
	struct uuid from = walk->from;

	if (!walk->upward && uuid_is(from, no_id))
		memset(from.bytes, 0xFF, sizeof from.bytes); /* behind every id */
	db_bind_int(row, 1, walk->workspace);
	db_bind_int(row, 2, walk->kind);
	db_bind_uuid(row, 3, from);
	db_bind_int(row, 4, (int64_t)walk->limit);
	db_bind_int(row, 5, walk->offset);
	if (is_about)
		db_bind_uuid(row, 6, walk->about);
	return row;
}

enum err_code entries_page(struct db *db, struct arena *arena, const struct entries_walk *walk,
			   struct entry_row *out, size_t *out_count, struct err *err)
{
	struct db_row *row = walk_query(db, walk);
	size_t count = 0;
	bool found = true;

	while (count < walk->limit) {
		if (db_step(row, &found, err) != ERR_OK)
			return err->code;
		if (!found)
			break;
		out[count] = (struct entry_row){.workspace = walk->workspace, .kind = walk->kind};
		if (!take_row(row, arena, &out[count++])) {
			db_end(row);
			return err_memory(err);
		}
	}
	db_end(row);
	*out_count = count;
	return ERR_OK;
}

enum err_code entries_count(struct db *db, const struct entries_walk *walk, int64_t *out,
			    struct err *err)
{
	bool is_about = !uuid_is(walk->about, no_id);
	struct db_row *row = db_query(db, is_about ? QUERY_ENTRY_COUNT_ABOUT : QUERY_ENTRY_COUNT);

	db_bind_int(row, 1, walk->workspace);
	db_bind_int(row, 2, walk->kind);
	if (is_about)
		db_bind_uuid(row, 3, walk->about);
	return db_number(row, out, err);
}

enum err_code entries_claim(struct txn *txn, const struct entry_row *entry,
			    const struct identifier_key *key, struct err *err)
{
	struct db_row *row = db_query(txn->db, QUERY_ENTRY_KEY_CLAIM);
	int64_t claimed;

	db_bind_int(row, 1, entry->workspace);
	db_bind_int(row, 2, entry->kind);
	db_bind_blob(row, 3, key->bytes, sizeof key->bytes);
	db_bind_uuid(row, 4, entry->id);
	if (db_run(row, &claimed, err) != ERR_OK)
		return err->code;
	if (claimed == 0)
		return err_set(err, ERR_STATE_CONFLICT, "",
			       "What this is to be found by already belongs to another.");
	return ERR_OK;
}

enum err_code entries_release(struct txn *txn, const struct entry_row *entry,
			      const struct identifier_key *key, struct err *err)
{
	struct db_row *row = db_query(txn->db, QUERY_ENTRY_KEY_RELEASE);

	db_bind_int(row, 1, entry->workspace);
	db_bind_int(row, 2, entry->kind);
	db_bind_blob(row, 3, key->bytes, sizeof key->bytes);
	db_bind_uuid(row, 4, entry->id);
	return db_run(row, NULL, err);
}

enum err_code entries_owner(struct db *db, int64_t workspace, enum entry_kind kind,
			    const struct identifier_key *key, struct uuid *out, struct err *err)
{
	struct db_row *row = db_query(db, QUERY_ENTRY_KEY_OWNER);
	bool found;

	db_bind_int(row, 1, workspace);
	db_bind_int(row, 2, kind);
	db_bind_blob(row, 3, key->bytes, sizeof key->bytes);
	if (db_step(row, &found, err) != ERR_OK)
		return err->code;
	*out = found ? db_uuid(row, 0) : no_id;
	db_end(row);
	return ERR_OK;
}
