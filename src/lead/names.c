#include "lead/names.h"

/* The full name that the parts make, as a JSON string; absent for none, or without memory. */
static struct text joined_name(struct arena *arena, struct text first, struct text last)
{
	if (!first.ptr || !last.ptr || first.len <= 2 || last.len <= 2)
		return first.ptr ? first : last;
	return arena_format(arena, "%.*s %.*s", (int)first.len - 1, first.ptr, (int)last.len - 1,
			    last.ptr + 1);
}

struct names names_of(const struct record *record)
{
	return (struct names){.name = record->values[FIELD_NAME],
			      .first = record->values[FIELD_FIRST_NAME],
			      .last = record->values[FIELD_LAST_NAME]};
}

/* Whether an input could say so, too. */
static bool is_within(enum field_id field, struct text json)
{
	int characters = -2; /* the quotes */

	for (size_t i = 0; i < json.len; i++)
		characters += (json.ptr[i] & 0xC0) != 0x80;
	return characters <= field_rows[field].max;
}

/* The full name follows its parts, where it is theirs or there is none. */
static enum err_code follow_parts(struct arena *arena, struct record *record, int64_t observed_ms,
				  struct record_diff *diff, struct err *err)
{
	struct text first = record->values[FIELD_FIRST_NAME];
	struct text last = record->values[FIELD_LAST_NAME];
	struct text name = joined_name(arena, first, last);

	if (!name.ptr && (first.ptr || last.ptr))
		return err_memory(err);
	if (is_within(FIELD_NAME, name))
		record_set(record, FIELD_NAME, name, observed_ms, diff);
	return ERR_OK;
}

static struct text part(struct arena *arena, const char *from, const char *to)
{
	while (from < to && *from == ' ')
		from++;
	while (from < to && to[-1] == ' ')
		to--;
	return from == to ? TEXT_NONE : arena_format(arena, "\"%.*s\"", (int)(to - from), from);
}

/* The parts follow a full name that was made of them: its last word is the family name. */
static enum err_code follow_name(struct arena *arena, struct record *record, int64_t observed_ms,
				 struct record_diff *diff, struct err *err)
{
	struct text name = record->values[FIELD_NAME], first = TEXT_NONE, last = TEXT_NONE;
	const char *from = name.ptr ? name.ptr + 1 : NULL;
	const char *to = name.ptr ? name.ptr + name.len - 1 : NULL;
	const char *blank = name.ptr ? memrchr(from, ' ', (size_t)(to - from)) : NULL;

	if (name.ptr) {
		first = part(arena, from, blank ? blank : to);
		last = blank ? part(arena, blank, to) : TEXT_NONE;
		if (!first.ptr || (blank && !last.ptr))
			return err_memory(err);
	}
	if (!is_within(FIELD_FIRST_NAME, first) || !is_within(FIELD_LAST_NAME, last))
		return ERR_OK;
	record_set(record, FIELD_FIRST_NAME, first, observed_ms, diff);
	record_set(record, FIELD_LAST_NAME, last, observed_ms, diff);
	return ERR_OK;
}

/* Whether the input leaves `field` to follow others: it says nothing of it, nor of it later. */
static bool is_left_open(const struct record *record, const struct record_input *input,
			 enum field_id field)
{
	return !input->values[field].ptr && record->seen_ms[field] <= input->observed_ms;
}

enum err_code names_keep_in_step(struct arena *arena, struct record *record,
				 const struct record_input *input, const struct names *before,
				 struct record_diff *diff, struct err *err)
{
	struct names now = names_of(record);
	struct text made = joined_name(arena, before->first, before->last);
	bool has_parts = now.first.ptr || now.last.ptr;
	bool parts_same = text_is(now.first, before->first) && text_is(now.last, before->last);
	bool name_same = text_is(now.name, before->name);

	if (!made.ptr && (before->first.ptr || before->last.ptr))
		return err_memory(err);
	bool in_step = made.ptr && text_is(made, before->name) && input->mode != RECORD_FILL;

	if (in_step && !name_same && parts_same && is_left_open(record, input, FIELD_FIRST_NAME) &&
	    is_left_open(record, input, FIELD_LAST_NAME))
		return follow_name(arena, record, input->observed_ms, diff, err);
	if ((in_step && name_same && !parts_same && is_left_open(record, input, FIELD_NAME)) ||
	    (!now.name.ptr && has_parts))
		return follow_parts(arena, record, input->observed_ms, diff, err);
	return ERR_OK;
}
