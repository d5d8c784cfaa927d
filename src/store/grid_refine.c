#include "store/grid_refine.h"

#include <stdlib.h>

#include "store/grid_ties.h"

/* So many leads are read one by one, rather than looked up in further columns. */
#define FEW ((size_t)32)

/* So many texts are read before the following bytes of all are looked at. */
#define TEXTS_MAX ((size_t)64)

#define ARENA_MAX ((size_t)256 * 1024 * 1024)

int grid_refine_compare(const void *a, const void *b)
{
	const struct grid_entry *left = a, *right = b;

	if (left->key != right->key)
		return left->key < right->key ? -1 : 1;
	return (left->place > right->place) - (left->place < right->place);
}

static int64_t number_of(const struct grid_entry *entry)
{
	return entry->place < 0 ? -entry->place : entry->place;
}

/* Take entry after entry into the window. */
static void emit(const struct grid_entry *entries, size_t count, struct grid_window *window)
{
	for (size_t i = 0; i < count; i++) {
		if (window->skip > 0)
			window->skip--;
		else if (window->count < window->limit)
			window->out[window->count++] = number_of(&entries[i]);
	}
}

/* The cells of the run's leads in `column`, in the order of its entries; on the heap. */
static enum err_code read_cells(const struct grid_refine *run, enum grid_column column,
				uint64_t **out, struct err *err)
{
	struct grid_bits bits;

	if (grid_bits_create(run->view, &bits, err) != ERR_OK)
		return err->code;
	for (size_t i = 0; i < run->count; i++)
		grid_bits_put(run->view, &bits, number_of(&run->entries[i]), true);
	enum err_code code = grid_keys_cells(run->view, column, &bits, out, err);

	grid_bits_release(&bits);
	/* They come by number. */
	for (size_t i = 0; code == ERR_OK && run->order->down && i < run->count / 2; i++) {
		uint64_t cell = (*out)[i];

		(*out)[i] = (*out)[run->count - 1 - i];
		(*out)[run->count - 1 - i] = cell;
	}
	return code;
}

/* texts */

/* A text of the run, by its hash or by its only lead. */
struct label {
	uint64_t hash;
	int64_t no; /* a lead that has it */
	struct text text;
	uint32_t rank; /* among the texts in their order; equal texts have one rank */
};

struct labels {
	struct label *items;
	size_t count;
};

static int by_text(const void *a, const void *b)
{
	return grid_ties_compare((*(struct label *const *)a)->text,
				 (*(struct label *const *)b)->text);
}

static int by_hash(const void *a, const void *b)
{
	uint64_t left = ((const struct label *)a)->hash, right = ((const struct label *)b)->hash;

	return (left > right) - (left < right);
}

/* Read the texts and rank them. */
static enum err_code rank_labels(const struct grid_refine *run, struct arena *arena,
				 const struct labels *labels, struct err *err)
{
	size_t count = labels->count;
	struct label **sorted = arena_zero(arena, count, sizeof(struct label *));

	if (!sorted)
		return err_memory(err);
	for (size_t i = 0; i < count; i++) {
		sorted[i] = &labels->items[i];
		if (grid_ties_text(run->order, run->view->workspace, arena, sorted[i]->no,
				   &sorted[i]->text, err) != ERR_OK)
			return err->code;
	}
	qsort(sorted, count, sizeof(struct label *), by_text);
	for (size_t i = 1; i < count; i++)
		sorted[i]->rank = sorted[i - 1]->rank +
				  (grid_ties_compare(sorted[i - 1]->text, sorted[i]->text) != 0);
	for (size_t i = 0; run->order->down && i < count; i++)
		sorted[i]->rank = (uint32_t)(count - 1) - sorted[i]->rank;
	return ERR_OK;
}

