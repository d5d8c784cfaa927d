#include "store/imports.h"

static const char *const state_names[] = {"queued", "running", "done", "failed", "cancelled"};
static const char *const outcome_names[] = {"created",  "updated", "unchanged",
					    "conflict", "invalid", "skipped"};

const char *imports_state_name(enum import_state state)
{
	return state_names[state];
}

const char *imports_outcome_name(enum import_outcome outcome)
{
	return outcome_names[outcome];
}

enum import_state imports_state_parse(struct text name)
{
	int state = 0;

	while (state < IMPORT_STATE_COUNT && !text_is(name, text_of(state_names[state])))
		state++;
	return (enum import_state)state;
}

enum import_outcome imports_outcome_parse(struct text name)
{
	int outcome = 0;

	while (outcome < IMPORT_OUTCOME_COUNT && !text_is(name, text_of(outcome_names[outcome])))
		outcome++;
	return (enum import_outcome)outcome;
}

enum err_code imports_insert(struct txn *txn, const struct import_row *import, struct err *err)
{
	struct db_row *row = db_query(txn->db, QUERY_IMPORT_INSERT);

	db_bind_int(row, 1, import->workspace);
	db_bind_uuid(row, 2, import->id);
	db_bind_text(row, 3, import->name);
	db_bind_text(row, 4, import->type);
	db_bind_int(row, 5, import->dry_run);
	db_bind_int(row, 6, import->actor);
	db_bind_int(row, 7, import->via);
	db_bind_text(row, 8, import->file);
	db_bind_text(row, 9, import->settings);
	db_bind_text(row, 10, import->columns);
	db_bind_int(row, 11, import->created_ms);
	db_bind_int(row, 12, import->bytes_total);
	return db_run(row, NULL, err);
}

static struct import_counts read_counts(struct db_row *row)
{
	struct import_counts counts = {.rows_done = db_int(row, 14),
				       .bytes_done = db_int(row, 16),
				       .leads = db_int(row, 24)};

	for (int i = 0; i < IMPORT_OUTCOME_COUNT; i++)
		counts.outcomes[i] = db_int(row, 18 + i);
	return counts;
}

/* Read the columns that every query about imports selects; false without memory. */
static bool read_row(struct db_row *row, struct arena *arena, struct import_row *out)
{
	*out = (struct import_row){
		.no = db_int(row, 0),
		.workspace = db_int(row, 1),
		.id = db_uuid(row, 2),
		.name = arena_copy(arena, db_text(row, 3)),
		.type = arena_copy(arena, db_text(row, 4)),
		.state = (enum import_state)db_int(row, 5),
		.dry_run = db_int(row, 6) != 0,
		.actor = db_int(row, 7),
		.via = (int)db_int(row, 8),
		.file = arena_copy(arena, db_text(row, 9)),
		.settings = arena_copy(arena, db_text(row, 10)),
		.columns = arena_copy(arena, db_text(row, 11)),
		.created_ms = db_int(row, 12),
		.updated_ms = db_int(row, 13),
		.rows_total = db_is_null(row, 15) ? -1 : db_int(row, 15),
		.bytes_total = db_int(row, 17),
		.counts = read_counts(row),
	};
	if (!db_is_null(row, 25)) {
		out->error = arena_copy(arena, db_text(row, 25));
		if (!out->error.ptr)
			return false;
	}
	return out->name.ptr && out->type.ptr && out->file.ptr && out->settings.ptr &&
	       out->columns.ptr;
}

/* Run a query that answers at most one import, and end it. */
static enum err_code read_one(struct db_row *row, struct arena *arena, struct import_row *out,
			      struct err *err)
{
	bool found;

	if (db_step(row, &found, err) != ERR_OK)
		return err->code;
	bool is_read = !found || read_row(row, arena, out);

	db_end(row);
	if (!is_read)
		return err_memory(err);
	if (!found)
		out->no = 0;
	return ERR_OK;
}

enum err_code imports_find(struct db *db, struct arena *arena, int64_t workspace, struct uuid id,
			   struct import_row *out, struct err *err)
{
	struct db_row *row = db_query(db, QUERY_IMPORT_BY_ID);

	db_bind_int(row, 1, workspace);
	db_bind_uuid(row, 2, id);
	return read_one(row, arena, out, err);
}

enum err_code imports_next_open(struct db *db, struct arena *arena, struct import_row *out,
				struct err *err)
{
	return read_one(db_query(db, QUERY_IMPORT_NEXT_OPEN), arena, out, err);
}

enum err_code imports_page(struct db *db, struct arena *arena, const struct imports_walk *walk,
			   struct import_row *out, size_t *out_count, struct err *err)
{
	struct db_row *row =
		db_query(db, walk->upward ? QUERY_IMPORT_PAGE_UPWARD : QUERY_IMPORT_PAGE);
	struct uuid from = walk->from;
	size_t count = 0;
	bool found;

