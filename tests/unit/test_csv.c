/* Cells as they are written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "file/csv.h"

struct csv_case {
	const char *cell;
	const char *written;
};

static const struct csv_case cases[] = {
	{"", ""},
	{"plain", "plain"},
	{"a,b", "\"a,b\""},
	{"say \"hi\"", "\"say \"\"hi\"\"\""},
	{"two\nlines", "\"two\nlines\""},
	{" edges ", "\" edges \""},
	{"=1+1", "=1+1"},
	{"\"", "\"\"\"\""},
};

static void cells_are_quoted_where_they_must(void **state)
{
	struct buf buf;

	(void)state;
	buf_init(&buf, 1024);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		buf_reset(&buf);
		csv_add_cell(&buf, text_of(cases[i].cell));
		assert_true(text_is(buf_text(&buf), text_of(cases[i].written)));
	}
	buf_release(&buf);
}

static void a_spreadsheet_computes_nothing(void **state)
{
	static const struct csv_case guarded[] = {
		{"=1+1", "'=1+1"}, {"+49 30", "'+49 30"}, {"-", "'-"}, {"@x", "'@x"},
		{"=A1,B1", "\"'=A1,B1\""}, {"plain", "plain"}, {"", ""},
	};
	struct buf buf;

	(void)state;
	buf_init(&buf, 1024);
	for (size_t i = 0; i < ARRAY_LEN(guarded); i++) {
		buf_reset(&buf);
		csv_add_safe_cell(&buf, text_of(guarded[i].cell));
		assert_true(text_is(buf_text(&buf), text_of(guarded[i].written)));
	}
	buf_release(&buf);
}

static void an_only_cell_is_never_a_blank_line(void **state)
{
	struct buf buf;

	(void)state;
	buf_init(&buf, 1024);
	csv_add_only_cell(&buf, TEXT(""));
	assert_true(text_is(buf_text(&buf), TEXT("\"\"")));
	buf_reset(&buf);
	csv_add_only_cell(&buf, TEXT("x"));
	assert_true(text_is(buf_text(&buf), TEXT("x")));
	buf_release(&buf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cells_are_quoted_where_they_must),
		cmocka_unit_test(a_spreadsheet_computes_nothing),
		cmocka_unit_test(an_only_cell_is_never_a_blank_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
