#include "command/import_list.h"

#include "command/import_view.h"
#include "command/listing.h"
#include "store/imports.h"

#define ROW_BYTES_MAX ((size_t)4 * 1024 * 1024)

/* The one state that is asked for; -1: any. */
static int state_of(const struct listing_scene *scene)
{
	struct text state = command_text(scene->call->input, "state");

	return state.ptr ? (int)imports_state_parse(state) : -1;
}

/* An import as a row of a listing. */
static enum err_code take_row(const struct listing_scene *scene, const struct import_row *import,
			      struct listing_row *out, struct err *err)
{
	struct buf buf;
	struct writer writer = writer_on(&buf);

	buf_init_arena(&buf, scene->arena, ROW_BYTES_MAX);
	if (import_view_write(&writer, scene->arena, scene->db, import, true, err) != ERR_OK)
		return err->code;
	*out = (struct listing_row){.id = import->id, .json = buf_text(&buf)};
	return out->json.ptr ? ERR_OK : err_memory(err);
}

static enum err_code count_rows(const struct listing_scene *scene, struct uuid about, int64_t *out,
				struct err *err)
{
	(void)about; /* imports are about nothing */
	return imports_count(scene->db, scene->call->caller.workspace, state_of(scene), out, err);
}

static enum err_code page_rows(const struct listing_scene *scene, const struct listing_walk *walk,
			       struct listing_row *out, size_t *out_count, struct err *err)
{
	const struct imports_walk imports = {.workspace = scene->call->caller.workspace,
					     .upward = walk->upward,
					     .from = walk->from,
					     .offset = walk->offset,
					     .limit = walk->limit,
					     .state = state_of(scene)};
	struct import_row *page = arena_zero(scene->arena, walk->limit, sizeof *page);
	size_t count;

	if (!page)
		return err_memory(err);
	if (imports_page(scene->db, scene->arena, &imports, page, &count, err) != ERR_OK)
		return err->code;
	for (size_t i = 0; i < count; i++) {
		if (take_row(scene, &page[i], &out[i], err) != ERR_OK)
			return err->code;
	}
	*out_count = count;
	return ERR_OK;
}

static enum err_code read_row(const struct listing_scene *scene, struct uuid id,
			      struct listing_row *out, struct err *err)
{
	struct import_row import;
	int state = state_of(scene);

	if (imports_find(scene->db, scene->arena, scene->call->caller.workspace, id, &import,
			 err) != ERR_OK)
		return err->code;
	*out = (struct listing_row){.id = id, .json = TEXT_NONE};
	if (import.no == 0 || (state >= 0 && (int)import.state != state))
		return ERR_OK;
	return take_row(scene, &import, out, err);
}

static const struct listing_field fields[] = {
	{"import_id", LISTING_ID, false, false},   {"name", LISTING_WORD, true, true},
	{"type", LISTING_WORD, true, false},       {"state", LISTING_WORD, true, false},
	{"created_at", LISTING_TIME, true, false}, {"updated_at", LISTING_TIME, true, false},
};

static const struct listing_noun noun = {
	.plural = "imports",
	.id = "import_id",
	.fields = fields,
	.field_count = ARRAY_LEN(fields),
	.cursor = 'i',
	.count = count_rows,
	.page = page_rows,
	.read = read_row,
};

enum err_code import_list_prepare(struct call *call, struct err *err)
{
	return listing_prepare(call, &noun, err);
}