	if (!walk->upward && uuid_is(from, (struct uuid){{0}}))
		memset(from.bytes, 0xFF, sizeof from.bytes); /* behind every id */
	db_bind_int(row, 1, walk->workspace);
	db_bind_uuid(row, 2, from);
	db_bind_int(row, 3, (int64_t)walk->limit);
	db_bind_int(row, 4, walk->offset);
	db_bind_int(row, 5, walk->state);
	while (db_step(row, &found, err) == ERR_OK) {
		if (!found || count == walk->limit) {
			db_end(row);
			*out_count = count;
			return ERR_OK;
		}
		if (!read_row(row, arena, &out[count++])) {
			db_end(row);
			return err_memory(err);
		}
	}
	return err->code;
}

enum err_code imports_count(struct db *db, int64_t workspace, int state, int64_t *out,
			    struct err *err)
{
	struct db_row *row = db_query(db, QUERY_IMPORT_COUNT);

	db_bind_int(row, 1, workspace);
	db_bind_int(row, 2, state);
	return db_number(row, out, err);
}

enum err_code imports_state(struct db *db, int64_t no, enum import_state *out, struct err *err)
{
	struct db_row *row = db_query(db, QUERY_IMPORT_STATE);
	int64_t state;

	db_bind_int(row, 1, no);
	if (db_number(row, &state, err) != ERR_OK)
		return err->code;
	*out = (enum import_state)state;
	return ERR_OK;
}

enum err_code imports_move(struct txn *txn, const struct import_row *import, struct err *err)
{
	struct db_row *row = db_query(txn->db, QUERY_IMPORT_PROGRESS);
	const struct import_counts *counts = &import->counts;

	db_bind_int(row, 1, import->no);
	db_bind_int(row, 2, import->state);
	db_bind_int(row, 3, counts->rows_done);
	if (import->rows_total >= 0)
		db_bind_int(row, 4, import->rows_total);
	db_bind_int(row, 5, counts->bytes_done);
	for (int i = 0; i < IMPORT_OUTCOME_COUNT; i++)
		db_bind_int(row, 6 + i, counts->outcomes[i]);
	db_bind_int(row, 12, counts->leads);
	db_bind_text(row, 13, import->error);
	db_bind_int(row, 14, import->updated_ms);
	return db_run(row, NULL, err);
}

enum err_code imports_cancel(struct txn *txn, int64_t workspace, struct uuid id, int64_t at_ms,
			     bool *out, struct err *err)
{
	struct db_row *row = db_query(txn->db, QUERY_IMPORT_CANCEL);
	int64_t changed;

	db_bind_int(row, 1, workspace);
	db_bind_uuid(row, 2, id);
	db_bind_int(row, 3, at_ms);
	if (db_run(row, &changed, err) != ERR_OK)
		return err->code;
	*out = changed > 0;
	return ERR_OK;
}

enum err_code imports_rename(struct txn *txn, int64_t no, struct text name, int64_t at_ms,
			     struct err *err)
{
	struct db_row *row = db_query(txn->db, QUERY_IMPORT_RENAME);

	db_bind_int(row, 1, no);
	db_bind_text(row, 2, name);
	db_bind_int(row, 3, at_ms);
	return db_run(row, NULL, err);
}

enum err_code imports_delete(struct txn *txn, int64_t no, int64_t at_ms, struct err *err)
{
	struct db_row *row = db_query(txn->db, QUERY_IMPORT_DELETE);

	db_bind_int(row, 1, no);
	db_bind_int(row, 2, at_ms);
	return db_run(row, NULL, err);
}

enum err_code imports_has_file(struct db *db, struct text file, bool *out, struct err *err)
{
	struct db_row *row = db_query(db, QUERY_IMPORT_FILES);
	int64_t count;

	db_bind_text(row, 1, file);
	if (db_number(row, &count, err) != ERR_OK)
		return err->code;
	*out = count > 0;
	return ERR_OK;
}

enum err_code imports_leftover(struct db *db, struct arena *arena, int64_t *out_no,
			       struct text *out_file, struct err *err)
{
	struct db_row *row = db_query(db, QUERY_IMPORT_LEFTOVER);
	struct text file = TEXT("");
	int64_t no = 0;
	bool found;

	if (db_step(row, &found, err) != ERR_OK)
		return err->code;
	if (found) {
		no = db_int(row, 0);
		file = arena_copy(arena, db_text(row, 1));
	}
	db_end(row);
	if (!file.ptr)
		return err_memory(err);
	*out_no = no;
	*out_file = file;
	return ERR_OK;
}

