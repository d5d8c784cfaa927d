#include "surface/contacts_companies.h"

#include "json/scan.h"
#include "surface/contacts.h"
#include "surface/contacts_around.h"
#include "surface/contacts_view.h"
#include "surface/runtime.h"

#define UUIDS_MAX 100
#define CONTACTS_MAX 2000
#define PAGE_LEADS 500

/* Contacts of some companies, gathered page by page. */
struct gathering {
	json_t *body;
	size_t count; /* companies */
	struct uuid ids[UUIDS_MAX];
	struct buf contacts[UUIDS_MAX]; /* of each, between the brackets */
	size_t gathered;
};

/* The array that the body has under `name`, each item as `read` makes it; NULL without memory. */
static json_t *each(const json_t *list, json_t *(*read)(const json_t *item))
{
	json_t *made = json_array(), *item;
	size_t i;

	json_array_foreach(list, i, item)
	{
		/* What is no object is the command's to refuse. */
		json_t *one = json_is_object(item) ? read(item) : json_incref(item);

		if (json_array_append_new(made, one) != 0) {
			json_decref(made);
			return NULL;
		}
	}
	return made;
}

static json_t *read_company(const json_t *item)
{
	json_t *input;
	struct err err;

	if (contacts_nouns_input(&contacts_around_company, item, CONTACTS_MADE, &input, &err) !=
	    ERR_OK)
		return NULL;
	return input;
}

/* A look-up without what is null or empty, as clients send all they might have. */
static json_t *read_lookup(const json_t *item)
{
	static const struct contacts_name names[] = {{"domain", "domain"},
						     {"domain", "website"},
						     {"linkedin", "linkedin"},
						     {"ln_id", "ln_id"},
						     {"name", "name"}};
	json_t *input = json_object();

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		json_t *value = json_object_get(item, names[i].shown);
		bool is_empty = !value || json_is_null(value) ||
				(json_is_string(value) && json_string_length(value) == 0);

		if (is_empty || json_object_get(input, names[i].inside))
			continue;
		if (json_is_integer(value))
			value = json_sprintf("%lld", (long long)json_integer_value(value));
		else
			json_incref(value);
		if (json_object_set_new(input, names[i].inside, value) != 0) {
			json_decref(input);
			return NULL;
		}
	}
	return input;
}

/* {name: the list}; whatever else it is goes along, for the command to refuse. */
static json_t *wrapped(const char *name, json_t *list, json_t *(*read)(const json_t *item))
{
	json_t *value = json_is_array(list) ? each(list, read) : json_incref(list);

	if (!list)
		return json_object();
	return json_pack("{s:o}", name, value);
}

static void write_companies(struct visit *visit)
{
	struct text list = scan_member(visit->call.reply.data, TEXT("companies"));
	struct scan scan = scan_of(list);
	struct text key, item;
	struct buf buf;
	struct writer writer = writer_on(&buf);

	buf_init_arena(&buf, visit->request->arena, REPLY_BYTES_MAX);
	writer_begin_array(&writer);
	while (scan_next(&scan, &key, &item)) {
		if (!text_is(item, TEXT("null")))
			contacts_nouns_write(&writer, visit, &contacts_around_company, item);
	}
	writer_end_array(&writer);
	visit_respond_json(visit, 200, &buf);
}

void contacts_companies_make(struct visit *visit)
{
	json_t *body;
	struct err err;

	if (contacts_body(visit->request, &body, &err) != ERR_OK) {
		contacts_error_refuse(visit, &err);
		return;
	}
	json_t *list = json_object_get(body, "companies");

	contacts_nouns_run(visit, "company.upsert", wrapped("companies", list, read_company));
	json_decref(body);
}

void contacts_companies_make_finish(struct visit *visit)
{
	/* The command told which company names it. */
	contacts_error_blame(visit, ERR_TAG_NOT_FOUND, "companies");
	contacts_error_blame(visit, ERR_STAGE_NOT_FOUND, "companies");
	if (visit->call.job.err.code != ERR_OK)
		contacts_nouns_fail(visit, &contacts_around_company, NULL);
	else
		write_companies(visit);
}

void contacts_companies_lookup(struct visit *visit)
{
	json_t *body;
	struct err err;

	if (contacts_body(visit->request, &body, &err) != ERR_OK) {
		contacts_error_refuse(visit, &err);
		return;
	}
	json_t *list = json_object_get(body, "lookups");

	if (!list)
		list = json_object_get(body, "companies");
	contacts_nouns_run(visit, "company.lookup", wrapped("lookups", list, read_lookup));
	json_decref(body);
}

void contacts_companies_lookup_finish(struct visit *visit)
{
	if (visit->call.job.err.code != ERR_OK)
		contacts_nouns_fail(visit, &contacts_around_company, NULL);
	else
		write_companies(visit);
}

static enum err_code read_uuids(struct gathering *gathering, const json_t *uuids, struct err *err)
{
	size_t i;
	json_t *one;

