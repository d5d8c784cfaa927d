#include "command/entry_list.h"

#include <stdlib.h>

#include "json/scan.h"
#include "lead/placeholder.h"

#define LIMIT_DEFAULT 50
#define WORDS_MAX 16
#define FIELDS_MAX 32
#define CHUNK 256
#define CHUNK_BYTES_MAX ((size_t)256 * 1024 * CHUNK)
#define KEY_BYTES 48
#define SORTED_MAX ((size_t)200000)

/* By what a page that is not in the order of making is sorted. */
struct sorted {
	struct uuid id;
	int64_t time_ms;
	bool is_known; /* what has no value comes last, whichever way */
	char key[KEY_BYTES];
};

struct listing {
	struct call *call;
	struct txn *txn;
	const struct entry_listing *of;
	struct where_field fields[FIELDS_MAX + 1];
	size_t field_count;
	struct where *where;
	struct text words[WORDS_MAX];
	size_t word_count;
	size_t limit;
	int64_t offset, total;
	size_t order; /* field */
	bool by_making, upward;
	struct arena scratch;
	struct entry_row *page;
	size_t page_count;
	struct sorted *sorted;
	size_t sorted_max;
};

static enum err_code read_words(struct listing *listing, struct err *err)
{
	struct text query = command_text(listing->call->input, "query");
	struct text rest = query.ptr ? placeholder_fold(listing->call->arena, query) : query;

	if (query.ptr && !rest.ptr)
		return err_memory(err);
	while (rest.ptr && listing->word_count < WORDS_MAX) {
		struct text word = text_trim(text_split(rest, ' ', &rest));

		if (word.len > 0)
			listing->words[listing->word_count++] = word;
	}
	return ERR_OK;
}

static enum err_code read_order(struct listing *listing, struct err *err)
{
	struct text order = command_text(listing->call->input, "order");

	listing->upward = text_is(command_text(listing->call->input, "direction"), TEXT("asc"));
	if (!order.ptr)
		order = TEXT("created_at");
	while (listing->order < listing->field_count &&
	       !text_is(text_of(listing->fields[listing->order].name), order))
		listing->order++;
	if (listing->order == listing->field_count ||
	    listing->fields[listing->order].type == WHERE_TEXTS)
		return err_set(
			err, ERR_INVALID_INPUT, "/order",
			"These cannot be sorted by %.*s. created_at, updated_at and name can "
			"be, where there is one.",
			(int)(order.len < 64 ? order.len : 64), order.ptr);
	listing->by_making = text_is(order, TEXT("created_at"));
	return ERR_OK;
}

/* The kind's own fields, and the two times that every entry has. */
static void read_fields(struct listing *listing)
{
	const struct where_field *own = listing->of->fields;

	while (own[listing->field_count].name && listing->field_count < FIELDS_MAX - 2) {
		listing->fields[listing->field_count] = own[listing->field_count];
		listing->field_count++;
	}
	listing->fields[listing->field_count++] = (struct where_field){"created_at", WHERE_TIME};
	listing->fields[listing->field_count++] = (struct where_field){"updated_at", WHERE_TIME};
}

struct looking {
	const struct listing *listing;
	struct entry_seen seen;
};

static enum err_code get(void *state, size_t field, struct where_value *out, struct err *err)
{
	const struct looking *looking = state;
	size_t own = looking->listing->field_count - 2;

	if (field < own)
		return looking->listing->of->value(&looking->seen, field, out, err);
	out->count = 1;
	out->time_ms = field == own ? looking->seen.entry->created_ms
				    : looking->seen.entry->updated_ms;
	return ERR_OK;
}

static bool is_letter(char c)
{
	return (unsigned char)c >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z');
}

/* Whether `word` begins a word of `text`. */
static bool has_word(struct text text, struct text word)
{
	const char *at = text.ptr, *end = text.ptr + text.len;

	while (at && (at = memmem(at, (size_t)(end - at), word.ptr, word.len))) {
		if (at == text.ptr || !is_letter(at[-1]))
			return true;
		at++;
	}
	return false;
}

static enum err_code passes(const struct listing *listing, const struct looking *looking, bool *out,
			    struct err *err)
{
	struct text text = TEXT_NONE;
	bool has_all = true;

