#include "store/grid_fill.h"

#include <stdlib.h>

#include "json/scan.h"
#include "store/grid_lead.h"

#define SETS_MAX ((size_t)4096) /* kept at once */
#define PLACES (SETS_MAX * 4)   /* a power of two */

struct column {
	uint64_t *cells; /* NULL: not needed yet */
	bool is_loaded;
	bool is_zero; /* nothing but zeros; cells say nothing */
	bool is_dirty;
};

struct set {
	int64_t key;
	uint64_t bits[GRID_WORDS];
	bool is_dirty;
};

struct grid_fill {
	struct db *db;
	int64_t chunk; /* -1: none */
	struct column columns[GRID_COLUMN_COUNT];
	struct set *sets;
	size_t set_count;
	uint16_t *places; /* index in sets, plus 1, by the hash of the key; 0: none */
};

enum err_code grid_fill_create(struct db *db, struct grid_fill **out, struct err *err)
{
	struct grid_fill *fill = calloc(1, sizeof *fill);

	if (!fill)
		return err_memory(err);
	fill->db = db;
	fill->chunk = -1;
	fill->sets = calloc(SETS_MAX, sizeof *fill->sets);
	fill->places = calloc(PLACES, sizeof *fill->places);
	if (!fill->sets || !fill->places) {
		grid_fill_destroy(fill);
		return err_memory(err);
	}
	*out = fill;
	return ERR_OK;
}

void grid_fill_destroy(struct grid_fill *fill)
{
	if (!fill)
		return;
	for (size_t i = 0; i < GRID_COLUMN_COUNT; i++)
		free(fill->columns[i].cells);
	free(fill->sets);
	free(fill->places);
	free(fill);
}

/* columns */

static enum err_code load_column(struct grid_fill *fill, enum grid_column id, struct err *err)
{
	struct column *column = &fill->columns[id];
	struct db_row *row = db_query(fill->db, QUERY_GRID_CELLS);
	bool found;

	db_bind_int(row, 1, grid_row_key(id, fill->chunk));
	if (db_step(row, &found, err) != ERR_OK)
		return err->code;
	struct text cells = found ? db_text(row, 0) : TEXT_NONE;

	if (found && !column->cells)
		column->cells = malloc(GRID_CHUNK * sizeof(uint64_t));
	if (found && column->cells) {
		size_t len = cells.len < GRID_CHUNK * 8 ? cells.len : GRID_CHUNK * 8;

		memcpy(column->cells, cells.ptr, len);
		memset((char *)column->cells + len, 0, GRID_CHUNK * 8 - len);
	}
	db_end(row);
	if (found && !column->cells)
		return err_memory(err);
	column->is_zero = !found;
	column->is_loaded = true;
	return ERR_OK;
}

static enum err_code put_cell(struct grid_fill *fill, enum grid_column id, size_t slot,
			      uint64_t value, struct err *err)
{
	struct column *column = &fill->columns[id];

	if (!column->is_loaded && load_column(fill, id, err) != ERR_OK)
		return err->code;
	if (column->is_zero && value == 0)
		return ERR_OK;
	if (!column->cells)
		column->cells = malloc(GRID_CHUNK * sizeof(uint64_t));
	if (!column->cells)
		return err_memory(err);
	if (column->is_zero)
		memset(column->cells, 0, GRID_CHUNK * sizeof(uint64_t));
	column->is_zero = false;
	column->is_dirty |= column->cells[slot] != value;
	column->cells[slot] = value;
	return ERR_OK;
}

static enum err_code write_column(struct grid_fill *fill, enum grid_column id, struct err *err)
{
	const struct column *column = &fill->columns[id];
	size_t count = GRID_CHUNK;
	struct db_row *row;

	while (count > 0 && column->cells[count - 1] == 0)
		count--;
	row = db_query(fill->db, count ? QUERY_GRID_CELLS_SET : QUERY_GRID_CELLS_CLEAR);
	db_bind_int(row, 1, grid_row_key(id, fill->chunk));
	if (count)
		db_bind_blob(row, 2, column->cells, count * 8);
	return db_run(row, NULL, err);
}

/* sets */

static size_t place_of(int64_t key)
{
	return (size_t)((uint64_t)key * 0x9E3779B97F4A7C15u >> 32) & (PLACES - 1);
}

static struct set *find_set(struct grid_fill *fill, int64_t key)
{
	for (size_t at = place_of(key); fill->places[at]; at = (at + 1) & (PLACES - 1)) {
		struct set *set = &fill->sets[fill->places[at] - 1];

		if (set->key == key)
			return set;
	}
	return NULL;
}

