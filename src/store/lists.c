#include "store/lists.h"

/* Behind every id: where a walk begins that names none. */
static struct uuid first_below(struct uuid below)
{
	if (uuid_is(below, (struct uuid){{0}}))
		memset(below.bytes, 0xFF, sizeof below.bytes);
	return below;
}

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
	struct db_row *row = db_query(db, QUERY_LIST_PAGE);
	size_t count = 0;
	bool found = true;

	db_bind_int(row, 1, walk->workspace);
	db_bind_uuid(row, 2, first_below(walk->below));
	db_bind_int(row, 3, (int64_t)walk->limit);
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
