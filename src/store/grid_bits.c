#include "store/grid_bits.h"

#include <stdlib.h>

#include "store/leads.h"

/* Rows of a column are read one by one where fewer than so many in 16 are needed. */
#define SPARSE_SIXTEENTHS 12

enum err_code grid_bits_view(struct search *search, int64_t workspace, struct grid_view *out,
			     struct err *err)
{
	struct grid_view view = {.search = search,
				 .db = search_db(search),
				 .workspace = workspace,
				 .first = grid_chunk_of(leads_first_number(workspace))};
	struct db_row *row = db_query(view.db, QUERY_GRID_LAST_CHUNK);
	int64_t last;

	db_bind_int(row, 1, grid_key_of(GRID_ALL, 0));
	db_bind_int(row, 2, view.first);
	db_bind_int(row, 3, grid_chunk_of(leads_last_number(workspace)));
	if (db_number(row, &last, err) != ERR_OK)
		return err->code;
	view.chunks = last ? (size_t)(last - view.first + 1) : 0;
	*out = view;
	return ERR_OK;
}

enum err_code grid_bits_create(const struct grid_view *view, struct grid_bits *out, struct err *err)
{
	uint64_t *words = calloc(view->chunks * GRID_WORDS + 1, sizeof *words);

	if (!words)
		return err_memory(err);
	*out = (struct grid_bits){words, view->chunks};
	return ERR_OK;
}

void grid_bits_release(struct grid_bits *bits)
{
	free(bits->words);
	*bits = (struct grid_bits){NULL, 0};
}

enum err_code grid_bits_add_set(const struct grid_view *view, int64_t key, struct grid_bits *bits,
				struct err *err)
{
	struct db_row *row = db_query(view->db, QUERY_GRID_SET);
	bool found = true;

	db_bind_int(row, 1, key);
	db_bind_int(row, 2, view->first);
	db_bind_int(row, 3, view->first + (int64_t)view->chunks - 1);
	while (found) {
		if (db_step(row, &found, err) != ERR_OK)
			return err->code;
		if (found)
			grid_members_add(db_text(row, 1),
					 bits->words + (size_t)(db_int(row, 0) - view->first) *
							       GRID_WORDS);
	}
	db_end(row);
	return ERR_OK;
}

/* The place of `no` among the bits; false when it is none of the view's. */
static bool place_of(const struct grid_view *view, int64_t no, size_t *out)
{
	int64_t first = view->first << GRID_CHUNK_BITS;

	if (no < first || no >= first + (int64_t)(view->chunks * GRID_CHUNK))
		return false;
	*out = (size_t)(no - first);
	return true;
}

void grid_bits_put(const struct grid_view *view, struct grid_bits *bits, int64_t no, bool is_in)
{
	size_t at;

	if (!place_of(view, no, &at))
		return;
	if (is_in)
		bits->words[at / 64] |= (uint64_t)1 << at % 64;
	else
		bits->words[at / 64] &= ~((uint64_t)1 << at % 64);
}

bool grid_bits_has(const struct grid_view *view, const struct grid_bits *bits, int64_t no)
{
	size_t at;

	return place_of(view, no, &at) && bits->words[at / 64] >> at % 64 & 1;
}

void grid_bits_and(struct grid_bits *bits, const struct grid_bits *other)
{
	for (size_t i = 0; i < bits->chunks * GRID_WORDS; i++)
		bits->words[i] &= other->words[i];
}

void grid_bits_and_not(struct grid_bits *bits, const struct grid_bits *other)
{
	for (size_t i = 0; i < bits->chunks * GRID_WORDS; i++)
		bits->words[i] &= ~other->words[i];
}

void grid_bits_or(struct grid_bits *bits, const struct grid_bits *other)
{
	for (size_t i = 0; i < bits->chunks * GRID_WORDS; i++)
		bits->words[i] |= other->words[i];
}

size_t grid_bits_count(const struct grid_bits *bits)
{
	size_t count = 0;

	for (size_t i = 0; i < bits->chunks * GRID_WORDS; i++)
		count += (size_t)__builtin_popcountll(bits->words[i]);
	return count;
}

static bool is_empty_chunk(const struct grid_bits *bits, size_t chunk)
{
	const uint64_t *words = bits->words + chunk * GRID_WORDS;
	uint64_t any = 0;

	for (size_t i = 0; i < GRID_WORDS; i++)
		any |= words[i];
	return any == 0;
}

/* columns */

struct visit {
	const struct grid_view *view;
	enum grid_column column;
	const struct grid_bits *among;
	struct grid_visitor *visitor;
	uint64_t cells[GRID_CHUNK];
};

/* The row's cells; the zeros that are left out at its end are put back. */
static enum err_code visit_row(struct visit *visit, size_t chunk, struct text row, struct err *err)
{
	struct grid_visitor *visitor = visit->visitor;
	size_t len = row.len < sizeof visit->cells ? row.len : sizeof visit->cells;

