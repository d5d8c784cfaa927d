#include "surface/contacts_bulk.h"

#include "json/scan.h"
#include "surface/contacts.h"
#include "surface/contacts_input.h"
#include "surface/contacts_query.h"
#include "surface/runtime.h"

#define PAYLOAD_MEMBERS_MAX 2

/* A member of the payload: what clients call it, and what the command does. */
struct payload_row {
	const char *shown;
	const char *inside;
	bool is_list; /* of the command: one value becomes an array of it */
};

/* The first row of a type's payload that is there counts; `value` stands beside it. */
struct type_row {
	const char *type;
	const char *action; /* of lead.bulk */
	struct payload_row payload[PAYLOAD_MEMBERS_MAX];
	bool takes_value;
};

#define TAGS                                          \
	{                                             \
		{"tag_uuid", "tag_ids", true},        \
		{                                     \
			"tag_uuids", "tag_ids", false \
		}                                     \
	}
#define LIST                                          \
	{                                             \
		{                                     \
			"list_uuid", "list_id", false \
		}                                     \
	}
static const struct type_row types[] = {
	{"contact_add_tags", "add_tags", TAGS, false},
	{"contact_assign_tag", "add_tags", TAGS, false},
	{"contact_remove_tags", "remove_tags", TAGS, false},
	{"contact_remove_tag", "remove_tags", TAGS, false},
	{"contact_replace_tags", "replace_tags", {{"tag_uuids", "tag_ids", false}}, false},
	{"contact_change_list", "move_to_list", LIST, false},
	{"contact_move_to_list", "move_to_list", LIST, false},
	{"contact_change_pipeline_stage",
	 "set_stage",
	 {{"pipeline_stage_uuid", "stage_id", false}},
	 false},
	{"contact_change_custom_field",
	 "set_field",
	 {{"custom_field_uuid", "field_id", false}},
	 true},
	{.type = "contact_delete", .action = "delete"},
	{.type = "contact_export_csv", .action = "export"},
	{.type = "contact_mark_read", .action = "mark_read"},
};
#undef TAGS
#undef LIST

/* How what the command finds wrong is called here. */
static const struct contacts_name act_rows[] = {
	{"tag_id", "payload.tag_uuid"},
	{"tag_ids", "payload.tag_uuids"},
	{"list_id", "payload.list_uuid"},
	{"stage_id", "payload.pipeline_stage_uuid"},
	{"field_id", "payload.custom_field_uuid"},
	{"value", "payload.value"},
	{"lead_ids", "filter.ids"},
	{"except_lead_ids", "filter.excludeIds"},
};

static const struct contacts_name count_rows[] = {
	{"lead_ids", "ids"},
	{"except_lead_ids", "excludeIds"},
};

static enum err_code put(json_t *object, const char *name, json_t *take_value, struct err *err)
{
	return json_object_set_new(object, name, take_value) == 0 ? ERR_OK : err_memory(err);
}

static bool is_given(const json_t *value)
{
	return value && !json_is_null(value);
}

/* Take the ids that `from` has under `name` into the input. */
static enum err_code take_ids(const json_t *from, const char *name, const char *inside,
			      json_t *input, struct err *err)
{
	json_t *ids = json_object_get(from, name);

	return is_given(ids) ? put(input, inside, json_incref(ids), err) : ERR_OK;
}

/* What chooses contacts: ids, all and excludeIds of `chooser`, beside the query's conditions. */
static enum err_code take_choice(const json_t *chooser, const char *field, json_t *input,
				 bool *out_all, struct err *err)
{
	if (contacts_input_flag(chooser, "all", false, out_all, err) != ERR_OK ||
	    take_ids(chooser, "ids", "lead_ids", input, err) != ERR_OK ||
	    take_ids(chooser, "excludeIds", "except_lead_ids", input, err) != ERR_OK)
		return err->code;
	if (*out_all && json_object_get(input, "lead_ids"))
		return err_set(err, ERR_INVALID_INPUT, field,
			       "Choose by ids or by all, not by both.");
	return ERR_OK;
}

