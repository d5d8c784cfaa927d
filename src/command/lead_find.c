#include "command/lead_find.h"

#include <stdlib.h>

#include "store/search.h"

/* Leads that one page may look at. */
#define SCAN_MAX 4000
#define CHUNK ((size_t)LEAD_FIND_LIMIT_MAX + 1)

/* A chunk of candidates, newest first. */
struct chunk {
	struct lead_row rows[CHUNK * 3];
	size_t count;
	bool more; /* there may be others below */
};

static bool holds_id(struct text ids, struct uuid id)
{
	char text[UUID_TEXT_LEN + 1];

	uuid_format(id, text);
	return ids.ptr && memmem(ids.ptr, ids.len, text, UUID_TEXT_LEN) != NULL;
}

static bool passes(const struct lead_find *find, const struct record *record)
{
	return (find->statuses == 0 || find->statuses & 1u << record_status(record)) &&
	       (!find->by_list || holds_id(record->values[FIELD_LISTS], find->list)) &&
	       (!find->by_mission || holds_id(record->values[FIELD_MISSIONS], find->mission));
}

static enum err_code read_numbers(struct arena *arena, struct txn *txn,
				  const struct lead_find *find, const int64_t *numbers,
				  size_t count, struct chunk *out, struct err *err)
{
	for (size_t i = 0; i < count; i++) {
		struct lead_row *row = &out->rows[out->count];

		if (leads_read(txn->db, arena, find->workspace, numbers[i], row, err) != ERR_OK)
			return err->code;
		/* The index may still have a lead that was just deleted. */
		if (row->no)
			out->count++;
	}
	return ERR_OK;
}

static enum err_code by_text(struct arena *arena, struct txn *txn, const struct lead_find *find,
			     int64_t below, struct chunk *out, struct err *err)
{
	int64_t numbers[CHUNK];
	size_t count;

	if (search_find(txn->search, find->expression, find->workspace, below, CHUNK, numbers,
			&count, err) != ERR_OK)
		return err->code;
	out->more = count == CHUNK;
	return read_numbers(arena, txn, find, numbers, count, out, err);
}

static int newest_first(const void *a, const void *b)
{
	int64_t left = ((const struct lead_row *)a)->no, right = ((const struct lead_row *)b)->no;

	return (left < right) - (left > right);
}

/* Candidates of up to three statuses: each is an index of its own, merged here. */
static enum err_code by_status(struct arena *arena, struct txn *txn, struct leads_walk *walk,
			       unsigned statuses, struct chunk *out, struct err *err)
{
	for (int status = 0; status < STATUS_COUNT; status++) {
		size_t count;

		if (!(statuses & 1u << status))
			continue;
		walk->status = (enum status)status;
		if (leads_page(txn->db, arena, walk, CHUNK, out->rows + out->count, &count, err) !=
		    ERR_OK)
			return err->code;
		out->count += count;
		out->more |= count == CHUNK;
	}
	qsort(out->rows, out->count, sizeof out->rows[0], newest_first);
	if (out->count > CHUNK)
		out->count = CHUNK;
	return ERR_OK;
}

static enum err_code by_walk(struct arena *arena, struct txn *txn, const struct lead_find *find,
			     int64_t below, struct chunk *out, struct err *err)
{
	struct leads_walk walk = {.workspace = find->workspace, .below = below};

	if (find->by_list) {
		walk.order = LEADS_BY_LIST;
		walk.member_of = find->list;
	} else if (find->by_mission) {
		walk.order = LEADS_BY_MISSION;
		walk.member_of = find->mission;
	} else if (find->statuses) {
		walk.order = LEADS_BY_STATUS;
		return by_status(arena, txn, &walk, find->statuses, out, err);
	}
	if (leads_page(txn->db, arena, &walk, CHUNK, out->rows, &out->count, err) != ERR_OK)
		return err->code;
	out->more = out->count == CHUNK;
	return ERR_OK;
}

/* The one lead that an e-mail address names, if the text conditions hold for it too. */
static enum err_code by_owner(struct arena *arena, struct txn *txn, const struct lead_find *find,
			      int64_t below, struct chunk *out, struct err *err)
{
	int64_t no = find->owner, found;
	size_t count = 1;

	if (no == 0 || (below && no >= below))
		return ERR_OK;
	if (find->expression.ptr && (search_find(txn->search, find->expression, find->workspace,
						 no + 1, 1, &found, &count, err) != ERR_OK))
		return err->code;
	if (count == 0 || (find->expression.ptr && found != no))
		return ERR_OK;
	return read_numbers(arena, txn, find, &no, 1, out, err);
}

static enum err_code next_chunk(struct arena *arena, struct txn *txn, const struct lead_find *find,
				int64_t below, struct chunk *out, struct err *err)
{
	out->count = 0;
	out->more = false;
	if (find->by_owner)
		return by_owner(arena, txn, find, below, out, err);
	if (find->expression.ptr)
		return by_text(arena, txn, find, below, out, err);
	return by_walk(arena, txn, find, below, out, err);
}

/* Move what passes into the page; true when the page is full and `next` tells where to go on. */
static enum err_code take_passing(struct arena *arena, const struct lead_find *find,
				  const struct chunk *chunk, struct lead_found *out, size_t *count,
				  int64_t *next, struct err *err)
{
	for (size_t i = 0; i < chunk->count; i++) {
		struct lead_found found = {.row = chunk->rows[i]};

		if (record_read(arena, found.row.doc, &found.record, err) != ERR_OK)
			return err->code;
		if (!passes(find, &found.record))
			continue;
		if (*count == find->limit) {
			*next = out[*count - 1].row.no;
			return ERR_OK;
		}
		out[(*count)++] = found;
	}
	return ERR_OK;
}

enum err_code lead_find_page(struct arena *arena, struct txn *txn, const struct lead_find *find,
			     struct lead_found *out, size_t *out_count, int64_t *out_next,
			     struct err *err)
{
	struct chunk *chunk = arena_take(arena, sizeof *chunk);
	int64_t below = find->below, next = 0;
	size_t count = 0, scanned = 0;

	if (!chunk)
		return err_memory(err);
	do {
		if (next_chunk(arena, txn, find, below, chunk, err) != ERR_OK ||
		    take_passing(arena, find, chunk, out, &count, &next, err) != ERR_OK)
			return err->code;
		scanned += chunk->count;
		if (chunk->count)
			below = chunk->rows[chunk->count - 1].no;
		if (!next && chunk->more && (scanned >= SCAN_MAX || chunk->count == 0))
			next = chunk->count ? below : 0;
	} while (!next && chunk->more && chunk->count);
	*out_count = count;
	*out_next = next;
	return ERR_OK;
}
