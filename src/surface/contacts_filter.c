#include "surface/contacts_filter.h"

#include "base/clock.h"
#include "json/parse.h"

#define NAME_SHOWN_MAX 60
#define FILTER_BYTES_MAX ((size_t)1024 * 1024)
#define FILTER_DEPTH_MAX 4
#define FILTER_VALUES_MAX 20000

static enum err_code wrong(struct err *err, const char *field, const char *message)
{
	return err_set(err, ERR_INVALID_INPUT, field, "%s %s", field, message);
}

struct text contacts_filter_shown(struct arena *arena, const char *before, struct text name)
{
	size_t len = name.len < NAME_SHOWN_MAX ? name.len : NAME_SHOWN_MAX;

	while (len > 0 && !text_is_utf8((struct text){name.ptr, len}))
		len--;
	struct text made = arena_format(arena, "%s%.*s", before, (int)len, name.ptr);

	return made.ptr ? made : TEXT("filter");
}

static enum err_code put(json_t *object, const char *name, json_t *value, struct err *err)
{
	return json_object_set_new(object, name, value) == 0 ? ERR_OK : err_memory(err);
}

bool contacts_filter_key(const struct contacts_object *object, struct text name,
			 struct contacts_key *out)
{
	for (size_t i = 0; i < object->count; i++) {
		if (text_is(name, text_of(object->keys[i].name))) {
			*out = object->keys[i];
			return true;
		}
	}
	for (size_t id = 0; object->has_lead_fields && id < FIELD_COUNT; id++) {
		const struct field_row *row = &field_rows[id];
		bool is_it = (row->contacts.ptr && text_is(name, row->contacts)) ||
			     (row->contacts_input.ptr && text_is(name, row->contacts_input));

		/* What is shown there is made of more than the field: see contacts_view.h. */
		if (!is_it || id == FIELD_LINKEDIN_STATUS)
			continue;
		*out = (struct contacts_key){.name = row->contacts.ptr ? row->contacts.ptr
								       : row->contacts_input.ptr,
					     .inside = row->name.ptr,
					     .kind = row->type == FIELD_TYPE_NUMBER
							     ? CONTACTS_KEY_NUMBER
							     : CONTACTS_KEY_TEXT,
					     .sorts = row->sort};
		return true;
	}
	return false;
}

static struct text text_in(const json_t *value)
{
	if (!json_is_string(value))
		return TEXT_NONE;
	return (struct text){json_string_value(value), json_string_length(value)};
}

/* A time as people write it in a filter; a '+' in a query string has become a blank. */
static bool read_time(struct arena *arena, struct text text, int64_t *out_ms)
{
	struct text at = arena_copy(arena, text_trim(text));

	if (!at.ptr || at.len > 40)
		return false;
	if (clock_parse(at, out_ms))
		return true;
	if (at.len > 6 && at.ptr[at.len - 6] == ' ') {
		struct text zoned = arena_format(arena, "%.*s+%s", (int)(at.len - 6), at.ptr,
						 at.ptr + at.len - 5);

		return zoned.ptr && clock_parse(zoned, out_ms);
	}
	struct text whole = arena_format(arena, "%s%s", at.ptr, at.len == 10 ? "T00:00:00Z" : "Z");

	return whole.ptr && clock_parse(whole, out_ms);
}

static json_t *time_value(struct arena *arena, const json_t *value)
{
	char text[CLOCK_TEXT_LEN + 1];
	int64_t at_ms;

	if (!json_is_string(value) || !read_time(arena, text_in(value), &at_ms))
		return NULL;
	clock_format(at_ms, text);
	return json_string(text);
}

json_t *contacts_filter_number(const json_t *value)
{
	int64_t number;

	if (json_is_number(value))
		return json_incref((json_t *)value);
	if (!json_is_string(value) || !text_to_int(text_trim(text_in(value)), &number))
		return NULL;
	return json_integer(number);
}

static json_t *word_value(const struct contacts_key *key, const json_t *value)
{
	struct text text = text_in(value);

	for (size_t i = 0; i < key->word_count; i++) {
		if (text_is(text, text_of(key->words[i].shown)))
			return json_string(key->words[i].inside);
	}
	return json_incref((json_t *)value);
}

