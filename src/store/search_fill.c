#include "store/search_fill.h"

#include <stdlib.h>

#include "json/scan.h"
#include "store/grid_fill.h"

#define FILL_ARENA_MAX ((size_t)16 * 1024 * 1024)
#define READ_AT_ONCE ((size_t)64) /* leads: about a millisecond */

/* What text search looks through; the columns of lead_text, in their order. */
static const enum field_id text_fields[] = {FIELD_NAME,  FIELD_EMAIL,     FIELD_COMPANY,
					    FIELD_TITLE, FIELD_JOB_TITLE, FIELD_DESCRIPTION};
#define TEXT_COUNT ARRAY_LEN(text_fields)

/* Throw everything away, in the index's own transaction. */
#define WIPE                                                                    \
	"DELETE FROM lead_text; DELETE FROM cell_block; DELETE FROM set_block;" \
	"DELETE FROM lead_set; DELETE FROM progress"

struct progress {
	int64_t seen; /* -1: of another database, of a later state of this one (a backup was put
			 in its place), or of another program: useless */
	bool is_whole;
	int64_t last; /* change in the database */
	struct uuid origin;
};

/* The id that tells one database from another: its first workspace's. */
static enum err_code read_origin(struct db *main, struct uuid *out, struct err *err)
{
	struct db_row *row = db_query(main, QUERY_WORKSPACE_BY_NUMBER);
	bool found;

	db_bind_int(row, 1, 1);
	if (db_step(row, &found, err) != ERR_OK)
		return err->code;
	*out = found ? db_uuid(row, 1) : (struct uuid){{0}};
	db_end(row);
	return ERR_OK;
}

static enum err_code read_progress(struct search *search, struct db *main, struct progress *out,
				   struct err *err)
{
	struct db_row *row = db_query(search_db(search), QUERY_SEARCH_PROGRESS);
	struct progress progress = {.seen = 0};
	struct uuid origin = {{0}};
	int64_t layout = 0;
	bool found;

	if (db_step(row, &found, err) != ERR_OK)
		return err->code;
	if (found) {
		progress.seen = db_int(row, 0);
		origin = db_uuid(row, 1);
		layout = db_int(row, 2);
		progress.is_whole = db_int(row, 3) != 0;
	}
	db_end(row);
	/* After the index, which another program may be filling: it never is ahead of this. */
	if (read_origin(main, &progress.origin, err) != ERR_OK ||
	    db_number(db_query(main, QUERY_CHANGE_LAST_NUMBER), &progress.last, err) != ERR_OK)
		return err->code;
	if (found && (progress.seen > progress.last || layout != grid_layout() ||
		      !uuid_is(origin, progress.origin))) {
		progress.seen = -1;
		progress.is_whole = false;
	}
	*out = progress;
	return ERR_OK;
}

static enum err_code write_progress(struct search *search, const struct progress *progress,
				    struct err *err)
{
	struct db_row *row = db_query(search_db(search), QUERY_SEARCH_PROGRESS_SET);

	db_bind_int(row, 1, progress->seen);
	db_bind_uuid(row, 2, progress->origin);
	db_bind_int(row, 3, grid_layout());
	db_bind_int(row, 4, progress->is_whole);
	return db_run(row, NULL, err);
}

enum err_code search_fill_state(struct search *search, struct db *main,
				struct search_fill_state *out, struct err *err)
{
	struct progress progress;

	if (read_progress(search, main, &progress, err) != ERR_OK)
		return err->code;
	out->seen = progress.seen < 0 ? 0 : progress.seen;
	out->last = progress.last;
	out->is_whole = progress.is_whole;
	return ERR_OK;
}

/* One round of filling. */
struct round {
	struct search *search;
	struct db *main;
	struct arena arena; /* reset for each lead */
	struct grid_fill *grid;
	struct pending *leads;
	size_t limit; /* of changes */
	size_t count; /* of leads */
	size_t seen;  /* of changes */
	int64_t last_change;
};