	if (listing->word_count) {
		if (listing->of->words(&looking->seen, &text, err) != ERR_OK)
			return err->code;
		text = placeholder_fold(looking->seen.arena, text);
		if (!text.ptr)
			return err_memory(err);
	}
	for (size_t i = 0; i < listing->word_count; i++)
		has_all = has_all && has_word(text, listing->words[i]);
	*out = has_all;
	return has_all ? where_holds(listing->where, get, (void *)looking, out, err) : ERR_OK;
}

/* Copy an entry out of the scratch arena, into the page. */
static enum err_code keep(struct listing *listing, const struct entry_row *entry, struct err *err)
{
	struct entry_row *to = &listing->page[listing->page_count++];

	*to = *entry;
	to->doc = arena_copy(listing->call->arena, entry->doc);
	if (entry->name.ptr)
		to->name = arena_copy(listing->call->arena, entry->name);
	return to->doc.ptr && (to->name.ptr || !entry->name.ptr) ? ERR_OK : err_memory(err);
}

static enum err_code note(struct listing *listing, const struct looking *looking, struct err *err)
{
	struct where_value value = {.count = 0};
	struct sorted *to;

	if ((size_t)listing->total == listing->sorted_max) {
		size_t max = listing->sorted_max ? listing->sorted_max * 2 : 1024;

		to = listing->total < (int64_t)SORTED_MAX
			     ? realloc(listing->sorted, max * sizeof *to)
			     : NULL;
		if (!to && listing->total < (int64_t)SORTED_MAX)
			return err_memory(err);
		if (!to)
			return err_set(err, ERR_INVALID_INPUT, "/order",
				       "These are too many to sort. Narrow them with where or "
				       "query, or sort by created_at.");
		listing->sorted = to;
		listing->sorted_max = max;
	}
	to = &listing->sorted[listing->total++];
	*to = (struct sorted){.id = looking->seen.entry->id};
	if (get((void *)looking, listing->order, &value, err) != ERR_OK)
		return err->code;
	to->is_known = value.count > 0;
	to->time_ms = value.time_ms;
	if (value.count && value.texts) {
		size_t len = value.texts[0].len < KEY_BYTES ? value.texts[0].len : KEY_BYTES;

		memcpy(to->key, value.texts[0].ptr, len);
	}
	return ERR_OK;
}

static enum err_code look_at(struct listing *listing, const struct entry_row *entry,
			     struct err *err)
{
	const struct looking looking = {
		listing,
		{&listing->scratch, listing->txn->db, entry, listing->of->state},
	};
	bool passing;

	if (passes(listing, &looking, &passing, err) != ERR_OK)
		return err->code;
	if (!passing)
		return ERR_OK;
	if (!listing->by_making)
		return note(listing, &looking, err);
	int64_t at = listing->total++;

	return at >= listing->offset && at < listing->offset + (int64_t)listing->limit
		       ? keep(listing, entry, err)
		       : ERR_OK;
}

static enum err_code look_at_all(struct listing *listing, struct err *err)
{
	struct entries_walk walk = {.workspace = listing->call->caller.workspace,
				    .kind = listing->of->kind,
				    .about = listing->of->about,
				    .upward = listing->by_making && listing->upward,
				    .limit = CHUNK};
	struct entry_row rows[CHUNK];
	size_t count = CHUNK;

	while (count == CHUNK) {
		arena_reset(&listing->scratch);
		if (entries_page(listing->txn->db, &listing->scratch, &walk, rows, &count, err) !=
		    ERR_OK)
			return err->code;
		for (size_t i = 0; i < count; i++) {
			if (look_at(listing, &rows[i], err) != ERR_OK)
				return err->code;
		}
		if (count)
			walk.from = rows[count - 1].id;
	}
	return ERR_OK;
}

static int compare_up(const void *a, const void *b)
{
	const struct sorted *left = a, *right = b;

	if (left->is_known != right->is_known)
		return left->is_known ? -1 : 1;
	if (left->time_ms != right->time_ms)
		return left->time_ms < right->time_ms ? -1 : 1;
	int order = memcmp(left->key, right->key, KEY_BYTES);

	return order ? order : memcmp(left->id.bytes, right->id.bytes, sizeof left->id.bytes);
}

static int compare_down(const void *a, const void *b)
{
	const struct sorted *left = a, *right = b;

	return left->is_known == right->is_known ? compare_up(b, a) : compare_up(a, b);
}

