#include "store/search.h"

#include <stdio.h>
#include <stdlib.h>

#include <utf8proc.h>

#include "store/grid.h"
#include "store/leads.h"
#include "store/migrate.h"

struct search {
	struct db *db;
	struct search_cache *found;
};

enum err_code search_create(const char *path, bool writes, const struct clock *clock,
			    struct search **out, struct err *err)
{
	char file[4200];
	struct search *search = calloc(1, sizeof *search);
	struct db_settings settings = {.path = file,
				       .mode = writes ? DB_DERIVED : DB_READ,
				       .cache_kib = writes ? 16 * 1024 : 8 * 1024,
				       .busy_timeout_ms = 5000};
	size_t ran;

	if (!search)
		return err_memory(err);
	snprintf(file, sizeof file, "%s.search", path);
	if (db_create(&settings, &search->db, err) != ERR_OK ||
	    (writes && migrate_run(search->db, migrations_search, migrations_search_count,
				   clock_now_ms(clock), &ran, err) != ERR_OK)) {
		search_destroy(search);
		return err->code;
	}
	search->found = search_cache_create();
	*out = search;
	return ERR_OK;
}

void search_destroy(struct search *search)
{
	if (!search)
		return;
	db_destroy(search->db);
	search_cache_destroy(search->found);
	free(search);
}

struct search_cache *search_found(struct search *search)
{
	return search->found;
}

struct db *search_db(struct search *search)
{
	return search->db;
}

enum err_code search_merge(struct search *search, int64_t pages, bool *out_left, struct err *err)
{
	struct db_row *row;
	int64_t before = db_total_changes(search->db);

	if (db_begin_write(search->db, err) != ERR_OK)
		return err->code;
	row = db_query(search->db, QUERY_SEARCH_MERGE);
	db_bind_int(row, 1, pages);
	if (db_run(row, NULL, err) != ERR_OK) {
		db_rollback(search->db);
		return err->code;
	}
	if (db_commit(search->db, err) != ERR_OK)
		return err->code;
	/* FTS5: fewer than two changed rows say that there was nothing to merge. */
	*out_left = db_total_changes(search->db) - before >= 2;
	return ERR_OK;
}

/* Append the letters and digits of `text`: what the index refuses in a word is not among them. */
static void add_letters(struct buf *buf, struct text text)
{
	while (text.len > 0) {
		utf8proc_int32_t c;
		utf8proc_ssize_t len = utf8proc_iterate((const utf8proc_uint8_t *)text.ptr,
							(utf8proc_ssize_t)text.len, &c);
		struct text bytes = {text.ptr, len > 0 ? (size_t)len : 1};

		if (len > 0 && fold_is_word_char(c) && !fold_is_accent(c))
			buf_add(buf, bytes);
		text = text_skip(text, bytes.len);
	}
}

static void add_short(struct search_match *match, const struct fold_word *word)
{
	int64_t key = grid_key_of_word(word, word->begins[1] ? 2 : 1);

	for (size_t i = 0; i < match->set_count; i++) {
		if (match->sets[i] == key)
			return;
	}
	match->sets[match->set_count++] = key;
}

/*
 * Take each word of `text` into `match`: `column : "word" *`, joined by AND, or, for a short one in
 * all fields, the set of those who have it.
 */
static void add_words(struct search_match *match, struct buf *buf, struct text text,
		      const char *column)
{
	struct fold_word word;
	struct text from = text;

	while (fold_next_word(&text, &word)) {
		struct text taken = {from.ptr, from.len - text.len};

		from = text;
		if (match->words == SEARCH_WORDS_MAX) {
			match->is_cut = true;
			return;
		}
		match->words++;
		if (!word.is_longer && !column[0]) {
			add_short(match, &word);
			continue;
		}
		buf_add_format(buf, "%s%s\"", buf->len ? " AND " : "", column);
		add_letters(buf, taken);
		buf_add(buf, TEXT("\" *"));
	}
}

enum err_code search_match(struct arena *arena, const struct search_terms *terms,
			   struct search_match *out, struct err *err)
{
	struct search_match match = {.words = 0};
	struct buf buf;