	if (!json_is_array(uuids) || json_array_size(uuids) > UUIDS_MAX)
		return err_set(err, ERR_INVALID_INPUT, "uuids",
			       "uuids must be an array of at most %d ids.", UUIDS_MAX);
	json_array_foreach(uuids, i, one)
	{
		struct uuid id;
		size_t k = 0;
		char field[32];

		snprintf(field, sizeof field, "uuids.%zu", i);
		if (!uuid_parse(text_of(json_string_value(one)), &id))
			return err_set(err, ERR_INVALID_INPUT, field, "%s must be an id.", field);
		while (k < gathering->count && !uuid_is(gathering->ids[k], id))
			k++;
		if (k == gathering->count)
			gathering->ids[gathering->count++] = id;
	}
	return ERR_OK;
}

/* Ask for the page at `cursor`; absent: the first. */
static void ask(struct visit *visit, struct text cursor)
{
	const struct gathering *gathering = visit->own;
	json_t *ids = json_array(), *input;
	char id[UUID_TEXT_LEN + 1];

	for (size_t i = 0; i < gathering->count; i++) {
		uuid_format(gathering->ids[i], id);
		json_array_append_new(ids, json_string(id));
	}
	input = json_pack("{s:[{s:s, s:s, s:o}], s:i, s:s}", "where", "field", "company_id", "op",
			  "in", "value", ids, "limit", PAGE_LEADS, "direction", "asc");
	if (input && cursor.ptr &&
	    json_object_set_new(input, "cursor", json_stringn(cursor.ptr, cursor.len)) != 0) {
		json_decref(input);
		input = NULL;
	}
	contacts_nouns_run(visit, "lead.query", input);
}

static void write_gathered(struct visit *visit)
{
	struct gathering *gathering = visit->own;
	char id[UUID_TEXT_LEN + 1];
	struct buf buf;
	struct writer writer = writer_on(&buf);

	buf_init_arena(&buf, visit->request->arena, REPLY_BYTES_MAX);
	writer_begin_object(&writer);
	for (size_t i = 0; i < gathering->count; i++) {
		uuid_format(gathering->ids[i], id);
		writer_key(&writer, text_of(id));
		buf_add_char(&buf, '[');
		buf_add(&buf,
			(struct text){gathering->contacts[i].ptr, gathering->contacts[i].len});
		buf_add_char(&buf, ']');
		writer.comma = true;
	}
	writer_end_object(&writer);
	visit_respond_json(visit, 200, &buf);
}

/* Add the contact of `record` to its company's. */
static enum err_code gather(struct visit *visit, struct text record, struct err *err)
{
	struct gathering *gathering = visit->own;
	struct text text = scan_member(record, TEXT("company_id"));
	struct uuid id;

	if (text.len < 2 || !uuid_parse((struct text){text.ptr + 1, text.len - 2}, &id))
		return ERR_OK;
	for (size_t i = 0; i < gathering->count; i++) {
		struct buf *buf = &gathering->contacts[i];
		struct writer writer = writer_on(buf);

		if (!uuid_is(gathering->ids[i], id))
			continue;
		writer.comma = buf->len > 0;
		if (contacts_view_write(&writer, visit->request->arena, record,
					visit->caller.workspace, false, err) != ERR_OK)
			return err->code;
		gathering->gathered++;
		return buf->failed ? err_memory(err) : ERR_OK;
	}
	return ERR_OK;
}

void contacts_companies_leads(struct visit *visit)
{
	struct gathering *gathering = arena_zero(visit->request->arena, 1, sizeof *gathering);
	struct err err;

	visit->own = gathering;
	if (!gathering)
		err_memory(&err);
	else if (contacts_body(visit->request, &gathering->body, &err) == ERR_OK)
		err.code = read_uuids(gathering, json_object_get(gathering->body, "uuids"), &err);
	if (err.code != ERR_OK) {
		contacts_error_refuse(visit, &err);
		return;
	}
	for (size_t i = 0; i < gathering->count; i++)
		buf_init_arena(&gathering->contacts[i], visit->request->arena, REPLY_BYTES_MAX);
	if (gathering->count > 0)
		ask(visit, TEXT_NONE);
	else
		write_gathered(visit);
}

void contacts_companies_leads_finish(struct visit *visit)
{
	static const struct contacts_name rows[] = {{"where", "uuids"}};
	const struct contacts_names names = {.rows = rows, .count = ARRAY_LEN(rows)};
	struct gathering *gathering = visit->own;
	struct text cursor = visit->call.reply.next_cursor;
	struct scan scan = scan_of(scan_member(visit->call.reply.data, TEXT("leads")));
	struct text key, record;
	struct err err = {.code = ERR_OK};

	if (visit->call.job.err.code != ERR_OK) {
		contacts_error_fail(visit, &names);
		return;
	}
	while (err.code == ERR_OK && scan_next(&scan, &key, &record))
		err.code = gather(visit, record, &err);
	if (err.code == ERR_OK && gathering->gathered > CONTACTS_MAX)
		err_set(&err, ERR_INVALID_INPUT, "uuids",
			"These companies have more than %d contacts. Ask for fewer companies, or "
			"page through POST /leads/api/leads/search with the filter company_uuid.",
			CONTACTS_MAX);
	if (err.code != ERR_OK)
		contacts_error_refuse(visit, &err);
	else if (cursor.ptr)
		ask(visit, cursor);
	else
		write_gathered(visit);
}

void contacts_companies_done(struct visit *visit)
{
	struct gathering *gathering = visit->own;

	runtime_done(visit);
	if (gathering)
		json_decref(gathering->body);
}
