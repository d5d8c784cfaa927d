#include "command/import_source.h"

#include "command/import_input.h"
#include "json/parse.h"
#include "json/writer.h"
#include "lead/columns_learn.h"
#include "lead/email.h"
#include "lead/linkedin.h"

#define COLUMNS_BYTES_MAX ((size_t)16 * 1024 * 1024)
#define SAMPLE_BYTES_MAX ((size_t)8 * 1024 * 1024)
/* Of the rows columns are learned from: no further row past so much, and room for that one. */
#define LEARN_BYTES_ENOUGH ((size_t)8 * 1024 * 1024)
#define LEARN_BYTES_MAX ((size_t)12 * 1024 * 1024)
#define NAMES_BYTES 100
#define NAME_BYTES 30

static const struct parse_limits row_limits = {.bytes_max = (size_t)512 * 1024,
					       .depth_max = 32,
					       .values_max = 20000};

static enum err_code open_table(const char *path, struct text content,
				const struct import_rules *rules, struct table **out,
				struct err *err)
{
	const struct table_options options = {.is_headless = rules->is_headless};

	return path ? table_create_path(path, &options, out, err)
		    : table_create_memory(content, &options, out, err);
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
	if (open_table(path, content, rules, &table, err) != ERR_OK)
		return err->code;
	enum err_code code = sample_keys(source, table, rules, err);

	table_destroy(table);
	return code;
}

/* Of a file whose columns are chosen, the others are left out, however well they are known. */
static enum err_code leave_unmapped(struct import_source *source, const struct import_rules *rules,
				    struct err *err)
{
	for (size_t i = 0; i < source->columns.count; i++) {
		struct text header = source->columns.columns[i].header;

		if (json_object_getn(rules->mapping, header.ptr, header.len))
			continue;
		if (columns_override(&source->arena, &source->columns, header, TEXT(""), err) !=
		    ERR_OK)
			return err->code;
	}
	return ERR_OK;
}

static enum err_code apply_mapping(struct import_source *source, const struct import_rules *rules,
				   struct err *err)
{
	const char *key;
	json_t *target;

	if (rules->only_mapped && leave_unmapped(source, rules, err) != ERR_OK)
		return err->code;

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

/* The object's members that are columns as `out_cells`, one for each of them. */
static enum err_code object_cells(const struct import_source *source,
				  const struct import_rules *rules, const json_t *object,
				  struct arena *arena, struct text **out_cells, struct err *err)
{
	struct text *cells = arena_zero(arena, source->key_count + 1, sizeof *cells);
	const char *key;
	json_t *value;

	if (!cells)
		return err_memory(err);
	for (size_t i = 0; i < source->key_count; i++)
		cells[i] = TEXT("");
	json_object_foreach((json_t *)object, key, value)
	{
		size_t at = is_column(rules, key) ? find_key(source, text_of(key))
						  : source->key_count;

		if (at == source->key_count)
			continue;
		struct text cell = import_input_cell(arena, value);

		cells[at] = cell.ptr ? arena_copy(arena, cell) : TEXT("");
		if (!cells[at].ptr)
			return err_memory(err);
	}
	*out_cells = cells;
	return ERR_OK;
}

static bool tells(const struct import_rules *rules, const json_t *object, const char *key)
{
	return json_is_string(json_object_get(object, key)) && !is_column(rules, key);
}

static enum err_code add_object(const struct import_source *source,
				const struct import_rules *rules, struct text json,
				struct arena *arena, struct columns_sample *sample, struct err *err)
{
	struct err bad;
	json_t *object;
	struct text *cells;

	if (parse_json(json, &row_limits, &object, &bad) != ERR_OK)
		return ERR_OK;
	sample->has_email = sample->has_email || tells(rules, object, "email");
	sample->has_linkedin = sample->has_linkedin || tells(rules, object, "linkedin_url") ||
			       tells(rules, object, "linkedinUrl");
	enum err_code code = object_cells(source, rules, object, arena, &cells, err);

	json_decref(object);
	if (code != ERR_OK)
		return code;
	sample->cells[sample->count] = cells;
	sample->cell_counts[sample->count++] = source->key_count;
	return ERR_OK;
}

/* The file's first rows, in the arena; bad ones are left out. */
static enum err_code take_sample(const struct import_source *source, struct table *table,
				 const struct import_rules *rules, struct arena *arena,
				 struct columns_sample *sample, struct err *err)
{
	for (int i = 0; i < COLUMNS_SAMPLE_ROWS && arena->bytes < LEARN_BYTES_ENOUGH; i++) {
		struct table_row row;

		if (table_next(table, arena, &row, err) != ERR_OK)
			return err->code;
		if (row.number == 0)
			break;
		if (row.json.ptr && !row.is_bad &&
		    add_object(source, rules, row.json, arena, sample, err) != ERR_OK)
			return err->code;
		if (row.cells) {
			sample->cells[sample->count] = row.cells;
			sample->cell_counts[sample->count++] = row.count;
		}
	}
	return ERR_OK;
}

/* From a table of its own, so that no row is lost and each run of an import learns the same. */
static enum err_code learn_columns(struct import_source *source, const char *path,
				   struct text content, const struct import_rules *rules,
				   struct err *err)
{
	struct columns_sample sample = {.count = 0};
	struct table *table;
	struct arena arena;

