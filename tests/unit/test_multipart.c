/* multipart/form-data, in every cut, and in every wrong form we could think of. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/buf.h"
#include "http/multipart.h"

#define TYPE "multipart/form-data; boundary=XyZ"

static const char form[] =
	"preamble\r\n--XyZ\r\n"
	"Content-Disposition: form-data; name=\"list\"\r\n\r\nPress \r\n-- XyZ\r\n--Xy\r--\r\n"
	"--XyZ  \r\nContent-Type: text/csv\r\n"
	"content-disposition: form-data; filename=\"a \\\"b\\\"; name=c\\\\d.csv\"; name=file\r\n"
	"\r\nx,y\r\n1,2\r\n\r\n--XyZ\r\n"
	"Content-Disposition: form-data; name=empty\r\n\r\n\r\n--XyZ\r\n"
	"Content-Disposition: form-data; name=\"emptier\"\r\n\r\n--XyZ--\r\nepilogue\r\n--XyZ\r\n";

static const char want[] =
	"[list||]Press \r\n-- XyZ\r\n--Xy\r--.[file|a \"b\"; name=c\\d.csv|text/csv]x,y\r\n1,2\r\n."
	"[empty||].[emptier||].";

static bool begin(void *state, const struct multipart_part *part, struct err *err)
{
	struct buf *seen = state;

	(void)err;
	buf_add_format(seen, "[%.*s|%.*s|%.*s]", TEXT_ARG(part->name), TEXT_ARG(part->file_name),
		       TEXT_ARG(part->type));
	return true;
}

static bool data(void *state, struct text piece, struct err *err)
{
	(void)err;
	assert_true(piece.len > 0);
	buf_add(state, piece);
	return true;
}

static bool end(void *state, struct err *err)
{
	(void)err;
	buf_add_char(state, '.');
	return true;
}

static bool stop_data(void *state, struct text piece, struct err *err)
{
	(void)state;
	(void)piece;
	err_set(err, ERR_STORAGE_FULL, "", "no room");
	return false;
}

static struct multipart *make(const char *type, struct buf *seen)
{
	struct multipart_callbacks callbacks = {seen, begin, data, end};
	struct multipart *multipart = NULL;
	struct err err;

	assert_int_equal(multipart_create(text_of(type), &callbacks, &multipart, &err), ERR_OK);
	return multipart;
}

/* Feed `text` cut at two places; what came of it must be `expected`. */
static void check_cut(struct text text, size_t a, size_t b, const char *expected)
{
	struct buf seen;
	struct err err;

	buf_init(&seen, 100000);
	struct multipart *multipart = make(TYPE, &seen);

	assert_int_equal(multipart_feed(multipart, (struct text){text.ptr, a}, &err), ERR_OK);
	assert_int_equal(multipart_feed(multipart, (struct text){text.ptr + a, b - a}, &err),
			 ERR_OK);
	assert_int_equal(multipart_feed(multipart, text_skip(text, b), &err), ERR_OK);
	assert_int_equal(multipart_finish(multipart, &err), ERR_OK);
	assert_int_equal(seen.len, strlen(expected));
	assert_memory_equal(seen.ptr, expected, seen.len);
	multipart_destroy(multipart);
	buf_release(&seen);
}

static void test_every_cut(void **state)
{
	struct text text = TEXT(form);

	(void)state;
	for (size_t a = 0; a <= text.len; a++) {
		for (size_t b = a; b <= text.len; b++)
			check_cut(text, a, b, want);
	}
}

static void test_byte_by_byte(void **state)
{
	struct buf seen;
	struct err err;

	(void)state;
	buf_init(&seen, 100000);
	struct multipart *multipart = make(TYPE, &seen);

	for (size_t i = 0; i < sizeof form - 1; i++)
		assert_int_equal(multipart_feed(multipart, (struct text){form + i, 1}, &err),
				 ERR_OK);
	assert_int_equal(multipart_finish(multipart, &err), ERR_OK);
	assert_true(text_is(buf_text(&seen), text_of(want)));
	multipart_destroy(multipart);
	buf_release(&seen);
}

