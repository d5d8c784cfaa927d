#include "command/lead_where.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "command/command.h"
#include "lead/status.h"
#include "store/grid.h"

#define DAY_MS ((int64_t)24 * 60 * 60 * 1000)
#define NUMBER_CHARS_MAX 63

/* Names that are not simply fields of the table, or mean more than those. */
static const struct {
	const char *name;
	enum lead_where_kind kind;
} names[] = {
	{"lead_id", LEAD_WHERE_LEAD},       {"status", LEAD_WHERE_STATUS},
	{"list_id", LEAD_WHERE_LIST},       {"stage_id", LEAD_WHERE_STAGE},
	{"tag_id", LEAD_WHERE_TAG},         {"company_id", LEAD_WHERE_COMPANY},
	{"import_id", LEAD_WHERE_IMPORT},   {"mission_id", LEAD_WHERE_MISSION},
	{"chatbot_id", LEAD_WHERE_CHATBOT}, {"created_at", LEAD_WHERE_CREATED},
	{"updated_at", LEAD_WHERE_UPDATED},
};

enum op { OP_EQ, OP_NE, OP_LT, OP_LTE, OP_GT, OP_GTE, OP_IN, OP_NOT_IN, OP_NULL, OP_NOT_NULL };
static const char *const op_names[] = {"eq",  "ne", "lt",     "lte",     "gt",
				       "gte", "in", "not_in", "is_null", "is_not_null"};

/* A condition being read. */
struct reading {
	struct arena *arena;
	size_t index; /* in the array */
	const json_t *json;
	const json_t *value;
	enum op op;
	struct lead_where *out;
};

static enum err_code wrong(const struct reading *reading, const char *member, struct err *err,
			   const char *message)
{
	char pointer[64];

	snprintf(pointer, sizeof pointer, "/where/%zu/%s", reading->index, member);
	return err_set(err, ERR_INVALID_INPUT, pointer, "where[%zu].%s %s", reading->index, member,
		       message);
}

static enum err_code read_field(struct reading *reading, struct err *err)
{
	struct text name = command_text(reading->json, "field");
	struct lead_where *out = reading->out;

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (text_is(name, text_of(names[i].name))) {
			out->kind = names[i].kind;
			return ERR_OK;
		}
	}
	out->field = fields_by_name(name);
	if (out->field == FIELD_COUNT)
		return wrong(reading, "field", err,
			     "is no field that leads can be filtered by. Take a field's inside "
			     "name, e.g. job_title, or one of lead_id, status, list_id, stage_id, "
			     "tag_id, company_id, import_id, mission_id, chatbot_id, created_at, "
			     "updated_at.");
	switch (field_rows[out->field].find) {
	case FIELD_FIND_WORD:
		out->kind = LEAD_WHERE_WORD;
		break;
	case FIELD_FIND_NUMBER:
		out->kind = LEAD_WHERE_NUMBER;
		break;
	case FIELD_FIND_NOT:
		out->kind = LEAD_WHERE_OTHER;
		break;
	}
	return ERR_OK;
}

static bool has_order(const struct lead_where *where)
{
	return where->kind == LEAD_WHERE_CREATED || where->kind == LEAD_WHERE_UPDATED ||
	       where->kind == LEAD_WHERE_NUMBER ||
	       (where->kind == LEAD_WHERE_WORD && field_rows[where->field].sort);
}

static enum lead_where_how how_of(const struct lead_where *where, enum op op)
{
	if (op == OP_NULL || op == OP_NOT_NULL)
		return LEAD_WHERE_HAS_VALUE;
	if (op < OP_LT || op > OP_GTE)
		return LEAD_WHERE_ONE_OF;
	return where->kind == LEAD_WHERE_WORD ? LEAD_WHERE_TEXTS : LEAD_WHERE_CELLS;
}

static enum err_code read_op(struct reading *reading, struct err *err)
{
	struct text name = command_text(reading->json, "op");
	size_t op = 0;

	while (op < ARRAY_LEN(op_names) && !text_is(name, text_of(op_names[op])))
		op++;
	if (op == ARRAY_LEN(op_names))
		return wrong(reading, "op", err,
			     "is none of eq, ne, lt, lte, gt, gte, in, not_in, is_null, "
			     "is_not_null.");
	reading->op = (enum op)op;
	reading->out->is_not = op == OP_NE || op == OP_NOT_IN || op == OP_NULL;
	reading->out->how = how_of(reading->out, (enum op)op);
	if (reading->out->kind == LEAD_WHERE_OTHER && reading->out->how != LEAD_WHERE_HAS_VALUE)
		return wrong(reading, "op", err,
			     "can only be is_null or is_not_null for this field.");
	if (op >= OP_LT && op <= OP_GTE && !has_order(reading->out))
		return wrong(reading, "op", err,
			     "needs a field with an order: a time, a number, or a text that leads "
			     "can be sorted by. Use eq, ne, in or not_in.");
	return ERR_OK;
}

/* One value for one operand, an array for in and not_in, none for is_null and is_not_null. */
static enum err_code check_value(struct reading *reading, struct err *err)
{
	const json_t *value = reading->value;

