#include "surface/contacts_nouns.h"

#include "json/scan.h"
#include "surface/contacts.h"
#include "surface/runtime.h"

static const struct contacts_noun *noun_of(const struct visit *visit)
{
	return visit->route->about;
}

static struct text text_from(const json_t *value)
{
	return (struct text){json_string_value(value), json_string_length(value)};
}

/* The event as commands call it; NULL for one that this server does not know. */
static const char *event_inside(const json_t *value)
{
	for (size_t i = 0; i < contacts_nouns_event_count; i++) {
		if (text_is(text_from(value), text_of(contacts_nouns_events[i].shown)))
			return contacts_nouns_events[i].inside;
	}
	return NULL;
}

static enum err_code check_event(const char *name, const json_t *value, struct err *err)
{
	if (event_inside(value))
		return ERR_OK;
	err_set(err, ERR_INVALID_INPUT, name, "%s must be one of", name);
	for (size_t i = 0; i < contacts_nouns_event_count; i++) {
		size_t len = strlen(err->message);

		snprintf(err->message + len, sizeof err->message - len, "%s %s", i ? "," : "",
			 contacts_nouns_events[i].shown);
	}
	return err->code;
}

static json_t *value_inside(enum contacts_form form, json_t *value)
{
	if (form == CONTACTS_NUMBERED && json_is_integer(value))
		return json_sprintf("%lld", (long long)json_integer_value(value));
	if (form == CONTACTS_EVENTS)
		return json_pack("[s]", event_inside(value));
	return json_incref(value);
}

/* Ids to tag_ids, names to tags; what is neither goes along, to be refused. */
static bool add_tags(json_t *input, json_t *tags)
{
	json_t *ids = json_array(), *names = json_array(), *one;
	struct uuid id;
	bool is_whole = true;
	size_t i;

	json_array_foreach(tags, i, one)
	{
		bool is_name = json_is_string(one) && !uuid_parse(text_from(one), &id);

		is_whole = is_whole && json_array_append(is_name ? names : ids, one) == 0;
	}
	is_whole = is_whole && json_object_set(input, "tag_ids", ids) == 0 &&
		   (json_array_size(names) == 0 || json_object_set(input, "tags", names) == 0);
	json_decref(ids);
	json_decref(names);
	return is_whole;
}

static bool add_value(const struct contacts_member *member, json_t *value, json_t *input)
{
	if (member->form == CONTACTS_TAGS && json_is_array(value))
		return add_tags(input, value);
	return json_object_set_new(input, member->inside, value_inside(member->form, value)) == 0;
}

enum err_code contacts_nouns_input(const struct contacts_noun *noun, const json_t *body,
				   enum contacts_use use, json_t **out, struct err *err)
{
	json_t *input = json_object();
	bool is_whole = input != NULL;

	if (is_whole && noun->fixed && use == CONTACTS_MADE)
		is_whole = json_object_set_new(input, noun->fixed,
					       json_string(noun->fixed_value)) == 0;
	for (size_t i = 0; is_whole && i < noun->count; i++) {
		const struct contacts_member *member = &noun->members[i];
		json_t *value = json_object_get(body, member->shown);
		bool is_said = value && (use == CONTACTS_CHANGED || !json_is_null(value) ||
					 (member->use & CONTACTS_EMPTIED));

		if (!is_said || !(member->use & use))
			continue;
		if (member->form == CONTACTS_EVENTS &&
		    check_event(member->shown, value, err) != ERR_OK) {
			json_decref(input);
			return err->code;
		}
		is_whole = add_value(member, value, input);
	}
	if (is_whole) {
		*out = input;
		return ERR_OK;
	}
	json_decref(input);
	return err_memory(err);
}

void contacts_nouns_fail(struct visit *visit, const struct contacts_noun *noun,
			 const struct contacts_query *query)
{
	struct contacts_name rows[CONTACTS_FIELDS_MAX + 1];
	struct contacts_names names = {.rows = rows, .query = query};
	struct err *err = &visit->call.job.err;

	if (err->code == ERR_IDENTIFIER_REQUIRED && noun->nobody)
		err_set(err, ERR_INVALID_INPUT, "/linkedin_url", "%s", noun->nobody);
	for (size_t i = 0; i < noun->count; i++) {
		if (noun->members[i].inside)
			rows[names.count++] = (struct contacts_name){noun->members[i].inside,
								     noun->members[i].shown};
	}
	rows[names.count++] = (struct contacts_name){noun->id, "uuid"};
	contacts_error_fail(visit, &names);
}

