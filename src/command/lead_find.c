#include "command/lead_find.h"

#include <stdlib.h>

#include "command/command.h"
#include "store/lists.h"

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

/* One page under way. */
struct hunt {
	struct arena *arena;
	struct txn *txn;
	const struct lead_find *find;
	int64_t below; /* where the next chunk begins */
	struct chunk *chunk;
	struct lead_found *out;
	size_t count;
	int64_t next;
};

static enum err_code read_numbers(struct hunt *hunt, const int64_t *numbers, size_t count,
				  struct err *err)
{
	struct chunk *chunk = hunt->chunk;

	for (size_t i = 0; i < count; i++) {
		struct lead_row *row = &chunk->rows[chunk->count];

		if (leads_read(hunt->txn->db, hunt->arena, hunt->find->workspace, numbers[i], row,
			       err) != ERR_OK)
			return err->code;
		/* The index may still have a lead that was just deleted. */
		if (row->no)
			chunk->count++;
	}
	return ERR_OK;
}

static enum err_code by_text(struct hunt *hunt, struct err *err)
{
	int64_t numbers[CHUNK];
	struct search_page page = {.match = hunt->find->match,
				   .workspace = hunt->find->workspace,
				   .below = hunt->below,
				   .numbers = numbers,
				   .limit = CHUNK};

	if (search_find(hunt->txn->search, &page, err) != ERR_OK)
		return err->code;
	hunt->chunk->more = page.count == CHUNK;
	if (page.count)
		hunt->below = numbers[page.count - 1];
	return read_numbers(hunt, numbers, page.count, err);
}

static int newest_first(const void *a, const void *b)
{
	int64_t left = ((const struct lead_row *)a)->no, right = ((const struct lead_row *)b)->no;

	return (left < right) - (left > right);
}

/* Candidates of up to three statuses: each is an index of its own, merged here. */
static enum err_code by_status(struct hunt *hunt, struct leads_walk *walk, struct err *err)
{
	struct chunk *chunk = hunt->chunk;

	for (int status = 0; status < STATUS_COUNT; status++) {
		struct leads_rows page = {.rows = chunk->rows + chunk->count, .limit = CHUNK};

		if (!(hunt->find->statuses & 1u << status))
			continue;
		walk->status = (enum status)status;
		if (leads_page(hunt->txn->db, hunt->arena, walk, &page, err) != ERR_OK)
			return err->code;
		chunk->count += page.count;
		chunk->more |= page.count == CHUNK;
	}
	qsort(chunk->rows, chunk->count, sizeof chunk->rows[0], newest_first);
	if (chunk->count > CHUNK) {
		chunk->count = CHUNK;
		chunk->more = true;
	}
	return ERR_OK;
}

static enum err_code by_walk(struct hunt *hunt, struct err *err)
{
	const struct lead_find *find = hunt->find;
	struct leads_walk walk = {.workspace = find->workspace, .below = hunt->below};
	struct leads_rows page = {.rows = hunt->chunk->rows, .limit = CHUNK};

	if (find->by_list) {
		walk.order = LEADS_BY_LIST;
		walk.member_of = find->list;
	} else if (find->by_mission) {
		walk.order = LEADS_BY_MISSION;
		walk.member_of = find->mission;
	} else if (find->statuses) {
		walk.order = LEADS_BY_STATUS;
		return by_status(hunt, &walk, err);
	}
	if (leads_page(hunt->txn->db, hunt->arena, &walk, &page, err) != ERR_OK)
		return err->code;
	hunt->chunk->count = page.count;
	hunt->chunk->more = page.count == CHUNK;
	return ERR_OK;
}

/* The one lead that an e-mail address names, if the text conditions hold for it too. */
static enum err_code by_owner(struct hunt *hunt, struct err *err)
{
	const struct lead_find *find = hunt->find;
	int64_t no = find->owner, found = 0;
	struct search_page page = {.match = find->match,
				   .workspace = find->workspace,
				   .below = no + 1,
				   .numbers = &found,
				   .limit = 1};

	if (no == 0 || (hunt->below && no >= hunt->below))
		return ERR_OK;
	if (find->match.words && search_find(hunt->txn->search, &page, err) != ERR_OK)
		return err->code;
	if (find->match.words && found != no)
		return ERR_OK;
	return read_numbers(hunt, &no, 1, err);
}

static enum err_code next_chunk(struct hunt *hunt, struct err *err)
{
	enum err_code code;

	hunt->chunk->count = 0;
	hunt->chunk->more = false;
	if (hunt->find->by_owner)
		return by_owner(hunt, err);
	if (hunt->find->match.words)
		return by_text(hunt, err);
	code = by_walk(hunt, err);
	if (code == ERR_OK && hunt->chunk->count)
		hunt->below = hunt->chunk->rows[hunt->chunk->count - 1].no;
	return code;
}

/* Move what passes into the page; `next` is set when there is one more than fits. */
static enum err_code take_passing(struct hunt *hunt, struct err *err)
{
	for (size_t i = 0; i < hunt->chunk->count && !hunt->next; i++) {
		struct lead_found found = {.row = hunt->chunk->rows[i]};

		if (record_read(hunt->arena, found.row.doc, &found.record, err) != ERR_OK)
			return err->code;
		if (!passes(hunt->find, &found.record))
			continue;
		if (hunt->count == hunt->find->limit)
			hunt->next = hunt->out[hunt->count - 1].row.no;
		else
			hunt->out[hunt->count++] = found;
	}
	return ERR_OK;
}

/* What a deleted list has left in the tables is nobody's. */
static enum err_code check_list(struct db *db, const struct lead_find *find, struct err *err)
{
	char id[UUID_TEXT_LEN + 1];
	bool exists = true;

	if (find->by_list && lists_exists(db, find->workspace, find->list, &exists, err) != ERR_OK)
		return err->code;
	if (exists)
		return ERR_OK;
	uuid_format(find->list, id);
	return command_not_found(ERR_LIST_NOT_FOUND, text_of(id), err);
}

enum err_code lead_find_page(struct arena *arena, struct txn *txn, const struct lead_find *find,
			     struct lead_found_page *out, struct err *err)
{
	struct hunt hunt = {.arena = arena,
			    .txn = txn,
			    .find = find,
			    .below = find->below,
			    .chunk = arena_take(arena, sizeof(struct chunk)),
			    .out = arena_take(arena, find->limit * sizeof(struct lead_found))};
	size_t scanned = 0;

	if (!hunt.chunk || !hunt.out)
		return err_memory(err);
	if (check_list(txn->db, find, err) != ERR_OK)
		return err->code;
	do {
		if (next_chunk(&hunt, err) != ERR_OK || take_passing(&hunt, err) != ERR_OK)
			return err->code;
		scanned += CHUNK;
		if (!hunt.next && hunt.chunk->more && scanned >= SCAN_MAX)
			hunt.next = hunt.below;
	} while (!hunt.next && hunt.chunk->more);
	*out = (struct lead_found_page){.items = hunt.out, .count = hunt.count, .next = hunt.next};
	return ERR_OK;
}
