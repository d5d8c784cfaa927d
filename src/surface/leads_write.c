#include "surface/leads_write.h"

#include "base/clock.h"
#include "lead/email.h"
#include "lead/placeholder.h"
#include "surface/leads_view.h"

#define FIELDS "A lead takes name, email, phone, source, status and metadata."

/* What is being built of the body, member by member. */
struct draft {
	struct visit *visit;
	const struct lead_form *lead; /* to be changed; NULL: a new one is made */
	json_t *input;
};

/* Takes a member into the draft, or answers that it does not fit. */
typedef bool take_member(struct draft *draft, const char *key, json_t *value);

static bool refuse(const struct draft *draft, const char *key, const char *message)
{
	leads_input_refuse(draft->visit, key, message);
	return false;
}

/* Null, or text that says nothing. */
static bool is_blank(const json_t *value)
{
	struct text text = {json_string_value(value), json_string_length(value)};

	return !value || json_is_null(value) || (json_is_string(value) && text_trim(text).len == 0);
}

static bool put(struct draft *draft, const char *key, json_t *value)
{
	return json_object_set(draft->input, key, value) == 0 ||
	       refuse(draft, key, "There is no memory left for this. Send less, or try again.");
}

/* A command would leave it out and say so; here an address must be one. */
static bool is_placeholder(const struct draft *draft, const json_t *value)
{
	struct text text = {json_string_value(value), json_string_length(value)};
	struct email email;
	struct err err;

	if (!text.ptr || text_trim(text).len == 0)
		return false;
	return placeholder_is(text_trim(text)) ||
	       (email_parse(draft->visit->request->arena, text, &email, &err) == ERR_OK &&
		email.kind == EMAIL_PLACEHOLDER);
}

/* What every lead has. One that came without it by another dialect may be sent back as it is. */
static bool take_required(struct draft *draft, const char *key, json_t *value)
{
	bool is_name = strcmp(key, "name") == 0;
	enum field_id field = is_name ? FIELD_NAME : FIELD_EMAIL;

	if (!is_name && is_placeholder(draft, value))
		return refuse(draft, key,
			      "This email address is a placeholder and reaches nobody. Send the "
			      "lead's own.");
	if (!is_blank(value))
		return put(draft, key, value);
	if (!draft->lead)
		return refuse(draft, key, is_name ? "Name is required" : "Email is required");
	if (!draft->lead->values[field].ptr)
		return true;
	return refuse(draft, key,
		      is_name ? "Name cannot be emptied. Leave it out to keep it."
			      : "Email cannot be emptied. Leave it out to keep it.");
}

static bool take_optional(struct draft *draft, const char *key, json_t *value)
{
	if (!draft->lead && json_is_null(value))
		return true;
	return put(draft, key, value);
}

static bool take_metadata(struct draft *draft, const char *key, json_t *value)
{
	if (json_is_object(value))
		return put(draft, key, value);
	if (!draft->lead && json_is_null(value))
		return true;
	return refuse(draft, key,
		      "Metadata must be an object. It is merged key by key; a key that is null is "
		      "removed.");
}

static bool take_status(struct draft *draft, const char *key, json_t *value)
{
	struct text word = {json_string_value(value), json_string_length(value)};
	unsigned bits;

	if (!draft->lead && json_is_null(value))
		return true;
	if (!word.ptr || !status_set(word, STATUS_LEADS, &bits))
		return refuse(draft, key, LEADS_STATUS_MESSAGE);
	draft->visit->call.status = word;
	draft->visit->call.dialect = STATUS_LEADS;
	return true;
}

/* The server's own members may come back with a lead that was read, as they were. */

static bool take_own(struct draft *draft, const char *key, struct text own, const json_t *value)
{
	struct text given = {json_string_value(value), json_string_length(value)};

	if (!draft->lead)
		return refuse(draft, key, "This is set by the server: leave it out. " FIELDS);
	if (given.ptr && text_is_nocase(given, own))
		return true;
	return refuse(draft, key, "This cannot be changed: leave it out, or send it as it is.");
}

static bool take_id(struct draft *draft, const char *key, json_t *value)
{
	const struct leads_input *input = draft->visit->own;

	return take_own(draft, key, input->id, value);
}

static bool take_workspace(struct draft *draft, const char *key, json_t *value)
{
	char uuid[UUID_TEXT_LEN + 1];

	uuid_format(draft->visit->caller.workspace_id, uuid);
	return take_own(draft, key,
			leads_view_id(draft->visit->request->arena, LEADS_WORKSPACE, text_of(uuid)),
			value);
}

static bool read_time(const json_t *value, int64_t *out_ms)
{
	struct text text = {json_string_value(value), json_string_length(value)};

	return text.ptr && clock_parse(text, out_ms);
}

static bool take_created(struct draft *draft, const char *key, json_t *value)
{
	int64_t given, own;

	if (draft->lead && read_time(value, &given) && clock_parse(draft->lead->created_at, &own) &&
	    given == own)
		return true;
	return take_own(draft, key, TEXT_NONE, value);
}

static bool take_updated(struct draft *draft, const char *key, json_t *value)
{
	int64_t given;

	if (draft->lead && read_time(value, &given))
		return true;
	return refuse(draft, key, "This is set by the server: leave it out.");
}

static const struct {
	const char *key;
	take_member *take;
} members[] = {
	{"name", take_required},
	{"email", take_required},
	{"phone", take_optional},
	{"source", take_optional},
	{"status", take_status},
	{"metadata", take_metadata},
	{"id", take_id},
	{"createdAt", take_created},
	{"updatedAt", take_updated},
	{"workspaceId", take_workspace},
};

static bool take(struct draft *draft, const char *key, json_t *value)
{
	for (size_t i = 0; i < ARRAY_LEN(members); i++) {
		if (strcmp(key, members[i].key) == 0)
			return members[i].take(draft, key, value);
	}
	return refuse(draft, key, "There is no such field. " FIELDS);
}

static bool take_all(struct draft *draft)
{
	const struct leads_input *input = draft->visit->own;
	const char *key;
	json_t *value;

	json_object_foreach(input->members, key, value)
	{
		if (!take(draft, key, value))
			return false;
	}
	return draft->lead ||
	       (take_required(draft, "name", json_object_get(input->members, "name")) &&
		take_required(draft, "email", json_object_get(input->members, "email")));
}

/* Run `command` with what the body says beside the members of `take_input`. */
static void run(struct visit *visit, const struct lead_form *lead, const char *command,
		json_t *take_input)
{
	struct draft draft = {.visit = visit, .lead = lead, .input = take_input};

	if (take_input && !take_all(&draft))
		json_decref(take_input);
	else
		leads_input_run(visit, command, take_input);
}

void leads_write_make(struct visit *visit)
{
	const struct leads_input *input = visit->own;
	json_t *made = json_pack("{s:s}", "on_existing", "refuse");

	if (made && input->chatbot.ptr &&
	    json_object_set_new(made, "chatbot_id",
				json_stringn(input->chatbot.ptr, input->chatbot.len)) != 0) {
		json_decref(made);
		made = NULL;
	}
	run(visit, NULL, "lead.upsert", made);
}

void leads_write_change(struct visit *visit, const struct lead_form *lead)
{
	run(visit, lead, "lead.update",
	    json_pack("{s:s%}", "lead_id", lead->lead_id.ptr, lead->lead_id.len));
}
