#include "surface/contacts_query.h"

#include <stdio.h>

#include "base/clock.h"
#include "json/parse.h"
#include "json/scan.h"

#define LIMIT 20
#define LIMIT_MAX_GET 100
#define LIMIT_MAX_POST 1000
#define NAME_SHOWN_MAX 60
#define FILTER_BYTES_MAX ((size_t)1024 * 1024)
#define FILTER_DEPTH_MAX 4
#define FILTER_VALUES_MAX 20000

static const struct contacts_key lead_keys[] = {
	{.name = "uuid", .inside = "lead_id"},
	{.name = "list_uuid", .inside = "list_id"},
	{.name = "pipeline_stage_uuid", .inside = "stage_id"},
	{.name = "company_uuid", .inside = "company_id"},
	{.name = "data_source_uuid", .inside = "import_id"},
	{.name = "tags", .inside = "tag_id"},
	{.name = "created_at", .inside = "created_at", .kind = CONTACTS_KEY_TIME, .sorts = true},
	{.name = "updated_at", .inside = "updated_at", .kind = CONTACTS_KEY_TIME, .sorts = true},
};

const struct contacts_object contacts_query_leads = {.keys = lead_keys,
						     .count = ARRAY_LEN(lead_keys),
						     .has_lead_fields = true,
						     .has_text = true,
						     .has_cursor = true};

/* Reading one request. */
struct reading {
	const struct http_request *request;
	const struct contacts_object *object;
	struct contacts_query *query;
	json_t *where;  /* borrowed from the input; NULL: no condition yet */
	json_t *filter; /* made of the query string's filter[…], owned */
};

static enum err_code wrong(struct err *err, const char *field, const char *message)
{
	return err_set(err, ERR_INVALID_INPUT, field, "%s %s", field, message);
}

/* `name` for a message: cut at a character. */
static struct text shown(struct arena *arena, const char *before, struct text name)
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

/* The key that clients call `name`, written to *out. */
static bool find_key(const struct contacts_object *object, struct text name,
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

		if (!is_it)
			continue;
		*out = (struct contacts_key){
			.name = row->contacts.ptr ? row->contacts.ptr : row->contacts_input.ptr,
			.inside = row->name.ptr,
			.kind = row->type == FIELD_TYPE_NUMBER ? CONTACTS_KEY_NUMBER : CONTACTS_KEY_TEXT,
			.sorts = row->sort};
		return true;
	}
	return false;
}

static json_t *string_of(struct text text)
{
	return json_stringn(text.ptr ? text.ptr : "", text.len);
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

static json_t *number_value(const json_t *value)
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
		return number_value(value);
	return word_value(key, value);
}

static enum err_code wrong_value(const struct contacts_key *key, struct text field,
				 struct err *err)
{
	static const char *const takes[] = {
		"takes a text, or an array of them.", "takes a number, or an array of them.",
		"takes a time such as 2026-03-04T09:25:42Z.", "cannot be filtered by."};

	return wrong(err, field.ptr, takes[key->kind]);
}

/* Add {field, op, value}; an absent value (NULL) is left out. `value` is taken. */
static enum err_code add_condition(struct reading *reading, const struct contacts_key *key,
				   const char *op, json_t *value, struct err *err)
{
	struct contacts_query *query = reading->query;
	struct text field = shown(reading->request->arena, "filter.", text_of(key->name));
	json_t *item = json_pack("{s:s, s:s, s:o*}", "field", key->inside, "op", op, "value",
				 value);

	if (!item)
		return err_memory(err);
	if (query->count == CONTACTS_CONDITIONS_MAX) {
		json_decref(item);
		return err_set(err, ERR_INVALID_INPUT, "filter",
			       "A filter has %d conditions at most. Use an array where one of "
			       "several values will do.",
			       CONTACTS_CONDITIONS_MAX);
	}
	if (!reading->where) {
		reading->where = json_array();
		if (put(query->input, "where", reading->where, err) != ERR_OK) {
			json_decref(item);
			return err->code;
		}
	}
	if (json_array_append_new(reading->where, item) != 0)
		return err_memory(err);
	query->fields[query->count++] = field;
	return ERR_OK;
}

