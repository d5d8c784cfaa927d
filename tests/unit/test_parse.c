#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "json/parse.h"

static const struct parse_limits limits = {.bytes_max = 1 << 20, .depth_max = 20};

/* JSON written by jansson for what parse_json made of `bytes`; free it. */
static char *read_back(struct text bytes)
{
	struct err err;
	json_t *value = NULL;

	if (parse_json(bytes, &limits, &value, &err) != ERR_OK)
		fail_msg("%.*s: %s", TEXT_ARG(bytes), err.message);
	char *json = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);

	json_decref(value);
	return json;
}

static void json_of_every_kind_is_read(void **state)
{
	static const struct {
		const char *sent;
		const char *read;
	} rows[] = {
		{"{}", "{}"},
		{" [ ] ", "[]"},
		{"\t{\r\n\"a\" : [ 1 , -2 ,\"x\" ] }\n", "{\"a\":[1,-2,\"x\"]}"},
		{"null", "null"},
		{"[true,false,null]", "[true,false,null]"},
		{"\"\"", "\"\""},
		{"0", "0"},
		{"-0", "0"},
		{"[0.5,1e2,-1.5E-1,2e+0]", "[0.5,100.0,-0.14999999999999999,2.0]"},
		{"[9223372036854775807,-9223372036854775808]",
		 "[9223372036854775807,-9223372036854775808]"},
		{"1e-400", "0.0"},
		{"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\\"\\\\/\\b\\f\\n\\r\\t\""},
		{"\"\\u0041\\u00e9\\u20AC\\ud83d\\ude00\"",
		 "\"A\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\""},
		{"\"\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80 \xEF\xBF\xBF\"",
		 "\"\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80 \xEF\xBF\xBF\""},
		{"\"a\\u001fb\x7F\"", "\"a\\u001Fb\x7F\""},
		{"{\"z\":1,\"a\":{\"z\":2},\"\":3}", "{\"z\":1,\"a\":{\"z\":2},\"\":3}"},
		{"{\"\\u0061b\":{\"\\n\":\"\\t\"}}", "{\"ab\":{\"\\n\":\"\\t\"}}"},
		{"\xEF\xBB\xBF{\"bom\":1}", "{\"bom\":1}"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		char *read = read_back(text_of(rows[i].sent));

		assert_string_equal(read, rows[i].read);
		free(read);
	}
}

/* TEXT is not a constant, which a static table needs; and a NUL may stand inside. */
#define SENT(literal)                        \
	{                                    \
		literal, sizeof(literal) - 1 \
	}

static const struct {
	struct text sent;
	const char *message; /* some words of it */
} refusals[] = {
	{{NULL, 0}, "There is no JSON"},
	{SENT(""), "There is no JSON"},
	{SENT(" \n\t "), "There is no JSON"},
	{SENT("\xEF\xBB\xBF"), "There is no JSON"},
	{SENT("\xEF\xBB"), "not UTF-8"},
	{SENT("\xEF\xBB\xBF\xEF\xBB\xBF{}"), "Line 1, column 1: a value"},
	{SENT("hello"), "Line 1, column 1: a value is expected"},
	{SENT("{"), "Line 1, column 2: the JSON ends too early"},
	{SENT("{\"a\":"), "ends too early"},
	{SENT("[\"abc"), "ends too early"},
	{SENT("[\"abc\\"), "escape"},
	{SENT("[\"abc\\u12"), "four hexadecimal digits"},
	{SENT("[1,]"), "Line 1, column 4: a value"},
	{SENT("[,1]"), "Line 1, column 2: a value"},
	{SENT("{\"a\":1,}"), "Line 1, column 8: a key in double quotes"},
	{SENT("{'a':1}"), "a key in double quotes"},
	{SENT("{\"a\" 1}"), "a colon"},
	{SENT("{\"a\":1 \"b\":2}"), "a comma or }"},
	{SENT("[1 2]"), "a comma or ]"},
	{SENT("[1}"), "a comma or ]"},
	{SENT("{}\n x"), "Line 2, column 2: there is more text"},
	{SENT("[]]"), "there is more text"},
	{SENT("nul"), "a value is expected"},
	{SENT("nullx"), "there is more text"},
	{SENT("[True]"), "a value is expected"},
	{SENT("[NaN]"), "a value is expected"},
	{SENT("[+1]"), "a value is expected"},
	{SENT("[.5]"), "a value is expected"},
	{SENT("[01]"), "not a number"},
	{SENT("[-]"), "not a number"},
	{SENT("[1.]"), "not a number"},
	{SENT("[1e]"), "not a number"},
	{SENT("[1e400]"), "Line 1, column 2: the number is too large"},
	{SENT("[9223372036854775808]"), "Line 1, column 2: the integer is too large"},
	{SENT("[-9223372036854775809]"), "the integer is too large"},
	{SENT("{\"email\":1,\n\"x\":{\"email\":2},\"email\":3}"),
	 "Line 2, column 17: the key \"email\" stands twice"},
	{SENT("{\"a\":1,\"\\u0061\":[]}"), "the key \"a\" stands twice"},
	{SENT("{\"a\":[],\"a\":{}}"), "the key \"a\" stands twice"},
	{SENT("[\"\\q\"]"), "this escape is not known"},
	{SENT("[\"\\x41\"]"), "this escape is not known"},
	{SENT("[\"a\nb\"]"), "a control character"},
	{SENT("[\"a\tb\"]"), "a control character"},
	{SENT("[\"a\0b\"]"), "a NUL character"},
	{SENT("[\0]"), "a NUL character"},
	{SENT("{}\0"), "a NUL character"},
	{SENT("[\"\\u0000\"]"), "a NUL character"},
	{SENT("{\"\\u0000\":1}"), "a NUL character"},
	{SENT("[\"\\ud800\"]"), "half a surrogate pair"},
	{SENT("[\"\\udc00\"]"), "half a surrogate pair"},
	{SENT("[\"\\ud800\\u0041\"]"), "half a surrogate pair"},
	{SENT("[\"\\ud800\\ud800\"]"), "half a surrogate pair"},
	{SENT("[\"\\ud83d\xF0\x9F\x98\x80\"]"), "half a surrogate pair"},
	{SENT("[\"\xFF\"]"), "not UTF-8"},
	{SENT("[\"\xC3\"]"), "not UTF-8"},
	{SENT("[\"\xC3\\n\"]"), "not UTF-8"},
	{SENT("[\"\xC0\x80\"]"), "not UTF-8"},
	{SENT("[\"\xED\xA0\x80\"]"), "not UTF-8"},
	{SENT("{\"\xFF\":1}"), "not UTF-8"},
	{SENT("\xFF\xFE{\0}\0"), "not UTF-8"},
	{SENT("[\xC2\xA0]"), "a value is expected"},
	{SENT("[1]/*x*/"), "there is more text"},
};

static void everything_else_is_refused_with_advice(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(refusals); i++) {
		struct err err;
		json_t *value = NULL;
		enum err_code code = parse_json(refusals[i].sent, &limits, &value, &err);

		assert_null(value);
		assert_int_equal(code, ERR_INVALID_JSON);
		if (!strstr(err.message, refusals[i].message))
			fail_msg("row %zu: %s", i, err.message);
		assert_true(text_is_utf8(text_of(err.message)));
	}
}

