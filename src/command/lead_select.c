#include "command/lead_select.h"

#include <stdlib.h>

#include "command/command.h"
#include "command/lead_filter.h"
#include "store/grid_order.h"
#include "store/search.h"

#define REACH_MS 250
#define COSTS 3 /* of lead_filter_cost */

struct lead_select {
	int64_t workspace;
	bool has_words;
	struct search_match match;
	struct lead_where *where;
	size_t where_count;
	bool by_ids;
	struct uuid *ids, *except;
	size_t id_count, except_count;
	bool by_number; /* created_at: the order of numbers */
	struct text order_name;
	struct grid_order order; /* of anything else */
	size_t limit, offset;
	bool has_after;
	struct grid_place after;
};

/* reading the input */

static enum err_code parse_words(struct arena *arena, const json_t *input,
				 struct lead_select *select, struct err *err)
{
	const struct search_terms terms = {
		.any = text_trim(command_text(input, "query")),
		.person = text_trim(command_text(input, "name_or_email"))};

	if (terms.any.len == 0 && terms.person.len == 0)
		return ERR_OK;
	if (search_match(arena, &terms, &select->match, err) != ERR_OK)
		return err->code;
	if (select->match.is_cut)
		return err_set(err, ERR_INVALID_INPUT,
			       terms.person.len ? "/name_or_email" : "/query",
			       "The query has more than %d words. Leave some out.",
			       SEARCH_WORDS_MAX);
	select->has_words = true;
	return ERR_OK;
}

/* What is no id is nobody's, and left out. */
static enum err_code parse_ids(struct arena *arena, const json_t *array, struct uuid **out,
			       size_t *out_count, struct err *err)
{
	struct uuid *ids = arena_zero(arena, json_array_size(array) + 1, sizeof *ids);
	size_t count = 0;

	if (!ids)
		return err_memory(err);
	for (size_t i = 0; i < json_array_size(array); i++) {
		const json_t *id = json_array_get(array, i);
		struct text text = {json_string_value(id), json_string_length(id)};

		if (text.ptr && uuid_parse(text_trim(text), &ids[count]))
			count++;
	}
	*out = ids;
	*out_count = count;
	return ERR_OK;
}

static enum err_code bad_order(struct arena *arena, struct err *err)
{
	struct buf names;

	buf_init_arena(&names, arena, 4096);
	for (int id = 0; id < FIELD_COUNT; id++) {
		if (field_rows[id].sort) {
			buf_add(&names, TEXT(", "));
			buf_add(&names, field_rows[id].name);
		}
	}
	return err_set(err, ERR_INVALID_INPUT, "/order",
		       "Leads cannot be sorted by this. Take one of created_at, updated_at, "
		       "status%.*s.",
		       TEXT_ARG(buf_text(&names)));
}

static enum err_code parse_order(struct arena *arena, const json_t *input,
				 struct lead_select *select, struct err *err)
{
	struct text name = command_text(input, "order");
	struct grid_order *order = &select->order;
	enum field_id field = name.ptr ? fields_by_name(name) : FIELD_COUNT;

	order->down = !text_is(command_text(input, "direction"), TEXT("asc"));
	select->order_name = name.ptr ? name : TEXT("created_at");
	if (text_is(select->order_name, TEXT("created_at"))) {
		select->by_number = true;
	} else if (text_is(name, TEXT("updated_at"))) {
		order->column = GRID_UPDATED;
	} else if (text_is(name, TEXT("status"))) {
		order->column = GRID_STATUS_CELL;
	} else if (field == FIELD_COUNT || !field_rows[field].sort) {
		return bad_order(arena, err);
	} else if (field_rows[field].find == FIELD_FIND_NUMBER) {
		order->column = grid_value_column(field);
	} else {
		order->column = grid_sort_column(field, 0);
		order->is_text = true;
		order->field = field;
	}
	return ERR_OK;
}

/* cursors: q, the order's name, its direction, the lead's number and value, in hexadecimal */

static enum err_code bad_cursor(struct err *err)
{
	return err_set(err, ERR_INVALID_INPUT, "/cursor",
		       "This cursor is not one that this command gave for this order and "
		       "direction. Send back meta.next_cursor as it came, or leave cursor out to "
		       "begin anew.");
}

