#include "command/import_preview.h"

#include "command/dispatch.h"
#include "command/import_file.h"
#include "command/import_plan.h"
#include "json/scan.h"

#define ROWS_SHOWN 20
#define ROWS_SEEN 200
#define SAMPLES 3
#define SAMPLE_BYTES 200
#define ROWS_BYTES_MAX ((size_t)48 * 1024 * 1024)

struct preview {
	struct call *call;
	struct import_rules rules;
	struct import_source source;
	struct arena arena; /* of the rows */
	struct import_planned *rows;
	size_t count;
	size_t refused;
};

static enum err_code open_source(struct preview *preview, struct err *err)
{
	struct call *call = preview->call;
	struct text content = command_text(call->input, "content");
	struct text upload = command_text(call->input, "upload_id");
	char name[IMPORT_FILE_NAME_MAX], path[IMPORT_FILE_PATH_MAX];
	const char *folder = dispatch_files(call->desk);
	struct uuid id;

	if (!content.ptr == !upload.ptr)
		return err_set(err, ERR_INVALID_INPUT, upload.ptr ? "/upload_id" : "/content",
			       "Send either content, the file's text, or upload_id, the id of a "
			       "file that was uploaded.");
	if (content.ptr)
		return import_source_init(&preview->source, NULL, content, &preview->rules, err);
	if (uuid_parse(upload, &id)) {
		import_file_name(call->caller.workspace, id, name);
		if (import_file_path(folder, text_of(name), path, err) != ERR_OK)
			return err->code;
		if (import_file_bytes(folder, text_of(name)) >= 0)
			return import_source_init(&preview->source, path, TEXT_NONE,
						  &preview->rules, err);
	}
	return err_set(err, ERR_INVALID_INPUT, "/upload_id",
		       "There is no upload %.*s in this workspace. Uploads are gone once they "
		       "were imported, or after a day: send the file again.",
		       TEXT_ARG(upload));
}

static enum err_code read_rows(struct preview *preview, int64_t now_ms, struct err *err)
{
	preview->rows = arena_zero(&preview->arena, ROWS_SEEN, sizeof *preview->rows);
	if (!preview->rows)
		return err_memory(err);
	while (preview->count < ROWS_SEEN) {
		struct import_planned *row = &preview->rows[preview->count];

		if (import_plan_next(&preview->source, &preview->arena, &preview->rules, now_ms,
				     row, err) != ERR_OK)
			return err->code;
		if (row->item.row.number == 0)
			break;
		preview->refused += row->plan == NULL;
		preview->count++;
	}
	return ERR_OK;
}

/* At most SAMPLE_BYTES of `text`, cut at a character's border. */
static struct text shortened(struct text text)
{
	if (text.len <= SAMPLE_BYTES)
		return text;
	text.len = SAMPLE_BYTES;
	while (text.len > 0 && ((unsigned char)text.ptr[text.len] & 0xC0) == 0x80)
		text.len--;
	return text;
}

/* What the row says in that column, or absent. */
static struct text cell_of(const struct preview *preview, const struct import_item *item,
			   size_t column)
{
	if (!preview->source.is_json)
		return item->row.cells && column < item->row.count ? item->row.cells[column]
								   : TEXT_NONE;
	for (size_t i = 0; i < item->values.count; i++) {
		if (item->values.items[i].column == (int)column)
			return item->values.items[i].text;
	}
	return TEXT_NONE;
}

static void write_samples(const struct preview *preview, struct writer *writer, size_t column)
{
	size_t written = 0;

	writer_key(writer, TEXT("sample"));
	writer_begin_array(writer);
	for (size_t i = 0; i < preview->count && written < SAMPLES; i++) {
		struct text cell = text_trim(cell_of(preview, &preview->rows[i].item, column));

		if (cell.len > 0) {
			writer_text(writer, shortened(cell));
			written++;
		}
	}
	writer_end_array(writer);
}

static enum err_code write_columns(struct preview *preview, struct writer *writer, struct err *err)
{
	const struct columns *columns = &preview->source.columns;

	writer_key(writer, TEXT("columns"));
	writer_begin_array(writer);
	for (size_t i = 0; i < columns->count; i++) {
		struct text target =
			columns_target_text(preview->call->arena, &columns->columns[i]);

		if (!target.ptr)
			return err_memory(err);
		writer_begin_object(writer);
		writer_member_text(writer, "header", columns->columns[i].header);
		writer_key(writer, TEXT("target"));
		if (target.len > 0)
			writer_text(writer, target);
		else
			writer_null(writer);
		write_samples(preview, writer, i);
		writer_end_object(writer);
	}
	writer_end_array(writer);
	return ERR_OK;
}

