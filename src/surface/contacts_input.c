#include "surface/contacts_input.h"

#include <stdio.h>

#include "lead/fields.h"

/*
 * The commands take any form of a LinkedIn identity in any of these; there are as many as this
 * dialect has members.
 */
static const struct contacts_name identities[] = {
	{"linkedin_id", "linkedin_id"},
	{"sales_navigator_url", "ln_id"},
	{"sales_navigator_id", "sn_id"},
	{"linkedin_url", "linkedin"},
};

static const struct contacts_name plain_rows[] = {
	{"linkedin_id", "linkedin_id"},  {"sales_navigator_url", "ln_id"},
	{"sales_navigator_id", "sn_id"}, {"linkedin_url", "linkedin"},
	{"list_if_new", "list_uuid"},    {"move_to_list", "list_uuid"},
};

static const struct contacts_name upsert_rows[] = {
	{"linkedin_id", "lead.linkedin_id"},  {"sales_navigator_url", "lead.ln_id"},
	{"sales_navigator_id", "lead.sn_id"}, {"linkedin_url", "lead.linkedin"},
	{"list_if_new", "list_uuid"},         {"move_to_list", "list_uuid"},
};

const struct contacts_names contacts_input_names = {.rows = plain_rows,
						    .count = ARRAY_LEN(plain_rows)};
const struct contacts_names contacts_input_upsert_names = {.before_field = "lead.",
							   .rows = upsert_rows,
							   .count = ARRAY_LEN(upsert_rows)};

/* Reading one contact. */
struct reading {
	const char *before; /* of its members, for messages: "lead." */
	bool forgives;      /* members that are none are left out */
	bool has_custom;    /* custom_fields stand among the members */
	json_t *input;
};

static enum err_code put(json_t *input, const char *name, const json_t *value, struct err *err)
{
	return json_object_set(input, name, (json_t *)value) == 0 ? ERR_OK : err_memory(err);
}

static enum err_code wrong(struct err *err, const char *before, const char *name,
			   const char *message)
{
	char field[sizeof err->pointer];

	snprintf(field, sizeof field, "%s%.60s", before, name);
	/* A name is cut at a character. */
	while (!text_is_utf8(text_of(field)))
		field[strlen(field) - 1] = '\0';
	return err_set(err, ERR_INVALID_INPUT, field, "%s %s", field, message);
}

static enum err_code required(struct err *err, const char *field, const char *advice)
{
	return err_set(err, ERR_INVALID_INPUT, field, "The %s field is required%s", field, advice);
}

/* What the command calls the contact's member `name`; NULL when it has none such. */
static const char *inside_of(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(identities); i++) {
		if (strcmp(name, identities[i].shown) == 0)
			return identities[i].inside;
	}
	for (int id = 0; id < FIELD_COUNT; id++) {
		const struct field_row *row = &field_rows[id];

		if (row->contacts_input.ptr && text_is(text_of(name), row->contacts_input))
			return row->name.ptr;
	}
	return NULL;
}

/* An object without members may come as an empty array. */
static bool is_empty(const json_t *value)
{
	return !value || json_is_null(value) ||
	       (json_is_array(value) && json_array_size(value) == 0);
}

static enum err_code read_custom(const struct reading *reading, const json_t *value,
				 struct err *err)
{
	return is_empty(value) ? ERR_OK : put(reading->input, "custom_fields", value, err);
}

static enum err_code read_members(const struct reading *reading, const json_t *contact,
				  struct err *err)
{
	const char *name;
	json_t *value;

	json_object_foreach((json_t *)contact, name, value)
	{
		const char *inside = inside_of(name);
		enum err_code code = ERR_OK;

		if (inside)
			code = put(reading->input, inside, value, err);
		else if (reading->has_custom && strcmp(name, "custom_fields") == 0)
			code = read_custom(reading, value, err);
		else if (!reading->forgives)
			code = wrong(
				err, reading->before, name,
				"is no field that a contact can be written with. custom_fields "
				"takes fields of your own.");
		if (code != ERR_OK)
			return code;
	}
	return ERR_OK;
}

enum err_code contacts_input_flag(const json_t *body, const char *name, bool otherwise, bool *out,
				  struct err *err)
{
	const json_t *value = json_object_get(body, name);
	bool is_number = json_is_integer(value) &&
			 (json_integer_value(value) == 0 || json_integer_value(value) == 1);

	if (!value || json_is_null(value))
		*out = otherwise;
	else if (json_is_boolean(value))
		*out = json_is_true(value);
	else if (is_number)
		*out = json_integer_value(value) == 1;
	else
		return wrong(err, "", name, "must be true or false.");
	return ERR_OK;
}

static enum err_code require_list(const json_t *body, const json_t **out, struct err *err)
{
	const json_t *list = json_object_get(body, "list_uuid");

	if (!list || json_is_null(list) || (json_is_string(list) && json_string_length(list) == 0))
		return required(err, "list_uuid",
				": the uuid of a list, as GET /leads/api/lists gives it.");
	if (!json_is_string(list))
		return wrong(err, "", "list_uuid", "must be a string.");
	*out = list;
	return ERR_OK;
}

