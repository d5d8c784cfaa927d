#include "command/where.h"

#include <stdio.h>

#include "base/clock.h"
#include "lead/placeholder.h"

enum op {
	OP_EQ,
	OP_NE,
	OP_LT,
	OP_LTE,
	OP_GT,
	OP_GTE,
	OP_IN,
	OP_NOT_IN,
	OP_IS_NULL,
	OP_IS_NOT_NULL,
	OP_COUNT
};

static const char *const op_names[OP_COUNT] = {"eq",  "ne", "lt",     "lte",     "gt",
					       "gte", "in", "not_in", "is_null", "is_not_null"};

struct condition {
	size_t field;
	enum where_type type;
	enum op op;
	struct text *texts;
	int64_t *times;
	size_t count;
};

struct where {
	struct condition *conditions;
	size_t count;
};

/* Where in the input the reading is. */
struct reading {
	struct arena *arena;
	size_t index;
	const char *name; /* of the field */
	struct err *err;
};

static enum err_code refuse(const struct reading *reading, const char *member, const char *advice)
{
	char pointer[40];

	snprintf(pointer, sizeof pointer, "/where/%zu/%s", reading->index, member);
	return err_set(reading->err, ERR_INVALID_INPUT, pointer, "%.60s: %s",
		       reading->name ? reading->name : "", advice);
}

struct text where_fold(struct arena *arena, struct text text)
{
	return placeholder_fold(arena, text);
}

static enum err_code read_one(const struct reading *reading, const json_t *value,
			      struct condition *to)
{
	struct text text = {json_string_value(value), json_string_length(value)};
	size_t at = to->count;

	if (!json_is_string(value))
		return refuse(reading, "value", "The value must be a text.");
	if (to->type == WHERE_TIME && !clock_parse(text, &to->times[at]))
		return refuse(reading, "value",
			      "The value must be a time such as 2026-11-20T09:15:00Z.");
	if (to->type != WHERE_TIME) {
		to->texts[at] = where_fold(reading->arena, text);
		if (!to->texts[at].ptr)
			return err_memory(reading->err);
	}
	to->count++;
	return ERR_OK;
}

static enum err_code read_value(const struct reading *reading, const json_t *value,
				struct condition *to)
{
	bool many = to->op == OP_IN || to->op == OP_NOT_IN;
	size_t count = many ? json_array_size(value) : 1;

	if (to->op == OP_IS_NULL || to->op == OP_IS_NOT_NULL)
		return ERR_OK;
	if (many != json_is_array(value))
		return refuse(reading, "value",
			      many ? "Send an array of values with in and not_in."
				   : "Send one value; an array goes with in and not_in.");
	to->texts = arena_zero(reading->arena, count + 1, sizeof *to->texts);
	to->times = arena_zero(reading->arena, count + 1, sizeof *to->times);
	if (!to->texts || !to->times)
		return err_memory(reading->err);
	for (size_t i = 0; i < count; i++) {
		if (read_one(reading, many ? json_array_get(value, i) : value, to) != ERR_OK)
			return reading->err->code;
	}
	return ERR_OK;
}

static enum err_code read_op(const struct reading *reading, const char *name, struct condition *to)
{
	size_t op = 0;

	while (op < OP_COUNT && strcmp(op_names[op], name ? name : "") != 0)
		op++;
	if (op == OP_COUNT)
		return refuse(reading, "op", "There is no such op.");
	if (op >= OP_LT && op <= OP_GTE && to->type != WHERE_TIME)
		return refuse(reading, "op",
			      "Only times can be before or after each other. Use eq, ne, in, "
			      "not_in, is_null or is_not_null.");
	to->op = (enum op)op;
	return ERR_OK;
}

static enum err_code read_condition(struct reading *reading, const json_t *one,
				    const struct where_field *fields, struct condition *out)
{
	struct condition condition = {.field = 0};

	reading->name = json_string_value(json_object_get(one, "field"));
	while (fields[condition.field].name &&
	       strcmp(fields[condition.field].name, reading->name ? reading->name : "") != 0)
		condition.field++;
	if (!fields[condition.field].name)
		return refuse(reading, "field", "There is no such field to look by.");
	condition.type = fields[condition.field].type;
	if (read_op(reading, json_string_value(json_object_get(one, "op")), &condition) != ERR_OK ||
	    read_value(reading, json_object_get(one, "value"), &condition) != ERR_OK)
		return reading->err->code;
	*out = condition;
	return ERR_OK;
}

enum err_code where_parse(struct arena *arena, const json_t *input,
			  const struct where_field *fields, struct where **out, struct err *err)
{
	const json_t *list = json_object_get(input, "where");
	struct where *where = arena_zero(arena, 1, sizeof *where);
	struct reading reading = {.arena = arena, .err = err};

	if (where)
		where->conditions =
			arena_zero(arena, json_array_size(list) + 1, sizeof *where->conditions);
	if (!where || !where->conditions)
		return err_memory(err);
	for (; reading.index < json_array_size(list); reading.index++) {
		if (read_condition(&reading, json_array_get(list, reading.index), fields,
				   &where->conditions[where->count]) != ERR_OK)
			return err->code;
		where->count++;
	}
	*out = where;
	return ERR_OK;
}

bool where_is_empty(const struct where *where)
{
	return where->count == 0;
}

static bool has_text(const struct condition *condition, const struct where_value *value)
{
	for (size_t i = 0; i < condition->count; i++) {
		for (size_t k = 0; k < value->count; k++) {
			if (text_is(condition->texts[i], value->texts[k]))
				return true;
		}
	}
	return false;
}

static bool has_time(const struct condition *condition, const struct where_value *value)
{
	for (size_t i = 0; i < condition->count; i++) {
		if (value->count && condition->times[i] == value->time_ms)
			return true;
	}
	return false;
}

static bool holds(const struct condition *condition, const struct where_value *value)
{
	bool has = condition->type == WHERE_TIME ? has_time(condition, value)
						 : has_text(condition, value);

	switch (condition->op) {
	case OP_EQ:
	case OP_IN:
		return has;
	case OP_NE:
	case OP_NOT_IN:
		return !has;
	case OP_IS_NULL:
		return value->count == 0;
	case OP_IS_NOT_NULL:
		return value->count > 0;
	case OP_LT:
		return value->count && value->time_ms < condition->times[0];
	case OP_LTE:
		return value->count && value->time_ms <= condition->times[0];
	case OP_GT:
		return value->count && value->time_ms > condition->times[0];
	case OP_GTE:
		return value->count && value->time_ms >= condition->times[0];
	case OP_COUNT:
		break;
	}
	return false;
}

enum err_code where_holds(const struct where *where,
			  enum err_code (*get)(void *state, size_t field, struct where_value *out,
					       struct err *err),
			  void *state, bool *out, struct err *err)
{
	bool all = true;

	for (size_t i = 0; i < where->count && all; i++) {
		struct where_value value = {.count = 0};

		if (get(state, where->conditions[i].field, &value, err) != ERR_OK)
			return err->code;
		all = holds(&where->conditions[i], &value);
	}
	*out = all;
	return ERR_OK;
}