	buf_init_arena(&buf, arena, 64 * 1024);
	add_words(&match, &buf, terms->any, "");
	add_words(&match, &buf, terms->person, "{name email} : ");
	add_words(&match, &buf, terms->name, "name : ");
	add_words(&match, &buf, terms->company, "company : ");
	if (buf.failed)
		return err_memory(err);
	match.expression = buf.len ? buf_text(&buf) : TEXT_NONE;
	*out = match;
	return ERR_OK;
}

/* The members, in one chunk, of all sets of a match. */
struct window {
	struct search *search;
	const struct search_match *match;
	int64_t chunk;
	uint64_t bits[GRID_WORDS];
};

static enum err_code read_members(struct window *window, int64_t chunk, struct err *err)
{
	uint64_t all[GRID_WORDS];

	if (chunk == window->chunk)
		return ERR_OK;
	memset(all, 0xFF, sizeof all);
	for (size_t i = 0; i < window->match->set_count; i++) {
		struct db_row *row = db_query(window->search->db, QUERY_GRID_MEMBERS);
		uint64_t bits[GRID_WORDS] = {0};
		bool found;

		db_bind_int(row, 1, window->match->sets[i]);
		db_bind_int(row, 2, chunk);
		if (db_step(row, &found, err) != ERR_OK)
			return err->code;
		if (found)
			grid_members_add(db_text(row, 0), bits);
		db_end(row);
		for (size_t j = 0; j < GRID_WORDS; j++)
			all[j] &= bits[j];
	}
	memcpy(window->bits, all, sizeof all);
	window->chunk = chunk;
	return ERR_OK;
}

/* Keep `no` if it is in all sets, and the page has room. */
static enum err_code consider(struct window *window, int64_t no, struct search_page *page,
			      struct err *err)
{
	size_t slot = grid_slot_of(no);

	if (window->match->set_count > 0) {
		if (read_members(window, grid_chunk_of(no), err) != ERR_OK)
			return err->code;
		if (!(window->bits[slot / 64] >> slot % 64 & 1))
			return ERR_OK;
	}
	page->numbers[page->count++] = no;
	return ERR_OK;
}

/* Short words alone: the chunks of one set, newest first, as far as they are needed. */
static enum err_code find_by_sets(struct window *window, struct search_page *page, int64_t below,
				  struct err *err)
{
	int64_t first = leads_first_number(page->workspace);
	int64_t chunk = grid_chunk_of(below - 1) + 1;

	while (page->count < page->limit) {
		struct db_row *row = db_query(window->search->db, QUERY_GRID_LAST_CHUNK);

		db_bind_int(row, 1, window->match->sets[0]);
		db_bind_int(row, 2, grid_chunk_of(first));
		db_bind_int(row, 3, chunk - 1);
		if (db_number(row, &chunk, err) != ERR_OK)
			return err->code;
		if (chunk == 0)
			break;
		for (size_t slot = GRID_CHUNK; slot-- > 0 && page->count < page->limit;) {
			int64_t no = (chunk << GRID_CHUNK_BITS) + (int64_t)slot;

			if (no < below && consider(window, no, page, err) != ERR_OK)
				return err->code;
		}
	}
	return ERR_OK;
}

static enum err_code find_by_text(struct window *window, struct search_page *page, int64_t below,
				  struct err *err)
{
	struct db_row *row = db_query(window->search->db, QUERY_SEARCH_FIND);
	bool found = true;

	db_bind_text(row, 1, page->match.expression);
	db_bind_int(row, 2, below);
	db_bind_int(row, 3, leads_first_number(page->workspace));
	while (page->count < page->limit) {
		if (db_step(row, &found, err) != ERR_OK)
			return err->code;
		if (!found)
			break;
		if (consider(window, db_int(row, 0), page, err) != ERR_OK) {
			db_end(row);
			return err->code;
		}
	}
	db_end(row);
	return ERR_OK;
}

enum err_code search_find(struct search *search, struct search_page *page, struct err *err)
{
	struct window window = {.search = search, .match = &page->match, .chunk = -1};
	int64_t below = page->below ? page->below : leads_last_number(page->workspace) + 1;

	page->count = 0;
	if (page->match.expression.ptr)
		return find_by_text(&window, page, below, err);
	return page->match.set_count > 0 ? find_by_sets(&window, page, below, err) : ERR_OK;
}
