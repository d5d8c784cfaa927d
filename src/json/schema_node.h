/*
 * schema_node: the compiled form of a schema, shared by the files of json/schema and nobody else.
 *
 * Holds    nothing itself; nodes live in the arena of their struct schema and borrow names and
 *          values from its copy of the source.
 * Threads  any, once schema_create is done.
 * Fails    see each function.
 */
#ifndef JSON_SCHEMA_NODE_H
#define JSON_SCHEMA_NODE_H

#include <regex.h>

#include "base/arena.h"
#include "json/schema.h"

enum schema_type {
	SCHEMA_NULL = 1,
	SCHEMA_BOOLEAN = 2,
	SCHEMA_OBJECT = 4,
	SCHEMA_ARRAY = 8,
	SCHEMA_NUMBER = 16,
	SCHEMA_STRING = 32,
	SCHEMA_INTEGER = 64,
};

enum schema_format {
	SCHEMA_FORMAT_NONE,
	SCHEMA_FORMAT_DATE_TIME,
	SCHEMA_FORMAT_UUID,
	SCHEMA_FORMAT_URI,
};

struct schema_node;

struct schema_property {
	struct text name;
	uint32_t hash;
	const struct schema_node *node;
};

struct schema_properties {
	struct schema_property *items;
	size_t count;
	uint16_t *slots; /* index + 1 into items, 0 is free; at least half are free */
	size_t slots_mask;
};

struct schema_names {
	struct text *items;
	size_t count;
};

struct schema_branches {
	const struct schema_node **items;
	size_t count;
	bool fields_only; /* so is each branch */
};

struct schema_object {
	struct schema_properties properties;
	struct schema_names required;
	const struct schema_node *additional; /* NULL: anything */
	const struct schema_node *names;      /* NULL: any name */
	size_t count_min, count_max;
};

struct schema_array {
	const struct schema_node *items; /* NULL: anything */
	size_t count_min, count_max;
	bool unique;
};

struct schema_pattern {
	struct schema_pattern *next; /* all patterns of a schema, to free them */
	const char *source;
	regex_t regex;
};

struct schema_string {
	size_t chars_min, chars_max; /* code points */
	const struct schema_pattern *pattern;
	enum schema_format format;
};

/* Numbers as jansson holds them, NULL without a bound. */
struct schema_number {
	const json_t *minimum, *maximum, *above, *below, *multiple_of;
};

struct schema_node {
	bool never;       /* the schema "false" */
	bool fields_only; /* only says which fields are required */
	unsigned types;   /* bits of enum schema_type; 0: any */
	const json_t *constant, *choices;
	struct schema_object *object; /* these four are NULL without such keywords */
	struct schema_array *array;
	struct schema_string *string;
	struct schema_number *number;
	const struct schema_node *ref, *excluded;
	struct schema_branches any_of, one_of, all_of;
	size_t height; /* 1 without schemas inside */
};

struct schema {
	struct arena arena;
	json_t *source;
	const struct schema_node *root;
	struct schema_pattern *patterns;
};

/* Where a check or a load stands: a chain on the stack, turned into text only for a message. */
struct schema_path {
	const struct schema_path *up; /* NULL at the root */
	struct text key;              /* ptr NULL: an element of an array */
	size_t index;
};

/* The hash behind schema_properties. */
static inline uint32_t schema_node_hash(struct text name)
{
	uint32_t hash = 2166136261u;

	for (size_t i = 0; i < name.len; i++)
		hash = (hash ^ (unsigned char)name.ptr[i]) * 16777619u;
	return hash;
}

static inline struct text schema_node_text(const json_t *string)
{
	return (struct text){json_string_value(string), json_string_length(string)};
}

/* schema_value.c: comparing as JSON Schema does, where 1 and 1.0 are the same. */

/* All bits of enum schema_type that `value` is. */
unsigned schema_value_types(const json_t *value);

/* Below 0, 0 or above 0; both are numbers. Exact also between integers and reals. */
int schema_value_compare(const json_t *a, const json_t *b);

/* Equal, down to SCHEMA_DEPTH_MAX levels; what lies deeper counts as different. */
bool schema_value_is(const json_t *a, const json_t *b);

/* `a` is `b` times some integer; both are numbers, b is above 0. */
bool schema_value_is_multiple(const json_t *a, const json_t *b);

/* The array holds no two equal items; at most SCHEMA_UNIQUE_MAX of them. */
bool schema_value_is_unique(const json_t *array);

/* Unicode characters in a jansson string. */
size_t schema_value_chars(const json_t *string);

/* schema_say.c: the words. `out` always gets a NUL and is cut at a character border. */

struct schema_say {
	char *at;
	size_t left; /* with the NUL */
};

struct schema_say schema_say_on(char *out, size_t size);
void schema_say_add(struct schema_say *say, const char *format, ...) PRINTF_LIKE(2, 3);

/* The JSON pointer; cut behind the last whole name that fits. */
void schema_say_pointer(const struct schema_path *path, char *out, size_t size);

/* "a string or null"; for types[] of a schema, and for what a value is. */
void schema_say_types(struct schema_say *say, unsigned types);
const char *schema_say_kind(const json_t *value);

/* A value of the schema: a string as it is, another one as JSON. */
void schema_say_value(struct schema_say *say, const json_t *value);

/* "New, Waiting, …" */
void schema_say_choices(struct schema_say *say, const json_t *choices);

/* "email with name": the fields that a node requires. */
void schema_say_required(struct schema_say *say, const struct schema_node *node);

/* "email, ln_id or sn_id": what each branch requires, or the constant it asks for. */
void schema_say_branches(struct schema_say *say, const struct schema_branches *branches);

/* The name most like a mistyped one, or absent: case and punctuation do not count. */
#define SCHEMA_SAY_GUESS_MAX 40

struct schema_say_guess {
	char folded[SCHEMA_SAY_GUESS_MAX];
	size_t len;
	size_t distance;
	struct text best;
};

void schema_say_guess_init(struct schema_say_guess *guess, struct text given);
void schema_say_guess_try(struct schema_say_guess *guess, struct text candidate);

#endif
