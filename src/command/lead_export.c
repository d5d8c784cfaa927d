#include "command/lead_export.h"

#include "command/command.h"
#include "command/export_commands.h"
#include "command/lead_known.h"
#include "command/lead_view.h"
#include "file/csv.h"
#include "json/parse.h"
#include "json/scan.h"
#include "store/lists.h"

#define ROWS_AT_ONCE 128
#define PAGE_BYTES ((size_t)256 * 1024)
#define PAGE_ROWS_MAX 8192 /* looked at, so that a filter does not hold up other reads */
#define TAGS_BYTES_MAX ((size_t)1024 * 1024)
#define KEPT_BYTES_MAX ((size_t)4 * 1024 * 1024)
#define KEPT_REACH_MS 5000
#define KEPT_LEADS_MAX 10000000
#define EXTERNAL_IDS_MAX 10 /* what an input of lead.upsert takes */

static const char *const format_names[] = {"csv", "ndjson"};

/* A lead being written. */
struct line {
	struct arena *arena;
	const struct lead_row *row;
	const struct record *record;
	struct lead_known *known;
	struct buf *out;
	struct writer writer;
};

/* What an input says besides profile fields, and columns that an import leaves alone. */
enum column {
	COLUMN_LEAD_ID,
	COLUMN_EMAIL,
	COLUMN_PERSONAL_EMAIL,
	COLUMN_LINKEDIN_URL,
	COLUMN_LINKEDIN_ID,
	COLUMN_SALES_NAVIGATOR_ID,
	COLUMN_CUSTOM_ID,
	COLUMN_EXTERNAL_IDS,
	COLUMN_ADDED_AT,
	COLUMN_UPDATED_AT
};

static const char *const column_names[] = {
	[COLUMN_LEAD_ID] = "lead_id",
	[COLUMN_EMAIL] = "email",
	[COLUMN_PERSONAL_EMAIL] = "personal_email",
	[COLUMN_LINKEDIN_URL] = "linkedin_url",
	[COLUMN_LINKEDIN_ID] = "linkedin_id",
	[COLUMN_SALES_NAVIGATOR_ID] = "sales_navigator_id",
	[COLUMN_CUSTOM_ID] = "custom_id",
	[COLUMN_EXTERNAL_IDS] = "external_ids",
	[COLUMN_ADDED_AT] = "added_at", /* an import takes created_at as metadata */
	[COLUMN_UPDATED_AT] = "updated_at",
};

static struct text plain(const struct line *line, enum field_id field)
{
	struct text value = line->record->values[field];

	return value.ptr ? scan_string(line->arena, value) : TEXT_NONE;
}

/* The number of a LinkedIn member whose ids are not known. */
static struct text bare_member(const struct record *record)
{
	for (size_t i = 0; i < record->held_count; i++) {
		if (identifier_space_of(record->held[i].kind) == IDENTIFIER_BY_NUMBER)
			return record->held[i].value;
	}
	return TEXT_NONE;
}

static struct text linkedin_id(const struct line *line)
{
	const struct record *record = line->record;

	if (record->values[FIELD_LN_ID].ptr)
		return plain(line, FIELD_LN_ID);
	if (record->values[FIELD_SN_ID].ptr)
		return TEXT_NONE;
	return bare_member(record);
}

/* By its profile name; a value that names nobody for certain goes back in as it came. */
static struct text linkedin_url(const struct line *line)
{
	if (line->record->values[FIELD_LINKEDIN].ptr)
		return lead_view_profile_url(line->arena, line->record);
	return plain(line, FIELD_LINKEDIN_UNVERIFIED);
}

/* The first id of our own namespace. */
static struct text custom_id(const struct record *record)
{
	for (size_t i = 0; i < record->held_count; i++) {
		struct text id, source = text_split(record->held[i].value, '\t', &id);

		if (identifier_space_of(record->held[i].kind) == IDENTIFIER_BY_SOURCE &&
		    text_is(source, TEXT("default")))
			return id;
	}
	return TEXT_NONE;
}

