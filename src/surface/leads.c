#include "surface/leads.h"

#include "json/scan.h"
#include "surface/leads_input.h"
#include "surface/leads_list.h"
#include "surface/leads_view.h"
#include "surface/leads_webhooks.h"
#include "surface/leads_write.h"

#define ANSWER_EXTRA_BYTES ((size_t)64 * 1024)

static void write_warnings(struct writer *writer, const struct reply *reply)
{
	if (reply->warning_count == 0)
		return;
	writer_key(writer, TEXT("warnings"));
	writer_begin_array(writer);
	for (size_t i = 0; i < reply->warning_count; i++)
		writer_text(writer, reply->warnings[i]);
	writer_end_array(writer);
}

/* Begin {"success":true,…; what a command answered takes about as much room here. */
static struct writer begin(struct visit *visit, struct buf *buf)
{
	struct writer writer = writer_on(buf);

	if (visit->call.reply.replayed)
		http_respond_header(visit->request, "Idempotency-Replayed", TEXT("true"));
	buf_init_arena(buf, visit->request->arena, REPLY_BYTES_MAX + ANSWER_EXTRA_BYTES);
	writer_begin_object(&writer);
	writer_member_bool(&writer, "success", true);
	return writer;
}

/* Whether the command succeeded; when it did not, the answer says so. */
static bool has_succeeded(struct visit *visit)
{
	const struct leads_input *input = visit->own;

	if (visit->call.job.err.code == ERR_OK)
		return true;
	leads_error_fail(visit, &input->sent);
	return false;
}

/* Answer with the lead that a command answered. */
static void finish_lead(struct visit *visit, int status)
{
	struct lead_form form;
	struct writer writer;
	struct buf buf;
	struct err err;

	if (!has_succeeded(visit))
		return;
	if (lead_form_read(visit->request->arena, scan_member(visit->call.reply.data, TEXT("lead")),
			   &form, &err) != ERR_OK) {
		visit_fail(visit, &err);
		return;
	}
	if (visit->route->method == HTTP_GET && !leads_input_is_of_chatbot(visit, &form)) {
		leads_input_no_lead(visit);
		return;
	}
	writer = begin(visit, &buf);
	writer_key(&writer, TEXT("data"));
	leads_view_write(&writer, visit->request->arena, &form, &visit->caller.workspace_id);
	write_warnings(&writer, &visit->call.reply);
	writer_end_object(&writer);
	visit_respond_json(visit, status, &buf);
}

static void list_leads_finish(struct visit *visit)
{
	struct writer writer;
	struct buf buf;
	struct err err;

	if (!has_succeeded(visit))
		return;
	writer = begin(visit, &buf);
	writer_key(&writer, TEXT("data"));
	if (leads_list_write(visit, &writer, &err) != ERR_OK) {
		visit_fail(visit, &err);
		return;
	}
	write_warnings(&writer, &visit->call.reply);
	writer_end_object(&writer);
	visit_respond_json(visit, 200, &buf);
}

static void make_lead(struct visit *visit)
{
	if (leads_input_begin(visit) && leads_input_body(visit))
		leads_write_make(visit);
}

static void make_lead_finish(struct visit *visit)
{
	finish_lead(visit, 201);
}

static void get_lead(struct visit *visit)
{
	const struct leads_input *input = leads_input_begin(visit);
	struct text id;

	if (!input || !leads_input_has_chatbot(visit))
		return;
	id = leads_view_inside(visit->request->arena, LEADS_LEAD, input->id);
	if (id.ptr)
		leads_input_run(visit, "lead.get", json_pack("{s:s%}", "lead_id", id.ptr, id.len));
	else
		leads_input_no_lead(visit);
}

static void lead_finish(struct visit *visit)
{
	finish_lead(visit, 200);
}

static void change_lead(struct visit *visit)
{
	struct lead_form lead;

	if (!leads_input_begin(visit) || !leads_input_body(visit) ||
	    !leads_input_has_chatbot(visit) || !leads_input_lead(visit, &lead))
		return;
	if (lead.lead_id.ptr)
		leads_write_change(visit, &lead);
	else
		leads_input_no_lead(visit);
}

static void delete_lead(struct visit *visit)
{
	const struct leads_input *input = leads_input_begin(visit);
	struct lead_form lead;
	struct text id;

	if (!input || !leads_input_has_chatbot(visit))
		return;
	if (input->chatbot.ptr && !leads_input_lead(visit, &lead))
		return;
	/* One that is gone is the command's to tell: it may have the answer for a repeated key. */
	id = leads_view_inside(visit->request->arena, LEADS_LEAD, input->id);
	if (id.ptr)
		leads_input_run(visit, "lead.delete",
				json_pack("{s:s%}", "lead_id", id.ptr, id.len));
	else
		leads_input_no_lead(visit);
}

