#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "json/schema_node.h"

#define DIALECT TEXT("https://json-schema.org/draft/2020-12/schema")
#define REF_START TEXT("#/$defs/")

/* Our own schemas take some hundred KiB; a stranger's shall not take the machine. */
#define ARENA_BYTES_MAX ((size_t)16 * 1024 * 1024)
#define PROPERTIES_MAX 4096

/* A schema under $defs: loaded when first met, open while that goes on. */
struct definition {
	struct text name;
	const json_t *source;
	const struct schema_node *node;
	bool open;
};

struct loader {
	struct schema *schema;
	struct definition *definitions;
	size_t definition_count;
	size_t level; /* schemas open around the present one */
	struct err *err;
};

/* Where in a node a keyword's value is kept. */
enum part { PART_ANNOTATION, PART_NODE, PART_OBJECT, PART_ARRAY, PART_STRING, PART_NUMBER };

/* One value to load: its place in the source, the node it belongs to, the field it goes to. */
struct entry {
	const struct schema_path *path;
	const json_t *value;
	struct schema_node *node;
	void *field;
};

struct keyword {
	const char *name;
	enum part part;
	size_t offset;
	enum err_code (*load)(struct loader *loader, const struct entry *entry);
};

static enum err_code load_node(struct loader *loader, const struct schema_path *path,
			       const json_t *source, const struct schema_node **out);

static enum err_code refuse(struct loader *loader, const struct schema_path *path,
			    const char *format, ...) PRINTF_LIKE(3, 4);

static enum err_code refuse(struct loader *loader, const struct schema_path *path,
			    const char *format, ...)
{
	char pointer[sizeof loader->err->pointer], words[200];
	va_list args;

	va_start(args, format);
	vsnprintf(words, sizeof words, format, args);
	va_end(args);
	schema_say_pointer(path, pointer, sizeof pointer);
	return err_set(loader->err, ERR_INVALID_INPUT, pointer, "In the schema at \"%s\": %s.",
		       pointer, words);
}

static void *take(struct loader *loader, size_t count, size_t size)
{
	return arena_zero(&loader->schema->arena, count ? count : 1, size);
}

static enum err_code load_count(struct loader *loader, const struct entry *entry)
{
	double count = json_number_value(entry->value);

	if (!json_is_number(entry->value) || count < 0 || count != floor(count) || count > 1e9)
		return refuse(loader, entry->path, "must be a whole number, 0 or more");
	*(size_t *)entry->field = (size_t)count;
	return ERR_OK;
}

static enum err_code load_flag(struct loader *loader, const struct entry *entry)
{
	if (!json_is_boolean(entry->value))
		return refuse(loader, entry->path, "must be true or false");
	*(bool *)entry->field = json_is_true(entry->value);
	return ERR_OK;
}

static enum err_code load_bound(struct loader *loader, const struct entry *entry)
{
	if (!json_is_number(entry->value))
		return refuse(loader, entry->path, "must be a number");
	*(const json_t **)entry->field = entry->value;
	return ERR_OK;
}

static enum err_code load_multiple(struct loader *loader, const struct entry *entry)
{
	if (!json_is_number(entry->value) || json_number_value(entry->value) <= 0)
		return refuse(loader, entry->path, "must be a number above 0");
	return load_bound(loader, entry);
}

static enum err_code load_constant(struct loader *loader, const struct entry *entry)
{
	(void)loader;
	*(const json_t **)entry->field = entry->value;
	return ERR_OK;
}

static enum err_code load_choices(struct loader *loader, const struct entry *entry)
{
	if (json_array_size(entry->value) == 0)
		return refuse(loader, entry->path, "must be an array with at least one value");
	return load_constant(loader, entry);
}

static unsigned type_named(const json_t *name)
{
	static const struct {
		const char *name;
		unsigned bit;
	} types[] = {
		{"null", SCHEMA_NULL},       {"boolean", SCHEMA_BOOLEAN}, {"object", SCHEMA_OBJECT},
		{"array", SCHEMA_ARRAY},     {"number", SCHEMA_NUMBER},   {"string", SCHEMA_STRING},
		{"integer", SCHEMA_INTEGER},
	};

	for (size_t i = 0; json_is_string(name) && i < ARRAY_LEN(types); i++) {
		if (text_is(schema_node_text(name), text_of(types[i].name)))
			return types[i].bit;
	}
	return 0;
}