/* Each lead's text is read. */
static enum err_code emit_few(const struct grid_refine *run, struct arena *arena,
			      struct grid_window *window, struct err *err)
{
	struct grid_entry entries[FEW];
	struct label items[FEW] = {{0}};
	const struct labels labels = {items, run->count};

	for (size_t i = 0; i < run->count; i++)
		items[i].no = number_of(&run->entries[i]);
	if (rank_labels(run, arena, &labels, err) != ERR_OK)
		return err->code;
	for (size_t i = 0; i < run->count; i++)
		entries[i] = (struct grid_entry){items[i].rank, run->entries[i].place};
	qsort(entries, run->count, sizeof *entries, grid_refine_compare);
	emit(entries, run->count, window);
	return ERR_OK;
}

/* The texts of the run, each once, by their hashes; one more than TEXTS_MAX: there are too many. */
static void label_some(const struct grid_refine *run, const uint64_t *hashes, struct labels *out)
{
	size_t at;

	for (size_t i = 0; i < run->count && out->count <= TEXTS_MAX; i++) {
		for (at = 0; at < out->count && out->items[at].hash != hashes[i]; at++)
			continue;
		if (at == out->count)
			out->items[out->count++] =
				(struct label){.hash = hashes[i],
					       .no = number_of(&run->entries[i])};
	}
}

/* The same for any number of them; `out` has room for all. */
static void label_all(const struct grid_refine *run, const uint64_t *hashes, struct labels *out)
{
	out->count = 0;
	for (size_t i = 0; i < run->count; i++)
		out->items[i] =
			(struct label){.hash = hashes[i], .no = number_of(&run->entries[i])};
	qsort(out->items, run->count, sizeof *out->items, by_hash);
	for (size_t i = 0; i < run->count; i++) {
		if (out->count == 0 || out->items[out->count - 1].hash != out->items[i].hash)
			out->items[out->count++] = out->items[i];
	}
}

static const struct label *label_of(const struct labels *labels, uint64_t hash)
{
	const struct label wanted = {.hash = hash};

	return bsearch(&wanted, labels->items, labels->count, sizeof wanted, by_hash);
}

/* Those of one rank after those of another; ranks that the window does not reach are passed by. */
static void emit_ranks(const struct grid_refine *run, const uint32_t *ranks, const size_t *sizes,
		       size_t rank_count, struct grid_window *window)
{
	for (size_t rank = 0; rank < rank_count && window->count < window->limit; rank++) {
		if (window->skip >= sizes[rank]) {
			window->skip -= sizes[rank];
			continue;
		}
		for (size_t i = 0; i < run->count; i++) {
			if (ranks[i] == rank)
				emit(&run->entries[i], 1, window);
		}
	}
}

/* In the order of the texts that the hashes stand for. */
static enum err_code emit_labelled(const struct grid_refine *run, const uint64_t *hashes,
				   struct labels *labels, struct grid_window *window,
				   struct err *err)
{
	struct arena arena;
	enum err_code code;

	if (labels->count == 1) {
		emit(run->entries, run->count, window);
		return ERR_OK;
	}
	arena_init(&arena, ARENA_MAX);
	code = rank_labels(run, &arena, labels, err);
	qsort(labels->items, labels->count, sizeof *labels->items, by_hash);
	uint32_t *ranks = arena_zero(&arena, run->count, sizeof *ranks);
	size_t *sizes = arena_zero(&arena, labels->count, sizeof *sizes);

	if (code == ERR_OK && (!ranks || !sizes))
		code = err_memory(err);
	for (size_t i = 0; code == ERR_OK && i < run->count; i++) {
		ranks[i] = label_of(labels, hashes[i])->rank;
		sizes[ranks[i]]++;
	}
	if (code == ERR_OK)
		emit_ranks(run, ranks, sizes, labels->count, window);
	arena_release(&arena);
	return code;
}

