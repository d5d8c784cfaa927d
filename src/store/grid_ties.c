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

/* Ties with one text. */
struct group {
	struct text text;
	size_t from, count; /* in the ties, by hash */
};

static int by_hash(const void *a, const void *b)
{
	const struct grid_tie *left = a, *right = b;

	if (left->hash != right->hash)
		return left->hash < right->hash ? -1 : 1;
	return (left->no > right->no) - (left->no < right->no);
}

static int by_number(const void *a, const void *b)
{
	const struct grid_tie *left = a, *right = b;

	return (left->no > right->no) - (left->no < right->no);
}

static int by_text(const void *a, const void *b)
{
	return grid_ties_compare(((const struct group *)a)->text, ((const struct group *)b)->text);
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

static size_t count_groups(const struct grid_tie *ties, size_t count)
{
	size_t groups = 0;

	for (size_t i = 0; i < count; i++)
		groups += i == 0 || ties[i].hash != ties[i - 1].hash;
	return groups;
}

static enum err_code read_groups(const struct grid_order *order, int64_t workspace,
				 struct arena *arena, const struct grid_ties *ties,
				 struct group *groups, struct err *err)
{
	size_t made = 0;

	for (size_t i = 0; i < ties->count; i++) {
		const struct grid_tie *tie = &ties->items[i];

		if (i > 0 && tie->hash == ties->items[i - 1].hash) {
			groups[made - 1].count++;
			continue;
		}
		groups[made] = (struct group){.from = i, .count = 1};
		if (grid_ties_text(order, workspace, arena, tie->no, &groups[made].text, err) !=
		    ERR_OK)
			return err->code;
		made++;
	}
	return ERR_OK;
}

/* Lay the groups out one behind the other; those with one text as one, by number. */
static void lay_out(const struct group *groups, size_t group_count, const struct grid_tie *ties,
		    struct grid_tie *out)
{
	size_t len = 0, first = 0;

	for (size_t i = 0; i < group_count; i++) {
		bool is_new = i == 0 || grid_ties_compare(groups[i - 1].text, groups[i].text) != 0;
		bool is_last = i + 1 == group_count ||
			       grid_ties_compare(groups[i].text, groups[i + 1].text) != 0;

		if (is_new)
			first = len;
		memcpy(out + len, ties + groups[i].from, groups[i].count * sizeof *ties);
		len += groups[i].count;
		if (is_last && !is_new)
			qsort(out + first, len - first, sizeof *out, by_number);
	}
}

static void turn(struct grid_tie *ties, size_t count)
{
	for (size_t i = 0; i < count / 2; i++) {
		struct grid_tie tie = ties[i];

		ties[i] = ties[count - 1 - i];
		ties[count - 1 - i] = tie;
	}
}

static enum err_code sort(const struct grid_order *order, int64_t workspace, struct arena *arena,
			  const struct grid_ties *ties, struct err *err)
{
	size_t group_count = count_groups(ties->items, ties->count);
	struct group *groups = arena_zero(arena, group_count, sizeof *groups);
	struct grid_tie *out = arena_zero(arena, ties->count, sizeof *out);

	if (!groups || !out)
		return err_memory(err);
	if (read_groups(order, workspace, arena, ties, groups, err) != ERR_OK)
		return err->code;
	qsort(groups, group_count, sizeof *groups, by_text);
	lay_out(groups, group_count, ties->items, out);
	memcpy(ties->items, out, ties->count * sizeof *out);
	return ERR_OK;
}

enum err_code grid_ties_sort(const struct grid_order *order, int64_t workspace,
			     const struct grid_ties *ties, struct err *err)
{
	enum err_code code = ERR_OK;
	struct arena arena;

	qsort(ties->items, ties->count, sizeof ties->items[0], by_hash);
	if (count_groups(ties->items, ties->count) > 1) {
		arena_init(&arena, ARENA_MAX);
		code = sort(order, workspace, &arena, ties, err);
		arena_release(&arena);
	}
	if (code == ERR_OK && order->down)
		turn(ties->items, ties->count);
	return code;
}
