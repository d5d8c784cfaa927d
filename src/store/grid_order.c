#include "store/grid_order.h"

#include <stdlib.h>

#include "store/grid_refine.h"

/* Pages that end before this many leads are found in one go through the column. */
#define TOP_MAX ((size_t)4096)

/* As many as may have to be kept for that, where many are equal. */
#define KEPT_MAX ((size_t)131072)

static int64_t place_of(const struct grid_order *order, int64_t no)
{
	return order->down ? -no : no;
}

/* the first leads of the order */

/*
 * The first `wanted` leads of those seen so far are among `entries`; nobody above `bound` is one
 * of them.
 */
struct top {
	const struct grid_view *view;
	const struct grid_order *order;
	const struct grid_bits *members;
	size_t wanted;
	struct grid_entry *entries;
	size_t count, room;
	uint64_t bound; /* of keys */
	bool is_whole;  /* nobody was left out */
	bool is_over;   /* too many are equal */
};

/*
 * Sort what is kept, and leave out who is not wanted. Which of equal texts come first is not known
 * yet, so all of them stay; of other equal leads, those that come later stand behind.
 */
static void shrink(struct top *top)
{
	size_t count = top->wanted;

	qsort(top->entries, top->count, sizeof *top->entries, grid_refine_compare);
	top->bound = top->entries[count - 1].key;
	while (top->order->is_text && count < top->count && top->entries[count].key == top->bound)
		count++;
	if (!top->order->is_text && top->bound > 0)
		top->bound--;
	top->count = count;
	top->is_whole = false;
}

static void make_room(struct top *top)
{
	shrink(top);
	if (top->count * 2 <= top->room)
		return;
	struct grid_entry *more =
		top->room < KEPT_MAX ? realloc(top->entries, top->room * 2 * sizeof *top->entries)
				     : NULL;

	if (!more) {
		top->is_over = true;
		return;
	}
	top->entries = more;
	top->room *= 2;
}

static void consider(struct top *top, size_t chunk, size_t slot, uint64_t key)
{
	int64_t no = ((top->view->first + (int64_t)chunk) << GRID_CHUNK_BITS) + (int64_t)slot;

	if (top->count == top->room)
		make_room(top);
	if (!top->is_over && key <= top->bound)
		top->entries[top->count++] = (struct grid_entry){key, place_of(top->order, no)};
}

/* Cells of a word whose key is not above the bound. */
static uint64_t near_word(const struct top *top, const uint64_t *cells)
{
	/* Downward, keys are the cells turned round: key <= bound is cell >= ~bound. */
	uint64_t low = top->order->down ? ~top->bound : 1, word = 0;
	uint64_t range = top->order->down ? UINT64_MAX - low : top->bound - low;

	for (size_t i = 0; i < 64; i++)
		word |= (uint64_t)(cells[i] - low <= range) << i;
	return word;
}

/* In the order of places, so that of equal leads the first are seen first. */
static enum err_code top_chunk(struct grid_visitor *visitor, size_t chunk, const uint64_t *cells,
			       struct err *err)
{
	struct top *top = visitor->state;
	const uint64_t *members = top->members->words + chunk * GRID_WORDS;
	bool down = top->order->down;

	(void)err;
	for (size_t i = 0; i < GRID_WORDS && !top->is_over; i++) {
		size_t at = down ? GRID_WORDS - 1 - i : i;
		uint64_t word = members[at] ? members[at] & near_word(top, cells + at * 64) : 0;

		while (word) {
			size_t bit = grid_bits_next(word, down), slot = at * 64 + bit;

			word &= ~((uint64_t)1 << bit);
			consider(top, chunk, slot, grid_keys_of(top->order, 0, cells[slot]));
		}
	}
	return ERR_OK;
}

/* The first `wanted` who have a value, and whoever is equal to the last; or top->is_over. */
static enum err_code find_top(struct top *top, struct err *err)
{
	struct grid_visitor visitor = {.visit = top_chunk, .down = top->order->down, .state = top};

	top->bound = GRID_KEYS_ABSENT - 1;
	top->is_whole = true;
	top->room = top->wanted * 4 + 1024;
	top->entries = malloc(top->room * sizeof *top->entries);
	if (!top->entries)
		return err_memory(err);
	return grid_bits_visit(top->view, top->order->column, top->members, &visitor, err);
}

/* pages */

struct paging {
	const struct grid_view *view;
	const struct grid_order *order;
	const struct grid_bits *members;
	struct grid_window *window;
};

static void emit_absent(const struct paging *paging, const struct grid_bits *absent)
{
	struct grid_window *window = paging->window;
	const struct grid_slice slice = {paging->order->down, window->skip,
					 window->limit - window->count};

	window->count += grid_bits_take(paging->view, absent, &slice, window->out + window->count);
}