static enum err_code read_array(struct reading *reading, const struct contacts_key *key,
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
			return wrong_value(key, shown(arena, "filter.", text_of(key->name)), err);
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
static enum err_code read_value(struct reading *reading, const struct contacts_key *key,
				const struct op_row *op, const json_t *value, struct err *err)
{
	struct arena *arena = reading->request->arena;
	struct text text = text_in(value);
	bool is_equal = op == &ops[0];

	if (key->kind == CONTACTS_KEY_ORDER)
		return wrong_value(key, shown(arena, "filter.", text_of(key->name)), err);
	if (is_equal && (text_is(text, TEXT("is_null")) || text_is(text, TEXT("is_not_null"))))
		return add_condition(reading, key, json_string_value(value), NULL, err);
	if (json_is_null(value) && op->none)
		return add_condition(reading, key, op->none, NULL, err);
	if (json_is_array(value) && op->many)
		return read_array(reading, key, op->many, value, err);
	json_t *made = inside_value(arena, key, value);

	if (!made)
		return wrong_value(key, shown(arena, "filter.", text_of(key->name)), err);
	return add_condition(reading, key, op->one, made, err);
}

/* {"op": value, …} */
static enum err_code read_ops(struct reading *reading, const struct contacts_key *key,
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
				     shown(reading->request->arena, "filter.", text_of(key->name))
					     .ptr,
				     "takes the operators = != <> < <= > >=.");
		if (read_value(reading, key, op, value, err) != ERR_OK)
			return err->code;
	}
	return ERR_OK;
}

static enum err_code unknown_key(struct reading *reading, struct text name, struct err *err)
{
	const struct contacts_object *object = reading->object;
	struct text field = shown(reading->request->arena, "filter.", name);
	struct buf buf;

	buf_init_arena(&buf, reading->request->arena, 4096);
	for (size_t i = 0; i < object->count; i++) {
		if (object->keys[i].kind != CONTACTS_KEY_ORDER)
			buf_add_format(&buf, "%s%s", buf.len > 0 ? ", " : "",
				       object->keys[i].name);
	}
	if (object->has_text)
		buf_add_format(&buf, "%sq", buf.len > 0 ? ", " : "");
	struct text names = buf_text(&buf);

	return err_set(err, ERR_INVALID_INPUT, field.ptr, "%s is no key of this filter: %.*s%s.",
		       field.ptr, TEXT_ARG(names),
		       object->has_lead_fields ? " and the fields of a contact" : "");
}

static enum err_code read_text(struct reading *reading, const char *field, const json_t *value,
			       struct err *err)
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

static enum err_code read_filter(struct reading *reading, const json_t *filter, struct err *err)
{
	struct contacts_key key;
	const char *name;
	json_t *value;

	json_object_foreach((json_t *)filter, name, value)
	{
		enum err_code code;

		if (strcmp(name, "q") == 0)
			code = read_text(reading, "filter.q", value, err);
		else if (!find_key(reading->object, text_of(name), &key))
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

/* A filter as a member of a body, or as JSON text; an empty array is PHP's empty object. */
static enum err_code read_filter_value(struct reading *reading, const json_t *value,
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
		return wrong(err, "filter",
			     "must be an object such as {\"list_uuid\": \"…\"}.");
	}
	code = read_filter(reading, parsed, err);
	json_decref(parsed);
	return code;
}

/* The inside of the brackets at the front of *rest, "[key]…"; absent when there are none. */
static struct text take_bracket(struct text *rest)
{
	struct text inside;

	if (rest->len == 0 || *rest->ptr != '[' || !memchr(rest->ptr, ']', rest->len))
		return TEXT_NONE;
	inside = text_split(text_skip(*rest, 1), ']', rest);
	return inside;
}

static bool is_index(struct text text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] < '0' || text.ptr[i] > '9')
			return false;
	}
	return true;
}

/* Set member `name` of `object`, or append to it for "[]". False: it is there already. */
static bool place(json_t *object, struct text name, bool appends, struct text value)
{
	json_t *there = json_object_getn(object, name.ptr, name.len);

	if (!appends)
		return !there && json_object_setn_new(object, name.ptr, name.len,
						      string_of(value)) == 0;
	if (!there) {
		there = json_array();
		if (json_object_setn_new(object, name.ptr, name.len, there) != 0)
			return false;
	}
	return json_is_array(there) && json_array_append_new(there, string_of(value)) == 0;
}

/* filter[key]…=value into the filter that the query string makes up. */
static bool place_filter(struct reading *reading, struct text brackets, struct text value)
{
	struct text key = take_bracket(&brackets), op, index;
	json_t *inner;

	if (!reading->filter)
		reading->filter = json_object();
	if (key.len == 0 || !reading->filter)
		return false;
	if (brackets.len == 0)
		return place(reading->filter, key, false, value);
	op = take_bracket(&brackets);
	if (op.ptr && is_index(op))
		return brackets.len == 0 && place(reading->filter, key, true, value);
	index = take_bracket(&brackets);
	if (!op.ptr || brackets.len > 0 || (index.ptr && !is_index(index)))
		return false;
	inner = json_object_getn(reading->filter, key.ptr, key.len);
	if (!inner) {
		inner = json_object();
		if (json_object_setn_new(reading->filter, key.ptr, key.len, inner) != 0)
			return false;
	}
	return json_is_object(inner) && place(inner, op, index.ptr != NULL, value);
}

