#include "surface/contacts_leads.h"

#include "json/scan.h"
#include "surface/contacts.h"
#include "surface/contacts_bulk.h"
#include "surface/contacts_input.h"
#include "surface/contacts_query.h"
#include "surface/contacts_view.h"
#include "surface/runtime.h"

/* Run a command whose answer has leads; `take_input` is owned from now on. */
static void run(struct visit *visit, const char *command, json_t *take_input)
{
	struct err err;
	enum err_code code = take_input ? runtime_read_idempotency_key(visit, &err)
					: err_memory(&err);

	visit->call.input = take_input;
	visit->call.profile = COMMAND_RECORD;
	if (code == ERR_OK)
		visit_run(visit, text_of(command));
	else
		contacts_error_refuse(visit, &err);
}

/* The body, or false when the failure was answered. */
static bool read_body(struct visit *visit, json_t **out)
{
	struct err err;

	if (contacts_body(visit->request, out, &err) == ERR_OK)
		return true;
	contacts_error_refuse(visit, &err);
	return false;
}

/* Run `command` with what `read` makes of the body. */
static void run_body(struct visit *visit, const char *command,
		     enum err_code (*read)(const json_t *body, json_t **out, struct err *err))
{
	json_t *body, *input;
	struct err err;

	if (!read_body(visit, &body))
		return;
	enum err_code code = read(body, &input, &err);

	json_decref(body);
	if (code == ERR_OK)
		run(visit, command, input);
	else
		contacts_error_refuse(visit, &err);
}

static enum err_code write_contact(struct visit *visit, struct writer *writer, struct text record,
				   bool copies, struct err *err)
{
	return contacts_view_write(writer, visit->request->arena, record, visit->caller.workspace,
				   copies, err);
}

static void answer_contact(struct visit *visit, struct text record)
{
	struct buf buf;
	struct writer writer = writer_on(&buf);
	struct err err;

	buf_init_arena(&buf, visit->request->arena, REPLY_BYTES_MAX);
	if (write_contact(visit, &writer, record, false, &err) == ERR_OK)
		visit_respond_json(visit, 200, &buf);
	else
		visit_fail(visit, &err);
}

/* The one lead that a command answered with. */
static struct text the_lead(const struct visit *visit)
{
	return scan_member(visit->call.reply.data, TEXT("lead"));
}

/* A JSON array of the contacts in an array of records, or of objects that hold one as "lead". */
static enum err_code write_contacts(struct visit *visit, struct text items, bool are_records,
				    bool copies, struct buf *out)
{
	struct writer writer = writer_on(out);
	struct scan scan = scan_of(items);
	struct text key, item;
	struct err err;

	buf_init_arena(out, visit->request->arena, REPLY_BYTES_MAX);
	writer_begin_array(&writer);
	while (scan_next(&scan, &key, &item)) {
		struct text record = are_records ? item : scan_member(item, TEXT("lead"));

		if (write_contact(visit, &writer, record, copies, &err) != ERR_OK) {
			visit_fail(visit, &err);
			return err.code;
		}
	}
	writer_end_array(&writer);
	if (!out->failed)
		return ERR_OK;
	err_memory(&err);
	visit_fail(visit, &err);
	return err.code;
}

static enum err_code nobody(struct err *err)
{
	return err_set(err, ERR_LEAD_NOT_FOUND, "", "There is no such contact.");
}

/*
 * Say in this dialect what was wrong; `identifier` points to what should name somebody, "" when
 * that is the path's id.
 */
static void fail(struct visit *visit, const struct contacts_names *names, const char *identifier)
{
	struct err *err = &visit->call.job.err;
	struct reply *reply = &visit->call.reply;

	bool is_by_id = !identifier[0]; /* a text that stands for no id names nobody */

	if (err->code == ERR_LEAD_NOT_FOUND || (is_by_id && err->code == ERR_IDENTIFIER_REQUIRED)) {
		nobody(err);
	} else if (err->code == ERR_LIST_NOT_FOUND) {
		/* One list for all: not a fault of the row that met it first. */
		reply->details = TEXT_NONE;
		err_set(err, ERR_INVALID_INPUT, "/list_uuid",
			"There is no such list. GET /leads/api/lists shows them.");
	} else if (err->code == ERR_LEAD_EXISTS) {
		reply->candidates = TEXT_NONE; /* the field says it */
		err_set(err, ERR_INVALID_INPUT, identifier,
			"This contact already exists. Send update_if_exists true to update it.");
	} else if (err->code == ERR_IDENTIFIER_REQUIRED && !reply->details.ptr) {
		err_set(err, ERR_INVALID_INPUT, identifier,
			"This names nobody. Send a LinkedIn profile URL, profile name or member "
			"id, or a real e-mail address.");
	}
	contacts_error_fail(visit, names);
}

