#include "command/envelope.h"

static void write_error(struct writer *writer, const struct reply *reply, const struct err *err)
{
	writer_key(writer, TEXT("error"));
	writer_begin_object(writer);
	writer_member_text(writer, "code", text_of(err_name(err->code)));
	writer_member_text(writer, "message", text_of(err->message));
	if (err->pointer[0])
		writer_member_text(writer, "pointer", text_of(err->pointer));
	if (reply && reply->details.ptr)
		writer_member_raw(writer, "details", reply->details);
	if (reply && reply->candidates.ptr)
		writer_member_raw(writer, "candidates", reply->candidates);
	writer_end_object(writer);
}

static void write_meta(struct writer *writer, const struct call *call, const struct reply *reply,
		       struct text request_id)
{
	writer_key(writer, TEXT("meta"));
	writer_begin_object(writer);
	writer_member_bool(writer, "approval_required", false);
	writer_member_text(writer, "command_hash", call && call->hash.ptr ? call->hash : TEXT(""));
	reply_write_meta(reply, writer);
	if (request_id.ptr)
		writer_member_text(writer, "request_id", request_id);
	writer_end_object(writer);
}

void envelope_write(struct buf *out, const struct call *call, const struct err *err,
		    struct text request_id)
{
	static const struct reply nothing;
	const struct reply *reply = call ? &call->reply : &nothing;
	/* What a write that was undone would have done is nobody's business. */
	struct reply failed = {.warning_count = reply->warning_count};
	struct writer writer = writer_on(out);
	bool ok = err->code == ERR_OK;

	memcpy(failed.warnings, reply->warnings, sizeof failed.warnings);
	writer_begin_object(&writer);
	writer_member_bool(&writer, "ok", ok);
	writer_member_int(&writer, "status", err_http_status(err->code));
	if (ok)
		writer_member_raw(&writer, "data", reply->data);
	else
		write_error(&writer, reply, err);
	write_meta(&writer, call, ok ? reply : &failed, request_id);
	writer_end_object(&writer);
}

void envelope_write_refusal(struct buf *out, const struct err *err)
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
