#include "command/lead_view.h"

#include "command/reply.h"
#include "json/scan.h"
#include "lead/linkedin.h"

static struct text plain(struct arena *arena, const struct record *record, enum field_id field)
{
	return record->values[field].ptr ? scan_string(arena, record->values[field]) : TEXT_NONE;
}

struct text lead_view_profile_url(struct arena *arena, const struct record *record)
{
	return linkedin_profile_url(arena, plain(arena, record, FIELD_LINKEDIN),
				    plain(arena, record, FIELD_LN_ID),
				    plain(arena, record, FIELD_SN_ID));
}

/* Members that the schema requires, with what stands for "nothing known". */
static struct text empty_value(enum field_id field)
{
	switch (field) {
	case FIELD_NAME:
	case FIELD_TITLE:
	case FIELD_COMPANY:
	case FIELD_AVATAR_URL:
		return TEXT("\"\"");
	case FIELD_SCORE:
		return TEXT("0");
	default:
		return TEXT_NONE;
	}
}

static void write_field(struct writer *writer, const struct record *record, enum field_id field)
{
	const struct field_row *row = &field_rows[field];
	struct text value = record->values[field];

	if (field == FIELD_STATUS) {
		writer_key(writer, row->runtime);
		writer_text(writer, status_word(record_status(record), STATUS_RUNTIME));
		return;
	}
	if (!value.ptr)
		value = empty_value(field);
	if (value.ptr) {
		writer_key(writer, row->runtime);
		writer_raw(writer, value);
	}
}

/* Members that are made from others stand where the dialect's Lead has them. */
static void write_made_before(struct writer *writer, struct text url, enum field_id field,
			      const struct record *record)
{
	struct text missions = record->values[FIELD_MISSIONS];
	struct text key, first;

	if (field == FIELD_STATUS) {
		writer_member_text(writer, "linkedinUrl", url);
		writer_member_text(writer, "linkedin_url", url);
	}
	if (field == FIELD_IS_FLAGGED && missions.ptr) {
		struct scan scan = scan_of(missions);

		if (scan_next(&scan, &key, &first))
			writer_member_raw(writer, "mission", first);
		writer_member_raw(writer, "missions", missions);
	}
}

void lead_view_write(struct writer *writer, struct arena *arena, const struct lead_row *row,
		     const struct record *record, bool compact)
{
	struct text url = lead_view_profile_url(arena, record);
	char added[CLOCK_TEXT_LEN + 1];

	clock_format(row->created_ms, added);
	writer_begin_object(writer);
	reply_write_uuid(writer, "id", row->id);
	for (int id = 0; id < FIELD_COUNT; id++) {
		enum field_id field = (enum field_id)id;

		if (!field_rows[id].runtime.ptr)
			continue;
		write_made_before(writer, url, field, record);
		if (field == FIELD_IS_FLAGGED)
			writer_member_text(writer, "addedDate", text_of(added));
		if (!compact || field_rows[id].compact)
			write_field(writer, record, field);
	}
	writer_end_object(writer);
}

static void write_text(struct writer *writer, const char *key, const struct record *record,
		       enum field_id field)
{
	writer_member_raw(writer, key,
			  record->values[field].ptr ? record->values[field] : TEXT("\"\""));
}

void lead_view_write_found(struct writer *writer, struct arena *arena, const struct lead_row *row,
			   const struct record *record)
{
	writer_begin_object(writer);
	reply_write_uuid(writer, "lead_id", row->id);
	write_text(writer, "avatar_url", record, FIELD_AVATAR_URL);
	write_text(writer, "name", record, FIELD_NAME);
	write_text(writer, "headline", record, FIELD_TITLE);
	write_text(writer, "company", record, FIELD_COMPANY);
	write_text(writer, "job_title", record, FIELD_JOB_TITLE);
	writer_member_raw(writer, "score",
			  record->values[FIELD_SCORE].ptr ? record->values[FIELD_SCORE]
							  : TEXT("0"));
	writer_member_text(writer, "linkedin_url", lead_view_profile_url(arena, record));
	writer_end_object(writer);
}

void lead_view_write_identifier(struct writer *writer, const struct identifier *identifier)
{
	writer_begin_object(writer);
	writer_member_text(writer, "kind", text_of(identifier_kind_name(identifier->kind)));
	if (identifier_space_of(identifier->kind) == IDENTIFIER_BY_SOURCE) {
		struct text id, source = text_split(identifier->value, '\t', &id);
		char joined[1400];
		int len = snprintf(joined, sizeof joined, "%.*s:%.*s", TEXT_ARG(source),
				   TEXT_ARG(id));

		writer_member_text(writer, "value", (struct text){joined, (size_t)len});
	} else {
		writer_member_text(writer, "value", identifier->value);
	}
	writer_end_object(writer);
}