/* [{"source":…,"id":…}], absent when there are none. */
static struct text external_ids(const struct line *line)
{
	const struct record *record = line->record;
	struct buf buf;
	struct writer writer = writer_on(&buf);
	size_t count = 0;

	buf_init_arena(&buf, line->arena, 64 * 1024);
	writer_begin_array(&writer);
	for (size_t i = 0; i < record->held_count && count < EXTERNAL_IDS_MAX; i++) {
		struct text id, source = text_split(record->held[i].value, '\t', &id);

		if (identifier_space_of(record->held[i].kind) != IDENTIFIER_BY_SOURCE)
			continue;
		writer_begin_object(&writer);
		writer_member_text(&writer, "source", source);
		writer_member_text(&writer, "id", id);
		writer_end_object(&writer);
		count++;
	}
	writer_end_array(&writer);
	return count > 0 ? buf_text(&buf) : TEXT_NONE;
}

static struct text uuid_text(const struct line *line)
{
	char text[UUID_TEXT_LEN + 1];

	uuid_format(line->row->id, text);
	return arena_copy(line->arena, text_of(text));
}

static struct text time_text(const struct line *line, int64_t at_ms)
{
	char text[CLOCK_TEXT_LEN + 1];

	clock_format(at_ms, text);
	return arena_copy(line->arena, text_of(text));
}

static struct text column_value(const struct line *line, enum column column)
{
	switch (column) {
	case COLUMN_LEAD_ID:
		return uuid_text(line);
	case COLUMN_EMAIL:
		return plain(line, FIELD_EMAIL);
	case COLUMN_PERSONAL_EMAIL:
		return plain(line, FIELD_PERSONAL_EMAIL);
	case COLUMN_LINKEDIN_URL:
		return linkedin_url(line);
	case COLUMN_LINKEDIN_ID:
		return linkedin_id(line);
	case COLUMN_SALES_NAVIGATOR_ID:
		return plain(line, FIELD_SN_ID);
	case COLUMN_CUSTOM_ID:
		return custom_id(line->record);
	case COLUMN_EXTERNAL_IDS:
		return external_ids(line);
	case COLUMN_ADDED_AT:
		return time_text(line, line->row->created_ms);
	case COLUMN_UPDATED_AT:
		return time_text(line, line->row->updated_ms);
	}
	return TEXT_NONE;
}

/* ndjson */

static void write_json(struct line *line)
{
	struct writer *writer = &line->writer;
	struct text externals = external_ids(line);

	writer_begin_object(writer);
	for (int column = COLUMN_LEAD_ID; column < COLUMN_CUSTOM_ID; column++) {
		struct text value = column_value(line, (enum column)column);

		if (value.ptr)
			writer_member_text(writer, column_names[column], value);
	}
	if (externals.ptr)
		writer_member_raw(writer, column_names[COLUMN_EXTERNAL_IDS], externals);
	for (int id = 0; id < FIELD_COUNT; id++) {
		struct text value = line->record->values[id];

		if (!field_rows[id].input || !value.ptr)
			continue;
		writer_key(writer, field_rows[id].name);
		if (id == FIELD_STATUS)
			writer_text(writer,
				    status_word(record_status(line->record), STATUS_RUNTIME));
		else
			writer_raw(writer, value);
	}
	writer_end_object(writer);
	buf_add_char(line->out, '\n');
}

/* csv */

static void write_cell(struct line *line, struct text cell)
{
	if (line->writer.comma)
		buf_add_char(line->out, ',');
	line->writer.comma = true;
	csv_add_safe_cell(line->out, cell);
}

/* ["a","b"]; absent when it has none. */
static enum err_code tag_names(const struct line *line, struct text *out, struct err *err)
{
	struct buf buf;
	struct writer writer = writer_on(&buf);

