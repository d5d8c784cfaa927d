#include "store/grid_ties.h"

#include <stdlib.h>

#include "store/grid_lead.h"

#define ARENA_MAX ((size_t)256 * 1024 * 1024)

int grid_ties_compare(struct text a, struct text b)
{
	size_t len = a.len < b.len ? a.len : b.len;
	int order = len ? memcmp(a.ptr, b.ptr, len) : 0;

	return order ? order : (a.len > b.len) - (a.len < b.len);
}

static enum err_code read_text(const struct grid_order *order, int64_t workspace,
			       struct arena *arena, int64_t no, struct text *out, struct err *err)
{
	struct record *record = arena_take(arena, sizeof *record);
	struct lead_row lead;

	if (!record)
		return err_memory(err);
	if (leads_read(order->main, arena, workspace, no, &lead, err) != ERR_OK)
		return err->code;
	*out = TEXT("");
	if (lead.no == 0)
		return ERR_OK;
	if (record_read(arena, lead.doc, record, err) != ERR_OK ||
	    grid_lead_sort_text(arena, record, order->field, out, err) != ERR_OK)
		return err->code;
	if (out->len > GRID_TIES_TEXT_MAX)
		out->len = GRID_TIES_TEXT_MAX;
	return ERR_OK;
}

enum err_code grid_ties_text(const struct grid_order *order, int64_t workspace, struct arena *arena,
			     int64_t no, struct text *out, struct err *err)
{
	struct arena scratch;
	struct text text;

	/* A lead is much larger than its text. */
	arena_init(&scratch, ARENA_MAX);
	enum err_code code = read_text(order, workspace, &scratch, no, &text, err);

	if (code == ERR_OK) {
		*out = arena_copy(arena, text);
		if (!out->ptr)
			code = err_memory(err);
	}
	arena_release(&scratch);
	return code;
}

static int by_hash(const void *a, const void *b)
{
	const struct grid_tie *left = a, *right = b;

	if (left->hash != right->hash)
		return left->hash < right->hash ? -1 : 1;
	return (left->no > right->no) - (left->no < right->no);
}

/* The number and hash of each member. */
static enum err_code read_ties(const struct grid_view *view, const struct grid_order *order,
			       const struct grid_bits *members, struct grid_ties *ties,
			       struct err *err)
{
	int64_t *numbers = malloc((ties->count + 1) * sizeof *numbers);
	const struct grid_slice all = {.limit = ties->count};
	uint64_t *hashes = NULL;
	enum err_code code = numbers ? ERR_OK : err_memory(err);

	if (code == ERR_OK)
		code = grid_keys_cells(view, grid_value_column(order->field), members, &hashes,
				       err);
	if (code == ERR_OK)
		ties->count = grid_bits_take(view, members, &all, numbers);
	for (size_t i = 0; code == ERR_OK && i < ties->count; i++)
		ties->items[i] = (struct grid_tie){hashes[i], numbers[i]};
	free(hashes);
	free(numbers);
	return code;
}

enum err_code grid_ties_read(const struct grid_view *view, const struct grid_order *order,
			     const struct grid_bits *members, struct grid_ties *out,
			     struct err *err)
{
	struct grid_ties ties = {.count = grid_bits_count(members)};

	ties.items = malloc((ties.count + 1) * sizeof *ties.items);
	if (!ties.items)
		return err_memory(err);
	if (read_ties(view, order, members, &ties, err) != ERR_OK) {
		free(ties.items);
		return err->code;
	}
	qsort(ties.items, ties.count, sizeof *ties.items, by_hash);
	*out = ties;
	return ERR_OK;
}