enum err_code imports_forget_file(struct txn *txn, int64_t no, struct err *err)
{
	struct db_row *row = db_query(txn->db, QUERY_IMPORT_FORGET_FILE);

	db_bind_int(row, 1, no);
	return db_run(row, NULL, err);
}

enum err_code imports_add_result(struct txn *txn, const struct import_row *import,
				 const struct import_result *result, struct err *err)
{
	struct db_row *row = db_query(txn->db, QUERY_IMPORT_ROW_INSERT);

	db_bind_int(row, 1, import->workspace);
	db_bind_int(row, 2, import->no);
	db_bind_int(row, 3, result->row);
	db_bind_int(row, 4, result->outcome);
	if (result->lead_no)
		db_bind_int(row, 5, result->lead_no);
	db_bind_text(row, 6, result->detail);
	return db_run(row, NULL, err);
}

enum err_code imports_touched(struct db *db, const struct import_row *import, int64_t lead_no,
			      bool *out, struct err *err)
{
	struct db_row *row = db_query(db, QUERY_IMPORT_ROW_TOUCHED);
	int64_t one;

	db_bind_int(row, 1, import->workspace);
	db_bind_int(row, 2, import->no);
	db_bind_int(row, 3, lead_no);
	if (db_number(row, &one, err) != ERR_OK)
		return err->code;
	*out = one != 0;
	return ERR_OK;
}

enum err_code imports_clear_results(struct txn *txn, const struct import_row *import, int64_t limit,
				    int64_t *out_removed, struct err *err)
{
	struct db_row *row = db_query(txn->db, QUERY_IMPORT_ROW_CLEAR);

	db_bind_int(row, 1, import->workspace);
	db_bind_int(row, 2, import->no);
	db_bind_int(row, 3, limit);
	return db_run(row, out_removed, err);
}

static struct db_row *walk_query(struct db *db, enum query query,
				 const struct imports_rows_walk *walk)
{
	struct db_row *row = db_query(db, query);

	db_bind_int(row, 1, walk->workspace);
	db_bind_int(row, 2, walk->import_no);
	db_bind_int(row, 3, walk->above);
	db_bind_int(row, 4, (int64_t)walk->limit);
	return row;
}

enum err_code imports_leads(struct db *db, struct arena *arena,
			    const struct imports_rows_walk *walk, struct import_lead *out,
			    size_t *out_count, struct err *err)
{
	struct db_row *row = walk_query(db, QUERY_IMPORT_LEADS, walk);
	size_t count = 0;
	bool found;

	while (db_step(row, &found, err) == ERR_OK) {
		if (!found || count == walk->limit) {
			db_end(row);
			*out_count = count;
			return ERR_OK;
		}
		out[count].row = db_int(row, 0);
		out[count].lead = (struct lead_row){.no = db_int(row, 1),
						    .workspace = walk->workspace,
						    .id = db_uuid(row, 2),
						    .version = db_int(row, 3),
						    .status = (enum status)db_int(row, 4),
						    .created_ms = db_int(row, 5),
						    .updated_ms = db_int(row, 6),
						    .doc = arena_copy(arena, db_text(row, 7))};
		if (!out[count++].lead.doc.ptr) {
			db_end(row);
			return err_memory(err);
		}
	}
	return err->code;
}

enum err_code imports_refused(struct db *db, struct arena *arena,
			      const struct imports_rows_walk *walk, struct import_result *out,
			      size_t *out_count, struct err *err)
{
	struct db_row *row = walk_query(db, QUERY_IMPORT_REFUSED, walk);
	size_t count = 0;
	bool found;

	db_bind_int(row, 5, walk->outcome);
	while (db_step(row, &found, err) == ERR_OK) {
		if (!found || count == walk->limit) {
			db_end(row);
			*out_count = count;
			return ERR_OK;
		}
		out[count] = (struct import_result){.row = db_int(row, 0),
						    .outcome = (enum import_outcome)db_int(row, 1),
						    .detail = arena_copy(arena, db_text(row, 2))};
		if (!out[count++].detail.ptr) {
			db_end(row);
			return err_memory(err);
		}
	}
	return err->code;
}

enum err_code imports_name(struct db *db, struct arena *arena, int64_t no, struct uuid *out_id,
			   struct text *out_name, struct err *err)
{
	struct db_row *row = db_query(db, QUERY_IMPORT_NAME);
	struct text name = TEXT_NONE;
	bool found;

	db_bind_int(row, 1, no);
	if (db_step(row, &found, err) != ERR_OK)
		return err->code;
	if (found) {
		*out_id = db_uuid(row, 0);
		name = arena_copy(arena, db_text(row, 1));
	}
	db_end(row);
	if (found && !name.ptr)
		return err_memory(err);
	*out_name = name;
	return ERR_OK;
}
