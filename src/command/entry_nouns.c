#include "command/entry_nouns.h"

#include "command/entry_rules.h"
#include "command/listing_entries.h"
#include "command/reply.h"
#include "json/scan.h"

#define DOC_BYTES_MAX ((size_t)1024 * 1024)

#define TIMES                                           \
	{"created_at", LISTING_TIME, true, false},      \
	{                                               \
		"updated_at", LISTING_TIME, true, false \
	}

static const struct listing_field tag_fields[] = {
	{"id", LISTING_ID, false, false},
	{"name", LISTING_WORD, true, true},
	{"color", LISTING_WORD, true, false},
	TIMES,
};

static const struct listing_field stage_fields[] = {
	{"id", LISTING_ID, false, false},
	{"name", LISTING_WORD, true, true},
	{"object", LISTING_WORD, true, false},
	{"type", LISTING_WORD, true, false},
	{"category", LISTING_WORD, true, false},
	{"order", LISTING_NUMBER, true, false},
	TIMES,
};

static const struct listing_field field_fields[] = {
	{"id", LISTING_ID, false, false},       {"name", LISTING_WORD, true, true},
	{"key", LISTING_WORD, true, true},      {"object", LISTING_WORD, true, false},
	{"order", LISTING_NUMBER, true, false}, TIMES,
};

static const struct listing_field note_fields[] = {
	{"id", LISTING_ID, false, false},        {"object", LISTING_WORD, true, false},
	{"object_id", LISTING_ID, false, false}, {"note", LISTING_WORD, false, true},
	{"author", LISTING_WORD, true, false},   TIMES,
};

static const struct listing_field activity_fields[] = {
	{"id", LISTING_ID, false, false},          {"object", LISTING_WORD, true, false},
	{"object_id", LISTING_ID, false, false},   {"type", LISTING_WORD, true, true},
	{"created_at", LISTING_TIME, true, false},
};

static const struct listing_field webhook_fields[] = {
	{"id", LISTING_ID, false, false},
	{"name", LISTING_WORD, true, true},
	{"events", LISTING_WORD, false, false},
	{"target_url", LISTING_WORD, true, true},
	{"request_method", LISTING_WORD, true, false},
	{"status", LISTING_WORD, true, false},
	{"wanted_status", LISTING_WORD, true, false},
	{"chatbot_id", LISTING_ID, true, false},
	TIMES,
};

static const struct listing_field chatbot_fields[] = {
	{"id", LISTING_WORD, true, true},
	TIMES,
};

static enum err_code write_row(const struct listing_scene *scene, const struct entry_row *entry,
			       struct writer *writer, struct err *err);

/* A noun's rows as listings read them. */
#define LISTING(entries, plural_name, row_fields, about_field)                                   \
	{                                                                                        \
		.plural = (plural_name), .fields = (row_fields),                                 \
		.field_count = ARRAY_LEN(row_fields), .about = (about_field), .kind = (entries), \
		.write = write_row, LISTING_OF_ENTRIES                                           \
	}

static const struct entry_noun nouns[] = {
	{
		.name = "tag",
		.id_key = "tag_id",
		.missing = ERR_TAG_NOT_FOUND,
		.is_named = true,
		.members = {{"color", NULL, "null", 0}},
		.member_count = 1,
		.listing = LISTING(ENTRY_TAG, "tags", tag_fields, NULL),
	},
	{
		.name = "stage",
		.id_key = "stage_id",
		.missing = ERR_STAGE_NOT_FOUND,
		.is_named = true,
		.has_scope = true,
		.members = {{"object", NULL, NULL, ENTRY_FIXED},
			    {"type", NULL, "\"custom\"", ENTRY_MADE},
			    {"category", NULL, NULL, 0},
			    {"order", NULL, NULL, 0}},
		.member_count = 4,
		.listing = LISTING(ENTRY_STAGE, "stages", stage_fields, NULL),
		.complete = entry_rules_place,
		.release = entry_rules_release_stage,
	},
	{
		.name = "field",
		.id_key = "field_id",
		.missing = ERR_FIELD_NOT_FOUND,
		.is_named = true,
		.has_scope = true,
		.members = {{"key", NULL, NULL, ENTRY_MADE},
			    {"object", NULL, NULL, ENTRY_FIXED},
			    {"order", NULL, NULL, 0}},
		.member_count = 3,
		.listing = LISTING(ENTRY_FIELD, "fields", field_fields, NULL),
		.insert = entry_rules_insert_field,
	},
	{
		.name = "note",
		.id_key = "note_id",
		.missing = ERR_NOTE_NOT_FOUND,
		.is_about = true,
		.members = {{"object", NULL, NULL, ENTRY_FIXED},
			    {"note", NULL, NULL, 0},
			    {"author", NULL, NULL, ENTRY_MADE}},
		.member_count = 3,
		.listing = LISTING(ENTRY_NOTE, "notes", note_fields, "object_id"),
		.complete = entry_rules_sign,
		.check = entry_rules_check_note,
	},
	{
		.name = "activity",
		.id_key = "activity_id",
		.missing = ERR_ACTIVITY_NOT_FOUND,
		.is_about = true,
		.never_changes = true,
		.members = {{"object", NULL, NULL, ENTRY_FIXED},
			    {"type", NULL, NULL, ENTRY_FIXED},
			    {"payload", NULL, "{}", ENTRY_FIXED}},
		.member_count = 3,
		.listing = LISTING(ENTRY_ACTIVITY, "activities", activity_fields, "object_id"),
		.check = entry_rules_check_activity,
	},
	{
		.name = "webhook",
		.id_key = "webhook_id",
		.missing = ERR_WEBHOOK_NOT_FOUND,
		.members = {{"name", NULL, NULL, 0},
			    {"events", NULL, "[]", 0},
			    {"target_url", NULL, NULL, 0},
			    {"request_method", NULL, "\"POST\"", 0},
			    {"filters", NULL, "null", 0},
			    {"status", NULL, "\"off\"", ENTRY_MADE},
			    {"wanted_status", "status", "\"on\"", 0},
			    {"chatbot_id", NULL, "null", 0},
			    {"max_retries", NULL, "3", 0},
			    {"retry_delay_ms", NULL, "1000", 0},
			    {"success_count", NULL, "0", ENTRY_MADE},
			    {"failure_count", NULL, "0", ENTRY_MADE},
			    {"last_triggered_at", NULL, "null", ENTRY_MADE},
			    {"last_success_at", NULL, "null", ENTRY_MADE},
			    {"last_failure_at", NULL, "null", ENTRY_MADE},
			    {"secret", NULL, NULL, ENTRY_MADE | ENTRY_HIDDEN}},
		.member_count = 16,
		.listing = LISTING(ENTRY_WEBHOOK, "webhooks", webhook_fields, NULL),
		.complete = entry_rules_make_secret,
		.check = entry_rules_check_webhook,
	},
	{
		.name = "chatbot",
		.id_key = "chatbot_id",
		.missing = ERR_CHATBOT_NOT_FOUND,
		.is_named = true,
		.is_named_id = true,
		.listing = LISTING(ENTRY_CHATBOT, "chatbots", chatbot_fields, NULL),
	},
};

