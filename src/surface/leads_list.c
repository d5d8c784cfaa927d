#include "surface/leads_list.h"

#include "json/scan.h"
#include "surface/leads_view.h"

#define LIMIT_DEFAULT 10
#define LIMIT_MAX 100
#define OFFSET_MAX 100000

static const char *const parameters[] = {"page",   "limit",  "status",   "source",
					 "search", "sortBy", "sortOrder"};

/* What pages can be in the order of, here and inside. */
static const struct {
	const char *shown, *inside;
} orders[] = {
	{"createdAt", "created_at"}, {"updatedAt", "updated_at"}, {"name", "name"},
	{"email", "email"},          {"status", "status"},
};

/* The input of lead.query that is being built. */
struct draft {
	struct visit *visit;
	struct leads_input *sent;
	json_t *input, *where;
	bool is_out_of_memory;
};

static bool refuse(const struct draft *draft, const char *name, const char *message)
{
	leads_input_refuse(draft->visit, name, message);
	return false;
}

static void put(struct draft *draft, const char *key, json_t *take_value)
{
	if (json_object_set_new(draft->input, key, take_value) != 0)
		draft->is_out_of_memory = true;
}

/* A whole number from 1 to `max`. */
static bool read_number(const struct draft *draft, const char *name, int64_t max, int64_t *out)
{
	struct text text = leads_input_text(draft->sent, name);

	if (text.ptr && (!text_to_int(text, out) || *out < 1 || *out > max))
		return false;
	return true;
}

static bool read_page(struct draft *draft)
{
	struct leads_input *sent = draft->sent;

	sent->page = 1;
	sent->limit = LIMIT_DEFAULT;
	if (!read_number(draft, "limit", LIMIT_MAX, &sent->limit))
		return refuse(draft, "limit", "Limit must be a whole number from 1 to 100");
	if (!read_number(draft, "page", INT32_MAX, &sent->page))
		return refuse(draft, "page", "Page must be a whole number, 1 or more");
	if ((sent->page - 1) * sent->limit > OFFSET_MAX)
		return refuse(
			draft, "page",
			"Pages end behind the first 100,000 leads. Ask for fewer with status, "
			"source or search, or get all of them as a file: GET /api/v1/export.");
	put(draft, "limit", json_integer(sent->limit));
	put(draft, "offset", json_integer((sent->page - 1) * sent->limit));
	return true;
}

/* Leads must meet one more condition, which the client knows as `name`. */
static void add_condition(struct draft *draft, const char *name, const char *field, const char *op,
			  json_t *take_value)
{
	struct leads_input *sent = draft->sent;
	struct text place = arena_format(draft->visit->request->arena, "where/%zu",
					 json_array_size(draft->where));
	json_t *condition =
		json_pack("{s:s,s:s,s:o}", "field", field, "op", op, "value", take_value);

	if (!place.ptr || json_array_append_new(draft->where, condition) != 0) {
		draft->is_out_of_memory = true;
		return;
	}
	sent->names[sent->sent.name_count++] = (struct leads_name){place.ptr, name};
}

static json_t *text_value(struct text text)
{
	return json_stringn(text.ptr, text.len);
}

static bool read_status(struct draft *draft)
{
	struct text word = leads_input_text(draft->sent, "status");
	unsigned bits;
	json_t *words;

	if (!word.ptr)
		return true;
	if (!status_set(word, STATUS_LEADS, &bits))
		return refuse(draft, "status", LEADS_STATUS_MESSAGE);
	words = json_array();
	for (enum status status = STATUS_NEW; status < STATUS_COUNT; status++) {
		if (bits & 1U << status)
			json_array_append_new(words,
					      text_value(status_word(status, STATUS_INSIDE)));
	}
	add_condition(draft, "status", "status", "in", words);
	return true;
}

