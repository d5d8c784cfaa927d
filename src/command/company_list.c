#include "command/company_list.h"

#include "command/company_doc.h"
#include "command/entry_list.h"
#include "json/scan.h"

#define WORDS_BYTES_MAX ((size_t)512 * 1024)

/* company_id, tag_id, and what the document has; in the order of document_fields. */
static const struct where_field fields[] = {
	{"company_id", WHERE_TEXT}, {"tag_id", WHERE_TEXTS},
	{"name", WHERE_TEXT},       {"domain", WHERE_TEXT},
	{"website", WHERE_TEXT},    {"linkedin", WHERE_TEXT},
	{"ln_id", WHERE_TEXT},      {"phone", WHERE_TEXT},
	{"industry", WHERE_TEXT},   {"employees_range", WHERE_TEXT},
	{"status", WHERE_TEXT},     {"stage_id", WHERE_TEXT},
	{NULL, WHERE_TEXT},
};

#define FIRST_OF_DOCUMENT 2

static const enum company_field document_fields[] = {
	COMPANY_NAME,  COMPANY_DOMAIN,   COMPANY_WEBSITE,   COMPANY_LINKEDIN, COMPANY_LN_ID,
	COMPANY_PHONE, COMPANY_INDUSTRY, COMPANY_EMPLOYEES, COMPANY_STATUS,   COMPANY_STAGE,
};

static enum err_code id_value(const struct entry_seen *seen, struct where_value *out,
			      struct err *err)
{
	struct text *text = arena_take(seen->arena, sizeof *text);
	char id[UUID_TEXT_LEN + 1];

	uuid_format(seen->entry->id, id);
	if (text)
		*text = arena_copy(seen->arena, text_of(id));
	if (!text || !text->ptr)
		return err_memory(err);
	*out = (struct where_value){.texts = text, .count = 1};
	return ERR_OK;
}

static enum err_code tag_values(const struct entry_seen *seen, struct text ids,
				struct where_value *out, struct err *err)
{
	struct scan scan = scan_of(ids.ptr ? ids : TEXT("[]"));
	struct text *texts = arena_take(seen->arena, (ids.len / UUID_TEXT_LEN + 1) * sizeof *texts);
	struct text key, id;
	size_t count = 0;

	if (!texts)
		return err_memory(err);
	while (scan_next(&scan, &key, &id)) {
		if (id.len == UUID_TEXT_LEN + 2)
			texts[count++] = (struct text){id.ptr + 1, UUID_TEXT_LEN};
	}
	*out = (struct where_value){.texts = texts, .count = count};
	return ERR_OK;
}

static enum err_code value(const struct entry_seen *seen, size_t field, struct where_value *out,
			   struct err *err)
{
	struct company_doc doc;

	if (field == 0)
		return id_value(seen, out, err);
	if (company_doc_read(seen->entry->doc, &doc, err) != ERR_OK)
		return err->code;
	if (field < FIRST_OF_DOCUMENT)
		return tag_values(seen, doc.values[COMPANY_TAGS], out, err);
	return entry_list_text(seen, doc.values[document_fields[field - FIRST_OF_DOCUMENT]], out,
			       err);
}

static enum err_code words(const struct entry_seen *seen, struct text *out, struct err *err)
{
	static const enum company_field looked_in[] = {COMPANY_NAME, COMPANY_DOMAIN,
						       COMPANY_INDUSTRY, COMPANY_ABOUT};
	struct company_doc doc;
	struct buf buf;

	if (company_doc_read(seen->entry->doc, &doc, err) != ERR_OK)
		return err->code;
	buf_init_arena(&buf, seen->arena, WORDS_BYTES_MAX);
	for (size_t i = 0; i < ARRAY_LEN(looked_in); i++) {
		if (!doc.values[looked_in[i]].ptr)
			continue;
		scan_unescape(doc.values[looked_in[i]], &buf);
		buf_add_char(&buf, ' ');
	}
	if (buf.len == 0)
		buf_add_char(&buf, ' ');
	*out = buf_text(&buf);
	return out->ptr ? ERR_OK : err_memory(err);
}

static enum err_code show(const struct entry_seen *seen, struct writer *writer, struct err *err)
{
	return company_doc_show(seen->arena, seen->db, seen->entry, writer, err);
}

enum err_code company_list_execute(struct call *call, struct txn *txn, struct err *err)
{
	static const struct entry_listing listing = {
		.kind = ENTRY_COMPANY,
		.noun = "companies",
		.fields = fields,
		.value = value,
		.words = words,
		.show = show,
	};

	return entry_list_run(call, txn, &listing, err);
}
