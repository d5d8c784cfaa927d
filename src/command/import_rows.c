#include "command/import_rows.h"

#include "command/lead_view.h"
#include "json/scan.h"
#include "store/imports.h"

#define LEADS_DEFAULT 10000
#define ROWS_DEFAULT 100
#define PAGE_ROWS 200 /* read at once */
#define PAGE_BYTES_MAX ((size_t)64 * 1024 * 1024)
#define LEADS_LETTER 'l'
#define ROWS_LETTER 'r'

/* One page after the other goes through an arena of its own, so that an answer costs its size. */
struct pages {
	struct call *call;
	struct db *db;
	struct arena arena;
	struct imports_rows_walk walk;
	struct writer writer;
	size_t left;  /* rows that may still be answered */
	bool is_more; /* there was another row */
};

static enum err_code find_import(struct call *call, struct db *db, struct import_row *out,
				 struct err *err)
{
	struct uuid id;

	if (command_id(call->input, "import_id", ERR_IMPORT_NOT_FOUND, &id, err) != ERR_OK ||
	    imports_find(db, call->arena, call->caller.workspace, id, out, err) != ERR_OK)
		return err->code;
	if (out->no == 0)
		return command_not_found(ERR_IMPORT_NOT_FOUND,
					 command_text(call->input, "import_id"), err);
	return ERR_OK;
}

static enum err_code write_lead(struct pages *pages, const struct import_lead *row, struct err *err)
{
	struct record record;

	if (record_read(&pages->arena, row->lead.doc, &record, err) != ERR_OK)
		return err->code;
	lead_view_write(&pages->writer, &pages->arena, &row->lead, &record,
			pages->call->profile == COMMAND_COMPACT);
	return ERR_OK;
}

/* One page of leads; *out_end: there was no full page. */
static enum err_code read_leads(struct pages *pages, bool *out_end, struct err *err)
{
	struct import_lead *rows;
	size_t count;

	pages->walk.limit = pages->left < PAGE_ROWS ? pages->left + 1 : PAGE_ROWS;
	arena_reset(&pages->arena);
	rows = arena_zero(&pages->arena, pages->walk.limit, sizeof *rows);
	if (!rows)
		return err_memory(err);
	if (imports_leads(pages->db, &pages->arena, &pages->walk, rows, &count, err) != ERR_OK)
		return err->code;
	pages->is_more = count > pages->left;
	for (size_t i = 0; i < count && pages->left > 0; i++) {
		if (write_lead(pages, &rows[i], err) != ERR_OK)
			return err->code;
		pages->walk.above = rows[i].row;
		pages->left--;
	}
	*out_end = count < pages->walk.limit || pages->is_more;
	return ERR_OK;
}

/* [{"lead_id":…}, …] as a plain list of ids. */
static void write_candidates(struct writer *writer, struct text candidates)
{
	struct scan scan = scan_of(candidates);
	struct text key, value;

	writer_key(writer, TEXT("candidates"));
	writer_begin_array(writer);
	while (candidates.ptr && scan_next(&scan, &key, &value))
		writer_raw(writer, scan_member(value, TEXT("lead_id")));
	writer_end_array(writer);
}

static void write_refused(struct writer *writer, const struct import_result *row)
{
	static const char *const members[] = {"column", "code", "message", "cells"};
	struct text candidates = scan_member(row->detail, TEXT("candidates"));

	writer_begin_object(writer);
	writer_member_int(writer, "row", row->row);
	writer_member_text(writer, "outcome", text_of(imports_outcome_name(row->outcome)));
	for (size_t i = 0; i < ARRAY_LEN(members); i++)
		writer_member_raw(writer, members[i],
				  scan_member(row->detail, text_of(members[i])));
	if (candidates.ptr)
		write_candidates(writer, candidates);
	writer_end_object(writer);
}

static enum err_code read_refused(struct pages *pages, bool *out_end, struct err *err)
{
	struct import_result *rows;
	size_t count;

