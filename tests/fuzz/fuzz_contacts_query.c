/*
 * Any bytes as what a client of the contacts dialect asks a list for: the first line is the query
 * string, the rest the body. What is accepted is an input in which every condition is whole.
 */
#include <stdlib.h>

#include "json/parse.h"
#include "surface/contacts_query.h"

#define PAIRS_MAX 64

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
	if (!holds)
		abort();
}

static size_t read_pairs(struct arena *arena, struct text query, struct http_pair *pairs)
{
	size_t count = 0;

	while (query.ptr && count < PAIRS_MAX) {
		struct text value, pair = text_split(query, '&', &query);
		struct text name = text_split(pair, '=', &value);

		if (!http_request_decode(arena, name, true, &pairs[count].name) ||
		    !http_request_decode(arena, value.ptr ? value : TEXT(""), true,
					 &pairs[count].value))
			return count;
		count++;
	}
	return count;
}

static void check_condition(const json_t *item)
{
	const char *op = json_string_value(json_object_get(item, "op"));
	const json_t *value = json_object_get(item, "value");

	require(json_is_string(json_object_get(item, "field")) && op);
	if (strcmp(op, "is_null") == 0 || strcmp(op, "is_not_null") == 0)
		require(!value);
	else
		require(value && json_is_array(value) ==
					 (strcmp(op, "in") == 0 || strcmp(op, "not_in") == 0));
}

static void check(struct contacts_query *query, bool is_get)
{
	const json_t *where = json_object_get(query->input, "where"), *item;
	size_t i;

	require(json_array_size(where) == query->count);
	require(query->count <= CONTACTS_CONDITIONS_MAX);
	require(query->limit >= 1 && query->limit <= (is_get ? 100 : 1000));
	require(query->offset >= 0 && query->offset <= CONTACTS_OFFSET_MAX);
	json_array_foreach(where, i, item)
	{
		check_condition(item);
		require(text_starts(query->fields[i], TEXT("filter.")));
	}
	contacts_query_release(query);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct parse_limits limits = {.bytes_max = size, .depth_max = 64};
	struct http_pair pairs[PAIRS_MAX];
	struct text body, line = text_split((struct text){(const char *)data, size}, '\n', &body);
	struct arena arena;
	struct contacts_query query;
	json_t *parsed = NULL;
	struct err err = {.code = ERR_OK};

	arena_init(&arena, (size_t)16 << 20);
	if (body.len > 0 && parse_json(body, &limits, &parsed, &err) != ERR_OK)
		parsed = NULL;
	struct http_request request = {.arena = &arena,
				       .method = parsed ? HTTP_POST : HTTP_GET,
				       .query_pairs = pairs,
				       .query_count = read_pairs(&arena, line, pairs)};

	if (contacts_query_read(&request, json_is_object(parsed) ? parsed : NULL,
				&contacts_query_leads, &query, &err) == ERR_OK) {
		check(&query, !parsed);
	} else {
		require(err.code == ERR_INVALID_INPUT);
		require(text_is_utf8(text_of(err.pointer)) && text_is_utf8(text_of(err.message)));
	}
	json_decref(parsed);
	arena_release(&arena);
	return 0;
}
