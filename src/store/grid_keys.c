#include "store/grid_keys.h"

#include <stdlib.h>

#define BUCKET_BITS 14
#define BUCKETS ((size_t)1 << BUCKET_BITS)
#define FEW ((size_t)256) /* are not divided further */

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
	size_t chunk;  /* the next one */
	size_t at;     /* members before it */
	uint64_t flip; /* all ones where keys are the cells turned round */
	bool is_first; /* level 0, where nothing is GRID_KEYS_ABSENT */
};

static uint64_t turned(const struct gather *gather, uint64_t cell)
{
	uint64_t absent = gather->is_first && cell == 0 ? GRID_KEYS_ABSENT : 0;

	return (cell ^ gather->flip) | absent;
}

static size_t count_chunk(const struct grid_bits *bits, size_t chunk)
{
	size_t count = 0;

	for (size_t i = 0; i < GRID_WORDS; i++)
		count += (size_t)__builtin_popcountll(bits->words[chunk * GRID_WORDS + i]);
	return count;
}

/* The chunks up to this one have no cells. */
static void gather_nothing(struct gather *gather, size_t chunk)
{
	for (; gather->chunk < chunk; gather->chunk++) {
		size_t count = count_chunk(gather->members, gather->chunk);

		for (size_t i = 0; i < count; i++)
			gather->out[gather->at++] = turned(gather, 0);
	}
}

static enum err_code gather_chunk(struct grid_visitor *visitor, size_t chunk, const uint64_t *cells,
				  struct err *err)
{
	struct gather *gather = visitor->state;
	const uint64_t *members = gather->members->words + chunk * GRID_WORDS;

	(void)err;
	gather_nothing(gather, chunk);
	gather->chunk++;
	for (size_t i = 0; i < GRID_WORDS; i++) {
		uint64_t *out = gather->out + gather->at;

		for (size_t j = 0; members[i] == UINT64_MAX && j < 64; j++)
			out[j] = turned(gather, cells[i * 64 + j]);
		for (uint64_t word = members[i]; word && members[i] != UINT64_MAX; word &= word - 1)
			*out++ = turned(gather, cells[i * 64 + (size_t)__builtin_ctzll(word)]);
		gather->at += (size_t)__builtin_popcountll(members[i]);
	}
	return ERR_OK;
}

static enum err_code run_gather(const struct grid_view *view, enum grid_column column,
				struct gather *gather, uint64_t **out, struct err *err)
{
	size_t count = grid_bits_count(gather->members);
	struct grid_visitor visitor = {.visit = gather_chunk, .state = gather};

	gather->out = malloc((count + 1) * sizeof *gather->out);
	if (!gather->out)
		return err_memory(err);
	if (grid_bits_visit(view, column, gather->members, &visitor, err) != ERR_OK) {
		free(gather->out);
		return err->code;
	}
	gather_nothing(gather, view->chunks);
	*out = gather->out;
	return ERR_OK;
}

enum err_code grid_keys_cells(const struct grid_view *view, enum grid_column column,
			      const struct grid_bits *members, uint64_t **out, struct err *err)
{
	struct gather gather = {.members = members};

	return run_gather(view, column, &gather, out, err);
}

enum err_code grid_keys_gather(const struct grid_view *view, const struct grid_order *order,
			       int level, const struct grid_bits *members, uint64_t **out,
			       struct err *err)
{
	struct gather gather = {.members = members,
				.flip = order->down ? UINT64_MAX : 0,
				.is_first = level == 0};

	return run_gather(view, column_of(order, level), &gather, out, err);
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

/* All keys but those of leads without a value. */
static struct grid_range whole_range(const uint64_t *keys, size_t count)
{
	struct grid_range range = {.low = UINT64_MAX, .high = 0, .count = 0};

	for (size_t i = 0; i < count; i++) {
		bool has = keys[i] != GRID_KEYS_ABSENT;

		range.low = keys[i] < range.low ? keys[i] : range.low;
		range.high = has && keys[i] > range.high ? keys[i] : range.high;
		range.count += has;
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

enum err_code grid_keys_range(const uint64_t *keys, size_t count, size_t first, size_t last,
			      struct grid_range *out, struct err *err)
{
	struct grid_range range = whole_range(keys, count), before = {.low = 1};
	uint32_t *buckets = malloc(BUCKETS * sizeof *buckets);

	if (!buckets)
		return err_memory(err);
	range.present = range.count;
	if (first >= range.present)
		range.count = 0;
	if (last >= range.present)
		last = range.present - 1;
	while (range.count > FEW && (range.low != before.low || range.high != before.high)) {
		before = range;
		narrow(keys, count, first, last, buckets, &range);
	}
	free(buckets);
	*out = range;
	return ERR_OK;
}