static bool read_order(struct draft *draft)
{
	struct text by = leads_input_text(draft->sent, "sortBy");
	struct text direction = leads_input_text(draft->sent, "sortOrder");
	const char *inside = by.ptr ? NULL : "created_at";

	for (size_t i = 0; by.ptr && i < ARRAY_LEN(orders); i++) {
		if (text_is(by, text_of(orders[i].shown)))
			inside = orders[i].inside;
	}
	if (!inside)
		return refuse(draft, "sortBy",
			      "SortBy must be one of: createdAt, updatedAt, name, email, status");
	if (direction.ptr && !text_is_nocase(direction, TEXT("asc")) &&
	    !text_is_nocase(direction, TEXT("desc")))
		return refuse(draft, "sortOrder", "SortOrder must be one of: asc, desc");
	put(draft, "order", json_string(inside));
	put(draft, "direction",
	    json_string(text_is_nocase(direction, TEXT("asc")) ? "asc" : "desc"));
	return true;
}

static bool read_all(struct draft *draft)
{
	struct leads_input *sent = draft->sent;
	struct text source = leads_input_text(sent, "source");
	struct text search = leads_input_text(sent, "search");

	sent->names[sent->sent.name_count++] = (struct leads_name){"name_or_email", "search"};
	if (!read_page(draft) || !read_status(draft) || !read_order(draft))
		return false;
	if (source.ptr)
		add_condition(draft, "source", "source", "eq", text_value(source));
	if (sent->chatbot.ptr)
		add_condition(draft, "chatbotId", "chatbot_id", "eq", text_value(sent->chatbot));
	if (search.ptr)
		put(draft, "name_or_email", text_value(search));
	return true;
}

void leads_list_start(struct visit *visit)
{
	struct draft draft = {.visit = visit, .sent = leads_input_begin(visit)};

	if (!draft.sent || !leads_input_query(visit, parameters, ARRAY_LEN(parameters)) ||
	    !leads_input_has_chatbot(visit))
		return;
	draft.where = json_array();
	draft.input = json_pack("{s:O}", "where", draft.where);
	if (!read_all(&draft)) {
		json_decref(draft.input);
	} else if (draft.is_out_of_memory) {
		json_decref(draft.input);
		leads_input_run(visit, "lead.query", NULL);
	} else {
		leads_input_run(visit, "lead.query", draft.input);
	}
	json_decref(draft.where);
}

static int64_t number(struct text data, struct text key)
{
	int64_t value = 0;

	return text_to_int(scan_member(data, key), &value) ? value : 0;
}

static void write_pagination(const struct visit *visit, struct writer *writer)
{
	const struct leads_input *sent = visit->own;
	int64_t total = number(visit->call.reply.data, TEXT("total"));
	int64_t pages = (total + sent->limit - 1) / sent->limit;

	writer_key(writer, TEXT("pagination"));
	writer_begin_object(writer);
	writer_member_int(writer, "page", sent->page);
	writer_member_int(writer, "limit", sent->limit);
	writer_member_int(writer, "total", total);
	writer_member_int(writer, "totalPages", pages);
	writer_member_bool(writer, "hasNext", sent->page < pages);
	writer_member_bool(writer, "hasPrev", sent->page > 1);
	writer_end_object(writer);
}

enum err_code leads_list_write(const struct visit *visit, struct writer *writer, struct err *err)
{
	struct scan leads = scan_of(scan_member(visit->call.reply.data, TEXT("leads")));
	struct arena *arena = visit->request->arena;
	struct text key, record;
	struct lead_form form;

	writer_begin_object(writer);
	writer_key(writer, TEXT("leads"));
	writer_begin_array(writer);
	while (scan_next(&leads, &key, &record)) {
		if (lead_form_read(arena, record, &form, err) != ERR_OK)
			return err->code;
		leads_view_write(writer, arena, &form, NULL);
	}
	writer_end_array(writer);
	write_pagination(visit, writer);
	writer_end_object(writer);
	return ERR_OK;
}
