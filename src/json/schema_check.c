#include <stdarg.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/uuid.h"
#include "json/schema_node.h"

/* A wrong constant or choice says more clearly than a missing field: this is another branch. */
#define SCORE_OF_VALUE 8
#define SCORE_OF_TYPE 1000

struct check {
	struct schema_problems *problems; /* may be NULL */
	struct err *err;                  /* NULL: a trial of a branch, which only counts */
	const char *subject;              /* begins each message: "" or "its name " */
	size_t count;                     /* problems so far */
	size_t score;                     /* how far the value is from this branch */
	bool no_memory;
};

static void check_node(struct check *check, const struct schema_node *node, const json_t *value,
		       const struct schema_path *path);

/* Only the first problems get words; finding them costs more than finding the problem. */
static bool wants_words(const struct check *check)
{
	return check->err && check->count < SCHEMA_PROBLEMS_MAX;
}

static void tell(struct check *check, const struct schema_path *path, const char *format, ...)
	PRINTF_LIKE(3, 4);

static void tell(struct check *check, const struct schema_path *path, const char *format, ...)
{
	struct schema_problem problem;
	struct schema_say say = schema_say_on(problem.message, sizeof problem.message);
	char words[sizeof problem.message];
	va_list args;

	if (!wants_words(check)) {
		check->count++;
		check->score++;
		return;
	}
	va_start(args, format);
	vsnprintf(words, sizeof words, format, args);
	va_end(args);
	schema_say_add(&say, "%s%s", check->subject, words);
	size_t len = strlen(problem.message);

	while (!text_is_utf8((struct text){problem.message, len}))
		problem.message[--len] = '\0';
	schema_say_pointer(path, problem.pointer, sizeof problem.pointer);
	if (check->count == 0)
		err_set(check->err, ERR_INVALID_INPUT, problem.pointer, "%s", problem.message);
	if (check->problems)
		check->problems->items[check->count] = problem;
	check->count++;
}

static size_t trial(struct check *check, const struct schema_node *node, const json_t *value,
		    const struct schema_path *path, size_t *out_score)
{
	struct check quiet = {.subject = ""};

	check_node(&quiet, node, value, path);
	check->no_memory |= quiet.no_memory;
	*out_score = quiet.score;
	return quiet.count;
}

static void tell_type(struct check *check, unsigned types, const json_t *value,
		      const struct schema_path *path)
{
	char words[120];
	struct schema_say say = schema_say_on(words, sizeof words);

	schema_say_types(&say, types);
	tell(check, path, "must be %s, not %s", words, schema_say_kind(value));
}

static void check_constant(struct check *check, const json_t *constant, const json_t *value,
			   const struct schema_path *path)
{
	char words[150];
	struct schema_say say = schema_say_on(words, sizeof words);

	if (schema_value_is(constant, value))
		return;
	check->score += SCORE_OF_VALUE;
	if (wants_words(check))
		schema_say_value(&say, constant);
	tell(check, path, "must be %s", words);
}

static void say_nearest_choice(struct schema_say *say, const json_t *choices, const json_t *value)
{
	struct schema_say_guess guess;

	if (!json_is_string(value))
		return;
	schema_say_guess_init(&guess, schema_node_text(value));
	for (size_t i = 0; i < json_array_size(choices); i++) {
		const json_t *choice = json_array_get(choices, i);

		if (json_is_string(choice))
			schema_say_guess_try(&guess, schema_node_text(choice));
	}
	if (guess.best.ptr)
		schema_say_add(say, "; did you mean \"%.*s\"?", TEXT_ARG(guess.best));
}

static void check_choices(struct check *check, const json_t *choices, const json_t *value,
			  const struct schema_path *path)
{
	char words[200];
	struct schema_say say = schema_say_on(words, sizeof words - sizeof "must be one of ");

	for (size_t i = 0; i < json_array_size(choices); i++) {
		if (schema_value_is(json_array_get(choices, i), value))
			return;
	}
	check->score += SCORE_OF_VALUE;
	if (wants_words(check)) {
		schema_say_choices(&say, choices);
		say_nearest_choice(&say, choices, value);
	}
	tell(check, path, "must be one of %s", words);
}

static const struct schema_property *property_named(const struct schema_properties *properties,
						    struct text name)
{
	if (properties->count == 0)
		return NULL;
	uint32_t hash = schema_node_hash(name);
	size_t slot = hash & properties->slots_mask;

