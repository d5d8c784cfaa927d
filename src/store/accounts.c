#include "store/accounts.h"

#include "store/defaults.h"

/*
 * Room for one item behind `count` others of `size` bytes: `items` itself, or a copy of twice the
 * room when it is full. NULL without memory.
 */
static void *make_room(struct arena *arena, void *items, size_t count, size_t size)
{
	enum { FIRST = 8 };

	if (count != 0 && (count < FIRST || (count & (count - 1)) != 0))
		return items;
	char *room = arena_zero(arena, count ? count * 2 : FIRST, size);

	if (room && count)
		memcpy(room, items, count * size);
	return room;
}

/* False without memory for its texts. */
static bool take_workspace(struct db_row *row, struct arena *arena, struct workspace_row *out)
{
	*out = (struct workspace_row){.number = db_int(row, 0),
				      .id = db_uuid(row, 1),
				      .name = arena_copy(arena, db_text(row, 2)),
				      .created_ms = db_int(row, 3)};
	return out->name.ptr != NULL;
}

enum err_code accounts_insert_workspace(struct txn *txn, const struct workspace_row *workspace,
					int64_t *out_number, struct err *err)
{
	int64_t number;

	if (db_number(db_query(txn->db, QUERY_WORKSPACE_NEXT_NUMBER), &number, err) != ERR_OK)
		return err->code;
	struct db_row *row = db_query(txn->db, QUERY_WORKSPACE_INSERT);

	db_bind_int(row, 1, number);
	db_bind_uuid(row, 2, workspace->id);
	db_bind_text(row, 3, workspace->name);
	db_bind_int(row, 4, workspace->created_ms);
	if (db_run(row, NULL, err) != ERR_OK || defaults_make(txn, number, err) != ERR_OK)
		return err->code;
	*out_number = number;
	return ERR_OK;
}

static enum err_code read_workspace(struct db_row *row, struct arena *arena,
				    struct workspace_row *out, struct err *err)
{
	struct workspace_row workspace = {.number = 0};
	bool found, taken = true;

	if (db_step(row, &found, err) != ERR_OK)
		return err->code;
	if (found)
		taken = take_workspace(row, arena, &workspace);
	db_end(row);
	if (!taken)
		return err_memory(err);
	*out = workspace;
	return ERR_OK;
}

enum err_code accounts_workspace_by_name(struct db *db, struct arena *arena, struct text name,
					 struct workspace_row *out, struct err *err)
{
	struct db_row *row = db_query(db, QUERY_WORKSPACE_BY_NAME);

	db_bind_text(row, 1, name);
	return read_workspace(row, arena, out, err);
}

enum err_code accounts_workspace_by_number(struct db *db, struct arena *arena, int64_t number,
					   struct workspace_row *out, struct err *err)
{
	struct db_row *row = db_query(db, QUERY_WORKSPACE_BY_NUMBER);

	db_bind_int(row, 1, number);
	return read_workspace(row, arena, out, err);
}

enum err_code accounts_workspaces(struct db *db, struct arena *arena, struct workspace_row **out,
				  size_t *out_count, struct err *err)
{
	struct db_row *row = db_query(db, QUERY_WORKSPACE_ALL);
	struct workspace_row *items = NULL;
	size_t count = 0;
	bool found;

	for (;;) {
		if (db_step(row, &found, err) != ERR_OK)
			return err->code;
		if (!found)
			break;
		items = make_room(arena, items, count, sizeof *items);
		if (!items || !take_workspace(row, arena, &items[count++])) {
			db_end(row);
			return err_memory(err);
		}
	}
	db_end(row);
	*out = items;
	*out_count = count;
	return ERR_OK;
}

static enum err_code count_leads(struct db *db, int64_t workspace, int64_t counts[STATUS_COUNT],
				 struct err *err)
{
	struct db_row *row = db_query(db, QUERY_WORKSPACE_STATUS_COUNTS);
	bool found = true;

	db_bind_int(row, 1, workspace);
	while (found) {
		if (db_step(row, &found, err) != ERR_OK)
			return err->code;
		if (found && db_int(row, 0) >= 0 && db_int(row, 0) < STATUS_COUNT)
			counts[db_int(row, 0)] = db_int(row, 1);
	}
	db_end(row);
	return ERR_OK;
}

enum err_code accounts_count(struct db *db, int64_t workspace, struct workspace_counts *out,
			     struct err *err)
{
	struct db_row *row = db_query(db, QUERY_WORKSPACE_COUNTS);
	struct workspace_counts counts = {0};
	bool found;

