#include "command/listing_entries.h"

/* A row holds little more than an entry's document. */
#define ROW_BYTES_MAX ((size_t)1024 * 1024)

enum err_code listing_entries_count(const struct listing_scene *scene, struct uuid about,
				    int64_t *out, struct err *err)
{
	const struct entries_walk all = {.workspace = scene->call->caller.workspace,
					 .kind = scene->noun->kind,
					 .about = about};

	return entries_count(scene->db, &all, out, err);
}

/* An entry as a row; one that is not there has no JSON. */
static enum err_code take(const struct listing_scene *scene, const struct entry_row *entry,
			  struct listing_row *out, struct err *err)
{
	struct buf buf;
	struct writer writer = writer_on(&buf);

	*out = (struct listing_row){.id = entry->id};
	if (!entry->doc.ptr)
		return ERR_OK;
	buf_init_arena(&buf, scene->arena, ROW_BYTES_MAX);
	if (scene->noun->write(scene, entry, &writer, err) != ERR_OK)
		return err->code;
	out->json = buf_text(&buf);
	return out->json.ptr ? ERR_OK : err_memory(err);
}

enum err_code listing_entries_page(const struct listing_scene *scene,
				   const struct listing_walk *walk, struct listing_row *out,
				   size_t *out_count, struct err *err)
{
	const struct entries_walk entries = {.workspace = scene->call->caller.workspace,
					     .kind = scene->noun->kind,
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
		if (take(scene, &rows[i], &out[i], err) != ERR_OK)
			return err->code;
	}
	*out_count = count;
	return ERR_OK;
}

enum err_code listing_entries_read(const struct listing_scene *scene, struct uuid id,
				   struct listing_row *out, struct err *err)
{
	struct entry_row entry;

	if (entries_read(scene->db, scene->arena,
			 (struct entry_ref){scene->call->caller.workspace, scene->noun->kind, id},
			 &entry, err) != ERR_OK)
		return err->code;
	entry.id = id;
	return take(scene, &entry, out, err);
}
