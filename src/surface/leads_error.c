#include "surface/leads_error.h"

#include <stdio.h>

#include "json/scan.h"
#include "surface/leads_view.h"

#define ERROR_BYTES_MAX ((size_t)64 * 1024)
/* Longer values are not repeated in an answer. */
#define VALUE_BYTES_MAX 1024
#define FIELD_BYTES_MAX 512

#define DUPLICATE "A different lead with this email already exists in your workspace"

struct code_row {
	enum err_code code;
	const char *name;
	const char *title; /* NULL: the failure's own message */
	const char *noun;  /* of what is not there: the member of details that has its id */
};

static const struct code_row rows[] = {
	{ERR_INVALID_INPUT, "VALIDATION_ERROR", "Validation failed", NULL},
	{ERR_IDENTIFIER_REQUIRED, "VALIDATION_ERROR", "Validation failed", NULL},
	{ERR_LEAD_EXISTS, "DUPLICATE_EMAIL", "Email already exists", NULL},
	{ERR_IDENTITY_CONFLICT, "DUPLICATE_EMAIL", "Email already exists", NULL},
	{ERR_LEAD_NOT_FOUND, "LEAD_NOT_FOUND", "Lead not found", "leadId"},
	{ERR_CHATBOT_NOT_FOUND, "CHATBOT_NOT_FOUND", "Chatbot not found", "chatbotId"},
	{ERR_WEBHOOK_NOT_FOUND, "WEBHOOK_NOT_FOUND", "Webhook not found", "webhookId"},
	{ERR_RATE_LIMITED, "RATE_LIMIT_EXCEEDED", NULL, NULL},
	{ERR_INTERNAL, "INTERNAL_ERROR", NULL, NULL},
	{ERR_NOT_FOUND, "NOT_FOUND",
	 "There is nothing at this address. Leads are at /api/v1/leads and "
	 "/api/v1/chatbots/{chatbotId}/leads, webhooks at /api/v1/chatbots/{chatbotId}/webhooks.",
	 NULL},
};

static struct code_row row_of(enum err_code code)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (rows[i].code == code)
			return rows[i];
	}
	return (struct code_row){code, err_name(code), NULL, NULL};
}

static bool is_below(struct text path, struct text prefix)
{
	return text_starts(path, prefix) && (path.len == prefix.len || path.ptr[prefix.len] == '/');
}

bool leads_error_is_path(struct text path)
{
	return is_below(path, TEXT("/api/v1/leads")) || is_below(path, TEXT("/api/v1/chatbots"));
}

static bool is_sent(const struct http_request *request, const char *header)
{
	return text_trim(http_request_header(request, header)).len > 0;
}

/* The code on the wire; only the request tells a missing key from a wrong one. */
static const char *name_of(const struct http_request *request, enum err_code code)
{
	if (code != ERR_UNAUTHENTICATED)
		return row_of(code).name;
	return is_sent(request, "Authorization") || is_sent(request, "X-API-Key")
		       ? "INVALID_API_KEY"
		       : "MISSING_AUTH_HEADER";
}

static struct writer begin(const struct http_request *request, const struct err *err,
			   struct buf *out)
{
	const char *title = row_of(err->code).title;
	struct writer writer = writer_on(out);

	writer_begin_object(&writer);
	writer_member_bool(&writer, "success", false);
	writer_member_text(&writer, "error", text_of(title ? title : err->message));
	writer_member_text(&writer, "code", text_of(name_of(request, err->code)));
	return writer;
}

/* The path's parameter that names what is not there: the last but for a chatbot. */
static struct text missing_id(const struct visit *visit, enum err_code code)
{
	if (!visit)
		return TEXT_NONE;
	return code != ERR_CHATBOT_NOT_FOUND && visit->params[1].ptr ? visit->params[1]
								     : visit->params[0];
}

static void write_fault(struct writer *writer, struct text field, struct text value,
			struct text message)
{
	writer_key(writer, TEXT("details"));
	writer_begin_object(writer);
	writer_member_text(writer, "field", field);
	writer_member_raw(writer, "value", value.ptr ? value : TEXT("null"));
	writer_member_text(writer, "message", message);
	writer_end_object(writer);
}