static void upsert(struct visit *visit)
{
	run_body(visit, "lead.upsert", contacts_input_upsert);
}

static void upsert_finish(struct visit *visit)
{
	if (visit->call.job.err.code == ERR_OK)
		answer_contact(visit, the_lead(visit));
	else
		fail(visit, &contacts_input_upsert_names, "/linkedin_id");
}

static void create(struct visit *visit)
{
	run_body(visit, "lead.upsert_many", contacts_input_create);
}

static void create_finish(struct visit *visit)
{
	struct text results = scan_member(visit->call.reply.data, TEXT("results"));
	struct buf buf;

	if (visit->call.job.err.code != ERR_OK)
		fail(visit, &contacts_input_names, "/leads");
	else if (write_contacts(visit, results, false, false, &buf) == ERR_OK)
		visit_respond_json(visit, 200, &buf);
}

/* False, and answered, when the path's id is longer than any id. */
static bool is_id(struct visit *visit)
{
	struct err err;

	if (visit->params[0].len <= UUID_TEXT_LEN)
		return true;
	nobody(&err);
	contacts_error_refuse(visit, &err);
	return false;
}

/* Run a command on the lead of the path. */
static void run_on_one(struct visit *visit, const char *command)
{
	struct text id = visit->params[0];

	if (is_id(visit))
		run(visit, command, json_pack("{s:s%}", "lead_id", id.ptr, id.len));
}

static void get(struct visit *visit)
{
	run_on_one(visit, "lead.get");
}

static void update(struct visit *visit)
{
	json_t *body, *input;
	struct err err;

	if (!is_id(visit) || !read_body(visit, &body))
		return;
	enum err_code code = contacts_input_update(visit->params[0], body, &input, &err);

	json_decref(body);
	if (code == ERR_OK)
		run(visit, "lead.update", input);
	else
		contacts_error_refuse(visit, &err);
}

/* Of one contact, by its uuid. */
static void one_finish(struct visit *visit)
{
	if (visit->call.job.err.code == ERR_OK)
		answer_contact(visit, the_lead(visit));
	else
		fail(visit, &contacts_input_names, "");
}

static void delete (struct visit *visit)
{
	run_on_one(visit, "lead.delete");
}

static void delete_finish(struct visit *visit)
{
	if (visit->call.job.err.code == ERR_OK)
		http_respond(visit->request, 204, TEXT_NONE, TEXT(""));
	else
		fail(visit, &contacts_input_names, "");
}

/* A page; the query stays for the answer. `body` is NULL on GET. */
static void list_with(struct visit *visit, const json_t *body)
{
	struct contacts_query *query = arena_zero(visit->request->arena, 1, sizeof *query);
	struct err err;

	if (!query) {
		err_memory(&err);
		visit_fail(visit, &err);
		return;
	}
	visit->own = query;
	if (contacts_query_read(visit->request, body, &contacts_query_leads, query, &err) == ERR_OK)
		run(visit, "lead.query", query->input);
	else
		contacts_error_refuse(visit, &err);
}

static void list(struct visit *visit)
{
	list_with(visit, NULL);
}

static void search(struct visit *visit)
{
	json_t *body;

	if (!read_body(visit, &body))
		return;
	list_with(visit, body);
	json_decref(body);
}

static void answer_page(struct visit *visit, bool copies)
{
	const struct contacts_query *query = visit->own;
	const struct contacts_names names = {.query = query};
	struct text leads = scan_member(visit->call.reply.data, TEXT("leads"));
	struct err *err = &visit->call.job.err;
	struct buf buf;

	if (err->code == ERR_INVALID_INPUT && strcmp(err->pointer, "/cursor") == 0 &&
	    !visit->call.reply.details.ptr)
		err_set(err, ERR_INVALID_INPUT, "/cursor",
			"`after` is what the page before said in its header X-Next-After, for the "
			"same order. Leave it out to begin anew.");
	if (err->code != ERR_OK)
		contacts_error_fail(visit, &names);
	else if (write_contacts(visit, leads, true, copies, &buf) == ERR_OK)
		contacts_query_answer(visit, query, buf_text(&buf));
}

