#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "file/encoding.h"

#define OUT_BYTES_MAX ((size_t)4096)

static struct err err;

static void assert_detected(struct text sample, const char *name, size_t bom_bytes)
{
	size_t bom;
	const char *found = encoding_detect(sample, &bom);

	if (!name)
		assert_null(found);
	else if (!found)
		fail_msg("nothing found, not %s", name);
	else
		assert_string_equal(found, name);
	assert_int_equal(bom, bom_bytes);
}

static void marks_tell(void **state)
{
	(void)state;
	assert_detected(TEXT("\xEF\xBB\xBFName"), "UTF-8", 3);
	assert_detected(TEXT("\xFF\xFEN\0a\0"), "UTF-16LE", 2);
	assert_detected(TEXT("\xFE\xFF\0N\0a"), "UTF-16BE", 2);
}

static void zeros_tell_without_a_mark(void **state)
{
	(void)state;
	assert_detected(TEXT("N\0a\0m\0e\0"), "UTF-16LE", 0);
	assert_detected(TEXT("\0N\0a\0m\0e"), "UTF-16BE", 0);
	/* Mostly kana; the separators alone have a zero half. */
	assert_detected(TEXT("\x71\x5C\x30\x75,\0\x2A\x59\xCE\x90\n\0"), "UTF-16LE", 0);
	/* One stray NUL is no UTF-16. */
	assert_detected(TEXT("Name,Email\nan unlucky \0 byte,a@example.com\n"), NULL, 0);
}

static void valid_utf8_wins(void **state)
{
	(void)state;
	assert_detected(TEXT("Zo\xC3\xAB"), "UTF-8", 0);
	assert_detected(TEXT("\xC3\xA4\xC3\xB6\xC3\xBC\xC3\x9F"), "UTF-8", 0);
	assert_detected(TEXT("\xE5\xB1\xB1\xE7\x94\xB0 \xF0\x9F\x9A\x80"), "UTF-8", 0);
	/* The end of the sample has cut a character. */
	assert_detected(TEXT("\xE5\xB1\xB1\xE7\x94"), "UTF-8", 0);
	assert_detected(TEXT("Zo\xC3\xAB \xF0\x9F\x9A"), "UTF-8", 0);
	/* Damage in one place does not make it another encoding. */
	assert_detected(TEXT("\xC3\xA4\xC3\xB6\xC3\xBC\xC3\x9F\xC3\xA4 \xFC x"), "UTF-8", 0);
}

static void ascii_decides_nothing(void **state)
{
	(void)state;
	assert_detected(TEXT("Name,Email\n"), NULL, 0);
	assert_detected(TEXT(""), NULL, 0);
}