/* A lead to index. */
struct pending {
	int64_t no;
	bool has_texts; /* what text search looks through may have changed */
};

static int by_number(const void *a, const void *b)
{
	int64_t left = ((const struct pending *)a)->no, right = ((const struct pending *)b)->no;

	return (left > right) - (left < right);
}

/* The leads that the changes above `from` touch, each once, in order. */
static enum err_code read_pending(struct round *round, int64_t from, struct err *err)
{
	struct db_row *row = db_query(round->main, QUERY_CHANGE_SEARCHABLE);
	struct pending *leads = round->leads;
	bool found = true;
	size_t kept = 0;

	db_bind_int(row, 1, from);
	db_bind_int(row, 2, (int64_t)round->limit);
	while (found && round->seen < round->limit) {
		if (db_step(row, &found, err) != ERR_OK)
			return err->code;
		if (!found)
			break;
		round->last_change = db_int(row, 0);
		leads[round->seen++] = (struct pending){db_int(row, 1), db_int(row, 2) != 0};
	}
	db_end(row);
	qsort(leads, round->seen, sizeof *leads, by_number);
	for (size_t i = 0; i < round->seen; i++) {
		if (kept == 0 || leads[kept - 1].no != leads[i].no)
			leads[kept++] = leads[i];
		else
			leads[kept - 1].has_texts |= leads[i].has_texts;
	}
	round->count = kept;
	return ERR_OK;
}

/* What the text index has of lead `no`; all absent when it has nothing. */
static enum err_code read_texts(struct round *round, int64_t no, struct text out[TEXT_COUNT],
				struct err *err)
{
	struct db_row *row = db_query(search_db(round->search), QUERY_SEARCH_TEXTS);
	bool failed = false, found;

	db_bind_int(row, 1, no);
	if (db_step(row, &found, err) != ERR_OK)
		return err->code;
	for (size_t i = 0; i < TEXT_COUNT; i++) {
		bool has = found && !db_is_null(row, (int)i);

		out[i] = has ? arena_copy(&round->arena, db_text(row, (int)i)) : TEXT_NONE;
		failed |= has && !out[i].ptr;
	}
	db_end(row);
	return failed ? err_memory(err) : ERR_OK;
}

static enum err_code put_texts(struct round *round, int64_t no, const struct text *texts,
			       struct err *err)
{
	struct db_row *row = db_query(search_db(round->search), QUERY_SEARCH_PUT);

	db_bind_int(row, 1, no);
	for (size_t i = 0; i < TEXT_COUNT; i++)
		db_bind_text(row, (int)i + 2, texts[i]);
	return db_run(row, NULL, err);
}

/* Replace the words of a lead; `record` is NULL for one that is gone. */
static enum err_code index_texts(struct round *round, int64_t no, bool has,
				 const struct record *record, struct err *err)
{
	struct text old[TEXT_COUNT] = {{NULL, 0}}, new[TEXT_COUNT] = {{NULL, 0}};
	const struct grid_texts before = {old, TEXT_COUNT}, now = {new, TEXT_COUNT};

	if (has && read_texts(round, no, old, err) != ERR_OK)
		return err->code;
	for (size_t i = 0; record && i < TEXT_COUNT; i++) {
		struct text json = record->values[text_fields[i]];

		new[i] = json.ptr ? scan_string(&round->arena, json) : TEXT_NONE;
		if (json.ptr && !new[i].ptr)
			return err_memory(err);
	}
	if (grid_fill_words(round->grid, &round->arena, no, &before, &now, err) != ERR_OK)
		return err->code;
	if (record)
		return put_texts(round, no, new, err);
	struct db_row *row = db_query(search_db(round->search), QUERY_SEARCH_DROP);

	db_bind_int(row, 1, no);
	return db_run(row, NULL, err);
}

static enum err_code index_lead(struct round *round, const struct pending *pending, struct err *err)
{
	struct lead_row lead;
	struct record *record = NULL;
	int64_t no = pending->no;
	bool has;

