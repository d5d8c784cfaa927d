#include "surface/resources.h"

#include "surface/envelope.h"
#include "surface/runtime.h"

#define LIST_BYTES_MAX ((size_t)4 * 1024 * 1024)
#define URI_BYTES_MAX 512
#define EXTRA_BYTES 4096

struct resource {
	struct text path;  /* behind the scheme; a prefix when an id follows */
	const char *shown; /* the same for people */
	const char *name;
	const char *about;
	const char *command; /* whose answer it is; NULL: the catalogue */
	bool takes_id;
};

#define PATH(literal) {literal, sizeof(literal) - 1}
static const struct resource resources[] = {
	{PATH("status"), "status", "Workspace status",
	 "What the workspace holds: leads by status, lists, missions, imports.", "workspace.stats",
	 false},
	{PATH("catalog"), "catalog", "Command catalogue",
	 "Every command: what it does, when to use it, and examples.", NULL, false},
	{PATH("missions"), "missions", "Missions",
	 "The missions with their briefs and numbers; the first page of mission.list.",
	 "mission.list", false},
	{PATH("prospects/"), "prospects/{id}", "Lead",
	 "One lead with everything known about it, by its id.", "lead.get", true},
};
#undef PATH

static const char *const schemes[] = {"salestouch://", "galena://"};

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
	for (size_t i = 0; i < ARRAY_LEN(schemes) * ARRAY_LEN(resources); i++) {
		const struct resource *resource = &resources[i % ARRAY_LEN(resources)];

		snprintf(uri, sizeof uri, "%s%s", schemes[i / ARRAY_LEN(resources)],
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

/* The resource that `uri` names, and its id where it takes one; NULL: none. */
static const struct resource *find(struct text uri, struct text *out_id)
{
	struct text path = TEXT_NONE;

	for (size_t i = 0; i < ARRAY_LEN(schemes); i++) {
		if (text_starts(uri, text_of(schemes[i])))
			path = text_skip(uri, strlen(schemes[i]));
	}
	for (size_t i = 0; path.ptr && i < ARRAY_LEN(resources); i++) {
		const struct resource *resource = &resources[i];

		*out_id = text_skip(path, resource->path.len);
		if (text_starts(path, resource->path) && resource->takes_id == (out_id->len > 0))
			return resource;
	}
	return NULL;
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
	const struct resource *resource = find(http_request_query(visit->request, "uri"), &id);
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
	visit->call.input = resource->takes_id ? json_pack("{s:s%}", "lead_id", id.ptr, id.len)
					       : json_object();
	if (visit->call.input) {
		visit_run(visit, text_of(resource->command));
		return;
	}
	/* Text that is no UTF-8 can be no id. */
	err_set(&err, ERR_RESOURCE_NOT_FOUND, "", "There is no such lead.");
	visit_fail(visit, &err);
}

void resources_finish(struct visit *visit)
{
	struct err *err = &visit->call.job.err;

	if (err->code == ERR_OK) {
		answer(visit, visit->call.reply.data);
		return;
	}
	/* Of an id that is too long for a lead's, too: there is no such resource. */
	if (err->code == ERR_LEAD_NOT_FOUND || err->code == ERR_INVALID_INPUT)
		err->code = ERR_RESOURCE_NOT_FOUND;
	visit_fail(visit, err);
}