	for (; properties->slots[slot] != 0; slot = (slot + 1) & properties->slots_mask) {
		const struct schema_property *property =
			&properties->items[properties->slots[slot] - 1];

		if (property->hash == hash && text_is(property->name, name))
			return property;
	}
	return NULL;
}

static void tell_unknown(struct check *check, const struct schema_properties *properties,
			 const struct schema_path *path)
{
	const char *owner = path->up->up ? "object" : "command";
	struct schema_say_guess guess = {.best = TEXT_NONE};

	if (wants_words(check)) {
		schema_say_guess_init(&guess, path->key);
		for (size_t i = 0; i < properties->count; i++)
			schema_say_guess_try(&guess, properties->items[i].name);
	}
	if (guess.best.ptr)
		tell(check, path, "is not a field of this %s; did you mean \"%.*s\"?", owner,
		     TEXT_ARG(guess.best));
	else
		tell(check, path, "is not a field of this %s", owner);
}

static void check_name(struct check *check, const struct schema_node *names,
		       const struct schema_path *path)
{
	json_t *name = json_stringn_nocheck(path->key.ptr, path->key.len);
	const char *subject = check->subject;

	if (!name) {
		check->no_memory = true;
		return;
	}
	check->subject = "its name ";
	check_node(check, names, name, path);
	check->subject = subject;
	json_decref(name);
}

static void check_member(struct check *check, const struct schema_object *object,
			 const json_t *value, const struct schema_path *path)
{
	const struct schema_property *property = property_named(&object->properties, path->key);

	if (object->names)
		check_name(check, object->names, path);
	if (property)
		check_node(check, property->node, value, path);
	else if (object->additional && object->additional->never)
		tell_unknown(check, &object->properties, path);
	else if (object->additional)
		check_node(check, object->additional, value, path);
}

static void check_object(struct check *check, const struct schema_object *object,
			 const json_t *value, const struct schema_path *path)
{
	size_t count = json_object_size(value);

	for (void *at = json_object_iter((json_t *)value); at;
	     at = json_object_iter_next((json_t *)value, at)) {
		struct schema_path inner = {path,
					    {json_object_iter_key(at),
					     json_object_iter_key_len(at)},
					    0};

		check_member(check, object, json_object_iter_value(at), &inner);
	}
	for (size_t i = 0; i < object->required.count; i++) {
		struct text name = object->required.items[i];
		struct schema_path inner = {path, name, 0};

		if (!json_object_getn(value, name.ptr, name.len))
			tell(check, &inner, "is required");
	}
	if (count < object->count_min)
		tell(check, path, "must have at least %zu field%s (has %zu)", object->count_min,
		     object->count_min == 1 ? "" : "s", count);
	if (count > object->count_max)
		tell(check, path, "must have at most %zu field%s (has %zu)", object->count_max,
		     object->count_max == 1 ? "" : "s", count);
}

