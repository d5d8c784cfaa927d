#include "surface/contacts_error.h"

#include "json/scan.h"
#include "surface/contacts_query.h"

#define ERROR_BYTES_MAX ((size_t)1024 * 1024)
/* Fields that an answer names; whoever has more mistakes mends these first. */
#define PROBLEMS_MAX 100

struct problem {
	struct text field; /* "lead.email"; "" when the input as a whole is meant */
	struct text sentence;
};

struct failure {
	const struct err *err;
	int status;
	struct text message;
	struct text candidates; /* JSON array of {lead_id, …}; absent: none */
	struct problem problems[PROBLEMS_MAX];
	size_t count; /* of all; the first PROBLEMS_MAX are kept */
};

/* Parts of paths that servers which send have, and this one has not. */
static const char *const sending[] = {
	"flows",  "linkedin-messages", "emails",           "messages",    "mailboxes",
	"ai",     "sender-profiles",   "enrichment",       "sequences",   "conversations",
	"tasks",  "automation",        "proxies",          "inbox",       "advanced-enrichment",
	"enrich", "flow-versions",     "enrichment-queue", "attachments", "linkedin-browsers",
};

/* The path behind "/leads/api" or "/leads/c1/api"; absent when it is none of this dialect. */
static struct text behind_service(struct text path)
{
	struct text service, rest;

	if (path.len == 0 || *path.ptr != '/')
		return TEXT_NONE;
	service = text_split(text_skip(path, 1), '/', &rest);
	if (service.len == 0 || text_is(service, TEXT("api")) || !rest.ptr)
		return TEXT_NONE;
	if (text_starts(rest, TEXT("c1/")))
		rest = text_skip(rest, 3);
	if (!text_starts(rest, TEXT("api")) || (rest.len > 3 && rest.ptr[3] != '/'))
		return TEXT_NONE;
	return text_skip(rest, 3);
}

bool contacts_error_is_path(struct text path)
{
	return behind_service(path).ptr != NULL;
}

static bool is_of_sending(struct text path)
{
	static const char *const services[] = {"/flows/", "/emails/", "/ai/", "/messages/",
					       "/browsers/"};
	struct text rest = behind_service(path);

	for (size_t i = 0; i < ARRAY_LEN(services); i++) {
		if (text_starts(path, text_of(services[i])))
			return true;
	}
	while (rest.ptr) {
		struct text segment = text_split(rest, '/', &rest);

		for (size_t i = 0; i < ARRAY_LEN(sending); i++) {
			if (text_is(segment, text_of(sending[i])))
				return true;
		}
	}
	return false;
}

static int status_of(enum err_code code)
{
	return code == ERR_INVALID_INPUT || code == ERR_IDENTIFIER_REQUIRED ? 422
									    : err_http_status(code);
}

static const char *reason_of(enum err_code code, int status)
{
	if (code == ERR_IDENTITY_CONFLICT)
		return "identity_conflict";
	switch (status) {
	case 400:
		return "bad_request";
	case 401:
		return "auth_exception";
	case 403:
		return "access_denied";
	case 404:
		return "not_found";
	case 405:
		return "method_not_allowed";
	case 409:
		return "conflict";
	case 413:
		return "payload_too_large";
	case 415:
		return "unsupported_media_type";
	case 422:
		return "validation_error";
	case 429:
		return "too_many_requests";
	case 503:
		return "busy";
	default:
		return status < 500 ? "bad_request" : "server_error";
	}
}

/* A segment of a JSON pointer without its escapes. */
static struct text unescaped(struct arena *arena, struct text segment)
{
	struct buf buf;

	if (!segment.len || !memchr(segment.ptr, '~', segment.len))
		return segment;
	buf_init_arena(&buf, arena, 4096);
	for (size_t i = 0; i < segment.len; i++) {
		bool escape = segment.ptr[i] == '~' && i + 1 < segment.len;

		if (!escape)
			buf_add_char(&buf, segment.ptr[i]);
		else
			buf_add_char(&buf, segment.ptr[++i] == '0' ? '~' : '/');
	}
	return buf_text(&buf);
}

