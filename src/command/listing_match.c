#include "command/listing_match.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <utf8proc.h>

#include "base/clock.h"
#include "base/uuid.h"
#include "command/command.h"
#include "json/scan.h"

static const char *const op_names[LISTING_OP_COUNT] = {"eq",      "ne",         "lt", "lte",
						       "gt",      "gte",        "in", "not_in",
						       "is_null", "is_not_null"};

static bool is_ascii(struct text text)
{
	for (size_t i = 0; i < text.len; i++) {
		if ((unsigned char)text.ptr[i] >= 0x80)
			return false;
	}
	return true;
}

/* Without case and accents; absent without memory. */
static struct text fold(struct arena *arena, struct text text)
{
	utf8proc_uint8_t *folded = NULL;

	if (is_ascii(text)) {
		char *out = arena_take(arena, text.len + 1);

		for (size_t i = 0; out && i < text.len; i++) {
			char c = text.ptr[i];

			out[i] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
		}
		return (struct text){out, text.len};
	}
	utf8proc_ssize_t len = utf8proc_map((const utf8proc_uint8_t *)text.ptr,
					    (utf8proc_ssize_t)text.len, &folded,
					    UTF8PROC_STABLE | UTF8PROC_DECOMPOSE |
						    UTF8PROC_CASEFOLD | UTF8PROC_STRIPMARK);
	struct text out = TEXT_NONE;

	if (len >= 0)
		out = arena_copy(arena, (struct text){(const char *)folded, (size_t)len});
	free(folded);
	return out;
}

static bool is_word_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80;
}

/* The next word of a folded text behind *at; false at the end. */
static bool next_word(struct text text, size_t *at, struct text *out)
{
	size_t begin = *at;

	while (begin < text.len && !is_word_byte(text.ptr[begin]))
		begin++;
	size_t end = begin;

	while (end < text.len && is_word_byte(text.ptr[end]))
		end++;
	*at = end;
	*out = (struct text){text.ptr + begin, end - begin};
	return end > begin;
}

static enum err_code parse_query(struct arena *arena, const json_t *input,
				 struct listing_match *match, struct err *err)
{
	struct text query = text_trim(command_text(input, "query")), word;
	size_t at = 0;

	if (query.len == 0)
		return ERR_OK;
	query = fold(arena, query);
	match->words = arena_zero(arena, query.len / 2 + 1, sizeof *match->words);
	if (!query.ptr || !match->words)
		return err_memory(err);
	while (next_word(query, &at, &word))
		match->words[match->word_count++] = word;
	match->finds_nothing = match->word_count == 0;
	return ERR_OK;
}

const struct listing_field *listing_match_field(const struct listing_match *match, struct text name)
{
	for (size_t i = 0; i < match->field_count; i++) {
		if (text_is(name, text_of(match->fields[i].name)))
			return &match->fields[i];
	}
	return NULL;
}

/* A place in `where`: its index, and the member that is wrong there. */
static const char *place(char out[64], size_t index, const char *member)
{
	snprintf(out, 64, "/where/%zu/%s", index, member);
	return out;
}

static bool is_ordered(enum listing_type type)
{
	return type == LISTING_NUMBER || type == LISTING_TIME;
}

/* True and *out for a finite number that is all of `text`. */
static bool text_number(struct text text, double *out)
{
	char copy[64], *end;

	if (text.len == 0 || text.len >= sizeof copy || text.ptr[0] == ' ')
		return false;
	memcpy(copy, text.ptr, text.len);
	copy[text.len] = '\0';
	*out = strtod(copy, &end);
	return *end == '\0' && isfinite(*out);
}

/* True and *out when `text` is a value of that type. */
static bool value_of_text(enum listing_type type, struct arena *arena, struct text text,
			  struct listing_value *out)
{
	char formatted[UUID_TEXT_LEN + 1];
	struct uuid id;
	int64_t at_ms = 0;

	switch (type) {
	case LISTING_ID:
		out->text = text;
		if (!uuid_parse(text, &id))
			return true; /* names nothing, which is no mistake */
		uuid_format(id, formatted);
		out->text = arena_copy(arena, text_of(formatted));
		return out->text.ptr != NULL;
	case LISTING_WORD:
		out->text = fold(arena, text);
		return out->text.ptr != NULL;
	case LISTING_NUMBER:
		return text_number(text, &out->number);
	case LISTING_TIME:
		if (!clock_parse(text, &at_ms))
			return false;
		out->number = (double)at_ms;
		return true;
	case LISTING_FLAG:
		out->number = text_is(text, TEXT("true"));
		return out->number != 0 || text_is(text, TEXT("false"));
	}
	return false;
}

static bool value_of(enum listing_type type, struct arena *arena, const json_t *json,
		     struct listing_value *out)
{
	if (json_is_string(json))
		return value_of_text(type, arena,
				     (struct text){json_string_value(json),
						   json_string_length(json)},
				     out);
	if (type == LISTING_NUMBER && json_is_number(json)) {
		out->number = json_number_value(json);
		return true;
	}
	if (type == LISTING_FLAG && json_is_boolean(json)) {
		out->number = json_is_true(json);
		return true;
	}
	return false;
}

