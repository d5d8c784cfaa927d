#include "command/import_source.h"

#include "command/import_input.h"
#include "json/parse.h"
#include "json/writer.h"

#define COLUMNS_BYTES_MAX ((size_t)16 * 1024 * 1024)
#define SAMPLE_BYTES_MAX ((size_t)8 * 1024 * 1024)

static const struct parse_limits row_limits = {.bytes_max = (size_t)512 * 1024,
					       .depth_max = 32,
					       .values_max = 20000};

static enum err_code open_table(const char *path, struct text content, struct table **out,
				struct err *err)
{
	return path ? table_create_path(path, NULL, out, err)
		    : table_create_memory(content, NULL, out, err);
}

static size_t find_key(const struct import_source *source, struct text key)
{
	size_t i = 0;

	while (i < source->key_count && !text_is(source->keys[i], key))
		i++;
	return i;
}

/* Keys beyond COLUMNS_MAX are left out, like headers nobody knows. */
static enum err_code add_key(struct import_source *source, struct text key, struct err *err)
{
	if (find_key(source, key) < source->key_count || source->key_count == COLUMNS_MAX)
		return ERR_OK;
	struct text copy = arena_copy(&source->arena, key);

	if (!copy.ptr)
		return err_memory(err);
	source->keys[source->key_count++] = copy;
	return ERR_OK;
}

/* Whether a JSON row's member goes through the columns and not straight to the input. */
static bool is_column(const struct import_rules *rules, const char *key)
{
	return json_object_get(rules->mapping, key) || !import_rules_accept(rules, key);
}

static enum err_code add_keys_of(struct import_source *source, const struct import_rules *rules,
				 struct text json, struct err *err)
{
	struct err bad;
	json_t *object, *value;
	const char *key;

	/* What is wrong with a row is told when it is its turn. */
	if (parse_json(json, &row_limits, &object, &bad) != ERR_OK)
		return ERR_OK;
	enum err_code code = ERR_OK;

	json_object_foreach(object, key, value)
	{
		if (code == ERR_OK && is_column(rules, key))
			code = add_key(source, text_of(key), err);
	}
	json_decref(object);
	return code;
}

static enum err_code sample_keys(struct import_source *source, struct table *table,
				 const struct import_rules *rules, struct err *err)
{
	struct arena arena;
	struct table_row row = {.number = 1};
	enum err_code code = ERR_OK;

	arena_init(&arena, SAMPLE_BYTES_MAX);
	for (int i = 0; code == ERR_OK && row.number != 0 && i < IMPORT_SAMPLE_ROWS; i++) {
		arena_reset(&arena);
		code = table_next(table, &arena, &row, err);
		if (code == ERR_OK && row.number != 0 && row.json.ptr)
			code = add_keys_of(source, rules, row.json, err);
	}
	arena_release(&arena);
	return code;
}

/* The columns of JSON rows: what the mapping names, and what the first rows have. */
static enum err_code find_keys(struct import_source *source, const char *path, struct text content,
			       const struct import_rules *rules, struct err *err)
{
	struct table *table;
	const char *key;
	json_t *target;

	source->keys = arena_zero(&source->arena, COLUMNS_MAX, sizeof *source->keys);
	if (!source->keys)
		return err_memory(err);
	json_object_foreach((json_t *)rules->mapping, key, target)
	{
		if (add_key(source, text_of(key), err) != ERR_OK)
			return err->code;
	}
	if (open_table(path, content, &table, err) != ERR_OK)
		return err->code;
	enum err_code code = sample_keys(source, table, rules, err);

	table_destroy(table);
	return code;
}

static enum err_code apply_mapping(struct import_source *source, const struct import_rules *rules,
				   struct err *err)
{
	const char *key;
	json_t *target;

	json_object_foreach((json_t *)rules->mapping, key, target)
	{
		struct text name = json_is_string(target) ? text_of(json_string_value(target))
							  : TEXT("");

		if (columns_override(&source->arena, &source->columns, text_of(key), name, err) !=
		    ERR_OK)
			return err->code;
	}
	return ERR_OK;
}

static bool has_identifier(const struct columns *columns)
{
	for (size_t i = 0; i < columns->count; i++) {
		enum columns_target target = columns->columns[i].target;

		if (target >= COLUMNS_LEAD_ID && target <= COLUMNS_EXTERNAL_ID)
			return true;
	}
	return false;
}

static enum err_code find_columns(struct import_source *source, const struct import_rules *rules,
				  struct err *err)
{
	const struct text *headers = source->is_json ? source->keys : source->info.headers;
	size_t count = source->is_json ? source->key_count : source->info.header_count;

	if (columns_detect(&source->arena, headers, count, &source->columns, err) != ERR_OK ||
	    apply_mapping(source, rules, err) != ERR_OK)
		return err->code;
	if (source->is_json || has_identifier(&source->columns))
		return ERR_OK;
	return err_set(err, ERR_INVALID_INPUT, "/mapping",
		       "No column of the file says who the people are: it needs an e-mail address, "
		       "a LinkedIn address or an id. If one of its %zu columns does (the first is "
		       "\"%.*s\"), name it in mapping, e.g. {\"%.*s\": \"email\"}.",
		       count, TEXT_ARG(headers[0]), TEXT_ARG(headers[0]));
}

enum err_code import_source_init(struct import_source *source, const char *path,
				 struct text content, const struct import_rules *rules,
				 struct err *err)
{
	*source = (struct import_source){.table = NULL};
	arena_init(&source->arena, COLUMNS_BYTES_MAX);
	enum err_code code = open_table(path, content, &source->table, err);