	pages->walk.limit = pages->left < PAGE_ROWS ? pages->left + 1 : PAGE_ROWS;
	arena_reset(&pages->arena);
	rows = arena_zero(&pages->arena, pages->walk.limit, sizeof *rows);
	if (!rows)
		return err_memory(err);
	if (imports_refused(pages->db, &pages->arena, &pages->walk, rows, &count, err) != ERR_OK)
		return err->code;
	pages->is_more = count > pages->left;
	for (size_t i = 0; i < count && pages->left > 0; i++) {
		write_refused(&pages->writer, &rows[i]);
		pages->walk.above = rows[i].row;
		pages->left--;
	}
	*out_end = count < pages->walk.limit || pages->is_more;
	return ERR_OK;
}

typedef enum err_code page_reader(struct pages *pages, bool *out_end, struct err *err);

/* Write {"import_id": …, "columns": …, "KEY": [page after page]}; `columns` may be absent. */
static enum err_code answer(struct pages *pages, struct text columns, const char *key,
			    page_reader *read, struct err *err)
{
	struct call *call = pages->call;
	enum err_code code = ERR_OK;
	bool is_end = false;

	pages->writer = reply_begin(&call->reply, call->arena);
	writer_begin_object(&pages->writer);
	writer_member_text(&pages->writer, "import_id", command_text(call->input, "import_id"));
	if (columns.ptr)
		writer_member_raw(&pages->writer, "columns", columns);
	writer_key(&pages->writer, text_of(key));
	writer_begin_array(&pages->writer);
	arena_init(&pages->arena, PAGE_BYTES_MAX);
	while (code == ERR_OK && !is_end)
		code = read(pages, &is_end, err);
	arena_release(&pages->arena);
	if (code != ERR_OK)
		return code;
	writer_end_array(&pages->writer);
	writer_end_object(&pages->writer);
	if (reply_end(&call->reply))
		return ERR_OK;
	return err_set(err, ERR_TOO_LARGE, "/limit",
		       "The answer would be too large. Ask for fewer rows with limit.");
}

enum err_code import_rows_leads(struct call *call, struct txn *txn, struct err *err)
{
	struct pages pages = {.call = call, .db = txn->db};
	struct import_row import;

	pages.left = (size_t)command_int(call->input, "limit", LEADS_DEFAULT);
	if (find_import(call, txn->db, &import, err) != ERR_OK ||
	    command_cursor(call->input, LEADS_LETTER, &pages.walk.above, err) != ERR_OK)
		return err->code;
	pages.walk.workspace = call->caller.workspace;
	pages.walk.import_no = import.no;
	if (answer(&pages, TEXT_NONE, "leads", read_leads, err) != ERR_OK)
		return err->code;
	if (!pages.is_more)
		return ERR_OK;
	call->reply.next_cursor = command_cursor_text(call->arena, LEADS_LETTER, pages.walk.above);
	reply_warn(&call->reply, TEXT("There are more leads: send meta.next_cursor back as cursor "
				      "to go on."));
	return ERR_OK;
}

enum err_code import_rows_refused(struct call *call, struct txn *txn, struct err *err)
{
	struct text outcome = command_text(call->input, "outcome");
	struct pages pages = {.call = call, .db = txn->db};
	struct import_row import;

	pages.left = (size_t)command_int(call->input, "limit", ROWS_DEFAULT);
	pages.walk.outcome = outcome.ptr ? (int)imports_outcome_parse(outcome) : -1;
	if (find_import(call, txn->db, &import, err) != ERR_OK ||
	    command_cursor(call->input, ROWS_LETTER, &pages.walk.above, err) != ERR_OK)
		return err->code;
	pages.walk.workspace = call->caller.workspace;
	pages.walk.import_no = import.no;
	if (answer(&pages, import.columns, "rows", read_refused, err) != ERR_OK)
		return err->code;
	if (pages.is_more)
		call->reply.next_cursor =
			command_cursor_text(call->arena, ROWS_LETTER, pages.walk.above);
	return ERR_OK;
}