	if (len == sizeof visit->cells && (uintptr_t)row.ptr % sizeof(uint64_t) == 0)
		return visitor->visit(visitor, chunk, (const uint64_t *)(const void *)row.ptr, err);
	memcpy(visit->cells, row.ptr, len);
	memset((char *)visit->cells + len, 0, sizeof visit->cells - len);
	return visitor->visit(visitor, chunk, visit->cells, err);
}

static enum err_code visit_all(struct visit *visit, struct err *err)
{
	const struct grid_view *view = visit->view;
	struct db_row *row = db_query(view->db, visit->visitor->down ? QUERY_GRID_COLUMN_DOWN
								     : QUERY_GRID_COLUMN);
	enum err_code code = ERR_OK;
	bool found = true;

	db_bind_int(row, 1, grid_row_key(visit->column, view->first));
	db_bind_int(row, 2, grid_row_key(visit->column, view->first + (int64_t)view->chunks - 1));
	while (found && code == ERR_OK) {
		if (db_step(row, &found, err) != ERR_OK)
			return err->code;
		if (!found)
			break;
		size_t chunk = (size_t)(grid_row_chunk(db_int(row, 0)) - view->first);

		if (!is_empty_chunk(visit->among, chunk))
			code = visit_row(visit, chunk, db_text(row, 1), err);
	}
	db_end(row);
	return code;
}

static enum err_code visit_one(struct visit *visit, size_t chunk, struct err *err)
{
	const struct grid_view *view = visit->view;
	struct db_row *row = db_query(view->db, QUERY_GRID_CELLS);
	enum err_code code = ERR_OK;
	bool found;

	db_bind_int(row, 1, grid_row_key(visit->column, view->first + (int64_t)chunk));
	if (db_step(row, &found, err) != ERR_OK)
		return err->code;
	if (found)
		code = visit_row(visit, chunk, db_text(row, 0), err);
	db_end(row);
	return code;
}

static enum err_code visit_some(struct visit *visit, struct err *err)
{
	for (size_t i = 0; i < visit->view->chunks; i++) {
		size_t chunk = visit->visitor->down ? visit->view->chunks - 1 - i : i;

		if (!is_empty_chunk(visit->among, chunk) && visit_one(visit, chunk, err) != ERR_OK)
			return err->code;
	}
	return ERR_OK;
}

enum err_code grid_bits_visit(const struct grid_view *view, enum grid_column column,
			      const struct grid_bits *among, struct grid_visitor *visitor,
			      struct err *err)
{
	struct visit visit = {.view = view, .column = column, .among = among, .visitor = visitor};
	size_t needed = 0;

	for (size_t chunk = 0; chunk < view->chunks; chunk++)
		needed += !is_empty_chunk(among, chunk);
	if (needed == 0)
		return ERR_OK;
	return needed * 16 < view->chunks * SPARSE_SIXTEENTHS ? visit_some(&visit, err)
							      : visit_all(&visit, err);
}

/* A test under way. */
struct testing {
	const struct grid_test *test;
	const struct grid_bits *among;
	struct grid_bits *bits;
};

static bool is_listed(const struct grid_test *test, uint64_t cell)
{
	size_t low = 0, high = test->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (test->values[middle] < cell)
			low = middle + 1;
		else
			high = middle;
	}
	return low < test->count && test->values[low] == cell;
}

/* The cells of one word that pass. Plain loops over all 64: the compiler makes vectors of them. */
static uint64_t test_word(const struct grid_test *test, const uint64_t *cells)
{
	/* Absent cells are 0, below every low: the difference is larger than any range. */
	uint64_t low = test->low, range = test->high - test->low, word = 0;

	if (test->mask) {
		for (size_t i = 0; i < 64; i++)
			word |= (uint64_t)((cells[i] & test->mask) != 0) << i;
		return word;
	}
	for (size_t i = 0; i < 64; i++)
		word |= (uint64_t)(cells[i] - low <= range) << i;
	for (uint64_t left = test->values ? word : 0; left; left &= left - 1) {
		size_t i = (size_t)__builtin_ctzll(left);

		if (!is_listed(test, cells[i]))
			word &= ~((uint64_t)1 << i);
	}
	return word;
}

static enum err_code test_chunk(struct grid_visitor *visitor, size_t chunk, const uint64_t *cells,
				struct err *err)
{
	const struct testing *testing = visitor->state;
	const uint64_t *among = testing->among->words + chunk * GRID_WORDS;
	uint64_t *out = testing->bits->words + chunk * GRID_WORDS;

	(void)err;
	for (size_t i = 0; i < GRID_WORDS; i++) {
		if (among[i])
			out[i] |= test_word(testing->test, cells + i * 64) & among[i];
	}
	return ERR_OK;
}

