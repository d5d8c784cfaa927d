#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "lead/placeholder.h"

#define ARENA_BYTES ((size_t)1 << 20)

static void words_for_nothing_are_known(void **state)
{
	static const char *const nothing[] = {
		"", " ", "\xC2\xA0", "\xEF\xBB\xBF", "n/a", "N/A", "NA", "n.a.", "N / A", "#N/A",
		"#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NULL!", "none", "None", "(none)",
		"<null>", "NULL", "nil", "NaN", "-", "--", "---", "\xE2\x80\x94", "?", "???", ".",
		"...", "\xE2\x80\xA6", "*", "/", "_", "unknown", "Unknown", "UNDEFINED", "test",
		"TBD", "t.b.d.", "empty", "[blank]", "not available", "Not_Available",
		"not-provided", "'none'", "asdf", "xxx", "\xE6\x97\xA0", "keine Angabe",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(nothing); i++) {
		if (!placeholder_is(text_of(nothing[i])))
			fail_msg("\"%s\" is a placeholder", nothing[i]);
	}
	assert_true(placeholder_is(TEXT_NONE));
}

static void values_are_not_taken_for_nothing(void **state)
{
	static const char *const values[] = {
		"0", "1", "nina", "nan-example", "none-example", "tester", "test-1", "te-st",
		"ada", "unknown-artist", "#1", "#ref-12", "nullo", "N", "na-na", "\xE7\x8E\x8B",
		"\xF0\x9F\x9A\x80", "none none none none none none none", "\xFF", "\xC3",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(values); i++) {
		if (placeholder_is(text_of(values[i])))
			fail_msg("\"%s\" is a value", values[i]);
	}
}

static void filler_addresses_are_known(void **state)
{
	static const char *const fillers[] = {
		"none@none.com", "test@test.com", "email_not_unlocked@domain.com", "a@a.com",
		"noemail@acme.com", "no-email@example.com", "yourname@email.com", "x@y.invalid",
		"undefined@example.com", "unknown@example.com",
	};
	static const char *const addresses[] = {
		"ada@example.com", "test@example.com", "email@example.com", "na@acme.com",
		"ada@domain.com", "ada@none.com", "ada@invalid.com", "ada@acme.test", "", "none",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(fillers); i++) {
		if (!placeholder_email(text_of(fillers[i])))
			fail_msg("%s is a placeholder", fillers[i]);
	}
	for (size_t i = 0; i + 1 < ARRAY_LEN(addresses); i++) {
		if (placeholder_email(text_of(addresses[i])))
			fail_msg("%s is an address", addresses[i]);
	}
}

struct pair {
	const char *from;
	const char *to;
};

static void invisible_characters_are_stripped(void **state)
{
	static const struct pair pairs[] = {
		{"  a b\t\n", "a b"},
		{"\xEF\xBB\xBF\xC2\xA0" "a\xE2\x80\x8B" "b\xE3\x80\x80", "ab"},
		{"\xE2\x80\x8E\xD8\xA7\xE2\x80\x8F", "\xD8\xA7"},
		{"so\xC2\xAD" "ft", "soft"},
		{"\xE2\x80\x8D" "a\xE2\x80\x8D" "b\xE2\x80\x8C", "a\xE2\x80\x8D" "b"},
		{"\xC2\xA0\xE2\x80\x8B", ""},
	};
	struct arena arena;

	(void)state;
	arena_init(&arena, ARENA_BYTES);
	for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
		struct text out = placeholder_strip(&arena, text_of(pairs[i].from));

		assert_non_null(out.ptr);
		assert_true(text_is(out, text_of(pairs[i].to)));
	}
	arena_release(&arena);
}