	buf_init_arena(&buf, line->arena, TAGS_BYTES_MAX);
	if (lead_known_write_tags(line->known, LEAD_KNOWN_TAG, line->record->values[FIELD_TAGS],
				  &writer, err) != ERR_OK)
		return err->code;
	if (buf.failed)
		return err_memory(err);
	*out = buf.len > 2 ? buf_text(&buf) : TEXT_NONE;
	return ERR_OK;
}

/* "a","b" in one cell: what is between quotes is one tag, with whatever commas it has. */
static struct text tags_cell(const struct line *line)
{
	struct scan scan = scan_of(line->record->values[FIELD_TAGS]);
	struct text key, value;
	struct buf buf;

	buf_init_arena(&buf, line->arena, TAGS_BYTES_MAX);
	while (scan_next(&scan, &key, &value)) {
		if (buf.len > 0)
			buf_add_char(&buf, ',');
		buf_add_char(&buf, '"');
		scan_unescape(value, &buf);
		buf_add_char(&buf, '"');
	}
	return buf_text(&buf);
}

/* Profile fields that fit into a cell. */
static bool is_cell(enum field_id field)
{
	return field_rows[field].input &&
	       (field_rows[field].type != FIELD_TYPE_ARRAY || field == FIELD_TAGS);
}

static struct text field_cell(const struct line *line, enum field_id field)
{
	struct text value = line->record->values[field];

	if (field == FIELD_STATUS)
		return status_word(record_status(line->record), STATUS_RUNTIME);
	if (!value.ptr)
		return TEXT("");
	if (field == FIELD_TAGS)
		return tags_cell(line);
	return field_rows[field].type == FIELD_TYPE_TEXT ? plain(line, field) : value;
}

/* Who it is stands in front, where a person looks first. */
static const enum field_id name_fields[] = {FIELD_NAME, FIELD_FIRST_NAME, FIELD_LAST_NAME};

static bool is_name(enum field_id field)
{
	for (size_t i = 0; i < ARRAY_LEN(name_fields); i++) {
		if (field == name_fields[i])
			return true;
	}
	return false;
}

/* One line: the header's names, when there is no row, or the row's cells. */
static void write_csv(struct line *line)
{
	for (int column = 0; column < (int)ARRAY_LEN(column_names); column++) {
		write_cell(line, line->row ? column_value(line, (enum column)column)
					   : text_of(column_names[column]));
		for (size_t i = 0; column == COLUMN_LEAD_ID && i < ARRAY_LEN(name_fields); i++)
			write_cell(line, line->row ? field_cell(line, name_fields[i])
						   : field_rows[name_fields[i]].name);
	}
	for (int id = 0; id < FIELD_COUNT; id++) {
		enum field_id field = (enum field_id)id;

		if (is_cell(field) && !is_name(field))
			write_cell(line,
				   line->row ? field_cell(line, field) : field_rows[field].name);
	}
	buf_add_char(line->out, '\n');
}

/* paging */

static enum err_code no_list(struct err *err)
{
	return err_set(err, ERR_LIST_NOT_FOUND, "/list_id",
		       "There is no such list. list.list finds the ids of those there are.");
}

/* The format that `word` names; absent: csv. False for another word. */
static bool read_format(struct text word, enum lead_export_format *out)
{
	bool is_ndjson = text_is(word, text_of(format_names[LEAD_EXPORT_NDJSON]));

	*out = is_ndjson ? LEAD_EXPORT_NDJSON : LEAD_EXPORT_CSV;
	return is_ndjson || !word.ptr || text_is(word, text_of(format_names[LEAD_EXPORT_CSV]));
}