/* The members of a mass-action's filter that are conditions. */
static json_t *conditions_of(const json_t *filter)
{
	json_t *conditions = json_copy((json_t *)filter);

	json_object_del(conditions, "ids");
	json_object_del(conditions, "all");
	json_object_del(conditions, "excludeIds");
	return conditions;
}

enum err_code contacts_bulk_choose(const struct http_request *request, const json_t *filter,
				   struct contacts_query *query, struct err *err)
{
	json_t *conditions;
	enum err_code code;
	bool all;

	if (!json_is_object(filter) || json_object_size(filter) == 0)
		return err_set(err, ERR_INVALID_INPUT, "filter",
			       "The filter field is required: {\"ids\": […]}, {\"all\": true} or "
			       "conditions.");
	conditions = conditions_of(filter);
	if (!conditions)
		return err_memory(err);
	code = contacts_query_filter(request, conditions, &contacts_query_leads, query, err);
	json_decref(conditions);
	if (code != ERR_OK || take_choice(filter, "filter", query->input, &all, err) != ERR_OK)
		return err->code;
	/* "All" beside conditions are all that they are true of. */
	if (query->count > 0 || json_object_get(query->input, "query") ||
	    json_object_get(query->input, "lead_ids"))
		return ERR_OK;
	if (all)
		return put(query->input, "all", json_true(), err);
	return err_set(err, ERR_INVALID_INPUT, "filter",
		       "The filter chooses nobody. Send ids, all true, or conditions.");
}

static const struct type_row *find_type(const json_t *type)
{
	for (size_t i = 0; json_is_string(type) && i < ARRAY_LEN(types); i++) {
		if (strcmp(json_string_value(type), types[i].type) == 0)
			return &types[i];
	}
	return NULL;
}

static enum err_code unknown_type(const json_t *type, struct err *err)
{
	if (!json_is_string(type))
		return err_set(err, ERR_INVALID_INPUT, "type",
			       "The type field is required: a text such as contact_add_tags.");
	return err_set(err, ERR_INVALID_INPUT, "type",
		       "This type is not supported here: the server keeps leads and does not "
		       "send. It takes contact_add_tags, contact_remove_tags, "
		       "contact_replace_tags, contact_change_list, contact_change_pipeline_stage, "
		       "contact_change_custom_field, contact_delete, contact_export_csv and "
		       "contact_mark_read.");
}

static enum err_code take_payload(const struct type_row *row, const json_t *payload, json_t *input,
				  struct err *err)
{
	for (size_t i = 0; i < PAYLOAD_MEMBERS_MAX && row->payload[i].shown; i++) {
		const struct payload_row *member = &row->payload[i];
		json_t *value = json_object_get(payload, member->shown);

		if (!is_given(value))
			continue;
		if (member->is_list && !json_is_array(value))
			return put(input, member->inside, json_pack("[O]", value), err);
		return put(input, member->inside, json_incref(value), err);
	}
	if (!row->payload[0].shown)
		return ERR_OK;
	char field[64];

	snprintf(field, sizeof field, "payload.%s", row->payload[0].shown);
	return err_set(err, ERR_INVALID_INPUT, field, "The %s field is required.", field);
}

static enum err_code read_act(const struct http_request *request, const json_t *body,
			      struct contacts_query *query, struct err *err)
{
	const json_t *payload = json_object_get(body, "payload");
	const struct type_row *row = find_type(json_object_get(body, "type"));
	json_t *value = json_object_get(payload, "value");