static void check_array(struct check *check, const struct schema_array *array, const json_t *value,
			const struct schema_path *path)
{
	size_t count = json_array_size(value);

	if (count < array->count_min)
		tell(check, path, "must have at least %zu item%s (has %zu)", array->count_min,
		     array->count_min == 1 ? "" : "s", count);
	if (count > array->count_max) {
		tell(check, path, "must have at most %zu item%s (has %zu)", array->count_max,
		     array->count_max == 1 ? "" : "s", count);
		return;
	}
	if (array->unique && !schema_value_is_unique(value))
		tell(check, path, "must not have the same item twice");
	for (size_t i = 0; array->items && i < count; i++) {
		struct schema_path inner = {path, TEXT_NONE, i};

		check_node(check, array->items, json_array_get(value, i), &inner);
	}
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* A scheme, a colon and something behind it, without characters that no URI holds. */
static bool is_uri(struct text text)
{
	struct text rest, scheme = text_split(text, ':', &rest);

	if (!rest.ptr || rest.len == 0 || scheme.len == 0 || !is_letter(scheme.ptr[0]))
		return false;
	for (size_t i = 1; i < scheme.len; i++) {
		if (!is_letter(scheme.ptr[i]) && !memchr("0123456789+-.", scheme.ptr[i], 13))
			return false;
	}
	for (size_t i = 0; i < rest.len; i++) {
		char c = rest.ptr[i];

		if ((c >= 0 && c <= ' ') || c == 0x7F || memchr("\"<>\\^`{|}", c, 9))
			return false;
		if (c == '%' &&
		    (rest.len - i < 3 || !is_hex(rest.ptr[i + 1]) || !is_hex(rest.ptr[i + 2])))
			return false;
	}
	if (!text_is_nocase(scheme, TEXT("http")) && !text_is_nocase(scheme, TEXT("https")))
		return true;
	return rest.len > 2 && text_starts(rest, TEXT("//")) && !memchr("/?#", rest.ptr[2], 3);
}

static void check_format(struct check *check, enum schema_format format, struct text text,
			 const struct schema_path *path)
{
	struct uuid uuid;
	int64_t at_ms;

	if (format == SCHEMA_FORMAT_DATE_TIME && !clock_parse(text, &at_ms))
		tell(check, path,
		     "must be a date and time with an offset, such as "
		     "2026-11-20T09:15:00Z");
	if (format == SCHEMA_FORMAT_UUID && !uuid_parse(text, &uuid))
		tell(check, path, "must be a UUID, such as 0193453c-8f4a-7c31-a2b4-5d1e6f708192");
	if (format == SCHEMA_FORMAT_URI && !is_uri(text))
		tell(check, path, "must be a complete address, such as https://example.com/page");
}

static void check_string(struct check *check, const struct schema_string *string,
			 const json_t *value, const struct schema_path *path)
{
	struct text text = schema_node_text(value);
	size_t chars = schema_value_chars(value);

	if (chars < string->chars_min) {
		if (string->chars_min == 1)
			tell(check, path, "must not be empty");
		else
			tell(check, path, "must have at least %zu characters (has %zu)",
			     string->chars_min, chars);
		return;
	}
	if (chars > string->chars_max) {
		tell(check, path, "must have at most %zu character%s (has %zu)", string->chars_max,
		     string->chars_max == 1 ? "" : "s", chars);
		return;
	}
	if (string->pattern && text.len > SCHEMA_PATTERN_MAX)
		tell(check, path, "must have at most %d bytes (has %zu)", SCHEMA_PATTERN_MAX,
		     text.len);
	else if (string->pattern && regexec(&string->pattern->regex, text.ptr, 0, NULL, 0) != 0)
		tell(check, path, "must have the form %s", string->pattern->source);
	check_format(check, string->format, text, path);
}

static void tell_bound(struct check *check, const char *words, const json_t *bound,
		       const struct schema_path *path)
{
	char number[40];
	struct schema_say say = schema_say_on(number, sizeof number);

	schema_say_value(&say, bound);
	tell(check, path, "must be %s %s", words, number);
}

static void check_number(struct check *check, const struct schema_number *number,
			 const json_t *value, const struct schema_path *path)
{
	if (number->minimum && schema_value_compare(value, number->minimum) < 0)
		tell_bound(check, "at least", number->minimum, path);
	if (number->above && schema_value_compare(value, number->above) <= 0)
		tell_bound(check, "above", number->above, path);
	if (number->maximum && schema_value_compare(value, number->maximum) > 0)
		tell_bound(check, "at most", number->maximum, path);
	if (number->below && schema_value_compare(value, number->below) >= 0)
		tell_bound(check, "below", number->below, path);
	if (number->multiple_of && !schema_value_is_multiple(value, number->multiple_of))
		tell_bound(check, "a multiple of", number->multiple_of, path);
}

static unsigned types_of(const struct schema_node *node)
{
	while (node && node->types == 0)
		node = node->ref;
	return node ? node->types : 0;
}

/* The types of all branches together, when each names its types; else 0. */
static unsigned types_of_all(const struct schema_branches *branches)
{
	unsigned all = 0;

	for (size_t i = 0; i < branches->count; i++) {
		unsigned types = types_of(branches->items[i]);

		if (types == 0)
			return 0;
		all |= types;
	}
	return all;
}

static bool are_constants(const struct schema_branches *branches)
{
	for (size_t i = 0; i < branches->count; i++) {
		if (!branches->items[i]->constant)
			return false;
	}
	return true;
}

/* A list of branches in words: `before`, then what each of them asks for. */
static void tell_branches(struct check *check, const char *before,
			  const struct schema_branches *branches, const struct schema_path *path)
{
	char words[170];
	struct schema_say say = schema_say_on(words, sizeof words);

	if (wants_words(check))
		schema_say_branches(&say, branches);
	tell(check, path, "%s %s", before, words);
}

/* No branch fits: said in one sentence where that can be done, else in the closest one's words. */
static void tell_none_fits(struct check *check, const struct schema_branches *branches,
			   const struct schema_node *closest, const json_t *value,
			   const struct schema_path *path)
{
	unsigned types = types_of_all(branches);

	if (branches->fields_only)
		tell_branches(check, "must have one of", branches, path);
	else if (are_constants(branches))
		tell_branches(check, "must be one of", branches, path);
	else if (types != 0 && (types & schema_value_types(value)) == 0)
		tell_type(check, types, value, path);
	else if (check->err)
		check_node(check, closest, value, path);
	else
		tell(check, path, "fits no branch");
}

/* How many branches fit; when none does, *out_closest is the one with the least wrong. */
static size_t count_fitting(struct check *check, const struct schema_branches *branches,
			    const json_t *value, const struct schema_path *path,
			    const struct schema_node **out_closest)
{
	size_t fitting = 0, best = SIZE_MAX;

	for (size_t i = 0; i < branches->count; i++) {
		const struct schema_node *node = branches->items[i];
		unsigned types = types_of(node);
		size_t score;

		if (trial(check, node, value, path, &score) == 0) {
			fitting++;
			continue;
		}
		if (types != 0 && (types & schema_value_types(value)) == 0)
			score += SCORE_OF_TYPE;
		if (score < best) {
			best = score;
			*out_closest = node;
		}
	}
	return fitting;
}

static void check_excluded(struct check *check, const struct schema_node *node, const json_t *value,
			   const struct schema_path *path)
{
	char words[150];
	struct schema_say say = schema_say_on(words, sizeof words);
	size_t score;

	if (trial(check, node, value, path, &score) > 0)
		return;
	if (node->fields_only) {
		schema_say_required(&say, node);
		tell(check, path, "must not have %s", words);
	} else if (node->constant) {
		schema_say_value(&say, node->constant);
		tell(check, path, "must not be %s", words);
	} else if (node->choices) {
		schema_say_choices(&say, node->choices);
		tell(check, path, "must not be %s", words);
	} else {
		tell(check, path, "has a form that is not allowed here");
	}
}

static void check_branches(struct check *check, const struct schema_node *node, const json_t *value,
			   const struct schema_path *path)
{
	const struct schema_node *closest = NULL;

	if (node->ref)
		check_node(check, node->ref, value, path);
	for (size_t i = 0; i < node->all_of.count; i++)
		check_node(check, node->all_of.items[i], value, path);
	if (node->any_of.count > 0 &&
	    count_fitting(check, &node->any_of, value, path, &closest) == 0)
		tell_none_fits(check, &node->any_of, closest, value, path);
	if (node->one_of.count > 0) {
		size_t fitting = count_fitting(check, &node->one_of, value, path, &closest);

		if (fitting == 0)
			tell_none_fits(check, &node->one_of, closest, value, path);
		else if (fitting > 1 && node->one_of.fields_only)
			tell_branches(check, "must have only one of", &node->one_of, path);
		else if (fitting > 1)
			tell(check, path, "fits %zu of the allowed forms; send only one of them",
			     fitting);
	}
	if (node->excluded)
		check_excluded(check, node->excluded, value, path);
}

/* Goes as deep as the schema, whose height SCHEMA_DEPTH_MAX bounds. */
static void check_node(struct check *check, const struct schema_node *node, const json_t *value,
		       const struct schema_path *path)
{
	if (node->never) {
		tell(check, path, "is not allowed here");
		return;
	}
	if (node->types != 0 && (node->types & schema_value_types(value)) == 0) {
		tell_type(check, node->types, value, path);
		return;
	}
	if (node->constant)
		check_constant(check, node->constant, value, path);
	if (node->choices)
		check_choices(check, node->choices, value, path);
	if (node->string && json_is_string(value))
		check_string(check, node->string, value, path);
	if (node->object && json_is_object(value))
		check_object(check, node->object, value, path);
	if (node->array && json_is_array(value))
		check_array(check, node->array, value, path);
	if (node->number && json_is_number(value))
		check_number(check, node->number, value, path);
	check_branches(check, node, value, path);
}

enum err_code schema_check(const struct schema *schema, const json_t *value,
			   struct schema_problems *problems, struct err *err)
{
	struct check check = {.problems = problems, .err = err, .subject = ""};
	struct schema_path root = {.up = NULL};

	check_node(&check, schema->root, value, &root);
	if (problems)
		problems->count = check.count;
	if (check.no_memory)
		return err_memory(err);
	return check.count == 0 ? ERR_OK : ERR_INVALID_INPUT;
}
