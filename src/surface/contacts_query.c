#include "surface/contacts_query.h"

#include <stdio.h>

#include "json/scan.h"
#include "surface/contacts_filter.h"

#define LIMIT 20
#define LIMIT_MAX_GET 100
#define LIMIT_MAX_POST 1000

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

static enum err_code wrong(struct err *err, const char *field, const char *message)
{
	return err_set(err, ERR_INVALID_INPUT, field, "%s %s", field, message);
}

static enum err_code put(json_t *object, const char *name, json_t *value, struct err *err)
{
	return json_object_set_new(object, name, value) == 0 ? ERR_OK : err_memory(err);
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
		return !there &&
		       json_object_setn_new(object, name.ptr, name.len, string_of(value)) == 0;
	if (!there) {
		there = json_array();
		if (json_object_setn_new(object, name.ptr, name.len, there) != 0)
			return false;
	}
	return json_is_array(there) && json_array_append_new(there, string_of(value)) == 0;
}

/* What stands in the brackets of filter[key]…, and behind them. */
struct condition {
	struct text key, op, index; /* absent: there is no such pair of brackets */
	struct text value;
};

/*
 * `pair` is "filter[key][>=]=5". Whoever did not encode it has it cut at the first '=', so it is
 * put together again before it is taken apart.
 */
static bool take_apart(struct arena *arena, const struct http_pair *pair, struct condition *out)
{
	struct buf buf;

	buf_init_arena(&buf, arena, pair->name.len + pair->value.len + 1);
	buf_add(&buf, text_skip(pair->name, strlen("filter")));
	buf_add_char(&buf, '=');
	buf_add(&buf, pair->value);
	struct text rest = buf_text(&buf);

	out->key = take_bracket(&rest);
	out->op = take_bracket(&rest);
	out->index = take_bracket(&rest);
	out->value = text_skip(rest, 1);
	return rest.len > 0 && *rest.ptr == '=' && out->key.len > 0;
}

/* filter[key]…=value into the filter that the query string makes up. */
static bool place_filter(struct contacts_reading *reading, const struct http_pair *pair)
{
	struct condition given;
	struct text key;
	json_t *inner;

	if (!reading->filter)
		reading->filter = json_object();
	if (!reading->filter || !take_apart(reading->request->arena, pair, &given))
		return false;
	key = given.key;
	if (!given.op.ptr)
		return place(reading->filter, key, false, given.value);
	if (is_index(given.op))
		return !given.index.ptr && place(reading->filter, key, true, given.value);
	if (given.index.ptr && !is_index(given.index))
		return false;
	inner = json_object_getn(reading->filter, key.ptr, key.len);
	if (!inner) {
		inner = json_object();
		if (json_object_setn_new(reading->filter, key.ptr, key.len, inner) != 0)
			return false;
	}
	return json_is_object(inner) &&
	       place(inner, given.op, given.index.ptr != NULL, given.value);
}

static enum err_code read_number(const char *field, const json_t *value, int64_t max, int64_t *out,
				 struct err *err)
{
	json_t *number = contacts_filter_number(value);
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

static enum err_code read_offset(struct contacts_reading *reading, const json_t *value,
				 struct err *err)
{
	json_t *number = contacts_filter_number(value);
	bool is_far = json_is_integer(number) && json_integer_value(number) > CONTACTS_OFFSET_MAX;

	json_decref(number);
	if (is_far && reading->object->has_cursor)
		return err_set(err, ERR_INVALID_INPUT, "offset",
			       "offset is at most %d. To go on behind that, send `after` with what "
			       "the answer before said in its header X-Next-After, and no offset.",
			       CONTACTS_OFFSET_MAX);
	return read_number("offset", value, CONTACTS_OFFSET_MAX, &reading->query->offset, err);
}

static enum err_code read_order(struct contacts_reading *reading, const json_t *value,
				struct err *err)
{
	struct contacts_key key;

	if (json_is_null(value))
		return ERR_OK;
	if (!contacts_filter_key(reading->object, text_in(value), &key) || !key.sorts)
		return wrong(err, "order_field",
			     "names nothing that pages can be in the order of. created_at always "
			     "works.");
	return put(reading->query->input, "order", json_string(key.inside), err);
}

static enum err_code read_direction(struct contacts_reading *reading, const json_t *value,
				    struct err *err)
{
	struct text word = text_in(value);
	bool is_up = text_is_nocase(word, TEXT("asc"));

