#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "json/schema_node.h"

/* Segments of a pointer; no path is longer, for a schema is no deeper. */
#define PATH_MAX_DEPTH (2 * SCHEMA_DEPTH_MAX + 4)

/* Kept free behind a list for a remark such as "; did you mean "waiting"?". */
#define SAY_RESERVE ((size_t)56)

struct schema_say schema_say_on(char *out, size_t size)
{
	out[0] = '\0';
	return (struct schema_say){out, size};
}

void schema_say_add(struct schema_say *say, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	int len = vsnprintf(say->at, say->left, format, args);

	va_end(args);
	if (len < 0)
		return;
	size_t put = (size_t)len;

	if (put >= say->left) {
		put = say->left - 1;
		while (put > 0 && !text_is_utf8((struct text){say->at, put}))
			put--;
		say->at[put] = '\0';
		say->left = put + 1; /* full: nothing more is added behind a cut */
	}
	say->at += put;
	say->left -= put;
}

/* One "/name" with ~ and / escaped; false, and nothing written, when it does not fit. */
static bool put_segment(struct schema_say *say, const struct schema_path *path)
{
	char index[24];
	size_t used = 1;
	struct text name = path->key;

	if (!name.ptr) {
		int len = snprintf(index, sizeof index, "%zu", path->index);

		name = (struct text){index, (size_t)len};
	}
	for (size_t i = 0; i < name.len; i++)
		used += name.ptr[i] == '~' || name.ptr[i] == '/' ? 2 : 1;
	if (used >= say->left)
		return false;
	char *at = say->at;

	*at++ = '/';
	for (size_t i = 0; i < name.len; i++) {
		bool special = name.ptr[i] == '~' || name.ptr[i] == '/';

		*at++ = special ? '~' : name.ptr[i];
		if (special)
			*at++ = name.ptr[i] == '~' ? '0' : '1';
	}
	*at = '\0';
	say->at = at;
	say->left -= used;
	return true;
}

void schema_say_pointer(const struct schema_path *path, char *out, size_t size)
{
	const struct schema_path *chain[PATH_MAX_DEPTH];
	struct schema_say say = schema_say_on(out, size);
	size_t depth = 0;

	for (; path && path->up && depth < PATH_MAX_DEPTH; path = path->up)
		chain[depth++] = path;
	while (depth > 0 && put_segment(&say, chain[depth - 1]))
		depth--;
}

/* What stands before item `i` of `count` in "a, b or c". */
static const char *joint(size_t i, size_t count)
{
	if (i == 0)
		return "";
	return i + 1 == count ? " or " : ", ";
}

void schema_say_types(struct schema_say *say, unsigned types)
{
	static const struct {
		unsigned bit;
		const char *words;
	} names[] = {
		{SCHEMA_STRING, "a string"},  {SCHEMA_INTEGER, "a whole number"},
		{SCHEMA_NUMBER, "a number"},  {SCHEMA_BOOLEAN, "true or false"},
		{SCHEMA_OBJECT, "an object"}, {SCHEMA_ARRAY, "an array"},
		{SCHEMA_NULL, "null"},
	};
	size_t count = 0, said = 0;

	if (types & SCHEMA_NUMBER)
		types &= ~(unsigned)SCHEMA_INTEGER;
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		count += (types & names[i].bit) != 0;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (types & names[i].bit)
			schema_say_add(say, "%s%s", joint(said++, count), names[i].words);
	}
}

const char *schema_say_kind(const json_t *value)
{
	switch (json_typeof(value)) {
	case JSON_OBJECT:
		return "an object";
	case JSON_ARRAY:
		return "an array";
	case JSON_STRING:
		return "a string";
	case JSON_INTEGER:
		return "a number";
	case JSON_REAL:
		return "a number with a fraction";
	case JSON_TRUE:
		return "true";
	case JSON_FALSE:
		return "false";
	case JSON_NULL:
		break;
	}
	return "null";
}

/* In the fewest digits that read back as the same double. */
static void say_real(struct schema_say *say, double number)
{
	char digits[32];

	for (int precision = 15; precision <= 17; precision++) {
		snprintf(digits, sizeof digits, "%.*g", precision, number);
		if (strtod(digits, NULL) == number)
			break;
	}
	schema_say_add(say, "%s", digits);
}

