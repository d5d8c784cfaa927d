#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/text.h"

static void absent_is_not_empty_but_reads_alike(void **state)
{
	(void)state;
	assert_null(text_of(NULL).ptr);
	assert_non_null(text_of("").ptr);
	assert_true(text_is(TEXT_NONE, TEXT("")));
	assert_true(text_starts(TEXT_NONE, TEXT("")));
	assert_true(text_starts(TEXT("lead"), TEXT_NONE));
	assert_null(text_skip(TEXT_NONE, 3).ptr);
	assert_int_equal(text_trim(TEXT_NONE).len, 0);
	assert_true(text_is_utf8(TEXT_NONE));
}

static void texts_are_compared(void **state)
{
	(void)state;
	assert_true(text_is(TEXT("a\0b"), TEXT("a\0b")));
	assert_false(text_is(TEXT("a\0b"), TEXT("a\0c")));
	assert_false(text_is(TEXT("lead"), TEXT("leads")));
	assert_true(text_is_nocase(TEXT("LeAd[9]"), TEXT("lEaD[9]")));
	assert_false(text_is_nocase(TEXT("lead{"), TEXT("lead[")));
	assert_false(text_is_nocase(TEXT("\xC3\x89"), TEXT("\xC3\xA9")));
	assert_true(text_starts(TEXT("leads"), TEXT("lead")));
	assert_false(text_starts(TEXT("lea"), TEXT("lead")));
}

static void texts_are_cut(void **state)
{
	struct text rest;

	(void)state;
	assert_true(text_is(text_skip(TEXT("lead"), 1), TEXT("ead")));
	assert_int_equal(text_skip(TEXT("lead"), 9).len, 0);
	assert_true(text_is(text_trim(TEXT(" \t\r\n\f\va b ")), TEXT("a b")));
	assert_int_equal(text_trim(TEXT("  ")).len, 0);
	assert_true(text_is(text_split(TEXT("a,b,c"), ',', &rest), TEXT("a")));
	assert_true(text_is(rest, TEXT("b,c")));
	assert_true(text_is(text_split(TEXT("a,"), ',', &rest), TEXT("a")));
	assert_true(rest.ptr && rest.len == 0);
	assert_true(text_is(text_split(TEXT("a"), ',', &rest), TEXT("a")));
	assert_null(rest.ptr);
	assert_int_equal(text_split(TEXT(""), ',', &rest).len, 0);
	assert_null(rest.ptr);
}

static void integers_are_read_within_64_bits(void **state)
{
	static const struct {
		const char *text;
		int64_t number;
	} good[] = {
		{"0", 0},
		{"-0", 0},
		{"007", 7},
		{"-12", -12},
		{"9223372036854775807", INT64_MAX},
		{"-9223372036854775808", INT64_MIN},
	};
	static const char *const bad[] = {
		"",
		"-",
		"+1",
		" 1",
		"1 ",
		"1.0",
		"1e3",
		"0x10",
		"--1",
		"9223372036854775808",
		"-9223372036854775809",
		"99999999999999999999999999",
	};
	int64_t number;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(good); i++) {
		assert_true(text_to_int(text_of(good[i].text), &number));
		assert_int_equal(number, good[i].number);
	}
	number = 7;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_false(text_to_int(text_of(bad[i]), &number));
	assert_false(text_to_int(TEXT_NONE, &number));
	assert_int_equal(number, 7);
}

static size_t encode(uint32_t code, char out[4])
{
	if (code < 0x80) {
		out[0] = (char)code;
		return 1;
	}
	if (code < 0x800) {
		out[0] = (char)(0xC0 | code >> 6);
		out[1] = (char)(0x80 | (code & 0x3F));
		return 2;
	}
	if (code < 0x10000) {
		out[0] = (char)(0xE0 | code >> 12);
		out[1] = (char)(0x80 | (code >> 6 & 0x3F));
		out[2] = (char)(0x80 | (code & 0x3F));
		return 3;
	}
	out[0] = (char)(0xF0 | code >> 18);
	out[1] = (char)(0x80 | (code >> 12 & 0x3F));
	out[2] = (char)(0x80 | (code >> 6 & 0x3F));
	out[3] = (char)(0x80 | (code & 0x3F));
	return 4;
}

static void every_character_is_utf8_and_no_surrogate_is(void **state)
{
	char bytes[4];

	(void)state;
	for (uint32_t code = 0; code < 0x120000; code++) {
		size_t len = encode(code, bytes);
		bool valid = code < 0x110000 && (code < 0xD800 || code > 0xDFFF);

		if (text_is_utf8((struct text){bytes, len}) != valid)
			fail_msg("U+%04X", code);
		if (len > 1)
			assert_false(text_is_utf8((struct text){bytes, len - 1}));
	}
}

static void malformed_bytes_are_not_utf8(void **state)
{
	static const char *const bad[] = {
		"\x80",
		"\xBF",
		"\xC0\x80",
		"\xC1\xBF",
		"\xE0\x80\x80",
		"\xE0\x9F\xBF",
		"\xF0\x80\x80\x80",
		"\xF0\x8F\xBF\xBF",
		"\xF4\x90\x80\x80",
		"\xF5\x80\x80\x80",
		"\xFE",
		"\xFF",
		"\xC3(",
		"\xE2\x82(",
		"\xE2(\xAC",
		"\xF0\x9F\x98(",
		"ok\xC3",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_false(text_is_utf8(text_of(bad[i])));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(absent_is_not_empty_but_reads_alike),
		cmocka_unit_test(texts_are_compared),
		cmocka_unit_test(texts_are_cut),
		cmocka_unit_test(integers_are_read_within_64_bits),
		cmocka_unit_test(every_character_is_utf8_and_no_surrogate_is),
		cmocka_unit_test(malformed_bytes_are_not_utf8),
	};

	return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
