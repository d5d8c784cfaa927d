#include "command/catalogue.h"

#include <stdlib.h>

#include "command/catalogue_data.h"
#include "command/handlers.h"

struct catalogue {
	struct arena arena; /* texts of the commands */
	struct command *commands;
	size_t count;
	struct schema *record;
};

static enum err_code read_risk(const json_t *file, enum command_risk *out, struct err *err)
{
	static const char *const words[] = {"read", "mutate", "approval"};
	struct text risk = command_text(file, "risk");

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (text_is(risk, text_of(words[i]))) {
			*out = (enum command_risk)i;
			return ERR_OK;
		}
	}
	return err_internal(err, "catalogue: unknown risk");
}

/* The file without its schemas, in the file's order. */
static struct text make_meta(struct arena *arena, const json_t *file)
{
	static const char *const schemas[] = {"input_schema", "output_schema",
					      "approval_output_schema"};
	struct buf buf;
	struct writer writer = writer_on(&buf);
	json_t *meta = json_copy((json_t *)file);

	for (size_t i = 0; meta && i < ARRAY_LEN(schemas); i++)
		json_object_del(meta, schemas[i]);
	buf_init_arena(&buf, arena, 1024 * 1024);
	if (meta)
		writer_value(&writer, meta);
	json_decref(meta);
	return buf_text(&buf);
}

static enum err_code fill_command(struct arena *arena, const json_t *file, const char *text,
				  struct command *out, struct err *err)
{
	out->whole = text_of(text);
	out->id = arena_copy(arena, command_text(file, "command_id"));
	out->meta = make_meta(arena, file);
	if (!out->id.ptr || !out->meta.len)
		return err_memory(err);
	if (read_risk(file, &out->risk, err) != ERR_OK)
		return err->code;
	if (schema_create(json_object_get(file, "input_schema"), &out->input, err) != ERR_OK ||
	    schema_create(json_object_get(file, "output_schema"), &out->output, err) != ERR_OK)
		return err_internal(err, "catalogue: schema of %s at %s: %s", out->id.ptr,
				    err->pointer, err->message);
	return ERR_OK;
}

static enum err_code load_command(struct catalogue *catalogue, size_t index, struct err *err)
{
	struct command *command = &catalogue->commands[index];
	const char *text = catalogue_data_rows[index];
	json_error_t where;
	json_t *file = json_loads(text, JSON_REJECT_DUPLICATES, &where);

	if (!file)
		return err_internal(err, "catalogue: %s", where.text);
	command->index = index;
	enum err_code code = fill_command(&catalogue->arena, file, text, command, err);

	json_decref(file);
	if (code != ERR_OK)
		return code;
	command->handler = &handlers_rows[index];
	if (!text_is(text_of(command->handler->id), command->id))
		return err_internal(err, "catalogue: %s and the handler of %s do not fit",
				    command->id.ptr, command->handler->id);
	return ERR_OK;
}

static enum err_code load_record(struct catalogue *catalogue, struct err *err)
{
	json_error_t where;
	json_t *schema = json_loads(catalogue_data_record, JSON_REJECT_DUPLICATES, &where);

	if (!schema)
		return err_internal(err, "catalogue: %s", where.text);
	enum err_code code = schema_create(schema, &catalogue->record, err);

	json_decref(schema);
	return code;
}

enum err_code catalogue_create(struct catalogue **out, struct err *err)
{
	struct catalogue *catalogue = calloc(1, sizeof *catalogue);

	if (!catalogue)
		return err_memory(err);
	arena_init(&catalogue->arena, 16 * 1024 * 1024);
	catalogue->commands = calloc(catalogue_data_count, sizeof *catalogue->commands);
	if (!catalogue->commands || catalogue_data_count != handlers_count) {
		catalogue_destroy(catalogue);
		return err_internal(err, "catalogue: %zu files, %zu handlers", catalogue_data_count,
				    handlers_count);
	}
	catalogue->count = catalogue_data_count;
	for (size_t i = 0; i < catalogue->count; i++) {
		if (load_command(catalogue, i, err) != ERR_OK) {
			catalogue_destroy(catalogue);
			return err->code;
		}
	}
	if (load_record(catalogue, err) != ERR_OK) {
		catalogue_destroy(catalogue);
		return err->code;
	}
	*out = catalogue;
	return ERR_OK;
}

void catalogue_destroy(struct catalogue *catalogue)
{
	if (!catalogue)
		return;
	for (size_t i = 0; i < catalogue->count; i++) {
		schema_destroy(catalogue->commands[i].input);
		schema_destroy(catalogue->commands[i].output);
	}
	schema_destroy(catalogue->record);
	free(catalogue->commands);
	arena_release(&catalogue->arena);
	free(catalogue);
}

const struct command *catalogue_commands(const struct catalogue *catalogue, size_t *out_count)
{
	*out_count = catalogue->count;
	return catalogue->commands;
}

const struct command *catalogue_find(const struct catalogue *catalogue, struct text id)
{
	for (size_t i = 0; i < catalogue->count; i++) {
		if (text_is(catalogue->commands[i].id, id))
			return &catalogue->commands[i];
	}
	return NULL;
}

const struct schema *catalogue_record(const struct catalogue *catalogue)
{
	return catalogue->record;
}
