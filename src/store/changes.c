#include "store/changes.h"

enum err_code changes_append(struct txn *txn, const struct change_row *change, struct err *err)
{
	struct db_row *row = db_query(txn->db, QUERY_CHANGE_INSERT);

	db_bind_int(row, 1, change->no);
	db_bind_int(row, 2, change->workspace);
	db_bind_int(row, 3, change->lead_no);
	db_bind_int(row, 4, change->prev);
	db_bind_uuid(row, 5, change->id);
	db_bind_int(row, 6, change->at_ms);
	if (change->observed_ms != change->at_ms)
		db_bind_int(row, 7, change->observed_ms);
	db_bind_int(row, 8, change->kind);
	db_bind_int(row, 9, change->actor);
	db_bind_int(row, 10, change->via);
	if (change->import_no) {
		db_bind_int(row, 11, change->import_no);
		db_bind_int(row, 12, change->import_row);
	}
	db_bind_text(row, 13, change->source);
	db_bind_int(row, 14, change->matched);
	db_bind_int(row, 15, change->searchable);
	db_bind_text(row, 16, change->patch);
	db_bind_text(row, 17, change->gained);
	db_bind_text(row, 18, change->lost);
	return db_run(row, NULL, err);
}

static struct text copy(struct arena *arena, struct text text)
{
	return text.ptr ? arena_copy(arena, text) : TEXT_NONE;
}

enum err_code changes_read(struct db *db, struct arena *arena, int64_t no, struct change_row *out,
			   struct err *err)
{
	struct db_row *row = db_query(db, QUERY_CHANGE_BY_NUMBER);
	bool found;

	db_bind_int(row, 1, no);
	if (db_step(row, &found, err) != ERR_OK)
		return err->code;
	if (!found) {
		db_end(row);
		out->no = 0;
		return ERR_OK;
	}
	*out = (struct change_row){
		.no = no,
		.lead_no = db_int(row, 0),
		.prev = db_int(row, 1),
		.id = db_uuid(row, 2),
		.at_ms = db_int(row, 3),
		.observed_ms = db_is_null(row, 4) ? db_int(row, 3) : db_int(row, 4),
		.kind = (enum change_kind)db_int(row, 5),
		.actor = db_int(row, 6),
		.via = (enum change_via)db_int(row, 7),
		.import_no = db_int(row, 8),
		.source = copy(arena, db_text(row, 9)),
		.matched = db_int(row, 10),
		.patch = copy(arena, db_text(row, 11)),
		.gained = copy(arena, db_text(row, 12)),
		.lost = copy(arena, db_text(row, 13)),
		.import_id = db_uuid(row, 14),
		.import_name = copy(arena, db_text(row, 15)),
		.workspace = db_int(row, 16),
		.import_row = db_int(row, 17),
		.actor_name = copy(arena, db_text(row, 18)),
	};
	db_end(row);
	return out->patch.ptr ? ERR_OK : err_memory(err);
}

const char *changes_kind_name(enum change_kind kind)
{
	static const char *const names[] = {"created", "updated", "deleted"};

	return names[kind];
}

const char *changes_via_name(enum change_via via)
{
	static const char *const names[] = {"rest", "cli", "import", "mcp", "contacts", "leads"};

	return names[via];
}