static bool is_validation(enum err_code code)
{
	return code == ERR_INVALID_INPUT || code == ERR_IDENTIFIER_REQUIRED;
}

int leads_error_write(const struct http_request *request, const struct err *err, struct buf *out)
{
	const struct visit *visit = request->user;
	struct writer writer = begin(request, err, out);
	const char *noun = row_of(err->code).noun;
	struct text id = missing_id(visit, err->code);

	if (err->code == ERR_RATE_LIMITED && visit)
		writer_member_int(&writer, "retryAfter", visit->retry_s);
	if (noun && id.ptr) {
		writer_key(&writer, TEXT("details"));
		writer_begin_object(&writer);
		writer_member_text(&writer, noun, id);
		writer_end_object(&writer);
	}
	if (is_validation(err->code))
		write_fault(&writer, TEXT("request"), TEXT_NONE, text_of(err->message));
	writer_end_object(&writer);
	return err_http_status(err->code);
}

static void answer(struct visit *visit, const struct err *err, const struct buf *buf)
{
	visit_note(visit, err);
	if (buf->failed)
		visit_fail(visit, err); /* shorter, but in the same form */
	else
		visit_respond_json(visit, err_http_status(err->code), buf);
}

/* Canonical JSON of a value; absent when it is missing or long. */
static struct text shown_value(struct arena *arena, const json_t *value)
{
	struct buf buf;
	struct writer writer = writer_on(&buf);

	if (!value)
		return TEXT_NONE;
	buf_init_arena(&buf, arena, VALUE_BYTES_MAX);
	writer_value(&writer, value);
	return buf_text(&buf);
}

static void respond_fault(struct visit *visit, const struct err *err, struct text field,
			  const json_t *value)
{
	struct arena *arena = visit->request->arena;
	struct writer writer;
	struct buf buf;

	buf_init_arena(&buf, arena, ERROR_BYTES_MAX);
	writer = begin(visit->request, err, &buf);
	write_fault(&writer, field, shown_value(arena, value), text_of(err->message));
	writer_end_object(&writer);
	answer(visit, err, &buf);
}

void leads_error_refuse(struct visit *visit, const struct leads_sent *sent, const char *field,
			const char *message)
{
	struct err err;

	err_set(&err, ERR_INVALID_INPUT, "", "%s", message);
	respond_fault(visit, &err, text_of(field), json_object_get(sent->members, field));
}

/* A segment of a JSON pointer without its escapes. */
static struct text unescaped(struct arena *arena, struct text segment)
{
	struct buf buf;

	buf_init_arena(&buf, arena, FIELD_BYTES_MAX);
	for (size_t i = 0; i < segment.len; i++) {
		bool escape = segment.ptr[i] == '~' && i + 1 < segment.len;

		if (!escape)
			buf_add_char(&buf, segment.ptr[i]);
		else
			buf_add_char(&buf, segment.ptr[++i] == '0' ? '~' : '/');
	}
	return buf.len > 0 ? buf_text(&buf) : TEXT("");
}

static const json_t *child(const json_t *value, struct text segment)
{
	int64_t index;

	if (json_is_array(value) && text_to_int(segment, &index) && index >= 0)
		return json_array_get(value, (size_t)index);
	return json_object_getn(value, segment.ptr, segment.len);
}

/* The client's name for what `pointer` begins with, and in *rest what follows; or absent. */
static struct text renamed(const struct leads_sent *sent, struct text pointer, struct text *rest)
{
	for (size_t i = 0; i < sent->name_count; i++) {
		struct text inside = text_of(sent->names[i].inside);
		struct text end = text_skip(pointer, inside.len + 1);

		if (!text_starts(text_skip(pointer, 1), inside) || (end.len > 0 && *end.ptr != '/'))
			continue;
		*rest = end.len > 0 ? text_skip(end, 1) : TEXT_NONE;
		return text_of(sent->names[i].shown);
	}
	return TEXT_NONE;
}

