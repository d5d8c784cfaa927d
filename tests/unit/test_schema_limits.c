/* The bounds of json/schema: depth, items, and the room for words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/text.h"
#include "json/schema.h"

static struct schema *schema_of(const char *json)
{
	json_t *source = json_loads(json, 0, NULL);
	struct schema *schema = NULL;
	struct err err;

	assert_int_equal(schema_create(source, &schema, &err), ERR_OK);
	json_decref(source);
	return schema;
}

/* `count` schemas inside each other, through items or through definitions that name the next. */
static json_t *nested(int count, bool by_ref)
{
	json_t *schema = json_pack("{s:s}", "type", "null"), *defs = json_object();
	char name[20], target[40];

	for (int i = 1; i < count; i++) {
		if (by_ref) {
			snprintf(name, sizeof name, "d%d", i);
			snprintf(target, sizeof target, "#/$defs/d%d", i);
			json_object_set_new(defs, name, schema);
			schema = json_pack("{s:s}", "$ref", target);
		} else {
			schema = json_pack("{s:o}", "items", schema);
		}
	}
	if (by_ref)
		json_object_set(schema, "$defs", defs);
	json_decref(defs);
	return schema;
}

static void the_depth_of_a_schema_is_bounded(void **state)
{
	(void)state;
	for (int by_ref = 0; by_ref < 2; by_ref++) {
		for (int more = 0; more < 2; more++) {
			json_t *source = nested(SCHEMA_DEPTH_MAX + more, by_ref);
			struct schema *schema = NULL;
			struct err err;
			enum err_code code = schema_create(source, &schema, &err);

			assert_int_equal(code, more ? ERR_INVALID_INPUT : ERR_OK);
			if (more)
				assert_non_null(strstr(err.message, "nested more than"));
			schema_destroy(schema);
			json_decref(source);
		}
	}
}

static void a_deep_value_is_no_danger(void **state)
{
	struct schema *schema = schema_of("{\"items\":{\"const\":[1]},\"uniqueItems\":true}");
	json_t *outer = json_array();
	struct err err;

	(void)state;
	for (int twin = 0; twin < 2; twin++) {
		json_t *value = json_array();

		for (int i = 0; i < 20000; i++) {
			json_t *around = json_array();

			json_array_append_new(around, value);
			value = around;
		}
		json_array_append_new(outer, value);
	}
	assert_int_equal(schema_check(schema, outer, NULL, &err), ERR_INVALID_INPUT);
	assert_string_equal(err.pointer, "/0");
	schema_destroy(schema);
	json_decref(outer);
}

static void every_problem_is_counted_and_the_first_are_kept(void **state)
{
	struct schema *schema = schema_of("{\"items\":{\"type\":\"string\"}}");
	json_t *value = json_array();
	struct schema_problems problems;
	struct err err;
	char pointer[20];

	(void)state;
	for (int i = 0; i < 100; i++)
		json_array_append_new(value, json_integer(i));
	assert_int_equal(schema_check(schema, value, &problems, &err), ERR_INVALID_INPUT);
	assert_int_equal(problems.count, 100);
	for (int i = 0; i < SCHEMA_PROBLEMS_MAX; i++) {
		snprintf(pointer, sizeof pointer, "/%d", i);
		assert_string_equal(problems.items[i].pointer, pointer);
	}
	assert_string_equal(err.pointer, "/0");
	assert_int_equal(schema_check(schema, value, NULL, &err), ERR_INVALID_INPUT);
	json_decref(value);
	schema_destroy(schema);
}

static void unique_items_are_bounded(void **state)
{
	struct schema *schema = schema_of("{\"uniqueItems\":true}");
	json_t *value = json_array();
	struct err err;

	(void)state;
	for (int i = 0; i < SCHEMA_UNIQUE_MAX; i++)
		json_array_append_new(value, json_pack("{s:i}", "n", i));
	assert_int_equal(schema_check(schema, value, NULL, &err), ERR_OK);
	json_array_append_new(value, json_null());
	assert_int_equal(schema_check(schema, value, NULL, &err), ERR_INVALID_INPUT);
	assert_string_equal(err.message, "must have at most 1000 items (has 1001)");
	json_array_remove(value, SCHEMA_UNIQUE_MAX);
	json_array_set_new(value, SCHEMA_UNIQUE_MAX - 1, json_pack("{s:i}", "n", 0));
	assert_int_equal(schema_check(schema, value, NULL, &err), ERR_INVALID_INPUT);
	assert_string_equal(err.message, "must not have the same item twice");
	json_decref(value);
	schema_destroy(schema);
}

/* A name of two-byte characters or of slashes is left out whole rather than cut in two. */
static void long_pointers_and_messages_are_cut_safely(void **state)
{
	struct schema *schema =
		schema_of("{\"additionalProperties\":{\"additionalProperties\":false}}");
	struct schema *choices = NULL;
	json_t *source = json_pack("{s:[]}", "enum"), *list = json_object_get(source, "enum");
	struct err err;
	char name[200];

	(void)state;
	for (size_t len = 0; len < sizeof name - 2; len += 2) {
		memset(name, '/', sizeof name);
		name[len] = '\0';
		json_t *value = json_pack("{s:{s:i}}", "a~b", name, 1);

		assert_int_equal(schema_check(schema, value, NULL, &err), ERR_INVALID_INPUT);
		size_t whole = strlen("/a~0b/") + 2 * len;

		assert_int_equal(strlen(err.pointer), whole < sizeof err.pointer ? whole : 5);
		assert_memory_equal(err.pointer, "/a~0b", 5);
		json_decref(value);
		memset(name, 0, sizeof name);
		for (size_t i = 0; i < len; i += 2)
			memcpy(name + i, "\xC3\xA9", 2);
		json_array_append_new(list, json_string(name));
		assert_int_equal(schema_create(source, &choices, &err), ERR_OK);
		assert_int_equal(schema_check(choices, list, NULL, &err), ERR_INVALID_INPUT);
		assert_true(text_is_utf8(text_of(err.message)));
		schema_destroy(choices);
	}
	json_decref(source);
	schema_destroy(schema);
}

static void a_long_list_of_choices_ends_early(void **state)
{
	struct schema *schema = NULL;
	json_t *source = json_pack("{s:[]}", "enum"), *list = json_object_get(source, "enum");
	json_t *value = json_string("choice_042");
	struct err err;
	char name[20];

	(void)state;
	for (int i = 0; i < 40; i++) {
		snprintf(name, sizeof name, "choice_%03d", i);
		json_array_append_new(list, json_string(name));
	}
	assert_int_equal(schema_create(source, &schema, &err), ERR_OK);
	assert_int_equal(schema_check(schema, value, NULL, &err), ERR_INVALID_INPUT);
	assert_non_null(strstr(err.message, "must be one of choice_000, choice_001, "));
	assert_non_null(strstr(err.message, ", \xE2\x80\xA6; did you mean \"choice_0"));
	json_decref(value);
	json_decref(source);
	schema_destroy(schema);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_depth_of_a_schema_is_bounded),
		cmocka_unit_test(a_deep_value_is_no_danger),
		cmocka_unit_test(every_problem_is_counted_and_the_first_are_kept),
		cmocka_unit_test(unique_items_are_bounded),
		cmocka_unit_test(long_pointers_and_messages_are_cut_safely),
		cmocka_unit_test(a_long_list_of_choices_ends_early),
	};

	return cmocka_run_group_tests_name("schema_limits", tests, NULL, NULL);
}