static bool parse_hex(struct text text, uint64_t *out)
{
	uint64_t value = 0;

	if (text.len == 0 || text.len > 16)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		const char *digits = "0123456789abcdef";
		const char *at = text.ptr[i] ? strchr(digits, text.ptr[i]) : NULL;

		if (!at)
			return false;
		value = value << 4 | (uint64_t)(at - digits);
	}
	*out = value;
	return true;
}

static bool parse_hex_text(struct arena *arena, struct text hex, struct text *out)
{
	char *bytes = arena_take(arena, hex.len / 2 + 1);

	if (!bytes || hex.len % 2)
		return false;
	for (size_t i = 0; i < hex.len / 2; i++) {
		uint64_t byte;

		if (!parse_hex((struct text){hex.ptr + i * 2, 2}, &byte))
			return false;
		bytes[i] = (char)byte;
	}
	*out = (struct text){bytes, hex.len / 2};
	return true;
}

static bool parse_place(struct arena *arena, const struct lead_select *select, struct text number,
			struct text value, struct grid_place *out)
{
	struct text text;
	uint64_t no;

	if (!parse_hex(number, &no) || no > INT64_MAX)
		return false;
	*out = (struct grid_place){.is_absent = true};
	if (value.len > 0 && select->order.is_text) {
		if (!parse_hex_text(arena, value, &text))
			return false;
		*out = grid_place_of_text(text);
	} else if (value.len > 0) {
		out->is_absent = false;
		if (!parse_hex(value, &out->cell))
			return false;
	}
	out->no = (int64_t)no;
	return true;
}

static enum err_code parse_cursor(struct arena *arena, const json_t *input,
				  struct lead_select *select, struct err *err)
{
	struct text cursor = command_text(input, "cursor"), direction, number, value;
	struct text name = text_split(cursor, '.', &direction);

	if (!cursor.ptr)
		return ERR_OK;
	if (select->offset > 0)
		return err_set(err, ERR_INVALID_INPUT, "/offset",
			       "offset does not go with cursor, which says where to go on. Leave "
			       "one of them out.");
	direction = text_split(direction, '.', &number);
	number = text_split(number, '.', &value);
	if (!value.ptr || name.len == 0 || name.ptr[0] != 'q' ||
	    !text_is(text_skip(name, 1), select->order_name) ||
	    !text_is(direction, select->order.down ? TEXT("d") : TEXT("u")) ||
	    !parse_place(arena, select, number, value, &select->after))
		return bad_cursor(err);
	select->has_after = true;
	return ERR_OK;
}

static struct text cursor_text(struct arena *arena, const struct lead_select *select,
			       const struct grid_place *place)
{
	struct buf buf;

	buf_init_arena(&buf, arena, 4096);
	buf_add_format(&buf, "q%.*s.%c.%llx.", TEXT_ARG(select->order_name),
		       select->order.down ? 'd' : 'u', (unsigned long long)place->no);
	if (!place->is_absent && !select->order.is_text)
		buf_add_format(&buf, "%llx", (unsigned long long)place->cell);
	for (size_t i = 0; i < place->text.len; i++)
		buf_add_format(&buf, "%02x", (unsigned char)place->text.ptr[i]);
	return buf_text(&buf);
}

static enum err_code parse_page(struct arena *arena, const json_t *input,
				struct lead_select *select, struct err *err)
{
	int64_t limit = command_int(input, "limit", LEAD_SELECT_LIMIT);
	int64_t offset = command_int(input, "offset", 0);

	if (limit < 1 || limit > LEAD_SELECT_LIMIT_MAX)
		return err_set(err, ERR_INVALID_INPUT, "/limit", "limit is 1 to %d.",
			       LEAD_SELECT_LIMIT_MAX);
	if (offset < 0 || offset > LEAD_SELECT_OFFSET_MAX)
		return err_set(err, ERR_INVALID_INPUT, "/offset",
			       "offset is 0 to %d. To read on behind that, send back "
			       "meta.next_cursor of each page as cursor.",
			       LEAD_SELECT_OFFSET_MAX);
	select->limit = (size_t)limit;
	select->offset = (size_t)offset;
	if (parse_order(arena, input, select, err) != ERR_OK)
		return err->code;
	return parse_cursor(arena, input, select, err);
}

