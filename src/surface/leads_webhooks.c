#include "surface/leads_webhooks.h"

#include "json/scan.h"
#include "surface/leads_view.h"

#define LIST_MAX 1000
#define FIELDS "A webhook takes name, url, eventTypes, isActive, maxRetries and retryDelay."

static const struct {
	const char *shown, *inside;
} events[] = {
	{"LEAD_CREATED", "lead.created"},
	{"LEAD_UPDATED", "lead.updated"},
	{"LEAD_DELETED", "lead.deleted"},
	{"LEAD_TAG_ADDED", "lead.tag_added"},
	{"LEAD_STAGE_CHANGED", "lead.stage_changed"},
	{"LEAD_EXPORTED", "lead.exported"},
};

#define EVENTS_MESSAGE                                                                  \
	"EventTypes must be one or more of: LEAD_CREATED, LEAD_UPDATED, LEAD_DELETED, " \
	"LEAD_TAG_ADDED, LEAD_STAGE_CHANGED, LEAD_EXPORTED"

enum form { AS_IT_IS, ID, EVENTS, ACTIVE };

/* A webhook's members in the order they are shown. `inside` is the command's name. */
static const struct member {
	const char *shown, *inside;
	enum form form;
	bool is_input, is_required;
} members[] = {
	{"id", "id", ID, false, false},
	{"name", "name", AS_IT_IS, true, true},
	{"url", "target_url", AS_IT_IS, true, true},
	{"eventTypes", "events", EVENTS, true, true},
	{"isActive", "wanted_status", ACTIVE, true, false},
	{"status", "status", AS_IT_IS, false, false},
	{"maxRetries", "max_retries", AS_IT_IS, true, false},
	{"retryDelay", "retry_delay_ms", AS_IT_IS, true, false},
	{"successCount", "success_count", AS_IT_IS, false, false},
	{"failureCount", "failure_count", AS_IT_IS, false, false},
	{"lastTriggeredAt", "last_triggered_at", AS_IT_IS, false, false},
	{"lastSuccessAt", "last_success_at", AS_IT_IS, false, false},
	{"lastFailureAt", "last_failure_at", AS_IT_IS, false, false},
	{"createdAt", "created_at", AS_IT_IS, false, false},
	{"updatedAt", "updated_at", AS_IT_IS, false, false},
};

/* Members of the commands' inputs that are called otherwise here. */
static const struct leads_name names[] = {
	{"target_url", "url"},
	{"events", "eventTypes"},
	{"status", "isActive"},
	{"max_retries", "maxRetries"},
	{"retry_delay_ms", "retryDelay"},
	{"chatbot_id", "chatbotId"},
};

static bool refuse(struct visit *visit, const char *field, const char *message)
{
	leads_input_refuse(visit, field, message);
	return false;
}

static struct leads_input *begin(struct visit *visit)
{
	struct leads_input *input = leads_input_begin(visit);

	if (!input)
		return NULL;
	input->sent.names = names;
	input->sent.name_count = ARRAY_LEN(names);
	return input;
}

static const char *event_inside(const json_t *word)
{
	for (size_t i = 0; i < ARRAY_LEN(events); i++) {
		if (json_is_string(word) && strcmp(json_string_value(word), events[i].shown) == 0)
			return events[i].inside;
	}
	return NULL;
}

static bool put_events(struct visit *visit, json_t *input, const json_t *value)
{
	json_t *inside = json_array();
	bool is_sound;
	size_t index;
	json_t *word;

	json_array_foreach((json_t *)value, index, word)
	{
		const char *event = event_inside(word);

		if (event && json_array_append_new(inside, json_string(event)) == 0)
			continue;
		json_array_clear(inside);
		break;
	}
	is_sound = json_array_size(inside) > 0 && json_object_set(input, "events", inside) == 0;
	json_decref(inside);
	return is_sound || refuse(visit, "eventTypes", EVENTS_MESSAGE);
}

static bool put(struct visit *visit, json_t *input, const struct member *member, json_t *value)
{
	const char *key = member->inside;

	switch (member->form) {
	case EVENTS:
		return put_events(visit, input, value);
	case ACTIVE:
		if (!json_is_boolean(value))
			return refuse(visit, member->shown, "IsActive must be true or false");
		key = "status";
		value = json_string(json_is_true(value) ? "on" : "off");
		break;
	default:
		json_incref(value);
	}
	return json_object_set_new(input, key, value) == 0 ||
	       refuse(visit, member->shown, "There is no memory left for this. Try again.");
}

