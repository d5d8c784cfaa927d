#include "store/leads.h"

enum err_code leads_find(struct db *db, int64_t workspace, struct uuid id, int64_t *out,
			 struct err *err)
{
	struct db_row *row = db_query(db, QUERY_LEAD_NUMBER_BY_ID);

	db_bind_int(row, 1, workspace);
	db_bind_uuid(row, 2, id);
	return db_number(row, out, err);
}

enum err_code leads_id(struct db *db, int64_t workspace, int64_t no, struct uuid *out,
		       struct err *err)
{
	struct db_row *row = db_query(db, QUERY_LEAD_ID_BY_NUMBER);
	struct uuid id = {{0}};
	bool found;

	db_bind_int(row, 1, no);
	db_bind_int(row, 2, workspace);
	if (db_step(row, &found, err) != ERR_OK)
		return err->code;
	if (found)
		id = db_uuid(row, 0);
	db_end(row);
	*out = id;
	return ERR_OK;
}

enum err_code leads_find_last_change(struct db *db, int64_t workspace, struct uuid id, int64_t *out,
				     struct err *err)
{
	struct db_row *row = db_query(db, QUERY_LEAD_NUMBER_BY_ID_ANY);
	bool found;

	db_bind_int(row, 1, workspace);
	db_bind_uuid(row, 2, id);
	if (db_step(row, &found, err) != ERR_OK)
		return err->code;
	*out = found ? db_int(row, 1) : 0;
	db_end(row);
	return ERR_OK;
}

enum err_code leads_owner(struct db *db, int64_t workspace, const struct identifier_key *key,
			  int64_t *out, struct err *err)
{
	struct db_row *row = db_query(db, QUERY_IDENTIFIER_OWNER);

	db_bind_int(row, 1, workspace);
	db_bind_blob(row, 2, key->bytes, sizeof key->bytes);
	return db_number(row, out, err);
}

enum err_code leads_read(struct db *db, struct arena *arena, int64_t workspace, int64_t no,
			 struct lead_row *out, struct err *err)
{
	struct db_row *row = db_query(db, QUERY_LEAD_BY_NUMBER);
	bool found;

	db_bind_int(row, 1, no);
	if (db_step(row, &found, err) != ERR_OK)
		return err->code;
	if (!found || db_int(row, 0) != workspace || !db_is_null(row, 6)) {
		db_end(row);
		out->no = 0;
		return ERR_OK;
	}
	*out = (struct lead_row){
		.no = no,
		.workspace = workspace,
		.id = db_uuid(row, 1),
		.version = db_int(row, 2),
		.status = (enum status)db_int(row, 3),
		.created_ms = db_int(row, 4),
		.updated_ms = db_int(row, 5),
		.last_change = db_int(row, 7),
		.doc = arena_copy(arena, db_text(row, 8)),
	};
	db_end(row);
	return out->doc.ptr ? ERR_OK : err_memory(err);
}

enum err_code leads_insert(struct txn *txn, const struct lead_row *lead, struct err *err)
{
	struct db_row *row = db_query(txn->db, QUERY_LEAD_INSERT);

	db_bind_int(row, 1, lead->no);
	db_bind_int(row, 2, lead->workspace);
	db_bind_uuid(row, 3, lead->id);
	db_bind_int(row, 4, lead->status);
	db_bind_int(row, 5, lead->created_ms);
	db_bind_int(row, 6, lead->last_change);
	db_bind_text(row, 7, lead->doc);
	return db_run(row, NULL, err);
}

enum err_code leads_update(struct txn *txn, const struct lead_row *lead, bool status_changed,
			   struct err *err)
{
	struct db_row *row = db_query(txn->db, status_changed ? QUERY_LEAD_UPDATE
							      : QUERY_LEAD_UPDATE_SAME_STATUS);
	int at = 1;

	db_bind_int(row, at++, lead->no);
	db_bind_int(row, at++, lead->version);
	if (status_changed)
		db_bind_int(row, at++, lead->status);
	db_bind_int(row, at++, lead->updated_ms);
	db_bind_int(row, at++, lead->last_change);
	db_bind_text(row, at, lead->doc);
	return db_run(row, NULL, err);
}

enum err_code leads_delete(struct txn *txn, const struct lead_row *lead, struct err *err)
{
	struct db_row *row = db_query(txn->db, QUERY_LEAD_DELETE);

	db_bind_int(row, 1, lead->no);
	db_bind_int(row, 2, lead->version);
	db_bind_int(row, 3, lead->deleted_ms);
	db_bind_int(row, 4, lead->last_change);
	db_bind_text(row, 5, lead->doc);
	return db_run(row, NULL, err);
}