static void add_segment(struct buf *out, const struct contacts_names *names, struct text segment)
{
	enum field_id field = fields_by_name(segment);

	for (size_t i = 0; i < names->count; i++) {
		if (text_is(segment, text_of(names->rows[i].inside))) {
			buf_add(out, text_of(names->rows[i].shown));
			return;
		}
	}
	if (field == FIELD_COUNT || !field_rows[field].contacts_input.ptr) {
		buf_add(out, segment);
		return;
	}
	if (out->len == 0 && names->before_field)
		buf_add(out, text_of(names->before_field));
	buf_add(out, field_rows[field].contacts_input);
}

/* "/leads/3/email" as the client knows it: "leads.3.email". */
static struct text field_of(struct arena *arena, const struct contacts_names *names,
			    struct text pointer)
{
	struct text where = names->query ? contacts_query_field(names->query, pointer) : TEXT_NONE;
	struct text rest = pointer.len > 0 ? text_skip(pointer, 1) : TEXT_NONE;
	struct buf buf;

	if (where.ptr)
		return where;
	buf_init_arena(&buf, arena, 4096);
	while (rest.ptr) {
		struct text segment = text_split(rest, '/', &rest);

		if (buf.len > 0)
			buf_add_char(&buf, '.');
		add_segment(&buf, names, unescaped(arena, segment));
	}
	return buf.len > 0 ? buf_text(&buf) : TEXT("");
}

/*
 * "must be a string" is to be read behind the field's name; a sentence stands for itself, but
 * that commands speak of a condition as where[3].value.
 */
static struct text sentence_of(struct arena *arena, struct text field, struct text message)
{
	char last = message.len > 0 ? message.ptr[message.len - 1] : '.';
	bool is_fragment = last != '.' && message.ptr[0] >= 'a' && message.ptr[0] <= 'z';
	bool is_of_where = text_starts(message, TEXT("where["));
	const char *stop = last == '.' || last == '?' ? "" : ".";
	struct text rest = message;

	if (is_of_where)
		text_split(message, ' ', &rest);
	if (!rest.ptr || (!is_fragment && !is_of_where))
		return message;
	if (field.len == 0)
		field = TEXT("The body");
	return arena_format(arena, "%.*s %.*s%s", TEXT_ARG(field), TEXT_ARG(rest), stop);
}

static void add_problem(struct failure *failure, struct text field, struct text sentence)
{
	if (failure->count++ < PROBLEMS_MAX)
		failure->problems[failure->count - 1] = (struct problem){field, sentence};
}

static void add_details(struct failure *failure, struct arena *arena,
			const struct contacts_names *names, struct text details)
{
	struct scan scan = scan_of(details);
	struct text key, item;

	while (scan_next(&scan, &key, &item)) {
		struct text pointer = scan_string(arena, scan_member(item, TEXT("pointer")));
		struct text message = scan_string(arena, scan_member(item, TEXT("message")));

		struct text field = field_of(arena, names, pointer);

		add_problem(failure, field, sentence_of(arena, field, message));
	}
}

static void write_candidates(struct writer *writer, struct text candidates)
{
	struct scan scan = scan_of(candidates);
	struct text key, item;

	writer_key(writer, TEXT("candidates"));
	writer_begin_array(writer);
	while (scan_next(&scan, &key, &item))
		writer_raw(writer, scan_member(item, TEXT("lead_id")));
	writer_end_array(writer);
}

/* Each field once, with every message about it. */
static void write_data(struct writer *writer, const struct failure *failure)
{
	size_t count = failure->count < PROBLEMS_MAX ? failure->count : PROBLEMS_MAX;
	bool written[PROBLEMS_MAX] = {false};

	writer_key(writer, TEXT("data"));
	writer_begin_object(writer);
	for (size_t i = 0; i < count; i++) {
		struct text field = failure->problems[i].field;

		if (written[i] || field.len == 0)
			continue;
		writer_key(writer, field);
		writer_begin_array(writer);
		for (size_t k = i; k < count; k++) {
			if (!text_is(field, failure->problems[k].field))
				continue;
			written[k] = true;
			writer_text(writer, failure->problems[k].sentence);
		}
		writer_end_array(writer);
	}
	if (failure->candidates.ptr)
		write_candidates(writer, failure->candidates);
	writer_end_object(writer);
}

