#include "command/listing.h"

#include "command/listing_keep.h"

/* Rows read at once, and the memory they may take: a row is far smaller than their share. */
#define PAGE_ROWS 128
#define PAGE_BYTES_MAX ((size_t)64 * 1024 * 1024)

/* How far a row's created_at may be from the time in its id: clocks are set right at times. */
#define CLOCK_STEP_MS ((int64_t)24 * 3600 * 1000)

static const struct uuid no_id;

/* What an input asks for. */
struct listing {
	const struct listing_noun *noun;
	struct listing_match match;
	const struct listing_field *order; /* NULL: that of making */
	bool upward;
	size_t limit;
	int64_t offset;
	struct uuid cursor; /* of the last row of the page before; all zero: none */
	bool by_id;         /* only the rows with one of `ids` */
	bool by_about;      /* only the rows about one of `ids` */
	struct uuid *ids;   /* each once */
	size_t id_count;
	int64_t first_ms, last_ms; /* only rows made between these */
};

/* One execution. */
struct run {
	const struct listing *listing;
	struct listing_scene scene;
	struct arena arena; /* of the scene */
	struct listing_keep keep;
	int64_t looked; /* rows seen */
	int64_t total;  /* of them, how many are meant */
	bool has_more;
	struct uuid last; /* id of the last row written */
};

static enum err_code parse_order(const struct call *call, struct listing *listing, struct err *err)
{
	struct text order = command_text(call->input, "order");

	listing->upward = text_is(command_text(call->input, "direction"), TEXT("asc"));
	if (!order.ptr || text_is(order, TEXT("created_at")))
		return ERR_OK;
	listing->order = listing_match_field(&listing->match, order);
	if (!listing->order || !listing->order->sorts)
		return err_set(err, ERR_INVALID_INPUT, "/order",
			       "%s cannot be sorted by %.*s. Use created_at, or leave order out.",
			       listing->noun->plural, TEXT_ARG(order));
	return ERR_OK;
}

static enum err_code parse_cursor(const struct call *call, struct listing *listing, struct err *err)
{
	if (!listing->noun->cursor)
		return ERR_OK;
	if (command_cursor_id(call->input, listing->noun->cursor, &listing->cursor, err) != ERR_OK)
		return err->code;
	if (listing->order && !uuid_is(listing->cursor, no_id))
		return err_set(err, ERR_INVALID_INPUT, "/cursor",
			       "A cursor goes on in the order of making. Leave order out, or go on "
			       "with offset.");
	return ERR_OK;
}

/* The ids that a condition names, each once; what is no id names nothing. */
static enum err_code take_ids(struct arena *arena, const struct listing_condition *condition,
			      struct listing *listing, struct err *err)
{
	size_t count = 0;

	listing->ids = arena_zero(arena, condition->count + 1, sizeof *listing->ids);
	if (!listing->ids)
		return err_memory(err);
	for (size_t i = 0; i < condition->count; i++) {
		struct uuid id;
		bool is_known = !uuid_parse(condition->values[i].text, &id);

		for (size_t k = 0; k < count && !is_known; k++)
			is_known = uuid_is(listing->ids[k], id);
		if (!is_known)
			listing->ids[count++] = id;
	}
	listing->id_count = count;
	return ERR_OK;
}

/* A time that ids are held against, from a condition's number. */
static int64_t ms_of(double number, int64_t by)
{
	const double far = 1e15;

	return (int64_t)(number < -far ? -far : number > far ? far : number) + by;
}

/* No row outside of these times can fit the condition. */
static void narrow_times(const struct listing_condition *condition, struct listing *listing)
{
	double at = condition->values[0].number;

	if (condition->op == LISTING_GT || condition->op == LISTING_GTE ||
	    condition->op == LISTING_EQ) {
		int64_t first = ms_of(at, -CLOCK_STEP_MS);

		listing->first_ms = first > listing->first_ms ? first : listing->first_ms;
	}
	if (condition->op == LISTING_LT || condition->op == LISTING_LTE ||
	    condition->op == LISTING_EQ) {
		int64_t last = ms_of(at, CLOCK_STEP_MS);

		listing->last_ms = last < listing->last_ms ? last : listing->last_ms;
	}
}

/* See which conditions name the rows that need to be looked at. All are checked later. */
static enum err_code narrow(struct arena *arena, struct listing *listing, struct err *err)
{
	const char *about = listing->noun->about;
	struct text id = text_of(listing->noun->id ? listing->noun->id : "id");

	for (size_t i = 0; i < listing->match.count; i++) {
		const struct listing_condition *condition = &listing->match.conditions[i];
		struct text name = text_of(condition->field->name);
		bool is_one_of = condition->op == LISTING_EQ || condition->op == LISTING_IN;
		bool is_id = condition->field->type == LISTING_ID && is_one_of;
		enum err_code code = ERR_OK;

		if (is_id && text_is(name, id) && !listing->by_id) {
			listing->by_id = true;
			listing->by_about = false;
			code = take_ids(arena, condition, listing, err);
		} else if (is_id && about && text_is(name, text_of(about)) && !listing->by_id &&
			   !listing->by_about) {
			listing->by_about = true;
			code = take_ids(arena, condition, listing, err);
		} else if (text_is(name, TEXT("created_at")) && condition->count == 1) {
			narrow_times(condition, listing);
		}
		if (code != ERR_OK)
			return code;
	}
	return ERR_OK;
}