	if (json_is_null(value))
		return ERR_OK;
	if (!is_up && !text_is_nocase(word, TEXT("desc")))
		return wrong(err, "order_type", "must be asc or desc.");
	return put(reading->query->input, "direction", json_string(is_up ? "asc" : "desc"), err);
}

static enum err_code read_after(struct contacts_reading *reading, const json_t *value,
				struct err *err)
{
	if (json_is_null(value) || (json_is_string(value) && text_in(value).len == 0))
		return ERR_OK;
	return put(reading->query->input, "cursor", json_incref((json_t *)value), err);
}

/* One member of the body, or one parameter of the query string. */
static enum err_code read_member(struct contacts_reading *reading, const char *name,
				 const json_t *value, struct err *err)
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
		return contacts_filter_text(reading, "q", value, err);
	if (strcmp(name, "filter") == 0)
		return contacts_filter_read(reading, value, err);
	struct text field = contacts_filter_shown(reading->request->arena, "", text_of(name));

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

static enum err_code read_pair(struct contacts_reading *reading, const struct http_pair *pair,
			       struct err *err)
{
	char name[32];

	if (!text_is_utf8(pair->name) || !text_is_utf8(pair->value) ||
	    memchr(pair->name.ptr, '\0', pair->name.len))
		return err_set(err, ERR_INVALID_INPUT, "",
			       "The query string must be UTF-8 text, percent-encoded.");
	if (text_starts(pair->name, TEXT("filter["))) {
		if (place_filter(reading, pair))
			return ERR_OK;
		return wrong(err,
			     contacts_filter_shown(reading->request->arena, "", pair->name).ptr,
			     "is no condition, or the second of its kind. Write filter[key]=value, "
			     "filter[key][]=value or filter[key][>=]=value.");
	}
	json_t *value = string_of(pair->value);

	if (!value)
		return err_memory(err);
	enum err_code code =
		plain_name(pair->name, name)
			? read_member(reading, name, value, err)
			: wrong(err,
				contacts_filter_shown(reading->request->arena, "", pair->name).ptr,
				"means nothing here.");

	json_decref(value);
	return code;
}

static enum err_code read_query(struct contacts_reading *reading, struct err *err)
{
	const struct http_request *request = reading->request;

	for (size_t i = 0; i < request->query_count; i++) {
		if (read_pair(reading, &request->query_pairs[i], err) != ERR_OK)
			return err->code;
	}
	return reading->filter ? contacts_filter_read(reading, reading->filter, err) : ERR_OK;
}

static enum err_code read_body(struct contacts_reading *reading, const json_t *body,
			       struct err *err)
{
	const char *key;
	json_t *value;
	char name[32];

	json_object_foreach((json_t *)body, key, value)
	{
		bool is_name = plain_name(text_of(key), name);
		enum err_code code = is_name ? read_member(reading, name, value, err)
					     : wrong(err,
						     contacts_filter_shown(reading->request->arena,
									   "", text_of(key))
							     .ptr,
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
	struct contacts_reading reading = {.request = request, .object = object, .query = &query};
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
	struct contacts_reading reading = {.request = request, .object = object, .query = &query};
	enum err_code code = query.input ? contacts_filter_read(&reading, filter, err)
					 : err_memory(err);

	if (code != ERR_OK)
		contacts_query_release(&query);
	else
		*out = query;
	return code;
}

struct text contacts_query_field(const struct contacts_query *query, struct text pointer)
{
	static const struct contacts_name members[] = {{"/query", "q"},
						       {"/cursor", "after"},
						       {"/order", "order_field"},
						       {"/direction", "order_type"}};
	struct text before = TEXT("/where/"), rest;
	int64_t index;

	for (size_t i = 0; i < ARRAY_LEN(members); i++) {
		if (text_is(pointer, text_of(members[i].inside)))
			return text_of(members[i].shown);
	}
	if (!text_starts(pointer, before) ||
	    !text_to_int(text_split(text_skip(pointer, before.len), '/', &rest), &index) ||
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