static int by_key(const void *a, const void *b)
{
	int64_t left = ((const struct set *)a)->key, right = ((const struct set *)b)->key;

	return (left > right) - (left < right);
}

static enum err_code write_set(struct grid_fill *fill, const struct set *set, struct err *err)
{
	unsigned char members[GRID_MEMBERS_BYTES];
	size_t len = grid_members_pack(set->bits, members);
	struct db_row *row =
		db_query(fill->db, len ? QUERY_GRID_MEMBERS_SET : QUERY_GRID_MEMBERS_CLEAR);

	db_bind_int(row, 1, set->key);
	db_bind_int(row, 2, fill->chunk);
	if (len)
		db_bind_blob(row, 3, members, len);
	return db_run(row, NULL, err);
}

/* Write the sets that changed, in the order in which they lie, and forget all. */
static enum err_code flush_sets(struct grid_fill *fill, struct err *err)
{
	qsort(fill->sets, fill->set_count, sizeof *fill->sets, by_key);
	for (size_t i = 0; i < fill->set_count; i++) {
		if (fill->sets[i].is_dirty && write_set(fill, &fill->sets[i], err) != ERR_OK)
			return err->code;
	}
	fill->set_count = 0;
	memset(fill->places, 0, PLACES * sizeof *fill->places);
	return ERR_OK;
}

static enum err_code load_set(struct grid_fill *fill, int64_t key, struct set **out,
			      struct err *err)
{
	size_t at = place_of(key);
	struct db_row *row;
	bool found;

	if (fill->set_count == SETS_MAX && flush_sets(fill, err) != ERR_OK)
		return err->code;
	struct set *set = &fill->sets[fill->set_count];

	*set = (struct set){.key = key};
	row = db_query(fill->db, QUERY_GRID_MEMBERS);
	db_bind_int(row, 1, key);
	db_bind_int(row, 2, fill->chunk);
	if (db_step(row, &found, err) != ERR_OK)
		return err->code;
	if (found)
		grid_members_add(db_text(row, 0), set->bits);
	db_end(row);
	while (fill->places[at])
		at = (at + 1) & (PLACES - 1);
	fill->places[at] = (uint16_t)++fill->set_count;
	*out = set;
	return ERR_OK;
}

static enum err_code put_member(struct grid_fill *fill, int64_t key, size_t slot, bool is_member,
				struct err *err)
{
	struct set *set = find_set(fill, key);
	uint64_t bit = (uint64_t)1 << slot % 64;

	if (!set && load_set(fill, key, &set, err) != ERR_OK)
		return err->code;
	if (!(set->bits[slot / 64] & bit) == !is_member)
		return ERR_OK;
	set->bits[slot / 64] ^= bit;
	set->is_dirty = true;
	return ERR_OK;
}

/*
 * Leave what is only in `before`, join what is only in `now`. Both are ascending, or there is
 * nothing in `before`.
 */
static enum err_code move_sets(struct grid_fill *fill, size_t slot, const struct grid_keys *before,
			       const struct grid_keys *now, struct err *err)
{
	size_t i = 0, j = 0;

	while (i < before->count || j < now->count) {
		if (i < before->count && j < now->count && before->items[i] == now->items[j]) {
			i++;
			j++;
			continue;
		}
		bool leaves = j == now->count ||
			      (i < before->count && before->items[i] < now->items[j]);
		int64_t key = leaves ? before->items[i++] : now->items[j++];

		if (put_member(fill, key, slot, !leaves, err) != ERR_OK)
			return err->code;
	}
	return ERR_OK;
}

/* chunks */

enum err_code grid_fill_end(struct grid_fill *fill, struct err *err)
{
	if (fill->chunk < 0)
		return ERR_OK;
	for (int id = 0; id < GRID_COLUMN_COUNT; id++) {
		struct column *column = &fill->columns[id];

		if (column->is_dirty && write_column(fill, (enum grid_column)id, err) != ERR_OK)
			return err->code;
		column->is_loaded = column->is_dirty = false;
	}
	if (flush_sets(fill, err) != ERR_OK)
		return err->code;
	fill->chunk = -1;
	return ERR_OK;
}

static enum err_code enter_chunk(struct grid_fill *fill, int64_t no, struct err *err)
{
	int64_t chunk = grid_chunk_of(no);

	if (chunk == fill->chunk)
		return ERR_OK;
	if (grid_fill_end(fill, err) != ERR_OK)
		return err->code;
	fill->chunk = chunk;
	return ERR_OK;
}

enum err_code grid_fill_has(struct grid_fill *fill, int64_t no, bool *out, struct err *err)
{
	const struct column *created = &fill->columns[GRID_CREATED];

