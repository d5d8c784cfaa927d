#include "store/lists.h"

enum err_code lists_exists(struct db *db, int64_t workspace, struct uuid id, bool *out,
			   struct err *err)
{
	struct db_row *row = db_query(db, QUERY_LIST_EXISTS);
	int64_t one;

	db_bind_int(row, 1, workspace);
	db_bind_uuid(row, 2, id);
	if (db_number(row, &one, err) != ERR_OK)
		return err->code;
	*out = one != 0;
	return ERR_OK;
}

enum err_code lists_named(struct db *db, int64_t workspace, struct text name, struct uuid *out,
			  struct err *err)
{
	struct db_row *row = db_query(db, QUERY_LIST_BY_NAME);
	bool found;

	db_bind_int(row, 1, workspace);
	db_bind_text(row, 2, name);
	if (db_step(row, &found, err) != ERR_OK)
		return err->code;
	*out = found ? db_uuid(row, 0) : (struct uuid){{0}};
	db_end(row);
	return ERR_OK;
}

static struct list_row take_row(struct db_row *row, struct arena *arena)
{
	return (struct list_row){.id = db_uuid(row, 0),
				 .name = arena_copy(arena, db_text(row, 1)),
				 .created_ms = db_int(row, 2),
				 .updated_ms = db_int(row, 3),
				 .leads = db_int(row, 4)};
}

enum err_code lists_read(struct db *db, struct arena *arena, int64_t workspace, struct uuid id,
			 struct list_row *out, struct err *err)
{
	struct db_row *row = db_query(db, QUERY_LIST_BY_ID);
	struct list_row list = {.name = TEXT_NONE};
	bool found;

	db_bind_int(row, 1, workspace);
	db_bind_uuid(row, 2, id);
	if (db_step(row, &found, err) != ERR_OK)
		return err->code;
	if (found)
		list = take_row(row, arena);
	db_end(row);
	if (found && !list.name.ptr)
		return err_memory(err);
	*out = list;
	return ERR_OK;
}

enum err_code lists_page(struct db *db, struct arena *arena, const struct lists_walk *walk,
			 struct list_row *out, size_t *out_count, struct err *err)
{
	struct db_row *row = db_query(db, walk->upward ? QUERY_LIST_PAGE_UPWARD : QUERY_LIST_PAGE);
	struct uuid from = walk->from;
	size_t count = 0;
	bool found = true;

	if (!walk->upward && uuid_is(from, (struct uuid){{0}}))
		memset(from.bytes, 0xFF, sizeof from.bytes); /* behind every id */
	db_bind_int(row, 1, walk->workspace);
	db_bind_uuid(row, 2, from);
	db_bind_int(row, 3, (int64_t)walk->limit);
	db_bind_int(row, 4, walk->offset);
	while (found && count < walk->limit) {
		if (db_step(row, &found, err) != ERR_OK)
			return err->code;
		if (!found)
			break;
		out[count] = take_row(row, arena);
		if (!out[count++].name.ptr) {
			db_end(row);
			return err_memory(err);
		}
	}
	db_end(row);
	*out_count = count;
	return ERR_OK;
}

enum err_code lists_insert(struct txn *txn, int64_t workspace, const struct list_row *list,
			   struct err *err)
{
	struct db_row *row = db_query(txn->db, QUERY_LIST_INSERT);

	db_bind_int(row, 1, workspace);
	db_bind_uuid(row, 2, list->id);
	db_bind_text(row, 3, list->name);
	db_bind_int(row, 4, list->created_ms);
	return db_run(row, NULL, err);
}

enum err_code lists_rename(struct txn *txn, int64_t workspace, const struct list_row *list,
			   struct err *err)
{
	struct db_row *row = db_query(txn->db, QUERY_LIST_RENAME);

	db_bind_int(row, 1, workspace);
	db_bind_uuid(row, 2, list->id);
	db_bind_text(row, 3, list->name);
	db_bind_int(row, 4, list->updated_ms);
	return db_run(row, NULL, err);
}

enum err_code lists_count(struct db *db, int64_t workspace, int64_t *out, struct err *err)
{
	struct db_row *row = db_query(db, QUERY_LIST_COUNT);

	db_bind_int(row, 1, workspace);
	return db_number(row, out, err);
}

/* A query about list `id`, bound. */
static struct db_row *about(struct txn *txn, enum query query, int64_t workspace, struct uuid id)
{
	struct db_row *row = db_query(txn->db, query);

	db_bind_int(row, 1, workspace);
	db_bind_uuid(row, 2, id);
	return row;
}

enum err_code lists_delete(struct txn *txn, int64_t workspace, struct uuid id, bool *out_found,
			   struct err *err)
{
	int64_t deleted;

	if (db_run(about(txn, QUERY_LIST_DELETE, workspace, id), &deleted, err) != ERR_OK)
		return err->code;
	if (deleted &&
	    (db_run(about(txn, QUERY_LIST_DELETE_COUNTS, workspace, id), NULL, err) != ERR_OK ||
	     db_run(about(txn, QUERY_LIST_GONE_INSERT, workspace, id), NULL, err) != ERR_OK))
		return err->code;
	*out_found = deleted > 0;
	return ERR_OK;
}

/* The next list that was deleted and may still have leads; its workspace is 0 for none. */
static enum err_code first_gone(struct db *db, int64_t *out_workspace, struct uuid *out,
				struct err *err)
{
	struct db_row *row = db_query(db, QUERY_LIST_GONE_FIRST);
	bool found;

	if (db_step(row, &found, err) != ERR_OK)
		return err->code;
	*out_workspace = found ? db_int(row, 0) : 0;
	*out = found ? db_uuid(row, 1) : (struct uuid){{0}};
	db_end(row);
	return ERR_OK;
}

enum err_code lists_has_gone(struct db *db, bool *out, struct err *err)
{
	int64_t workspace;
	struct uuid id;

	if (first_gone(db, &workspace, &id, err) != ERR_OK)
		return err->code;
	*out = workspace != 0;
	return ERR_OK;
}

enum err_code lists_clear_gone(struct txn *txn, int64_t rows_max, struct err *err)
{
	int64_t workspace, cleared;
	struct uuid id;

	while (rows_max > 0) {
		if (first_gone(txn->db, &workspace, &id, err) != ERR_OK)
			return err->code;
		if (workspace == 0)
			return ERR_OK;
		struct db_row *row = about(txn, QUERY_LIST_GONE_CLEAR, workspace, id);

		db_bind_int(row, 3, rows_max);
		if (db_run(row, &cleared, err) != ERR_OK)
			return err->code;
		if (cleared < rows_max &&
		    db_run(about(txn, QUERY_LIST_GONE_DELETE, workspace, id), NULL, err) != ERR_OK)
			return err->code;
		rows_max -= cleared + 1;
	}
	return ERR_OK;
}
