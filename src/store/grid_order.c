#include "store/grid_order.h"

#include <stdlib.h>

#include "store/grid_ties.h"

/* Leads that are sorted one by one, rather than divided further. */
#define FEW ((size_t)4096)

struct run {
	const struct grid_view *view;
	const struct grid_order *order;
	struct grid_page *page;
};

/* a few leads, sorted one by one */

struct entry {
	uint64_t keys[GRID_KEYS_LEVELS_MAX];
	struct grid_tie tie;
};

static int by_entry(const void *a, const void *b)
{
	const struct entry *left = a, *right = b;

	for (int i = 0; i < GRID_KEYS_LEVELS_MAX; i++) {
		if (left->keys[i] != right->keys[i])
			return left->keys[i] < right->keys[i] ? -1 : 1;
	}
	return (left->tie.no > right->tie.no) - (left->tie.no < right->tie.no);
}

static enum err_code read_entries(const struct run *run, const struct grid_bits *members,
				  struct entry *entries, size_t count, struct err *err)
{
	const struct grid_order *order = run->order;
	uint64_t *cells;

	for (int level = 0; level < grid_keys_levels(order); level++) {
		if (grid_keys_gather(run->view, order, level, members, &cells, err) != ERR_OK)
			return err->code;
		for (size_t i = 0; i < count; i++)
			entries[i].keys[level] = cells[i];
		free(cells);
	}
	if (!order->is_text)
		return ERR_OK;
	if (grid_keys_cells(run->view, grid_value_column(order->field), members, &cells, err) !=
	    ERR_OK)
		return err->code;
	for (size_t i = 0; i < count; i++)
		entries[i].tie.hash = cells[i];
	free(cells);
	return ERR_OK;
}

static bool is_tied(const struct entry *a, const struct entry *b)
{
	return a->keys[0] == b->keys[0] && a->keys[1] == b->keys[1];
}

/* Put `count` entries that begin alike in order. */
static enum err_code sort_ties(const struct run *run, struct entry *entries, size_t count,
			       struct err *err)
{
	struct grid_ties ties = {malloc(count * sizeof *ties.items), count};
	enum err_code code = ERR_OK;

	if (!ties.items)
		return err_memory(err);
	for (size_t i = 0; i < count; i++)
		ties.items[i] = entries[i].tie;
	if (run->order->is_text && entries[0].keys[0] != GRID_KEYS_ABSENT) {
		code = grid_ties_sort(run->order, run->view->workspace, &ties, err);
		for (size_t i = 0; code == ERR_OK && i < count; i++)
			entries[i].tie = ties.items[i];
	} else if (run->order->down) {
		for (size_t i = 0; i < count; i++)
			entries[i].tie = ties.items[count - 1 - i];
	}
	free(ties.items);
	return code;
}

/* Sort the entries, those that begin alike only where they reach into [skip, skip + limit). */
static enum err_code sort_entries(const struct run *run, struct entry *entries, size_t count,
				  size_t skip, size_t limit, struct err *err)
{
	size_t end;

	qsort(entries, count, sizeof *entries, by_entry);
	for (size_t i = 0; i < count; i = end) {
		for (end = i + 1; end < count && is_tied(&entries[i], &entries[end]); end++)
			continue;
		if (end - i == 1 || end <= skip || i >= skip + limit)
			continue;
		if (sort_ties(run, entries + i, end - i, err) != ERR_OK)
			return err->code;
	}
	return ERR_OK;
}

static enum err_code emit_sorted(const struct run *run, const struct grid_bits *members,
				 size_t count, size_t skip, size_t limit, struct err *err)
{
	struct entry *entries = calloc(count + 1, sizeof *entries);
	int64_t *numbers = malloc((count + 1) * sizeof *numbers);
	const struct grid_slice all = {.limit = count};
	enum err_code code = entries && numbers ? ERR_OK : err_memory(err);

	if (code == ERR_OK) {
		count = grid_bits_take(run->view, members, &all, numbers);
		for (size_t i = 0; i < count; i++)
			entries[i].tie.no = numbers[i];
		code = read_entries(run, members, entries, count, err);
	}
	if (code == ERR_OK)
		code = sort_entries(run, entries, count, skip, limit, err);
	for (size_t i = skip; code == ERR_OK && i < count && i < skip + limit; i++)
		run->page->numbers[run->page->count++] = entries[i].tie.no;
	free(numbers);
	free(entries);
	return code;
}

