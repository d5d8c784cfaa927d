#include "surface/contacts_sources.h"

#include "json/scan.h"
#include "surface/contacts.h"
#include "surface/contacts_imports.h"
#include "surface/runtime.h"

static const struct contacts_name states[] = {
	{"queued", "not_started"}, {"running", "in_progress"}, {"done", "completed"},
	{"failed", "failed"},      {"cancelled", "canceled"},
};

static const struct contacts_key keys[] = {
	{.name = "uuid", .inside = "import_id"},
	{.name = "name", .inside = "name", .sorts = true},
	{.name = "status", .inside = "state", .words = states, .word_count = ARRAY_LEN(states)},
	{.name = "created_at", .inside = "created_at", .kind = CONTACTS_KEY_TIME, .sorts = true},
	{.name = "updated_at", .inside = "updated_at", .kind = CONTACTS_KEY_TIME, .sorts = true},
};

static const struct contacts_object object = {.keys = keys,
					      .count = ARRAY_LEN(keys),
					      .has_text = true};

/* `json`, or null where there is none. */
static void write_or_null(struct writer *writer, const char *name, struct text json)
{
	writer_member_raw(writer, name, json.ptr ? json : TEXT("null"));
}

static void write_status(struct writer *writer, struct text state)
{
	for (size_t i = 0; i < ARRAY_LEN(states); i++) {
		struct text word = text_of(states[i].inside);

		/* Between its quotes. */
		if (state.len == word.len + 2 && memcmp(state.ptr + 1, word.ptr, word.len) == 0)
			writer_member_text(writer, "status", text_of(states[i].shown));
	}
}

static void write_payload(struct writer *writer, struct text import)
{
	static const struct contacts_name counts[] = {{"created_count", "created"},
						      {"updated_count", "updated"},
						      {"unchanged_count", "unchanged"},
						      {"skipped_count", "skipped"},
						      {"invalid_count", "invalid"},
						      {"conflict_count", "conflict"},
						      {"total_leads", "contacts"}};
	struct text progress = scan_member(import, TEXT("progress"));

	writer_begin_object(writer);
	write_or_null(writer, "name", scan_member(import, TEXT("name")));
	write_or_null(writer, "format", scan_member(import, TEXT("type")));
	write_or_null(writer, "rows_done", scan_member(progress, TEXT("rows_done")));
	write_or_null(writer, "rows_total", scan_member(progress, TEXT("rows_total")));
	for (size_t i = 0; i < ARRAY_LEN(counts); i++)
		write_or_null(writer, counts[i].shown,
			      scan_member(import, text_of(counts[i].inside)));
	writer_end_object(writer);
}

static void write_errors(struct writer *writer, struct text error)
{
	writer_begin_array(writer);
	if (error.ptr && *error.ptr == '"') {
		writer_begin_object(writer);
		writer_member_raw(writer, "message", error);
		writer_end_object(writer);
	}
	writer_end_array(writer);
}

/* The list of an import, whichever contacts it is for. */
static struct text list_of(struct text settings)
{
	static const char *const members[] = {"list_if_new", "move_to_list", "list_id"};
	struct text list = TEXT_NONE;

	for (size_t i = 0; i < ARRAY_LEN(members) && !list.ptr; i++)
		list = scan_member(settings, text_of(members[i]));
	return list;
}

static void write_source(struct writer *writer, const struct visit *visit, struct text import)
{
	struct text settings = scan_member(import, TEXT("metadata"));

	write_or_null(writer, "uuid", scan_member(import, TEXT("import_id")));
	writer_member_int(writer, "team_id", visit->caller.workspace);
	write_or_null(writer, "user_id", TEXT_NONE);
	write_or_null(writer, "sender_profile_uuid", TEXT_NONE);
	write_or_null(writer, "list_uuid", list_of(settings));
	writer_key(writer, TEXT("payload"));
	write_payload(writer, import);
	write_or_null(writer, "tags", scan_member(settings, TEXT("tag_ids")));
	writer_member_text(writer, "type", TEXT("csv_leads"));
	write_status(writer, scan_member(import, TEXT("state")));
	writer_key(writer, TEXT("errors"));
	write_errors(writer, scan_member(import, TEXT("error")));
	contacts_nouns_write_time(writer, "created_at", scan_member(import, TEXT("created_at")));
	contacts_nouns_write_time(writer, "updated_at", scan_member(import, TEXT("updated_at")));
}

const struct contacts_noun contacts_sources_noun = {
	.one = "import",
	.many = "imports",
	.id = "import_id",
	.list = "import.list",
	.get = "import.get",
	.remove = "import.delete",
	.object = &object,
	.write = write_source,
};

static enum err_code wrong_type(const json_t *type, struct err *err)
{
	if (!json_is_string(type))
		return err_set(err, ERR_INVALID_INPUT, "type",
			       "type is required: csv_leads is the only one there is here.");
	if (strcmp(json_string_value(type), "csv_leads") == 0)
		return ERR_OK;
	return err_set(err, ERR_INVALID_INPUT, "type",
		       "This server keeps leads and does not read LinkedIn, so it has no data "
		       "sources of type %.40s. Upload a file instead: POST "
		       "/leads/api/file-imports/upload-csv.",
		       json_string_value(type));
}

