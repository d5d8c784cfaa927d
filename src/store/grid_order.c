#include "store/grid_order.h"

#include <math.h>
#include <stdlib.h>

#include "store/grid_refine.h"

/* Every so many chunks one is looked at first, to guess between which keys the page lies. */
#define SAMPLE_STRIDE 16

/* So far the guess may be wrong, in leads of the sample, even where chunks differ as a whole. */
#define SAMPLE_MARGIN (GRID_CHUNK * 3 / 2)

/* Pages that end before this many leads are found in one go through the column. */
#define TOP_MAX ((size_t)4096)

/* So many leads are kept without a guess, and at most. */
#define KEPT ((size_t)65536)
#define KEPT_MAX ((size_t)262144)

static int64_t place_of(const struct grid_order *order, int64_t no)
{
	return order->down ? -no : no;
}

struct paging {
	const struct grid_view *view;
	const struct grid_order *order;
	const struct grid_bits *members;
	size_t count; /* of members */
	struct grid_window *window;
};

static void emit_by_number(const struct paging *paging, const struct grid_bits *bits)
{
	struct grid_window *window = paging->window;
	const struct grid_slice slice = {paging->order->down, window->skip,
					 window->limit - window->count};

	window->count += grid_bits_take(paging->view, bits, &slice, window->out + window->count);
}

/* the first leads of the order */

/*
 * The first `wanted` leads of those seen so far are among `entries`; nobody above `bound` is one
 * of them.
 */
struct top {
	const struct paging *paging;
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
	bool is_text = top->paging->order->is_text;
	size_t count = top->wanted;

	qsort(top->entries, top->count, sizeof *top->entries, grid_refine_compare);
	top->bound = top->entries[count - 1].key;
	while (is_text && count < top->count && top->entries[count].key == top->bound)
		count++;
	if (!is_text && top->bound > 0)
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
		top->room < KEPT_MAX ? realloc(top->entries, top->room * 2 * sizeof *more) : NULL;

	if (!more) {
		top->is_over = true;
		return;
	}
	top->entries = more;
	top->room *= 2;
}

static void consider(struct top *top, size_t chunk, size_t slot, uint64_t key)
{
	const struct paging *paging = top->paging;
	int64_t no = ((paging->view->first + (int64_t)chunk) << GRID_CHUNK_BITS) + (int64_t)slot;

	if (top->count == top->room)
		make_room(top);
	if (!top->is_over && key <= top->bound)
		top->entries[top->count++] = (struct grid_entry){key, place_of(paging->order, no)};
}

/* Cells of a word whose key is not above the bound. */
static uint64_t near_word(const struct top *top, const uint64_t *cells)
{
	/* Downward, keys are the cells turned round: key <= bound is cell >= ~bound. */
	uint64_t low = top->paging->order->down ? ~top->bound : 1, word = 0;
	uint64_t width = top->paging->order->down ? UINT64_MAX - low : top->bound - low;

	for (size_t i = 0; i < 64; i++)
		word |= (uint64_t)(cells[i] - low <= width) << i;
	return word;
}

/* In the order of places, so that of equal leads the first are seen first. */
static enum err_code top_chunk(struct grid_visitor *visitor, size_t chunk, const uint64_t *cells,
			       struct err *err)
{
	struct top *top = visitor->state;
	const uint64_t *members = top->paging->members->words + chunk * GRID_WORDS;
	bool down = top->paging->order->down;

	(void)err;
	for (size_t i = 0; i < GRID_WORDS && !top->is_over; i++) {
		size_t at = down ? GRID_WORDS - 1 - i : i;
		uint64_t word = members[at] ? members[at] & near_word(top, cells + at * 64) : 0;

		while (word) {
			size_t bit = grid_bits_next(word, down), slot = at * 64 + bit;

			word &= ~((uint64_t)1 << bit);
			consider(top, chunk, slot,
				 grid_keys_of(top->paging->order, 0, cells[slot]));
		}
	}
	return ERR_OK;
}

/* Those with a value are all among the entries; the others follow. */
static enum err_code emit_rest(const struct paging *paging, const struct top *top, struct err *err)
{
	struct grid_bits absent;

	if (grid_bits_create(paging->view, &absent, err) != ERR_OK)
		return err->code;
	grid_bits_or(&absent, paging->members);
	for (size_t i = 0; i < top->count; i++)
		grid_bits_put(paging->view, &absent, llabs(top->entries[i].place), false);
	emit_by_number(paging, &absent);
	grid_bits_release(&absent);
	return ERR_OK;
}

