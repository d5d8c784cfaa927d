#include "store/missions.h"

/* Behind every id: where a walk begins that names none. */
static struct uuid first_below(struct uuid below)
{
	if (uuid_is(below, (struct uuid){{0}}))
		memset(below.bytes, 0xFF, sizeof below.bytes);
	return below;
}

enum err_code missions_exists(struct db *db, int64_t workspace, struct uuid id, bool *out,
			      struct err *err)
{
	struct db_row *row = db_query(db, QUERY_MISSION_EXISTS);
	int64_t one;

	db_bind_int(row, 1, workspace);
	db_bind_uuid(row, 2, id);
	if (db_number(row, &one, err) != ERR_OK)
		return err->code;
	*out = one != 0;
	return ERR_OK;
}

enum err_code missions_named(struct db *db, int64_t workspace, struct text name, struct uuid *out,
			     struct err *err)
{
	struct db_row *row = db_query(db, QUERY_MISSION_BY_NAME);
	bool found;

	db_bind_int(row, 1, workspace);
	db_bind_text(row, 2, name);
	if (db_step(row, &found, err) != ERR_OK)
		return err->code;
	*out = found ? db_uuid(row, 0) : (struct uuid){{0}};
	db_end(row);
	return ERR_OK;
}

/* False without memory for its texts. */
static bool take_row(struct db_row *row, struct arena *arena, struct mission_row *out)
{
	*out = (struct mission_row){.id = db_uuid(row, 0),
				    .name = arena_copy(arena, db_text(row, 1)),
				    .active = db_int(row, 2) != 0,
				    .brief = arena_copy(arena, db_text(row, 3)),
				    .created_ms = db_int(row, 4),
				    .updated_ms = db_int(row, 5)};
	return out->name.ptr && out->brief.ptr;
}

enum err_code missions_read(struct db *db, struct arena *arena, int64_t workspace, struct uuid id,
			    struct mission_row *out, struct err *err)
{
	struct db_row *row = db_query(db, QUERY_MISSION_BY_ID);
	struct mission_row mission = {.name = TEXT_NONE};
	bool found, taken = true;

	db_bind_int(row, 1, workspace);
	db_bind_uuid(row, 2, id);
	if (db_step(row, &found, err) != ERR_OK)
		return err->code;
	if (found)
		taken = take_row(row, arena, &mission);
	db_end(row);
	if (!taken)
		return err_memory(err);
	*out = mission;
	return ERR_OK;
}

enum err_code missions_page(struct db *db, struct arena *arena, const struct missions_walk *walk,
			    struct mission_row *out, size_t *out_count, struct err *err)
{
	static const int active_of[] =
		{[MISSIONS_ALL] = -1, [MISSIONS_ACTIVE] = 1, [MISSIONS_ARCHIVED] = 0};
	struct db_row *row = db_query(db, QUERY_MISSION_PAGE);
	size_t count = 0;
	bool found = true;

	db_bind_int(row, 1, walk->workspace);
	db_bind_uuid(row, 2, first_below(walk->below));
	db_bind_int(row, 3, (int64_t)walk->limit);
	db_bind_int(row, 4, active_of[walk->which]);
	while (found && count < walk->limit) {
		if (db_step(row, &found, err) != ERR_OK)
			return err->code;
		if (!found)
			break;
		if (!take_row(row, arena, &out[count++])) {
			db_end(row);
			return err_memory(err);
		}
	}
	db_end(row);
	*out_count = count;
	return ERR_OK;
}

enum err_code missions_insert(struct txn *txn, int64_t workspace, const struct mission_row *mission,
			      struct err *err)
{
	struct db_row *row = db_query(txn->db, QUERY_MISSION_INSERT);

	db_bind_int(row, 1, workspace);
	db_bind_uuid(row, 2, mission->id);
	db_bind_text(row, 3, mission->name);
	db_bind_int(row, 4, mission->active);
	db_bind_text(row, 5, mission->brief);
	db_bind_int(row, 6, mission->created_ms);
	return db_run(row, NULL, err);
}

enum err_code missions_update(struct txn *txn, int64_t workspace, const struct mission_row *mission,
			      struct err *err)
{
	struct db_row *row = db_query(txn->db, QUERY_MISSION_UPDATE);

	db_bind_int(row, 1, workspace);
	db_bind_uuid(row, 2, mission->id);
	db_bind_text(row, 3, mission->name);
	db_bind_int(row, 4, mission->active);
	db_bind_text(row, 5, mission->brief);
	db_bind_int(row, 6, mission->updated_ms);
	return db_run(row, NULL, err);
}
