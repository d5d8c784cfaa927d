#include "store/search.h"

#include <stdio.h>
#include <stdlib.h>

#include <utf8proc.h>

#include "json/scan.h"
#include "lead/record.h"
#include "store/leads.h"
#include "store/migrate.h"

#define WORDS_MAX 16
#define FILL_ARENA_MAX ((size_t)4 * 1024 * 1024)

struct search {
	struct db *db;
};

enum err_code search_create(const char *path, bool writes, const struct clock *clock,
			    struct search **out, struct err *err)
{
	char file[4200];
	struct search *search = calloc(1, sizeof *search);
	struct db_settings settings = {.path = file,
				       .mode = writes ? DB_DERIVED : DB_READ,
				       .cache_kib = writes ? 16 * 1024 : 8 * 1024,
				       .busy_timeout_ms = 5000};
	size_t ran;

	if (!search)
		return err_memory(err);
	snprintf(file, sizeof file, "%s.search", path);
	if (db_create(&settings, &search->db, err) != ERR_OK ||
	    (writes && migrate_run(search->db, migrations_search, migrations_search_count,
				   clock_now_ms(clock), &ran, err) != ERR_OK)) {
		search_destroy(search);
		return err->code;
	}
	*out = search;
	return ERR_OK;
}

void search_destroy(struct search *search)
{
	if (!search)
		return;
	db_destroy(search->db);
	free(search);
}

struct db *search_db(struct search *search)
{
	return search->db;
}

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

/*
 * *out: the last change that the index has seen, -1 when it belongs to another database, or to a
 * later state of this one: a backup was put in its place.
 */
static enum err_code read_progress(struct search *search, struct db *main, struct uuid *out_origin,
				   int64_t *out, struct err *err)
{
	struct db_row *row = db_query(search->db, QUERY_SEARCH_PROGRESS);
	struct uuid origin, seen_origin = {{0}};
	int64_t last, seen = 0;
	bool found;

	if (db_step(row, &found, err) != ERR_OK)
		return err->code;
	if (found) {
		seen = db_int(row, 0);
		seen_origin = db_uuid(row, 1);
	}
	db_end(row);
	/* After the index, which another program may be filling: it never is ahead of this. */
	if (read_origin(main, &origin, err) != ERR_OK ||
	    db_number(db_query(main, QUERY_CHANGE_LAST_NUMBER), &last, err) != ERR_OK)
		return err->code;
	if (found && (seen > last || !uuid_is(seen_origin, origin)))
		seen = -1;
	*out_origin = origin;
	*out = seen;
	return ERR_OK;
}

static enum err_code write_progress(struct search *search, int64_t change, struct uuid origin,
				    struct err *err)
{
	struct db_row *row = db_query(search->db, QUERY_SEARCH_PROGRESS_SET);

	db_bind_int(row, 1, change);
	db_bind_uuid(row, 2, origin);
	return db_run(row, NULL, err);
}

static enum err_code drop_lead(struct search *search, int64_t no, struct err *err)
{
	struct db_row *row = db_query(search->db, QUERY_SEARCH_DROP);

	db_bind_int(row, 1, no);
	return db_run(row, NULL, err);
}

static enum err_code put_lead(struct search *search, struct arena *arena, int64_t no,
			      const struct record *record, struct err *err)
{
	static const enum field_id fields[] = {FIELD_NAME, FIELD_EMAIL, FIELD_COMPANY, FIELD_TITLE,
					       FIELD_JOB_TITLE};
	struct db_row *row = db_query(search->db, QUERY_SEARCH_PUT);

	db_bind_int(row, 1, no);
	for (size_t i = 0; i < ARRAY_LEN(fields); i++)
		db_bind_text(row, (int)i + 2, scan_string(arena, record->values[fields[i]]));
	return db_run(row, NULL, err);
}

