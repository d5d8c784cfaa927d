#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "file/delimited.h"
#include "file/table.h"

#define FOLDER "tests/data/csv/"
#define DUMP_BYTES_MAX ((size_t)64 * 1024 * 1024)

/* Files whose reading is written down beside them, in NAME.expected. */
static const char *const files[] = {
	"array-cut.json",
	"broken-bytes.csv",
	"connections-header-first.csv",
	"connections.csv",
	"cyrillic-1251.csv",
	"evaboot-utf16le.tsv",
	"form-array.json",
	"form.ndjson",
	"german-semicolon-1252.csv",
	"google.csv",
	"last-line-open.csv",
	"mailchimp-unsubscribed.csv",
	"marked-utf8-crlf.csv",
	"names-utf16be-no-mark.csv",
	"no-known-headers.csv",
	"old-mac-cr.csv",
	"one-column.csv",
	"pipes.txt",
	"ragged.csv",
	"repeated-header.csv",
	"sep.csv",
	"unclosed-quote.csv",
};

static struct err err;

static int setup(void **state)
{
	struct arena *arena = malloc(sizeof *arena);

	if (!arena)
		return -1;
	arena_init(arena, DUMP_BYTES_MAX);
	*state = arena;
	return 0;
}

static int teardown(void **state)
{
	arena_release(*state);
	free(*state);
	return 0;
}

static void put(struct buf *out, struct text text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '\n' || text.ptr[i] == '\r')
			buf_add(out, text.ptr[i] == '\n' ? TEXT("\\n") : TEXT("\\r"));
		else
			buf_add_char(out, text.ptr[i]);
	}
}

static void put_cells(struct buf *out, const struct text *cells, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		buf_add(out, TEXT("["));
		put(out, cells[i]);
		buf_add(out, TEXT("]"));
	}
}

static void put_row(struct buf *out, const struct table_row *row)
{
	buf_add_format(out, "%lld line %lld: ", (long long)row->number, (long long)row->line);
	if (row->is_bad)
		buf_add_format(out, "bad, %s", row->reason);
	else if (row->json.ptr)
		put(out, row->json);
	else
		put_cells(out, row->cells, row->count);
	buf_add_char(out, '\n');
}

static void put_rows(struct buf *out, struct table *table, struct arena *arena)
{
	struct table_row row;

	do {
		assert_int_equal(table_next(table, arena, &row, &err), ERR_OK);
		if (row.number)
			put_row(out, &row);
	} while (row.number);
}

/* All a table says, as text; the table is used up. */
static struct text dump(struct table *table, struct arena *arena)
{
	static const char *const forms[] = {"delimited", "json lines", "json array"};
	struct table_info info;
	struct buf out;

	buf_init_arena(&out, arena, DUMP_BYTES_MAX);
	table_info(table, &info);
	buf_add_format(&out, "%s '%c' header on %lld: ", forms[info.form],
		       info.delimiter ? info.delimiter : '0', (long long)info.header_line);
	put_cells(&out, info.headers, info.header_count);
	buf_add_char(&out, '\n');
	put_rows(&out, table, arena);
	table_info(table, &info);
	buf_add_format(&out, "%s, %lld bytes\n", info.encoding, (long long)info.bytes_read);
	table_destroy(table);
	return buf_text(&out);
}

static struct text dump_memory(struct arena *arena, struct text bytes)
{
	struct table *table = NULL;

	assert_int_equal(table_create_memory(bytes, NULL, &table, &err), ERR_OK);
	return dump(table, arena);
}

static struct text read_whole(struct arena *arena, const char *path)
{
	FILE *file = fopen(path, "rb");
	struct buf out;

	if (!file)
		fail_msg("%s is missing", path);
	buf_init_arena(&out, arena, DUMP_BYTES_MAX);
	for (;;) {
		char *to = buf_reserve(&out, 4096);
		size_t got = to ? fread(to, 1, 4096, file) : 0;

		if (got == 0)
			break;
		buf_commit(&out, got);
	}
	fclose(file);
	return buf_text(&out);
}

static void assert_text(struct text actual, struct text expected, const char *what)
{
	if (!text_is(actual, expected))
		fail_msg("%s\n--- is\n%.*s\n--- should be\n%.*s", what, TEXT_ARG(actual),
			 TEXT_ARG(expected));
}