/* What is the server's own may come back with a webhook that was read, and is left as it is. */
static bool take(struct visit *visit, json_t *input, const char *key, json_t *value)
{
	bool is_new = visit->route->method == HTTP_POST;

	for (size_t i = 0; i < ARRAY_LEN(members); i++) {
		if (strcmp(key, members[i].shown) != 0 || (is_new && !members[i].is_input))
			continue;
		return !members[i].is_input || put(visit, input, &members[i], value);
	}
	return refuse(visit, key, "There is no such field. " FIELDS);
}

static bool has_required(struct visit *visit, const json_t *sent)
{
	for (size_t i = 0; i < ARRAY_LEN(members); i++) {
		const json_t *value = json_object_get(sent, members[i].shown);
		struct text message;

		if (!members[i].is_required || (value && !json_is_null(value)))
			continue;
		message = arena_format(visit->request->arena, "%c%s is required",
				       members[i].shown[0] - 'a' + 'A', members[i].shown + 1);
		return refuse(visit, members[i].shown, message.ptr ? message.ptr : FIELDS);
	}
	return true;
}

/* The body as members of `input`; false: it has answered. */
static bool take_body(struct visit *visit, json_t *input)
{
	const struct leads_input *sent = visit->own;
	const char *key;
	json_t *value;

	if (!leads_input_body(visit) ||
	    (visit->route->method == HTTP_POST && !has_required(visit, sent->members)))
		return false;
	json_object_foreach(sent->members, key, value)
	{
		if (!take(visit, input, key, value))
			return false;
	}
	return true;
}

static void run_with_body(struct visit *visit, const char *command, json_t *take_input)
{
	if (take_input && !take_body(visit, take_input))
		json_decref(take_input);
	else
		leads_input_run(visit, command, take_input);
}

void leads_webhooks_make(struct visit *visit)
{
	const struct leads_input *input = begin(visit);

	if (input)
		run_with_body(visit, "webhook.create",
			      json_pack("{s:s%}", "chatbot_id", input->chatbot.ptr,
					input->chatbot.len));
}

void leads_webhooks_list(struct visit *visit)
{
	const struct leads_input *input = begin(visit);

	if (!input || !leads_input_query(visit, NULL, 0))
		return;
	leads_input_run(visit, "webhook.list",
			json_pack("{s:i,s:[{s:s,s:s,s:s%}]}", "limit", LIST_MAX, "where", "field",
				  "chatbot_id", "op", "eq", "value", input->chatbot.ptr,
				  input->chatbot.len));
}

static void fail_missing(struct visit *visit)
{
	struct err err;

	err_set(&err, ERR_WEBHOOK_NOT_FOUND, "", "There is no such webhook.");
	visit_fail(visit, &err);
}

/* {"webhook_id"} of the path's webhook, if it is the path's chatbot's; NULL: it has answered. */
static json_t *webhook_of_path(struct visit *visit)
{
	struct arena *arena = visit->request->arena;
	const struct leads_input *input = begin(visit);
	struct text id, data = TEXT_NONE, chatbot;
	json_t *made;
	struct err err;

	if (!input)
		return NULL;
	id = leads_view_inside(arena, LEADS_WEBHOOK, input->id);
	made = id.ptr ? json_pack("{s:s%}", "webhook_id", id.ptr, id.len) : NULL;
	if (!id.ptr) {
		fail_missing(visit);
		return NULL;
	}
	if (leads_input_ask(visit, "webhook.get", made ? json_incref(made) : NULL, &data, &err) !=
	    ERR_OK) {
		json_decref(made);
		visit_fail(visit, &err);
		return NULL;
	}
	chatbot = scan_string(arena,
			      scan_member(scan_member(data, TEXT("webhook")), TEXT("chatbot_id")));
	if (text_is(chatbot, input->chatbot))
		return made;
	json_decref(made);
	fail_missing(visit);
	return NULL;
}

void leads_webhooks_get(struct visit *visit)
{
	json_t *webhook = webhook_of_path(visit);

	if (webhook)
		leads_input_run(visit, "webhook.get", webhook);
}