static enum err_code index_lead(struct search *search, struct db *main, struct arena *arena,
				int64_t no, struct err *err)
{
	struct lead_row lead;
	struct record record;
	int64_t workspace = no >> LEADS_NUMBER_BITS;

	arena_reset(arena);
	if (leads_read(main, arena, workspace, no, &lead, err) != ERR_OK)
		return err->code;
	if (lead.no == 0)
		return drop_lead(search, no, err);
	if (record_read(arena, lead.doc, &record, err) != ERR_OK)
		return err->code;
	return put_lead(search, arena, no, &record, err);
}

struct pending {
	int64_t *leads;
	size_t count;
	int64_t last_change;
	size_t seen;
};

static int by_number(const void *a, const void *b)
{
	int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;

	return (left > right) - (left < right);
}

/* The leads that the changes above `from` touch, each once, in order. */
static enum err_code read_pending(struct db *main, int64_t from, size_t limit, struct pending *out,
				  struct err *err)
{
	struct db_row *row = db_query(main, QUERY_CHANGE_SEARCHABLE);
	bool found = true;
	size_t kept = 0;

	db_bind_int(row, 1, from);
	db_bind_int(row, 2, (int64_t)limit);
	while (found && out->seen < limit) {
		if (db_step(row, &found, err) != ERR_OK)
			return err->code;
		if (!found)
			break;
		out->last_change = db_int(row, 0);
		out->seen++;
		if (db_int(row, 2))
			out->leads[out->count++] = db_int(row, 1);
	}
	db_end(row);
	qsort(out->leads, out->count, sizeof out->leads[0], by_number);
	for (size_t i = 0; i < out->count; i++) {
		if (kept == 0 || out->leads[kept - 1] != out->leads[i])
			out->leads[kept++] = out->leads[i];
	}
	out->count = kept;
	return ERR_OK;
}

static enum err_code index_pending(struct search *search, struct db *main,
				   const struct pending *pending, struct err *err)
{
	struct arena arena;
	enum err_code code = ERR_OK;

	arena_init(&arena, FILL_ARENA_MAX);
	for (size_t i = 0; i < pending->count && code == ERR_OK; i++)
		code = index_lead(search, main, &arena, pending->leads[i], err);
	arena_release(&arena);
	return code;
}

static enum err_code fill_locked(struct search *search, struct db *main, struct pending *pending,
				 size_t limit, struct err *err)
{
	struct uuid origin;
	int64_t from;

	if (read_progress(search, main, &origin, &from, err) != ERR_OK)
		return err->code;
	if (from < 0 &&
	    (db_script(search->db, "DELETE FROM lead_text; DELETE FROM progress", err) != ERR_OK))
		return err->code;
	if (read_pending(main, from < 0 ? 0 : from, limit, pending, err) != ERR_OK ||
	    index_pending(search, main, pending, err) != ERR_OK)
		return err->code;
	if (pending->seen == 0)
		return ERR_OK;
	return write_progress(search, pending->last_change, origin, err);
}

enum err_code search_fill(struct search *search, struct db *main, size_t limit, bool *out_left,
			  struct err *err)
{
	struct pending pending = {.leads = calloc(limit, sizeof(int64_t))};
	enum err_code code;

	if (!pending.leads)
		return err_memory(err);
	code = db_begin_write(search->db, err);
	if (code == ERR_OK) {
		code = fill_locked(search, main, &pending, limit, err);
		if (code == ERR_OK)
			code = db_commit(search->db, err);
		else
			db_rollback(search->db);
	}
	free(pending.leads);
	if (code == ERR_OK)
		*out_left = pending.seen == limit;
	return code;
}

enum err_code search_merge(struct search *search, int64_t pages, bool *out_left, struct err *err)
{
	struct db_row *row;
	int64_t before = db_total_changes(search->db);

	if (db_begin_write(search->db, err) != ERR_OK)
		return err->code;
	row = db_query(search->db, QUERY_SEARCH_MERGE);
	db_bind_int(row, 1, pages);
	if (db_run(row, NULL, err) != ERR_OK) {
		db_rollback(search->db);
		return err->code;
	}
	if (db_commit(search->db, err) != ERR_OK)
		return err->code;
	/* FTS5: fewer than two changed rows say that there was nothing to merge. */
	*out_left = db_total_changes(search->db) - before >= 2;
	return ERR_OK;
}

