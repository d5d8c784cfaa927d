#include "command/reply.h"

#include "base/clock.h"
#include "json/scan.h"

static const char *const outcome_names[] = {NULL, "created", "updated", "unchanged"};

struct writer reply_begin(struct reply *reply, struct arena *arena)
{
	buf_init_arena(&reply->buf, arena, REPLY_BYTES_MAX);
	return writer_on(&reply->buf);
}

bool reply_end(struct reply *reply)
{
	reply->data = buf_text(&reply->buf);
	return reply->data.ptr != NULL;
}

void reply_warn(struct reply *reply, struct text warning)
{
	if (reply->warning_count < REPLY_WARNINGS_MAX && warning.ptr)
		reply->warnings[reply->warning_count++] = warning;
}

const char *reply_outcome_name(enum reply_outcome outcome)
{
	return outcome_names[outcome];
}

void reply_write_matched(int64_t matched, struct writer *writer)
{
	writer_begin_array(writer);
	for (int kind = 0; kind < IDENTIFIER_KIND_COUNT; kind++) {
		if (matched & (int64_t)1 << kind)
			writer_text(writer,
				    text_of(identifier_kind_name((enum identifier_kind)kind)));
	}
	writer_end_array(writer);
}

static void write_warnings(const struct reply *reply, struct writer *writer)
{
	writer_key(writer, TEXT("warnings"));
	writer_begin_array(writer);
	for (size_t i = 0; i < reply->warning_count; i++)
		writer_text(writer, reply->warnings[i]);
	writer_end_array(writer);
}

void reply_write_meta(const struct reply *reply, struct writer *writer)
{
	write_warnings(reply, writer);
	if (reply->outcome != REPLY_NONE) {
		writer_member_text(writer, "outcome", text_of(outcome_names[reply->outcome]));
		writer_key(writer, TEXT("matched_by"));
		reply_write_matched(reply->matched, writer);
		writer_member_raw(writer, "changed",
				  reply->changed.ptr ? reply->changed : TEXT("[]"));
	}
	if (reply->change_id.ptr)
		writer_member_text(writer, "change_id", reply->change_id);
	if (reply->next_cursor.ptr)
		writer_member_text(writer, "next_cursor", reply->next_cursor);
}

void reply_pack(const struct reply *reply, struct buf *out)
{
	struct writer writer = writer_on(out);

	writer_begin_object(&writer);
	writer_member_raw(&writer, "data", reply->data);
	writer_member_int(&writer, "outcome", reply->outcome);
	writer_member_int(&writer, "matched", reply->matched);
	writer_member_int(&writer, "version", reply->version);
	if (reply->changed.ptr)
		writer_member_raw(&writer, "changed", reply->changed);
	if (reply->change_id.ptr)
		writer_member_text(&writer, "change_id", reply->change_id);
	write_warnings(reply, &writer);
	writer_end_object(&writer);
}

static int64_t number_member(struct text packed, const char *key)
{
	int64_t number = 0;

	return text_to_int(scan_member(packed, text_of(key)), &number) ? number : 0;
}

bool reply_unpack(struct arena *arena, struct text packed, struct reply *out)
{
	struct scan warnings = scan_of(scan_member(packed, TEXT("warnings")));
	struct text key, value;

	*out = (struct reply){
		.data = scan_member(packed, TEXT("data")),
		.outcome = (enum reply_outcome)number_member(packed, "outcome"),
		.matched = number_member(packed, "matched"),
		.version = number_member(packed, "version"),
		.changed = scan_member(packed, TEXT("changed")),
		.change_id = scan_string(arena, scan_member(packed, TEXT("change_id"))),
		.replayed = true,
	};
	while (scan_next(&warnings, &key, &value))
		reply_warn(out, scan_string(arena, value));
	return out->data.ptr && out->outcome <= REPLY_UNCHANGED;
}

void reply_write_time(struct writer *writer, const char *key, int64_t at_ms)
{
	char text[CLOCK_TEXT_LEN + 1];

	clock_format(at_ms, text);
	writer_member_text(writer, key, text_of(text));
}

void reply_write_uuid(struct writer *writer, const char *key, struct uuid id)
{
	char text[UUID_TEXT_LEN + 1];

	uuid_format(id, text);
	writer_member_text(writer, key, text_of(text));
}