static enum err_code bad_value(const struct listing_field *field, size_t index, struct err *err)
{
	static const char *const kinds[] =
		{[LISTING_ID] = "an id",
		 [LISTING_WORD] = "a text",
		 [LISTING_NUMBER] = "a number",
		 [LISTING_TIME] = "a time with its zone, e.g. 2026-11-20T09:15:00Z",
		 [LISTING_FLAG] = "true or false"};
	char pointer[64];

	return err_set(err, ERR_INVALID_INPUT, place(pointer, index, "value"),
		       "%s is compared with %s; in and not_in take an array of such.", field->name,
		       kinds[field->type]);
}

/* The value or values of condition `index`. */
static enum err_code parse_values(struct arena *arena, const json_t *value, size_t index,
				  struct listing_condition *condition, struct err *err)
{
	bool takes_many = condition->op == LISTING_IN || condition->op == LISTING_NOT_IN;
	size_t count = json_is_array(value) ? json_array_size(value) : 1;

	if (!value || (json_is_array(value) && !takes_many))
		return bad_value(condition->field, index, err);
	condition->values = arena_zero(arena, count ? count : 1, sizeof *condition->values);
	if (!condition->values)
		return err_memory(err);
	for (size_t i = 0; i < count; i++) {
		const json_t *one = json_is_array(value) ? json_array_get(value, i) : value;

		if (!value_of(condition->field->type, arena, one, &condition->values[i]))
			return bad_value(condition->field, index, err);
	}
	condition->count = count;
	return ERR_OK;
}

static enum err_code unknown_field(const struct listing_match *match, size_t index, struct err *err)
{
	char pointer[64], names[200];
	size_t len = 0;

	names[0] = '\0';
	for (size_t i = 0; i < match->field_count && len < sizeof names - 1; i++)
		len += (size_t)snprintf(names + len, sizeof names - len, "%s%s", i ? ", " : "",
					match->fields[i].name);
	return err_set(err, ERR_INVALID_INPUT, place(pointer, index, "field"),
		       "This is not a field that can be asked for. There are %s.", names);
}

static enum err_code parse_condition(struct arena *arena, const json_t *json, size_t index,
				     struct listing_match *match, struct err *err)
{
	struct listing_condition *condition = &match->conditions[index];
	struct text op = command_text(json, "op");
	char pointer[64];

	condition->field = listing_match_field(match, command_text(json, "field"));
	if (!condition->field)
		return unknown_field(match, index, err);
	while (condition->op < LISTING_OP_COUNT && !text_is(op, text_of(op_names[condition->op])))
		condition->op++;
	if (condition->op == LISTING_OP_COUNT ||
	    (condition->op >= LISTING_LT && condition->op <= LISTING_GTE &&
	     !is_ordered(condition->field->type)))
		return err_set(err, ERR_INVALID_INPUT, place(pointer, index, "op"),
			       "%s can be asked for with eq, ne, in, not_in, is_null and "
			       "is_not_null%s.",
			       condition->field->name,
			       is_ordered(condition->field->type) ? ", lt, lte, gt and gte" : "");
	if (condition->op >= LISTING_IS_NULL)
		return ERR_OK;
	return parse_values(arena, json_object_get(json, "value"), index, condition, err);
}

enum err_code listing_match_parse(struct arena *arena, const json_t *input,
				  struct listing_match *match, struct err *err)
{
	const json_t *where = json_object_get(input, "where");
	size_t count = json_array_size(where);

	match->conditions = arena_zero(arena, count ? count : 1, sizeof *match->conditions);
	if (!match->conditions)
		return err_memory(err);
	match->count = count;
	for (size_t i = 0; i < count; i++) {
		if (parse_condition(arena, json_array_get(where, i), i, match, err) != ERR_OK)
			return err->code;
	}
	return parse_query(arena, input, match, err);
}

bool listing_match_is_all(const struct listing_match *match)
{
	return match->count == 0 && match->word_count == 0 && !match->finds_nothing;
}

/* A plain JSON value of a row as a value of that type; false for null and other types. */
static bool read_value(enum listing_type type, struct arena *arena, struct text json,
		       struct listing_value *out)
{
	if (json.len == 0 || text_is(json, TEXT("null")))
		return false;
	if (json.ptr[0] != '"')
		return value_of_text(type, arena, json, out);
	struct text text = scan_string(arena, json);

	return text.ptr && value_of_text(type, arena, text, out);
}

static bool holds_for(const struct listing_condition *condition, const struct listing_value *value,
		      size_t i)
{
	const struct listing_value *wanted = &condition->values[i];

	if (condition->field->type <= LISTING_WORD)
		return text_is(value->text, wanted->text);
	switch (condition->op) {
	case LISTING_LT:
		return value->number < wanted->number;
	case LISTING_LTE:
		return value->number <= wanted->number;
	case LISTING_GT:
		return value->number > wanted->number;
	case LISTING_GTE:
		return value->number >= wanted->number;
	default:
		return value->number == wanted->number;
	}
}