enum err_code search_behind(struct search *search, struct db *main, int64_t *out, struct err *err)
{
	struct uuid origin;
	int64_t seen, last;

	if (read_progress(search, main, &origin, &seen, err) != ERR_OK ||
	    db_number(db_query(main, QUERY_CHANGE_LAST_NUMBER), &last, err) != ERR_OK)
		return err->code;
	*out = last - (seen < 0 ? 0 : seen);
	return ERR_OK;
}

/*
 * Letters and digits of all scripts make up words, as they do for the index; it refuses a word in
 * which it sees two. Its tables are older than ours where some vowel signs are concerned.
 */
static bool is_word_char(utf8proc_int32_t c)
{
	switch (utf8proc_category(c)) {
	case UTF8PROC_CATEGORY_LU:
	case UTF8PROC_CATEGORY_LL:
	case UTF8PROC_CATEGORY_LT:
	case UTF8PROC_CATEGORY_LM:
	case UTF8PROC_CATEGORY_LO:
		return (c < 0x19B0 || c > 0x19C9) && c != 0x1CF2 && c != 0x1CF3;
	case UTF8PROC_CATEGORY_ND:
	case UTF8PROC_CATEGORY_NL:
	case UTF8PROC_CATEGORY_NO:
	case UTF8PROC_CATEGORY_CO:
		return true;
	default:
		return false;
	}
}

/* Accents that follow their letter; the index leaves them out. */
static bool is_accent(utf8proc_int32_t c)
{
	return c >= 0x300 && c <= 0x36F;
}

/* Append `column : "word" *` for each word of `text`, joined by AND. */
static void add_words(struct buf *buf, struct text text, const char *column, size_t *words)
{
	bool inside = false;

	while (text.len > 0) {
		utf8proc_int32_t c;
		utf8proc_ssize_t len = utf8proc_iterate((const utf8proc_uint8_t *)text.ptr,
							(utf8proc_ssize_t)text.len, &c);
		struct text bytes = {text.ptr, len > 0 ? (size_t)len : 1};

		text = text_skip(text, bytes.len);
		if (is_accent(c))
			continue;
		bool part = is_word_char(c);

		if (part && !inside) {
			if (*words == WORDS_MAX)
				return;
			buf_add_format(buf, "%s%s\"", *words ? " AND " : "", column);
			(*words)++;
		}
		if (inside && !part)
			buf_add(buf, TEXT("\" *"));
		if (part)
			buf_add(buf, bytes);
		inside = part;
	}
	if (inside)
		buf_add(buf, TEXT("\" *"));
}

enum err_code search_expression(struct arena *arena, const struct search_terms *terms,
				struct text *out, struct err *err)
{
	struct buf buf;
	size_t words = 0;

	buf_init_arena(&buf, arena, 64 * 1024);
	add_words(&buf, terms->any, "", &words);
	add_words(&buf, terms->name, "name : ", &words);
	add_words(&buf, terms->company, "company : ", &words);
	if (buf.failed)
		return err_memory(err);
	*out = words ? buf_text(&buf) : TEXT_NONE;
	return ERR_OK;
}

enum err_code search_find(struct search *search, struct search_page *page, struct err *err)
{
	struct db_row *row = db_query(search->db, QUERY_SEARCH_FIND);
	int64_t below = page->below ? page->below : leads_last_number(page->workspace) + 1;
	size_t count = 0;
	bool found = true;

	db_bind_text(row, 1, page->expression);
	db_bind_int(row, 2, below);
	db_bind_int(row, 3, leads_first_number(page->workspace));
	db_bind_int(row, 4, (int64_t)page->limit);
	while (found && count < page->limit) {
		if (db_step(row, &found, err) != ERR_OK)
			return err->code;
		if (found)
			page->numbers[count++] = db_int(row, 0);
	}
	db_end(row);
	page->count = count;
	return ERR_OK;
}