enum err_code lead_export_init(struct lead_export *export, int64_t workspace,
			       const struct lead_export_wish *wish, struct err *err)
{
	struct lead_export begun = {.workspace = workspace, .above = 0};

	begun.kept = wish->export;
	begun.engine = wish->engine;
	if (!read_format(wish->format, &begun.format))
		return err_set(err, ERR_INVALID_INPUT, "/format", "format is csv or ndjson.");
	if (wish->status.len > 0 && !status_set(wish->status, STATUS_RUNTIME, &begun.statuses))
		return err_set(err, ERR_INVALID_INPUT, "/status",
			       "This is no status. Take one of New, Waiting, Contacted, Replied, "
			       "MeetingBooked, Interested, NotInterested, DoNotContact.");
	begun.by_list = wish->list_id.len > 0;
	if (begun.by_list && !uuid_parse(wish->list_id, &begun.list))
		return no_list(err);
	*export = begun;
	return ERR_OK;
}

static enum err_code check_list(const struct lead_export *export, struct db *db, struct err *err)
{
	bool exists = true;

	if (export->by_list &&
	    lists_exists(db, export->workspace, export->list, &exists, err) != ERR_OK)
		return err->code;
	return exists ? ERR_OK : no_list(err);
}

static bool is_on_list(const struct lead_export *export, const struct record *record)
{
	struct scan scan = scan_of(record->values[FIELD_LISTS]);
	char id[UUID_TEXT_LEN + 1];
	struct text key, value;

	uuid_format(export->list, id);
	while (record->values[FIELD_LISTS].ptr && scan_next(&scan, &key, &value)) {
		if (value.len == UUID_TEXT_LEN + 2 && memcmp(value.ptr + 1, id, UUID_TEXT_LEN) == 0)
			return true;
	}
	return false;
}

static bool is_wanted(const struct lead_export *export, const struct record *record)
{
	if (export->statuses && !(export->statuses & 1u << record_status(record)))
		return false;
	return !export->by_list || is_on_list(export, record);
}

static enum err_code add_lead(struct lead_export *export, struct lead_known *known,
			      const struct lead_row *row, struct buf *out, struct err *err)
{
	struct arena *arena = known->arena;
	struct record *record = arena_take(arena, sizeof *record);
	struct line line = {.arena = arena,
			    .row = row,
			    .record = record,
			    .known = known,
			    .out = out,
			    .writer = writer_on(out)};

	if (!record)
		return err_memory(err);
	if (record_read(arena, row->doc, record, err) != ERR_OK)
		return err->code;
	export->above = row->no;
	while (export->next < export->all.count && export->all.numbers[export->next] <= row->no)
		export->next++;
	if (!is_wanted(export, record))
		return ERR_OK;
	/* What a line shows of tags are their names, as an input has them. */
	if (record->values[FIELD_TAGS].ptr &&
	    tag_names(&line, &record->values[FIELD_TAGS], err) != ERR_OK)
		return err->code;
	if (export->format == LEAD_EXPORT_CSV)
		write_csv(&line);
	else
		write_json(&line);
	return out->failed ? err_memory(err) : ERR_OK;
}

/* The rows of the next leads of a kept export; of one that was deleted, none. */
static enum err_code read_kept(struct lead_export *export, struct arena *arena, struct txn *txn,
			       struct leads_rows *page, struct err *err)
{
	size_t at = export->next;

	page->count = 0;
	for (; at < export->all.count && page->count < page->limit; at++) {
		struct lead_row *row = &page->rows[page->count];

		if (leads_read(txn->db, arena, export->workspace, export->all.numbers[at], row,
			       err) != ERR_OK)
			return err->code;
		page->count += row->no != 0;
	}
	export->is_ended = at == export->all.count;
	return ERR_OK;
}

static enum err_code read_next(struct lead_export *export, struct arena *arena, struct txn *txn,
			       struct leads_rows *page, struct err *err)
{
	const struct leads_walk walk = {.workspace = export->workspace, .above = export->above};

	if (export->kept.ptr)
		return read_kept(export, arena, txn, page, err);
	if (leads_page_upward(txn->db, arena, &walk, page, err) != ERR_OK)
		return err->code;
	export->is_ended = page->count < page->limit;
	return ERR_OK;
}