void contacts_nouns_run(struct visit *visit, const char *command, json_t *take_input)
{
	struct err err;

	json_decref(visit->call.input);
	visit->call = (struct call){.input = take_input};
	if (!take_input) {
		err_memory(&err);
		visit_fail(visit, &err);
		return;
	}
	if (runtime_read_idempotency_key(visit, &err) == ERR_OK)
		visit_run(visit, text_of(command));
	else
		visit_fail(visit, &err);
}

/* Only those that are of this noun, where one command lists several. */
static bool add_fixed(const struct contacts_noun *noun, json_t *input)
{
	json_t *where = json_object_get(input, "where");

	if (!noun->fixed)
		return true;
	if (!where) {
		where = json_array();
		if (json_object_set_new(input, "where", where) != 0)
			return false;
	}
	return json_array_append_new(where, json_pack("{s:s, s:s, s:s}", "field", noun->fixed, "op",
						      "eq", "value", noun->fixed_value)) == 0;
}

static void list(struct visit *visit, const json_t *body)
{
	const struct contacts_noun *noun = noun_of(visit);
	struct contacts_query *query = arena_zero(visit->request->arena, 1, sizeof *query);
	struct err err;

	if (!query)
		err_memory(&err);
	else if (contacts_query_read(visit->request, body, noun->object, query, &err) == ERR_OK)
		err.code = add_fixed(noun, query->input) ? ERR_OK : err_memory(&err);
	if (err.code != ERR_OK) {
		if (query)
			contacts_query_release(query);
		contacts_error_refuse(visit, &err);
		return;
	}
	visit->own = query;
	json_t *input = query->input;

	query->input = NULL;
	contacts_nouns_run(visit, noun->list, input);
}

void contacts_nouns_list(struct visit *visit)
{
	list(visit, NULL);
}

void contacts_nouns_search(struct visit *visit)
{
	json_t *body;
	struct err err;

	if (contacts_body(visit->request, &body, &err) != ERR_OK) {
		contacts_error_refuse(visit, &err);
		return;
	}
	list(visit, body);
	json_decref(body);
}

/* {id: the path's parameter} */
static json_t *named(const struct visit *visit)
{
	struct text id = visit->params[0];

	return json_pack("{s:s%}", noun_of(visit)->id, id.ptr, id.len);
}

void contacts_nouns_get(struct visit *visit)
{
	contacts_nouns_run(visit, noun_of(visit)->get, named(visit));
}

void contacts_nouns_remove(struct visit *visit)
{
	contacts_nouns_run(visit, noun_of(visit)->remove, named(visit));
}

/* The body of a request to make or change one, as the command's input. */
static bool read_input(struct visit *visit, enum contacts_use use, json_t **out)
{
	json_t *body;
	struct err err;

	if (contacts_body(visit->request, &body, &err) == ERR_OK) {
		enum err_code code = contacts_nouns_input(noun_of(visit), body, use, out, &err);

		json_decref(body);
		if (code == ERR_OK)
			return true;
	}
	contacts_error_refuse(visit, &err);
	return false;
}

void contacts_nouns_make(struct visit *visit)
{
	json_t *input;

	if (read_input(visit, CONTACTS_MADE, &input))
		contacts_nouns_run(visit, noun_of(visit)->make, input);
}

void contacts_nouns_change(struct visit *visit)
{
	const struct contacts_noun *noun = noun_of(visit);
	json_t *input, *id = named(visit);

	if (!read_input(visit, CONTACTS_CHANGED, &input)) {
		json_decref(id);
		return;
	}
	bool is_empty = json_object_size(input) == 0;

	if (!id || json_object_update(input, id) != 0) {
		json_decref(input);
		input = NULL;
	}
	json_decref(id);
	contacts_nouns_run(visit, is_empty && noun->get ? noun->get : noun->change, input);
}

static void write_event(struct writer *writer, struct text names)
{
	struct scan scan = scan_of(names);
	struct text key, name;

	if (!scan_next(&scan, &key, &name)) {
		writer_null(writer);
		return;
	}
	for (size_t i = 0; i < contacts_nouns_event_count; i++) {
		struct text inside = text_of(contacts_nouns_events[i].inside);

		/* Between its quotes. */
		if (name.len == inside.len + 2 && memcmp(name.ptr + 1, inside.ptr, inside.len) == 0)
			name = TEXT_NONE;
		if (!name.ptr) {
			writer_text(writer, text_of(contacts_nouns_events[i].shown));
			return;
		}
	}
	writer_raw(writer, name);
}

static void write_numbered(struct writer *writer, struct text json)
{
	int64_t number;

	if (json.len > 2 && text_to_int((struct text){json.ptr + 1, json.len - 2}, &number))
		writer_int(writer, number);
	else
		writer_raw(writer, json);
}