	if (!row)
		return unknown_type(json_object_get(body, "type"), err);
	if (is_given(payload) && !json_is_object(payload) && json_array_size(payload) > 0)
		return err_set(err, ERR_INVALID_INPUT, "payload", "payload must be an object.");
	if (contacts_bulk_choose(request, json_object_get(body, "filter"), query, err) != ERR_OK ||
	    take_payload(row, payload, query->input, err) != ERR_OK)
		return err->code;
	if (row->takes_value && value &&
	    put(query->input, "value", json_incref(value), err) != ERR_OK)
		return err->code;
	return put(query->input, "action", json_string(row->action), err);
}

static enum err_code read_count(const struct http_request *request, const json_t *body,
				struct contacts_query *query, struct err *err)
{
	const json_t *filter = json_object_get(body, "filter");
	bool all;

	if (contacts_query_filter(request, filter ? filter : json_null(), &contacts_query_leads,
				  query, err) != ERR_OK)
		return err->code;
	return take_choice(body, "ids", query->input, &all, err);
}

/* Run `command` with what `read` makes of the body; the query stays for the answer. */
static void run(struct visit *visit, const char *command,
		enum err_code (*read)(const struct http_request *request, const json_t *body,
				      struct contacts_query *query, struct err *err))
{
	struct contacts_query *query = arena_zero(visit->request->arena, 1, sizeof *query);
	json_t *body = NULL;
	struct err err;
	enum err_code code = query ? contacts_body(visit->request, &body, &err) : err_memory(&err);

	visit->own = query;
	if (code == ERR_OK)
		code = read(visit->request, body, query, &err);
	json_decref(body);
	if (query)
		visit->call.input = query->input;
	if (code == ERR_OK)
		code = runtime_read_idempotency_key(visit, &err);
	if (code == ERR_OK)
		visit_run(visit, text_of(command));
	else
		contacts_error_refuse(visit, &err);
}

void contacts_bulk_act(struct visit *visit)
{
	run(visit, "lead.bulk", read_act);
}

void contacts_bulk_count(struct visit *visit)
{
	run(visit, "lead.count", read_count);
}

static void fail(struct visit *visit, const struct contacts_name *rows, size_t count)
{
	const struct contacts_names names = {.rows = rows, .count = count, .query = visit->own};

	contacts_error_blame(visit, ERR_TAG_NOT_FOUND, "tag_id");
	contacts_error_blame(visit, ERR_LIST_NOT_FOUND, "list_id");
	contacts_error_blame(visit, ERR_STAGE_NOT_FOUND, "stage_id");
	contacts_error_blame(visit, ERR_FIELD_NOT_FOUND, "field_id");
	contacts_error_fail(visit, &names);
}

void contacts_bulk_act_finish(struct visit *visit)
{
	struct text data = visit->call.reply.data;
	struct text export = scan_member(data, TEXT("export_id"));
	struct buf buf;
	struct writer writer = writer_on(&buf);

	if (visit->call.job.err.code != ERR_OK) {
		fail(visit, act_rows, ARRAY_LEN(act_rows));
		return;
	}
	buf_init_arena(&buf, visit->request->arena, REPLY_BYTES_MAX);
	writer_begin_object(&writer);
	writer_member_raw(&writer, "count", scan_member(data, TEXT("count")));
	writer_member_raw(&writer, "data", scan_member(data, TEXT("lead_ids")));
	if (export.ptr)
		writer_member_raw(&writer, "uuid", export);
	writer_end_object(&writer);
	visit_respond_json(visit, 200, &buf);
}

void contacts_bulk_count_finish(struct visit *visit)
{
	struct text total = scan_member(visit->call.reply.data, TEXT("total"));
	struct buf buf;
	struct writer writer = writer_on(&buf);

	if (visit->call.job.err.code != ERR_OK) {
		fail(visit, count_rows, ARRAY_LEN(count_rows));
		return;
	}
	buf_init_arena(&buf, visit->request->arena, 256);
	writer_begin_object(&writer);
	writer_member_raw(&writer, "total", total);
	writer_member_raw(&writer, "count", total);
	writer_end_object(&writer);
	visit_respond_json(visit, 200, &buf);
}