/* By the next bytes of the texts. */
static enum err_code emit_by_level(const struct grid_refine *run, int level,
				   struct grid_window *window, struct err *err)
{
	struct grid_entry *entries = malloc(run->count * sizeof *entries);
	const struct grid_refine next = {run->view, run->order, level, entries, run->count};
	uint64_t *cells = NULL;
	enum err_code code = entries ? ERR_OK : err_memory(err);

	if (code == ERR_OK)
		code = read_cells(run, grid_sort_column(run->order->field, level), &cells, err);
	for (size_t i = 0; code == ERR_OK && i < run->count; i++)
		entries[i] = (struct grid_entry){grid_keys_of(run->order, level, cells[i]),
						 run->entries[i].place};
	free(cells);
	if (code == ERR_OK)
		code = grid_refine_entries(&next, window, err);
	free(entries);
	return code;
}

/* Many leads whose texts begin alike. */
static enum err_code emit_many(const struct grid_refine *run, const uint64_t *hashes,
			       struct grid_window *window, struct err *err)
{
	struct labels labels = {.items = malloc((TEXTS_MAX + 1) * sizeof *labels.items)};
	enum err_code code = ERR_OK;

	if (!labels.items)
		return err_memory(err);
	label_some(run, hashes, &labels);
	if (labels.count <= TEXTS_MAX) {
		code = emit_labelled(run, hashes, &labels, window, err);
	} else if (run->level + 1 < grid_keys_levels(run->order)) {
		code = emit_by_level(run, run->level + 1, window, err);
	} else {
		free(labels.items);
		labels.items = malloc(run->count * sizeof *labels.items);
		if (!labels.items)
			return err_memory(err);
		label_all(run, hashes, &labels);
		code = emit_labelled(run, hashes, &labels, window, err);
	}
	free(labels.items);
	return code;
}

static enum err_code emit_run(const struct grid_refine *run, struct grid_window *window,
			      struct err *err)
{
	struct arena arena;
	uint64_t *hashes;
	enum err_code code;

	if (run->count == 1 || !run->order->is_text) {
		emit(run->entries, run->count, window);
		return ERR_OK;
	}
	if (run->count <= FEW) {
		arena_init(&arena, ARENA_MAX);
		code = emit_few(run, &arena, window, err);
		arena_release(&arena);
		return code;
	}
	if (read_cells(run, grid_value_column(run->order->field), &hashes, err) != ERR_OK)
		return err->code;
	code = emit_many(run, hashes, window, err);
	free(hashes);
	return code;
}

/* Leads of one key come in the order of their numbers: nothing to do, or to turn them round. */
static void sort_entries(struct grid_entry *entries, size_t count)
{
	size_t up = 0, down = 0;

	for (size_t i = 1; i < count && (up == i - 1 || down == i - 1); i++) {
		int order = grid_refine_compare(&entries[i - 1], &entries[i]);

		up += order < 0;
		down += order > 0;
	}
	if (count < 2 || up == count - 1)
		return;
	for (size_t i = 0; down == count - 1 && i < count / 2; i++) {
		struct grid_entry entry = entries[i];

		entries[i] = entries[count - 1 - i];
		entries[count - 1 - i] = entry;
	}
	if (down < count - 1)
		qsort(entries, count, sizeof *entries, grid_refine_compare);
}

enum err_code grid_refine_entries(const struct grid_refine *refine, struct grid_window *window,
				  struct err *err)
{
	struct grid_entry *entries = refine->entries;
	struct grid_refine run = *refine; /* leads with one key */

	sort_entries(entries, refine->count);
	for (size_t i = 0; i < refine->count && window->count < window->limit; i += run.count) {
		run.entries = entries + i;
		run.count = 1;
		while (i + run.count < refine->count &&
		       entries[i + run.count].key == entries[i].key)
			run.count++;
		if (window->skip >= run.count)
			window->skip -= run.count;
		else if (emit_run(&run, window, err) != ERR_OK)
			return err->code;
	}
	return ERR_OK;
}