static void a_few_accents_are_windows_1252(void **state)
{
	static const char *const texts[] = {"J\xFCrgen",
					    "Fran\xE7ois",
					    "Bj\xF6rn",
					    "\x80 100",
					    "Zo\xEB;Ren\xE9;\xD8stergaard",
					    "M\xFCller\x96S\xF6hne"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		assert_detected(text_of(texts[i]), "WINDOWS-1252", 0);
}

static void other_scripts_are_told_apart(void **state)
{
	(void)state;
	/* "Мария Коваленко, северный ветер" in two encodings */
	assert_detected(TEXT("\xCC\xE0\xF0\xE8\xFF \xCA\xEE\xE2\xE0\xEB\xE5\xED\xEA\xEE, "
			     "\xF1\xE5\xE2\xE5\xF0\xED\xFB\xE9 \xE2\xE5\xF2\xE5\xF0"),
			"WINDOWS-1251", 0);
	assert_detected(TEXT("\xED\xC1\xD2\xC9\xD1 \xEB\xCF\xD7\xC1\xCC\xC5\xCE\xCB\xCF, "
			     "\xD3\xC5\xD7\xC5\xD2\xCE\xD9\xCA \xD7\xC5\xD4\xC5\xD2"),
			"KOI8-R", 0);
}

/* Decode in portions of `step` bytes. */
static void assert_decoded(const char *name, struct text bytes, size_t step, struct text expected)
{
	struct encoding encoding;
	struct buf out;

	assert_int_equal(encoding_init(&encoding, text_of(name), &err), ERR_OK);
	buf_init(&out, OUT_BYTES_MAX);
	for (size_t at = 0; at < bytes.len; at += step) {
		size_t len = bytes.len - at < step ? bytes.len - at : step;

		assert_int_equal(encoding_decode(&encoding, (struct text){bytes.ptr + at, len},
						 at + len == bytes.len, &out, &err),
				 ERR_OK);
	}
	assert_int_equal(out.len, expected.len);
	assert_memory_equal(out.ptr, expected.ptr, expected.len);
	buf_release(&out);
	encoding_release(&encoding);
}

static void portions_do_not_matter(void **state)
{
	(void)state;
	for (size_t step = 1; step < 9; step++) {
		assert_decoded("WINDOWS-1252", TEXT("\x80\xFC\x96"), step,
			       TEXT("\xE2\x82\xAC\xC3\xBC\xE2\x80\x93"));
		assert_decoded("UTF-16LE", TEXT("\x3D\xD8\x80\xDE\xFC\0"), step,
			       TEXT("\xF0\x9F\x9A\x80\xC3\xBC"));
		assert_decoded("UTF-16BE", TEXT("\xD8\x3D\xDE\x80\0\xFC"), step,
			       TEXT("\xF0\x9F\x9A\x80\xC3\xBC"));
		assert_decoded("SHIFT_JIS", TEXT("\x8E\x52\x93\x63"), step,
			       TEXT("\xE5\xB1\xB1\xE7\x94\xB0"));
		assert_decoded("UTF-8", TEXT("a\xC3\xBC\xFF"), step, TEXT("a\xC3\xBC\xFF"));
	}
}

static void what_is_no_character_is_marked(void **state)
{
	(void)state;
	for (size_t step = 1; step < 9; step++) {
		assert_decoded("WINDOWS-1252", TEXT("a\x81z"), step, TEXT("a\xFFz"));
		/* Half a surrogate pair, before a letter and at the end. */
		assert_decoded("UTF-16LE", TEXT("\x80\xDEz\0"), step, TEXT("\xFFz"));
		assert_decoded("UTF-16LE", TEXT("z\0\x3D\xD8"), step, TEXT("z\xFF"));
		assert_decoded("UTF-16LE", TEXT("z\0z"), step, TEXT("z\xFF"));
	}
}

static void names_are_understood(void **state)
{
	static const char *const bad[] = {"", "KLINGON", "UTF-8//TRANSLIT",
					  "A-NAME-LONGER-THAN-ANY-ENCODING-HAS"};
	static const char *const latin[] = {"latin1", "ISO-8859-1", "cp1252", "windows-1252"};
	struct encoding encoding;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_int_equal(encoding_init(&encoding, text_of(bad[i]), &err),
				 ERR_INVALID_INPUT);
	for (size_t i = 0; i < ARRAY_LEN(latin); i++)
		assert_decoded(latin[i], TEXT("\x80"), 1, TEXT("\xE2\x82\xAC"));
	assert_decoded("utf8", TEXT("\xC3\xBC"), 1, TEXT("\xC3\xBC"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(marks_tell),
		cmocka_unit_test(zeros_tell_without_a_mark),
		cmocka_unit_test(valid_utf8_wins),
		cmocka_unit_test(ascii_decides_nothing),
		cmocka_unit_test(a_few_accents_are_windows_1252),
		cmocka_unit_test(other_scripts_are_told_apart),
		cmocka_unit_test(portions_do_not_matter),
		cmocka_unit_test(what_is_no_character_is_marked),
		cmocka_unit_test(names_are_understood),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