	db_bind_int(row, 1, workspace);
	if (db_step(row, &found, err) != ERR_OK)
		return err->code;
	if (found) {
		counts.lists = db_int(row, 0);
		counts.missions = db_int(row, 1);
		counts.imports = db_int(row, 2);
	}
	db_end(row);
	if (count_leads(db, workspace, counts.leads, err) != ERR_OK)
		return err->code;
	*out = counts;
	return ERR_OK;
}

enum err_code accounts_insert_key(struct txn *txn, const struct key_row *key,
				  const unsigned char hash[ACCOUNTS_HASH_LEN], int64_t *out_no,
				  struct err *err)
{
	int64_t no;

	if (db_number(db_query(txn->db, QUERY_KEY_NEXT_NUMBER), &no, err) != ERR_OK)
		return err->code;
	struct db_row *row = db_query(txn->db, QUERY_KEY_INSERT);

	db_bind_int(row, 1, key->workspace);
	db_bind_int(row, 2, no);
	db_bind_uuid(row, 3, key->id);
	db_bind_text(row, 4, key->name);
	db_bind_blob(row, 5, hash, ACCOUNTS_HASH_LEN);
	db_bind_text(row, 6, key->scopes);
	db_bind_int(row, 7, key->created_ms);
	if (key->expires_ms)
		db_bind_int(row, 8, key->expires_ms);
	if (db_run(row, NULL, err) != ERR_OK)
		return err->code;
	*out_no = no;
	return ERR_OK;
}

/* False without memory for its texts. */
static bool take_key(struct db_row *row, struct arena *arena, struct key_row *out)
{
	*out = (struct key_row){.workspace = db_int(row, 0),
				.no = db_int(row, 1),
				.id = db_uuid(row, 2),
				.name = arena_copy(arena, db_text(row, 3)),
				.scopes = arena_copy(arena, db_text(row, 4)),
				.created_ms = db_int(row, 5),
				.expires_ms = db_int(row, 6),
				.revoked_ms = db_int(row, 7),
				.workspace_name = arena_copy(arena, db_text(row, 8)),
				.workspace_id = db_uuid(row, 9)};
	return out->name.ptr && out->scopes.ptr && out->workspace_name.ptr;
}

enum err_code accounts_key_by_hash(struct db *db, struct arena *arena,
				   const unsigned char hash[ACCOUNTS_HASH_LEN], struct key_row *out,
				   struct err *err)
{
	struct db_row *row = db_query(db, QUERY_KEY_BY_HASH);
	struct key_row key = {.no = 0};
	bool found, taken = true;

	db_bind_blob(row, 1, hash, ACCOUNTS_HASH_LEN);
	if (db_step(row, &found, err) != ERR_OK)
		return err->code;
	if (found)
		taken = take_key(row, arena, &key);
	db_end(row);
	if (!taken)
		return err_memory(err);
	*out = key;
	return ERR_OK;
}

enum err_code accounts_keys(struct db *db, struct arena *arena, int64_t workspace,
			    struct key_row **out, size_t *out_count, struct err *err)
{
	struct db_row *row = db_query(db, QUERY_KEY_ALL);
	struct key_row *items = NULL;
	size_t count = 0;
	bool found;

	db_bind_int(row, 1, workspace);
	for (;;) {
		if (db_step(row, &found, err) != ERR_OK)
			return err->code;
		if (!found)
			break;
		items = make_room(arena, items, count, sizeof *items);
		if (!items || !take_key(row, arena, &items[count++])) {
			db_end(row);
			return err_memory(err);
		}
	}
	db_end(row);
	*out = items;
	*out_count = count;
	return ERR_OK;
}

enum err_code accounts_revoke_key(struct txn *txn, struct uuid id, int64_t at_ms, bool *out_found,
				  struct err *err)
{
	struct db_row *row = db_query(txn->db, QUERY_KEY_REVOKE);
	int64_t changed;

	db_bind_uuid(row, 1, id);
	db_bind_int(row, 2, at_ms);
	if (db_run(row, &changed, err) != ERR_OK)
		return err->code;
	*out_found = changed > 0;
	return ERR_OK;
}

enum err_code accounts_key_name(struct db *db, struct arena *arena, int64_t workspace, int64_t no,
				struct text *out, struct err *err)
{
	struct db_row *row = db_query(db, QUERY_KEY_NAME);
	struct text name = TEXT_NONE;
	bool found;

	db_bind_int(row, 1, workspace);
	db_bind_int(row, 2, no);
	if (db_step(row, &found, err) != ERR_OK)
		return err->code;
	if (found)
		name = arena_copy(arena, db_text(row, 0));
	db_end(row);
	if (found && !name.ptr)
		return err_memory(err);
	*out = name;
	return ERR_OK;
}