/* "/metadata/score" as the client knows it: "metadata.score", and the value it sent there. */
static struct text place_of(struct arena *arena, const struct leads_sent *sent, struct text pointer,
			    const json_t **out_value)
{
	struct text rest = text_skip(pointer, 1), first;
	struct buf buf;

	first = renamed(sent, pointer, &rest);
	if (first.ptr) /* what follows is the command's own form of it */
		rest = TEXT_NONE;
	else
		first = unescaped(arena, text_split(rest, '/', &rest));
	*out_value = json_object_getn(sent->members, first.ptr, first.len);
	buf_init_arena(&buf, arena, FIELD_BYTES_MAX);
	buf_add(&buf, first);
	while (rest.ptr) {
		struct text segment = unescaped(arena, text_split(rest, '/', &rest));

		buf_add_char(&buf, '.');
		buf_add(&buf, segment);
		*out_value = child(*out_value, segment);
	}
	return buf_text(&buf);
}

/* "must be a string" is to be read behind the field's name; a sentence stands for itself. */
static void make_sentence(struct text field, struct err *err)
{
	char fragment[sizeof err->message];
	size_t len = strlen(err->message);
	char last = len > 0 ? err->message[len - 1] : '.';

	if (err->message[0] < 'a' || err->message[0] > 'z')
		return;
	memcpy(fragment, err->message, len + 1);
	err_set(err, err->code, "", "%.*s %s%s", TEXT_ARG(field), fragment,
		last == '.' || last == '?' ? "" : ".");
}

static void fail_validation(struct visit *visit, const struct leads_sent *sent)
{
	struct arena *arena = visit->request->arena;
	struct err err = visit->call.job.err;
	struct scan scan = scan_of(visit->call.reply.details);
	struct text key, first, pointer = text_of(err.pointer), field = TEXT("request");
	const json_t *value = NULL;

	if (visit->call.reply.details.ptr && scan_next(&scan, &key, &first)) {
		pointer = scan_string(arena, scan_member(first, TEXT("pointer")));
		err_set(&err, err.code, "", "%.*s",
			TEXT_ARG(scan_string(arena, scan_member(first, TEXT("message")))));
	}
	if (pointer.len > 0)
		field = place_of(arena, sent, pointer, &value);
	make_sentence(field, &err);
	respond_fault(visit, &err, field, value);
}

static void fail_duplicate(struct visit *visit, const struct leads_sent *sent)
{
	const struct err *err = &visit->call.job.err;
	struct arena *arena = visit->request->arena;
	struct scan scan = scan_of(visit->call.reply.candidates);
	struct text key, first = TEXT_NONE, id = TEXT_NONE;
	const json_t *email = json_object_get(sent->members, "email");
	struct writer writer;
	struct buf buf;

	if (visit->call.reply.candidates.ptr && scan_next(&scan, &key, &first))
		id = leads_view_id(arena, LEADS_LEAD,
				   scan_string(arena, scan_member(first, TEXT("lead_id"))));
	buf_init_arena(&buf, arena, ERROR_BYTES_MAX);
	writer = begin(visit->request, err, &buf);
	writer_key(&writer, TEXT("details"));
	writer_begin_object(&writer);
	if (json_is_string(email))
		writer_member_text(&writer, "email",
				   text_trim((struct text){json_string_value(email),
							   json_string_length(email)}));
	if (id.ptr)
		writer_member_text(&writer, "existingLeadId", id);
	writer_member_text(&writer, "message", TEXT(DUPLICATE));
	writer_end_object(&writer);
	writer_end_object(&writer);
	answer(visit, err, &buf);
}

void leads_error_fail(struct visit *visit, const struct leads_sent *sent)
{
	const struct err *err = &visit->call.job.err;

	if (is_validation(err->code))
		fail_validation(visit, sent);
	else if (err->code == ERR_LEAD_EXISTS || err->code == ERR_IDENTITY_CONFLICT)
		fail_duplicate(visit, sent);
	else
		visit_fail(visit, err);
}