static struct table *open_file(const char *name, size_t read_bytes_max)
{
	struct table_options options = {.read_bytes_max = read_bytes_max};
	struct table *table = NULL;
	char path[256];

	snprintf(path, sizeof path, FOLDER "%s", name);
	assert_int_equal(table_create_path(path, &options, &table, &err), ERR_OK);
	return table;
}

static void each_file_reads_as_written_down(void **state)
{
	struct arena *arena = *state;

	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		char path[256];

		snprintf(path, sizeof path, FOLDER "%s.expected", files[i]);
		assert_text(dump(open_file(files[i], 0), arena), read_whole(arena, path), files[i]);
	}
}

static void portions_of_one_byte_read_the_same(void **state)
{
	struct arena *arena = *state;

	for (size_t i = 0; i < ARRAY_LEN(files); i++)
		assert_text(dump(open_file(files[i], 1), arena),
			    dump(open_file(files[i], 0), arena), files[i]);
}

static void memory_and_pipe_read_the_same_as_a_file(void **state)
{
	struct arena *arena = *state;
	struct text bytes = read_whole(arena, FOLDER "connections.csv");
	struct text expected = dump(open_file("connections.csv", 0), arena);
	struct table *table = NULL;
	struct table_info info;
	int ends[2];

	assert_text(dump_memory(arena, bytes), expected, "memory");
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], bytes.ptr, bytes.len), (ssize_t)bytes.len);
	close(ends[1]);
	assert_int_equal(table_create_fd(ends[0], NULL, &table, &err), ERR_OK);
	table_info(table, &info);
	assert_int_equal(info.bytes_total, -1);
	assert_text(dump(table, arena), expected, "pipe");
}

/* What is left after skipping is what stood there before, numbers and all. */
static void reading_goes_on_where_it_stopped(void **state)
{
	struct arena *arena = *state;

	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		for (int64_t skipped = 0; skipped < 8; skipped++) {
			struct table *whole = open_file(files[i], 0),
				     *rest = open_file(files[i], 0);
			struct table_row row = {.number = 1};
			struct buf expected, actual;

			buf_init_arena(&expected, arena, DUMP_BYTES_MAX);
			buf_init_arena(&actual, arena, DUMP_BYTES_MAX);
			for (int64_t n = 0; n < skipped; n++)
				assert_int_equal(table_next(whole, arena, &row, &err), ERR_OK);
			put_rows(&expected, whole, arena);
			assert_int_equal(table_skip(rest, skipped, &err), ERR_OK);
			put_rows(&actual, rest, arena);
			assert_text(buf_text(&actual), buf_text(&expected), files[i]);
			table_destroy(whole);
			table_destroy(rest);
		}
	}
}

/* Every split of a block: characters, CR LF and quotes fall on its border sooner or later. */
static void block_borders_do_not_show(void **state)
{
	struct arena *arena = *state;
	static const char row[] = "a@example.com,\"Zo\xC3\xAB\r\n\"\"x\"\"\",C\r\n";

	for (size_t shift = 0; shift < sizeof row + 2; shift++) {
		struct table *table = NULL;
		struct table_row got;
		struct buf file;

		arena_reset(arena);
		buf_init_arena(&file, arena, DUMP_BYTES_MAX);
		buf_add(&file, TEXT("Email,First Name,Company\r\n"));
		for (size_t i = 0; i < shift; i++)
			buf_add_char(&file, i + 1 == shift ? '\n' : ' ');
		while (file.len < 2 * LINES_BLOCK_BYTES + 100)
			buf_add(&file, text_of(row));
		assert_int_equal(table_create_memory(buf_text(&file), NULL, &table, &err), ERR_OK);
		assert_int_equal(table_next(table, arena, &got, &err), ERR_OK);
		while (got.number) {
			assert_false(got.is_bad);
			assert_int_equal(got.count, 3);
			assert_text(got.cells[1], TEXT("Zo\xC3\xAB\r\n\"x\""), "cell");
			assert_text(got.cells[2], TEXT("C"), "cell");
			assert_int_equal(table_next(table, arena, &got, &err), ERR_OK);
		}
		table_destroy(table);
	}
}