static void bounds_hold_to_the_byte(void **state)
{
	const struct parse_limits tight = {.bytes_max = 10, .depth_max = 2, .values_max = 4};
	struct err err;
	json_t *value = NULL;

	(void)state;
	assert_int_equal(parse_json(TEXT("[1,2,    ]"), &tight, &value, &err), ERR_INVALID_JSON);
	assert_int_equal(parse_json(TEXT("[1,2,3,4]"), &tight, &value, &err), ERR_TOO_LARGE);
	assert_int_equal(parse_json(TEXT("[1,2,3    ]"), &tight, &value, &err), ERR_TOO_LARGE);
	assert_int_equal(parse_json(TEXT("[[[]]]"), &tight, &value, &err), ERR_INVALID_JSON);
	assert_non_null(strstr(err.message, "Line 1, column 3: the JSON is nested too deep"));
	assert_int_equal(parse_json(TEXT("[[],[],1]"), &tight, &value, &err), ERR_OK);
	json_decref(value);
	assert_int_equal(parse_json(TEXT("[1,2,3  ]"), &tight, &value, &err), ERR_OK);
	json_decref(value);
}

static void deep_nesting_is_an_answer_and_no_crash(void **state)
{
	const struct parse_limits loose = {.bytes_max = 1 << 24, .depth_max = SIZE_MAX};
	const size_t len = 1000000;
	char *bytes = malloc(len);
	struct err err;
	json_t *value = NULL;

	(void)state;
	for (int object = 0; object < 2; object++) {
		const char *opening = object ? "{\"a\":" : "[";

		for (size_t i = 0; i < len; i++)
			bytes[i] = opening[i % strlen(opening)];
		assert_int_equal(parse_json((struct text){bytes, len}, &loose, &value, &err),
				 ERR_INVALID_JSON);
		assert_non_null(strstr(err.message, "nested too deep"));
	}
	memset(bytes, '[', PARSE_DEPTH_MAX);
	memset(bytes + PARSE_DEPTH_MAX, ']', PARSE_DEPTH_MAX);
	assert_int_equal(parse_json((struct text){bytes, 2 * PARSE_DEPTH_MAX}, &loose, &value,
				    &err),
			 ERR_OK);
	json_decref(value);
	free(bytes);
}

static void a_long_key_is_shortened_in_the_message(void **state)
{
	char bytes[1000];
	struct err err;
	json_t *value = NULL;
	size_t len = 0;

	(void)state;
	bytes[len++] = '{';
	for (int twice = 0; twice < 2; twice++) {
		memcpy(bytes + len, twice ? ",\"x" : "\"x", twice ? 3 : 2);
		len += twice ? 3 : 2;
		for (int i = 0; i < 100; i++, len += 2)
			memcpy(bytes + len, "\xC3\xA9", 2);
		memcpy(bytes + len, "\":1", 3);
		len += 3;
	}
	assert_int_equal(parse_json((struct text){bytes, len}, &limits, &value, &err),
			 ERR_INVALID_JSON);
	assert_non_null(strstr(err.message, "\xC3\xA9\" stands twice in one object"));
	assert_true(text_is_utf8(text_of(err.message)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(json_of_every_kind_is_read),
		cmocka_unit_test(everything_else_is_refused_with_advice),
		cmocka_unit_test(bounds_hold_to_the_byte),
		cmocka_unit_test(deep_nesting_is_an_answer_and_no_crash),
		cmocka_unit_test(a_long_key_is_shortened_in_the_message),
	};

	return cmocka_run_group_tests_name("parse", tests, NULL, NULL);
}
