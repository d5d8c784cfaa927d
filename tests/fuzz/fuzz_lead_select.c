/*
 * An input of lead.query: whatever it is, its schema refuses it, or it is read as a selection, or
 * refused with the pointer of what is wrong; and the same again when it is read again.
 */
#include <stdlib.h>

#include "command/catalogue.h"
#include "command/lead_select.h"
#include "json/parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define ARENA_MAX ((size_t)8 * 1024 * 1024)

static const struct parse_limits limits = {.bytes_max = 1 << 16,
					   .depth_max = 64,
					   .values_max = 4000};

/* Made once: compiling every schema takes longer than reading an input. */
static const struct schema *schema_of_query(void)
{
	static struct catalogue *catalogue;
	struct err err;

	if (!catalogue && catalogue_create(&catalogue, &err) != ERR_OK)
		abort();
	return catalogue_find(catalogue, TEXT("lead.query"))->input;
}

static enum err_code read_once(const json_t *input, struct err *err)
{
	struct lead_select *select = NULL;
	struct arena arena;

	arena_init(&arena, ARENA_MAX);
	enum err_code code = lead_select_parse(&arena, 1, input, &select, err);

	if (code == ERR_OK && lead_select_is_all(select) && json_object_get(input, "lead_ids"))
		abort();
	arena_release(&arena);
	return code;
}

static void check(const json_t *input)
{
	struct err err = {.code = ERR_OK}, again = {.code = ERR_OK};
	enum err_code code = read_once(input, &err);

	if (code != read_once(input, &again))
		abort();
	if (code == ERR_OK || code == ERR_BUSY)
		return;
	if (code != ERR_INVALID_INPUT || err.pointer[0] != '/' || err.message[0] == '\0' ||
	    !text_is_utf8(text_of(err.message)) || strcmp(err.message, again.message) != 0)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct schema_problems problems;
	json_t *input = NULL;
	struct err err;

	if (parse_json((struct text){(const char *)data, size}, &limits, &input, &err) != ERR_OK)
		return 0;
	if (json_is_object(input) &&
	    schema_check(schema_of_query(), input, &problems, &err) == ERR_OK)
		check(input);
	json_decref(input);
	return 0;
}
