#include "store/grid_place.h"

#include <stdlib.h>

#include "store/grid_ties.h"

/* Bytes of a text that the grid has. */
#define KNOWN_BYTES 16

static enum err_code read_cell(const struct grid_view *view, const struct grid_order *order,
			       int64_t no, uint64_t *out, struct err *err)
{
	struct grid_bits one;
	uint64_t *cells = NULL;

	if (grid_bits_create(view, &one, err) != ERR_OK)
		return err->code;
	grid_bits_put(view, &one, no, true);
	enum err_code code = grid_keys_cells(view, order->column, &one, &cells, err);

	if (code == ERR_OK)
		*out = cells[0];
	free(cells);
	grid_bits_release(&one);
	return code;
}

struct grid_place grid_place_of_text(struct text text)
{
	if (text.len > GRID_TIES_TEXT_MAX)
		text.len = GRID_TIES_TEXT_MAX;
	return (struct grid_place){.is_absent = text.len == 0,
				   .cell = grid_text_cell(text, 0),
				   .text = text};
}

enum err_code grid_place_of(const struct grid_view *view, const struct grid_order *order,
			    struct arena *arena, int64_t no, struct grid_place *out,
			    struct err *err)
{
	struct grid_place place = {.is_absent = false};
	struct text text;

	if (order->is_text) {
		if (grid_ties_text(order, view->workspace, arena, no, &text, err) != ERR_OK)
			return err->code;
		place = grid_place_of_text(text);
	} else {
		if (read_cell(view, order, no, &place.cell, err) != ERR_OK)
			return err->code;
		place.is_absent = place.cell == 0;
	}
	place.no = no;
	*out = place;
	return ERR_OK;
}

/* Move the members of one text to where they belong. */
static void split_group(const struct grid_view *view, const struct grid_tie *ties, size_t count,
			int side, struct grid_split *split)
{
	for (size_t i = 0; i < count && side != 0; i++) {
		grid_bits_put(view, &split->same, ties[i].no, false);
		if (side < 0)
			grid_bits_put(view, &split->before, ties[i].no, true);
	}
}

/* By the whole texts of those that begin like the place's, one lead read for each text. */
static enum err_code split_ties(const struct grid_view *view, const struct grid_order *order,
				const struct grid_place *place, const struct grid_ties *ties,
				struct grid_split *split, struct err *err)
{
	enum err_code code = ERR_OK;
	struct arena arena;
	struct text text;
	size_t end;

	arena_init(&arena, (size_t)1024 * 1024);
	for (size_t i = 0; i < ties->count && code == ERR_OK; i = end) {
		arena_reset(&arena);
		for (end = i + 1; end < ties->count; end++) {
			if (ties->items[end].hash != ties->items[i].hash)
				break;
		}
		code = grid_ties_text(order, view->workspace, &arena, ties->items[i].no, &text,
				      err);
		if (code != ERR_OK)
			break;
		int side = grid_ties_compare(text, place->text);

		split_group(view, ties->items + i, end - i, order->down ? -side : side, split);
	}
	arena_release(&arena);
	return code;
}

static enum err_code split_texts(const struct grid_view *view, const struct grid_order *order,
				 const struct grid_place *place, struct grid_split *split,
				 struct err *err)
{
	struct grid_ties ties;

	if (grid_ties_read(view, order, &split->same, &ties, err) != ERR_OK)
		return err->code;
	enum err_code code = split_ties(view, order, place, &ties, split, err);

	free(ties.items);
	return code;
}

/* By one column: split->same loses those that stand elsewhere. */
static enum err_code split_level(const struct grid_view *view, const struct grid_order *order,
				 int level, uint64_t key, struct grid_split *split, struct err *err)
{
	struct grid_bits same;
	uint64_t *keys;

	if (grid_bits_create(view, &same, err) != ERR_OK)
		return err->code;
	if (grid_keys_gather(view, order, level, &split->same, &keys, err) != ERR_OK) {
		grid_bits_release(&same);
		return err->code;
	}
	if (key > 0)
		grid_keys_pick(&split->same, keys, 0, key - 1, &split->before);
	grid_keys_pick(&split->same, keys, key, key, &same);
	free(keys);
	grid_bits_release(&split->same);
	split->same = same;
	return ERR_OK;
}

static enum err_code split_levels(const struct grid_view *view, const struct grid_order *order,
				  const struct grid_place *place, struct grid_split *split,
				  struct err *err)
{
	uint64_t first = grid_keys_of(order, 0, place->is_absent ? 0 : place->cell);
	uint64_t second = grid_keys_of(order, 1, grid_text_cell(place->text, 1));

	if (split_level(view, order, 0, first, split, err) != ERR_OK)
		return err->code;
	if (!order->is_text || place->is_absent || grid_bits_count(&split->same) == 0)
		return ERR_OK;
	if (split_level(view, order, 1, second, split, err) != ERR_OK)
		return err->code;
	/* Of a shorter text the grid has everything. */
	return place->text.len < KNOWN_BYTES ? ERR_OK : split_texts(view, order, place, split, err);
}

enum err_code grid_place_split(const struct grid_view *view, const struct grid_order *order,
			       const struct grid_place *place, const struct grid_bits *members,
			       struct grid_split *out, struct err *err)
{
	struct grid_split split = {{NULL, 0}, {NULL, 0}};
	enum err_code code = grid_bits_create(view, &split.before, err);

	if (code == ERR_OK)
		code = grid_bits_create(view, &split.same, err);
	if (code == ERR_OK) {
		grid_bits_or(&split.same, members);
		code = split_levels(view, order, place, &split, err);
	}
	if (code == ERR_OK)
		*out = split;
	else
		grid_place_release(&split);
	return code;
}

void grid_place_release(struct grid_split *split)
{
	grid_bits_release(&split->before);
	grid_bits_release(&split->same);
}

enum err_code grid_place_cut(const struct grid_view *view, const struct grid_order *order,
			     const struct grid_place *place, struct grid_bits *bits,
			     struct err *err)
{
	struct grid_split split;

	if (grid_place_split(view, order, place, bits, &split, err) != ERR_OK)
		return err->code;
	grid_bits_and_not(bits, &split.before);
	grid_bits_and_not(bits, &split.same);
	grid_bits_cut(view, &split.same, place->no, order->down);
	grid_bits_or(bits, &split.same);
	grid_place_release(&split);
	return ERR_OK;
}
