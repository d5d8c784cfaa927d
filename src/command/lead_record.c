#include "command/lead_record.h"

#include "base/clock.h"
#include "command/company_find.h"
#include "command/lead_view.h"
#include "command/reply.h"
#include "json/scan.h"
#include "store/imports.h"

void lead_record_begin(struct lead_record_page *page, struct arena *arena, struct db *db,
		       int64_t workspace)
{
	lead_known_init(&page->known, arena, db, workspace);
	page->has_defaults = false;
	page->import_no = 0;
}

static bool is_no_id(struct uuid id)
{
	return uuid_is(id, (struct uuid){{0}});
}

static enum err_code write_list(struct lead_record_page *page, const struct record *record,
				struct writer *writer, struct err *err)
{
	struct uuid list;

	if (lead_known_first(&page->known, LEAD_KNOWN_LIST, record->values[FIELD_LISTS], &list,
			     err) != ERR_OK)
		return err->code;
	reply_write_uuid(writer, "list_id", is_no_id(list) ? page->defaults.inbox : list);
	return ERR_OK;
}

static enum err_code write_stage(struct lead_record_page *page, const struct record *record,
				 struct writer *writer, struct err *err)
{
	struct text value = record->values[FIELD_STAGE_ID], name = TEXT_NONE;
	struct uuid stage;

	if (value.ptr && uuid_parse(scan_string(page->known.arena, value), &stage) &&
	    lead_known_name(&page->known, LEAD_KNOWN_STAGE, stage, &name, err) != ERR_OK)
		return err->code;
	reply_write_uuid(writer, "stage_id", name.ptr ? stage : page->defaults.stage_new);
	return ERR_OK;
}

static enum err_code write_company(struct lead_record_page *page, const struct record *record,
				   struct writer *writer, struct err *err)
{
	struct uuid company;

	if (company_find(page->known.arena, page->known.db, page->known.workspace, record, &company,
			 err) != ERR_OK)
		return err->code;
	if (is_no_id(company))
		writer_member_raw(writer, "company_id", TEXT("null"));
	else
		reply_write_uuid(writer, "company_id", company);
	return ERR_OK;
}

static enum err_code write_import(struct lead_record_page *page, const struct record *record,
				  struct writer *writer, struct err *err)
{
	int64_t no = record->import_count ? record->imports[0].no : 0;
	char text[UUID_TEXT_LEN + 1];
	struct text name;
	struct uuid id;

	if (no && no != page->import_no) {
		if (imports_name(page->known.db, page->known.arena, no, &id, &name, err) != ERR_OK)
			return err->code;
		uuid_format(id, text);
		page->import_id = name.ptr ? arena_copy(page->known.arena, text_of(text))
					   : TEXT_NONE;
		page->import_no = no;
	}
	if (no && page->import_id.ptr)
		writer_member_text(writer, "import_id", page->import_id);
	else
		writer_member_raw(writer, "import_id", TEXT("null"));
	return ERR_OK;
}

static enum err_code write_tag_ids(struct lead_record_page *page, const struct record *record,
				   struct writer *writer, struct err *err)
{
	struct scan scan =
		scan_of(record->values[FIELD_TAGS].ptr ? record->values[FIELD_TAGS] : TEXT("[]"));
	struct text key, value, name;
	struct uuid id;

	writer_key(writer, TEXT("tag_ids"));
	writer_begin_array(writer);
	while (scan_next(&scan, &key, &value)) {
		if (!uuid_parse(scan_string(page->known.arena, value), &id))
			continue;
		if (lead_known_name(&page->known, LEAD_KNOWN_TAG, id, &name, err) != ERR_OK)
			return err->code;
		if (name.ptr)
			writer_raw(writer, value);
	}
	writer_end_array(writer);
	return ERR_OK;
}

static enum err_code write_field(struct lead_record_page *page, const struct record *record,
				 enum field_id field, struct writer *writer, struct err *err)
{
	struct text value = record->values[field];

	switch (field) {
	case FIELD_STATUS: /* these three stand in front */
	case FIELD_STAGE_ID:
	case FIELD_CHATBOT_ID:
		return ERR_OK;
	case FIELD_TAGS:
		writer_key(writer, field_rows[field].name);
		return lead_known_write_tags(&page->known, LEAD_KNOWN_TAG, value, writer, err);
	case FIELD_LISTS:
		if (lead_known_left(&page->known, LEAD_KNOWN_LIST, value, &value, err) != ERR_OK)
			return err->code;
		break;
	default:
		break;
	}
	if (value.ptr) {
		writer_key(writer, field_rows[field].name);
		writer_raw(writer, value);
	}
	return ERR_OK;
}

static enum err_code write_fields(struct lead_record_page *page, const struct record *record,
				  struct writer *writer, struct err *err)
{
	for (int id = 0; id < FIELD_COUNT; id++) {
		if (record->values[id].ptr &&
		    write_field(page, record, (enum field_id)id, writer, err) != ERR_OK)
			return err->code;
	}
	writer_member_text(writer, "linkedin_url",
			   lead_view_profile_url(page->known.arena, record));
	return ERR_OK;
}

enum err_code lead_record_write(struct lead_record_page *page, const struct lead_row *row,
				const struct record *record, struct writer *writer, struct err *err)
{
	if (!page->has_defaults &&
	    defaults_read(page->known.db, page->known.workspace, &page->defaults, err) != ERR_OK)
		return err->code;
	page->has_defaults = true;
	writer_begin_object(writer);
	reply_write_uuid(writer, "lead_id", row->id);
	writer_member_int(writer, "version", row->version);
	reply_write_time(writer, "created_at", row->created_ms);
	reply_write_time(writer, "updated_at", row->updated_ms);
	writer_member_text(writer, "status", status_word(record_status(record), STATUS_INSIDE));
	if (write_list(page, record, writer, err) != ERR_OK ||
	    write_stage(page, record, writer, err) != ERR_OK ||
	    write_company(page, record, writer, err) != ERR_OK ||
	    write_import(page, record, writer, err) != ERR_OK)
		return err->code;
	if (record->values[FIELD_CHATBOT_ID].ptr)
		writer_member_raw(writer, "chatbot_id", record->values[FIELD_CHATBOT_ID]);
	if (write_tag_ids(page, record, writer, err) != ERR_OK ||
	    write_fields(page, record, writer, err) != ERR_OK)
		return err->code;
	writer_end_object(writer);
	return ERR_OK;
}
