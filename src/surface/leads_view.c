#include "surface/leads_view.h"

#include "lead/status.h"

#define ID_DIGITS 32

static const char *const prefixes[] =
	{[LEADS_LEAD] = "lead_", [LEADS_WORKSPACE] = "ws_", [LEADS_WEBHOOK] = "webhook_"};

static struct text id_of(struct arena *arena, enum leads_kind kind, struct uuid uuid)
{
	struct buf buf;

	buf_init_arena(&buf, arena, 64);
	buf_add(&buf, text_of(prefixes[kind]));
	for (size_t i = 0; i < sizeof uuid.bytes; i++)
		buf_add_format(&buf, "%02x", uuid.bytes[i]);
	return buf_text(&buf);
}

struct text leads_view_id(struct arena *arena, enum leads_kind kind, struct text uuid)
{
	struct uuid parsed;

	return uuid_parse(uuid, &parsed) ? id_of(arena, kind, parsed) : TEXT_NONE;
}

struct text leads_view_inside(struct arena *arena, enum leads_kind kind, struct text id)
{
	struct text prefix = text_of(prefixes[kind]);
	struct text digits = text_skip(id, prefix.len);
	char uuid[UUID_TEXT_LEN + 1];
	struct uuid parsed;

	if (!text_starts(id, prefix) || digits.len != ID_DIGITS || !uuid_parse(digits, &parsed))
		return TEXT_NONE;
	uuid_format(parsed, uuid);
	return arena_copy(arena, text_of(uuid));
}

static void write_id(struct writer *writer, struct text id)
{
	if (id.ptr)
		writer_text(writer, id);
	else
		writer_null(writer);
}

/* The inside word as this dialect has it. */
static void write_status(struct writer *writer, struct text word)
{
	enum status status = STATUS_NEW;

	if (!status_from_word(word, STATUS_INSIDE, STATUS_NEW, &status))
		status = STATUS_NEW;
	writer_text(writer, status_word(status, STATUS_LEADS));
}

/* What stands for a value that is not known. */
static struct text unknown(enum field_id field)
{
	if (field == FIELD_NAME)
		return TEXT("\"\"");
	return field == FIELD_METADATA ? TEXT("{}") : TEXT("null");
}

void leads_view_write(struct writer *writer, struct arena *arena, const struct lead_form *lead,
		      const struct uuid *workspace)
{
	static const enum field_id shown[] = {FIELD_NAME,   FIELD_EMAIL,  FIELD_PHONE,
					      FIELD_SOURCE, FIELD_STATUS, FIELD_METADATA};

	writer_begin_object(writer);
	writer_key(writer, TEXT("id"));
	write_id(writer, leads_view_id(arena, LEADS_LEAD, lead->lead_id));
	for (size_t i = 0; i < ARRAY_LEN(shown); i++) {
		struct text value = lead->values[shown[i]];

		writer_key(writer, field_rows[shown[i]].leads);
		if (shown[i] == FIELD_STATUS)
			write_status(writer, lead->status);
		else
			writer_raw(writer, value.ptr ? value : unknown(shown[i]));
	}
	writer_member_text(writer, "createdAt", lead->created_at);
	writer_member_text(writer, "updatedAt", lead->updated_at);
	if (workspace) {
		writer_key(writer, TEXT("workspaceId"));
		write_id(writer, id_of(arena, LEADS_WORKSPACE, *workspace));
	}
	writer_end_object(writer);
}
