#include "surface/contacts_view.h"

#include <stdlib.h>

#include "json/scan.h"
#include "surface/contacts.h"

#define CONTACT_BYTES_MAX ((size_t)16 * 1024 * 1024)

#define DO_NOT_CONTACT TEXT("do_not_contact")

struct viewing {
	struct writer *writer;
	struct arena *arena;
	const struct lead_form *form;
	int64_t team;
};

static struct text text_field(const struct viewing *viewing, enum field_id field)
{
	return lead_form_text(viewing->arena, viewing->form, field);
}

static void write_text(const struct viewing *viewing, const char *key, struct text text)
{
	contacts_write_text(viewing->writer, key, text);
}

static void write_null(const struct viewing *viewing, const char *key)
{
	contacts_write_text(viewing->writer, key, TEXT_NONE);
}

/* The field's value as it is kept, or null. */
static void write_field(const struct viewing *viewing, const char *key, enum field_id field)
{
	struct text value = viewing->form->values[field];

	writer_member_raw(viewing->writer, key, value.ptr ? value : TEXT("null"));
}

/* The field under the name that the table of fields has for it here. */
static void write_named(const struct viewing *viewing, enum field_id field)
{
	write_field(viewing, field_rows[field].contacts.ptr, field);
}

/* A whole number; what was written with a fraction loses it. */
static void write_whole(const struct viewing *viewing, enum field_id field)
{
	struct text value = viewing->form->values[field];
	struct text number = arena_copy(viewing->arena, value);
	int64_t whole;

	if (!value.ptr || !number.ptr || text_to_int(value, &whole))
		write_named(viewing, field);
	else
		writer_member_int(viewing->writer, field_rows[field].contacts.ptr,
				  (int64_t)strtod(number.ptr, NULL));
}

/* 1, 0 or null. */
static void write_flag(const struct viewing *viewing, enum field_id field)
{
	struct text value = viewing->form->values[field];
	struct text number = text_is(value, TEXT("true")) ? TEXT("1") : TEXT("0");

	writer_member_raw(viewing->writer, field_rows[field].contacts.ptr,
			  value.ptr ? number : TEXT("null"));
}

/* Where the first dash with blanks around it stands; 0: nowhere. *out_len is that of all three. */
static size_t find_dash(struct text text, size_t *out_len)
{
	static const struct text dashes[] = {{" - ", 3},
					     {" \xE2\x80\x93 ", 5},
					     {" \xE2\x80\x94 ", 5},
					     {"\xE2\x80\x93", 3},
					     {"\xE2\x80\x94", 3},
					     {" to ", 4}};

	for (size_t i = 0; i < ARRAY_LEN(dashes); i++) {
		const char *at = text.len ? memmem(text.ptr, text.len, dashes[i].ptr, dashes[i].len)
					  : NULL;

		if (at && at > text.ptr) {
			*out_len = dashes[i].len;
			return (size_t)(at - text.ptr);
		}
	}
	/* "2015-2019" is two years; "2015-06" is one month, "2015-06-01" one day. */
	const char *only = text.len ? memchr(text.ptr, '-', text.len) : NULL;

	if (!only || memchr(only + 1, '-', text.len - (size_t)(only + 1 - text.ptr)) ||
	    only - text.ptr < 4 || text.ptr + text.len - only < 5)
		return 0;
	*out_len = 1;
	return (size_t)(only - text.ptr);
}

void contacts_view_split(struct text text, struct text *out_from, struct text *out_to)
{
	static const struct text dot = {"\xC2\xB7", 2};
	const char *extra = text.len ? memmem(text.ptr, text.len, dot.ptr, dot.len) : NULL;
	size_t len = 0;

	if (extra)
		text.len = (size_t)(extra - text.ptr);
	text = text_trim(text);
	size_t at = find_dash(text, &len);

	if (at == 0) {
		*out_from = text;
		*out_to = TEXT("");
		return;
	}
	*out_from = text_trim((struct text){text.ptr, at});
	*out_to = text_trim(text_skip(text, at + len));
}