enum err_code lead_select_parse(struct arena *arena, int64_t workspace, const json_t *input,
				struct lead_select **out, struct err *err)
{
	struct lead_select *select = arena_zero(arena, 1, sizeof *select);
	const json_t *ids = json_object_get(input, "lead_ids");

	if (!select)
		return err_memory(err);
	select->workspace = workspace;
	select->by_ids = ids != NULL;
	if (parse_words(arena, input, select, err) != ERR_OK ||
	    lead_where_parse(arena, json_object_get(input, "where"), &select->where,
			     &select->where_count, err) != ERR_OK ||
	    parse_ids(arena, ids, &select->ids, &select->id_count, err) != ERR_OK ||
	    parse_ids(arena, json_object_get(input, "except_lead_ids"), &select->except,
		      &select->except_count, err) != ERR_OK ||
	    parse_page(arena, input, select, err) != ERR_OK)
		return err->code;
	*out = select;
	return ERR_OK;
}

bool lead_select_is_all(const struct lead_select *select)
{
	return !select->has_words && select->where_count == 0 && !select->by_ids;
}

enum err_code lead_select_reach(struct engine *engine, struct txn *txn, bool *out_behind,
				struct err *err)
{
	return engine_search_reach(engine, txn, REACH_MS, out_behind, err);
}

/* finding */

/* A selection under way, in a reading transaction of the index. */
struct finding {
	const struct lead_select *select;
	struct lead_filter filter;
	struct grid_bits bits;
};

/* Sets first, then columns, then texts: each looks only at those who are left. */
static enum err_code keep_where(struct finding *finding, struct err *err)
{
	const struct lead_select *select = finding->select;

	for (int cost = 0; cost < COSTS; cost++) {
		for (size_t i = 0; i < select->where_count; i++) {
			if (lead_filter_cost(&select->where[i]) == cost &&
			    lead_filter_keep(&finding->filter, &select->where[i], &finding->bits,
					     err) != ERR_OK)
				return err->code;
		}
	}
	return ERR_OK;
}

static enum err_code keep_ids(struct finding *finding, struct err *err)
{
	const struct lead_select *select = finding->select;
	struct grid_bits named;

	if (grid_bits_create(&finding->filter.view, &named, err) != ERR_OK)
		return err->code;
	enum err_code code =
		lead_filter_put(&finding->filter, select->ids, select->id_count, true, &named, err);

	grid_bits_and(&finding->bits, &named);
	grid_bits_release(&named);
	return code;
}

static enum err_code find(struct finding *finding, struct err *err)
{
	const struct lead_select *select = finding->select;
	const struct grid_view *view = &finding->filter.view;

	if (grid_bits_add_set(view, grid_key_of(GRID_ALL, 0), &finding->bits, err) != ERR_OK ||
	    (select->by_ids && keep_ids(finding, err) != ERR_OK) ||
	    lead_filter_put(&finding->filter, select->except, select->except_count, false,
			    &finding->bits, err) != ERR_OK ||
	    keep_where(finding, err) != ERR_OK)
		return err->code;
	return select->has_words ? grid_bits_keep_match(view, &select->match, &finding->bits, err)
				 : ERR_OK;
}

static void end_finding(struct finding *finding)
{
	grid_bits_release(&finding->bits);
	db_rollback(finding->filter.view.db);
}

static enum err_code begin_finding(const struct lead_select *select, struct arena *arena,
				   struct txn *txn, struct finding *out, struct err *err)
{
	*out = (struct finding){.select = select,
				.filter = {.arena = arena,
					   .txn = txn,
					   .view = {.db = search_db(txn->search)}}};
	if (db_begin_read(out->filter.view.db, err) != ERR_OK)
		return err->code;
	if (grid_bits_view(txn->search, select->workspace, &out->filter.view, err) == ERR_OK &&
	    grid_bits_create(&out->filter.view, &out->bits, err) == ERR_OK &&
	    find(out, err) == ERR_OK)
		return ERR_OK;
	end_finding(out);
	return err->code;
}

static enum err_code page_by_number(struct finding *finding, struct lead_select_page *page)
{
	const struct lead_select *select = finding->select;
	const struct grid_slice slice = {select->order.down, select->offset, select->limit};