/* Text as it is, anything else as its JSON. */
static void write_as_text(struct preview *preview, struct writer *writer, const json_t *value)
{
	struct buf buf;
	struct writer inner = writer_on(&buf);

	if (json_is_string(value)) {
		writer_text(writer,
			    (struct text){json_string_value(value), json_string_length(value)});
		return;
	}
	buf_init_arena(&buf, preview->call->arena, REPLY_BYTES_MAX);
	writer_value(&inner, value);
	if (buf.failed)
		writer->buf->failed = true;
	else
		writer_text(writer, buf_text(&buf));
}

static void write_row(struct preview *preview, struct writer *writer,
		      const struct import_planned *row)
{
	const char *key;
	json_t *value;

	writer_begin_object(writer);
	writer_member_int(writer, "row", row->item.row.number);
	writer_key(writer, TEXT("values"));
	writer_begin_object(writer);
	json_object_foreach(row->item.input, key, value)
	{
		writer_key(writer, text_of(key));
		write_as_text(preview, writer, value);
	}
	writer_end_object(writer);
	writer_key(writer, TEXT("problems"));
	writer_begin_array(writer);
	if (!row->plan)
		writer_raw(writer, scan_member(row->detail, TEXT("message")));
	for (size_t i = 0; row->plan && i < row->plan->warning_count; i++)
		writer_text(writer, row->plan->warnings[i]);
	writer_end_array(writer);
	writer_end_object(writer);
}

static void write_rows(struct preview *preview, struct writer *writer)
{
	writer_key(writer, TEXT("rows"));
	writer_begin_array(writer);
	for (size_t i = 0; i < preview->count && i < ROWS_SHOWN; i++)
		write_row(preview, writer, &preview->rows[i]);
	writer_end_array(writer);
	writer_member_int(writer, "rows_seen", (int64_t)preview->count);
}

static void write_warnings(struct preview *preview, struct writer *writer)
{
	const struct columns *columns = &preview->source.columns;
	struct arena *arena = preview->call->arena;
	size_t unknown = 0;

	writer_key(writer, TEXT("warnings"));
	writer_begin_array(writer);
	for (size_t i = 0; i < columns->count; i++)
		unknown += columns->columns[i].target == COLUMNS_IGNORE &&
			   !columns->columns[i].is_known;
	if (unknown > 0)
		writer_text(writer,
			    arena_format(arena,
					 "%zu of %zu columns are not known and would be left out. "
					 "Name them in mapping to keep them, e.g. as "
					 "metadata.NAME.",
					 unknown, columns->count));
	if (preview->refused > 0)
		writer_text(writer, arena_format(arena,
						 "%zu of the first %zu rows would be refused or "
						 "left out; see their problems.",
						 preview->refused, preview->count));
	if (preview->count == 0)
		writer_text(writer, TEXT("The file holds no row below its header."));
	writer_end_array(writer);
}

static enum err_code write_answer(struct preview *preview, struct err *err)
{
	const struct import_source *source = &preview->source;
	struct call *call = preview->call;
	struct writer writer = reply_begin(&call->reply, call->arena);
	char delimiter = source->info.delimiter;

	writer_begin_object(&writer);
	writer_member_text(&writer, "format", text_of(import_source_type(source)));
	writer_member_text(&writer, "encoding", text_of(source->info.encoding));
	if (delimiter)
		writer_member_text(&writer, "delimiter", (struct text){&delimiter, 1});
	if (source->columns.format[0])
		writer_member_text(&writer, "source_format", text_of(source->columns.format));
	writer_member_int(&writer, "preamble_lines", source->info.preamble_lines);
	if (write_columns(preview, &writer, err) != ERR_OK)
		return err->code;
	write_rows(preview, &writer);
	write_warnings(preview, &writer);
	writer_end_object(&writer);
	return reply_end(&call->reply) ? ERR_OK : err_memory(err);
}

static enum err_code look(struct preview *preview, int64_t now_ms, struct err *err)
{
	if (open_source(preview, err) != ERR_OK)
		return err->code;
	arena_init(&preview->arena, ROWS_BYTES_MAX);
	enum err_code code = read_rows(preview, now_ms, err);

	/* What the encoding is may be known only now that rows were read. */
	table_info(preview->source.table, &preview->source.info);
	if (code == ERR_OK)
		code = write_answer(preview, err);
	for (size_t i = 0; i < preview->count; i++)
		import_source_drop(&preview->rows[i].item);
	arena_release(&preview->arena);
	import_source_release(&preview->source);
	return code;
}

enum err_code import_preview_execute(struct call *call, struct txn *txn, struct err *err)
{
	struct preview preview = {.call = call};

	if (import_rules_init(&preview.rules, call->desk, call->input, txn->now_ms, err) != ERR_OK)
		return err->code;
	enum err_code code = look(&preview, txn->now_ms, err);

	import_rules_release(&preview.rules);
	return code;
}
