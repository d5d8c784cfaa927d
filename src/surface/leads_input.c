#include "surface/leads_input.h"

#include "json/parse.h"
#include "json/scan.h"
#include "surface/leads_view.h"
#include "surface/runtime.h"

#define BODY_DEPTH_MAX 64
#define BODY_VALUES_MAX 500000

const char leads_of_chatbot[] = "chatbot";

static bool fail(struct visit *visit, const struct err *err)
{
	visit_fail(visit, err);
	return false;
}

static bool fail_memory(struct visit *visit)
{
	struct err err;

	err_memory(&err);
	return fail(visit, &err);
}

struct leads_input *leads_input_begin(struct visit *visit)
{
	struct leads_input *input = arena_zero(visit->request->arena, 1, sizeof *input);
	size_t next = 0;
	struct err err;

	visit->own = input;
	visit->caller.via = CHANGE_VIA_LEADS;
	if (!input) {
		fail_memory(visit);
		return NULL;
	}
	if (visit->route->about == leads_of_chatbot)
		input->chatbot = visit->params[next++];
	if (visit->route->pattern[strlen(visit->route->pattern) - 1] == '}')
		input->id = visit->params[next];
	input->names[input->sent.name_count++] = (struct leads_name){"lead_id", "leadId"};
	input->names[input->sent.name_count++] = (struct leads_name){"chatbot_id", "chatbotId"};
	input->sent.names = input->names;
	if (runtime_read_idempotency_key(visit, &err) == ERR_OK)
		return input;
	fail(visit, &err);
	return NULL;
}

void leads_input_refuse(struct visit *visit, const char *field, const char *message)
{
	const struct leads_input *input = visit->own;

	leads_error_refuse(visit, &input->sent, field, message);
}

bool leads_input_body(struct visit *visit)
{
	struct leads_input *input = visit->own;
	struct text bytes = visit->request->body;
	struct parse_limits limits = {.bytes_max = bytes.len,
				      .depth_max = BODY_DEPTH_MAX,
				      .values_max = BODY_VALUES_MAX};
	struct err err;

	if (parse_json(bytes, &limits, &input->members, &err) != ERR_OK)
		return fail(visit, &err);
	input->sent.members = input->members;
	if (json_is_object(input->members))
		return true;
	leads_input_refuse(visit, "body", "The body must be one JSON object.");
	return false;
}

static bool is_known(struct text name, const char *const *known, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (text_is(name, text_of(known[i])))
			return true;
	}
	return false;
}

static bool refuse_parameter(struct visit *visit, struct text name, const char *what)
{
	struct text field = arena_copy(visit->request->arena, name);

	if (field.ptr && text_is_utf8(field))
		leads_input_refuse(visit, field.ptr, what);
	else
		leads_input_refuse(visit, "query", "The query must be UTF-8.");
	return false;
}

/* To leave out a filter that is not understood would be to answer more than was asked for. */
static bool refuse_unknown(struct visit *visit, struct text name, const char *const *known,
			   size_t count)
{
	struct buf buf;

	buf_init_arena(&buf, visit->request->arena, 256);
	buf_add(&buf, TEXT("There is no such parameter. This address takes "));
	if (count == 0)
		buf_add(&buf, TEXT("none"));
	for (size_t i = 0; i < count; i++) {
		buf_add(&buf, text_of(i == 0 ? "" : i + 1 < count ? ", " : " and "));
		buf_add(&buf, text_of(known[i]));
	}
	buf_add(&buf, (struct text){".", 2}); /* with its NUL */
	return refuse_parameter(visit, name, buf.failed ? "There is no such parameter." : buf.ptr);
}