	if (select->has_after)
		grid_bits_cut(&finding->filter.view, &finding->bits, select->after.no,
			      select->order.down);
	page->count = grid_bits_take(&finding->filter.view, &finding->bits, &slice, page->numbers);
	return ERR_OK;
}

static enum err_code page_by_order(struct finding *finding, struct grid_order *order,
				   struct lead_select_page *page, struct err *err)
{
	const struct lead_select *select = finding->select;
	struct grid_page sorted = {.after = select->has_after ? &select->after : NULL,
				   .skip = select->offset,
				   .limit = select->limit,
				   .numbers = page->numbers};

	*order = select->order;
	order->main = finding->filter.txn->db;
	if (grid_order_page(&finding->filter.view, order, &finding->bits, &sorted, err) != ERR_OK)
		return err->code;
	page->count = sorted.count;
	return ERR_OK;
}

static enum err_code take_page(struct finding *finding, struct lead_select_page *page,
			       struct err *err)
{
	const struct lead_select *select = finding->select;
	struct grid_order order = select->order;
	struct grid_place place = {.is_absent = true};
	enum err_code code;

	page->total = (int64_t)grid_bits_count(&finding->bits);
	code = select->by_number ? page_by_number(finding, page)
				 : page_by_order(finding, &order, page, err);
	if (code != ERR_OK)
		return code;
	/* What is before the cursor is no longer among the bits. */
	page->has_more = page->count == select->limit &&
			 grid_bits_count(&finding->bits) > select->offset + page->count;
	if (!page->has_more)
		return ERR_OK;
	place.no = page->numbers[page->count - 1];
	if (!select->by_number &&
	    grid_place_of(&finding->filter.view, &order, finding->filter.arena, place.no, &place,
			  err) != ERR_OK)
		return err->code;
	page->next = cursor_text(finding->filter.arena, select, &place);
	return page->next.ptr ? ERR_OK : err_memory(err);
}

enum err_code lead_select_page(const struct lead_select *select, struct arena *arena,
			       struct txn *txn, struct lead_select_page *out, struct err *err)
{
	struct lead_select_page page = {
		.numbers = arena_zero(arena, select->limit, sizeof(int64_t))};
	struct finding finding;

	if (!page.numbers)
		return err_memory(err);
	if (begin_finding(select, arena, txn, &finding, err) != ERR_OK)
		return err->code;
	enum err_code code = take_page(&finding, &page, err);

	end_finding(&finding);
	if (code == ERR_OK)
		*out = page;
	return code;
}

enum err_code lead_select_count(const struct lead_select *select, struct arena *arena,
				struct txn *txn, int64_t *out, struct err *err)
{
	struct finding finding;

	if (begin_finding(select, arena, txn, &finding, err) != ERR_OK)
		return err->code;
	*out = (int64_t)grid_bits_count(&finding.bits);
	end_finding(&finding);
	return ERR_OK;
}

static enum err_code collect(const struct finding *finding, size_t max, struct lead_select_all *out,
			     struct err *err)
{
	struct grid_slice slice = {.limit = grid_bits_count(&finding->bits)};
	struct lead_select_all all;

	if (slice.limit > max)
		return err_set(err, ERR_INVALID_INPUT, "/where",
			       "These are %zu leads, and this takes %zu at once. Narrow them down.",
			       slice.limit, max);
	all.numbers = malloc((slice.limit + 1) * sizeof *all.numbers);
	if (!all.numbers)
		return err_memory(err);
	all.count = grid_bits_take(&finding->filter.view, &finding->bits, &slice, all.numbers);
	*out = all;
	return ERR_OK;
}

enum err_code lead_select_collect(const struct lead_select *select, struct txn *txn, size_t max,
				  struct lead_select_all *out, struct err *err)
{
	struct finding finding;
	struct arena arena;
	enum err_code code;

	arena_init(&arena, (size_t)256 * 1024 * 1024);
	code = begin_finding(select, &arena, txn, &finding, err);
	if (code == ERR_OK) {
		code = collect(&finding, max, out, err);
		end_finding(&finding);
	}
	arena_release(&arena);
	return code;
}

void lead_select_release(struct lead_select_all *all)
{
	free(all->numbers);
	*all = (struct lead_select_all){NULL, 0};
}
