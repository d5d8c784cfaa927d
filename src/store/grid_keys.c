#include "store/grid_keys.h"

#include <stdlib.h>

#define BUCKET_BITS 14
#define BUCKETS ((size_t)1 << BUCKET_BITS)
#define SORTED_MAX ((size_t)32768) /* keys that are sorted, rather than divided further */

int grid_keys_levels(const struct grid_order *order)
{
	return order->is_text ? GRID_KEYS_LEVELS_MAX : 1;
}

static enum grid_column column_of(const struct grid_order *order, int level)
{
	return level == 0 ? order->column : grid_sort_column(order->field, level);
}

uint64_t grid_keys_of(const struct grid_order *order, int level, uint64_t cell)
{
	if (level == 0 && cell == 0)
		return GRID_KEYS_ABSENT;
	return order->down ? ~cell : cell;
}

struct gather {
	const struct grid_bits *members;
	uint64_t *out;
	size_t chunk; /* the next one */
	size_t at;    /* members before it */
};

static size_t count_chunk(const struct grid_bits *bits, size_t chunk)
{
	size_t count = 0;

	for (size_t i = 0; i < GRID_WORDS; i++)
		count += (size_t)__builtin_popcountll(bits->words[chunk * GRID_WORDS + i]);
	return count;
}

static enum err_code gather_chunk(struct grid_visitor *visitor, size_t chunk, const uint64_t *cells,
				  struct err *err)
{
	struct gather *gather = visitor->state;
	const uint64_t *members = gather->members->words + chunk * GRID_WORDS;

	(void)err;
	for (; gather->chunk < chunk; gather->chunk++)
		gather->at += count_chunk(gather->members, gather->chunk);
	gather->chunk++;
	for (size_t i = 0; i < GRID_WORDS; i++) {
		if (members[i] == UINT64_MAX) {
			memcpy(gather->out + gather->at, cells + i * 64, 64 * sizeof *cells);
			gather->at += 64;
			continue;
		}
		for (uint64_t word = members[i]; word; word &= word - 1)
			gather->out[gather->at++] = cells[i * 64 + (size_t)__builtin_ctzll(word)];
	}
	return ERR_OK;
}

enum err_code grid_keys_cells(const struct grid_view *view, enum grid_column column,
			      const struct grid_bits *members, uint64_t **out, struct err *err)
{
	size_t count = grid_bits_count(members);
	struct gather gather = {.members = members, .out = calloc(count + 1, sizeof(uint64_t))};
	struct grid_visitor visitor = {gather_chunk, &gather};

	if (!gather.out)
		return err_memory(err);
	if (grid_bits_visit(view, column, members, &visitor, err) != ERR_OK) {
		free(gather.out);
		return err->code;
	}
	*out = gather.out;
	return ERR_OK;
}

enum err_code grid_keys_gather(const struct grid_view *view, const struct grid_order *order,
			       int level, const struct grid_bits *members, uint64_t **out,
			       struct err *err)
{
	size_t count = grid_bits_count(members);

	if (grid_keys_cells(view, column_of(order, level), members, out, err) != ERR_OK)
		return err->code;
	for (size_t i = 0; i < count; i++)
		(*out)[i] = grid_keys_of(order, level, (*out)[i]);
	return ERR_OK;
}

void grid_keys_pick(const struct grid_bits *members, const uint64_t *keys, uint64_t low,
		    uint64_t high, struct grid_bits *out)
{
	uint64_t range = high - low;
	size_t at = 0;

	for (size_t i = 0; i < members->chunks * GRID_WORDS; i++) {
		uint64_t word = members->words[i], picked = 0;

		if (word == UINT64_MAX) {
			for (size_t j = 0; j < 64; j++)
				picked |= (uint64_t)(keys[at + j] - low <= range) << j;
			at += 64;
		}
		for (; word && word != UINT64_MAX; word &= word - 1)
			picked |= keys[at++] - low <= range ? word & -word : 0;
		out->words[i] |= picked;
	}
}

static int by_key(const void *a, const void *b)
{
	uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;

	return (left > right) - (left < right);
}

static struct grid_range whole_range(const uint64_t *keys, size_t count)
{
	struct grid_range range = {.low = UINT64_MAX, .high = 0, .count = count};

	for (size_t i = 0; i < count; i++) {
		range.low = keys[i] < range.low ? keys[i] : range.low;
		range.high = keys[i] > range.high ? keys[i] : range.high;
	}
	return range;
}

/* Narrow the range to the buckets that hold the ranks `first` to `last`. */
static void narrow(const uint64_t *keys, size_t count, size_t first, size_t last, uint32_t *buckets,
		   struct grid_range *range)
{
	uint64_t low = range->low, width = range->high - low;
	int bits = width ? 64 - __builtin_clzll(width) : 0;
	int shift = bits > BUCKET_BITS ? bits - BUCKET_BITS : 0;
	size_t begin = 0, end, below = range->below, upto;

	memset(buckets, 0, BUCKETS * sizeof *buckets);
	for (size_t i = 0; i < count; i++) {
		uint64_t from = keys[i] - low;

		if (from <= width)
			buckets[from >> shift]++;
	}
	while (below + buckets[begin] <= first)
		below += buckets[begin++];
	for (end = begin, upto = below + buckets[begin]; upto <= last;)
		upto += buckets[++end];
	range->low = low + ((uint64_t)begin << shift);
	if ((uint64_t)(end + 1) << shift <= width) /* the last bucket ends with the range */
		range->high = low + ((uint64_t)(end + 1) << shift) - 1;
	range->below = below;
	range->count = upto - below;
}

/* The keys of the range, sorted; on the heap. */
static uint64_t *sort_range(const uint64_t *keys, size_t count, const struct grid_range *range)
{
	uint64_t *sorted = malloc((range->count + 1) * sizeof *sorted);
	size_t len = 0;

	for (size_t i = 0; sorted && i < count; i++) {
		if (keys[i] - range->low <= range->high - range->low)
			sorted[len++] = keys[i];
	}
	if (sorted)
		qsort(sorted, len, sizeof *sorted, by_key);
	return sorted;
}

enum err_code grid_keys_range(const uint64_t *keys, size_t count, size_t first, size_t last,
			      struct grid_range *out, struct err *err)
{
	struct grid_range range = whole_range(keys, count);
	uint32_t *buckets = calloc(BUCKETS, sizeof *buckets);
	size_t before;

	if (!buckets)
		return err_memory(err);
	do {
		before = range.count;
		if (range.count > SORTED_MAX && range.low < range.high)
			narrow(keys, count, first, last, buckets, &range);
	} while (range.count < before);
	free(buckets);
	if (range.low == range.high) {
		*out = range;
		return ERR_OK;
	}
	uint64_t *sorted = sort_range(keys, count, &range);
	size_t from = first - range.below, to = last - range.below;

	if (!sorted)
		return err_memory(err);
	range.low = sorted[from];
	range.high = sorted[to];
	while (from > 0 && sorted[from - 1] == range.low)
		from--;
	while (to + 1 < range.count && sorted[to + 1] == range.high)
		to++;
	range.below += from;
	range.count = to + 1 - from;
	free(sorted);
	*out = range;
	return ERR_OK;
}
