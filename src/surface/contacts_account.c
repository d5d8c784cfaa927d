#include "surface/contacts_account.h"

#include "json/scan.h"
#include "surface/contacts_nouns.h"

#define ANSWER_BYTES_MAX ((size_t)64 * 1024)

static void write_null(struct writer *writer, const char *name)
{
	writer_key(writer, text_of(name));
	writer_null(writer);
}

static void write_team(struct writer *writer, struct text workspace)
{
	struct text created = scan_member(workspace, TEXT("created_at"));

	writer_begin_object(writer);
	writer_member_raw(writer, "id", scan_member(workspace, TEXT("number")));
	writer_member_raw(writer, "uuid", scan_member(workspace, TEXT("id")));
	writer_member_raw(writer, "name", scan_member(workspace, TEXT("name")));
	write_null(writer, "color");
	writer_member_text(writer, "status", TEXT("active"));
	write_null(writer, "user_id");
	contacts_nouns_write_time(writer, "created_at", created);
	contacts_nouns_write_time(writer, "updated_at", created);
	writer_end_object(writer);
}

static void write_user(struct writer *writer, struct text workspace, struct text key)
{
	static const char *const unknown[] = {"uuid", "email", "email_status", "image_url"};
	struct text name = scan_member(key, TEXT("name"));

	writer_begin_object(writer);
	writer_member_raw(writer, "id", scan_member(key, TEXT("number")));
	writer_member_raw(writer, "name", name);
	writer_member_raw(writer, "first_name", name);
	writer_member_text(writer, "last_name", TEXT(""));
	for (size_t i = 0; i < ARRAY_LEN(unknown); i++)
		write_null(writer, unknown[i]);
	writer_member_text(writer, "timezone", TEXT("UTC"));
	writer_member_raw(writer, "config", TEXT("{}"));
	writer_member_raw(writer, "team_id", scan_member(workspace, TEXT("number")));
	writer_key(writer, TEXT("team"));
	write_team(writer, workspace);
	write_null(writer, "created_at");
	write_null(writer, "updated_at");
	writer_end_object(writer);
}

/* The workspace that the command answered; false: it failed, and that is answered. */
static bool take_workspace(struct visit *visit, struct text *out)
{
	const struct contacts_names names = {.rows = NULL};

	if (visit->call.job.err.code != ERR_OK) {
		contacts_error_fail(visit, &names);
		return false;
	}
	*out = scan_member(visit->call.reply.data, TEXT("workspace"));
	return true;
}

static void ask(struct visit *visit)
{
	contacts_nouns_run(visit, "workspace.get", json_object());
}

void contacts_account_user(struct visit *visit)
{
	ask(visit);
}

void contacts_account_user_finish(struct visit *visit)
{
	struct text workspace;
	struct buf buf;
	struct writer writer = writer_on(&buf);

	if (!take_workspace(visit, &workspace))
		return;
	buf_init_arena(&buf, visit->request->arena, ANSWER_BYTES_MAX);
	write_user(&writer, workspace, scan_member(visit->call.reply.data, TEXT("key")));
	visit_respond_json(visit, 200, &buf);
}

void contacts_account_teams(struct visit *visit)
{
	static const struct contacts_object object = {.keys = NULL};
	struct contacts_query *query = arena_zero(visit->request->arena, 1, sizeof *query);
	struct err err;

	if (!query)
		err_memory(&err);
	else if (contacts_query_read(visit->request, NULL, &object, query, &err) == ERR_OK) {
		contacts_query_release(query);
		visit->own = query;
		ask(visit);
		return;
	}
	contacts_error_refuse(visit, &err);
}

void contacts_account_teams_finish(struct visit *visit)
{
	const struct contacts_query *query = visit->own;
	struct text workspace;
	struct buf buf;
	struct writer writer = writer_on(&buf);

	if (!take_workspace(visit, &workspace))
		return;
	buf_init_arena(&buf, visit->request->arena, ANSWER_BYTES_MAX);
	writer_begin_object(&writer);
	writer_key(&writer, TEXT("data"));
	writer_begin_array(&writer);
	if (query->offset == 0)
		write_team(&writer, workspace);
	writer_end_array(&writer);
	writer_member_int(&writer, "limit", query->limit);
	writer_member_int(&writer, "offset", query->offset);
	writer_member_int(&writer, "total", 1);
	writer_member_bool(&writer, "has_more", false);
	writer_end_object(&writer);
	visit_respond_json(visit, 200, &buf);
}

void contacts_account_team(struct visit *visit)
{
	ask(visit);
}

void contacts_account_team_finish(struct visit *visit)
{
	struct text workspace;
	struct buf buf;
	struct writer writer = writer_on(&buf);
	struct err err;

	if (!take_workspace(visit, &workspace))
		return;
	if (!text_is(visit->params[0], scan_member(workspace, TEXT("number")))) {
		err_set(&err, ERR_WORKSPACE_NOT_FOUND, "",
			"There is no team %.*s for this key. GET /id/api/teams names the one it "
			"belongs to.",
			TEXT_ARG(visit->params[0]));
		visit_fail(visit, &err);
		return;
	}
	buf_init_arena(&buf, visit->request->arena, ANSWER_BYTES_MAX);
	write_team(&writer, workspace);
	visit_respond_json(visit, 200, &buf);
}
