#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "json/parse.h"
#include "json/scan.h"
#include "json/writer.h"

static void assert_written(struct buf *buf, const char *json)
{
	struct text text = buf_text(buf);

	if (!text_is(text, text_of(json)))
		fail_msg("%.*s is not %s", TEXT_ARG(text), json);
	buf_reset(buf);
}

static void commas_and_quotes_fall_into_place(void **state)
{
	struct buf buf;

	(void)state;
	buf_init(&buf, 1000);
	struct writer writer = writer_on(&buf);

	writer_begin_object(&writer);
	writer_member_text(&writer, "name", TEXT("Ada"));
	writer_member_int(&writer, "id", -7);
	writer_key(&writer, TEXT("tags"));
	writer_begin_array(&writer);
	writer_end_array(&writer);
	writer_key(&writer, TEXT("list"));
	writer_begin_array(&writer);
	writer_begin_object(&writer);
	writer_end_object(&writer);
	writer_null(&writer);
	writer_bool(&writer, false);
	writer_end_array(&writer);
	writer_member_bool(&writer, "hot", true);
	writer_member_raw(&writer, "raw", TEXT("[1,2]"));
	writer_end_object(&writer);
	assert_written(&buf, "{\"name\":\"Ada\",\"id\":-7,\"tags\":[],\"list\":[{},null,false],"
			     "\"hot\":true,\"raw\":[1,2]}");
	buf_release(&buf);
}

static void only_what_must_be_is_escaped(void **state)
{
	struct buf buf;
	struct writer writer;

	(void)state;
	buf_init(&buf, 1000);
	writer = writer_on(&buf);
	writer_text(&writer, TEXT("\"\\/\b\f\n\r\t\x01\x0B\x1F\x7F \xC3\xA9\xE2\x80\xA8"));
	assert_written(&buf, "\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u000b\\u001f\x7F "
			     "\xC3\xA9\xE2\x80\xA8\"");
	writer = writer_on(&buf);
	writer_text(&writer, TEXT_NONE);
	assert_written(&buf, "\"\"");
	buf_release(&buf);
}

static void numbers_are_short_and_exact(void **state)
{
	static const struct {
		double number;
		const char *json;
	} rows[] = {
		{0, "0"},
		{-0.0, "0"},
		{1, "1"},
		{-12, "-12"},
		{0.1, "0.1"},
		{0.15, "0.15"},
		{1e300, "1e+300"},
		{1.0 / 3, "0.3333333333333333"},
		{123456789012345, "123456789012345"},
		{5e-324, "4.94065645841247e-324"},
		{0.1 + 0.2, "0.30000000000000004"},
	};
	struct buf buf;

	(void)state;
	buf_init(&buf, 1000);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct writer writer = writer_on(&buf);

		writer_number(&writer, rows[i].number);
		assert_written(&buf, rows[i].json);
	}
	struct writer writer = writer_on(&buf);

	writer_number(&writer, 1.0 / (rows[0].number));
	writer_int(&writer, INT64_MIN);
	assert_written(&buf, "null,-9223372036854775808");
	buf_release(&buf);
}

/* One form for a value, wherever it stands: what is compared and hashed must not depend on it. */
static void a_value_is_written_alike_at_every_depth(void **state)
{
	static const char *const values[] = {"0.1",    "1",    "\"\\u001f\\n\"",
					     "1e+300", "null", "true"};
	const struct parse_limits limits = {.bytes_max = 1000, .depth_max = 20};
	struct buf buf;
	char json[100];

	(void)state;
	buf_init(&buf, 1000);
	for (size_t i = 0; i < ARRAY_LEN(values); i++) {
		json_t *value = NULL;
		struct err err;

		snprintf(json, sizeof json, "[%s,{\"a\":[%s]}]", values[i], values[i]);
		assert_int_equal(parse_json(text_of(json), &limits, &value, &err), ERR_OK);
		struct writer writer = writer_on(&buf);

		writer_value(&writer, value);
		assert_written(&buf, json);
		json_decref(value);
	}
	buf_release(&buf);
}

static uint32_t roll(uint32_t *seed, uint32_t sides)
{
	*seed = *seed * 1664525u + 1013904223u;
	return (*seed >> 8) % sides;
}