static void test_types(void **state)
{
	static const char *const good[] = {
		"multipart/form-data; boundary=a", "Multipart/Form-Data;boundary=\"a b\"",
		"multipart/form-data; charset=utf-8; BOUNDARY=----x; a",
		"multipart/form-data; ; boundary = a",
	};
	static const char *const bad[] = {
		"", "text/csv", "multipart/mixed; boundary=a", "multipart/form-data",
		"multipart/form-data; boundary=", "multipart/form-data; boundary",
		"multipart/form-data; xboundary=a",
		/* one more than is allowed */
		("multipart/form-data; boundary="
		 "12345678901234567890123456789012345678901234567890123456789012345678901"),
	};
	struct multipart_callbacks callbacks = {NULL, begin, data, end};
	struct err err;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(good); i++)
		multipart_destroy(make(good[i], NULL));
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct multipart *multipart = NULL;

		assert_int_equal(multipart_create(text_of(bad[i]), &callbacks, &multipart, &err),
				 ERR_INVALID_INPUT);
		assert_null(multipart);
	}
	multipart_destroy(NULL);
}

/* The code that feeding and finishing `text` ends with; a failure stays. */
static enum err_code outcome(struct text text)
{
	struct buf seen;
	struct err err, again;

	buf_init(&seen, 1000000);
	struct multipart *multipart = make(TYPE, &seen);
	enum err_code code = multipart_feed(multipart, text, &err);

	if (code != ERR_OK) {
		assert_int_equal(multipart_feed(multipart, TEXT("x"), &again), code);
		assert_string_equal(again.message, err.message);
		assert_int_equal(multipart_finish(multipart, &again), code);
	} else {
		code = multipart_finish(multipart, &err);
	}
	multipart_destroy(multipart);
	buf_release(&seen);
	return code;
}

static void test_malformed(void **state)
{
	static const char *const bad[] = {
		"", "no boundary at all", "--XyZ", "--XyZ\r\n", "--XyZ-", "--XyZ-x", "--XyZ\rx",
		"--XyZa\r\n\r\n\r\n--XyZ--",
		"--XyZ\r\n\r\nno name\r\n--XyZ--",
		"--XyZ\r\nContent-Disposition: form-data\r\n\r\nno name\r\n--XyZ--",
		"--XyZ\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\ncut off\r\n--XyZ",
		"--XyZ\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\ncut off",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_int_equal(outcome(text_of(bad[i])), ERR_INVALID_INPUT);
	assert_int_equal(outcome(TEXT("--XyZ--")), ERR_OK);
}

static void test_bounds(void **state)
{
	struct buf text;

	(void)state;
	buf_init(&text, 1000000);
	buf_add(&text, TEXT("--XyZ\r\nA: "));
	for (int i = 0; i < MULTIPART_HEADER_MAX; i++)
		buf_add_char(&text, 'a');
	assert_int_equal(outcome(buf_text(&text)), ERR_TOO_LARGE);
	buf_reset(&text);
	for (int i = 0; i < MULTIPART_PARTS_MAX; i++)
		buf_add(&text, TEXT("--XyZ\r\nContent-Disposition: form-data; name=a\r\n\r\n\r\n"));
	size_t len = text.len;

	buf_add(&text, TEXT("--XyZ--"));
	assert_int_equal(outcome(buf_text(&text)), ERR_OK);
	text.len = len;
	buf_add(&text, TEXT("--XyZ\r\nContent-Disposition: form-data; name=a\r\n\r\n\r\n--XyZ--"));
	assert_int_equal(outcome(buf_text(&text)), ERR_TOO_LARGE);
	buf_release(&text);
}

static void test_callback_stops(void **state)
{
	struct buf seen;
	struct multipart_callbacks callbacks = {&seen, begin, stop_data, end};
	struct multipart *multipart;
	struct err err;

	(void)state;
	buf_init(&seen, 1000);
	assert_int_equal(multipart_create(TEXT(TYPE), &callbacks, &multipart, &err), ERR_OK);
	assert_int_equal(multipart_feed(multipart, TEXT(form), &err), ERR_STORAGE_FULL);
	assert_string_equal(err.message, "no room");
	multipart_destroy(multipart);
	buf_release(&seen);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_cut),
		cmocka_unit_test(test_byte_by_byte),
		cmocka_unit_test(test_types),
		cmocka_unit_test(test_malformed),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_callback_stops),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