/* One value as the command has it; NULL when it cannot be one. */
static json_t *inside_value(struct arena *arena, const struct contacts_key *key,
			    const json_t *value)
{
	if (json_is_array(value) || json_is_object(value) || json_is_null(value))
		return NULL;
	if (key->kind == CONTACTS_KEY_TIME)
		return time_value(arena, value);
	if (key->kind == CONTACTS_KEY_NUMBER)
		return contacts_filter_number(value);
	return word_value(key, value);
}

static enum err_code wrong_value(const struct contacts_key *key, struct text field, struct err *err)
{
	static const char *const takes[] = {"takes a text, or an array of them.",
					    "takes a number, or an array of them.",
					    "takes a time such as 2026-03-04T09:25:42Z.",
					    "cannot be filtered by."};

	return wrong(err, field.ptr, takes[key->kind]);
}

/* Add {field, op, value}; an absent value (NULL) is left out. `value` is taken. */
static enum err_code add_condition(struct contacts_reading *reading, const struct contacts_key *key,
				   const char *op, json_t *value, struct err *err)
{
	struct contacts_query *query = reading->query;
	struct text field =
		contacts_filter_shown(reading->request->arena, "filter.", text_of(key->name));
	json_t *item =
		json_pack("{s:s, s:s, s:o*}", "field", key->inside, "op", op, "value", value);

	if (!item)
		return err_memory(err);
	if (query->count == CONTACTS_CONDITIONS_MAX) {
		json_decref(item);
		return err_set(err, ERR_INVALID_INPUT, "filter",
			       "A filter has %d conditions at most. Use an array where one of "
			       "several values will do.",
			       CONTACTS_CONDITIONS_MAX);
	}
	if (query->count == 0 && put(query->input, "where", json_array(), err) != ERR_OK) {
		json_decref(item);
		return err->code;
	}
	if (json_array_append_new(json_object_get(query->input, "where"), item) != 0)
		return err_memory(err);
	query->fields[query->count++] = field;
	return ERR_OK;
}

static enum err_code read_array(struct contacts_reading *reading, const struct contacts_key *key,
				const char *op, const json_t *values, struct err *err)
{
	struct arena *arena = reading->request->arena;
	json_t *list = json_array();
	const json_t *one;
	size_t i;

	if (!list)
		return err_memory(err);
	json_array_foreach(values, i, one)
	{
		json_t *value = inside_value(arena, key, one);

		if (!value || json_array_append_new(list, value) != 0) {
			json_decref(list);
			return wrong_value(key,
					   contacts_filter_shown(arena, "filter.",
								 text_of(key->name)),
					   err);
		}
	}
	return add_condition(reading, key, op, list, err);
}

struct op_row {
	const char *sign;
	const char *one;  /* with one value */
	const char *many; /* with an array; NULL: takes none */
	const char *none; /* with null; NULL: takes none */
};

static const struct op_row ops[] = {
	{"=", "eq", "in", "is_null"},
	{"!=", "ne", "not_in", "is_not_null"},
	{"<>", "ne", "not_in", "is_not_null"},
	{"<", "lt", NULL, NULL},
	{"<=", "lte", NULL, NULL},
	{">", "gt", NULL, NULL},
	{">=", "gte", NULL, NULL},
};

/* The condition that `key` stands in `op` to `value`. */
static enum err_code read_value(struct contacts_reading *reading, const struct contacts_key *key,
				const struct op_row *op, const json_t *value, struct err *err)
{
	struct arena *arena = reading->request->arena;
	struct text text = text_in(value);
	bool is_equal = op == &ops[0];

	if (key->kind == CONTACTS_KEY_ORDER)
		return wrong_value(key, contacts_filter_shown(arena, "filter.", text_of(key->name)),
				   err);
	if (is_equal && (text_is(text, TEXT("is_null")) || text_is(text, TEXT("is_not_null"))))
		return add_condition(reading, key, json_string_value(value), NULL, err);
	if (json_is_null(value) && op->none)
		return add_condition(reading, key, op->none, NULL, err);
	if (json_is_array(value) && op->many)
		return read_array(reading, key, op->many, value, err);
	json_t *made = inside_value(arena, key, value);

	if (!made)
		return wrong_value(key, contacts_filter_shown(arena, "filter.", text_of(key->name)),
				   err);
	return add_condition(reading, key, op->one, made, err);
}

