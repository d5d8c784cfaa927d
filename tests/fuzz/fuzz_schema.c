/*
 * A schema, a line break, then a value: whatever both are, schema_create and schema_check answer
 * by their contract, and answer the same when asked again.
 */
#include <stdlib.h>

#include "base/text.h"
#include "json/parse.h"
#include "json/schema.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct parse_limits limits = {.bytes_max = 1 << 16,
					   .depth_max = 64,
					   .values_max = 2000};

static void assert_problems(const struct schema_problems *problems, const struct err *err)
{
	if (problems->count == 0 || strcmp(problems->items[0].message, err->message) != 0 ||
	    strcmp(problems->items[0].pointer, err->pointer) != 0)
		abort();
	for (size_t i = 0; i < problems->count && i < SCHEMA_PROBLEMS_MAX; i++) {
		const struct schema_problem *problem = &problems->items[i];

		if (problem->message[0] == '\0' || !text_is_utf8(text_of(problem->message)) ||
		    !text_is_utf8(text_of(problem->pointer)) ||
		    (problem->pointer[0] != '\0' && problem->pointer[0] != '/'))
			abort();
	}
}

static void check(const struct schema *schema, const json_t *value)
{
	struct schema_problems problems;
	struct err err, again;
	enum err_code code = schema_check(schema, value, &problems, &err);

	if (code != schema_check(schema, value, NULL, &again))
		abort();
	if (code == ERR_OK && problems.count != 0)
		abort();
	if (code == ERR_INVALID_INPUT)
		assert_problems(&problems, &err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text rest, source = text_split((struct text){(const char *)data, size}, '\n', &rest);
	struct schema *schema = NULL;
	json_t *json = NULL, *value = NULL;
	struct err err;

	if (parse_json(source, &limits, &json, &err) != ERR_OK)
		return 0;
	enum err_code code = schema_create(json, &schema, &err);

	if (code != ERR_OK && (schema || !text_is_utf8(text_of(err.message))))
		abort();
	json_decref(json);
	if (code == ERR_OK && parse_json(rest, &limits, &value, &err) == ERR_OK)
		check(schema, value);
	json_decref(value);
	schema_destroy(schema);
	return 0;
}