void contacts_nouns_write_time(struct writer *writer, const char *name, struct text json)
{
	bool is_text = json.len > 2 && *json.ptr == '"';

	/* Between its quotes. */
	contacts_write_time(writer, name,
			    is_text ? (struct text){json.ptr + 1, json.len - 2} : TEXT_NONE);
}

static void write_value(struct writer *writer, const struct visit *visit, enum contacts_form form,
			struct text json)
{
	if (form == CONTACTS_TEAM)
		writer_int(writer, visit->caller.workspace);
	else if (form == CONTACTS_OK && !json.ptr)
		writer_text(writer, TEXT("ok"));
	else if (form == CONTACTS_NOBODY || !json.ptr)
		writer_null(writer);
	else if (form == CONTACTS_EVENTS)
		write_event(writer, json);
	else if (form == CONTACTS_NUMBERED)
		write_numbered(writer, json);
	else
		writer_raw(writer, json);
}

static void write_members(struct writer *writer, const struct visit *visit,
			  const struct contacts_noun *noun, struct text json)
{
	struct text values[CONTACTS_FIELDS_MAX] = {TEXT_NONE};
	struct scan scan = scan_of(json);
	struct text key, value;

	if (noun->write) {
		noun->write(writer, visit, json);
		return;
	}
	while (scan_next(&scan, &key, &value)) {
		for (size_t i = 0; i < noun->count; i++) {
			const char *inside = noun->members[i].inside;

			if (inside && text_is(key, text_of(inside)))
				values[i] = value;
		}
	}
	for (size_t i = 0; i < noun->count; i++) {
		const struct contacts_member *member = &noun->members[i];

		if (!(member->use & CONTACTS_SHOWN) ||
		    (member->form == CONTACTS_OPTIONAL && !values[i].ptr))
			continue;
		if (member->form == CONTACTS_STAMP) {
			contacts_nouns_write_time(writer, member->shown, values[i]);
			continue;
		}
		writer_key(writer, text_of(member->shown));
		write_value(writer, visit, member->form, values[i]);
	}
}

void contacts_nouns_write(struct writer *writer, const struct visit *visit,
			  const struct contacts_noun *noun, struct text json)
{
	writer_begin_object(writer);
	write_members(writer, visit, noun, json);
	writer_end_object(writer);
}

void contacts_nouns_list_finish(struct visit *visit)
{
	const struct contacts_noun *noun = noun_of(visit);
	struct text items = scan_member(visit->call.reply.data, text_of(noun->many));
	struct scan scan = scan_of(items);
	struct text key, item;
	struct buf buf;
	struct writer writer = writer_on(&buf);
	struct err err;

	if (visit->call.job.err.code != ERR_OK) {
		contacts_nouns_fail(visit, noun, visit->own);
		return;
	}
	buf_init_arena(&buf, visit->request->arena, REPLY_BYTES_MAX);
	writer_begin_array(&writer);
	while (scan_next(&scan, &key, &item))
		contacts_nouns_write(&writer, visit, noun, item);
	writer_end_array(&writer);
	if (!buf.failed) {
		contacts_query_answer(visit, visit->own, buf_text(&buf));
		return;
	}
	err_memory(&err);
	visit_fail(visit, &err);
}

void contacts_nouns_answer(struct visit *visit, int status)
{
	const struct contacts_noun *noun = noun_of(visit);
	struct text json = visit->call.reply.data;
	struct buf buf;
	struct writer writer = writer_on(&buf);

	/* To name what is not there is a mistake in the request, not a wrong address. */
	for (size_t i = 0; i < noun->reference_count; i++)
		contacts_error_blame(visit, noun->references[i].missing,
				     noun->references[i].inside);
	if (visit->call.job.err.code != ERR_OK) {
		contacts_nouns_fail(visit, noun, NULL);
		return;
	}
	if (noun->one)
		json = scan_member(json, text_of(noun->one));
	buf_init_arena(&buf, visit->request->arena, REPLY_BYTES_MAX);
	writer_begin_object(&writer);
	write_members(&writer, visit, noun, json);
	if (noun->copies && status == 201) {
		writer_key(&writer, TEXT("data"));
		contacts_nouns_write(&writer, visit, noun, json);
	}
	writer_end_object(&writer);
	visit_respond_json(visit, status, &buf);
}

void contacts_nouns_finish(struct visit *visit)
{
	contacts_nouns_answer(visit, 200);
}

void contacts_nouns_make_finish(struct visit *visit)
{
	contacts_nouns_answer(visit, 201);
}

void contacts_nouns_remove_finish(struct visit *visit)
{
	if (visit->call.job.err.code != ERR_OK)
		contacts_nouns_fail(visit, noun_of(visit), NULL);
	else
		http_respond(visit->request, 204, TEXT_NONE, TEXT(""));
}
