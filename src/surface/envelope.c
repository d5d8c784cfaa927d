#include "surface/envelope.h"

static void write_meta(const struct reply *reply, struct text hash, struct text request_id,
		       struct writer *writer)
{
	writer_begin_object(writer);
	writer_member_bool(writer, "approval_required", false);
	writer_member_text(writer, "command_hash", hash.ptr ? hash : TEXT(""));
	reply_write_meta(reply, writer);
	if (reply->replayed)
		writer_member_bool(writer, "replayed", true);
	if (request_id.ptr)
		writer_member_text(writer, "request_id", request_id);
	writer_end_object(writer);
}

/* Every place that is wrong; where only one is known, that one. */
static void write_details(const struct err *err, struct text details, struct writer *writer)
{
	if (details.ptr) {
		writer_member_raw(writer, "details", details);
		return;
	}
	if (!err->pointer[0])
		return;
	writer_key(writer, TEXT("details"));
	writer_begin_array(writer);
	writer_begin_object(writer);
	writer_member_text(writer, "pointer", text_of(err->pointer));
	writer_member_text(writer, "message", text_of(err->message));
	writer_end_object(writer);
	writer_end_array(writer);
}

static void write_error(const struct err *err, const struct reply *reply, struct writer *writer)
{
	writer_begin_object(writer);
	writer_member_text(writer, "code", text_of(err_name(err->code)));
	writer_member_text(writer, "message", text_of(err->message));
	write_details(err, reply->details, writer);
	if (reply->candidates.ptr)
		writer_member_raw(writer, "candidates", reply->candidates);
	writer_end_object(writer);
}

/* Warnings stay; what the command did is undone and not to be told. */
static void write_bare_meta(const struct reply *reply, struct text hash, struct text request_id,
			    struct writer *writer)
{
	struct reply bare = {.warning_count = reply->warning_count};

	memcpy(bare.warnings, reply->warnings, sizeof bare.warnings);
	write_meta(&bare, hash, request_id, writer);
}

static void write_failure(const struct err *err, const struct reply *reply, struct text hash,
			  struct text request_id, struct buf *out)
{
	struct writer writer = writer_on(out);

	writer_begin_object(&writer);
	writer_member_bool(&writer, "ok", false);
	writer_member_int(&writer, "status", err_http_status(err->code));
	writer_key(&writer, TEXT("error"));
	write_error(err, reply, &writer);
	writer_key(&writer, TEXT("meta"));
	write_bare_meta(reply, hash, request_id, &writer);
	writer_end_object(&writer);
}

void envelope_write_failure(const struct call *call, struct writer *writer)
{
	write_error(&call->job.err, &call->reply, writer);
}

void envelope_write_meta(const struct call *call, struct text request_id, struct writer *writer)
{
	if (call->job.err.code == ERR_OK)
		write_meta(&call->reply, call->hash, request_id, writer);
	else
		write_bare_meta(&call->reply, call->hash, request_id, writer);
}

void envelope_write(const struct call *call, struct text request_id, struct buf *out)
{
	struct writer writer = writer_on(out);

	if (call->job.err.code != ERR_OK) {
		write_failure(&call->job.err, &call->reply, call->hash, request_id, out);
		return;
	}
	writer_begin_object(&writer);
	writer_member_bool(&writer, "ok", true);
	writer_member_int(&writer, "status", err_http_status(ERR_OK));
	writer_member_raw(&writer, "data", call->reply.data);
	writer_key(&writer, TEXT("meta"));
	write_meta(&call->reply, call->hash, request_id, &writer);
	writer_end_object(&writer);
}

void envelope_write_error(const struct err *err, struct text request_id, struct buf *out)
{
	struct reply reply = {.warning_count = 0};

	write_failure(err, &reply, TEXT_NONE, request_id, out);
}

void envelope_write_plain(const struct err *err, struct buf *out)
{
	struct writer writer = writer_on(out);

	writer_begin_object(&writer);
	writer_key(&writer, TEXT("error"));
	writer_begin_object(&writer);
	writer_member_text(&writer, "message", text_of(err->message));
	writer_member_text(&writer, "code", text_of(err_name(err->code)));
	writer_end_object(&writer);
	writer_end_object(&writer);
}