static void list_finish(struct visit *visit)
{
	answer_page(visit, true);
}

static void search_finish(struct visit *visit)
{
	answer_page(visit, false);
}

/* Looking somebody up by name and company, which only this call does. */
struct lookup {
	json_t *by_name; /* of lead.query, owned; NULL: no name was given */
	bool is_by_name;
};

static bool is_given(const json_t *value)
{
	return value && !json_is_null(value) &&
	       !(json_is_string(value) && json_string_length(value) == 0);
}

static json_t *name_input(const json_t *name, const json_t *company)
{
	return json_pack("{s:[{s:s,s:s,s:O},{s:s,s:s,s:O}],s:i}", "where", "field", "name", "op",
			 "eq", "value", name, "field", "company", "op", "eq", "value", company,
			 "limit", 2);
}

static enum err_code read_lookup(const json_t *body, struct lookup *lookup, json_t **out,
				 struct err *err)
{
	const json_t *linkedin = json_object_get(body, "linkedin_id");
	const json_t *email = json_object_get(body, "email");
	const json_t *name = json_object_get(body, "name");
	const json_t *company = json_object_get(body, "company_name");
	json_t *input;

	if (!is_given(linkedin) && !is_given(email) && !is_given(name))
		return err_set(err, ERR_INVALID_INPUT, "linkedin_id",
			       "Send linkedin_id, email, or name and company_name.");
	if (is_given(name) && !is_given(company) && !is_given(linkedin) && !is_given(email))
		return err_set(err, ERR_INVALID_INPUT, "company_name",
			       "A name alone is not enough. Send company_name with it.");
	if ((is_given(name) && !json_is_string(name)) ||
	    (is_given(company) && !json_is_string(company)))
		return err_set(err, ERR_INVALID_INPUT,
			       json_is_string(name) ? "company_name" : "name",
			       "name and company_name must be strings.");
	if (is_given(name) && is_given(company)) {
		lookup->by_name = name_input(name, company);
		if (!lookup->by_name)
			return err_memory(err);
	}
	input = json_object();
	if (!input ||
	    (is_given(linkedin) &&
	     json_object_set(input, "linkedin_id", (json_t *)linkedin) != 0) ||
	    (is_given(email) && json_object_set(input, "email", (json_t *)email) != 0)) {
		json_decref(input);
		return err_memory(err);
	}
	*out = input;
	return ERR_OK;
}

static void lookup_by_name(struct visit *visit)
{
	struct lookup *lookup = visit->own;
	json_t *input = lookup->by_name;

	json_decref(visit->call.input);
	memset(&visit->call, 0, sizeof visit->call);
	lookup->by_name = NULL;
	lookup->is_by_name = true;
	run(visit, "lead.query", input);
}

static void lookup(struct visit *visit)
{
	struct lookup *lookup = arena_zero(visit->request->arena, 1, sizeof *lookup);
	json_t *body, *input = NULL;
	struct err err;

	if (!lookup) {
		err_memory(&err);
		visit_fail(visit, &err);
		return;
	}
	visit->own = lookup;
	if (!read_body(visit, &body))
		return;
	enum err_code code = read_lookup(body, lookup, &input, &err);

	json_decref(body);
	if (code != ERR_OK) {
		contacts_error_refuse(visit, &err);
		return;
	}
	visit->call.input = input;
	if (json_object_size(input) == 0)
		lookup_by_name(visit);
	else
		run(visit, "lead.get", input);
}

/* Two of the same name at the same company cannot be told apart. */
static void answer_named(struct visit *visit)
{
	struct call *call = &visit->call;
	struct text leads = scan_member(call->reply.data, TEXT("leads")), key, first, second;
	struct scan scan = scan_of(leads);

	if (!scan_next(&scan, &key, &first)) {
		nobody(&call->job.err);
		contacts_error_fail(visit, &contacts_input_names);
	} else if (scan_next(&scan, &key, &second)) {
		err_set(&call->job.err, ERR_IDENTITY_CONFLICT, "",
			"Several contacts have this name at this company. Look up by linkedin_id "
			"or email.");
		call->reply.candidates = leads;
		contacts_error_fail(visit, &contacts_input_names);
	} else {
		answer_contact(visit, first);
	}
}

/* What was wrong with name and company, by the names that they have here. */
static void fail_named(struct visit *visit)
{
	const struct contacts_query query = {.fields = {TEXT("name"), TEXT("company_name")},
					     .count = 2};
	const struct contacts_names names = {.query = &query};

	contacts_error_fail(visit, &names);
}