static void other_encodings_survive_block_borders(void **state)
{
	struct arena *arena = *state;

	for (size_t shift = 0; shift < 4; shift++) {
		struct table *table = NULL;
		struct table_row row;
		struct buf file;

		arena_reset(arena);
		buf_init_arena(&file, arena, DUMP_BYTES_MAX);
		buf_add(&file, TEXT("\xFF\xFEN\0a\0m\0e\0,\0E\0m\0a\0i\0l\0\n\0"));
		for (size_t i = 0; i < shift; i++)
			buf_add(&file, TEXT("\n\0"));
		/* A surrogate pair, so that a border can fall within one. */
		while (file.len < LINES_BLOCK_BYTES + 64)
			buf_add(&file, TEXT("\x3D\xD8\x80\xDE,\0x\0\r\0\n\0"));
		assert_int_equal(table_create_memory(buf_text(&file), NULL, &table, &err), ERR_OK);
		assert_int_equal(table_next(table, arena, &row, &err), ERR_OK);
		while (row.number) {
			assert_false(row.is_bad);
			assert_text(row.cells[0], TEXT("\xF0\x9F\x9A\x80"), "cell");
			assert_int_equal(table_next(table, arena, &row, &err), ERR_OK);
		}
		table_destroy(table);
	}
}

/* A file that begins with much ASCII shows its encoding late. */
static void an_encoding_can_show_late(void **state)
{
	struct arena *arena = *state;
	struct table *table = NULL;
	struct table_row row, last = {.number = 0};
	struct table_info info;
	struct buf file;

	buf_init_arena(&file, arena, DUMP_BYTES_MAX);
	buf_add(&file, TEXT("Email,Name\n"));
	while (file.len < 2 * LINES_BLOCK_BYTES)
		buf_add(&file, TEXT("a@example.com,A\n"));
	buf_add(&file, TEXT("z@example.com,J\xFCrgen\n"));
	assert_int_equal(table_create_memory(buf_text(&file), NULL, &table, &err), ERR_OK);
	assert_int_equal(table_next(table, arena, &row, &err), ERR_OK);
	while (row.number) {
		last = row;
		assert_int_equal(table_next(table, arena, &row, &err), ERR_OK);
	}
	assert_false(last.is_bad);
	assert_text(last.cells[1], TEXT("J\xC3\xBCrgen"), "cell");
	table_info(table, &info);
	assert_string_equal(info.encoding, "WINDOWS-1252");
	assert_int_equal(info.bytes_read, info.bytes_total);
	table_destroy(table);
}

static void a_declared_encoding_is_kept_to(void **state)
{
	struct arena *arena = *state;
	struct table_options options = {.encoding = TEXT("latin1")};
	struct table *table = NULL;

	assert_int_equal(table_create_memory(TEXT("Email,Name\na@example.com,\xC3\xA9\n"), &options,
					     &table, &err),
			 ERR_OK);
	assert_text(dump(table, arena),
		    TEXT("delimited ',' header on 1: [Email][Name]\n"
			 "1 line 2: [a@example.com][\xC3\x83\xC2\xA9]\n"
			 "WINDOWS-1252, 28 bytes\n"),
		    "latin1");
	options.encoding = TEXT("KLINGON");
	assert_int_equal(table_create_memory(TEXT("Email\n"), &options, &table, &err),
			 ERR_INVALID_INPUT);
}

/* A file of one good row, `middle`, and another good row. */
static struct text with_middle(struct arena *arena, struct text middle)
{
	struct buf file;

	buf_init_arena(&file, arena, DUMP_BYTES_MAX);
	buf_add(&file, TEXT("Email,Name\na@example.com,A\n"));
	buf_add(&file, middle);
	buf_add(&file, TEXT("\nb@example.com,B\n"));
	return buf_text(&file);
}

static struct text repeat(struct arena *arena, struct text before, char c, size_t count)
{
	struct buf out;

	buf_init_arena(&out, arena, DUMP_BYTES_MAX);
	buf_add(&out, before);
	for (size_t i = 0; i < count; i++)
		buf_add_char(&out, c);
	return buf_text(&out);
}

