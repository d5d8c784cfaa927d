/* lead/fold.c */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "lead/fold.h"

static void expect_folded(const char *text, const char *folded)
{
	struct arena arena;

	arena_init(&arena, 64 * 1024);
	struct text found = fold_text(&arena, text_of(text));

	if (!text_is(found, text_of(folded)))
		fail_msg("\"%s\" is folded to \"%.*s\", not \"%s\"", text, TEXT_ARG(found), folded);
	arena_release(&arena);
}

static void folding_leaves_case_accents_and_blanks_out(void **state)
{
	(void)state;
	expect_folded("", "");
	expect_folded(" \t\n", "");
	expect_folded("\xe0\xa3\xa9", ""); /* nothing but an accent */
	expect_folded("Ada", "ada");
	expect_folded("  Ada \t  EXAMPLE\n", "ada example");
	expect_folded("Jos\xc3\xa9 M\xc3\xbcller", "jose muller");
	expect_folded("Jose\xcc\x81", "jose"); /* the accent follows its letter */
	expect_folded("STRASSE", "strasse");
	expect_folded("Stra\xc3\x9f"
		      "e",
		      "strasse");
	expect_folded("\xd0\x90\xd0\xb4\xd0\xb0", "\xd0\xb0\xd0\xb4\xd0\xb0");
	expect_folded("a\xc2\xa0 b", "a b");             /* a blank that does not break */
	expect_folded("\xef\xbc\xa1\xef\xbc\xa2", "ab"); /* full width */
	expect_folded("Acme & Sons, Inc.", "acme & sons, inc.");
}

static void what_is_no_utf8_is_taken_byte_by_byte(void **state)
{
	(void)state;
	expect_folded("A\xff  B", "a\xff b");
}

static void expect_form(enum field_id field, const char *value, const char *form)
{
	struct arena arena;
	struct text found = TEXT_NONE;
	struct err err;

	arena_init(&arena, 64 * 1024);
	assert_int_equal(fold_value(&arena, field, text_of(value), &found, &err), ERR_OK);
	if (!text_is(found, text_of(form)))
		fail_msg("\"%s\" has the form \"%.*s\", not \"%s\"", value, TEXT_ARG(found), form);
	arena_release(&arena);
}

static void identifiers_have_one_form(void **state)
{
	(void)state;
	expect_form(FIELD_EMAIL, " Ada@Example.COM", "ada@example.com");
	expect_form(FIELD_EMAIL, "Ada <ada@example.com>", "ada@example.com");
	expect_form(FIELD_PERSONAL_EMAIL,
		    "ada@b\xc3\xbc"
		    "cher.example",
		    "ada@xn--bcher-kva.example");
	expect_form(FIELD_EMAIL, "No Address", "no address");
	expect_form(FIELD_LINKEDIN, "ada-example", "ada-example");
	expect_form(FIELD_LINKEDIN, "Ada-Example", "ada-example");
	expect_form(FIELD_LINKEDIN, "https://www.linkedin.com/in/ada-example/en", "ada-example");
	expect_form(FIELD_LN_ID, "urn:li:member:123456", "#123456");
	expect_form(FIELD_SN_ID, "no id at all", "no id at all");
	expect_form(FIELD_PHONE, "+49 (0)30 / 12-34", "490301234");
	expect_form(FIELD_PERSONAL_PHONE, "ask Bob", "ask bob");
	expect_form(FIELD_COMPANY, " Acm\xc3\xa9 ", "acme");
	expect_form(FIELD_COMPANY, "   ", "");
}

/* The beginnings of all words, "-" behind those that are longer. */
static void expect_words(const char *text, const char *words)
{
	struct text rest = text_of(text);
	struct fold_word word;
	char found[200] = "";
	size_t len = 0;

	while (fold_next_word(&rest, &word)) {
		for (size_t i = 0; i < FOLD_BEGINNING_MAX && word.begins[i]; i++) {
			assert_true(word.begins[i] < 0x80);
			found[len++] = (char)word.begins[i];
		}
		if (word.is_longer)
			found[len++] = '-';
		found[len++] = ' ';
	}
	found[len] = '\0';
	assert_string_equal(found, words);
}

static void words_begin_where_letters_and_digits_do(void **state)
{
	(void)state;
	expect_words("", "");
	expect_words(" - \xe2\x80\x93 ", "");
	expect_words("Ada", "ad- ");
	expect_words("a bc def", "a bc de- ");
	expect_words("ada.example@mail.example", "ad- ex- ma- ex- ");
	expect_words("\xc3\x89mile O'Neill", "em- o ne- ");
	expect_words("E\xcc\x81"
		     "a",
		     "ea "); /* an accent is no end of a word */
	expect_words("3M 4ever", "3m 4e- ");
	expect_words("\xc3\x9f", "ss "); /* one letter, folded to two */
	expect_words("x\xff"
		     "y",
		     "x y ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(folding_leaves_case_accents_and_blanks_out),
		cmocka_unit_test(what_is_no_utf8_is_taken_byte_by_byte),
		cmocka_unit_test(identifiers_have_one_form),
		cmocka_unit_test(words_begin_where_letters_and_digits_do),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