static enum err_code load_types(struct loader *loader, const struct entry *entry)
{
	unsigned types = type_named(entry->value);
	size_t count = json_array_size(entry->value);
	bool known = count > 0 || types != 0;

	for (size_t i = 0; i < count; i++) {
		unsigned bit = type_named(json_array_get(entry->value, i));

		known = known && bit != 0;
		types |= bit;
	}
	if (!known)
		return refuse(loader, entry->path,
			      "must be null, boolean, object, array, number, "
			      "string or integer, or an array of these");
	*(unsigned *)entry->field = types;
	return ERR_OK;
}

static enum err_code load_required(struct loader *loader, const struct entry *entry)
{
	struct schema_names *names = entry->field;
	size_t count = json_array_size(entry->value);
	struct text *items = take(loader, count, sizeof *items);

	if (!items)
		return err_memory(loader->err);
	if (!json_is_array(entry->value))
		return refuse(loader, entry->path, "must be an array of names");
	for (size_t i = 0; i < count; i++) {
		const json_t *name = json_array_get(entry->value, i);

		if (!json_is_string(name))
			return refuse(loader, entry->path, "must be an array of names");
		items[i] = schema_node_text(name);
	}
	*names = (struct schema_names){items, count};
	return ERR_OK;
}

/* A schema inside the present one, whose height grows with it. */
static enum err_code load_inner(struct loader *loader, const struct entry *entry,
				const struct schema_path *path, const json_t *source,
				const struct schema_node **out)
{
	const struct schema_node *node;
	enum err_code code = load_node(loader, path, source, &node);

	if (code != ERR_OK)
		return code;
	if (entry->node->height <= node->height)
		entry->node->height = node->height + 1;
	*out = node;
	return ERR_OK;
}

static enum err_code load_schema(struct loader *loader, const struct entry *entry)
{
	return load_inner(loader, entry, entry->path, entry->value, entry->field);
}

static enum err_code load_branches(struct loader *loader, const struct entry *entry)
{
	struct schema_branches *branches = entry->field;
	size_t count = json_array_size(entry->value);
	const struct schema_node **items = take(loader, count, sizeof *items);
	bool fields_only = true;

	if (!items)
		return err_memory(loader->err);
	if (count == 0)
		return refuse(loader, entry->path, "must be an array with at least one schema");
	for (size_t i = 0; i < count; i++) {
		struct schema_path path = {entry->path, TEXT_NONE, i};
		enum err_code code = load_inner(loader, entry, &path,
						json_array_get(entry->value, i), &items[i]);

		if (code != ERR_OK)
			return code;
		fields_only = fields_only && items[i]->fields_only;
	}
	*branches = (struct schema_branches){items, count, fields_only};
	return ERR_OK;
}

static void index_property(struct schema_properties *properties, size_t i)
{
	size_t slot = properties->items[i].hash & properties->slots_mask;

	while (properties->slots[slot] != 0)
		slot = (slot + 1) & properties->slots_mask;
	properties->slots[slot] = (uint16_t)(i + 1);
}

static enum err_code load_properties(struct loader *loader, const struct entry *entry)
{
	struct schema_properties *properties = entry->field;
	size_t count = json_object_size(entry->value), slots = 4, i = 0;

	if (!json_is_object(entry->value) || count > PROPERTIES_MAX)
		return refuse(loader, entry->path, "must be an object of at most %d schemas",
			      PROPERTIES_MAX);
	while (slots < 2 * count)
		slots *= 2;
	*properties = (struct schema_properties){
		take(loader, count, sizeof *properties->items),
		count,
		take(loader, slots, sizeof *properties->slots),
		slots - 1,
	};
	if (!properties->items || !properties->slots)
		return err_memory(loader->err);
	for (void *at = json_object_iter((json_t *)entry->value); at;
	     at = json_object_iter_next((json_t *)entry->value, at)) {
		struct text name = {json_object_iter_key(at), json_object_iter_key_len(at)};
		struct schema_path path = {entry->path, name, 0};
		struct schema_property *property = &properties->items[i];
		enum err_code code = load_inner(loader, entry, &path, json_object_iter_value(at),
						&property->node);

		if (code != ERR_OK)
			return code;
		property->name = name;
		property->hash = schema_node_hash(name);
		index_property(properties, i++);
	}
	return ERR_OK;
}

static enum err_code load_format(struct loader *loader, const struct entry *entry)
{
	static const char *const names[] = {
		[SCHEMA_FORMAT_DATE_TIME] = "date-time",
		[SCHEMA_FORMAT_UUID] = "uuid",
		[SCHEMA_FORMAT_URI] = "uri",
	};