static enum err_code emit_top(const struct paging *paging, const struct top *top, struct err *err)
{
	const struct grid_refine refine = {paging->view, paging->order, 0, top->entries,
					   top->count};

	if (grid_refine_entries(&refine, paging->window, err) != ERR_OK)
		return err->code;
	/* Whoever was left out stands behind the page. */
	return top->is_whole && paging->window->count < paging->window->limit
		       ? emit_rest(paging, top, err)
		       : ERR_OK;
}

/* *out_done: false when too many are equal. */
static enum err_code page_by_top(const struct paging *paging, bool *out_done, struct err *err)
{
	struct top top = {.paging = paging,
			  .wanted = paging->window->skip + paging->window->limit,
			  .bound = GRID_KEYS_ABSENT - 1,
			  .is_whole = true};
	struct grid_visitor visitor = {.visit = top_chunk,
				       .down = paging->order->down,
				       .state = &top};

	top.room = top.wanted * 4 + 1024;
	top.entries = malloc(top.room * sizeof *top.entries);
	if (!top.entries)
		return err_memory(err);
	enum err_code code = grid_bits_visit(paging->view, paging->order->column, paging->members,
					     &visitor, err);

	*out_done = !top.is_over;
	if (code == ERR_OK && !top.is_over)
		code = emit_top(paging, &top, err);
	free(top.entries);
	return code;
}

/* ranges of keys */

/* Leads with their keys, side by side. */
struct kept {
	uint64_t *keys;
	int64_t *places;
	size_t count;
};

/* Those whose keys lie between two, in order. */
static enum err_code emit_between(const struct paging *paging, const struct kept *kept,
				  uint64_t low, uint64_t high, struct err *err)
{
	struct grid_refine refine = {paging->view, paging->order, 0, NULL, 0};
	size_t count = 0;

	if (low > high || paging->window->count == paging->window->limit)
		return ERR_OK;
	for (size_t i = 0; i < kept->count; i++)
		count += kept->keys[i] - low <= high - low;
	refine.entries = malloc((count + 1) * sizeof *refine.entries);
	if (!refine.entries)
		return err_memory(err);
	for (size_t i = 0; i < kept->count; i++) {
		if (kept->keys[i] - low <= high - low)
			refine.entries[refine.count++] =
				(struct grid_entry){kept->keys[i], kept->places[i]};
	}
	enum err_code code = grid_refine_entries(&refine, paging->window, err);

	free(refine.entries);
	return code;
}

/* A large range has many of its first value, or of its last, which need no sorting by it. */
static enum err_code emit_range(const struct paging *paging, const struct kept *kept,
				const struct grid_range *range, struct err *err)
{
	paging->window->skip -= range->below;
	if (range->count <= TOP_MAX || range->low == range->high)
		return emit_between(paging, kept, range->low, range->high, err);
	if (emit_between(paging, kept, range->low, range->low, err) != ERR_OK ||
	    emit_between(paging, kept, range->low + 1, range->high - 1, err) != ERR_OK)
		return err->code;
	return emit_between(paging, kept, range->high, range->high, err);
}

/* Of leads that are all that have a value, or all between two keys. */
static enum err_code emit_kept(const struct paging *paging, const struct kept *kept,
			       struct err *err)
{
	size_t skip = paging->window->skip, last = skip + paging->window->limit - 1;
	struct grid_range range;

	if (kept->count == 0)
		return ERR_OK;
	if (grid_keys_range(kept->keys, kept->count, skip, last, &range, err) != ERR_OK)
		return err->code;
	return range.count > 0 ? emit_range(paging, kept, &range, err) : ERR_OK;
}

/* guessing */

/* Between which keys, of a part of the members, those of the page must lie. */
static enum err_code guess_from(const struct paging *paging, const struct grid_bits *sample,
				size_t sampled, struct grid_range *guess, struct err *err)
{
	double share = (double)sampled / (double)paging->count;
	double spread = 2 * sqrt((double)sampled) + (double)SAMPLE_MARGIN; /* four deviations */
	double first = (double)paging->window->skip * share - spread;
	double last = (double)(paging->window->skip + paging->window->limit) * share + spread;
	struct grid_range at;
	uint64_t *keys;

	if (grid_keys_gather(paging->view, paging->order, 0, sample, &keys, err) != ERR_OK)
		return err->code;
	enum err_code code = ERR_OK;

	if (first >= 0) {
		code = grid_keys_range(keys, sampled, (size_t)first, (size_t)first, &at, err);
		guess->low = code == ERR_OK && at.count ? at.low : guess->low;
	}
	if (code == ERR_OK) {
		code = grid_keys_range(keys, sampled, (size_t)last, (size_t)last, &at, err);
		guess->high = code == ERR_OK && at.count ? at.high : guess->high;
	}
	free(keys);
	return code;
}