	if (enter_chunk(fill, no, err) != ERR_OK ||
	    (!created->is_loaded && load_column(fill, GRID_CREATED, err) != ERR_OK))
		return err->code;
	*out = !created->is_zero && created->cells[grid_slot_of(no)] != 0;
	return ERR_OK;
}

/* The sets that the lead was put into before. */
static enum err_code read_keys(struct grid_fill *fill, struct arena *arena, int64_t no,
			       struct grid_keys *out, struct err *err)
{
	struct db_row *row = db_query(fill->db, QUERY_GRID_LEAD_KEYS);
	struct text keys = TEXT("");
	bool found;

	db_bind_int(row, 1, no);
	if (db_step(row, &found, err) != ERR_OK)
		return err->code;
	if (found)
		keys = arena_copy(arena, db_text(row, 0));
	db_end(row);
	if (!keys.ptr)
		return err_memory(err);
	out->items = (int64_t *)(void *)keys.ptr; /* an arena aligns for any type */
	out->count = keys.len / sizeof out->items[0];
	return ERR_OK;
}

static enum err_code write_keys(struct grid_fill *fill, int64_t no, const struct grid_keys *keys,
				struct err *err)
{
	struct db_row *row =
		db_query(fill->db, keys->count ? QUERY_GRID_LEAD_KEYS_SET : QUERY_GRID_LEAD_FORGET);

	db_bind_int(row, 1, no);
	if (keys->count)
		db_bind_blob(row, 2, keys->items, keys->count * sizeof keys->items[0]);
	return db_run(row, NULL, err);
}

static bool is_same(const struct grid_keys *a, const struct grid_keys *b)
{
	return a->count == b->count &&
	       (a->count == 0 || memcmp(a->items, b->items, a->count * sizeof a->items[0]) == 0);
}

/* Put lead `no` into the sets `now` and out of all others. */
static enum err_code put_sets(struct grid_fill *fill, struct arena *arena, int64_t no,
			      const struct grid_keys *now, struct err *err)
{
	struct grid_keys before = {.count = 0};
	bool has;

	if (grid_fill_has(fill, no, &has, err) != ERR_OK ||
	    (has && read_keys(fill, arena, no, &before, err) != ERR_OK))
		return err->code;
	if (is_same(&before, now))
		return ERR_OK;
	if (move_sets(fill, grid_slot_of(no), &before, now, err) != ERR_OK)
		return err->code;
	return write_keys(fill, no, now, err);
}

enum err_code grid_fill_put(struct grid_fill *fill, struct arena *arena, const struct lead_row *row,
			    const struct record *record, struct err *err)
{
	size_t slot = grid_slot_of(row->no);
	struct grid_cells *cells = arena_zero(arena, 1, sizeof *cells);
	struct grid_keys keys;

	if (!cells)
		return err_memory(err);
	if (enter_chunk(fill, row->no, err) != ERR_OK ||
	    grid_lead_cells(arena, row, record, cells, err) != ERR_OK ||
	    grid_lead_keys(arena, row, record, &keys, err) != ERR_OK ||
	    put_sets(fill, arena, row->no, &keys, err) != ERR_OK)
		return err->code;
	for (int id = 0; id < GRID_COLUMN_COUNT; id++) {
		if (put_cell(fill, (enum grid_column)id, slot, cells->cells[id], err) != ERR_OK)
			return err->code;
	}
	return ERR_OK;
}

enum err_code grid_fill_words(struct grid_fill *fill, struct arena *arena, int64_t no,
			      const struct grid_texts *before, const struct grid_texts *now,
			      struct err *err)
{
	struct grid_keys old, new;

	if (enter_chunk(fill, no, err) != ERR_OK ||
	    grid_lead_words(arena, before->items, before->count, &old, err) != ERR_OK ||
	    grid_lead_words(arena, now->items, now->count, &new, err) != ERR_OK)
		return err->code;
	if (old.count > 0) {
		grid_lead_sort(&old);
		grid_lead_sort(&new);
	}
	return move_sets(fill, grid_slot_of(no), &old, &new, err);
}

enum err_code grid_fill_drop(struct grid_fill *fill, struct arena *arena, int64_t no,
			     struct err *err)
{
	const struct grid_keys none = {.count = 0};

	if (enter_chunk(fill, no, err) != ERR_OK || put_sets(fill, arena, no, &none, err) != ERR_OK)
		return err->code;
	for (int id = 0; id < GRID_COLUMN_COUNT; id++) {
		if (put_cell(fill, (enum grid_column)id, grid_slot_of(no), 0, err) != ERR_OK)
			return err->code;
	}
	return ERR_OK;
}