	if (reading->out->how == LEAD_WHERE_HAS_VALUE)
		return value && !json_is_null(value)
			       ? wrong(reading, "value", err,
				       "does not go with this op; leave it out.")
			       : ERR_OK;
	if (reading->op == OP_IN || reading->op == OP_NOT_IN)
		return json_is_array(value) ? ERR_OK
					    : wrong(reading, "value", err,
						    "must be an array for in and not_in.");
	if (json_is_string(value) || json_is_number(value) || json_is_boolean(value))
		return ERR_OK;
	return wrong(reading, "value", err, "must be one value; arrays go with in and not_in.");
}

static size_t value_count(const struct reading *reading)
{
	return json_is_array(reading->value) ? json_array_size(reading->value) : 1;
}

static const json_t *value_at(const struct reading *reading, size_t i)
{
	return json_is_array(reading->value) ? json_array_get(reading->value, i) : reading->value;
}

/* A value as text; numbers as they are written. */
static enum err_code text_value(const struct reading *reading, size_t i, struct text *out,
				struct err *err)
{
	const json_t *value = value_at(reading, i);

	if (json_is_string(value)) {
		*out = (struct text){json_string_value(value), json_string_length(value)};
		return ERR_OK;
	}
	if (!json_is_number(value))
		return wrong(reading, "value", err, "must be text for this field.");
	*out = json_is_integer(value)
		       ? arena_format(reading->arena, "%lld", (long long)json_integer_value(value))
		       : arena_format(reading->arena, "%.17g", json_real_value(value));
	return out->ptr ? ERR_OK : err_memory(err);
}

/* What is no id is nobody's, and left out. */
static enum err_code read_ids(struct reading *reading, struct err *err)
{
	struct lead_where *out = reading->out;
	struct text text;

	out->ids = arena_zero(reading->arena, value_count(reading) + 1, sizeof *out->ids);
	if (!out->ids)
		return err_memory(err);
	for (size_t i = 0; i < value_count(reading); i++) {
		if (text_value(reading, i, &text, err) != ERR_OK)
			return err->code;
		if (uuid_parse(text_trim(text), &out->ids[out->count]))
			out->count++;
	}
	return ERR_OK;
}

static enum err_code read_texts(struct reading *reading, struct err *err)
{
	struct lead_where *out = reading->out;

	out->texts = arena_zero(reading->arena, value_count(reading) + 1, sizeof *out->texts);
	if (!out->texts)
		return err_memory(err);
	for (size_t i = 0; i < value_count(reading); i++) {
		if (text_value(reading, i, &out->texts[out->count++], err) != ERR_OK)
			return err->code;
	}
	return ERR_OK;
}

static enum err_code read_statuses(struct reading *reading, struct err *err)
{
	struct text text;

	for (size_t i = 0; i < value_count(reading); i++) {
		unsigned bits;

		if (text_value(reading, i, &text, err) != ERR_OK)
			return err->code;
		if (!status_set(text, STATUS_INSIDE, &bits))
			return wrong(reading, "value", err,
				     "is no status. Take new, waiting, contacted, replied, "
				     "interested, qualified, meeting_booked, converted, follow_up, "
				     "not_interested, lost or do_not_contact.");
		reading->out->statuses |= bits;
	}
	return ERR_OK;
}

/* cells */

static int by_cell(const void *a, const void *b)
{
	uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;

	return (left > right) - (left < right);
}

static enum err_code word_cell(const struct reading *reading, size_t i, uint64_t *out,
			       struct err *err)
{
	struct text text, form;

	if (text_value(reading, i, &text, err) != ERR_OK ||
	    fold_value(reading->arena, reading->out->field, text, &form, err) != ERR_OK)
		return err->code;
	*out = form.len ? grid_hash_cell(form) : 0;
	return ERR_OK;
}

static enum err_code number_cell(const struct reading *reading, size_t i, uint64_t *out,
				 struct err *err)
{
	const json_t *value = value_at(reading, i);
	struct text text = TEXT_NONE;
	char *end = NULL;
	double number;

	if (json_is_string(value))
		text = text_trim((struct text){json_string_value(value),
					       json_string_length(value)});
	if (json_is_number(value))
		number = json_number_value(value);
	else if (text.len > 0 && text.len <= NUMBER_CHARS_MAX)
		number = strtod(arena_copy(reading->arena, text).ptr, &end);
	else
		return wrong(reading, "value", err, "must be a number for this field.");
	if ((end && *end) || !isfinite(number))
		return wrong(reading, "value", err, "must be a number for this field.");
	*out = grid_number_cell(number);
	return ERR_OK;
}

