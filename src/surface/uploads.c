#include "surface/uploads.h"

#include "json/parse.h"
#include "surface/incoming.h"
#include "surface/runtime.h"

struct upload {
	struct incoming incoming; /* first */
	struct visit *visit;
	bool is_kept;  /* the file is on disk, import.create was asked for */
	json_t *input; /* of import.create */
};

static const char *const settings[] = {"name",        "mapping", "list_id",     "mission_id",
				       "source",      "tags",    "on_conflict", "on_existing",
				       "observed_at", "dry_run"};

static bool is_setting(struct text name)
{
	for (size_t i = 0; i < ARRAY_LEN(settings); i++) {
		if (text_is(name, text_of(settings[i])))
			return true;
	}
	return false;
}

static json_t *string_of(struct text text)
{
	return json_stringn(text.ptr, text.len);
}

/* Words between commas. */
static json_t *list_of(struct text text)
{
	json_t *list = json_array();

	while (text.ptr) {
		struct text word = text_trim(text_split(text, ',', &text));

		if (word.len > 0 && json_array_append_new(list, string_of(word)) != 0) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}

/* The value as import.create has it. */
static enum err_code read_setting(const char *name, struct text text, json_t **out, struct err *err)
{
	const struct parse_limits limits = {.bytes_max = INCOMING_VALUE_MAX,
					    .depth_max = 4,
					    .values_max = 2000};
	bool is_tags = strcmp(name, "tags") == 0;
	char pointer[40];

	snprintf(pointer, sizeof pointer, "/%s", name);
	if (!text_is_utf8(text))
		return err_set(err, ERR_INVALID_INPUT, pointer, "%s must be UTF-8 text.", name);
	if (strcmp(name, "mapping") == 0 || (is_tags && text_starts(text_trim(text), TEXT("[")))) {
		if (parse_json(text, &limits, out, err) != ERR_OK)
			snprintf(err->pointer, sizeof err->pointer, "%s", pointer);
		return err->code;
	}
	if (strcmp(name, "dry_run") == 0) {
		bool is_true = text_is(text, TEXT("true")) || text_is(text, TEXT("1"));

		if (!is_true && !text_is(text, TEXT("false")) && !text_is(text, TEXT("0")))
			return err_set(err, ERR_INVALID_INPUT, pointer,
				       "dry_run must be true or false.");
		*out = json_boolean(is_true);
		return ERR_OK;
	}
	*out = is_tags ? list_of(text) : string_of(text);
	return *out ? ERR_OK : err_memory(err);
}

static enum err_code set_setting(struct upload *upload, const char *name, struct text text,
				 struct err *err)
{
	json_t *value = NULL;

	err->code = ERR_OK;
	if (read_setting(name, text, &value, err) != ERR_OK)
		return err->code;
	return json_object_set_new(upload->input, name, value) == 0 ? ERR_OK : err_memory(err);
}

static enum err_code unknown_setting(struct text name, struct err *err)
{
	return err_set(err, ERR_INVALID_INPUT, "",
		       "\"%.*s\" is no setting of an import. Send the file as \"file\", and name, "
		       "mapping, list_id, mission_id, source, tags, on_conflict, on_existing, "
		       "observed_at or dry_run.",
		       name.len > 64 ? 64 : (int)name.len, name.ptr);
}

static enum err_code read_query(struct upload *upload, struct err *err)
{
	const struct http_request *request = upload->visit->request;

	for (size_t i = 0; i < request->query_count; i++) {
		const struct http_pair *pair = &request->query_pairs[i];
		char name[INCOMING_NAME_MAX];

		if (text_is(pair->name, TEXT("response_profile")))
			continue;
		if (!is_setting(pair->name))
			return unknown_setting(pair->name, err);
		snprintf(name, sizeof name, "%.*s", TEXT_ARG(pair->name));
		if (set_setting(upload, name, pair->value, err) != ERR_OK)
			return err->code;
	}
	return ERR_OK;
}

static enum err_code accept_part(void *state, struct text name, struct err *err)
{
	(void)state;
	return is_setting(name) ? ERR_OK : unknown_setting(name, err);
}

static enum err_code take_part(void *state, const char *name, struct text value, struct err *err)
{
	return set_setting(state, name, value, err);
}

static enum err_code begin(struct upload *upload, struct err *err)
{
	const struct incoming_form form = {upload, accept_part, take_part};

	upload->input = json_object();
	if (!upload->input)
		return err_memory(err);
	if (runtime_read_idempotency_key(upload->visit, err) != ERR_OK ||
	    read_query(upload, err) != ERR_OK)
		return err->code;
	return incoming_begin(&upload->incoming, upload->visit, &form, err);
}

bool uploads_head(struct visit *visit)
{
	struct upload *upload = arena_zero(visit->request->arena, 1, sizeof *upload);
	struct err err;

	if (!upload) {
		err_memory(&err);
		visit_fail(visit, &err);
		return false;
	}
	upload->visit = visit;
	visit->own = upload;
	if (begin(upload, &err) == ERR_OK)
		return true;
	visit_fail(visit, &err);
	return false;
}

bool uploads_piece(struct visit *visit, struct text piece)
{
	struct upload *upload = visit->own;
	struct err err;

	if (incoming_add(&upload->incoming, piece, &err) == ERR_OK)
		return true;
	visit_fail(visit, &err);
	return false;
}

void uploads_handle(struct visit *visit)
{
	struct upload *upload = visit->own;
	struct err err;

	if (incoming_keep(&upload->incoming, &err) != ERR_OK)
		visit_fail(visit, &err);
}

/* What import.create is told of the file. */
static enum err_code complete_input(struct upload *upload, struct err *err)
{
	struct incoming *incoming = &upload->incoming;
	char id[UUID_TEXT_LEN + 1];

	if (incoming->job.err.code != ERR_OK) {
		*err = incoming->job.err;
		return err->code;
	}
	uuid_format(incoming->file.id, id);
	if (json_object_set_new(upload->input, "upload_id", json_string(id)) != 0)
		return err_memory(err);
	if (!incoming->file_name.ptr || json_object_get(upload->input, "name"))
		return ERR_OK;
	return set_setting(upload, "name", incoming->file_name, err);
}

/* The file is on disk: make the import. */
static void create_import(struct upload *upload)
{
	struct visit *visit = upload->visit;
	const struct import_file *file = &upload->incoming.file;
	struct err err;

	if (complete_input(upload, &err) != ERR_OK) {
		visit_fail(visit, &err);
		return;
	}
	upload->is_kept = true;
	visit->call.input = json_incref(upload->input);
	visit->call.content = (struct text){(const char *)file->hash, sizeof file->hash};
	visit_run(visit, TEXT("import.create"));
}

void uploads_finish(struct visit *visit)
{
	struct upload *upload = visit->own;

	if (!upload->is_kept) {
		create_import(upload);
		return;
	}
	if (visit->call.job.err.code == ERR_OK && !visit->call.reply.replayed)
		upload->incoming.is_claimed = true;
	runtime_finish(visit);
}

void uploads_done(struct visit *visit)
{
	struct upload *upload = visit->own;

	runtime_done(visit);
	if (!upload)
		return;
	incoming_end(&upload->incoming);
	json_decref(upload->input);
}
