#include "command/company_list.h"

#include "command/company_doc.h"
#include "command/listing.h"

#define ROW_BYTES_MAX ((size_t)512 * 1024)

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

static enum err_code show(const struct listing_scene *scene, const struct entry_row *entry,
			  struct listing_row *out, struct err *err)
{
	struct buf buf;
	struct writer writer = writer_on(&buf);

	*out = (struct listing_row){.id = entry->id};
	if (!entry->doc.ptr)
		return ERR_OK;
	buf_init_arena(&buf, scene->arena, ROW_BYTES_MAX);
	if (company_doc_show(scene->arena, scene->db, entry, &writer, err) != ERR_OK)
		return err->code;
	out->json = buf_text(&buf);
	return out->json.ptr ? ERR_OK : err_memory(err);
}

static enum err_code count_rows(const struct listing_scene *scene, struct uuid about, int64_t *out,
				struct err *err)
{
	const struct entries_walk all = {.workspace = scene->call->caller.workspace,
					 .kind = ENTRY_COMPANY,
					 .about = about};

	return entries_count(scene->db, &all, out, err);
}

static enum err_code page_rows(const struct listing_scene *scene, const struct listing_walk *walk,
			       struct listing_row *out, size_t *out_count, struct err *err)
{
	const struct entries_walk entries = {.workspace = scene->call->caller.workspace,
					     .kind = ENTRY_COMPANY,
					     .about = walk->about,
					     .upward = walk->upward,
					     .from = walk->from,
					     .offset = walk->offset,
					     .limit = walk->limit};
	struct entry_row *rows = arena_zero(scene->arena, walk->limit, sizeof *rows);
	size_t count;

	if (!rows)
		return err_memory(err);
	if (entries_page(scene->db, scene->arena, &entries, rows, &count, err) != ERR_OK)
		return err->code;
	for (size_t i = 0; i < count; i++) {
		if (show(scene, &rows[i], &out[i], err) != ERR_OK)
			return err->code;
	}
	*out_count = count;
	return ERR_OK;
}

static enum err_code read_row(const struct listing_scene *scene, struct uuid id,
			      struct listing_row *out, struct err *err)
{
	struct entry_row entry;

	if (entries_read(scene->db, scene->arena,
			 (struct entry_ref){scene->call->caller.workspace, ENTRY_COMPANY, id},
			 &entry, err) != ERR_OK)
		return err->code;
	return show(scene, &entry, out, err);
}

enum err_code company_list_prepare(struct call *call, struct err *err)
{
	static const struct listing_noun noun = {
		.plural = "companies",
		.fields = fields,
		.field_count = ARRAY_LEN(fields),
		.count = count_rows,
		.page = page_rows,
		.read = read_row,
	};

	return listing_prepare(call, &noun, err);
}