static enum err_code read_number(const char *field, const json_t *value, int64_t max, int64_t *out,
				 struct err *err)
{
	json_t *number = number_value(value);
	bool is_whole = json_is_integer(number);
	int64_t found = is_whole ? json_integer_value(number) : -1;

	json_decref(number);
	if (!is_whole || found < (strcmp(field, "limit") == 0) || found > max)
		return err_set(err, ERR_INVALID_INPUT, field,
			       "%s must be a whole number from %d to %lld.", field,
			       strcmp(field, "limit") == 0, (long long)max);
	*out = found;
	return ERR_OK;
}

static enum err_code read_offset(struct reading *reading, const json_t *value, struct err *err)
{
	json_t *number = number_value(value);
	bool is_far = json_is_integer(number) && json_integer_value(number) > CONTACTS_OFFSET_MAX;

	json_decref(number);
	if (is_far && reading->object->has_cursor)
		return err_set(err, ERR_INVALID_INPUT, "offset",
			       "offset is at most %d. To go on behind that, send `after` with what "
			       "the answer before said in its header X-Next-After, and no offset.",
			       CONTACTS_OFFSET_MAX);
	return read_number("offset", value, CONTACTS_OFFSET_MAX, &reading->query->offset, err);
}

static enum err_code read_order(struct reading *reading, const json_t *value, struct err *err)
{
	struct contacts_key key;

	if (json_is_null(value))
		return ERR_OK;
	if (!find_key(reading->object, text_in(value), &key) || !key.sorts)
		return wrong(err, "order_field",
			     "names nothing that pages can be in the order of. created_at always "
			     "works.");
	return put(reading->query->input, "order", json_string(key.inside), err);
}

static enum err_code read_direction(struct reading *reading, const json_t *value, struct err *err)
{
	struct text word = text_in(value);
	bool is_up = text_is_nocase(word, TEXT("asc"));

	if (json_is_null(value))
		return ERR_OK;
	if (!is_up && !text_is_nocase(word, TEXT("desc")))
		return wrong(err, "order_type", "must be asc or desc.");
	return put(reading->query->input, "direction", json_string(is_up ? "asc" : "desc"), err);
}

static enum err_code read_after(struct reading *reading, const json_t *value, struct err *err)
{
	if (json_is_null(value) || (json_is_string(value) && text_in(value).len == 0))
		return ERR_OK;
	return put(reading->query->input, "cursor", json_incref((json_t *)value), err);
}

/* One member of the body, or one parameter of the query string. */
static enum err_code read_member(struct reading *reading, const char *name, const json_t *value,
				 struct err *err)
{
	bool is_get = reading->request->method == HTTP_GET;
	int64_t limit_max = is_get ? LIMIT_MAX_GET : LIMIT_MAX_POST;

	if (strcmp(name, "limit") == 0)
		return read_number(name, value, limit_max, &reading->query->limit, err);
	if (strcmp(name, "offset") == 0)
		return read_offset(reading, value, err);
	if (strcmp(name, "order_field") == 0)
		return read_order(reading, value, err);
	if (strcmp(name, "order_type") == 0)
		return read_direction(reading, value, err);
	if (strcmp(name, "after") == 0 && reading->object->has_cursor)
		return read_after(reading, value, err);
	if (strcmp(name, "q") == 0 && reading->object->has_text)
		return read_text(reading, "q", value, err);
	if (strcmp(name, "filter") == 0)
		return read_filter_value(reading, value, err);
	struct text field = shown(reading->request->arena, "", text_of(name));

	return wrong(err, field.ptr,
		     "means nothing here. A list takes limit, offset, order_field, order_type and "
		     "filter.");
}

/* "order-field" is order_field. False when it is too long to be any. */
static bool plain_name(struct text name, char out[32])
{
	if (name.len >= 32)
		return false;
	for (size_t i = 0; i < name.len; i++)
		out[i] = name.ptr[i] == '-' ? '_' : name.ptr[i];
	out[name.len] = '\0';
	return true;
}

static enum err_code read_pair(struct reading *reading, const struct http_pair *pair,
			       struct err *err)
{
	struct text bracket = {pair->name.ptr, 0};
	char name[32];