enum err_code listing_prepare(struct call *call, const struct listing_noun *noun, struct err *err)
{
	struct listing *listing = arena_zero(call->arena, 1, sizeof *listing);

	if (!listing)
		return err_memory(err);
	call->plan = listing;
	listing->noun = noun;
	listing->match.fields = noun->fields;
	listing->match.field_count = noun->field_count;
	listing->limit = (size_t)command_int(call->input, "limit", LISTING_LIMIT_DEFAULT);
	listing->offset = command_int(call->input, "offset", 0);
	listing->first_ms = INT64_MIN;
	listing->last_ms = INT64_MAX;
	if (listing_match_parse(call->arena, call->input, &listing->match, err) != ERR_OK ||
	    parse_order(call, listing, err) != ERR_OK || parse_cursor(call, listing, err) != ERR_OK)
		return err->code;
	return narrow(call->arena, listing, err);
}

/* The time in an id (RFC 9562, section 5.7). */
static int64_t id_ms(struct uuid id)
{
	int64_t ms = 0;

	for (int i = 0; i < 6; i++)
		ms = ms << 8 | id.bytes[i];
	return ms;
}

/* The id from which a walk starts, so that it passes over rows made at other times. */
static struct uuid first_from(const struct listing *listing)
{
	int64_t ms = listing->upward ? listing->first_ms : listing->last_ms;
	struct uuid id = no_id;

	if (ms <= 0 || ms >= (int64_t)1 << 47)
		return id;
	for (int i = 5; i >= 0; i--, ms >>= 8)
		id.bytes[i] = (unsigned char)ms;
	return id;
}

/* Whether a walk that has come to `id` has left the times behind it. */
static bool is_past(const struct listing *listing, struct uuid id)
{
	int64_t ms = id_ms(id);

	return listing->upward ? ms > listing->last_ms : ms < listing->first_ms;
}

/* Whether `id` was on the page before, or one earlier. */
static bool is_seen(const struct listing *listing, struct uuid id)
{
	if (uuid_is(listing->cursor, no_id))
		return false;
	int order = memcmp(id.bytes, listing->cursor.bytes, sizeof id.bytes);

	return listing->upward ? order <= 0 : order >= 0;
}

static enum err_code too_many(const struct listing *listing, struct err *err)
{
	return err_set(err, ERR_INVALID_INPUT, "",
		       "More than %d %s would have to be looked through. Ask for some of them by "
		       "id%s%s or created_at, or list them in the order of created_at without "
		       "conditions.",
		       LISTING_ROWS_MAX, listing->noun->plural, listing->noun->about ? ", " : "",
		       listing->noun->about ? listing->noun->about : "");
}

/* See whether `row` is meant, and keep it when it may be on the page. */
static enum err_code look_at(struct run *run, const struct listing_row *row, struct err *err)
{
	const struct listing *listing = run->listing;
	struct listing_kept kept = {.id = row->id};
	bool is_meant;

	if (++run->looked > LISTING_ROWS_MAX)
		return too_many(listing, err);
	if (listing_match_row(&listing->match, &run->arena, row->json, &is_meant, err) != ERR_OK)
		return err->code;
	if (!is_meant)
		return ERR_OK;
	run->total++;
	if (is_seen(listing, row->id))
		return ERR_OK;
	if (listing->order)
		listing_match_key(listing->order, &run->arena, row->json, &kept.key);
	return listing_keep_add(&run->keep, &kept, err);
}

/* Look at every row about `about` (all zero: every row). */
static enum err_code look_through(struct run *run, struct uuid about, struct err *err)
{
	const struct listing *listing = run->listing;
	struct listing_walk walk = {.about = about,
				    .upward = listing->upward,
				    .from = first_from(listing),
				    .limit = PAGE_ROWS};
	struct listing_row rows[PAGE_ROWS];
	size_t count = PAGE_ROWS;

	while (count == PAGE_ROWS) {
		arena_reset(&run->arena);
		if (listing->noun->page(&run->scene, &walk, rows, &count, err) != ERR_OK)
			return err->code;
		for (size_t i = 0; i < count; i++) {
			if (is_past(listing, rows[i].id))
				return ERR_OK;
			if (look_at(run, &rows[i], err) != ERR_OK)
				return err->code;
			walk.from = rows[i].id;
		}
	}
	return ERR_OK;
}

static enum err_code look_up(struct run *run, struct uuid id, struct err *err)
{
	struct listing_row row;

