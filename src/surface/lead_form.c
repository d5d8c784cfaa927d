#include "surface/lead_form.h"

#include "json/scan.h"

/* The made member of that name; NULL when the record's own members have none such. */
static struct text *member_of(struct lead_form *form, struct text key)
{
	const struct {
		struct text key;
		struct text *slot;
	} members[] = {
		{TEXT("lead_id"), &form->lead_id},
		{TEXT("version"), &form->version},
		{TEXT("created_at"), &form->created_at},
		{TEXT("updated_at"), &form->updated_at},
		{TEXT("status"), &form->status},
		{TEXT("list_id"), &form->list_id},
		{TEXT("stage_id"), &form->stage_id},
		{TEXT("company_id"), &form->company_id},
		{TEXT("import_id"), &form->import_id},
		{TEXT("chatbot_id"), &form->chatbot_id},
		{TEXT("tag_ids"), &form->tag_ids},
		{TEXT("linkedin_url"), &form->linkedin_url},
	};

	for (size_t i = 0; i < ARRAY_LEN(members); i++) {
		if (text_is(key, members[i].key))
			return members[i].slot;
	}
	return NULL;
}

/* A JSON text without its quotes; numbers and arrays as they are; absent for null. */
static struct text plain(struct arena *arena, struct text value)
{
	if (value.len > 0 && *value.ptr == '"')
		return scan_string(arena, value);
	return text_is(value, TEXT("null")) ? TEXT_NONE : value;
}

enum err_code lead_form_read(struct arena *arena, struct text record, struct lead_form *out,
			     struct err *err)
{
	struct lead_form form = {.version = TEXT_NONE};
	struct scan scan = scan_of(record);
	struct text key, value;
	int next = 0; /* fields come in the table's order */

	while (scan_next(&scan, &key, &value)) {
		int field = next;

		while (field < FIELD_COUNT && !text_is(key, field_rows[field].name))
			field++;
		struct text *slot = field == FIELD_COUNT || field == FIELD_STATUS ||
						    field == FIELD_STAGE_ID ||
						    field == FIELD_CHATBOT_ID
					    ? member_of(&form, key)
					    : NULL;

		if (slot) {
			*slot = plain(arena, value);
			continue;
		}
		if (field == FIELD_COUNT)
			return err_internal(err, "a lead's record has an unknown member %.*s",
					    TEXT_ARG(key));
		form.values[field] = value;
		next = field + 1;
	}
	if (scan.broken || !form.lead_id.ptr)
		return err_internal(err, "a lead's record is damaged");
	*out = form;
	return ERR_OK;
}

struct text lead_form_text(struct arena *arena, const struct lead_form *form, enum field_id field)
{
	struct text value = form->values[field];

	if (value.len == 0 || *value.ptr != '"')
		return TEXT_NONE;
	return scan_string(arena, value);
}
