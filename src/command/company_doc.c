#include "command/company_doc.h"

#include <stdio.h>

#include "json/scan.h"

#define DOC_BYTES_MAX ((size_t)256 * 1024)
#define METADATA_BYTES_MAX ((size_t)64 * 1024)

static const struct text names[COMPANY_FIELD_COUNT] = {
	[COMPANY_NAME] = {"name", 4},
	[COMPANY_DOMAIN] = {"domain", 6},
	[COMPANY_WEBSITE] = {"website", 7},
	[COMPANY_LINKEDIN] = {"linkedin", 8},
	[COMPANY_LN_ID] = {"ln_id", 5},
	[COMPANY_PHONE] = {"phone", 5},
	[COMPANY_ADDRESS] = {"hq_raw_address", 14},
	[COMPANY_LOGO] = {"logo_url", 8},
	[COMPANY_INDUSTRY] = {"industry", 8},
	[COMPANY_EMPLOYEES] = {"employees_range", 15},
	[COMPANY_ABOUT] = {"about", 5},
	[COMPANY_STATUS] = {"status", 6},
	[COMPANY_STAGE] = {"stage_id", 8},
	[COMPANY_TAGS] = {"tag_ids", 7},
	[COMPANY_METADATA] = {"metadata", 8},
};

struct text company_doc_name(enum company_field field)
{
	return names[field];
}

enum err_code company_doc_read(struct text doc, struct company_doc *out, struct err *err)
{
	struct scan scan = scan_of(doc);
	struct text key, value;

	*out = (struct company_doc){.values = {{NULL, 0}}};
	while (scan_next(&scan, &key, &value)) {
		for (size_t i = 0; i < COMPANY_FIELD_COUNT; i++) {
			if (text_is(names[i], key))
				out->values[i] = value;
		}
	}
	return scan.broken ? err_internal(err, "the document of a company is damaged") : ERR_OK;
}

enum err_code company_doc_write(struct arena *arena, const struct company_doc *doc,
				struct text *out, struct err *err)
{
	struct buf buf;
	struct writer writer = writer_on(&buf);

	buf_init_arena(&buf, arena, DOC_BYTES_MAX);
	writer_begin_object(&writer);
	for (size_t i = 0; i < COMPANY_FIELD_COUNT; i++) {
		if (!doc->values[i].ptr)
			continue;
		writer_key(&writer, names[i]);
		writer_raw(&writer, doc->values[i]);
	}
	writer_end_object(&writer);
	if (buf.failed)
		return err_set(err, ERR_INVALID_INPUT, "",
			       "The company would be larger than %zu bytes. Send less long text.",
			       DOC_BYTES_MAX);
	*out = buf_text(&buf);
	return ERR_OK;
}

enum err_code company_doc_facts(struct arena *arena, const struct company_doc *doc,
				struct company_facts *out, struct err *err)
{
	const struct {
		enum company_field field;
		struct text *to;
	} parts[] = {
		{COMPANY_NAME, &out->name},         {COMPANY_DOMAIN, &out->domain},
		{COMPANY_WEBSITE, &out->website},   {COMPANY_LINKEDIN, &out->linkedin},
		{COMPANY_LN_ID, &out->linkedin_id},
	};

	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		struct text value = doc->values[parts[i].field];

		*parts[i].to = value.ptr ? scan_string(arena, value) : TEXT_NONE;
		if (value.ptr && !parts[i].to->ptr)
			return err_memory(err);
	}
	return ERR_OK;
}

static enum err_code canonical(struct arena *arena, const json_t *value, struct text *out,
			       struct err *err)
{
	struct buf buf;
	struct writer writer = writer_on(&buf);

	buf_init_arena(&buf, arena, DOC_BYTES_MAX);
	writer_value(&writer, value);
	*out = buf_text(&buf);
	return out->ptr ? ERR_OK : err_memory(err);
}

static enum err_code refuse(enum company_field field, const char *advice, struct err *err)
{
	char pointer[32];

	snprintf(pointer, sizeof pointer, "/%s", names[field].ptr);
	return err_set(err, ERR_INVALID_INPUT, pointer, "%s", advice);
}

/* The text in its one form; what is no domain or page is refused: nobody could find it again. */
static enum err_code read_text(struct arena *arena, enum company_field field, struct text *text,
			       struct err *err)
{
	struct text value = *text;
	enum err_code code = ERR_OK;

	if (field == COMPANY_DOMAIN)
		code = company_domain(arena, value, text, err);
	else if (field == COMPANY_LINKEDIN || field == COMPANY_LN_ID)
		code = company_page(arena, value, text, err);
	if (code != ERR_OK || text->ptr)
		return code;
	if (field == COMPANY_DOMAIN)
		return refuse(field,
			      "domain names no company. Send its own domain, such as acme.com, or "
			      "leave it out.",
			      err);
	return refuse(field,
		      "This is no company's page on LinkedIn. Send its URL, such as "
		      "https://www.linkedin.com/company/acme, or its number.",
		      err);
}

static enum err_code apply_text(struct arena *arena, const json_t *value, enum company_field field,
				struct company_doc *doc, struct err *err)
{
	struct text text =
		text_trim((struct text){json_string_value(value), json_string_length(value)});
	struct buf buf;
	struct writer writer = writer_on(&buf);

