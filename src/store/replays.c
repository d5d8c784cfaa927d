#include "store/replays.h"

static struct db_row *query_named(struct txn *txn, enum query query, int64_t workspace,
				  int64_t actor, struct text name)
{
	struct db_row *row = db_query(txn->db, query);

	db_bind_int(row, 1, workspace);
	db_bind_int(row, 2, actor);
	db_bind_text(row, 3, name);
	return row;
}

enum err_code replays_find(struct txn *txn, struct arena *arena, int64_t workspace, int64_t actor,
			   struct replay_row *replay, struct err *err)
{
	struct db_row *row = query_named(txn, QUERY_REPLAY_FIND, workspace, actor, replay->name);
	struct text request = TEXT_NONE, answer = TEXT_NONE;
	bool found;

	if (db_step(row, &found, err) != ERR_OK)
		return err->code;
	found = found && db_int(row, 2) >= txn->now_ms - REPLAYS_KEEP_MS;
	if (found) {
		request = arena_copy(arena, db_text(row, 0));
		answer = arena_copy(arena, db_text(row, 1));
	}
	db_end(row);
	if (found && (!request.ptr || !answer.ptr))
		return err_memory(err);
	replay->request = request;
	replay->answer = answer;
	return ERR_OK;
}

enum err_code replays_insert(struct txn *txn, int64_t workspace, int64_t actor,
			     const struct replay_row *replay, struct err *err)
{
	struct db_row *row = query_named(txn, QUERY_REPLAY_INSERT, workspace, actor, replay->name);

	db_bind_blob(row, 4, replay->request.ptr, replay->request.len);
	db_bind_int(row, 5, txn->now_ms);
	db_bind_text(row, 6, replay->answer);
	return db_run(row, NULL, err);
}

enum err_code replays_expire(struct txn *txn, int64_t workspace, size_t limit, int64_t *out_dropped,
			     struct err *err)
{
	struct db_row *row = db_query(txn->db, QUERY_REPLAY_EXPIRE);

	db_bind_int(row, 1, workspace);
	db_bind_int(row, 2, txn->now_ms - REPLAYS_KEEP_MS);
	db_bind_int(row, 3, (int64_t)limit);
	return db_run(row, out_dropped, err);
}
