#include "command/company_list.h"

#include "command/company_doc.h"
#include "command/listing_entries.h"

static const struct listing_field fields[] = {
	{"id", LISTING_ID, false, false},          {"name", LISTING_WORD, true, true},
	{"domain", LISTING_WORD, true, true},      {"website", LISTING_WORD, true, false},
	{"linkedin", LISTING_WORD, true, false},   {"ln_id", LISTING_WORD, true, false},
	{"phone", LISTING_WORD, true, false},      {"hq_raw_address", LISTING_WORD, true, true},
	{"industry", LISTING_WORD, true, true},    {"employees_range", LISTING_WORD, true, false},
	{"about", LISTING_WORD, false, true},      {"status", LISTING_WORD, true, false},
	{"stage_id", LISTING_ID, false, false},    {"tag_ids", LISTING_ID, false, false},
	{"tags", LISTING_WORD, false, false},      {"created_at", LISTING_TIME, true, false},
	{"updated_at", LISTING_TIME, true, false},
};

static enum err_code write_row(const struct listing_scene *scene, const struct entry_row *entry,
			       struct writer *writer, struct err *err)
{
	return company_doc_show(scene->arena, scene->db, entry, writer, err);
}

enum err_code company_list_prepare(struct call *call, struct err *err)
{
	static const struct listing_noun noun = {
		.plural = "companies",
		.fields = fields,
		.field_count = ARRAY_LEN(fields),
		.kind = ENTRY_COMPANY,
		.write = write_row,
		LISTING_OF_ENTRIES,
	};

	return listing_prepare(call, &noun, err);
}