/* The text of member `key` of an item, "" where it has none. */
static struct text item_text(const struct viewing *viewing, struct text item, const char *key)
{
	struct text text = scan_string(viewing->arena, scan_member(item, text_of(key)));

	return text.ptr ? text : TEXT("");
}

static void write_position(const struct viewing *viewing, struct text item)
{
	struct text from, to;

	contacts_view_split(item_text(viewing, item, "duration"), &from, &to);
	write_text(viewing, "title", item_text(viewing, item, "role"));
	write_text(viewing, "company", item_text(viewing, item, "company"));
	write_text(viewing, "start_date", from);
	write_text(viewing, "end_date", to);
}

static void write_post(const struct viewing *viewing, struct text item)
{
	write_text(viewing, "content", item_text(viewing, item, "content"));
	write_text(viewing, "date", item_text(viewing, item, "date"));
}

/* A year alone is that of the degree. */
static void write_school(const struct viewing *viewing, struct text item)
{
	struct text from, to;

	contacts_view_split(item_text(viewing, item, "year"), &from, &to);
	if (to.len == 0) {
		to = from;
		from = TEXT("");
	}
	write_text(viewing, "school", item_text(viewing, item, "school"));
	write_text(viewing, "degree", item_text(viewing, item, "degree"));
	write_text(viewing, "field_of_study", TEXT(""));
	write_text(viewing, "start_year", from);
	write_text(viewing, "end_year", to);
}

static void write_items(const struct viewing *viewing, enum field_id field,
			void (*write)(const struct viewing *viewing, struct text item))
{
	const char *key = field_rows[field].contacts.ptr;
	struct text items = viewing->form->values[field], name, item;
	struct scan scan = scan_of(items);

	if (!items.ptr) {
		write_null(viewing, key);
		return;
	}
	writer_key(viewing->writer, text_of(key));
	writer_begin_array(viewing->writer);
	while (scan_next(&scan, &name, &item)) {
		writer_begin_object(viewing->writer);
		write(viewing, item);
		writer_end_object(viewing->writer);
	}
	writer_end_array(viewing->writer);
}

static bool has_profile(const struct lead_form *form)
{
	return form->linkedin_url.len > 0 || form->values[FIELD_LN_ID].ptr ||
	       form->values[FIELD_SN_ID].ptr || form->values[FIELD_LINKEDIN].ptr;
}

static struct text status_of(const struct lead_form *form)
{
	bool is_reachable = has_profile(form) || form->values[FIELD_EMAIL].ptr ||
			    form->values[FIELD_PERSONAL_EMAIL].ptr ||
			    form->values[FIELD_PHONE].ptr || form->values[FIELD_PERSONAL_PHONE].ptr;

	return is_reachable ? TEXT("ok") : TEXT("no_contact_data");
}

static void write_statuses(const struct viewing *viewing)
{
	const struct lead_form *form = viewing->form;
	struct text linkedin = text_field(viewing, FIELD_LINKEDIN_STATUS);
	struct text email = text_field(viewing, FIELD_EMAIL_STATUS);

	if (!linkedin.ptr)
		linkedin = has_profile(form) ? TEXT("active") : TEXT("unknown");
	if (text_is(form->status, DO_NOT_CONTACT))
		linkedin = email = DO_NOT_CONTACT;
	write_text(viewing, "status", status_of(form));
	write_text(viewing, "linkedin_status", linkedin);
	write_text(viewing, "email_status", email);
}

static void write_ids(const struct viewing *viewing)
{
	const struct lead_form *form = viewing->form;

	write_text(viewing, "uuid", form->lead_id);
	writer_member_int(viewing->writer, "team_id", viewing->team);
	write_null(viewing, "user_id");
	write_null(viewing, "sender_profile_uuid");
	write_text(viewing, "list_uuid", form->list_id);
	write_text(viewing, "data_source_uuid", form->import_id);
	write_text(viewing, "pipeline_stage_uuid", form->stage_id);
	write_text(viewing, "company_uuid", form->company_id);
}