static enum err_code guess_keys(const struct paging *paging, struct grid_range *guess,
				struct err *err)
{
	struct grid_bits sample;
	enum err_code code = ERR_OK;
	size_t sampled;

	*guess = (struct grid_range){.low = 0, .high = GRID_KEYS_ABSENT - 1};
	if (paging->count <= KEPT)
		return ERR_OK;
	if (grid_bits_create(paging->view, &sample, err) != ERR_OK)
		return err->code;
	for (size_t i = 0; i < sample.chunks * GRID_WORDS; i++) {
		if (i / GRID_WORDS % SAMPLE_STRIDE == SAMPLE_STRIDE / 2)
			sample.words[i] = paging->members->words[i];
	}
	sampled = grid_bits_count(&sample);
	if (sampled > 0)
		code = guess_from(paging, &sample, sampled, guess, err);
	grid_bits_release(&sample);
	return code;
}

/* one way through the column */

/* Who lies where to the guessed keys. */
struct pass {
	const struct paging *paging;
	uint64_t low, width;      /* the cells of the guessed keys, which are low … low + width */
	size_t below;             /* members before those, */
	struct grid_bits between; /* in them, */
	struct grid_bits present; /* and all that have a value */
	struct kept kept;         /* those between, while they are few enough */
	size_t room;
};

/* Of one value that is no text, numbers give the order, and nothing is to be kept. */
static bool is_one_value(const struct pass *pass)
{
	return pass->width == 0 && !pass->paging->order->is_text;
}

static void keep_word(struct pass *pass, size_t at, const uint64_t *cells)
{
	const struct grid_order *order = pass->paging->order;
	int64_t first = (pass->paging->view->first << GRID_CHUNK_BITS) + (int64_t)at * 64;
	struct kept *kept = &pass->kept;
	uint64_t word = pass->between.words[at];

	if (is_one_value(pass) || kept->count + 64 > pass->room) {
		kept->count += (size_t)__builtin_popcountll(word);
		return;
	}
	for (; word; word &= word - 1) {
		size_t i = (size_t)__builtin_ctzll(word);

		kept->keys[kept->count] = grid_keys_of(order, 0, cells[i]);
		kept->places[kept->count++] = place_of(order, first + (int64_t)i);
	}
}

static void pass_word(struct pass *pass, size_t at, const uint64_t *cells)
{
	uint64_t members = pass->paging->members->words[at];
	uint64_t between = 0, smaller = 0, present = 0;

	for (size_t i = 0; i < 64; i++) {
		between |= (uint64_t)(cells[i] - pass->low <= pass->width) << i;
		smaller |= (uint64_t)(cells[i] < pass->low) << i;
		present |= (uint64_t)(cells[i] != 0) << i;
	}
	members &= present;
	between &= members;
	if (pass->paging->order->down)
		smaller = ~smaller & ~between;
	pass->below += (size_t)__builtin_popcountll(smaller & members);
	pass->present.words[at] = members;
	pass->between.words[at] = between;
	if (between)
		keep_word(pass, at, cells);
}

static enum err_code pass_chunk(struct grid_visitor *visitor, size_t chunk, const uint64_t *cells,
				struct err *err)
{
	struct pass *pass = visitor->state;

	(void)err;
	for (size_t i = 0; i < GRID_WORDS; i++) {
		size_t at = chunk * GRID_WORDS + i;

		if (pass->paging->members->words[at])
			pass_word(pass, at, cells + i * 64);
	}
	return ERR_OK;
}

static void end_pass(struct pass *pass)
{
	grid_bits_release(&pass->between);
	grid_bits_release(&pass->present);
	free(pass->kept.keys);
	free(pass->kept.places);
}

static enum err_code run_pass(struct pass *pass, const struct grid_range *guess, struct err *err)
{
	const struct paging *paging = pass->paging;
	struct grid_visitor visitor = {.visit = pass_chunk, .state = pass};
	bool down = paging->order->down;

	pass->low = down ? ~guess->high : guess->low;
	pass->width = guess->high - guess->low;
	pass->room = (paging->count < KEPT_MAX ? paging->count : KEPT_MAX) + 64;
	pass->kept.keys = malloc(pass->room * sizeof *pass->kept.keys);
	pass->kept.places = malloc(pass->room * sizeof *pass->kept.places);
	if (!pass->kept.keys || !pass->kept.places)
		return err_memory(err);
	if (grid_bits_create(paging->view, &pass->between, err) != ERR_OK ||
	    grid_bits_create(paging->view, &pass->present, err) != ERR_OK)
		return err->code;
	return grid_bits_visit(paging->view, paging->order->column, paging->members, &visitor, err);
}