/* A time, or a day, which is all times of it in UTC. */
static enum err_code time_cells(const struct reading *reading, size_t i, uint64_t *out_from,
				uint64_t *out_to, struct err *err)
{
	const json_t *value = value_at(reading, i);
	struct text text = {json_string_value(value), json_string_length(value)};
	int64_t from_ms, to_ms;

	if (!json_is_string(value))
		return wrong(reading, "value", err,
			     "must be a time such as 2026-11-20T09:15:00Z, or a day such as "
			     "2026-11-20.");
	text = text_trim(text);
	if (clock_parse(text, &from_ms)) {
		to_ms = from_ms;
	} else {
		struct text day = arena_format(reading->arena, "%.*sT00:00:00Z", TEXT_ARG(text));

		if (text.len != 10 || !day.ptr || !clock_parse(day, &from_ms))
			return wrong(reading, "value", err,
				     "must be a time such as 2026-11-20T09:15:00Z, or a day such "
				     "as 2026-11-20.");
		to_ms = from_ms + DAY_MS - 1;
	}
	*out_from = grid_time_cell(from_ms);
	*out_to = grid_time_cell(to_ms);
	return ERR_OK;
}

static bool is_time(const struct lead_where *where)
{
	return where->kind == LEAD_WHERE_CREATED || where->kind == LEAD_WHERE_UPDATED;
}

/* The cells of value `i`: one, or of a day the first and the last. */
static enum err_code value_cells(const struct reading *reading, size_t i, uint64_t *out_from,
				 uint64_t *out_to, struct err *err)
{
	if (is_time(reading->out))
		return time_cells(reading, i, out_from, out_to, err);
	enum err_code code = reading->out->kind == LEAD_WHERE_NUMBER
				     ? number_cell(reading, i, out_from, err)
				     : word_cell(reading, i, out_from, err);

	*out_to = *out_from;
	return code;
}

static enum err_code read_range(struct reading *reading, struct err *err)
{
	struct lead_where *out = reading->out;
	uint64_t from, to;

	if (value_cells(reading, 0, &from, &to, err) != ERR_OK)
		return err->code;
	out->low = reading->op == OP_GT ? to + 1 : reading->op == OP_GTE ? from : 1;
	out->high = reading->op == OP_LT ? from - 1 : reading->op == OP_LTE ? to : UINT64_MAX;
	return ERR_OK;
}

static enum err_code read_bound(struct reading *reading, struct err *err)
{
	struct lead_where *out = reading->out;
	struct text text;

	if (text_value(reading, 0, &text, err) != ERR_OK)
		return err->code;
	out->text = fold_text(reading->arena, text);
	out->is_above = reading->op == OP_GT || reading->op == OP_GTE;
	out->is_with = reading->op == OP_LTE || reading->op == OP_GTE;
	return out->text.ptr ? ERR_OK : err_memory(err);
}

/* One value may be a range, of a day; several days are not looked for at once. */
static enum err_code read_cells(struct reading *reading, struct err *err)
{
	struct lead_where *out = reading->out;
	size_t given = value_count(reading);
	uint64_t from = 1, to = 0;

	out->cells = arena_zero(reading->arena, given + 1, sizeof *out->cells);
	if (!out->cells)
		return err_memory(err);
	for (size_t i = 0; i < given; i++) {
		if (value_cells(reading, i, &from, &to, err) != ERR_OK)
			return err->code;
		if (from != to && given > 1)
			return wrong(reading, "value", err,
				     "may name one day; give several as conditions of their own.");
		/* A text that says nothing is nobody's. */
		if (from)
			out->cells[out->count++] = from;
	}
	if (given == 1) {
		out->how = LEAD_WHERE_CELLS;
		out->low = from ? from : 1;
		out->high = to;
	}
	qsort(out->cells, out->count, sizeof *out->cells, by_cell);
	return ERR_OK;
}

static enum err_code read_value(struct reading *reading, struct err *err)
{
	struct lead_where *out = reading->out;

	reading->value = json_object_get(reading->json, "value");
	if (check_value(reading, err) != ERR_OK)
		return err->code;
	if (out->how == LEAD_WHERE_HAS_VALUE)
		return ERR_OK;
	if (out->how == LEAD_WHERE_TEXTS)
		return read_bound(reading, err);
	if (out->how == LEAD_WHERE_CELLS)
		return read_range(reading, err);
	switch (out->kind) {
	case LEAD_WHERE_STATUS:
		return read_statuses(reading, err);
	case LEAD_WHERE_CHATBOT:
		return read_texts(reading, err);
	case LEAD_WHERE_WORD:
	case LEAD_WHERE_CREATED:
	case LEAD_WHERE_UPDATED:
	case LEAD_WHERE_NUMBER:
		return read_cells(reading, err);
	default:
		return read_ids(reading, err);
	}
}

enum err_code lead_where_parse(struct arena *arena, const json_t *where, struct lead_where **out,
			       size_t *out_count, struct err *err)
{
	size_t count = json_array_size(where);
	struct lead_where *list = arena_zero(arena, count + 1, sizeof *list);

	if (!list)
		return err_memory(err);
	for (size_t i = 0; i < count; i++) {
		struct reading reading = {.arena = arena,
					  .index = i,
					  .json = json_array_get(where, i),
					  .out = &list[i]};

		list[i].field = FIELD_COUNT;
		if (read_field(&reading, err) != ERR_OK || read_op(&reading, err) != ERR_OK ||
		    read_value(&reading, err) != ERR_OK)
			return err->code;
	}
	*out = list;
	*out_count = count;
	return ERR_OK;
}
