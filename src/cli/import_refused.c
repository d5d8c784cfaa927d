#include "cli/import_refused.h"

#include <errno.h>
#include <stdio.h>

#include "file/csv.h"

#define PAGE_ROWS 200
#define LINE_BYTES_MAX ((size_t)4 * 1024 * 1024)

struct writing {
	struct reach *reach;
	const char *id;
	FILE *file;
	bool is_begun;
	bool is_csv;
	int64_t rows;
	struct buf line;
};

static struct text cell_text(const json_t *cell)
{
	return (struct text){json_string_value(cell), json_string_length(cell)};
}

static void put_record(struct writing *writing, const json_t *cells)
{
	struct buf *line = &writing->line;
	size_t count = json_array_size(cells);

	buf_reset(line);
	if (count == 1)
		csv_add_only_cell(line, cell_text(json_array_get(cells, 0)));
	for (size_t i = 0; count > 1 && i < count; i++) {
		if (i > 0)
			buf_add_char(line, ',');
		csv_add_cell(line, cell_text(json_array_get(cells, i)));
	}
	buf_add(line, TEXT("\r\n"));
	/* A short write is found when the file is closed. */
	fwrite(line->ptr, 1, line->failed ? 0 : line->len, writing->file);
}

/* The object as it came, on one line: a line break in it stands between its members. */
static void put_object(FILE *file, const json_t *cells)
{
	const char *object = json_string_value(json_array_get(cells, 0));

	for (; object && *object; object++)
		fputc(*object == '\n' || *object == '\r' ? ' ' : *object, file);
	fputc('\n', file);
}

static void put_page(struct writing *writing, const json_t *data)
{
	const json_t *columns = json_object_get(data, "columns");
	const json_t *rows = json_object_get(data, "rows");

	if (!writing->is_begun) {
		writing->is_begun = true;
		writing->is_csv = json_array_size(columns) > 0;
		if (writing->is_csv)
			put_record(writing, columns);
	}
	for (size_t i = 0; i < json_array_size(rows); i++) {
		const json_t *row = json_array_get(rows, i);
		const json_t *cells = json_object_get(row, "cells");
		const char *outcome = json_string_value(json_object_get(row, "outcome"));

		if (json_array_size(cells) == 0 || (outcome && strcmp(outcome, "skipped") == 0))
			continue;
		if (writing->is_csv)
			put_record(writing, cells);
		else
			put_object(writing->file, cells);
		writing->rows++;
	}
}

static enum err_code write_pages(struct writing *writing, struct err *err)
{
	json_t *cursor = NULL;
	json_t *answer = NULL;

	do {
		json_t *input = json_pack("{s:s, s:i, s:o*}", "import_id", writing->id, "limit",
					  PAGE_ROWS, "cursor", cursor);

		if (reach_command(writing->reach, "import.rows.list", input, &answer, err) !=
		    ERR_OK)
			return err->code;
		put_page(writing, json_object_get(answer, "data"));
		cursor = json_incref(json_object_get(json_object_get(answer, "meta"),
						     "next_cursor"));
		json_decref(answer);
	} while (cursor);
	return ERR_OK;
}

enum err_code import_refused_write(struct reach *reach, const char *id, const char *path,
				   int64_t *out_rows, struct err *err)
{
	struct writing writing = {.reach = reach, .id = id, .file = fopen(path, "wb")};

	buf_init(&writing.line, LINE_BYTES_MAX);
	if (!writing.file)
		return err_set(err, ERR_INVALID_INPUT, "", "Cannot write %.200s: %s.", path,
			       strerror(errno));
	enum err_code code = write_pages(&writing, err);
	bool is_written = !ferror(writing.file);

	buf_release(&writing.line);
	is_written = fclose(writing.file) == 0 && is_written;
	if (code == ERR_OK && !is_written)
		return err_set(err, ERR_STORAGE_FULL, "", "Cannot write %.200s: %s.", path,
			       strerror(errno));
	if (code == ERR_OK)
		*out_rows = writing.rows;
	return code;
}