	if (!text_is_utf8(pair->name) || !text_is_utf8(pair->value) ||
	    memchr(pair->name.ptr, '\0', pair->name.len))
		return err_set(err, ERR_INVALID_INPUT, "",
			       "The query string must be UTF-8 text, percent-encoded.");
	if (text_starts(pair->name, TEXT("filter["))) {
		bracket = text_skip(pair->name, 6);
		if (place_filter(reading, bracket, pair->value))
			return ERR_OK;
		return wrong(err, shown(reading->request->arena, "", pair->name).ptr,
			     "is no condition, or the second of its kind. Write filter[key]=value, "
			     "filter[key][]=value or filter[key][>=]=value.");
	}
	json_t *value = string_of(pair->value);

	if (!value)
		return err_memory(err);
	enum err_code code = plain_name(pair->name, name)
				     ? read_member(reading, name, value, err)
				     : wrong(err, shown(reading->request->arena, "", pair->name).ptr,
					     "means nothing here.");

	json_decref(value);
	return code;
}

static enum err_code read_query(struct reading *reading, struct err *err)
{
	const struct http_request *request = reading->request;

	for (size_t i = 0; i < request->query_count; i++) {
		if (read_pair(reading, &request->query_pairs[i], err) != ERR_OK)
			return err->code;
	}
	return reading->filter ? read_filter(reading, reading->filter, err) : ERR_OK;
}

static enum err_code read_body(struct reading *reading, const json_t *body, struct err *err)
{
	const char *key;
	json_t *value;
	char name[32];

	json_object_foreach((json_t *)body, key, value)
	{
		bool is_name = plain_name(text_of(key), name);
		enum err_code code =
			is_name ? read_member(reading, name, value, err)
				: wrong(err, shown(reading->request->arena, "", text_of(key)).ptr,
					"means nothing here.");

		if (code != ERR_OK)
			return code;
	}
	return ERR_OK;
}

static enum err_code put_page(struct contacts_query *query, struct err *err)
{
	if (put(query->input, "limit", json_integer(query->limit), err) != ERR_OK)
		return err->code;
	if (json_object_get(query->input, "cursor"))
		return ERR_OK;
	return put(query->input, "offset", json_integer(query->offset), err);
}

enum err_code contacts_query_read(const struct http_request *request, const json_t *body,
				  const struct contacts_object *object, struct contacts_query *out,
				  struct err *err)
{
	struct contacts_query query = {.input = json_object(), .limit = LIMIT};
	struct reading reading = {.request = request, .object = object, .query = &query};
	enum err_code code = query.input ? read_query(&reading, err) : err_memory(err);

	if (code == ERR_OK)
		code = read_body(&reading, body, err);
	if (code == ERR_OK)
		code = put_page(&query, err);
	json_decref(reading.filter);
	if (code != ERR_OK)
		contacts_query_release(&query);
	else
		*out = query;
	return code;
}

enum err_code contacts_query_filter(const struct http_request *request, const json_t *filter,
				    const struct contacts_object *object,
				    struct contacts_query *out, struct err *err)
{
	struct contacts_query query = {.input = json_object(), .limit = LIMIT};
	struct reading reading = {.request = request, .object = object, .query = &query};
	enum err_code code = query.input ? read_filter_value(&reading, filter, err)
					 : err_memory(err);

	if (code != ERR_OK)
		contacts_query_release(&query);
	else
		*out = query;
	return code;
}

struct text contacts_query_field(const struct contacts_query *query, struct text pointer)
{
	struct text before = TEXT("/where/"), rest;
	int64_t index;

	if (text_is(pointer, TEXT("/query")))
		return TEXT("q");
	if (!text_starts(pointer, before))
		return TEXT_NONE;
	if (!text_to_int(text_split(text_skip(pointer, before.len), '/', &rest), &index) ||
	    index < 0 || (size_t)index >= query->count)
		return TEXT_NONE;
	return query->fields[index];
}

void contacts_query_release(struct contacts_query *query)
{
	json_decref(query->input);
	query->input = NULL;
}

void contacts_query_answer(struct visit *visit, const struct contacts_query *query,
			   struct text data)
{
	const struct reply *reply = &visit->call.reply;
	struct text total = scan_member(reply->data, TEXT("total"));
	struct text more = scan_member(reply->data, TEXT("has_more"));
	struct buf buf;
	struct writer writer = writer_on(&buf);

	if (reply->next_cursor.ptr)
		http_respond_header(visit->request, "X-Next-After", reply->next_cursor);
	buf_init_arena(&buf, visit->request->arena, REPLY_BYTES_MAX);
	if (buf_reserve(&buf, data.len + 200)) {
		writer_begin_object(&writer);
		writer_member_raw(&writer, "data", data);
		writer_member_int(&writer, "limit", query->limit);
		writer_member_int(&writer, "offset", query->offset);
		writer_member_raw(&writer, "total", total);
		writer_member_raw(&writer, "has_more", more);
		writer_end_object(&writer);
	}
	visit_respond_json(visit, 200, &buf);
}