/* What import-leads takes: the payload's members, and those beside it. */
static json_t *joined(const json_t *body)
{
	json_t *payload = json_object_get(body, "payload");
	json_t *all = json_is_object(payload) ? json_copy(payload) : json_object();
	static const char *const beside[] = {"list_uuid", "tags"};

	for (size_t i = 0; i < ARRAY_LEN(beside); i++) {
		json_t *value = json_object_get(body, beside[i]);

		if (value && json_object_set(all, beside[i], value) != 0) {
			json_decref(all);
			return NULL;
		}
	}
	return all;
}

static enum err_code read_new(const json_t *body, json_t **out, struct err *err)
{
	const json_t *payload = json_object_get(body, "payload");

	if (wrong_type(json_object_get(body, "type"), err) != ERR_OK)
		return err->code;
	if (!json_is_string(json_object_get(body, "list_uuid")))
		return err_set(err, ERR_INVALID_INPUT, "list_uuid", "list_uuid is required.");
	if (!json_is_string(json_object_get(payload, "file_import_uuid")))
		return err_set(err, ERR_INVALID_INPUT, "payload.file_import_uuid",
			       "payload.file_import_uuid is required: the uuid of a file that was "
			       "uploaded with POST /leads/api/file-imports/upload-csv.");
	*out = joined(body);
	return *out ? ERR_OK : err_memory(err);
}

void contacts_sources_make(struct visit *visit)
{
	json_t *body = NULL, *all;
	struct err err;

	if (contacts_body(visit->request, &body, &err) == ERR_OK &&
	    read_new(body, &all, &err) == ERR_OK)
		contacts_imports_start(
			visit, all,
			text_of(json_string_value(json_object_get(all, "file_import_uuid"))));
	else
		contacts_error_refuse(visit, &err);
	json_decref(body);
}

/* Here the body names the upload, and settings of the import stand in its payload. */
void contacts_sources_make_finish(struct visit *visit)
{
	struct err *err = &visit->call.job.err;

	if (!contacts_imports_go_on(visit))
		return;
	if (err->code != ERR_OK && strcmp(err->pointer, "/upload_id") == 0) {
		err->code = ERR_INVALID_INPUT;
		snprintf(err->pointer, sizeof err->pointer, "/payload.file_import_uuid");
	}
	if (err->code != ERR_OK)
		contacts_imports_fail(visit);
	else
		contacts_nouns_answer(visit, 201);
}

/* A change: first the import as it is, then import.update where there is something to change. */
struct change {
	json_t *body;
	bool is_read;
};

void contacts_sources_change(struct visit *visit)
{
	struct change *change = arena_zero(visit->request->arena, 1, sizeof *change);
	struct err err = {.code = ERR_OK};

	visit->own = change;
	if (!change)
		err_memory(&err);
	else
		err.code = contacts_body(visit->request, &change->body, &err);
	if (err.code == ERR_OK)
		contacts_nouns_get(visit);
	else
		contacts_error_refuse(visit, &err);
}

/* Whether the body says of `name` what the JSON text `now` says, or nothing. */
static bool is_same(const json_t *body, const char *name, struct text now)
{
	const json_t *said = json_object_get(body, name);
	json_t *known;
	bool is_equal;

	if (!said)
		return true;
	if (!now.ptr)
		return json_is_null(said) || (json_is_array(said) && json_array_size(said) == 0);
	known = json_loadb(now.ptr, now.len, JSON_DECODE_ANY, NULL);
	is_equal = known && json_equal(known, said);
	json_decref(known);
	return is_equal;
}

static enum err_code check_change(const json_t *body, struct text import, struct err *err)
{
	struct text settings = scan_member(import, TEXT("metadata"));
	const json_t *type = json_object_get(body, "type");
	const char *changed = NULL;

	if (type && wrong_type(type, err) != ERR_OK)
		return err->code;
	if (!is_same(body, "list_uuid", list_of(settings)))
		changed = "list_uuid";
	else if (!is_same(body, "tags", scan_member(settings, TEXT("tag_ids"))))
		changed = "tags";
	if (!changed)
		return ERR_OK;
	return err_set(err, ERR_INVALID_INPUT, changed,
		       "%s cannot change: the import has begun. Change the contacts with PUT "
		       "/leads/api/leads/mass-action.",
		       changed);
}

void contacts_sources_change_finish(struct visit *visit)
{
	struct change *change = visit->own;
	struct text import = scan_member(visit->call.reply.data, TEXT("import"));
	json_t *name = json_object_get(json_object_get(change->body, "payload"), "name");
	struct text id = visit->params[0];
	struct err err;

	if (visit->call.job.err.code != ERR_OK || change->is_read) {
		contacts_nouns_answer(visit, 200);
		return;
	}
	change->is_read = true;
	if (check_change(change->body, import, &err) != ERR_OK)
		contacts_error_refuse(visit, &err);
	else if (name)
		contacts_nouns_run(visit, "import.update",
				   json_pack("{s:s%, s:O}", "import_id", id.ptr, id.len, "name",
					     name));
	else
		contacts_nouns_answer(visit, 200);
}

void contacts_sources_change_done(struct visit *visit)
{
	struct change *change = visit->own;

	runtime_done(visit);
	if (change)
		json_decref(change->body);
}
