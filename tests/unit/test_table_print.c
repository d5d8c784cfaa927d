/* Tables for people: widths, breaking into lines, and text that must not reach a terminal. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "cli/table_print.h"

static void expect(struct text got, const char *wanted)
{
	if (!text_is(got, text_of(wanted)))
		fail_msg("got \"%.*s\", wanted \"%s\"", TEXT_ARG(got), wanted);
}

static void test_width(void **state)
{
	(void)state;
	assert_int_equal(table_print_width(TEXT("")), 0);
	assert_int_equal(table_print_width(TEXT("abc")), 3);
	assert_int_equal(table_print_width(TEXT("Łabędź")), 6);
	assert_int_equal(table_print_width(TEXT("営業部長")), 8);
	assert_int_equal(table_print_width(TEXT("e\xCC\x81")), 1); /* a combining accent */
	assert_int_equal(table_print_width(TEXT("\xFF\xFE")), 2);  /* no UTF-8 */
}

static void test_clean(void **state)
{
	struct arena arena;

	(void)state;
	arena_init(&arena, 65536);
	expect(table_print_clean(&arena, TEXT("\033[2Jx\ty\nz")), " [2Jx y z");
	expect(table_print_clean(&arena, TEXT("a\xE2\x80\xAE"
					      "b")),
	       "a b"); /* right to left */
	expect(table_print_clean(&arena, TEXT("Jörg 営")), "Jörg 営");
	expect(table_print_clean(&arena, TEXT("")), "");
	expect(table_print_clean(&arena, TEXT_NONE), "");
	arena_release(&arena);
}

static void test_cut(void **state)
{
	struct text rest = TEXT("one two  threefour");

	(void)state;
	expect(table_print_cut(&rest, 7), "one two");
	expect(rest, "threefour");
	expect(table_print_cut(&rest, 5), "three");
	expect(table_print_cut(&rest, 5), "four");
	assert_null(rest.ptr);
	rest = TEXT("営業");
	expect(table_print_cut(&rest, 1), "営"); /* always goes on */
	expect(rest, "業");
}

static void write(struct arena *arena, const struct table_print *table, size_t width,
		  const char *wanted)
{
	struct buf buf;

	buf_init_arena(&buf, arena, 65536);
	table_print_write(table, width, &buf);
	expect(buf_text(&buf), wanted);
}

static void test_table(void **state)
{
	struct table_print table;
	struct arena arena;

	(void)state;
	arena_init(&arena, 1024 * 1024);
	table_print_init(&table, &arena);
	table_print_column(&table, TEXT("name"));
	table_print_column(&table, TEXT("nothing"));
	table_print_column(&table, TEXT("what it is"));
	write(&arena, &table, 0, "name  nothing  what it is\n");
	table_print_add(&table, (struct text[]){TEXT("営業"), TEXT(""), TEXT("two wide ones")});
	table_print_add(&table, (struct text[]){TEXT("longer"), TEXT_NONE, TEXT("a")});
	write(&arena, &table, 0,
	      "name    what it is\n"
	      "営業    two wide ones\n"
	      "longer  a\n");
	write(&arena, &table, 18,
	      "name    what it is\n"
	      "営業    two wide\n"
	      "        ones\n"
	      "longer  a\n");
	arena_release(&arena);
}

static void test_ids_stay_whole(void **state)
{
	struct table_print table;
	struct arena arena;

	(void)state;
	arena_init(&arena, 1024 * 1024);
	table_print_init(&table, &arena);
	table_print_column(&table, TEXT("id"));
	table_print_column(&table, TEXT("url"));
	table_print_column(&table, TEXT("say"));
	const struct text cells[] = {TEXT("01a1f88b-f212-7172-b095-3c2713eed72c"),
				     TEXT("http://an.example/which/is/longer/than/an/id"),
				     TEXT("aaaaaaaa bbbbbbbb")};

	table_print_add(&table, cells);
	/* First the words give way, then what is longer than an id, at last the id. */
	write(&arena, &table, 94,
	      "id                                    url                                           "
	      "say\n"
	      "01a1f88b-f212-7172-b095-3c2713eed72c  http://an.example/which/is/longer/than/an/id  "
	      "aaaaaaaa\n"
	      "                                                                                    "
	      "bbbbbbbb\n");
	write(&arena, &table, 84,
	      "id                                    url                                   say\n"
	      "01a1f88b-f212-7172-b095-3c2713eed72c  http://an.example/which/is/longer/th  "
	      "aaaaaaaa\n"
	      "                                      an/an/id                              "
	      "bbbbbbbb\n");
	write(&arena, &table, 0,
	      "id                                    url                                           "
	      "say\n"
	      "01a1f88b-f212-7172-b095-3c2713eed72c  http://an.example/which/is/longer/than/an/id  "
	      "aaaaaaaa bbbbbbbb\n");
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_width),
		cmocka_unit_test(test_clean),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_ids_stay_whole),
	};

	return cmocka_run_group_tests_name("table_print", tests, NULL, NULL);
}