static void write_failure(const struct failure *failure, struct buf *out)
{
	struct writer writer = writer_on(out);
	enum err_code code = failure->err->code;

	writer_begin_object(&writer);
	writer_key(&writer, TEXT("error"));
	writer_begin_object(&writer);
	writer_member_text(&writer, "reason", text_of(reason_of(code, failure->status)));
	writer_member_text(&writer, "message", failure->message);
	write_data(&writer, failure);
	writer_end_object(&writer);
	writer_member_text(&writer, "message", failure->message);
	writer_member_int(&writer, "code", failure->status);
	writer_end_object(&writer);
}

int contacts_error_write(const struct err *err, struct text path, struct buf *out)
{
	struct failure failure = {.err = err,
				  .status = err_http_status(err->code),
				  .message = text_of(err->message)};

	if (err->code == ERR_NOT_FOUND && is_of_sending(path))
		failure.message = TEXT("This server keeps leads and does not send: it has no "
				       "flows, messages, mailboxes, senders or enrichment.");
	else if (err->code == ERR_NOT_FOUND)
		failure.message = TEXT("There is nothing at this address. Contacts are below "
				       "/leads/api/leads.");
	else if (err->code == ERR_TOO_LARGE)
		failure.message = TEXT("The body is too large. Send fewer contacts at once, or "
				       "upload them as a file: POST "
				       "/leads/api/file-imports/upload-csv.");
	write_failure(&failure, out);
	return failure.status;
}

static void answer(struct visit *visit, const struct failure *failure)
{
	const struct err *err = failure->err;
	struct buf buf;

	visit_note(visit, err);
	buf_init_arena(&buf, visit->request->arena, ERROR_BYTES_MAX);
	write_failure(failure, &buf);
	if (buf.failed)
		visit_fail(visit, err); /* shorter, but in the same form */
	else
		visit_respond_json(visit, failure->status, &buf);
}

/* The first problem says it all, or that there are more. */
static struct text message_of(struct arena *arena, const struct failure *failure)
{
	struct text first = failure->problems[0].sentence;

	if (failure->count <= 1)
		return first;
	return arena_format(arena, "%.*s (and %zu more)", TEXT_ARG(first), failure->count - 1);
}

void contacts_error_fail(struct visit *visit, const struct contacts_names *names)
{
	struct arena *arena = visit->request->arena;
	const struct err *err = &visit->call.job.err;
	struct text details = visit->call.reply.details;
	struct failure failure = {.err = err,
				  .status = status_of(err->code),
				  .message = text_of(err->message),
				  .candidates = visit->call.reply.candidates};

	if (err_http_status(err->code) >= 500 || err->code == ERR_FORBIDDEN) {
		visit_fail(visit, err);
		return;
	}
	if (details.ptr) {
		add_details(&failure, arena, names, details);
	} else if (err->pointer[0]) {
		struct text field = field_of(arena, names, text_of(err->pointer));

		add_problem(&failure, field, sentence_of(arena, field, text_of(err->message)));
	}
	if (failure.count > 0)
		failure.message = message_of(arena, &failure);
	answer(visit, &failure);
}

void contacts_error_absent(struct visit *visit)
{
	struct err err;

	err_set(&err, ERR_NOT_FOUND, "", "There is nothing at this address.");
	visit_fail(visit, &err);
}

void contacts_error_refuse(struct visit *visit, const struct err *err)
{
	struct failure failure = {.err = err,
				  .status = status_of(err->code),
				  .message = text_of(err->message)};

	if (err->pointer[0])
		add_problem(&failure, text_of(err->pointer), failure.message);
	answer(visit, &failure);
}

void contacts_error_blame(struct visit *visit, enum err_code missing, const char *member)
{
	struct err *err = &visit->call.job.err;
	struct text rest, place = text_skip(text_of(err->pointer), 1);

	if (err->code != missing)
		return;
	err->code = ERR_INVALID_INPUT;
	/* The command may have told which one of several it is. */
	if (!text_is(text_split(place, '/', &rest), text_of(member)))
		snprintf(err->pointer, sizeof err->pointer, "/%s", member);
}