static void delete_lead_finish(struct visit *visit)
{
	struct arena *arena = visit->request->arena;
	struct text data, id;
	struct writer writer;
	struct buf buf;

	if (!has_succeeded(visit))
		return;
	data = visit->call.reply.data;
	id = leads_view_id(arena, LEADS_LEAD,
			   scan_string(arena, scan_member(data, TEXT("lead_id"))));
	writer = begin(visit, &buf);
	writer_member_text(&writer, "message", TEXT("Lead deleted successfully"));
	writer_key(&writer, TEXT("data"));
	writer_begin_object(&writer);
	writer_member_text(&writer, "id", id);
	writer_member_raw(&writer, "deletedAt", scan_member(data, TEXT("deleted_at")));
	writer_end_object(&writer);
	writer_end_object(&writer);
	visit_respond_json(visit, 200, &buf);
}

static void webhook_finish(struct visit *visit)
{
	struct writer writer;
	struct buf buf;

	if (!has_succeeded(visit) || !leads_webhooks_are_known(visit))
		return;
	writer = begin(visit, &buf);
	leads_webhooks_write(visit, &writer);
	writer_end_object(&writer);
	visit_respond_json(visit, visit->route->method == HTTP_POST ? 201 : 200, &buf);
}

/* The five, at `path`. */
#define LEAD_ROWS(path, whose)                                                      \
	{.method = HTTP_POST,                                                       \
	 .pattern = path "/leads",                                                  \
	 .permission = "lead.upsert",                                               \
	 .takes_json = true,                                                        \
	 .about = whose,                                                            \
	 .handle = make_lead,                                                       \
	 .finish = make_lead_finish,                                                \
	 .done = leads_input_done},                                                 \
		{.method = HTTP_GET,                                                \
		 .pattern = path "/leads",                                          \
		 .permission = "lead.query",                                        \
		 .about = whose,                                                    \
		 .handle = leads_list_start,                                        \
		 .finish = list_leads_finish,                                       \
		 .done = leads_input_done},                                         \
		{.method = HTTP_GET,                                                \
		 .pattern = path "/leads/{leadId}",                                 \
		 .permission = "lead.get",                                          \
		 .about = whose,                                                    \
		 .handle = get_lead,                                                \
		 .finish = lead_finish,                                             \
		 .done = leads_input_done},                                         \
		{.method = HTTP_PUT,                                                \
		 .pattern = path "/leads/{leadId}",                                 \
		 .permission = "lead.update",                                       \
		 .takes_json = true,                                                \
		 .about = whose,                                                    \
		 .handle = change_lead,                                             \
		 .finish = lead_finish,                                             \
		 .done = leads_input_done},                                         \
	{                                                                           \
		.method = HTTP_DELETE, .pattern = path "/leads/{leadId}",           \
		.permission = "lead.delete", .about = whose, .handle = delete_lead, \
		.finish = delete_lead_finish, .done = leads_input_done              \
	}

#define WEBHOOKS "/api/v1/chatbots/{chatbotId}/webhooks"

static const struct route rows[] = {LEAD_ROWS("/api/v1", NULL)};

static const struct route chatbot_rows[] = {
	LEAD_ROWS("/api/v1/chatbots/{chatbotId}", leads_of_chatbot),
	{.method = HTTP_POST,
	 .pattern = WEBHOOKS,
	 .permission = "webhook.create",
	 .takes_json = true,
	 .about = leads_of_chatbot,
	 .handle = leads_webhooks_make,
	 .finish = webhook_finish,
	 .done = leads_input_done},
	{.method = HTTP_GET,
	 .pattern = WEBHOOKS,
	 .permission = "webhook.list",
	 .about = leads_of_chatbot,
	 .handle = leads_webhooks_list,
	 .finish = webhook_finish,
	 .done = leads_input_done},
	{.method = HTTP_GET,
	 .pattern = WEBHOOKS "/{webhookId}",
	 .permission = "webhook.get",
	 .about = leads_of_chatbot,
	 .handle = leads_webhooks_get,
	 .finish = webhook_finish,
	 .done = leads_input_done},
	{.method = HTTP_PUT,
	 .pattern = WEBHOOKS "/{webhookId}",
	 .permission = "webhook.update",
	 .takes_json = true,
	 .about = leads_of_chatbot,
	 .handle = leads_webhooks_change,
	 .finish = webhook_finish,
	 .done = leads_input_done},
	{.method = HTTP_DELETE,
	 .pattern = WEBHOOKS "/{webhookId}",
	 .permission = "webhook.delete",
	 .about = leads_of_chatbot,
	 .handle = leads_webhooks_delete,
	 .finish = webhook_finish,
	 .done = leads_input_done},
};

const struct route_table leads_routes = {.prefix = "/api/v1/leads",
					 .rows = rows,
					 .count = ARRAY_LEN(rows)};
const struct route_table leads_chatbot_routes = {.prefix = "/api/v1/chatbots/",
						 .rows = chatbot_rows,
						 .count = ARRAY_LEN(chatbot_rows)};
