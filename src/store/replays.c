#include "store/replays.h"

static struct db_row *query_named(struct db *db, enum query query, const struct replays_name *name)
{
	struct db_row *row = db_query(db, query);

	db_bind_int(row, 1, name->workspace);
	db_bind_int(row, 2, name->actor);
	db_bind_text(row, 3, name->name);
	return row;
}

enum err_code replays_find(struct db *db, struct arena *arena, const struct replays_name *name,
			   int64_t now_ms, struct replay_row *out, struct err *err)
{
	struct db_row *row = query_named(db, QUERY_REPLAY_FIND, name);
	struct replay_row replay = {.answer = TEXT_NONE};
	bool found;

	if (db_step(row, &found, err) != ERR_OK)
		return err->code;
	found = found && db_int(row, 2) >= now_ms - REPLAYS_KEEP_MS;
	if (found)
		replay = (struct replay_row){.request = arena_copy(arena, db_text(row, 0)),
					     .answer = arena_copy(arena, db_text(row, 1)),
					     .at_ms = db_int(row, 2)};
	db_end(row);
	if (found && (!replay.request.ptr || !replay.answer.ptr))
		return err_memory(err);
	*out = replay;
	return ERR_OK;
}

enum err_code replays_store(struct txn *txn, const struct replays_name *name,
			    const struct replay_row *replay, struct err *err)
{
	struct db_row *row = query_named(txn->db, QUERY_REPLAY_STORE, name);

	db_bind_blob(row, 4, replay->request.ptr, replay->request.len);
	db_bind_int(row, 5, replay->at_ms);
	db_bind_text(row, 6, replay->answer);
	return db_run(row, NULL, err);
}

enum err_code replays_expire(struct txn *txn, int64_t workspace, int64_t now_ms, size_t limit,
			     int64_t *out_dropped, struct err *err)
{
	struct db_row *row = db_query(txn->db, QUERY_REPLAY_EXPIRE);

	db_bind_int(row, 1, workspace);
	db_bind_int(row, 2, now_ms - REPLAYS_KEEP_MS);
	db_bind_int(row, 3, (int64_t)limit);
	return db_run(row, out_dropped, err);
}