/* Whether a plain value fits one of the condition's. */
static bool fits(const struct listing_condition *condition, struct arena *arena, struct text json)
{
	struct listing_value value = {.text = TEXT_NONE};

	if (!read_value(condition->field->type, arena, json, &value))
		return false;
	for (size_t i = 0; i < condition->count; i++) {
		if (holds_for(condition, &value, i))
			return true;
	}
	return false;
}

static bool fits_one_of(const struct listing_condition *condition, struct arena *arena,
			struct text array)
{
	struct scan scan = scan_of(array);
	struct text key, value;

	while (scan_next(&scan, &key, &value)) {
		if (fits(condition, arena, value))
			return true;
	}
	return false;
}

static bool holds(const struct listing_condition *condition, struct arena *arena, struct text row)
{
	struct text json = scan_member(row, text_of(condition->field->name));
	bool is_null = !json.ptr || text_is(json, TEXT("null"));
	bool is_array = !is_null && json.ptr[0] == '[';

	if (condition->op >= LISTING_IS_NULL)
		return is_null == (condition->op == LISTING_IS_NULL);
	bool does = !is_null &&
		    (is_array ? fits_one_of(condition, arena, json) : fits(condition, arena, json));

	return condition->op == LISTING_NE || condition->op == LISTING_NOT_IN ? !does : does;
}

/* Whether `word` begins a word of the folded `text`. */
static bool begins_word(struct text text, struct text word)
{
	struct text each;
	size_t at = 0;

	while (next_word(text, &at, &each)) {
		if (text_starts(each, word))
			return true;
	}
	return false;
}

/* Whether `word` begins a word of one of the row's texts. */
static bool has_word(const struct listing_match *match, struct text *texts, struct text word)
{
	for (size_t i = 0; i < match->field_count; i++) {
		if (texts[i].ptr && begins_word(texts[i], word))
			return true;
	}
	return false;
}

/* What is written in a value: a text, or the texts of an array or of its objects' members. */
static struct text texts_in(struct arena *arena, struct text json)
{
	struct scan items = scan_of(json), members;
	struct text key, item, value;
	struct buf buf;

	if (json.ptr[0] == '"')
		return scan_string(arena, json);
	buf_init_arena(&buf, arena, 2 * json.len + 2);
	buf_add_char(&buf, ' ');
	while (json.ptr[0] == '[' && scan_next(&items, &key, &item)) {
		members = scan_of(item.ptr[0] == '{' ? item : TEXT("[]"));
		if (item.ptr[0] == '"')
			scan_unescape(item, &buf);
		while (scan_next(&members, &key, &value)) {
			buf_add_char(&buf, ' ');
			if (value.ptr[0] == '"')
				scan_unescape(value, &buf);
		}
		buf_add_char(&buf, ' ');
	}
	return buf_text(&buf);
}

static enum err_code match_words(const struct listing_match *match, struct arena *arena,
				 struct text row, bool *out, struct err *err)
{
	struct text *texts = arena_zero(arena, match->field_count + 1, sizeof *texts);
	bool all = true;

	if (!texts)
		return err_memory(err);
	for (size_t i = 0; i < match->field_count; i++) {
		struct text json = scan_member(row, text_of(match->fields[i].name));

		if (!match->fields[i].is_searched || json.len == 0)
			continue;
		struct text text = texts_in(arena, json);

		texts[i] = text.ptr ? fold(arena, text) : TEXT_NONE;
		if (!texts[i].ptr)
			return err_memory(err);
	}
	for (size_t i = 0; i < match->word_count && all; i++)
		all = has_word(match, texts, match->words[i]);
	*out = all;
	return ERR_OK;
}

enum err_code listing_match_row(const struct listing_match *match, struct arena *arena,
				struct text row, bool *out, struct err *err)
{
	*out = !match->finds_nothing;
	for (size_t i = 0; i < match->count && *out; i++)
		*out = holds(&match->conditions[i], arena, row);
	if (!*out || match->word_count == 0)
		return ERR_OK;
	return match_words(match, arena, row, out, err);
}

void listing_match_key(const struct listing_field *field, struct arena *arena, struct text row,
		       struct listing_key *out)
{
	struct listing_value value = {.text = TEXT_NONE};
	struct listing_key key = {.len = 0};

	key.is_known =
		read_value(field->type, arena, scan_member(row, text_of(field->name)), &value);
	if (key.is_known && field->type <= LISTING_WORD) {
		size_t len = value.text.len;

		key.len = (unsigned char)(len < LISTING_KEY_BYTES ? len : LISTING_KEY_BYTES);
		memcpy(key.text, value.text.ptr, key.len);
	}
	key.number = value.number;
	*out = key;
}