static void assert_only_second_is_bad(struct arena *arena, struct text file, const char *reason)
{
	struct table *table = NULL;
	struct table_row row;

	assert_int_equal(table_create_memory(file, NULL, &table, &err), ERR_OK);
	for (int64_t number = 1; number <= 3; number++) {
		assert_int_equal(table_next(table, arena, &row, &err), ERR_OK);
		assert_int_equal(row.number, number);
		assert_int_equal(row.is_bad, number == 2);
		if (row.is_bad)
			assert_non_null(strstr(row.reason, reason));
	}
	assert_text(row.cells[0], TEXT("b@example.com"), "the row after");
	assert_int_equal(table_next(table, arena, &row, &err), ERR_OK);
	assert_int_equal(row.number, 0);
	table_destroy(table);
}

static void a_row_beyond_a_bound_is_bad_and_alone(void **state)
{
	struct arena *arena = *state;
	struct text cell = repeat(arena, TEXT("x,"), 'y', RECORD_CELL_BYTES_MAX + 1);
	struct text row = repeat(arena, TEXT("x,"), 'y', 3 * RECORD_BYTES_MAX);
	struct text cells = repeat(arena, TEXT("x"), ',', COLUMNS_MAX);
	struct buf many;

	assert_only_second_is_bad(arena, with_middle(arena, cell), "64 KiB");
	assert_only_second_is_bad(arena, with_middle(arena, row), "256 KiB");
	buf_init_arena(&many, arena, DUMP_BYTES_MAX);
	buf_add(&many, cells);
	buf_add(&many, TEXT("z"));
	assert_only_second_is_bad(arena, with_middle(arena, buf_text(&many)), "512 cells");
}

static void an_open_quote_costs_no_more_than_one_row_may_hold(void **state)
{
	struct arena *arena = *state;
	struct table *table = NULL;
	struct table_row row;
	struct buf file;
	size_t rows = 0;

	buf_init_arena(&file, arena, DUMP_BYTES_MAX);
	buf_add(&file, TEXT("Email,Name\na@example.com,A\n\"b@example.com,B\n"));
	while (file.len < 2 * RECORD_BYTES_MAX)
		buf_add(&file, TEXT("c@example.com,C\n"));
	assert_int_equal(table_create_memory(buf_text(&file), NULL, &table, &err), ERR_OK);
	assert_int_equal(table_next(table, arena, &row, &err), ERR_OK);
	assert_int_equal(table_next(table, arena, &row, &err), ERR_OK);
	assert_true(row.is_bad);
	assert_non_null(strstr(row.reason, "begins on line 3"));
	for (assert_int_equal(table_next(table, arena, &row, &err), ERR_OK); row.number; rows++) {
		assert_false(row.is_bad);
		assert_int_equal(table_next(table, arena, &row, &err), ERR_OK);
	}
	assert_true(rows > RECORD_BYTES_MAX / 16 - 8);
	table_destroy(table);
}

static void a_large_array_on_one_line_is_read(void **state)
{
	struct arena *arena = *state;
	struct table *table = NULL;
	struct table_row row;
	struct buf file;
	int64_t objects = 1;

	buf_init_arena(&file, arena, DUMP_BYTES_MAX);
	buf_add(&file, TEXT("[{\"email\":\"a@example.com\"}"));
	for (; file.len < 2 * RECORD_BYTES_MAX; objects++)
		buf_add(&file, TEXT(",{\"email\":\"b@example.com\"}"));
	buf_add(&file, TEXT("]"));
	assert_int_equal(table_create_memory(buf_text(&file), NULL, &table, &err), ERR_OK);
	for (int64_t number = 1; number <= objects; number++) {
		assert_int_equal(table_next(table, arena, &row, &err), ERR_OK);
		assert_int_equal(row.number, number);
		assert_int_equal(row.json.len, 25);
	}
	assert_int_equal(table_next(table, arena, &row, &err), ERR_OK);
	assert_int_equal(row.number, 0);
	table_destroy(table);
}

