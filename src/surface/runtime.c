#include "surface/runtime.h"

#include "json/parse.h"
#include "surface/envelope.h"

#define LIST_BYTES_MAX ((size_t)4 * 1024 * 1024)
#define ENVELOPE_EXTRA_BYTES ((size_t)1024 * 1024) /* around the data: meta, details */
#define INPUT_DEPTH_MAX 64
#define INPUT_VALUES_MAX 500000
#define IDEMPOTENCY_KEY_MAX 255

void runtime_write_catalogue(struct desk *desk, struct writer *writer)
{
	size_t count;
	const struct command *commands = dispatch_commands(desk, &count);

	writer_begin_object(writer);
	writer_key(writer, TEXT("commands"));
	writer_begin_array(writer);
	for (size_t i = 0; i < count; i++)
		writer_raw(writer, commands[i].meta);
	writer_end_array(writer);
	writer_end_object(writer);
}

void runtime_list(struct visit *visit)
{
	struct buf buf;
	struct writer writer = writer_on(&buf);

	buf_init_arena(&buf, visit->request->arena, LIST_BYTES_MAX);
	writer_begin_object(&writer);
	writer_key(&writer, TEXT("data"));
	runtime_write_catalogue(visit->services->desk, &writer);
	writer_end_object(&writer);
	visit_respond_json(visit, 200, &buf);
}

void runtime_schema(struct visit *visit)
{
	const struct command *command = dispatch_find(visit->services->desk, visit->params[0]);
	struct buf buf;
	struct writer writer = writer_on(&buf);
	struct err err;

	if (!command) {
		err_set(&err, ERR_COMMAND_NOT_FOUND, "",
			"There is no such command. GET /api/v1/commands names them all.");
		visit_fail(visit, &err);
		return;
	}
	buf_init_arena(&buf, visit->request->arena, LIST_BYTES_MAX);
	writer_begin_object(&writer);
	writer_key(&writer, TEXT("data"));
	writer_begin_object(&writer);
	writer_member_raw(&writer, "command", command->whole);
	writer_end_object(&writer);
	writer_end_object(&writer);
	visit_respond_json(visit, 200, &buf);
}

static enum err_code read_profile(struct visit *visit, const json_t *value, struct err *err)
{
	struct text word = http_request_query(visit->request, "response_profile");

	if (value) {
		word = text_of(json_string_value(value));
		word = word.ptr ? word : TEXT("");
	}
	if (!word.ptr || command_profile_parse(word, &visit->call.profile))
		return ERR_OK;
	return err_set(err, ERR_INVALID_INPUT, "/response_profile",
		       "response_profile is \"full\", \"compact\" or \"record\".");
}

/* {"input":{…},"response_profile":…}: take the input out. `body` is released. */
static enum err_code open_wrapper(struct visit *visit, json_t *body, struct err *err)
{
	json_t *input = json_object_get(body, "input");
	json_t *profile = json_object_get(body, "response_profile");
	size_t known = (size_t)(input != NULL) + (size_t)(profile != NULL);

	visit->call.input = input ? json_incref(input) : json_object();
	if (known != json_object_size(body))
		err_set(err, ERR_INVALID_INPUT, "",
			"Beside \"input\" only \"response_profile\" may stand; every other member "
			"belongs into \"input\".");
	else if (!visit->call.input)
		err_memory(err);
	else if (!json_is_object(visit->call.input))
		err_set(err, ERR_INVALID_INPUT, "/input", "\"input\" must be an object.");
	else
		read_profile(visit, profile, err);
	json_decref(body);
	return err->code;
}

/* No command has a member of that name, so a body that has it wraps its input. */
static bool is_wrapper(const json_t *body)
{
	return json_object_get(body, "input") ||
	       (json_object_size(body) == 1 && json_object_get(body, "response_profile"));
}

static enum err_code read_body(struct visit *visit, struct err *err)
{
	struct text bytes = visit->request->body;
	struct parse_limits limits = {.bytes_max = bytes.len,
				      .depth_max = INPUT_DEPTH_MAX,
				      .values_max = INPUT_VALUES_MAX};
	json_t *body = NULL;

	err->code = ERR_OK;
	if (bytes.len == 0)
		body = json_object();
	else if (parse_json(bytes, &limits, &body, err) != ERR_OK)
		return err->code;
	if (!body)
		return err_memory(err);
	if (is_wrapper(body))
		return open_wrapper(visit, body, err);
	visit->call.input = body;
	if (!json_is_object(body))
		return err_set(err, ERR_INVALID_INPUT, "",
			       "The body must be an object: {\"input\":{…}} or the input alone.");
	return read_profile(visit, NULL, err);
}

enum err_code runtime_check_idempotency_key(struct text key, struct err *err)
{
	bool is_sound = key.len > 0 && key.len <= IDEMPOTENCY_KEY_MAX;

	for (size_t i = 0; i < key.len; i++)
		is_sound = is_sound && key.ptr[i] >= ' ' && key.ptr[i] <= '~';
	if (is_sound)
		return ERR_OK;
	return err_set(err, ERR_INVALID_INPUT, "",
		       "Idempotency-Key takes 1 to %d printable ASCII characters, e.g. a "
		       "UUID.",
		       IDEMPOTENCY_KEY_MAX);
}