	for (size_t i = 1; json_is_string(entry->value) && i < ARRAY_LEN(names); i++) {
		if (text_is(schema_node_text(entry->value), text_of(names[i]))) {
			*(enum schema_format *)entry->field = (enum schema_format)i;
			return ERR_OK;
		}
	}
	return refuse(loader, entry->path, "must be date-time, uuid or uri");
}

/* Past the bracket expression whose '[' is at `at`; NULL when ECMA 262 reads it another way. */
static const char *skip_brackets(const char *at)
{
	at += at[1] == '^' ? 2 : 1;
	if (*at == ']')
		return NULL;
	for (; *at != ']'; at++) {
		if (*at == '\0' || *at == '[' || *at == '\\')
			return NULL;
	}
	return at + 1;
}

/* The subset of POSIX extended expressions that means the same in ECMA 262. */
static bool is_portable(const char *at)
{
	while (at && *at) {
		if (*at < ' ' || *at > '~')
			return false;
		if (*at == '[') {
			at = skip_brackets(at);
			continue;
		}
		if (*at == '\\' && !(at[1] && strchr("^$\\.*+?()[]{}|/-", at[1])))
			return false;
		if (*at == '(' && at[1] == '?')
			return false;
		if (*at == '{' && !(at[1] >= '0' && at[1] <= '9'))
			return false;
		if (strchr("*+?}", *at) && at[1] && strchr("*+?{", at[1]))
			return false;
		at += *at == '\\' ? 2 : 1;
	}
	return at != NULL;
}

static enum err_code load_pattern(struct loader *loader, const struct entry *entry)
{
	const char *source = json_string_value(entry->value);
	struct schema_pattern *pattern = take(loader, 1, sizeof *pattern);

	if (!pattern)
		return err_memory(loader->err);
	if (!source || strlen(source) != json_string_length(entry->value) || !is_portable(source))
		return refuse(loader, entry->path,
			      "must be a regular expression of the subset in json/schema.h");
	if (regcomp(&pattern->regex, source, REG_EXTENDED | REG_NOSUB) != 0)
		return refuse(loader, entry->path, "is not a regular expression");
	pattern->source = source;
	pattern->next = loader->schema->patterns;
	loader->schema->patterns = pattern;
	*(const struct schema_pattern **)entry->field = pattern;
	return ERR_OK;
}

static enum err_code load_definition(struct loader *loader, struct definition *definition)
{
	struct schema_path root = {.up = NULL};
	struct schema_path defs = {&root, TEXT("$defs"), 0};
	struct schema_path path = {&defs, definition->name, 0};

	if (definition->node)
		return ERR_OK;
	definition->open = true;
	enum err_code code = load_node(loader, &path, definition->source, &definition->node);

	definition->open = false;
	return code;
}

static enum err_code load_ref(struct loader *loader, const struct entry *entry)
{
	struct text target = schema_node_text(entry->value), name = TEXT_NONE;
	struct definition *definition = NULL;

	if (json_is_string(entry->value) && text_starts(target, REF_START))
		name = text_skip(target, REF_START.len);
	for (size_t i = 0; name.ptr && i < loader->definition_count; i++) {
		if (text_is(name, loader->definitions[i].name))
			definition = &loader->definitions[i];
	}
	if (!definition)
		return refuse(loader, entry->path, "must be \"#/$defs/name\" of a schema in $defs");
	if (definition->open)
		return refuse(loader, entry->path, "leads back to itself, which is not supported");
	enum err_code code = load_definition(loader, definition);

	if (code != ERR_OK)
		return code;
	if (loader->level + definition->node->height > SCHEMA_DEPTH_MAX)
		return refuse(loader, entry->path, "is nested more than %d deep", SCHEMA_DEPTH_MAX);
	if (entry->node->height <= definition->node->height)
		entry->node->height = definition->node->height + 1;
	*(const struct schema_node **)entry->field = definition->node;
	return ERR_OK;
}

/* What no $ref leads to is loaded as well, so that its mistakes are found. */
static enum err_code load_definitions(struct loader *loader, const struct entry *entry)
{
	if (entry->path->up->up || !json_is_object(entry->value))
		return refuse(loader, entry->path, "must be an object at the root of the schema");
	for (size_t i = 0; i < loader->definition_count; i++) {
		enum err_code code = load_definition(loader, &loader->definitions[i]);

		if (code != ERR_OK)
			return code;
	}
	return ERR_OK;
}