static void what_cannot_be_read_is_refused(void **state)
{
	struct table_options commas = {.delimiter = ','};
	struct table *table = NULL;

	(void)state;
	assert_int_equal(table_create_path(FOLDER "missing.csv", NULL, &table, &err),
			 ERR_INVALID_INPUT);
	assert_int_equal(table_create_path(FOLDER, NULL, &table, &err), ERR_INVALID_INPUT);
	assert_int_equal(table_create_memory(TEXT(""), NULL, &table, &err), ERR_INVALID_INPUT);
	assert_int_equal(table_create_memory(TEXT("\n \n"), NULL, &table, &err), ERR_INVALID_INPUT);
	assert_int_equal(table_create_memory(TEXT("Email,\"Name\nx"), &commas, &table, &err),
			 ERR_INVALID_INPUT);
	assert_null(table);
}

/* Without a header the first row is one of data, even where it looks like one of names. */
static void a_file_without_a_header_has_numbered_columns(void **state)
{
	static const char file[] = "sep=;\nName;Email\n1;2\nName;Email\nAda;a@b.example;;\n"
				   "Bo;b@b.example;Boss\n";
	struct table_options headless = {.is_headless = true};
	struct arena *arena = *state;
	struct table_info info;
	struct table_row row;
	struct table *table;

	for (int64_t skipped = 0; skipped < 5; skipped++) {
		assert_int_equal(table_create_memory(text_of(file), &headless, &table, &err),
				 ERR_OK);
		table_info(table, &info);
		assert_int_equal(info.header_line, 0);
		assert_int_equal(info.header_count, 2);
		assert_text(info.headers[0], TEXT("1"), "first");
		assert_text(info.headers[1], TEXT("2"), "second");
		assert_int_equal(table_skip(table, skipped, &err), ERR_OK);
		assert_int_equal(table_next(table, arena, &row, &err), ERR_OK);
		assert_int_equal(row.number, skipped + 1);
		assert_int_equal(row.line, skipped + 2);
		assert_int_equal(row.is_bad, skipped == 4);
		if (skipped == 0)
			assert_text(row.cells[1], TEXT("Email"), "a row as any other");
		if (skipped == 4)
			assert_non_null(strstr(row.reason, "the first row has 2"));
		table_destroy(table);
	}
	assert_int_equal(table_create_memory(TEXT(" \n"), &headless, &table, &err),
			 ERR_INVALID_INPUT);
}

static void the_samples_are_readable(void **state)
{
	struct arena *arena = *state;
	static const char *const names[] = {"samples/Connections.csv",
					    "samples/sales-navigator.csv",
					    "samples/web-form.ndjson"};
	static const int64_t rows[] = {1003, 1005, 1010};

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct table *table = NULL;
		struct table_row row = {.number = 1};
		int64_t count = -1;

		assert_int_equal(table_create_path(names[i], NULL, &table, &err), ERR_OK);
		while (row.number) {
			assert_int_equal(table_next(table, arena, &row, &err), ERR_OK);
			assert_false(row.is_bad);
			count++;
		}
		assert_int_equal(count, rows[i]);
		table_destroy(table);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(each_file_reads_as_written_down, setup, teardown),
		cmocka_unit_test_setup_teardown(portions_of_one_byte_read_the_same, setup,
						teardown),
		cmocka_unit_test_setup_teardown(memory_and_pipe_read_the_same_as_a_file, setup,
						teardown),
		cmocka_unit_test_setup_teardown(reading_goes_on_where_it_stopped, setup, teardown),
		cmocka_unit_test_setup_teardown(block_borders_do_not_show, setup, teardown),
		cmocka_unit_test_setup_teardown(other_encodings_survive_block_borders, setup,
						teardown),
		cmocka_unit_test_setup_teardown(an_encoding_can_show_late, setup, teardown),
		cmocka_unit_test_setup_teardown(a_declared_encoding_is_kept_to, setup, teardown),
		cmocka_unit_test_setup_teardown(a_row_beyond_a_bound_is_bad_and_alone, setup,
						teardown),
		cmocka_unit_test_setup_teardown(an_open_quote_costs_no_more_than_one_row_may_hold,
						setup, teardown),
		cmocka_unit_test_setup_teardown(a_large_array_on_one_line_is_read, setup, teardown),
		cmocka_unit_test_setup_teardown(what_cannot_be_read_is_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(a_file_without_a_header_has_numbered_columns, setup,
						teardown),
		cmocka_unit_test_setup_teardown(the_samples_are_readable, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
