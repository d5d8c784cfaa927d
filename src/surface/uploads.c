#include "surface/uploads.h"

#include "command/import_file.h"
#include "http/multipart.h"
#include "json/parse.h"
#include "surface/runtime.h"

#define SETTING_BYTES_MAX ((size_t)256 * 1024)

enum upload_state {
	UPLOAD_ARRIVING,
	UPLOAD_KEPT,   /* on disk, waiting for import.create */
	UPLOAD_CLAIMED /* the import's */
};

struct upload {
	struct engine_job job; /* first: brings the file to disk */
	struct visit *visit;
	enum upload_state state;
	struct import_file file;
	json_t *input;               /* of import.create */
	struct multipart *multipart; /* NULL: the body is the file */
	bool is_file_part;
	bool has_file_part;
	char setting[32]; /* the part's name, when it is a setting */
	struct buf value; /* and what it says so far */
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
	const struct parse_limits limits = {.bytes_max = SETTING_BYTES_MAX,
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
		char name[sizeof upload->setting];

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

static bool part_begin(void *state, const struct multipart_part *part, struct err *err)
{
	struct upload *upload = state;

	upload->is_file_part = text_is(part->name, TEXT("file"));
	buf_reset(&upload->value);
	if (!upload->is_file_part) {
		if (!is_setting(part->name))
			return unknown_setting(part->name, err) == ERR_OK;
		snprintf(upload->setting, sizeof upload->setting, "%.*s", TEXT_ARG(part->name));
		return true;
	}
	if (upload->has_file_part)
		return err_set(err, ERR_INVALID_INPUT, "",
			       "Send one file at a time: there are two parts named \"file\".") ==
		       ERR_OK;
	upload->has_file_part = true;
	if (part->file_name.len > 0 && !json_object_get(upload->input, "name"))
		return set_setting(upload, "name", part->file_name, err) == ERR_OK;
	return true;
}

static bool part_data(void *state, struct text data, struct err *err)
{
	struct upload *upload = state;

	if (upload->is_file_part)
		return import_file_add(&upload->file, data, err) == ERR_OK;
	buf_add(&upload->value, data);
	return !upload->value.failed ||
	       err_set(err, ERR_TOO_LARGE, "", "The part %s is larger than %zu bytes.",
		       upload->setting, SETTING_BYTES_MAX) == ERR_OK;
}

static bool part_end(void *state, struct err *err)
{
	struct upload *upload = state;
	struct text value = buf_text(&upload->value);

	if (upload->is_file_part)
		return true;
	return set_setting(upload, upload->setting, value.ptr ? value : TEXT(""), err) == ERR_OK;
}

static enum err_code begin_multipart(struct upload *upload, struct err *err)
{
	const struct multipart_callbacks callbacks = {.state = upload,
						      .part_begin = part_begin,
						      .part_data = part_data,
						      .part_end = part_end};
	struct text type = http_request_header(upload->visit->request, "Content-Type");
	static const struct text form = {"multipart/", 10};

	if (type.len < form.len || !text_is_nocase((struct text){type.ptr, form.len}, form))
		return ERR_OK;
	return multipart_create(type, &callbacks, &upload->multipart, err);
}

static enum err_code begin(struct upload *upload, struct err *err)
{
	struct visit *visit = upload->visit;
	struct desk *desk = visit->services->desk;
	struct uuid_maker maker;

	upload->input = json_object();
	if (!upload->input)
		return err_memory(err);
	uuid_maker_init(&maker, engine_clock(dispatch_engine(desk)));
	if (runtime_read_idempotency_key(visit, err) != ERR_OK ||
	    read_query(upload, err) != ERR_OK || begin_multipart(upload, err) != ERR_OK)
		return err->code;
	return import_file_begin(dispatch_files(desk), visit->caller.workspace, uuid_make(&maker),
				 &upload->file, err);
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
	upload->file.fd = -1;
	buf_init(&upload->value, SETTING_BYTES_MAX);
	visit->own = upload;
	visit->request->body_bytes_max = visit->services->upload_bytes_max;
	if (begin(upload, &err) == ERR_OK)
		return true;
	visit_fail(visit, &err);
	return false;
}

bool uploads_piece(struct visit *visit, struct text piece)
{
	struct upload *upload = visit->own;
	struct err err;
	enum err_code code = upload->multipart ? multipart_feed(upload->multipart, piece, &err)
					       : import_file_add(&upload->file, piece, &err);

	if (code == ERR_OK)
		return true;
	visit_fail(visit, &err);
	return false;
}

/* On a reader's thread: bringing a large file to disk takes its time. */
static enum err_code keep_file(struct engine_job *job, struct txn *txn, struct err *err)
{
	struct upload *upload = (struct upload *)job; /* job is the first member */

	(void)txn;
	return import_file_keep(&upload->file, err);
}

static void file_kept(struct engine_job *job)
{
	struct upload *upload = (struct upload *)job;

	http_complete(upload->visit->request);
}

static enum err_code end_body(struct upload *upload, struct err *err)
{
	if (!upload->multipart)
		return ERR_OK;
	if (multipart_finish(upload->multipart, err) != ERR_OK)
		return err->code;
	if (upload->has_file_part)
		return ERR_OK;
	return err_set(err, ERR_INVALID_INPUT, "",
		       "The form has no file. Send it as the part named \"file\".");
}

void uploads_handle(struct visit *visit)
{
	struct upload *upload = visit->own;
	struct engine *engine = dispatch_engine(visit->services->desk);
	struct err err;

	if (end_body(upload, &err) != ERR_OK) {
		visit_fail(visit, &err);
		return;
	}
	upload->job.run = keep_file;
	upload->job.done = file_kept;
	http_defer(visit->request);
	if (engine_read(engine, &upload->job, &err) != ERR_OK) {
		upload->job.err = err;
		http_complete(visit->request);
	}
}

/* The file is on disk: make the import. */
static void create_import(struct upload *upload)
{
	struct visit *visit = upload->visit;
	char id[UUID_TEXT_LEN + 1];
	struct err err;

	if (upload->job.err.code != ERR_OK) {
		visit_fail(visit, &upload->job.err);
		return;
	}
	upload->state = UPLOAD_KEPT;
	uuid_format(upload->file.id, id);
	if (json_object_set_new(upload->input, "upload_id", json_string(id)) != 0) {
		err_memory(&err);
		visit_fail(visit, &err);
		return;
	}
	visit->call.input = json_incref(upload->input);
	visit->call.content =
		(struct text){(const char *)upload->file.hash, sizeof upload->file.hash};
	visit_run(visit, TEXT("import.create"));
}

void uploads_finish(struct visit *visit)
{
	struct upload *upload = visit->own;

	if (upload->state == UPLOAD_ARRIVING) {
		create_import(upload);
		return;
	}
	if (visit->call.job.err.code == ERR_OK && !visit->call.reply.replayed)
		upload->state = UPLOAD_CLAIMED;
	runtime_finish(visit);
}

void uploads_done(struct visit *visit)
{
	struct upload *upload = visit->own;

	runtime_done(visit);
	if (!upload)
		return;
	if (upload->state != UPLOAD_CLAIMED && upload->file.path[0])
		import_file_drop(&upload->file);
	multipart_destroy(upload->multipart);
	buf_release(&upload->value);
	json_decref(upload->input);
}