/* Read and write at most `limit` leads; *out_count: how many were read. */
static enum err_code add_leads(struct lead_export *export, struct arena *arena, struct txn *txn,
			       size_t limit, struct buf *out, struct err *err)
{
	struct leads_rows page = {.limit = limit};
	struct lead_known known;

	arena_reset(arena);
	lead_known_init(&known, arena, txn->db, export->workspace);
	page.rows = arena_take(arena, limit * sizeof *page.rows);
	if (!page.rows)
		return err_memory(err);
	if (read_next(export, arena, txn, &page, err) != ERR_OK)
		return err->code;
	for (size_t i = 0; i < page.count; i++) {
		if (out->len >= PAGE_BYTES) {
			export->is_ended = false;
			return ERR_OK;
		}
		if (add_lead(export, &known, &page.rows[i], out, err) != ERR_OK)
			return err->code;
	}
	return ERR_OK;
}

/* Find the leads that a kept export means. */
static enum err_code open_kept(struct lead_export *export, struct arena *arena, struct txn *txn,
			       struct err *err)
{
	const struct parse_limits limits = {.bytes_max = KEPT_BYTES_MAX, .depth_max = 16};
	struct export_kept kept;
	struct lead_select *select;
	json_t *input;
	bool behind;

	arena_reset(arena);
	if (export_commands_read(txn->db, arena, export->workspace, export->kept, &kept, err) !=
		    ERR_OK ||
	    parse_json(kept.selection, &limits, &input, err) != ERR_OK)
		return err->code;
	enum err_code code = lead_select_parse(arena, export->workspace, input, &select, err);

	if (code == ERR_OK)
		code = engine_search_reach(export->engine, txn, KEPT_REACH_MS, &behind, err);
	if (code == ERR_OK && behind)
		code = err_set(
			err, ERR_BUSY, "",
			"The search index is behind what was written, so that leads would be "
			"missing in the file. Try again in some seconds.");
	if (code == ERR_OK)
		code = lead_select_collect(select, txn, KEPT_LEADS_MAX, &export->all, err);
	json_decref(input);
	if (code == ERR_OK && !read_format(kept.format, &export->format))
		return err_internal(err, "a stored export is damaged");
	return code;
}

enum err_code lead_export_page(struct lead_export *export, struct arena *arena, struct txn *txn,
			       struct buf *out, struct err *err)
{
	struct line header = {.arena = arena, .out = out, .writer = writer_on(out)};
	size_t limit = ROWS_AT_ONCE;

	if (!export->is_begun && check_list(export, txn->db, err) != ERR_OK)
		return err->code;
	if (!export->is_begun && export->kept.ptr && open_kept(export, arena, txn, err) != ERR_OK)
		return err->code;
	if (!export->is_begun && export->format == LEAD_EXPORT_CSV)
		write_csv(&header);
	export->is_begun = true;
	for (size_t seen = 0; seen < PAGE_ROWS_MAX; seen += limit) {
		if (export->is_ended || out->len >= PAGE_BYTES)
			break;
		enum err_code code = add_leads(export, arena, txn, limit, out, err);

		/* Leads may be very large; one at a time they fit. */
		if (code == ERR_BUSY && limit > 1 && !out->failed)
			limit = 1;
		else if (code != ERR_OK)
			return code;
	}
	return ERR_OK;
}

void lead_export_release(struct lead_export *export)
{
	lead_select_release(&export->all);
	export->all = (struct lead_select_all){.numbers = NULL};
}

struct text lead_export_type(enum lead_export_format format)
{
	return format == LEAD_EXPORT_CSV ? TEXT("text/csv; charset=utf-8")
					 : TEXT("application/x-ndjson");
}

struct text lead_export_format_name(enum lead_export_format format)
{
	return text_of(format_names[format]);
}
