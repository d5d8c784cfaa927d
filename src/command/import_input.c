#include "command/import_input.h"

#include "json/parse.h"
#include "json/writer.h"
#include "lead/status.h"

#define SCORE_MAX 1000000.0
#define COUNT_MAX 1000000000
#define WORD_BYTES_MAX 50 /* longer words of other tools go to metadata */

/* The texts of a table were checked to be UTF-8 when they were read. */
static json_t *string_of(struct text text)
{
	return json_stringn_nocheck(text.ptr, text.len);
}

/* Set member `key` where it is not set; takes `take_value`. False without memory. */
static bool set_new(json_t *object, struct text key, json_t *take_value)
{
	if (json_object_getn(object, key.ptr, key.len)) {
		json_decref(take_value);
		return true;
	}
	return json_object_setn_new_nocheck(object, key.ptr, key.len, take_value) == 0;
}

/* The array or object that is member `key`, made when there is none; NULL when it is no such. */
static json_t *container(json_t *input, const char *key, json_type type)
{
	json_t *value = json_object_get(input, key);

	if (!value) {
		value = type == JSON_ARRAY ? json_array() : json_object();
		if (json_object_set_new(input, key, value) != 0)
			return NULL;
	}
	return json_typeof(value) == type ? value : NULL;
}

static bool set_metadata(json_t *input, struct text name, struct text text)
{
	json_t *metadata = container(input, "metadata", JSON_OBJECT);

	/* A row may say that its metadata is null: the schema's check will judge the row. */
	return !metadata || set_new(metadata, name, string_of(text));
}

static bool add_tag(json_t *input, const char *tag, size_t len)
{
	json_t *tags = container(input, "tags", JSON_ARRAY);
	size_t i;
	json_t *have;

	if (!tags)
		return true;
	json_array_foreach(tags, i, have)
	{
		if (json_is_string(have) && json_string_length(have) == len &&
		    memcmp(json_string_value(have), tag, len) == 0)
			return true;
	}
	return json_array_append_new(tags, json_stringn_nocheck(tag, len)) == 0;
}

static bool set_external(json_t *input, const char *source, struct text id)
{
	if (source[0] == '\0')
		return set_new(input, TEXT("custom_id"), string_of(id));
	json_t *list = container(input, "external_ids", JSON_ARRAY);
	json_t *one = json_object();

	if (!list || json_object_set_new(one, "source", json_string(source)) != 0 ||
	    json_object_set_new(one, "id", string_of(id)) != 0) {
		json_decref(one);
		return !list;
	}
	return json_array_append_new(list, one) == 0;
}

static bool set_status(json_t *input, const struct columns_value *value)
{
	enum status status;

	if (!status_from_file(value->text, &status))
		return set_metadata(input, value->name, value->text);
	return set_new(input, value->name, string_of(status_word(status, STATUS_RUNTIME)));
}

/* What is no number within the field's bounds ("500+") is kept as metadata. */
static bool set_number(json_t *input, const struct columns_value *value, double max)
{
	const struct parse_limits limits = {.bytes_max = 64, .values_max = 1};
	json_t *number = NULL;
	struct err err;

	if (parse_json(value->text, &limits, &number, &err) == ERR_OK && json_is_number(number) &&
	    json_number_value(number) >= 0 && json_number_value(number) <= max)
		return set_new(input, value->name, number);
	json_decref(number);
	return set_metadata(input, value->name, value->text);
}

static bool add_value(json_t *input, const struct columns *columns,
		      const struct columns_value *value)
{
	switch (value->target) {
	case COLUMNS_TAGS:
		return add_tag(input, value->text.ptr, value->text.len);
	case COLUMNS_METADATA:
	case COLUMNS_CREATED_AT: /* when another system made its record: no field of ours */
		return set_metadata(input, value->name, value->text);
	case COLUMNS_EXTERNAL_ID:
		return set_external(input, columns->external_source, value->text);
	case COLUMNS_STATUS:
		return set_status(input, value);
	case COLUMNS_SCORE:
		return set_number(input, value, SCORE_MAX);
	case COLUMNS_CONNECTIONS:
	case COLUMNS_FOLLOWERS:
		return set_number(input, value, COUNT_MAX);
	case COLUMNS_EMAIL_STATUS:
	case COLUMNS_LINKEDIN_STATUS:
	case COLUMNS_PRIMARY_LANGUAGE:
		return value->text.len <= WORD_BYTES_MAX
			       ? set_new(input, value->name, string_of(value->text))
			       : set_metadata(input, value->name, value->text);
	default:
		return set_new(input, value->name, string_of(value->text));
	}
}

enum err_code import_input_add(json_t *input, const struct columns *columns,
			       const struct columns_values *values, struct err *err)
{
	for (size_t i = 0; i < values->count; i++) {
		if (!add_value(input, columns, &values->items[i]))
			return err_memory(err);
	}
	return ERR_OK;
}

enum err_code import_input_complete(json_t *input, const struct import_rules *rules,
				    struct err *err)
{
	if (rules->source.ptr && !set_new(input, TEXT("source"), string_of(rules->source)))
		return err_memory(err);
	return ERR_OK;
}

struct text import_input_cell(struct arena *arena, const json_t *value)
{
	struct buf buf;
	struct writer writer = writer_on(&buf);

	if (json_is_string(value))
		return (struct text){json_string_value(value), json_string_length(value)};
	if (!json_is_number(value) && !json_is_boolean(value))
		return TEXT_NONE;
	buf_init_arena(&buf, arena, 64);
	writer_value(&writer, value);
	return buf_text(&buf);
}