static enum err_code load_dialect(struct loader *loader, const struct entry *entry)
{
	if (!json_is_string(entry->value) || !text_is(schema_node_text(entry->value), DIALECT))
		return refuse(loader, entry->path, "must be \"%.*s\"", TEXT_ARG(DIALECT));
	return ERR_OK;
}

#define AT(type, field) offsetof(struct type, field)

static const struct keyword keywords[] = {
	{"$comment", PART_ANNOTATION, 0, NULL},
	{"$defs", PART_NODE, 0, load_definitions},
	{"$id", PART_ANNOTATION, 0, NULL},
	{"$ref", PART_NODE, AT(schema_node, ref), load_ref},
	{"$schema", PART_ANNOTATION, 0, load_dialect},
	{"additionalProperties", PART_OBJECT, AT(schema_object, additional), load_schema},
	{"allOf", PART_NODE, AT(schema_node, all_of), load_branches},
	{"anyOf", PART_NODE, AT(schema_node, any_of), load_branches},
	{"const", PART_NODE, AT(schema_node, constant), load_constant},
	{"default", PART_ANNOTATION, 0, NULL},
	{"deprecated", PART_ANNOTATION, 0, NULL},
	{"description", PART_ANNOTATION, 0, NULL},
	{"enum", PART_NODE, AT(schema_node, choices), load_choices},
	{"examples", PART_ANNOTATION, 0, NULL},
	{"exclusiveMaximum", PART_NUMBER, AT(schema_number, below), load_bound},
	{"exclusiveMinimum", PART_NUMBER, AT(schema_number, above), load_bound},
	{"format", PART_STRING, AT(schema_string, format), load_format},
	{"items", PART_ARRAY, AT(schema_array, items), load_schema},
	{"maxItems", PART_ARRAY, AT(schema_array, count_max), load_count},
	{"maxLength", PART_STRING, AT(schema_string, chars_max), load_count},
	{"maxProperties", PART_OBJECT, AT(schema_object, count_max), load_count},
	{"maximum", PART_NUMBER, AT(schema_number, maximum), load_bound},
	{"minItems", PART_ARRAY, AT(schema_array, count_min), load_count},
	{"minLength", PART_STRING, AT(schema_string, chars_min), load_count},
	{"minProperties", PART_OBJECT, AT(schema_object, count_min), load_count},
	{"minimum", PART_NUMBER, AT(schema_number, minimum), load_bound},
	{"multipleOf", PART_NUMBER, AT(schema_number, multiple_of), load_multiple},
	{"not", PART_NODE, AT(schema_node, excluded), load_schema},
	{"oneOf", PART_NODE, AT(schema_node, one_of), load_branches},
	{"pattern", PART_STRING, AT(schema_string, pattern), load_pattern},
	{"properties", PART_OBJECT, AT(schema_object, properties), load_properties},
	{"propertyNames", PART_OBJECT, AT(schema_object, names), load_schema},
	{"readOnly", PART_ANNOTATION, 0, NULL},
	{"required", PART_OBJECT, AT(schema_object, required), load_required},
	{"title", PART_ANNOTATION, 0, NULL},
	{"type", PART_NODE, AT(schema_node, types), load_types},
	{"uniqueItems", PART_ARRAY, AT(schema_array, unique), load_flag},
	{"writeOnly", PART_ANNOTATION, 0, NULL},
};

static const struct keyword *keyword_named(struct text name)
{
	for (size_t i = 0; i < ARRAY_LEN(keywords); i++) {
		if (text_is(name, text_of(keywords[i].name)))
			return &keywords[i];
	}
	return NULL;
}

/* The struct that holds `part` of a node, made on first need; NULL without memory. */
static void *part_of(struct loader *loader, struct schema_node *node, enum part part)
{
	if (part == PART_OBJECT && !node->object) {
		node->object = take(loader, 1, sizeof *node->object);
		if (node->object)
			node->object->count_max = SIZE_MAX;
	} else if (part == PART_ARRAY && !node->array) {
		node->array = take(loader, 1, sizeof *node->array);
		if (node->array)
			node->array->count_max = SIZE_MAX;
	} else if (part == PART_STRING && !node->string) {
		node->string = take(loader, 1, sizeof *node->string);
		if (node->string)
			node->string->chars_max = SIZE_MAX;
	} else if (part == PART_NUMBER && !node->number) {
		node->number = take(loader, 1, sizeof *node->number);
	}
	void *const parts[] = {node, node, node->object, node->array, node->string, node->number};

	return parts[part];
}