const struct entry_noun *entry_nouns_of(struct text command_id)
{
	struct text rest, noun = text_split(command_id, '.', &rest);

	for (size_t i = 0; i < ARRAY_LEN(nouns); i++) {
		if (text_is(noun, text_of(nouns[i].name)))
			return &nouns[i];
	}
	return NULL;
}

/* The noun that a listing is of: the one it is a member of. */
static const struct entry_noun *noun_of(const struct listing_scene *scene)
{
	return (const struct entry_noun *)((const char *)scene->noun -
					   offsetof(struct entry_noun, listing));
}

size_t entry_nouns_member(const struct entry_noun *noun, const char *name)
{
	size_t i = 0;

	while (i < noun->member_count && strcmp(noun->members[i].name, name) != 0)
		i++;
	return i;
}

void entry_nouns_read(struct entry_draft *draft)
{
	for (size_t i = 0; i < draft->noun->member_count; i++)
		draft->values[i] =
			scan_member(draft->row.doc, text_of(draft->noun->members[i].name));
}

struct text entry_nouns_doc(const struct entry_draft *draft)
{
	struct buf buf;
	struct writer writer = writer_on(&buf);

	buf_init_arena(&buf, draft->call->arena, DOC_BYTES_MAX);
	writer_begin_object(&writer);
	for (size_t i = 0; i < draft->noun->member_count; i++)
		writer_member_raw(&writer, draft->noun->members[i].name, draft->values[i]);
	writer_end_object(&writer);
	return buf_text(&buf);
}

void entry_nouns_write_members(const struct entry_noun *noun, const struct entry_row *row,
			       struct writer *writer)
{
	if (noun->is_named_id)
		writer_member_text(writer, "id", row->name);
	else
		reply_write_uuid(writer, "id", row->id);
	if (noun->is_named && !noun->is_named_id)
		writer_member_text(writer, "name", row->name);
	for (size_t i = 0; i < noun->member_count; i++) {
		const struct entry_member *member = &noun->members[i];
		struct text value = scan_member(row->doc, text_of(member->name));

		if (member->use & ENTRY_HIDDEN)
			continue;
		writer_key(writer, text_of(member->name));
		if (value.ptr)
			writer_raw(writer, value);
		else
			writer_raw(writer,
				   member->otherwise ? text_of(member->otherwise) : TEXT("null"));
		if (noun->is_about && i == 0)
			reply_write_uuid(writer, "object_id", row->about);
	}
	reply_write_time(writer, "created_at", row->created_ms);
	if (!noun->never_changes)
		reply_write_time(writer, "updated_at", row->updated_ms);
}

void entry_nouns_write(const struct entry_noun *noun, const struct entry_row *row,
		       struct writer *writer)
{
	writer_begin_object(writer);
	entry_nouns_write_members(noun, row, writer);
	writer_end_object(writer);
}

static enum err_code write_row(const struct listing_scene *scene, const struct entry_row *entry,
			       struct writer *writer, struct err *err)
{
	(void)err;
	entry_nouns_write(noun_of(scene), entry, writer);
	return ERR_OK;
}