/* Fields that go over as they are, in the contact's order. */
static void write_plain(const struct viewing *viewing)
{
	static const enum field_id fields[] = {
		FIELD_NAME,
		FIELD_FIRST_NAME,
		FIELD_LAST_NAME,
		FIELD_COMPANY,
		FIELD_COMPANY_LINKEDIN_ID,
		FIELD_JOB_TITLE,
		FIELD_TITLE,
		FIELD_DESCRIPTION,
		FIELD_AVATAR_URL,
		FIELD_LN_ID,
		FIELD_SN_ID,
		FIELD_LINKEDIN,
		FIELD_FACEBOOK,
		FIELD_TWITTER,
		FIELD_EMAIL,
		FIELD_PERSONAL_EMAIL,
		FIELD_PHONE,
		FIELD_PERSONAL_PHONE,
	};

	for (size_t i = 0; i < ARRAY_LEN(fields); i++)
		write_named(viewing, fields[i]);
}

static void write_place(const struct viewing *viewing)
{
	struct text place = viewing->form->values[FIELD_LOCATION];

	write_named(viewing, FIELD_LOCATION);
	if (!place.ptr) {
		write_null(viewing, "location");
		return;
	}
	writer_key(viewing->writer, TEXT("location"));
	writer_begin_array(viewing->writer);
	writer_begin_object(viewing->writer);
	writer_member_raw(viewing->writer, "address_string", place);
	writer_end_object(viewing->writer);
	writer_end_array(viewing->writer);
}

static void write_members(const struct viewing *viewing)
{
	const struct lead_form *form = viewing->form;

	write_ids(viewing);
	write_plain(viewing);
	write_whole(viewing, FIELD_CONNECTIONS);
	write_whole(viewing, FIELD_FOLLOWERS);
	write_named(viewing, FIELD_PRIMARY_LANGUAGE);
	write_named(viewing, FIELD_SUPPORTED_LANGUAGES);
	write_flag(viewing, FIELD_HAS_OPEN_PROFILE);
	write_flag(viewing, FIELD_HAS_VERIFIED_PROFILE);
	write_flag(viewing, FIELD_HAS_PREMIUM);
	write_items(viewing, FIELD_EXPERIENCE, write_position);
	write_items(viewing, FIELD_RECENT_POSTS, write_post);
	write_items(viewing, FIELD_EDUCATION, write_school);
	write_named(viewing, FIELD_SKILLS);
	write_place(viewing);
	writer_member_raw(viewing->writer, "tags", form->tag_ids.ptr ? form->tag_ids : TEXT("[]"));
	write_statuses(viewing);
	writer_member_raw(viewing->writer, "unread_counts", TEXT("[]"));
	write_null(viewing, "last_automation_approve_at");
	contacts_write_time(viewing->writer, "created_at", form->created_at);
	contacts_write_time(viewing->writer, "updated_at", form->updated_at);
}

enum err_code contacts_view_write(struct writer *writer, struct arena *arena, struct text record,
				  int64_t team, bool copies, struct err *err)
{
	struct lead_form form;
	struct buf buf;
	struct writer inner = writer_on(&buf);
	struct viewing viewing = {.writer = &inner, .arena = arena, .form = &form, .team = team};

	if (lead_form_read(arena, record, &form, err) != ERR_OK)
		return err->code;
	buf_init_arena(&buf, arena, CONTACT_BYTES_MAX);
	/* Most contacts take less: growing copies. */
	if (buf_reserve(&buf, record.len + 2048))
		write_members(&viewing);
	struct text members = buf_text(&buf);

	if (!members.ptr)
		return err_memory(err);
	writer_begin_object(writer);
	for (int time = 0; time <= copies; time++) {
		if (time > 0) {
			writer_key(writer, TEXT("lead"));
			writer_begin_object(writer);
		}
		writer_raw(writer, members);
		if (time > 0)
			writer_end_object(writer);
	}
	writer_end_object(writer);
	return ERR_OK;
}