	arena_reset(&run->arena);
	if (run->listing->noun->read(&run->scene, id, &row, err) != ERR_OK)
		return err->code;
	return row.json.ptr ? look_at(run, &row, err) : ERR_OK;
}

/* Look at every row that may be meant. */
static enum err_code look(struct run *run, struct err *err)
{
	const struct listing *listing = run->listing;

	if (listing->match.finds_nothing)
		return ERR_OK;
	if (!listing->by_id && !listing->by_about)
		return look_through(run, no_id, err);
	for (size_t i = 0; i < listing->id_count; i++) {
		enum err_code code = listing->by_id ? look_up(run, listing->ids[i], err)
						    : look_through(run, listing->ids[i], err);

		if (code != ERR_OK)
			return code;
	}
	return ERR_OK;
}

/* The page out of all that was kept. */
static enum err_code write_kept(struct run *run, struct writer *writer, struct err *err)
{
	const struct listing *listing = run->listing;
	size_t first = (size_t)listing->offset, end = first + listing->limit;
	struct listing_row row;

	listing_keep_sort(&run->keep);
	run->has_more = run->keep.count > end;
	for (size_t i = first; i < end && i < run->keep.count; i++) {
		arena_reset(&run->arena);
		if (listing->noun->read(&run->scene, run->keep.items[i].id, &row, err) != ERR_OK)
			return err->code;
		if (row.json.ptr)
			writer_raw(writer, row.json);
		run->last = run->keep.items[i].id;
	}
	return ERR_OK;
}

/* The page as the store has it; one row more is read, to know whether there are more. */
static enum err_code write_walked(struct run *run, struct uuid about, struct writer *writer,
				  struct err *err)
{
	const struct listing *listing = run->listing;
	struct listing_walk walk = {.about = about,
				    .upward = listing->upward,
				    .from = listing->cursor,
				    .offset = listing->offset};
	struct listing_row rows[PAGE_ROWS];
	size_t left = listing->limit + 1, count = 1;

	if (listing->noun->count(&run->scene, about, &run->total, err) != ERR_OK)
		return err->code;
	for (; left > 0 && count > 0; left -= count) {
		arena_reset(&run->arena);
		walk.limit = left < PAGE_ROWS ? left : PAGE_ROWS;
		if (listing->noun->page(&run->scene, &walk, rows, &count, err) != ERR_OK)
			return err->code;
		for (size_t i = 0; i < count; i++) {
			run->has_more = left - i == 1;
			if (run->has_more)
				return ERR_OK;
			writer_raw(writer, rows[i].json);
			run->last = walk.from = rows[i].id;
		}
		walk.offset = 0;
	}
	return ERR_OK;
}

/* Whether the store can tell page and total by itself; *out_about: about what. */
static bool is_plain(const struct listing *listing, struct uuid *out_about)
{
	const struct listing_match *match = &listing->match;

	*out_about = no_id;
	if (listing->order)
		return false;
	if (listing_match_is_all(match))
		return true;
	if (!listing->by_about || listing->id_count != 1 || match->count != 1 ||
	    match->word_count != 0 || match->finds_nothing)
		return false;
	*out_about = listing->ids[0];
	return true;
}

static enum err_code write_rows(struct run *run, struct writer *writer, struct err *err)
{
	struct uuid about;

	if (is_plain(run->listing, &about))
		return write_walked(run, about, writer, err);
	if (look(run, err) != ERR_OK)
		return err->code;
	return write_kept(run, writer, err);
}

static enum err_code answer(struct run *run, struct call *call, struct err *err)
{
	const struct listing *listing = run->listing;
	struct writer writer = reply_begin(&call->reply, call->arena);

	writer_begin_object(&writer);
	writer_key(&writer, text_of(listing->noun->plural));
	writer_begin_array(&writer);
	if (write_rows(run, &writer, err) != ERR_OK)
		return err->code;
	writer_end_array(&writer);
	writer_member_int(&writer, "total", run->total);
	writer_member_int(&writer, "limit", (int64_t)listing->limit);
	writer_member_int(&writer, "offset", listing->offset);
	writer_member_bool(&writer, "has_more", run->has_more);
	writer_end_object(&writer);
	if (run->has_more && listing->noun->cursor && !listing->order)
		call->reply.next_cursor =
			command_cursor_id_text(call->arena, listing->noun->cursor, run->last);
	return reply_end(&call->reply) ? ERR_OK : err_memory(err);
}

enum err_code listing_execute(struct call *call, struct txn *txn, struct err *err)
{
	const struct listing *listing = call->plan;
	struct run run = {.listing = listing,
			  .scene = {.noun = listing->noun,
				    .call = call,
				    .db = txn->db,
				    .arena = &run.arena}};
	size_t max = (size_t)listing->offset + listing->limit + 1;

	arena_init(&run.arena, PAGE_BYTES_MAX);
	listing_keep_init(&run.keep, max, listing->upward);
	enum err_code code = answer(&run, call, err);

	listing_keep_release(&run.keep);
	arena_release(&run.arena);
	return code;
}