enum err_code runtime_read_idempotency_key(struct visit *visit, struct err *err)
{
	struct text key = http_request_header(visit->request, "Idempotency-Key");

	if (key.ptr && runtime_check_idempotency_key(key, err) != ERR_OK)
		return err->code;
	visit->call.idempotency_key = key;
	return ERR_OK;
}

/* The version in an entity tag, "7" or W/"7"; 0 for a tag that is none of ours. */
static int64_t tag_version(struct text tag)
{
	int64_t version;

	tag = text_trim(tag);
	if (text_starts(tag, TEXT("W/")))
		tag = text_skip(tag, 2);
	if (tag.len < 3 || tag.ptr[0] != '"' || tag.ptr[tag.len - 1] != '"')
		return 0;
	if (!text_to_int((struct text){tag.ptr + 1, tag.len - 2}, &version) || version < 1)
		return 0;
	return version;
}

/* True when the command has an input member for the version that a write is meant for. */
static bool takes_version(const struct command *command)
{
	struct text member = TEXT("\"if_version\":");

	return memmem(command->whole.ptr, command->whole.len, member.ptr, member.len) != NULL;
}

static enum err_code read_if_match(struct visit *visit, struct err *err)
{
	struct text value = text_trim(http_request_header(visit->request, "If-Match"));

	if (!value.ptr || text_is(value, TEXT("*")))
		return ERR_OK;
	/* To ignore a condition would be to overwrite what the caller wants to protect. */
	if (visit->call.command && !takes_version(visit->call.command))
		return err_set(err, ERR_INVALID_INPUT, "",
			       "%s takes no If-Match. Leave it out, or use lead.update.",
			       visit->call.command->id.ptr);
	visit->call.if_version = tag_version(value);
	if (visit->call.if_version > 0)
		return ERR_OK;
	return err_set(err, ERR_INVALID_INPUT, "",
		       "If-Match takes one ETag as it came with the lead, e.g. \"7\" with its "
		       "quotes, or *.");
}

void runtime_run(struct visit *visit)
{
	struct err err;

	if (read_body(visit, &err) == ERR_OK &&
	    runtime_read_idempotency_key(visit, &err) == ERR_OK &&
	    read_if_match(visit, &err) == ERR_OK)
		visit_run(visit, visit->params[0]);
	else
		visit_fail(visit, &err);
}

/* The failure as HTTP has it: a version from If-Match is a precondition. */
static void translate(struct visit *visit)
{
	struct call *call = &visit->call;

	if (call->job.err.code == ERR_VERSION_CONFLICT && call->if_version > 0 &&
	    !json_object_get(call->input, "if_version"))
		call->job.err.code = ERR_PRECONDITION_FAILED;
}

static void fail(struct visit *visit)
{
	const struct err *err = &visit->call.job.err;
	struct buf buf;

	/* What has no details of a command is answered like any other failure. */
	if (err->code == ERR_FORBIDDEN || err->code == ERR_BUSY) {
		visit_fail(visit, err);
		return;
	}
	visit_note(visit, err);
	buf_init_arena(&buf, visit->request->arena, ENVELOPE_EXTRA_BYTES);
	envelope_write(&visit->call, visit->request->id, &buf);
	visit_respond_json(visit, err_http_status(err->code), &buf);
}

/* True when If-None-Match names the version that the client would get. */
static bool is_known_version(const struct visit *visit)
{
	struct text tags = http_request_header(visit->request, "If-None-Match");
	int64_t version = visit->call.reply.version;

	if (version == 0 || visit->call.command->risk != COMMAND_READ)
		return false;
	while (tags.ptr) {
		struct text tag = text_trim(text_split(tags, ',', &tags));

		if (text_is(tag, TEXT("*")) || tag_version(tag) == version)
			return true;
	}
	return false;
}

static void add_headers(struct visit *visit)
{
	const struct reply *reply = &visit->call.reply;
	char tag[32];
	int len;

	if (reply->version > 0) {
		len = snprintf(tag, sizeof tag, "\"%lld\"", (long long)reply->version);
		http_respond_header(visit->request, "ETag", (struct text){tag, (size_t)len});
	}
	if (reply->replayed)
		http_respond_header(visit->request, "Idempotency-Replayed", TEXT("true"));
}

void runtime_finish(struct visit *visit)
{
	struct call *call = &visit->call;
	struct buf buf;

	if (call->job.err.code != ERR_OK) {
		translate(visit);
		fail(visit);
		return;
	}
	add_headers(visit);
	if (is_known_version(visit)) {
		http_respond(visit->request, 304, TEXT_NONE, TEXT(""));
		return;
	}
	buf_init_arena(&buf, visit->request->arena, REPLY_BYTES_MAX + ENVELOPE_EXTRA_BYTES);
	/* At once what it will take: growing copies. */
	if (buf_reserve(&buf, call->reply.data.len + 1024))
		envelope_write(call, visit->request->id, &buf);
	visit_respond_json(visit, 200, &buf);
}

void runtime_done(struct visit *visit)
{
	json_decref(visit->call.input);
	visit->call.input = NULL;
}