	arena_reset(&round->arena);
	if (leads_read(round->main, &round->arena, no >> LEADS_NUMBER_BITS, no, &lead, err) !=
		    ERR_OK ||
	    grid_fill_has(round->grid, no, &has, err) != ERR_OK)
		return err->code;
	if (lead.no) {
		record = arena_take(&round->arena, sizeof *record);
		if (!record)
			return err_memory(err);
		if (record_read(&round->arena, lead.doc, record, err) != ERR_OK)
			return err->code;
	}
	if ((record ? pending->has_texts || !has : has) &&
	    index_texts(round, no, has, record, err) != ERR_OK)
		return err->code;
	if (!record)
		return has ? grid_fill_drop(round->grid, &round->arena, no, err) : ERR_OK;
	return grid_fill_put(round->grid, &round->arena, &lead, record, err);
}

/*
 * Some leads at a time in one reading transaction: one for each lead costs more than reading it,
 * one for all would keep the log of the database from starting anew.
 */
static enum err_code index_some(struct round *round, size_t from, size_t end, struct err *err)
{
	enum err_code code = db_begin_read(round->main, err);

	if (code != ERR_OK)
		return code;
	for (size_t i = from; i < end && code == ERR_OK; i++)
		code = index_lead(round, &round->leads[i], err);
	db_rollback(round->main);
	return code;
}

static enum err_code index_pending(struct round *round, struct err *err)
{
	for (size_t i = 0; i < round->count; i += READ_AT_ONCE) {
		size_t end = i + READ_AT_ONCE < round->count ? i + READ_AT_ONCE : round->count;

		if (index_some(round, i, end, err) != ERR_OK)
			return err->code;
	}
	return ERR_OK;
}

static enum err_code fill_locked(struct round *round, struct err *err)
{
	struct db *db = search_db(round->search);
	struct progress progress;

	if (read_progress(round->search, round->main, &progress, err) != ERR_OK ||
	    (progress.seen < 0 && db_script(db, WIPE, err) != ERR_OK) ||
	    read_pending(round, progress.seen < 0 ? 0 : progress.seen, err) != ERR_OK)
		return err->code;
	if (index_pending(round, err) != ERR_OK)
		return err->code;
	if (grid_fill_end(round->grid, err) != ERR_OK)
		return err->code;
	bool is_end = round->seen < round->limit;

	if (round->seen == 0 && progress.is_whole)
		return ERR_OK;
	progress.seen = round->seen ? round->last_change : progress.seen < 0 ? 0 : progress.seen;
	progress.is_whole |= is_end;
	return write_progress(round->search, &progress, err);
}

static enum err_code run_round(struct round *round, struct err *err)
{
	struct db *db = search_db(round->search);

	if (grid_fill_create(db, &round->grid, err) != ERR_OK || db_begin_write(db, err) != ERR_OK)
		return err->code;
	if (fill_locked(round, err) != ERR_OK) {
		db_rollback(db);
		return err->code;
	}
	return db_commit(db, err);
}

enum err_code search_fill(struct search *search, struct db *main, size_t limit, bool *out_left,
			  struct err *err)
{
	struct round round = {.search = search, .main = main, .limit = limit};
	struct search_fill_state state;

	/* Mostly there is nothing to do, and finding out must not take the index's write lock. */
	if (search_fill_state(search, main, &state, err) != ERR_OK)
		return err->code;
	if (state.is_whole && state.seen == state.last) {
		*out_left = false;
		return ERR_OK;
	}
	round.leads = calloc(limit, sizeof *round.leads);
	if (!round.leads)
		return err_memory(err);
	arena_init(&round.arena, FILL_ARENA_MAX);
	enum err_code code = run_round(&round, err);

	grid_fill_destroy(round.grid);
	arena_release(&round.arena);
	free(round.leads);
	if (code == ERR_OK)
		*out_left = round.seen == limit;
	return code;
}
