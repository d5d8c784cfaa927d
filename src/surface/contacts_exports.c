#include "surface/contacts_exports.h"

#include "json/scan.h"
#include "surface/contacts.h"
#include "surface/contacts_bulk.h"
#include "surface/contacts_error.h"
#include "surface/contacts_nouns.h"
#include "surface/exports.h"

#define FILTER_BYTES_MAX ((size_t)1024 * 1024)
#define ANSWER_BYTES_MAX (FILTER_BYTES_MAX + 64 * 1024)

/* What is remembered of a request until the export is made. */
struct making {
	struct contacts_query query;
	struct text filter; /* JSON, for the answer */
};

static enum err_code read_make(struct visit *visit, struct making *making, struct err *err)
{
	struct buf buf;
	struct writer writer = writer_on(&buf);
	json_t *body;

	if (contacts_body(visit->request, &body, err) != ERR_OK)
		return err->code;
	const json_t *filter = json_object_get(body, "filter");
	enum err_code code = contacts_bulk_choose(visit->request, filter, &making->query, err);

	buf_init_arena(&buf, visit->request->arena, FILTER_BYTES_MAX);
	writer_value(&writer, filter);
	making->filter = buf_text(&buf);
	json_decref(body);
	/* All is what nothing else narrows. */
	if (code == ERR_OK)
		json_object_del(making->query.input, "all");
	return code;
}

void contacts_exports_make(struct visit *visit)
{
	struct making *making = arena_zero(visit->request->arena, 1, sizeof *making);
	struct err err;

	visit->own = making;
	if (!making)
		err_memory(&err);
	else if (read_make(visit, making, &err) == ERR_OK) {
		json_t *input = making->query.input;

		making->query.input = NULL;
		contacts_nouns_run(visit, "export.create", input);
		return;
	} else {
		contacts_query_release(&making->query);
	}
	contacts_error_refuse(visit, &err);
}

static void write_export(struct writer *writer, const struct visit *visit)
{
	const struct making *making = visit->own;
	struct text export = scan_member(visit->call.reply.data, TEXT("export"));
	struct text created = scan_member(export, TEXT("created_at"));

	writer_begin_object(writer);
	writer_member_raw(writer, "uuid", scan_member(export, TEXT("id")));
	writer_member_int(writer, "team_id", visit->caller.workspace);
	contacts_write_text(writer, "user_id", TEXT_NONE);
	writer_member_text(writer, "type", TEXT("contact_export_csv"));
	writer_member_raw(writer, "filter", making->filter);
	writer_member_text(writer, "status", TEXT("completed"));
	writer_member_raw(writer, "file_name", scan_member(export, TEXT("file_name")));
	writer_member_raw(writer, "count", scan_member(export, TEXT("leads")));
	contacts_nouns_write_time(writer, "created_at", created);
	contacts_nouns_write_time(writer, "updated_at", created);
	writer_end_object(writer);
}

void contacts_exports_make_finish(struct visit *visit)
{
	static const struct contacts_name rows[] = {{"lead_ids", "filter.ids"},
						    {"except_lead_ids", "filter.excludeIds"}};
	const struct making *making = visit->own;
	const struct contacts_names names = {.rows = rows,
					     .count = ARRAY_LEN(rows),
					     .query = &making->query};
	struct buf buf;
	struct writer writer = writer_on(&buf);

	if (visit->call.job.err.code != ERR_OK) {
		contacts_error_fail(visit, &names);
		return;
	}
	buf_init_arena(&buf, visit->request->arena, ANSWER_BYTES_MAX);
	write_export(&writer, visit);
	visit_respond_json(visit, 200, &buf);
}

/* The text that the body has under one of the names. */
static enum err_code read_name(struct visit *visit, struct text *out, struct err *err)
{
	static const char *const members[] = {"file_name", "uuid", "file_export_uuid"};
	json_t *body;

	if (contacts_body(visit->request, &body, err) != ERR_OK)
		return err->code;
	*out = TEXT_NONE;
	for (size_t i = 0; i < ARRAY_LEN(members) && out->len == 0; i++) {
		const json_t *value = json_object_get(body, members[i]);

		if (json_is_string(value))
			*out = arena_copy(visit->request->arena, text_of(json_string_value(value)));
	}
	json_decref(body);
	if (out->len > 0)
		return ERR_OK;
	return err_set(err, ERR_INVALID_INPUT, "file_name",
		       "file_name is required: the name, or as uuid the id, that POST "
		       "/leads/api/file-exports/leads answered.");
}

void contacts_exports_download(struct visit *visit)
{
	struct text name;
	struct err err;

	if (read_name(visit, &name, &err) != ERR_OK) {
		contacts_error_refuse(visit, &err);
		return;
	}
	exports_send(visit, &(struct lead_export_wish){.export = name});
}