	if (text.len == 0) {
		doc->values[field] = TEXT_NONE;
		return ERR_OK;
	}
	if (read_text(arena, field, &text, err) != ERR_OK)
		return err->code;
	/* Each of the two in its own place, whichever was given where. */
	if (field == COMPANY_LINKEDIN || field == COMPANY_LN_ID)
		field = company_page_is_number(text) ? COMPANY_LN_ID : COMPANY_LINKEDIN;
	buf_init_arena(&buf, arena, DOC_BYTES_MAX);
	writer_text(&writer, text);
	doc->values[field] = buf_text(&buf);
	return buf.failed ? err_memory(err) : ERR_OK;
}

enum err_code company_doc_patch(struct arena *arena, struct company_doc *doc, struct text patch,
				struct err *err)
{
	struct text merged = record_merge(arena, doc->values[COMPANY_METADATA], patch);

	if (!merged.ptr || merged.len > METADATA_BYTES_MAX)
		return err_set(err, ERR_INVALID_INPUT, "/metadata",
			       "A company's metadata may have %zu bytes in all. Remove keys with "
			       "null, or send less.",
			       METADATA_BYTES_MAX);
	doc->values[COMPANY_METADATA] = merged.len ? merged : TEXT_NONE;
	return ERR_OK;
}

enum err_code company_doc_apply(struct arena *arena, const json_t *input, struct company_doc *doc,
				struct err *err)
{
	for (int i = 0; i < COMPANY_FIELD_COUNT; i++) {
		enum company_field field = (enum company_field)i;
		const json_t *value = json_object_get(input, names[i].ptr);
		struct text patch;

		if (!value || field == COMPANY_STAGE || field == COMPANY_TAGS)
			continue;
		if (json_is_null(value)) {
			doc->values[i] = TEXT_NONE;
		} else if (field == COMPANY_METADATA) {
			if (canonical(arena, value, &patch, err) != ERR_OK ||
			    company_doc_patch(arena, doc, patch, err) != ERR_OK)
				return err->code;
		} else if (apply_text(arena, value, field, doc, err) != ERR_OK) {
			return err->code;
		}
	}
	return ERR_OK;
}

bool company_doc_is(const struct company_doc *a, const struct company_doc *b)
{
	for (size_t i = 0; i < COMPANY_FIELD_COUNT; i++) {
		if (!a->values[i].ptr != !b->values[i].ptr || !text_is(a->values[i], b->values[i]))
			return false;
	}
	return true;
}

static void write_id(struct writer *writer, struct uuid id)
{
	char text[UUID_TEXT_LEN + 1];

	uuid_format(id, text);
	writer_text(writer, text_of(text));
}

static void write_time(struct writer *writer, const char *key, int64_t at_ms)
{
	char text[CLOCK_TEXT_LEN + 1];

	clock_format(at_ms, text);
	writer_member_text(writer, key, text_of(text));
}

/* Of workspace and kind of `entry`, the one whose id stands in `json`; doc absent: none. */
static enum err_code read_shown(struct arena *arena, struct db *db, struct text json,
				struct entry_row *entry, struct err *err)
{
	struct uuid id;

	entry->doc = TEXT_NONE;
	if (!json.ptr || !uuid_parse(scan_string(arena, json), &id))
		return ERR_OK;
	return entries_read(db, arena, (struct entry_ref){entry->workspace, entry->kind, id}, entry,
			    err);
}

/* tag_ids and tags: ids and names of those that there are. */
static enum err_code show_tags(struct arena *arena, struct db *db, const struct entry_row *entry,
			       struct text ids, struct writer *writer, struct err *err)
{
	struct scan scan = scan_of(ids.ptr ? ids : TEXT("[]"));
	struct buf names_buf;
	struct writer tag_names = writer_on(&names_buf);
	struct text key, id;

	buf_init_arena(&names_buf, arena, DOC_BYTES_MAX);
	writer_begin_array(&tag_names);
	writer_key(writer, names[COMPANY_TAGS]);
	writer_begin_array(writer);
	while (scan_next(&scan, &key, &id)) {
		struct entry_row tag = {.workspace = entry->workspace, .kind = ENTRY_TAG};

		if (read_shown(arena, db, id, &tag, err) != ERR_OK)
			return err->code;
		if (!tag.doc.ptr)
			continue;
		write_id(writer, tag.id);
		writer_text(&tag_names, tag.name);
	}
	writer_end_array(writer);
	writer_end_array(&tag_names);
	if (names_buf.failed)
		return err_memory(err);
	writer_member_raw(writer, "tags", buf_text(&names_buf));
	return ERR_OK;
}

enum err_code company_doc_show(struct arena *arena, struct db *db, const struct entry_row *entry,
			       struct writer *writer, struct err *err)
{
	struct company_doc doc;
	struct entry_row stage = {.workspace = entry->workspace, .kind = ENTRY_STAGE};

	if (company_doc_read(entry->doc, &doc, err) != ERR_OK ||
	    read_shown(arena, db, doc.values[COMPANY_STAGE], &stage, err) != ERR_OK)
		return err->code;
	writer_begin_object(writer);
	writer_key(writer, TEXT("id"));
	write_id(writer, entry->id);
	for (int i = 0; i < COMPANY_FIELD_COUNT; i++) {
		bool is_gone = i == COMPANY_STAGE && !stage.doc.ptr;

		if (!doc.values[i].ptr || is_gone || i == COMPANY_TAGS)
			continue;
		writer_key(writer, names[i]);
		writer_raw(writer, doc.values[i]);
	}
	if (show_tags(arena, db, entry, doc.values[COMPANY_TAGS], writer, err) != ERR_OK)
		return err->code;
	write_time(writer, "created_at", entry->created_ms);
	write_time(writer, "updated_at", entry->updated_ms);
	writer_end_object(writer);
	return ERR_OK;
}