/* Those with a value are all among the entries; the others follow. */
static enum err_code emit_rest(const struct paging *paging, const struct grid_entry *entries,
			       size_t count, struct err *err)
{
	struct grid_bits absent;

	if (paging->window->count == paging->window->limit)
		return ERR_OK;
	if (grid_bits_create(paging->view, &absent, err) != ERR_OK)
		return err->code;
	grid_bits_or(&absent, paging->members);
	for (size_t i = 0; i < count; i++)
		grid_bits_put(paging->view, &absent, llabs(entries[i].place), false);
	emit_absent(paging, &absent);
	grid_bits_release(&absent);
	return ERR_OK;
}

/* *out_done: false when so many are equal that the column has to be divided. */
static enum err_code page_from_top(const struct paging *paging, bool *out_done, struct err *err)
{
	struct grid_window *window = paging->window;
	struct top top = {.view = paging->view,
			  .order = paging->order,
			  .members = paging->members,
			  .wanted = window->skip + window->limit};
	enum err_code code = find_top(&top, err);
	const struct grid_refine refine = {paging->view, paging->order, 0, top.entries, top.count};

	*out_done = !top.is_over;
	if (code == ERR_OK && !top.is_over) {
		code = grid_refine_entries(&refine, window, err);
		/* Whoever was left out stands behind the page. */
		if (code == ERR_OK && top.is_whole)
			code = emit_rest(paging, top.entries, top.count, err);
	}
	free(top.entries);
	return code;
}

/* Append the members of one word whose keys lie in the range. */
static size_t collect_word(const struct paging *paging, size_t at, const uint64_t *keys,
			   const struct grid_range *range, struct grid_entry *out)
{
	int64_t first = (paging->view->first << GRID_CHUNK_BITS) + (int64_t)at * 64;
	uint64_t width = range->high - range->low;
	size_t count = 0, seen = 0;

	for (uint64_t word = paging->members->words[at]; word; word &= word - 1) {
		uint64_t key = keys[seen++];
		int64_t no = first + __builtin_ctzll(word);

		if (key - range->low <= width)
			out[count++] = (struct grid_entry){key, place_of(paging->order, no)};
	}
	return count;
}

static enum err_code emit_range(const struct paging *paging, const uint64_t *keys,
				const struct grid_range *range, struct err *err)
{
	struct grid_entry *entries = malloc((range->count + 1) * sizeof *entries);
	size_t count = 0, seen = 0;

	if (!entries)
		return err_memory(err);
	for (size_t i = 0; i < paging->members->chunks * GRID_WORDS; i++) {
		count += collect_word(paging, i, keys + seen, range, entries + count);
		seen += (size_t)__builtin_popcountll(paging->members->words[i]);
	}
	paging->window->skip -= range->below;
	const struct grid_refine refine = {paging->view, paging->order, 0, entries, count};
	enum err_code code = grid_refine_entries(&refine, paging->window, err);

	free(entries);
	return code;
}

static enum err_code emit_keys(const struct paging *paging, const uint64_t *keys, size_t count,
			       struct err *err)
{
	struct grid_window *window = paging->window;
	size_t last = window->skip + window->limit - 1;
	struct grid_range range;
	struct grid_bits absent;

	if (grid_keys_range(keys, count, window->skip, last, &range, err) != ERR_OK)
		return err->code;
	if (range.count == 0)
		window->skip -= range.present;
	else if (emit_range(paging, keys, &range, err) != ERR_OK)
		return err->code;
	if (window->count == window->limit || range.present == count)
		return ERR_OK;
	if (grid_bits_create(paging->view, &absent, err) != ERR_OK)
		return err->code;
	grid_keys_pick(paging->members, keys, GRID_KEYS_ABSENT, GRID_KEYS_ABSENT, &absent);
	emit_absent(paging, &absent);
	grid_bits_release(&absent);
	return ERR_OK;
}

/* All keys at once, divided until what is left is the page and what is equal to its ends. */
static enum err_code page_from_keys(const struct paging *paging, struct err *err)
{
	size_t count = grid_bits_count(paging->members);
	uint64_t *keys;

	if (paging->window->skip >= count)
		return ERR_OK;
	if (grid_keys_gather(paging->view, paging->order, 0, paging->members, &keys, err) != ERR_OK)
		return err->code;
	enum err_code code = emit_keys(paging, keys, count, err);

	free(keys);
	return code;
}

enum err_code grid_order_page(const struct grid_view *view, const struct grid_order *order,
			      struct grid_bits *bits, struct grid_page *page, struct err *err)
{
	struct grid_window window = {page->skip, page->limit, page->numbers, 0};
	const struct paging paging = {view, order, bits, &window};
	bool done = false;

	page->count = 0;
	if (page->after && grid_place_cut(view, order, page->after, bits, err) != ERR_OK)
		return err->code;
	if (page->skip + page->limit <= TOP_MAX && page_from_top(&paging, &done, err) != ERR_OK)
		return err->code;
	if (!done && page_from_keys(&paging, err) != ERR_OK)
		return err->code;
	page->count = window.count;
	return ERR_OK;
}