bool leads_input_query(struct visit *visit, const char *const *known, size_t count)
{
	struct leads_input *input = visit->own;

	input->members = json_object();
	input->sent.members = input->members;
	for (size_t i = 0; i < visit->request->query_count; i++) {
		struct http_pair pair = visit->request->query_pairs[i];

		if (!is_known(pair.name, known, count))
			return refuse_unknown(visit, pair.name, known, count);
		if (json_object_getn(input->members, pair.name.ptr, pair.name.len))
			return refuse_parameter(visit, pair.name, "Send each parameter once.");
		/* What is no UTF-8 makes no text here. */
		if (json_object_setn_new(input->members, pair.name.ptr, pair.name.len,
					 json_stringn(pair.value.ptr, pair.value.len)) != 0)
			return refuse_parameter(visit, pair.name, "Send plain UTF-8 text.");
	}
	return true;
}

struct text leads_input_text(const struct leads_input *input, const char *name)
{
	struct text text = text_trim(command_text(input->members, name));

	return text.len > 0 ? text : TEXT_NONE;
}

/* Whoever may write a lead may have it looked up on the way: no other scope is asked for. */
enum err_code leads_input_ask(struct visit *visit, const char *command, json_t *take_input,
			      struct text *out_data, struct err *err)
{
	struct call call = {.desk = visit->services->desk,
			    .arena = visit->request->arena,
			    .caller = visit->caller,
			    .input = take_input,
			    .profile = COMMAND_RECORD};

	if (!take_input)
		return err_memory(err);
	call.caller.scopes = TEXT("lead.get chatbot.get webhook.get");
	if (dispatch_run(&call, text_of(command), err) == ERR_OK) {
		*out_data = call.reply.data;
		err->code = ERR_OK;
	}
	json_decref(take_input);
	return err->code;
}

bool leads_input_has_chatbot(struct visit *visit)
{
	const struct leads_input *input = visit->own;
	struct text data = TEXT_NONE;
	struct err err;

	if (!input->chatbot.ptr)
		return true;
	if (leads_input_ask(visit, "chatbot.get",
			    json_pack("{s:s%}", "chatbot_id", input->chatbot.ptr,
				      input->chatbot.len),
			    &data, &err) == ERR_OK)
		return true;
	/* An id that is none names no chatbot. */
	if (err.code == ERR_INVALID_INPUT)
		err.code = ERR_CHATBOT_NOT_FOUND;
	return fail(visit, &err);
}

void leads_input_no_lead(struct visit *visit)
{
	struct err err;

	err_set(&err, ERR_LEAD_NOT_FOUND, "", "There is no such lead.");
	visit_fail(visit, &err);
}

bool leads_input_is_of_chatbot(const struct visit *visit, const struct lead_form *lead)
{
	const struct leads_input *input = visit->own;

	return !input->chatbot.ptr || text_is(input->chatbot, lead->chatbot_id);
}

bool leads_input_lead(struct visit *visit, struct lead_form *out)
{
	const struct leads_input *input = visit->own;
	struct text id = leads_view_inside(visit->request->arena, LEADS_LEAD, input->id);
	struct text data = TEXT_NONE;
	struct err err;

	memset(out, 0, sizeof *out);
	if (!id.ptr)
		return true;
	if (leads_input_ask(visit, "lead.get", json_pack("{s:s%}", "lead_id", id.ptr, id.len),
			    &data, &err) == ERR_LEAD_NOT_FOUND)
		return true;
	if (err.code != ERR_OK ||
	    lead_form_read(visit->request->arena, scan_member(data, TEXT("lead")), out, &err) !=
		    ERR_OK)
		return fail(visit, &err);
	if (leads_input_is_of_chatbot(visit, out))
		return true;
	leads_input_no_lead(visit);
	return false;
}

void leads_input_run(struct visit *visit, const char *command, json_t *take_input)
{
	visit->call.input = take_input;
	visit->call.profile = COMMAND_RECORD;
	if (take_input)
		visit_run(visit, text_of(command));
	else
		fail_memory(visit);
}

void leads_input_done(struct visit *visit)
{
	struct leads_input *input = visit->own;

	if (input)
		json_decref(input->members);
	visit->own = NULL;
	runtime_done(visit);
}
