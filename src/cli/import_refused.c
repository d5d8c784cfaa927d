#include "cli/import_refused.h"

#include <errno.h>
#include <stdio.h>

#define PAGE_ROWS 200

struct writing {
	struct reach *reach;
	const char *id;
	FILE *file;
	bool is_begun;
	bool is_csv;
	int64_t rows;
};

static void put_cell(FILE *file, const char *cell)
{
	size_t len = strlen(cell);
	bool quotes = strpbrk(cell, ",\"\r\n") ||
		      (len > 0 && (cell[0] == ' ' || cell[len - 1] == ' '));

	if (!quotes) {
		fputs(cell, file);
		return;
	}
	fputc('"', file);
	for (; *cell; cell++) {
		if (*cell == '"')
			fputc('"', file);
		fputc(*cell, file);
	}
	fputc('"', file);
}

static void put_record(FILE *file, const json_t *cells)
{
	for (size_t i = 0; i < json_array_size(cells); i++) {
		const char *cell = json_string_value(json_array_get(cells, i));

		if (i > 0)
			fputc(',', file);
		/* A row of one empty cell would be a blank line. */
		if (json_array_size(cells) == 1 && cell && !cell[0])
			fputs("\"\"", file);
		put_cell(file, cell ? cell : "");
	}
	fputs("\r\n", file);
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
			put_record(writing->file, columns);
	}
	for (size_t i = 0; i < json_array_size(rows); i++) {
		const json_t *row = json_array_get(rows, i);
		const json_t *cells = json_object_get(row, "cells");
		const char *outcome = json_string_value(json_object_get(row, "outcome"));

		if (json_array_size(cells) == 0 || (outcome && strcmp(outcome, "skipped") == 0))
			continue;
		if (writing->is_csv)
			put_record(writing->file, cells);
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

	if (!writing.file)
		return err_set(err, ERR_INVALID_INPUT, "", "Cannot write %.200s: %s.", path,
			       strerror(errno));
	enum err_code code = write_pages(&writing, err);
	bool is_written = !ferror(writing.file);

	is_written = fclose(writing.file) == 0 && is_written;
	if (code == ERR_OK && !is_written)
		return err_set(err, ERR_STORAGE_FULL, "", "Cannot write %.200s: %s.", path,
			       strerror(errno));
	if (code == ERR_OK)
		*out_rows = writing.rows;
	return code;
}