enum err_code grid_bits_add_cells(const struct grid_view *view, enum grid_column column,
				  const struct grid_test *test, const struct grid_bits *among,
				  struct grid_bits *bits, struct err *err)
{
	struct testing testing = {test, among, bits};
	struct grid_visitor visitor = {.visit = test_chunk, .state = &testing};

	return grid_bits_visit(view, column, among, &visitor, err);
}

/* words */

/* The leads that a text query finds. */
struct finding {
	const struct grid_view *view;
	struct grid_bits *bits;
};

static void take_found(struct db_collector *collector, int64_t no)
{
	const struct finding *finding = collector->state;

	grid_bits_put(finding->view, finding->bits, no, true);
}

static enum err_code find_text(const struct grid_view *view, struct text expression,
			       struct grid_bits *bits, struct err *err)
{
	struct db_row *row = db_query(view->db, QUERY_SEARCH_ALL);
	struct finding finding = {view, bits};
	struct db_collector collector = {take_found, &finding};
	int64_t first = view->first << GRID_CHUNK_BITS;

	db_bind_text(row, 1, expression);
	db_bind_int(row, 2, first);
	db_bind_int(row, 3, first + (int64_t)(view->chunks * GRID_CHUNK) - 1);
	return db_collect(row, &collector, err);
}

/* The same, unless a page before this one has found them, and nothing has changed since. */
static enum err_code add_text(const struct grid_view *view, struct text expression,
			      struct grid_bits *bits, struct err *err)
{
	struct search_cache_key key = {.workspace = view->workspace, .expression = expression};
	size_t words = bits->chunks * GRID_WORDS;

	if (db_number(db_query(view->db, QUERY_SEARCH_PROGRESS), &key.change, err) != ERR_OK)
		return err->code;
	if (search_cache_add(search_found(view->search), &key, bits->words, words))
		return ERR_OK;
	if (find_text(view, expression, bits, err) != ERR_OK)
		return err->code;
	search_cache_put(search_found(view->search), &key, bits->words, words);
	return ERR_OK;
}

static enum err_code keep_words(const struct grid_view *view, const struct search_match *match,
				struct grid_bits *words, struct grid_bits *bits, struct err *err)
{
	for (size_t i = 0; i < match->set_count; i++) {
		memset(words->words, 0, words->chunks * GRID_WORDS * sizeof(uint64_t));
		if (grid_bits_add_set(view, match->sets[i], words, err) != ERR_OK)
			return err->code;
		grid_bits_and(bits, words);
	}
	if (!match->expression.ptr || grid_bits_count(bits) == 0)
		return ERR_OK;
	memset(words->words, 0, words->chunks * GRID_WORDS * sizeof(uint64_t));
	if (add_text(view, match->expression, words, err) != ERR_OK)
		return err->code;
	grid_bits_and(bits, words);
	return ERR_OK;
}

enum err_code grid_bits_keep_match(const struct grid_view *view, const struct search_match *match,
				   struct grid_bits *bits, struct err *err)
{
	struct grid_bits words;

	if (match->words == 0) {
		memset(bits->words, 0, bits->chunks * GRID_WORDS * sizeof(uint64_t));
		return ERR_OK;
	}
	if (grid_bits_create(view, &words, err) != ERR_OK)
		return err->code;
	enum err_code code = keep_words(view, match, &words, bits, err);

	grid_bits_release(&words);
	return code;
}

/* order of numbers */

size_t grid_bits_take(const struct grid_view *view, const struct grid_bits *bits,
		      const struct grid_slice *slice, int64_t *out)
{
	size_t words = bits->chunks * GRID_WORDS, skip = slice->skip, count = 0;
	int64_t first = view->first << GRID_CHUNK_BITS;

	for (size_t i = 0; i < words && count < slice->limit; i++) {
		size_t at = slice->down ? words - 1 - i : i;
		uint64_t word = bits->words[at];
		size_t members = (size_t)__builtin_popcountll(word);

		if (skip >= members) {
			skip -= members;
			continue;
		}
		while (word && count < slice->limit) {
			size_t bit = grid_bits_next(word, slice->down);

			word &= ~((uint64_t)1 << bit);
			if (skip > 0)
				skip--;
			else
				out[count++] = first + (int64_t)(at * 64 + bit);
		}
	}
	return count;
}

void grid_bits_cut(const struct grid_view *view, struct grid_bits *bits, int64_t no, bool down)
{
	size_t words = bits->chunks * GRID_WORDS, at;
	int64_t first = view->first << GRID_CHUNK_BITS;
	/* Below this place, or with `down` from it on, nothing stays. */
	int64_t bound = (down ? no : no + 1) - first;

	if (bound <= 0)
		at = 0;
	else
		at = (uint64_t)bound > words * 64 ? words * 64 : (size_t)bound;
	for (size_t i = 0; i < words; i++) {
		uint64_t below = i * 64 < at ? UINT64_MAX : 0;

		if (i == at / 64)
			below = ((uint64_t)1 << at % 64) - 1;
		bits->words[i] &= down ? below : ~below;
	}
}