/* {"op": value, …} */
static enum err_code read_ops(struct contacts_reading *reading, const struct contacts_key *key,
			      const json_t *object, struct err *err)
{
	const char *sign;
	json_t *value;

	json_object_foreach((json_t *)object, sign, value)
	{
		const struct op_row *op = NULL;

		for (size_t i = 0; i < ARRAY_LEN(ops); i++) {
			if (strcmp(sign, ops[i].sign) == 0)
				op = &ops[i];
		}
		if (!op)
			return wrong(err,
				     contacts_filter_shown(reading->request->arena, "filter.",
							   text_of(key->name))
					     .ptr,
				     "takes the operators = != <> < <= > >=.");
		if (read_value(reading, key, op, value, err) != ERR_OK)
			return err->code;
	}
	return ERR_OK;
}

static enum err_code unknown_key(struct contacts_reading *reading, struct text name,
				 struct err *err)
{
	const struct contacts_object *object = reading->object;
	struct text field = contacts_filter_shown(reading->request->arena, "filter.", name);
	struct buf buf;

	buf_init_arena(&buf, reading->request->arena, 4096);
	for (size_t i = 0; i < object->count; i++) {
		if (object->keys[i].kind != CONTACTS_KEY_ORDER)
			buf_add_format(&buf, "%s%s", buf.len > 0 ? ", " : "", object->keys[i].name);
	}
	if (object->has_text)
		buf_add_format(&buf, "%sq", buf.len > 0 ? ", " : "");
	struct text names = buf_text(&buf);

	return err_set(err, ERR_INVALID_INPUT, field.ptr, "%s is no key of this filter: %.*s%s.",
		       field.ptr, TEXT_ARG(names),
		       object->has_lead_fields ? " and the fields of a contact" : "");
}

enum err_code contacts_filter_text(struct contacts_reading *reading, const char *field,
				   const json_t *value, struct err *err)
{
	json_t *input = reading->query->input;

	if (!reading->object->has_text)
		return unknown_key(reading, TEXT("q"), err);
	if (json_is_null(value) || text_trim(text_in(value)).len == 0) {
		if (json_is_null(value) || json_is_string(value))
			return ERR_OK;
		return wrong(err, field, "must be a text.");
	}
	if (json_object_get(input, "query"))
		return wrong(err, field, "is given twice.");
	return put(input, "query", json_incref((json_t *)value), err);
}

static enum err_code read_filter(struct contacts_reading *reading, const json_t *filter,
				 struct err *err)
{
	struct contacts_key key;
	const char *name;
	json_t *value;

	json_object_foreach((json_t *)filter, name, value)
	{
		enum err_code code;

		if (strcmp(name, "q") == 0)
			code = contacts_filter_text(reading, "filter.q", value, err);
		else if (!contacts_filter_key(reading->object, text_of(name), &key))
			code = unknown_key(reading, text_of(name), err);
		else if (json_is_object(value))
			code = read_ops(reading, &key, value, err);
		else
			code = read_value(reading, &key, &ops[0], value, err);
		if (code != ERR_OK)
			return code;
	}
	return ERR_OK;
}

/* An empty array is PHP's empty object. */
enum err_code contacts_filter_read(struct contacts_reading *reading, const json_t *value,
				   struct err *err)
{
	const struct parse_limits limits = {.bytes_max = FILTER_BYTES_MAX,
					    .depth_max = FILTER_DEPTH_MAX,
					    .values_max = FILTER_VALUES_MAX};
	struct text text = text_trim(text_in(value));
	json_t *parsed = NULL;
	enum err_code code;

	if (json_is_null(value) || (json_is_array(value) && json_array_size(value) == 0) ||
	    (json_is_string(value) && text.len == 0))
		return ERR_OK;
	if (json_is_object(value))
		return read_filter(reading, value, err);
	if (!json_is_string(value) || parse_json(text, &limits, &parsed, err) != ERR_OK ||
	    !json_is_object(parsed)) {
		json_decref(parsed);
		return wrong(err, "filter", "must be an object such as {\"list_uuid\": \"…\"}.");
	}
	code = read_filter(reading, parsed, err);
	json_decref(parsed);
	return code;
}