	if (open_table(path, content, rules, &table, err) != ERR_OK)
		return err->code;
	arena_init(&arena, LEARN_BYTES_MAX);
	enum err_code code = take_sample(source, table, rules, &arena, &sample, err);

	if (code == ERR_OK)
		code = columns_learn(&source->arena, &source->columns, &sample, err);
	arena_release(&arena);
	table_destroy(table);
	return code;
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

/* `"Name", "Link" and 7 more`: as many headers as a message has room for. */
static struct text headers_text(struct arena *arena, const struct text *headers, size_t count)
{
	struct buf buf;
	size_t i = 0;

	buf_init_arena(&buf, arena, 2 * NAMES_BYTES);
	for (; i < count && buf.len < NAMES_BYTES - NAME_BYTES; i++) {
		struct text name = headers[i];

		if (name.len > NAME_BYTES)
			name.len = NAME_BYTES;
		while (name.len < headers[i].len && name.len > 0 &&
		       ((unsigned char)name.ptr[name.len] & 0xC0) == 0x80)
			name.len--;
		buf_add_format(&buf, "%s\"%.*s%s\"", i > 0 ? ", " : "", TEXT_ARG(name),
			       name.len < headers[i].len ? "…" : "");
	}
	if (i < count)
		buf_add_format(&buf, " and %zu more", count - i);
	return buf_text(&buf);
}

static enum err_code refuse_columns(struct import_source *source, struct err *err)
{
	struct text names =
		headers_text(&source->arena, source->info.headers, source->info.header_count);

	if (!names.ptr)
		return err_memory(err);
	return err_set(err, ERR_INVALID_INPUT, "/mapping",
		       "No column says who the people are: an e-mail address, a LinkedIn profile "
		       "or an id is needed. The file has %.*s. Name the right one in mapping, "
		       "e.g. {\"COLUMN\": \"linkedin_url\"}, or add one.",
		       TEXT_ARG(names));
}

/* A column is not called like a person's address or profile: that row is somebody. */
static enum err_code require_header(struct import_source *source, struct err *err)
{
	for (size_t i = 0; i < source->info.header_count; i++) {
		struct text header = source->info.headers[i];
		struct linkedin linkedin;
		struct email email;

		if (email_parse(&source->arena, header, &email, err) != ERR_OK ||
		    linkedin_parse(&source->arena, header, false, &linkedin, err) != ERR_OK)
			return err->code;
		if (email.key.ptr || linkedin.member || linkedin.slug.ptr)
			return err_set(err, ERR_INVALID_INPUT, "/content",
				       "The file has no row of column names: where they should "
				       "stand, it has \"%.*s\". Put a first row such as "
				       "name,email,company above the others, or send header: false "
				       "to have the columns called by their numbers.",
				       (int)(header.len > 80 ? 80 : header.len), header.ptr);
	}
	return ERR_OK;
}

static enum err_code find_columns(struct import_source *source, const char *path,
				  struct text content, const struct import_rules *rules,
				  struct err *err)
{
	const struct text *headers = source->is_json ? source->keys : source->info.headers;
	size_t count = source->is_json ? source->key_count : source->info.header_count;

	if ((!source->is_json && !rules->is_headless && require_header(source, err) != ERR_OK) ||
	    columns_detect(&source->arena, headers, count, &source->columns, err) != ERR_OK ||
	    apply_mapping(source, rules, err) != ERR_OK ||
	    learn_columns(source, path, content, rules, err) != ERR_OK)
		return err->code;
	if (source->is_json || has_identifier(&source->columns))
		return ERR_OK;
	return refuse_columns(source, err);
}

enum err_code import_source_init(struct import_source *source, const char *path,
				 struct text content, const struct import_rules *rules,
				 struct err *err)
{
	*source = (struct import_source){.table = NULL};
	arena_init(&source->arena, COLUMNS_BYTES_MAX);
	enum err_code code = open_table(path, content, rules, &source->table, err);

	if (code == ERR_OK) {
		table_info(source->table, &source->info);
		source->is_json = source->info.form != LAYOUT_DELIMITED;
		if (source->is_json)
			code = find_keys(source, path, content, rules, err);
	}
	if (code == ERR_OK)
		code = find_columns(source, path, content, rules, err);
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
	struct text *cells;
	const char *key;
	json_t *value;

	if (object_cells(source, rules, object, arena, &cells, err) != ERR_OK)
		return err->code;
	json_object_foreach((json_t *)object, key, value)
	{
		if (!is_column(rules, key) && json_object_set(item->input, key, value) != 0)
			return err_memory(err);
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
