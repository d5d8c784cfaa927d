/*
 * Any bytes as a file of people: every row keeps its promises, and what is skipped is numbered
 * like what is read.
 */
#include <stdint.h>
#include <stdlib.h>

#include "file/table.h"
#include "lead/columns.h"

#define ARENA_BYTES_MAX ((size_t)64 * 1024 * 1024)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
	if (!holds)
		abort();
}

static void check_row(const struct table_row *row, const struct table_info *info)
{
	check(row->line > 0);
	check(row->is_bad == (row->reason != NULL));
	if (row->is_bad)
		return;
	if (row->json.ptr) {
		check(row->json.len > 0 && row->json.ptr[0] == '{' && text_is_utf8(row->json));
		return;
	}
	check(row->count == info->header_count);
	for (size_t i = 0; i < row->count; i++)
		check(text_is_utf8(row->cells[i]));
}

static void check_values(const struct columns *columns, const struct table_row *row,
			 struct arena *arena)
{
	struct columns_values values;
	struct err err;

	if (!row->cells)
		return;
	check(columns_row(columns, row->cells, row->count, arena, &values, &err) == ERR_OK);
	for (size_t i = 0; i < values.count; i++) {
		check(values.items[i].text.len > 0 && values.items[i].name.len > 0);
		check(values.items[i].column < (int)columns->count);
	}
}

/* Read on to the end; answers the number of the last row. */
static int64_t read_rows(struct table *table, const struct columns *columns, int64_t last,
			 struct arena *arena)
{
	struct table_info info;
	struct table_row row;
	struct err err;

	table_info(table, &info);
	for (;; last = row.number) {
		arena_reset(arena);
		check(table_next(table, arena, &row, &err) == ERR_OK);
		if (row.number == 0)
			return last;
		check(row.number == last + 1);
		check_row(&row, &info);
		check_values(columns, &row, arena);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text bytes = {(const char *)data, size};
	struct table *table = NULL, *again = NULL;
	struct arena arena, header_arena;
	struct table_info info;
	struct columns columns;
	struct err err;

	if (table_create_memory(bytes, NULL, &table, &err) != ERR_OK)
		return 0;
	arena_init(&arena, ARENA_BYTES_MAX);
	arena_init(&header_arena, ARENA_BYTES_MAX);
	table_info(table, &info);
	check(columns_detect(&header_arena, info.headers, info.header_count, &columns, &err) ==
	      ERR_OK);
	int64_t rows = read_rows(table, &columns, 0, &arena);

	check(table_create_memory(bytes, NULL, &again, &err) == ERR_OK);
	check(table_skip(again, rows / 2, &err) == ERR_OK);
	check(read_rows(again, &columns, rows / 2, &arena) == rows);
	table_destroy(table);
	table_destroy(again);
	arena_release(&arena);
	arena_release(&header_arena);
	return 0;
}