static enum err_code take_sorted(struct listing *listing, struct err *err)
{
	if (!listing->sorted)
		return ERR_OK;
	qsort(listing->sorted, (size_t)listing->total, sizeof *listing->sorted,
	      listing->upward ? compare_up : compare_down);
	for (int64_t i = listing->offset;
	     i < listing->total && listing->page_count < listing->limit; i++) {
		struct entry_row *to = &listing->page[listing->page_count];

		if (entries_read(listing->txn->db, listing->call->arena,
				 listing->call->caller.workspace, listing->of->kind,
				 listing->sorted[i].id, to, err) != ERR_OK)
			return err->code;
		listing->page_count += to->doc.ptr != NULL;
	}
	return ERR_OK;
}

static enum err_code find_page(struct listing *listing, struct err *err)
{
	const struct entries_walk walk = {.workspace = listing->call->caller.workspace,
					  .kind = listing->of->kind,
					  .about = listing->of->about,
					  .upward = listing->upward,
					  .offset = listing->offset,
					  .limit = listing->limit};

	if (!listing->by_making || listing->word_count || !where_is_empty(listing->where)) {
		enum err_code code = look_at_all(listing, err);

		return code == ERR_OK && !listing->by_making ? take_sorted(listing, err) : code;
	}
	if (entries_count(listing->txn->db, &walk, &listing->total, err) != ERR_OK)
		return err->code;
	return entries_page(listing->txn->db, listing->call->arena, &walk, listing->page,
			    &listing->page_count, err);
}

static enum err_code answer(const struct listing *listing, struct err *err)
{
	struct call *call = listing->call;
	struct writer writer = reply_begin(&call->reply, call->arena);
	int64_t end = listing->offset + (int64_t)listing->page_count;

	writer_begin_object(&writer);
	writer_key(&writer, text_of(listing->of->noun));
	writer_begin_array(&writer);
	for (size_t i = 0; i < listing->page_count; i++) {
		const struct entry_seen seen = {call->arena, listing->txn->db, &listing->page[i],
						listing->of->state};

		if (listing->of->show(&seen, &writer, err) != ERR_OK)
			return err->code;
	}
	writer_end_array(&writer);
	writer_member_int(&writer, "total", listing->total);
	writer_member_int(&writer, "limit", (int64_t)listing->limit);
	writer_member_int(&writer, "offset", listing->offset);
	writer_member_bool(&writer, "has_more", end < listing->total);
	writer_end_object(&writer);
	return reply_end(&call->reply) ? ERR_OK : err_memory(err);
}

enum err_code entry_list_run(struct call *call, struct txn *txn, const struct entry_listing *of,
			     struct err *err)
{
	struct listing listing = {
		.call = call,
		.txn = txn,
		.of = of,
		.limit = (size_t)command_int(call->input, "limit", LIMIT_DEFAULT),
		.offset = command_int(call->input, "offset", 0),
	};

	read_fields(&listing);
	listing.page = arena_zero(call->arena, listing.limit, sizeof *listing.page);
	if (!listing.page)
		return err_memory(err);
	if (where_parse(call->arena, call->input, listing.fields, &listing.where, err) != ERR_OK ||
	    read_words(&listing, err) != ERR_OK || read_order(&listing, err) != ERR_OK)
		return err->code;
	arena_init(&listing.scratch, CHUNK_BYTES_MAX);
	enum err_code code = find_page(&listing, err);

	arena_release(&listing.scratch);
	free(listing.sorted);
	return code == ERR_OK ? answer(&listing, err) : code;
}

enum err_code entry_list_answer(struct call *call, struct txn *txn, const char *noun,
				const struct entry_listing *listing, const struct entry_row *entry,
				struct err *err)
{
	const struct entry_seen seen = {call->arena, txn->db, entry, listing->state};
	struct writer writer = reply_begin(&call->reply, call->arena);

	writer_begin_object(&writer);
	writer_key(&writer, text_of(noun));
	if (listing->show(&seen, &writer, err) != ERR_OK)
		return err->code;
	writer_end_object(&writer);
	return reply_end(&call->reply) ? ERR_OK : err_memory(err);
}

enum err_code entry_list_text(const struct entry_seen *seen, struct text json,
			      struct where_value *out, struct err *err)
{
	struct text *text;

	if (!json.ptr)
		return ERR_OK;
	text = arena_take(seen->arena, sizeof *text);
	if (!text)
		return err_memory(err);
	*text = scan_string(seen->arena, json);
	if (text->ptr)
		*text = where_fold(seen->arena, *text);
	if (!text->ptr)
		return err_memory(err);
	out->texts = text;
	out->count = 1;
	return ERR_OK;
}
