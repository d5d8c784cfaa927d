#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "json/scan.h"

static const char doc_bytes[] =
	"{\"name\":\"Ada \\\"A\\\"\",\"n\":-1.5,\"tags\":[\"a,b\",{\"x\":\"]\"}],"
	"\"o\":{\"name\":\"inner\"},\"last\":null}";
static const struct text doc = {doc_bytes, sizeof doc_bytes - 1};

static void members_come_in_order_with_their_text(void **state)
{
	static const char *const want[][2] = {
		{"name", "\"Ada \\\"A\\\"\""},
		{"n", "-1.5"},
		{"tags", "[\"a,b\",{\"x\":\"]\"}]"},
		{"o", "{\"name\":\"inner\"}"},
		{"last", "null"},
	};
	struct scan scan = scan_of(doc);
	struct text key, value;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(want); i++) {
		assert_true(scan_next(&scan, &key, &value));
		assert_true(text_is(key, text_of(want[i][0])));
		assert_true(text_is(value, text_of(want[i][1])));
	}
	assert_false(scan_next(&scan, &key, &value));
	assert_false(scan_next(&scan, &key, &value));
	assert_false(scan.broken);
}

static void elements_have_no_key(void **state)
{
	struct scan scan = scan_of(TEXT("[1,[2],\"3\"]"));
	struct text key, value;

	(void)state;
	assert_true(scan_next(&scan, &key, &value));
	assert_int_equal(key.len, 0);
	assert_true(text_is(value, TEXT("1")));
	assert_true(scan_next(&scan, &key, &value));
	assert_true(text_is(value, TEXT("[2]")));
	assert_true(scan_next(&scan, &key, &value));
	assert_true(text_is(value, TEXT("\"3\"")));
	assert_false(scan_next(&scan, &key, &value));
	assert_false(scan.broken);
	scan = scan_of(TEXT("[]"));
	assert_false(scan_next(&scan, &key, &value));
	assert_false(scan.broken);
}

static void a_member_is_found_by_its_name(void **state)
{
	(void)state;
	assert_true(text_is(scan_member(doc, TEXT("last")), TEXT("null")));
	assert_true(text_is(scan_member(doc, TEXT("n")), TEXT("-1.5")));
	assert_null(scan_member(doc, TEXT("x")).ptr);
	assert_null(scan_member(doc, TEXT("nam")).ptr);
	assert_null(scan_member(TEXT("{}"), TEXT("x")).ptr);
}

static void strings_are_unescaped_only_where_needed(void **state)
{
	struct text plain = TEXT("\"Ada\"");
	struct arena arena;

	(void)state;
	arena_init(&arena, 1 << 20);
	assert_ptr_equal(scan_string(&arena, plain).ptr, plain.ptr + 1);
	assert_true(text_is(scan_string(&arena, plain), TEXT("Ada")));
	assert_true(text_is(scan_string(&arena, TEXT("\"\\\"\\\\\\b\\f\\n\\r\\t\\u0001\\u001f.\"")),
			    TEXT("\"\\\b\f\n\r\t\x01\x1F.")));
	assert_int_equal(scan_string(&arena, TEXT("\"\"")).len, 0);
	assert_null(scan_string(&arena, TEXT("null")).ptr);
	assert_null(scan_string(&arena, TEXT("1")).ptr);
	arena_release(&arena);
}

static void assert_noticed(struct text text)
{
	/* An exact copy, so that a sanitizer sees a read past the end. */
	char *copy = malloc(text.len ? text.len : 1);
	struct text key, value;

	memcpy(copy, text.ptr, text.len);
	struct scan scan = scan_of((struct text){copy, text.len});

	while (scan_next(&scan, &key, &value))
		continue;
	if (!scan.broken)
		fail_msg("not noticed: %.*s", TEXT_ARG(text));
	free(copy);
}

/* Every way to cut the document short shows as damage. */
static void damage_is_noticed(void **state)
{
	static const char *const broken[] = {
		"",      "{",          "x",    "{\"a\":1]", "[1}", "{\"a\"}", "{\"a\":}",
		"{a:1}", "{\"a\":1}}", "[1]x", "[[1]",      "{,}", "[,]",
	};

	(void)state;
	for (size_t len = 0; len < doc.len; len++)
		assert_noticed((struct text){doc.ptr, len});
	for (size_t i = 0; i < ARRAY_LEN(broken); i++)
		assert_noticed(text_of(broken[i]));
}

static void a_damaged_string_is_not_read_past_its_end(void **state)
{
	static const char *const strings[] = {"\"abc\\\"", "\"\\u00\"", "\"\\u0\"", "\"\\",
					      "\"\\\""};
	struct buf buf;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(strings); i++) {
		size_t len = strlen(strings[i]);
		char *copy = malloc(len);

		memcpy(copy, strings[i], len);
		buf_init(&buf, SIZE_MAX);
		scan_unescape((struct text){copy, len}, &buf);
		assert_true(buf_text(&buf).len <= len);
		buf_release(&buf);
		free(copy);
	}
}

/* What is not there has no members. */
static void test_absent(void **state)
{
	struct scan scan = scan_of(TEXT_NONE);
	struct text key, value;

	(void)state;
	assert_false(scan_next(&scan, &key, &value));
	assert_true(scan.broken);
	assert_null(scan_member(TEXT_NONE, TEXT("a")).ptr);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(members_come_in_order_with_their_text),
		cmocka_unit_test(elements_have_no_key),
		cmocka_unit_test(a_member_is_found_by_its_name),
		cmocka_unit_test(strings_are_unescaped_only_where_needed),
		cmocka_unit_test(damage_is_noticed),
		cmocka_unit_test(a_damaged_string_is_not_read_past_its_end),
		cmocka_unit_test(test_absent),
	};

	return cmocka_run_group_tests_name("scan", tests, NULL, NULL);
}
