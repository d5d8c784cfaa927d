#include "surface/resources.h"

#include "surface/envelope.h"
#include "surface/runtime.h"

#define LIST_BYTES_MAX ((size_t)4 * 1024 * 1024)
#define URI_BYTES_MAX 512
#define EXTRA_BYTES 4096

#define PATH(literal)                        \
	{                                    \
		literal, sizeof(literal) - 1 \
	}
const struct resource resources_rows[] = {
	{PATH("status"), "status", "Workspace status",
	 "What the workspace holds: leads by status, lists, missions, imports.", "workspace.stats",
	 NULL},
	{PATH("catalog"), "catalog", "Command catalogue",
	 "Every command: what it does, when to use it, and examples.", NULL, NULL},
	{PATH("missions"), "missions", "Missions",
	 "The missions with their briefs and numbers; the first page of mission.list.",
	 "mission.list", NULL},
	{PATH("lists"), "lists", "Lists", "The lists; the first page of list.list.", "list.list",
	 NULL},
	{PATH("imports"), "imports", "Imports",
	 "The imports, newest first; the first page of import.list.", "import.list", NULL},
	{PATH("leads/"), "leads/{id}", "Lead",
	 "One lead with everything known about it, by its id.", "lead.get", "lead_id"},
	{PATH("prospects/"), "prospects/{id}", "Lead",
	 "The same as leads/{id}: one lead, by its id.", "lead.get", "lead_id"},
	{PATH("missions/"), "missions/{id}", "Mission", "One mission: its brief and numbers.",
	 "mission.get", "mission_id"},
	{PATH("lists/"), "lists/{id}", "List", "One list and how many leads are on it.", "list.get",
	 "list_id"},
	{PATH("imports/"), "imports/{id}", "Import",
	 "One import: its settings, counts and progress.", "import.get", "import_id"},
	{PATH("tags/"), "tags/{id}", "Tag", "One tag and how many leads have it.", "tag.get",
	 "tag_id"},
	{PATH("stages/"), "stages/{id}", "Stage", "One stage of the pipeline.", "stage.get",
	 "stage_id"},
};
#undef PATH

const size_t resources_count = ARRAY_LEN(resources_rows);
const char *const resources_schemes[RESOURCES_SCHEMES] = {"galena://", "salestouch://"};

void resources_list(struct visit *visit)
{
	struct buf buf;
	struct writer writer = writer_on(&buf);
	char uri[64];

	buf_init_arena(&buf, visit->request->arena, LIST_BYTES_MAX);
	writer_begin_object(&writer);
	writer_key(&writer, TEXT("data"));
	writer_begin_object(&writer);
	writer_key(&writer, TEXT("resources"));
	writer_begin_array(&writer);
	for (size_t i = 0; i < RESOURCES_SCHEMES * resources_count; i++) {
		const struct resource *resource = &resources_rows[i % resources_count];

		snprintf(uri, sizeof uri, "%s%s", resources_schemes[i / resources_count],
			 resource->shown);
		writer_begin_object(&writer);
		writer_member_text(&writer, "uri", text_of(uri));
		writer_member_text(&writer, "name", text_of(resource->name));
		writer_member_text(&writer, "description", text_of(resource->about));
		writer_member_text(&writer, "mimeType", HTTP_TYPE_JSON);
		writer_end_object(&writer);
	}
	writer_end_array(&writer);
	writer_end_object(&writer);
	writer_end_object(&writer);
	visit_respond_json(visit, 200, &buf);
}

const struct resource *resources_find(struct text uri, struct text *out_id)
{
	struct text path = TEXT_NONE;

	for (size_t i = 0; i < RESOURCES_SCHEMES; i++) {
		struct text scheme = text_of(resources_schemes[i]);

		if (text_starts(uri, scheme))
			path = text_skip(uri, scheme.len);
	}
	for (size_t i = 0; path.ptr && i < resources_count; i++) {
		const struct resource *resource = &resources_rows[i];

		*out_id = text_skip(path, resource->path.len);
		if (text_starts(path, resource->path) &&
		    (resource->id_member != NULL) == (out_id->len > 0))
			return resource;
	}
	return NULL;
}

json_t *resources_input(const struct resource *resource, struct text id)
{
	if (!resource->id_member)
		return json_object();
	return json_pack("{s:s%}", resource->id_member, id.ptr, id.len);
}

bool resources_is_missing(enum err_code code)
{
	/* An id that is too long to be one is bad input, and names nothing. */
	return err_http_status(code) == 404 || code == ERR_INVALID_INPUT;
}

static void answer(struct visit *visit, struct text payload)
{
	struct buf buf;
	struct writer writer = writer_on(&buf);

	buf_init_arena(&buf, visit->request->arena, REPLY_BYTES_MAX + EXTRA_BYTES);
	writer_begin_object(&writer);
	writer_key(&writer, TEXT("data"));
	writer_begin_object(&writer);
	writer_key(&writer, TEXT("resource"));
	writer_begin_object(&writer);
	writer_member_text(&writer, "uri", http_request_query(visit->request, "uri"));
	writer_member_raw(&writer, "payload", payload);
	writer_end_object(&writer);
	writer_end_object(&writer);
	writer_end_object(&writer);
	visit_respond_json(visit, 200, &buf);
}

static void answer_catalogue(struct visit *visit)
{
	struct err err;
	struct buf buf;
	struct writer writer = writer_on(&buf);

	buf_init_arena(&buf, visit->request->arena, LIST_BYTES_MAX);
	runtime_write_catalogue(visit->services->desk, &writer);
	if (buf_text(&buf).ptr) {
		answer(visit, buf_text(&buf));
		return;
	}
	err_memory(&err);
	visit_fail(visit, &err);
}

void resources_read(struct visit *visit)
{
	struct text id = TEXT_NONE;
	const struct resource *resource =
		resources_find(http_request_query(visit->request, "uri"), &id);
	struct err err;

	if (!resource) {
		err_set(&err, ERR_RESOURCE_NOT_FOUND, "",
			"There is no such resource. GET /api/v1/resources lists them; send one as "
			"?uri=, percent-encoded.");
		visit_fail(visit, &err);
		return;
	}
	if (!resource->command) {
		answer_catalogue(visit);
		return;
	}
	visit->call.input = resources_input(resource, id);
	if (visit->call.input) {
		visit_run(visit, text_of(resource->command));
		return;
	}
	/* Text that is no UTF-8 can be no id. */
	err_set(&err, ERR_RESOURCE_NOT_FOUND, "", "There is no such thing.");
	visit_fail(visit, &err);
}

void resources_finish(struct visit *visit)
{
	struct err *err = &visit->call.job.err;

	if (err->code == ERR_OK) {
		answer(visit, visit->call.reply.data);
		return;
	}
	if (resources_is_missing(err->code))
		err->code = ERR_RESOURCE_NOT_FOUND;
	visit_fail(visit, err);
}
