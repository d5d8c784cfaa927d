#include "file/table.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

#include "file/delimited.h"
#include "file/ndjson.h"

/* The header's cells and its list of texts; the header itself is at most a row long. */
#define HEADER_BYTES_MAX ((size_t)1024 * 1024)

struct table {
	struct lines lines;
	bool has_delimited;
	struct delimited delimited;
	struct ndjson ndjson;
	struct layout layout;
	struct arena arena; /* of the headers */
	struct text *headers;
	size_t header_count;
	bool is_headless; /* the first row is data */
	bool has_first;   /* `first` was read ahead, to count the columns */
	struct record first;
	int64_t rows;     /* delivered so far */
	bool is_in_notes; /* below "Notes:" */
	char reason[RECORD_REASON_BYTES];
};

static enum err_code next_record(struct table *table, struct record *out, struct err *err)
{
	if (table->has_first) {
		*out = table->first;
		table->has_first = false;
		return ERR_OK;
	}
	if (table->has_delimited)
		return delimited_next(&table->delimited, &table->lines, out, err);
	return ndjson_next(&table->ndjson, &table->lines, out, err);
}

static struct text *copy_cells(struct arena *arena, const struct record *record, size_t count)
{
	struct text *cells = arena_zero(arena, count + 1, sizeof *cells);
	size_t bytes = 1;

	for (size_t i = 0; i < record->count && i < count; i++)
		bytes += record->cells[i].len;
	char *to = arena_take(arena, bytes);

	if (!cells || !to)
		return NULL;
	for (size_t i = 0; i < count; i++) {
		struct text cell = i < record->count ? record->cells[i] : TEXT("");

		memcpy(to, cell.ptr, cell.len);
		cells[i] = (struct text){to, cell.len};
		to += cell.len;
	}
	return cells;
}

/* Read up to the header that the layout names, and keep it. */
static enum err_code read_header(struct table *table, struct err *err)
{
	struct record record;

	do {
		enum err_code code = next_record(table, &record, err);

		if (code != ERR_OK)
			return code;
	} while (record.line != 0 && record.line < table->layout.header_line);
	if (record.line == 0 || table->layout.header_line == 0)
		return err_set(err, ERR_INVALID_INPUT, "",
			       "The file is empty. Its first row must name the columns.");
	if (record.reason)
		return err_set(err, ERR_INVALID_INPUT, "",
			       "The header on line %lld cannot be used: %s", (long long)record.line,
			       record.reason);
	table->headers = copy_cells(&table->arena, &record, record.count);
	table->header_count = record.count;
	return table->headers ? ERR_OK : err_memory(err);
}

/* "sep=;", which a spreadsheet wrote on the first line, is no row. */
static bool is_separator_note(const struct record *record)
{
	return record->line == 1 && !record->reason && record->count > 0 && record->count <= 2 &&
	       record->cells[0].len >= 4 && record->cells[0].len <= 5 &&
	       text_is_nocase((struct text){record->cells[0].ptr, 4}, TEXT("sep="));
}

/* Call the columns by their numbers: as many as the first row has. */
static enum err_code number_columns(struct table *table, struct err *err)
{
	struct record *first = &table->first;

	do {
		enum err_code code = next_record(table, first, err);

		if (code != ERR_OK)
			return code;
	} while (first->line != 0 && is_separator_note(first));
	if (first->line == 0)
		return err_set(err, ERR_INVALID_INPUT, "", "The file is empty.");
	if (first->reason)
		return err_set(err, ERR_INVALID_INPUT, "",
			       "The first row, on line %lld, cannot be used: %s",
			       (long long)first->line, first->reason);
	table->header_count = first->count;
	table->headers = arena_zero(&table->arena, first->count + 1, sizeof *table->headers);
	if (!table->headers)
		return err_memory(err);
	for (size_t i = 0; i < first->count; i++) {
		table->headers[i] = arena_format(&table->arena, "%zu", i + 1);
		if (!table->headers[i].ptr)
			return err_memory(err);
	}
	table->layout.header_line = 0;
	table->layout.known = 0;
	table->has_first = true;
	return ERR_OK;
}

static enum err_code begin(struct table *table, char delimiter, struct err *err)
{
	struct text sample;
	enum err_code code = lines_sample(&table->lines, &sample, err);

	if (code == ERR_OK)
		code = layout_find(sample, delimiter, &table->layout, err);
	if (code != ERR_OK)
		return code;
	if (table->layout.form != LAYOUT_DELIMITED) {
		ndjson_init(&table->ndjson, table->layout.form == LAYOUT_JSON_ARRAY);
		return ERR_OK;
	}
	code = delimited_init(&table->delimited, table->layout.delimiter, err);
	if (code != ERR_OK)
		return code;
	table->has_delimited = true;
	return table->is_headless ? number_columns(table, err) : read_header(table, err);
}

static struct table *allocate(void)
{
	struct table *table = calloc(1, sizeof *table);

	if (!table)
		return NULL;
	table->lines.fd = -1;
	arena_init(&table->arena, HEADER_BYTES_MAX);
	return table;
}

/* Finish making a table whose lines are open if `code` says so. */
static enum err_code complete(struct table *table, enum err_code code,
			      const struct table_options *options, struct table **out,
			      struct err *err)
{
	table->is_headless = options->is_headless;
	if (code == ERR_OK)
		code = begin(table, options->delimiter, err);
	if (code == ERR_OK)
		*out = table;
	else
		table_destroy(table);
	return code;
}