static void wrapping_is_peeled(void **state)
{
	static const struct pair pairs[] = {
		{"plain", "plain"},
		{"\"(<x>)\",", "x"},
		{"=HYPERLINK(\"https://a.example\",\"A\")", "https://a.example"},
		{"=HYPERLINK(A1)", "=HYPERLINK(A1)"},
		{"[a](b(c))", "b(c)"},
		{"[a](b", "[a](b"},
		{"Ada <x@y.example>", "x@y.example"},
		{"x>", "x"},
		{"<x", "x"},
		{"'x", "x"},
		{"x.;,", "x"},
		{"urn:li:x:(1,2)", "urn:li:x:(1,2)"},
		{"()", ""},
		{">", ">"},
		{"", ""},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
		struct text out = placeholder_unwrap(text_of(pairs[i].from));

		if (!text_is(out, text_of(pairs[i].to)))
			fail_msg("%s: %.*s", pairs[i].from, TEXT_ARG(out));
	}
	assert_int_equal(placeholder_unwrap(TEXT("a\0")).len, 2);
}

static void escapes_are_decoded_once(void **state)
{
	static const struct pair pairs[] = {
		{"%41%2541", "A%41"}, {"100%", "100%"}, {"%4", "%4"},
		{"%zz%C3%b6", "%zz\xC3\xB6"}, {"%FF", "\xFF"}, {"a%", "a%"},
	};
	struct arena arena;
	struct text plain = TEXT("plain");

	(void)state;
	arena_init(&arena, ARENA_BYTES);
	for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
		struct text out = placeholder_decode(&arena, text_of(pairs[i].from));

		assert_true(text_is(out, text_of(pairs[i].to)));
	}
	assert_ptr_equal(placeholder_decode(&arena, plain).ptr, plain.ptr);
	arena_release(&arena);
}

static void folding_is_stable(void **state)
{
	static const struct pair pairs[] = {
		{"Ada", "ada"},
		{"J\xC3\x96RG", "j\xC3\xB6rg"},
		{"JO\xCC\x88RG", "j\xC3\xB6rg"},
		{"\xC4\xB0", "i"}, /* I with a dot above */
		{"I\xCC\x87", "i"}, /* the same in two parts */
		{"\xC4\xB0\xCC\x81", "\xC3\xAD"}, /* and with an accent */
		{"\xE2\x84\xAA", "k"}, /* Kelvin sign */
		{"\xEF\xBC\x88", "\xEF\xBC\x88"}, /* full-width bracket: NFC, not NFKC */
		{"\xCE\xA3", "\xCF\x83"},
		{"stra\xC3\x9F" "e", "stra\xC3\x9F" "e"},
		{"\xF0\x9F\x9A\x80", "\xF0\x9F\x9A\x80"},
		{"", ""},
	};
	struct arena arena;

	(void)state;
	arena_init(&arena, ARENA_BYTES);
	for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
		struct text once = placeholder_fold(&arena, text_of(pairs[i].from));
		struct text twice = placeholder_fold(&arena, once);

		assert_non_null(once.ptr);
		if (!text_is(once, text_of(pairs[i].to)))
			fail_msg("%s: %.*s", pairs[i].from, TEXT_ARG(once));
		assert_true(text_is(once, twice));
	}
	arena_release(&arena);
}

static void want_of_memory_is_told(void **state)
{
	struct arena arena;

	(void)state;
	arena_init(&arena, 0);
	assert_null(placeholder_strip(&arena, TEXT("\xC3\xB6")).ptr);
	assert_null(placeholder_decode(&arena, TEXT("%41")).ptr);
	assert_null(placeholder_fold(&arena, TEXT("A")).ptr);
	assert_null(placeholder_fold(&arena, TEXT("\xC3\xB6")).ptr);
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_for_nothing_are_known),
		cmocka_unit_test(values_are_not_taken_for_nothing),
		cmocka_unit_test(filler_addresses_are_known),
		cmocka_unit_test(invisible_characters_are_stripped),
		cmocka_unit_test(wrapping_is_peeled),
		cmocka_unit_test(escapes_are_decoded_once),
		cmocka_unit_test(folding_is_stable),
		cmocka_unit_test(want_of_memory_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
