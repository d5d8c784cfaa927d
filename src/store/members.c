#include "store/members.h"

static struct db_row *member_row(struct txn *txn, enum query query,
				 const struct members_group *group, int64_t no)
{
	struct db_row *row = db_query(txn->db, query);

	db_bind_int(row, 1, group->workspace);
	db_bind_uuid(row, 2, group->id);
	db_bind_int(row, 3, no);
	return row;
}

static enum err_code count_by(struct txn *txn, const struct members_group *group,
			      enum status status, int64_t by, struct err *err)
{
	struct db_row *row = db_query(txn->db, QUERY_MEMBER_COUNT_ADD);

	db_bind_int(row, 1, group->workspace);
	db_bind_uuid(row, 2, group->id);
	db_bind_int(row, 3, status);
	db_bind_int(row, 4, by);
	return db_run(row, NULL, err);
}

enum err_code members_add(struct txn *txn, const struct members_group *group, int64_t no,
			  enum status status, struct err *err)
{
	static const enum query queries[] = {QUERY_LIST_ADD, QUERY_MISSION_ADD};
	int64_t added;

	if (db_run(member_row(txn, queries[group->kind], group, no), &added, err) != ERR_OK)
		return err->code;
	return added ? count_by(txn, group, status, 1, err) : ERR_OK;
}

enum err_code members_remove(struct txn *txn, const struct members_group *group, int64_t no,
			     enum status status, struct err *err)
{
	static const enum query queries[] = {QUERY_LIST_REMOVE, QUERY_MISSION_REMOVE};
	int64_t removed;

	if (db_run(member_row(txn, queries[group->kind], group, no), &removed, err) != ERR_OK)
		return err->code;
	return removed ? count_by(txn, group, status, -1, err) : ERR_OK;
}

enum err_code members_move(struct txn *txn, const struct members_group *group, enum status from,
			   enum status to, struct err *err)
{
	if (from == to)
		return ERR_OK;
	if (count_by(txn, group, from, -1, err) != ERR_OK)
		return err->code;
	return count_by(txn, group, to, 1, err);
}

enum err_code members_count(struct db *db, const struct members_group *group,
			    int64_t out[STATUS_COUNT], struct err *err)
{
	struct db_row *row = db_query(db, QUERY_MEMBER_COUNTS);
	int64_t counts[STATUS_COUNT] = {0};
	bool found = true;

	db_bind_int(row, 1, group->workspace);
	db_bind_uuid(row, 2, group->id);
	while (found) {
		if (db_step(row, &found, err) != ERR_OK)
			return err->code;
		if (found && db_int(row, 0) >= 0 && db_int(row, 0) < STATUS_COUNT)
			counts[db_int(row, 0)] = db_int(row, 1);
	}
	db_end(row);
	memcpy(out, counts, sizeof counts);
	return ERR_OK;
}