static enum err_code refuse_keyword(struct loader *loader, const struct schema_path *path)
{
	struct schema_say_guess guess;

	schema_say_guess_init(&guess, path->key);
	for (size_t i = 0; i < ARRAY_LEN(keywords); i++)
		schema_say_guess_try(&guess, text_of(keywords[i].name));
	if (guess.best.ptr)
		return refuse(loader, path, "the keyword is not supported; did you mean \"%.*s\"?",
			      TEXT_ARG(guess.best));
	return refuse(loader, path, "the keyword is not supported");
}

static enum err_code load_keywords(struct loader *loader, const struct schema_path *up,
				   const json_t *source, struct schema_node *node)
{
	size_t applied = 0;

	for (void *at = json_object_iter((json_t *)source); at;
	     at = json_object_iter_next((json_t *)source, at)) {
		struct text name = {json_object_iter_key(at), json_object_iter_key_len(at)};
		struct schema_path path = {up, name, 0};
		const struct keyword *keyword = keyword_named(name);

		if (!keyword)
			return refuse_keyword(loader, &path);
		char *part = part_of(loader, node, keyword->part);

		if (!part)
			return err_memory(loader->err);
		struct entry entry = {&path, json_object_iter_value(at), node,
				      part + keyword->offset};
		enum err_code code = keyword->load ? keyword->load(loader, &entry) : ERR_OK;

		if (code != ERR_OK)
			return code;
		applied += keyword->part != PART_ANNOTATION;
	}
	node->fields_only = applied == 1 && node->object && node->object->required.count > 0;
	return ERR_OK;
}

/* Goes as deep as the schema is nested; SCHEMA_DEPTH_MAX bounds it. */
static enum err_code load_node(struct loader *loader, const struct schema_path *path,
			       const json_t *source, const struct schema_node **out)
{
	struct schema_node *node = take(loader, 1, sizeof *node);
	enum err_code code = ERR_OK;

	if (!node)
		return err_memory(loader->err);
	if (!json_is_object(source) && !json_is_boolean(source))
		return refuse(loader, path, "a schema is an object, true or false");
	if (loader->level >= SCHEMA_DEPTH_MAX)
		return refuse(loader, path, "is nested more than %d deep", SCHEMA_DEPTH_MAX);
	node->height = 1;
	node->never = json_is_false(source);
	loader->level++;
	if (json_is_object(source))
		code = load_keywords(loader, path, source, node);
	loader->level--;
	if (code != ERR_OK)
		return code;
	if (node->array && node->array->unique && node->array->count_max > SCHEMA_UNIQUE_MAX)
		node->array->count_max = SCHEMA_UNIQUE_MAX;
	*out = node;
	return ERR_OK;
}

static enum err_code load_root(struct loader *loader)
{
	const json_t *defs = json_object_get(loader->schema->source, "$defs");
	struct schema_path root = {.up = NULL};
	size_t i = 0;

	loader->definition_count = json_object_size(defs);
	loader->definitions = take(loader, loader->definition_count, sizeof *loader->definitions);
	if (!loader->definitions)
		return err_memory(loader->err);
	for (void *at = json_object_iter((json_t *)defs); at;
	     at = json_object_iter_next((json_t *)defs, at)) {
		struct definition *definition = &loader->definitions[i++];

		definition->name =
			(struct text){json_object_iter_key(at), json_object_iter_key_len(at)};
		definition->source = json_object_iter_value(at);
	}
	return load_node(loader, &root, loader->schema->source, &loader->schema->root);
}

enum err_code schema_create(const json_t *source, struct schema **out, struct err *err)
{
	struct schema *schema = calloc(1, sizeof *schema);

	if (!schema)
		return err_memory(err);
	arena_init(&schema->arena, ARENA_BYTES_MAX);
	schema->source = json_deep_copy(source);
	struct loader loader = {.schema = schema, .err = err};
	enum err_code code = schema->source ? load_root(&loader) : err_memory(err);

	if (code != ERR_OK) {
		schema_destroy(schema);
		return code;
	}
	*out = schema;
	return ERR_OK;
}

void schema_destroy(struct schema *schema)
{
	if (!schema)
		return;
	for (struct schema_pattern *at = schema->patterns; at; at = at->next)
		regfree(&at->regex);
	json_decref(schema->source);
	arena_release(&schema->arena);
	free(schema);
}