/* The value comes from a schema, so the depth of what json_dumpb sees is the author's. */
void schema_say_value(struct schema_say *say, const json_t *value)
{
	char json[64];
	size_t len = json_dumpb(value, json, sizeof json, JSON_ENCODE_ANY | JSON_COMPACT);
	struct text text = {json, len};

	if (json_is_real(value)) {
		say_real(say, json_real_value(value));
		return;
	}
	if (json_is_string(value) && json_string_length(value) > 0)
		text = schema_node_text(value);
	else if (len > sizeof json)
		text = TEXT("another value");
	schema_say_add(say, "%.*s", TEXT_ARG(text));
}

/* True when `len` more bytes leave room for a last remark; else the list ends here. */
static bool has_room(struct schema_say *say, size_t len)
{
	if (say->left >= len + SAY_RESERVE)
		return true;
	schema_say_add(say, ", …");
	return false;
}

void schema_say_choices(struct schema_say *say, const json_t *choices)
{
	size_t count = json_array_size(choices);

	for (size_t i = 0; i < count; i++) {
		const json_t *choice = json_array_get(choices, i);

		if (i > 0 && !has_room(say, json_string_length(choice)))
			return;
		schema_say_add(say, "%s", joint(i, count));
		schema_say_value(say, choice);
	}
}

void schema_say_required(struct schema_say *say, const struct schema_node *node)
{
	const struct schema_names *names = &node->object->required;

	for (size_t i = 0; i < names->count; i++)
		schema_say_add(say, "%s%.*s", i > 0 ? " with " : "", TEXT_ARG(names->items[i]));
}

void schema_say_branches(struct schema_say *say, const struct schema_branches *branches)
{
	for (size_t i = 0; i < branches->count; i++) {
		if (i > 0 && !has_room(say, 0))
			return;
		schema_say_add(say, "%s", joint(i, branches->count));
		if (branches->items[i]->constant)
			schema_say_value(say, branches->items[i]->constant);
		else
			schema_say_required(say, branches->items[i]);
	}
}

/* Letters in lower case and digits; what is left of "linkedin_url" and of "LinkedIn-URL". */
static size_t fold(struct text text, char out[SCHEMA_SAY_GUESS_MAX])
{
	size_t len = 0;

	for (size_t i = 0; i < text.len && len < SCHEMA_SAY_GUESS_MAX; i++) {
		char c = text.ptr[i];

		if (c >= 'A' && c <= 'Z')
			c = (char)(c | 0x20);
		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c & 0x80))
			out[len++] = c;
	}
	return len;
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Insertions, deletions, replacements and swaps of neighbours that make `a` from `b`. */
static size_t edit_distance(struct text a, struct text b)
{
	size_t rows[3][SCHEMA_SAY_GUESS_MAX + 1];

	for (size_t k = 0; k <= b.len; k++)
		rows[0][k] = k;
	for (size_t i = 1; i <= a.len; i++) {
		size_t *now = rows[i % 3], *before = rows[(i + 2) % 3], *older = rows[(i + 1) % 3];

		now[0] = i;
		for (size_t k = 1; k <= b.len; k++) {
			size_t cost = a.ptr[i - 1] != b.ptr[k - 1];
			size_t best = least(least(before[k], now[k - 1]) + 1, before[k - 1] + cost);

			if (i > 1 && k > 1 && a.ptr[i - 1] == b.ptr[k - 2] &&
			    a.ptr[i - 2] == b.ptr[k - 1])
				best = least(best, older[k - 2] + 1);
			now[k] = best;
		}
	}
	return rows[a.len % 3][b.len];
}

void schema_say_guess_init(struct schema_say_guess *guess, struct text given)
{
	guess->len = fold(given, guess->folded);
	guess->best = TEXT_NONE;
	/* One slip in three letters is a typing mistake; more is another word. */
	guess->distance = guess->len < 3 ? 1 : guess->len / 3 + 1;
	if (guess->distance > 4)
		guess->distance = 4;
}

void schema_say_guess_try(struct schema_say_guess *guess, struct text candidate)
{
	char folded[SCHEMA_SAY_GUESS_MAX];
	size_t len = fold(candidate, folded);
	size_t apart = len > guess->len ? len - guess->len : guess->len - len;

	if (guess->len == 0 || apart >= guess->distance)
		return;
	size_t distance =
		edit_distance((struct text){guess->folded, guess->len}, (struct text){folded, len});

	if (distance < guess->distance) {
		guess->distance = distance;
		guess->best = candidate;
	}
}