/* No member but those in `names`, which NULL ends. */
static enum err_code check_names(const json_t *object, const char *const *names, const char *advice,
				 struct err *err)
{
	const char *name;
	json_t *value;

	json_object_foreach((json_t *)object, name, value)
	{
		size_t i = 0;

		while (names[i] && strcmp(name, names[i]) != 0)
			i++;
		if (!names[i])
			return wrong(err, "", name, advice);
	}
	return ERR_OK;
}

static enum err_code read_upsert(const json_t *body, json_t *input, struct err *err)
{
	static const char *const names[] = {"lead",          "list_uuid",
					    "custom_fields", "update_if_exists",
					    "move_to_list",  NULL};
	const struct reading reading = {.before = "lead.", .input = input};
	const json_t *lead = json_object_get(body, "lead"), *list, *linkedin;
	bool updates, moves;

	if (!lead || json_is_null(lead))
		return required(err, "lead", ": an object with the fields of the contact.");
	if (!json_is_object(lead))
		return wrong(err, "", "lead", "must be an object.");
	linkedin = json_object_get(lead, "linkedin_id");
	if (!linkedin || json_is_null(linkedin) ||
	    (json_is_string(linkedin) && json_string_length(linkedin) == 0))
		return required(err, "lead.linkedin_id",
				": a LinkedIn profile URL, profile name or member id.");
	if (require_list(body, &list, err) != ERR_OK ||
	    check_names(body, names, "does not stand here. Fields of the contact belong into lead.",
			err) != ERR_OK ||
	    contacts_input_flag(body, "update_if_exists", true, &updates, err) != ERR_OK ||
	    contacts_input_flag(body, "move_to_list", false, &moves, err) != ERR_OK ||
	    read_members(&reading, lead, err) != ERR_OK ||
	    read_custom(&reading, json_object_get(body, "custom_fields"), err) != ERR_OK)
		return err->code;
	if (!updates && json_object_set_new(input, "on_existing", json_string("refuse")) != 0)
		return err_memory(err);
	return put(input, moves ? "move_to_list" : "list_if_new", list, err);
}

/* Whether any member says who it is. */
static bool names_somebody(const json_t *contact)
{
	const json_t *email = json_object_get(contact, "email");

	if (email && !json_is_null(email))
		return true;
	for (size_t i = 0; i < ARRAY_LEN(identities); i++) {
		const json_t *value = json_object_get(contact, identities[i].shown);

		if (value && !json_is_null(value))
			return true;
	}
	return false;
}

static enum err_code read_one(const json_t *contact, const json_t *list, size_t index,
			      json_t *leads, struct err *err)
{
	char before[40];
	const struct reading reading = {.before = before,
					.has_custom = true,
					.input = json_object()};

	if (json_array_append_new(leads, reading.input) != 0)
		return err_memory(err);
	snprintf(before, sizeof before, "leads.%zu%s", index, json_is_object(contact) ? "." : "");
	if (!json_is_object(contact))
		return wrong(err, before, "", "must be an object.");
	if (!names_somebody(contact)) {
		snprintf(before, sizeof before, "leads.%zu.linkedin_id", index);
		return required(err, before,
				": a LinkedIn profile URL, profile name or member id.");
	}
	if (read_members(&reading, contact, err) != ERR_OK)
		return err->code;
	return put(reading.input, "list_if_new", list, err);
}

static enum err_code read_create(const json_t *body, json_t *input, struct err *err)
{
	static const char *const names[] = {"list_uuid", "leads", NULL};
	const json_t *leads = json_object_get(body, "leads"), *list, *one;
	json_t *made = json_array();
	size_t i;

	if (!made || json_object_set_new(input, "leads", made) != 0 ||
	    json_object_set_new(input, "atomic", json_true()) != 0)
		return err_memory(err);
	if (!leads || json_is_null(leads))
		return required(err, "leads", ": an array of contacts.");
	if (!json_is_array(leads))
		return wrong(err, "", "leads", "must be an array.");
	if (require_list(body, &list, err) != ERR_OK ||
	    check_names(body, names, "does not stand here. A contact's fields belong into leads.",
			err) != ERR_OK)
		return err->code;
	json_array_foreach(leads, i, one)
	{
		if (read_one(one, list, i, made, err) != ERR_OK)
			return err->code;
	}
	return ERR_OK;
}

static enum err_code made(enum err_code code, json_t *input, json_t **out)
{
	if (code == ERR_OK)
		*out = input;
	else
		json_decref(input);
	return code;
}

enum err_code contacts_input_upsert(const json_t *body, json_t **out, struct err *err)
{
	json_t *input = json_object();

	return made(input ? read_upsert(body, input, err) : err_memory(err), input, out);
}

enum err_code contacts_input_create(const json_t *body, json_t **out, struct err *err)
{
	json_t *input = json_object();

	return made(input ? read_create(body, input, err) : err_memory(err), input, out);
}

enum err_code contacts_input_update(struct text lead_id, const json_t *body, json_t **out,
				    struct err *err)
{
	json_t *input = json_pack("{s:s%}", "lead_id", lead_id.ptr, lead_id.len);
	const struct reading reading = {.before = "", .forgives = true, .input = input};

	return made(input ? read_members(&reading, body, err) : err_memory(err), input, out);
}