enum err_code table_create_fd(int take_fd, const struct table_options *options, struct table **out,
			      struct err *err)
{
	static const struct table_options usual = {.encoding = {NULL, 0}};
	struct lines lines;

	options = options ? options : &usual;
	enum err_code code =
		lines_init_fd(&lines, take_fd, options->encoding, options->read_bytes_max, err);

	if (code != ERR_OK)
		return code;
	struct table *table = allocate();

	if (!table) {
		lines_release(&lines);
		return err_memory(err);
	}
	table->lines = lines;
	return complete(table, ERR_OK, options, out, err);
}

enum err_code table_create_path(const char *path, const struct table_options *options,
				struct table **out, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return err_set(err, ERR_INVALID_INPUT, "", "The file %s cannot be opened: %s.",
			       path, strerror(errno));
	return table_create_fd(fd, options, out, err);
}

enum err_code table_create_memory(struct text bytes, const struct table_options *options,
				  struct table **out, struct err *err)
{
	static const struct table_options usual = {.encoding = {NULL, 0}};
	struct table *table = allocate();

	if (!table)
		return err_memory(err);
	options = options ? options : &usual;
	enum err_code code = lines_init_memory(&table->lines, bytes, options->encoding, err);

	return complete(table, code, options, out, err);
}

void table_destroy(struct table *table)
{
	if (!table)
		return;
	lines_release(&table->lines);
	if (table->has_delimited)
		delimited_release(&table->delimited);
	else
		ndjson_release(&table->ndjson);
	arena_release(&table->arena);
	free(table);
}

void table_info(const struct table *table, struct table_info *out)
{
	int64_t header_line = table->has_delimited ? table->layout.header_line : 0;

	*out = (struct table_info){
		.form = table->layout.form,
		.encoding = lines_encoding(&table->lines),
		.delimiter = table->layout.delimiter,
		.header_line = header_line,
		.preamble_lines = header_line ? header_line - 1 : 0,
		.headers = table->headers,
		.header_count = table->header_count,
		.known_count = table->layout.known,
		.bytes_read = table->lines.bytes_read,
		.bytes_total = table->lines.bytes_total,
	};
}

static bool is_header_again(const struct table *table, const struct record *record)
{
	if (record->reason || record->count != table->header_count)
		return false;
	for (size_t i = 0; i < record->count; i++) {
		if (!text_is_nocase(record->cells[i], table->headers[i]))
			return false;
	}
	return true;
}

/* The lines LinkedIn sometimes writes between header and data: "Notes:" and a sentence. */
static bool is_note(struct table *table, const struct record *record)
{
	if (record->line > table->layout.header_line + LAYOUT_LINES || record->reason ||
	    record->count != 1 || table->header_count < 3)
		return false;
	if (text_is_nocase(record->cells[0], TEXT("Notes:")))
		table->is_in_notes = true;
	return table->is_in_notes;
}

static bool is_row(struct table *table, const struct record *record)
{
	if (!table->has_delimited || table->is_headless)
		return true;
	return !is_header_again(table, record) && !is_note(table, record);
}

/* Short rows lack nothing but empty cells; long ones may have empty cells only. */
static void check_width(struct table *table, struct record *record)
{
	for (size_t i = table->header_count; i < record->count && !record->reason; i++) {
		if (record->cells[i].len == 0)
			continue;
		snprintf(table->reason, sizeof table->reason,
			 "The row has %zu cells, but the %s %zu. Quote cells that hold the "
			 "separator.",
			 record->count, table->is_headless ? "first row has" : "header names",
			 table->header_count);
		record->reason = table->reason;
	}
}

/* The next record that counts as a row, checked; record.line is 0 at the end. */
static enum err_code advance(struct table *table, struct record *out, struct err *err)
{
	for (;;) {
		struct record record;
		enum err_code code = next_record(table, &record, err);

		if (code != ERR_OK)
			return code;
		if (record.line == 0 || is_row(table, &record)) {
			table->rows += record.line != 0;
			*out = record;
			return ERR_OK;
		}
	}
}

static bool copy_row(const struct table *table, const struct record *record, struct arena *arena,
		     struct table_row *row)
{
	if (record->reason) {
		row->is_bad = true;
		row->reason = arena_copy(arena, text_of(record->reason)).ptr;
		return row->reason != NULL;
	}
	if (record->json.ptr) {
		row->json = arena_copy(arena, record->json);
		return row->json.ptr != NULL;
	}
	row->count = table->header_count;
	row->cells = copy_cells(arena, record, row->count);
	return row->cells != NULL;
}

enum err_code table_next(struct table *table, struct arena *arena, struct table_row *out,
			 struct err *err)
{
	struct record record;
	enum err_code code = advance(table, &record, err);

	if (code != ERR_OK)
		return code;
	struct table_row row = {.line = record.line};

	if (record.line != 0) {
		row.number = table->rows;
		if (table->has_delimited)
			check_width(table, &record);
		if (!copy_row(table, &record, arena, &row))
			return err_memory(err);
	}
	*out = row;
	return ERR_OK;
}

enum err_code table_skip(struct table *table, int64_t rows, struct err *err)
{
	struct record record = {.line = 1};

	for (int64_t i = 0; i < rows && record.line != 0; i++) {
		enum err_code code = advance(table, &record, err);

		if (code != ERR_OK)
			return code;
	}
	return ERR_OK;
}