static json_t *random_string(uint32_t *seed)
{
	static const char *const parts[] =
		{"a",    "\"", "\\", "/", "\n", "\x01",     "\x1F",
		 "\x7F", "{",  "]",  ",", ":",  "\xC3\xA9", "\xF0\x9F\x98\x80",
		 "u0041"};
	struct buf buf;

	buf_init(&buf, 1000);
	for (uint32_t i = roll(seed, 12); i > 0; i--)
		buf_add(&buf, text_of(parts[roll(seed, ARRAY_LEN(parts))]));
	json_t *string = json_stringn(buf_text(&buf).ptr, buf_text(&buf).len);

	buf_release(&buf);
	return string;
}

static json_t *random_value(uint32_t *seed, int depth)
{
	uint32_t kind = roll(seed, depth > 0 ? 9 : 6);
	json_t *value = NULL;

	if (kind == 0)
		return json_null();
	if (kind == 1)
		return json_boolean(roll(seed, 2));
	if (kind == 2)
		return json_integer((json_int_t)roll(seed, 1 << 20) * 4611686018427 - 99999);
	if (kind == 3)
		return json_real((roll(seed, 1 << 20) + 0.5) / (1 + roll(seed, 1000)) + 1e-9);
	if (kind < 6)
		return random_string(seed);
	value = kind == 6 ? json_array() : json_object();
	for (uint32_t i = roll(seed, 6); i > 0; i--) {
		if (kind == 6) {
			json_array_append_new(value, random_value(seed, depth - 1));
			continue;
		}
		json_t *key = random_string(seed);

		json_object_set_new(value, json_string_value(key), random_value(seed, depth - 1));
		json_decref(key);
	}
	return value;
}

/* scan over what was written finds the members of the value, in order, and nothing else. */
static void assert_scanned(struct text json, json_t *value)
{
	struct arena arena;
	struct scan scan = scan_of(json);
	struct text name, member;
	void *at = json_object_iter(value);
	size_t index = 0;

	arena_init(&arena, 1 << 20);
	while (scan_next(&scan, &name, &member)) {
		const json_t *want = at ? json_object_iter_value(at)
					: json_array_get(value, index++);

		assert_non_null(want);
		if (at) {
			struct text quoted = {name.ptr - 1, name.len + 2};
			struct text key = scan_string(&arena, quoted);

			assert_true(text_is(key, text_of(json_object_iter_key(at))));
			at = json_object_iter_next(value, at);
		}
		if (json_is_string(want))
			assert_true(text_is(scan_string(&arena, member),
					    text_of(json_string_value(want))));
	}
	assert_false(scan.broken);
	assert_null(at);
	assert_int_equal(index, json_array_size(value));
	arena_release(&arena);
}

static void what_is_written_reads_back(void **state)
{
	const struct parse_limits limits = {.bytes_max = 1 << 20, .depth_max = 20};
	uint32_t seed = 7;
	struct buf buf;

	(void)state;
	buf_init(&buf, 1 << 20);
	for (int i = 0; i < 3000; i++) {
		json_t *value = random_value(&seed, 4), *read = NULL;
		struct writer writer = writer_on(&buf);
		struct err err;

		writer_value(&writer, value);
		assert_int_equal(parse_json(buf_text(&buf), &limits, &read, &err), ERR_OK);
		if (!json_equal(value, read))
			fail_msg("%.*s", TEXT_ARG(buf_text(&buf)));
		if (json_is_object(value) || json_is_array(value))
			assert_scanned(buf_text(&buf), value);
		json_decref(value);
		json_decref(read);
		buf_reset(&buf);
	}
	buf_release(&buf);
}

static void too_deep_a_value_marks_the_buf_failed(void **state)
{
	struct buf buf;

	(void)state;
	for (int levels = WRITER_DEPTH_MAX; levels <= WRITER_DEPTH_MAX + 1; levels++) {
		json_t *value = json_array();

		for (int i = 1; i < levels; i++) {
			json_t *around = json_array();

			json_array_append_new(around, value);
			value = around;
		}
		buf_init(&buf, 1 << 20);
		struct writer writer = writer_on(&buf);

		writer_value(&writer, value);
		assert_int_equal(buf_text(&buf).ptr == NULL, levels > WRITER_DEPTH_MAX);
		buf_release(&buf);
		json_decref(value);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(commas_and_quotes_fall_into_place),
		cmocka_unit_test(only_what_must_be_is_escaped),
		cmocka_unit_test(numbers_are_short_and_exact),
		cmocka_unit_test(a_value_is_written_alike_at_every_depth),
		cmocka_unit_test(what_is_written_reads_back),
		cmocka_unit_test(too_deep_a_value_marks_the_buf_failed),
	};

	return cmocka_run_group_tests_name("writer", tests, NULL, NULL);
}