static void lookup_finish(struct visit *visit)
{
	const struct lookup *lookup = visit->own;
	struct err *err = &visit->call.job.err;
	bool names_nobody = err->code == ERR_IDENTIFIER_REQUIRED;

	if (lookup->is_by_name && err->code == ERR_OK)
		answer_named(visit);
	else if (lookup->is_by_name)
		fail_named(visit);
	else if (err->code == ERR_OK)
		answer_contact(visit, the_lead(visit));
	else if (lookup->by_name && (names_nobody || err->code == ERR_LEAD_NOT_FOUND))
		lookup_by_name(visit);
	else
		fail(visit, &contacts_input_names,
		     json_object_get(visit->call.input, "linkedin_id") ? "/linkedin_id" : "/email");
}

static void lookup_done(struct visit *visit)
{
	const struct lookup *lookup = visit->own;

	runtime_done(visit);
	if (lookup)
		json_decref(lookup->by_name);
}

#define LEADS "/leads/api/leads"

static const struct route rows[] = {
	{.method = HTTP_POST,
	 .pattern = LEADS "/upsert",
	 .permission = "lead.upsert",
	 .takes_json = true,
	 .handle = upsert,
	 .finish = upsert_finish,
	 .done = runtime_done},
	{.method = HTTP_POST,
	 .pattern = LEADS "/lookup-one",
	 .permission = "lead.get",
	 .takes_json = true,
	 .handle = lookup,
	 .finish = lookup_finish,
	 .done = lookup_done},
	{.method = HTTP_POST,
	 .pattern = LEADS "/find-one",
	 .permission = "lead.get",
	 .takes_json = true,
	 .handle = lookup,
	 .finish = lookup_finish,
	 .done = lookup_done},
	{.method = HTTP_POST,
	 .pattern = LEADS "/search",
	 .permission = "lead.query",
	 .takes_json = true,
	 .handle = search,
	 .finish = search_finish,
	 .done = runtime_done},
	{.method = HTTP_PUT,
	 .pattern = LEADS "/mass-action",
	 .permission = "lead.bulk",
	 .takes_json = true,
	 .handle = contacts_bulk_act,
	 .finish = contacts_bulk_act_finish,
	 .done = runtime_done},
	{.method = HTTP_POST,
	 .pattern = LEADS "/count",
	 .permission = "lead.count",
	 .takes_json = true,
	 .handle = contacts_bulk_count,
	 .finish = contacts_bulk_count_finish,
	 .done = runtime_done},
	{.method = HTTP_POST,
	 .pattern = LEADS,
	 .permission = "lead.upsert_many",
	 .takes_json = true,
	 .handle = create,
	 .finish = create_finish,
	 .done = runtime_done},
	{.method = HTTP_GET,
	 .pattern = LEADS,
	 .permission = "lead.query",
	 .handle = list,
	 .finish = list_finish,
	 .done = runtime_done},
	{.method = HTTP_PUT,
	 .pattern = LEADS "/advanced-enrichment",
	 .handle = contacts_error_absent},
	{.method = HTTP_GET,
	 .pattern = LEADS "/{uuid}",
	 .permission = "lead.get",
	 .handle = get,
	 .finish = one_finish,
	 .done = runtime_done},
	{.method = HTTP_PUT,
	 .pattern = LEADS "/{uuid}",
	 .permission = "lead.update",
	 .takes_json = true,
	 .handle = update,
	 .finish = one_finish,
	 .done = runtime_done},
	{.method = HTTP_DELETE,
	 .pattern = LEADS "/{uuid}",
	 .permission = "lead.delete",
	 .handle = delete,
	 .finish = delete_finish,
	 .done = runtime_done},
};

const struct route_table contacts_leads_routes = {.prefix = LEADS,
						  .rows = rows,
						  .count = ARRAY_LEN(rows),
						  .admit = contacts_admit};

static const struct route alias_rows[] = {
	{.method = HTTP_POST,
	 .pattern = "/leads/c1/api/leads/list",
	 .permission = "lead.query",
	 .takes_json = true,
	 .handle = search,
	 .finish = list_finish,
	 .done = runtime_done},
};

const struct route_table contacts_leads_aliases = {.prefix = "/leads/c1/api/leads",
						   .rows = alias_rows,
						   .count = ARRAY_LEN(alias_rows),
						   .admit = contacts_admit};