	if (code == ERR_OK) {
		table_info(source->table, &source->info);
		source->is_json = source->info.form != LAYOUT_DELIMITED;
		if (source->is_json)
			code = find_keys(source, path, content, rules, err);
	}
	if (code == ERR_OK)
		code = find_columns(source, rules, err);
	if (code != ERR_OK)
		import_source_release(source);
	return code;
}

void import_source_release(struct import_source *source)
{
	table_destroy(source->table);
	source->table = NULL;
	arena_release(&source->arena);
}

const char *import_source_type(const struct import_source *source)
{
	if (source->info.form == LAYOUT_JSON_LINES)
		return "ndjson";
	if (source->info.form == LAYOUT_JSON_ARRAY)
		return "json";
	return source->info.delimiter == '\t' ? "tsv" : "csv";
}

void import_source_write_columns(const struct import_source *source, struct buf *out)
{
	struct writer writer = writer_on(out);

	writer_begin_array(&writer);
	for (size_t i = 0; !source->is_json && i < source->info.header_count; i++)
		writer_text(&writer, source->info.headers[i]);
	writer_end_array(&writer);
}

struct text import_source_column_of(const struct import_source *source,
				    const struct import_item *item, const char *pointer)
{
	struct text rest = TEXT_NONE;
	struct text name = text_split(text_skip(text_of(pointer), 1), '/', &rest);

	if (text_is(name, TEXT("metadata")) && rest.ptr)
		name = text_split(rest, '/', &rest);
	else if (text_is(name, TEXT("external_ids")) || text_is(name, TEXT("custom_id")))
		name = TEXT("external_id");
	for (size_t i = 0; i < item->values.count && name.len > 0; i++) {
		const struct columns_value *value = &item->values.items[i];

		if (value->column >= 0 && text_is(value->name, name))
			return source->columns.columns[value->column].header;
	}
	return source->is_json && name.len > 0 ? name : TEXT_NONE;
}

/* Through the columns into `input`. */
static enum err_code map_cells(struct import_source *source, struct arena *arena,
			       const struct text *cells, json_t *input, struct import_item *item,
			       struct err *err)
{
	if (columns_row(&source->columns, cells, source->columns.count, arena, &item->values,
			err) != ERR_OK)
		return err->code;
	return import_input_add(input, &source->columns, &item->values, err);
}

static enum err_code map_object(struct import_source *source, struct arena *arena,
				const struct import_rules *rules, const json_t *object,
				struct import_item *item, struct err *err)
{
	struct text *cells = arena_zero(arena, source->columns.count + 1, sizeof *cells);
	const char *key;
	json_t *value;

	if (!cells)
		return err_memory(err);
	for (size_t i = 0; i < source->columns.count; i++)
		cells[i] = TEXT("");
	json_object_foreach((json_t *)object, key, value)
	{
		size_t at = find_key(source, text_of(key));

		if (!is_column(rules, key)) {
			if (json_object_set(item->input, key, value) != 0)
				return err_memory(err);
		} else if (at < source->key_count) {
			struct text cell = import_input_cell(arena, value);

			cells[at] = cell.ptr ? arena_copy(arena, cell) : TEXT("");
			if (!cells[at].ptr)
				return err_memory(err);
		}
	}
	if (map_cells(source, arena, cells, item->input, item, err) != ERR_OK)
		return err->code;
	if (json_object_size(item->input) > 0)
		item->values.skip = NULL;
	return ERR_OK;
}

static enum err_code map_json(struct import_source *source, struct arena *arena,
			      const struct import_rules *rules, struct import_item *item,
			      struct err *err)
{
	struct err bad;
	json_t *object;

	if (parse_json(item->row.json, &row_limits, &object, &bad) != ERR_OK) {
		item->reason = arena_copy(arena, text_of(bad.message));
		return item->reason.ptr ? ERR_OK : err_memory(err);
	}
	if (!json_is_object(object)) {
		json_decref(object);
		item->reason = TEXT("The row is no JSON object.");
		return ERR_OK;
	}
	item->input = json_object();
	enum err_code code = item->input ? map_object(source, arena, rules, object, item, err)
					 : err_memory(err);

	json_decref(object);
	return code;
}

static enum err_code map_row(struct import_source *source, struct arena *arena,
			     const struct import_rules *rules, struct import_item *item,
			     struct err *err)
{
	if (item->row.is_bad) {
		item->reason = text_of(item->row.reason);
		return ERR_OK;
	}
	if (source->is_json)
		return map_json(source, arena, rules, item, err);
	item->input = json_object();
	if (!item->input)
		return err_memory(err);
	return map_cells(source, arena, item->row.cells, item->input, item, err);
}

enum err_code import_source_next(struct import_source *source, struct arena *arena,
				 const struct import_rules *rules, struct import_item *out,
				 struct err *err)
{
	struct import_item item = {.input = NULL};

	if (table_next(source->table, arena, &item.row, err) != ERR_OK)
		return err->code;
	enum err_code code = ERR_OK;

	if (item.row.number != 0) {
		code = map_row(source, arena, rules, &item, err);
		if (code == ERR_OK && item.values.skip)
			import_source_drop(&item);
		if (code == ERR_OK && item.input)
			code = import_input_complete(item.input, rules, err);
	}
	if (code == ERR_OK)
		*out = item;
	else
		import_source_drop(&item);
	return code;
}

void import_source_drop(struct import_item *item)
{
	json_decref(item->input);
	item->input = NULL;
}

enum err_code import_source_skip(struct import_source *source, int64_t rows, struct err *err)
{
	return table_skip(source->table, rows, err);
}

void import_source_bytes(const struct import_source *source, int64_t *out_read, int64_t *out_total)
{
	struct table_info info;

	table_info(source->table, &info);
	*out_read = info.bytes_read;
	*out_total = info.bytes_total < 0 ? info.bytes_read : info.bytes_total;
}