static enum err_code run_identifier(struct txn *txn, enum query query, int64_t workspace,
				    const struct identifier_key *key, int64_t no, struct err *err)
{
	struct db_row *row = db_query(txn->db, query);

	db_bind_int(row, 1, workspace);
	db_bind_blob(row, 2, key->bytes, sizeof key->bytes);
	db_bind_int(row, 3, no);
	return db_run(row, NULL, err);
}

enum err_code leads_claim(struct txn *txn, int64_t workspace, const struct identifier_key *key,
			  int64_t no, struct err *err)
{
	return run_identifier(txn, QUERY_IDENTIFIER_INSERT, workspace, key, no, err);
}

enum err_code leads_free(struct txn *txn, int64_t workspace, const struct identifier_key *key,
			 int64_t no, struct err *err)
{
	return run_identifier(txn, QUERY_IDENTIFIER_DELETE, workspace, key, no, err);
}

enum err_code leads_suppress(struct txn *txn, int64_t workspace, const struct identifier_key *key,
			     struct err *err)
{
	struct db_row *row = db_query(txn->db, QUERY_SUPPRESSION_ADD);

	db_bind_int(row, 1, workspace);
	db_bind_blob(row, 2, key->bytes, sizeof key->bytes);
	return db_run(row, NULL, err);
}

enum err_code leads_suppressed(struct db *db, int64_t workspace, const struct identifier_key *key,
			       bool *out, struct err *err)
{
	struct db_row *row = db_query(db, QUERY_SUPPRESSION_FIND);
	int64_t found;

	db_bind_int(row, 1, workspace);
	db_bind_blob(row, 2, key->bytes, sizeof key->bytes);
	if (db_number(row, &found, err) != ERR_OK)
		return err->code;
	*out = found != 0;
	return ERR_OK;
}

static struct db_row *walk_query(struct db *db, const struct leads_walk *walk, size_t limit)
{
	static const enum query queries[] = {QUERY_LEAD_PAGE, QUERY_LEAD_PAGE_STATUS,
					     QUERY_LEAD_PAGE_LIST, QUERY_LEAD_PAGE_MISSION};
	struct db_row *row = db_query(db, queries[walk->order]);
	int64_t below = walk->below ? walk->below : leads_last_number(walk->workspace) + 1;

	if (walk->order == LEADS_ALL) {
		db_bind_int(row, 1, below);
		db_bind_int(row, 2, leads_first_number(walk->workspace));
		db_bind_int(row, 3, (int64_t)limit);
		return row;
	}
	db_bind_int(row, 1, walk->workspace);
	if (walk->order == LEADS_BY_STATUS)
		db_bind_int(row, 2, walk->status);
	else
		db_bind_uuid(row, 2, walk->member_of);
	db_bind_int(row, 3, below);
	db_bind_int(row, 4, (int64_t)limit);
	return row;
}

enum err_code leads_page(struct db *db, struct arena *arena, const struct leads_walk *walk,
			 struct leads_rows *out, struct err *err)
{
	struct db_row *row = walk_query(db, walk, out->limit);
	size_t count = 0;
	bool found;

	while (db_step(row, &found, err) == ERR_OK) {
		if (!found || count == out->limit) {
			db_end(row);
			out->count = count;
			return ERR_OK;
		}
		out->rows[count] = (struct lead_row){.no = db_int(row, 0),
						     .workspace = walk->workspace,
						     .id = db_uuid(row, 1),
						     .doc = arena_copy(arena, db_text(row, 2))};
		if (!out->rows[count++].doc.ptr) {
			db_end(row);
			return err_memory(err);
		}
	}
	return err->code;
}

enum err_code leads_page_upward(struct db *db, struct arena *arena, const struct leads_walk *walk,
				struct leads_rows *out, struct err *err)
{
	struct db_row *row = db_query(db, QUERY_LEAD_PAGE_UPWARD);
	size_t count = 0;
	bool found;

	db_bind_int(row, 1, walk->above ? walk->above : leads_first_number(walk->workspace) - 1);
	db_bind_int(row, 2, leads_last_number(walk->workspace));
	db_bind_int(row, 3, (int64_t)out->limit);
	while (db_step(row, &found, err) == ERR_OK) {
		if (!found || count == out->limit) {
			db_end(row);
			out->count = count;
			return ERR_OK;
		}
		out->rows[count] = (struct lead_row){.no = db_int(row, 0),
						     .workspace = walk->workspace,
						     .id = db_uuid(row, 1),
						     .doc = arena_copy(arena, db_text(row, 2)),
						     .status = (enum status)db_int(row, 3),
						     .created_ms = db_int(row, 4),
						     .updated_ms = db_int(row, 5),
						     .version = db_int(row, 6)};
		if (!out->rows[count++].doc.ptr) {
			db_end(row);
			return err_memory(err);
		}
	}
	return err->code;
}