/* Those without a value stand behind all others. */
static enum err_code emit_absent(const struct paging *paging, const struct pass *pass,
				 struct err *err)
{
	struct grid_bits absent;

	if (grid_bits_create(paging->view, &absent, err) != ERR_OK)
		return err->code;
	grid_bits_or(&absent, paging->members);
	grid_bits_and_not(&absent, &pass->present);
	emit_by_number(paging, &absent);
	grid_bits_release(&absent);
	return ERR_OK;
}

/* *out_done: false when the guess was wrong, or too many lie between the guessed keys. */
static enum err_code emit_pass(const struct paging *paging, struct pass *pass, bool *out_done,
			       struct err *err)
{
	struct grid_window *window = paging->window;
	size_t present = grid_bits_count(&pass->present), end = window->skip + window->limit;
	size_t behind = pass->below + pass->kept.count;

	*out_done = false;
	if (window->skip >= present) {
		window->skip -= present;
		*out_done = true;
		return emit_absent(paging, pass, err);
	}
	if (window->skip < pass->below || (end < present ? end : present) > behind ||
	    (!is_one_value(pass) && pass->kept.count > pass->room - 64))
		return ERR_OK;
	*out_done = true;
	window->skip -= pass->below;
	if (is_one_value(pass))
		emit_by_number(paging, &pass->between);
	else if (emit_kept(paging, &pass->kept, err) != ERR_OK)
		return err->code;
	window->skip = 0;
	return window->count < window->limit ? emit_absent(paging, pass, err) : ERR_OK;
}

static enum err_code page_by_guess(const struct paging *paging, bool *out_done, struct err *err)
{
	struct pass pass = {.paging = paging};
	struct grid_range guess;

	if (guess_keys(paging, &guess, err) != ERR_OK)
		return err->code;
	enum err_code code = run_pass(&pass, &guess, err);

	if (code == ERR_OK)
		code = emit_pass(paging, &pass, out_done, err);
	end_pass(&pass);
	return code;
}

/* all keys at once */

static enum err_code emit_all(const struct paging *paging, uint64_t *keys, struct err *err)
{
	const struct grid_slice all = {.limit = paging->count};
	struct kept kept = {.keys = keys, .count = paging->count};
	struct grid_window *window = paging->window;
	struct grid_bits absent;

	kept.places = malloc((paging->count + 1) * sizeof *kept.places);
	if (!kept.places)
		return err_memory(err);
	grid_bits_take(paging->view, paging->members, &all, kept.places);
	for (size_t i = 0; i < kept.count; i++)
		kept.places[i] = place_of(paging->order, kept.places[i]);
	enum err_code code = emit_kept(paging, &kept, err);

	free(kept.places);
	if (code != ERR_OK || window->count == window->limit)
		return code;
	if (grid_bits_create(paging->view, &absent, err) != ERR_OK)
		return err->code;
	grid_keys_pick(paging->members, keys, GRID_KEYS_ABSENT, GRID_KEYS_ABSENT, &absent);
	emit_by_number(paging, &absent);
	grid_bits_release(&absent);
	return ERR_OK;
}

static enum err_code page_by_all(const struct paging *paging, struct err *err)
{
	uint64_t *keys;

	if (grid_keys_gather(paging->view, paging->order, 0, paging->members, &keys, err) != ERR_OK)
		return err->code;
	enum err_code code = emit_all(paging, keys, err);

	free(keys);
	return code;
}

enum err_code grid_order_page(const struct grid_view *view, const struct grid_order *order,
			      struct grid_bits *bits, struct grid_page *page, struct err *err)
{
	struct grid_window window = {page->skip, page->limit, page->numbers, 0};
	struct paging paging = {.view = view, .order = order, .members = bits, .window = &window};
	bool done = false;

	page->count = 0;
	if (page->after && grid_place_cut(view, order, page->after, bits, err) != ERR_OK)
		return err->code;
	paging.count = grid_bits_count(bits);
	if (page->skip >= paging.count)
		return ERR_OK;
	if (page->skip + page->limit <= TOP_MAX && page_by_top(&paging, &done, err) != ERR_OK)
		return err->code;
	if (!done && page_by_guess(&paging, &done, err) != ERR_OK)
		return err->code;
	if (!done && page_by_all(&paging, err) != ERR_OK)
		return err->code;
	page->count = window.count;
	return ERR_OK;
}