static void emit_by_number(const struct run *run, const struct grid_bits *members, size_t skip,
			   size_t limit)
{
	const struct grid_slice slice = {run->order->down, skip, limit};
	struct grid_page *page = run->page;

	page->count += grid_bits_take(run->view, members, &slice, page->numbers + page->count);
}

/* many leads, divided by their keys */

static enum err_code emit(const struct run *run, const struct grid_bits *members, int level,
			  size_t skip, size_t limit, struct err *err);

/* Emit [skip, skip + limit) of the members whose keys lie between low and high. */
struct part {
	const struct grid_bits *members;
	const uint64_t *keys;
	int level;
	uint64_t low, high;
	size_t skip, limit;
};

static enum err_code emit_part(const struct run *run, const struct part *part, struct err *err)
{
	struct grid_bits bits;
	enum err_code code = ERR_OK;

	if (part->limit == 0 || part->low > part->high)
		return ERR_OK;
	if (grid_bits_create(run->view, &bits, err) != ERR_OK)
		return err->code;
	grid_keys_pick(part->members, part->keys, part->low, part->high, &bits);
	size_t count = grid_bits_count(&bits);

	if (part->level == 0 && part->low == GRID_KEYS_ABSENT)
		emit_by_number(run, &bits, part->skip, part->limit);
	else if (count > FEW && part->low == part->high)
		code = emit(run, &bits, part->level + 1, part->skip, part->limit, err);
	else
		code = emit_sorted(run, &bits, count, part->skip, part->limit, err);
	grid_bits_release(&bits);
	return code;
}

/* The page reaches from one key to another: each end may have many leads, the middle has few. */
static enum err_code emit_range(const struct run *run, struct part part,
				const struct grid_range *range, struct err *err)
{
	size_t before = run->page->count, limit = part.limit;

	part.low = range->low;
	part.high = range->high;
	if (range->count <= FEW || range->low == range->high)
		return emit_part(run, &part, err);
	part.high = range->low;
	if (emit_part(run, &part, err) != ERR_OK)
		return err->code;
	part.skip = 0;
	part.limit = limit - (run->page->count - before);
	part.low = range->low + 1;
	part.high = range->high - 1;
	if (emit_part(run, &part, err) != ERR_OK)
		return err->code;
	part.limit = limit - (run->page->count - before);
	part.low = part.high = range->high;
	return emit_part(run, &part, err);
}

/* All of one beginning: in the order of what follows. */
static enum err_code emit_alike(const struct run *run, const struct grid_bits *members, size_t skip,
				size_t limit, struct err *err)
{
	struct grid_ties ties;

	if (!run->order->is_text) {
		emit_by_number(run, members, skip, limit);
		return ERR_OK;
	}
	if (grid_ties_read(run->view, run->order, members, &ties, err) != ERR_OK)
		return err->code;
	enum err_code code = grid_ties_sort(run->order, run->view->workspace, &ties, err);

	for (size_t i = skip; code == ERR_OK && i < ties.count && i < skip + limit; i++)
		run->page->numbers[run->page->count++] = ties.items[i].no;
	free(ties.items);
	return code;
}

static enum err_code emit(const struct run *run, const struct grid_bits *members, int level,
			  size_t skip, size_t limit, struct err *err)
{
	size_t count = grid_bits_count(members), last;
	struct part part = {.members = members, .level = level, .limit = limit};
	struct grid_range range;
	uint64_t *keys;

	if (skip >= count || limit == 0)
		return ERR_OK;
	if (level == grid_keys_levels(run->order))
		return emit_alike(run, members, skip, limit, err);
	if (grid_keys_gather(run->view, run->order, level, members, &keys, err) != ERR_OK)
		return err->code;
	last = (limit < count - skip ? skip + limit : count) - 1;
	enum err_code code = grid_keys_range(keys, count, skip, last, &range, err);

	part.keys = keys;
	if (code == ERR_OK) {
		part.skip = skip - range.below;
		code = emit_range(run, part, &range, err);
	}
	free(keys);
	return code;
}

enum err_code grid_order_page(const struct grid_view *view, const struct grid_order *order,
			      struct grid_bits *bits, struct grid_page *page, struct err *err)
{
	struct run run = {view, order, page};

	page->count = 0;
	if (page->after && grid_place_cut(view, order, page->after, bits, err) != ERR_OK)
		return err->code;
	return emit(&run, bits, 0, page->skip, page->limit, err);
}