void leads_webhooks_change(struct visit *visit)
{
	json_t *webhook = webhook_of_path(visit);

	if (webhook)
		run_with_body(visit, "webhook.update", webhook);
}

void leads_webhooks_delete(struct visit *visit)
{
	json_t *webhook = webhook_of_path(visit);

	if (webhook)
		leads_input_run(visit, "webhook.delete", webhook);
}

static void write_events(struct writer *writer, struct arena *arena, struct text list)
{
	struct scan scan = scan_of(list);
	struct text key, value;

	writer_begin_array(writer);
	while (scan_next(&scan, &key, &value)) {
		struct text word = scan_string(arena, value);

		for (size_t i = 0; i < ARRAY_LEN(events); i++) {
			if (text_is(word, text_of(events[i].inside)))
				writer_text(writer, text_of(events[i].shown));
		}
	}
	writer_end_array(writer);
}

static void write_member(struct writer *writer, struct arena *arena, const struct member *member,
			 struct text value)
{
	writer_key(writer, text_of(member->shown));
	switch (member->form) {
	case ID:
		writer_text(writer, leads_view_id(arena, LEADS_WEBHOOK, scan_string(arena, value)));
		return;
	case EVENTS:
		write_events(writer, arena, value);
		return;
	case ACTIVE:
		writer_bool(writer, text_is(scan_string(arena, value), TEXT("on")));
		return;
	default:
		writer_raw(writer, value.ptr ? value : TEXT("null"));
	}
}

static void write_webhook(struct writer *writer, struct arena *arena, struct text webhook)
{
	struct text secret = scan_member(webhook, TEXT("secret"));

	writer_begin_object(writer);
	for (size_t i = 0; i < ARRAY_LEN(members); i++)
		write_member(writer, arena, &members[i],
			     scan_member(webhook, text_of(members[i].inside)));
	if (secret.ptr)
		writer_member_raw(writer, "secret", secret);
	writer_end_object(writer);
}

static void write_security(struct writer *writer)
{
	writer_key(writer, TEXT("security"));
	writer_begin_object(writer);
	writer_member_text(writer, "note",
			   TEXT("Keep the secret in a safe place: it is told only now. Deliveries "
				"are signed with it. Delivery is off as long as status is off."));
	writer_member_text(writer, "headerName", TEXT("X-Webhook-Signature"));
	writer_member_text(writer, "format",
			   TEXT("sha256=<hex HMAC-SHA256 of the raw body, with the secret>"));
	writer_end_object(writer);
}

static void write_list(struct writer *writer, struct arena *arena, struct text data)
{
	struct scan scan = scan_of(scan_member(data, TEXT("webhooks")));
	struct text key, webhook;

	writer_key(writer, TEXT("webhooks"));
	writer_begin_array(writer);
	while (scan_next(&scan, &key, &webhook))
		write_webhook(writer, arena, webhook);
	writer_end_array(writer);
	writer_member_raw(writer, "total", scan_member(data, TEXT("total")));
}

bool leads_webhooks_are_known(struct visit *visit)
{
	const struct leads_input *input = visit->own;
	struct text total = scan_member(visit->call.reply.data, TEXT("total"));

	if (visit->route->method != HTTP_GET || input->id.ptr || !text_is(total, TEXT("0")))
		return true;
	return leads_input_has_chatbot(visit);
}

void leads_webhooks_write(const struct visit *visit, struct writer *writer)
{
	static const char *const done[] = {[HTTP_POST] = "Webhook created successfully",
					   [HTTP_PUT] = "Webhook updated successfully",
					   [HTTP_DELETE] = "Webhook deleted successfully"};
	const struct leads_input *input = visit->own;
	struct arena *arena = visit->request->arena;
	struct text data = visit->call.reply.data;
	enum http_method method = visit->route->method;

	if (method != HTTP_GET)
		writer_member_text(writer, "message", text_of(done[method]));
	if (method == HTTP_GET && !input->id.ptr) {
		write_list(writer, arena, data);
	} else if (method != HTTP_DELETE) {
		writer_key(writer, TEXT("webhook"));
		write_webhook(writer, arena, scan_member(data, TEXT("webhook")));
	}
	if (method == HTTP_POST)
		write_security(writer);
}
