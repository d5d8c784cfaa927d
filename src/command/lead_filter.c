#include "command/lead_filter.h"

#include <stdlib.h>

#include "lead/record.h"
#include "store/companies.h"
#include "store/defaults.h"
#include "store/entries.h"
#include "store/grid_place.h"
#include "store/imports.h"
#include "store/lists.h"
#include "store/missions.h"

#define PAGE_ROWS 100
#define RECORD_ARENA_MAX ((size_t)16 * 1024 * 1024)

/* A condition under way: those who pass are added to `found`. */
struct pass {
	const struct lead_filter *filter;
	const struct lead_where *where;
	const struct grid_bits *among; /* nobody else matters */
	struct grid_bits *found;
};

int lead_filter_cost(const struct lead_where *where)
{
	switch (where->kind) {
	case LEAD_WHERE_LEAD:
	case LEAD_WHERE_STATUS:
	case LEAD_WHERE_LIST:
	case LEAD_WHERE_STAGE:
	case LEAD_WHERE_TAG:
	case LEAD_WHERE_IMPORT:
	case LEAD_WHERE_MISSION:
	case LEAD_WHERE_CHATBOT:
		return 0;
	case LEAD_WHERE_COMPANY:
		return 2;
	default:
		return where->how == LEAD_WHERE_TEXTS ? 2 : 1;
	}
}

static enum err_code add_set(const struct pass *pass, int64_t key, struct err *err)
{
	return grid_bits_add_set(&pass->filter->view, key, pass->found, err);
}

static enum err_code add_cells(const struct pass *pass, enum grid_column column,
			       const struct grid_test *test, struct err *err)
{
	return grid_bits_add_cells(&pass->filter->view, column, test, pass->among, pass->found,
				   err);
}

/* those who are in sets */

static const enum grid_set sets[] = {
	[LEAD_WHERE_LIST] = GRID_LIST,       [LEAD_WHERE_STAGE] = GRID_STAGE,
	[LEAD_WHERE_TAG] = GRID_TAG,         [LEAD_WHERE_IMPORT] = GRID_IMPORT,
	[LEAD_WHERE_MISSION] = GRID_MISSION,
};

static enum err_code add_entry(const struct pass *pass, enum entry_kind kind, struct uuid id,
			       struct err *err)
{
	const struct lead_filter *filter = pass->filter;
	struct entry_row entry;

	if (entries_read(filter->txn->db, filter->arena,
			 (struct entry_ref){filter->view.workspace, kind, id}, &entry,
			 err) != ERR_OK)
		return err->code;
	return entry.doc.ptr ? add_set(pass, grid_key_of_uuid(sets[pass->where->kind], id), err)
			     : ERR_OK;
}

static enum err_code add_import(const struct pass *pass, struct uuid id, struct err *err)
{
	const struct lead_filter *filter = pass->filter;
	struct import_row import;

	if (imports_find(filter->txn->db, filter->arena, filter->view.workspace, id, &import,
			 err) != ERR_OK)
		return err->code;
	return import.no ? add_set(pass, grid_key_of(GRID_IMPORT, (uint64_t)import.no), err)
			 : ERR_OK;
}

static enum err_code add_group(const struct pass *pass, struct uuid id, struct err *err)
{
	const struct lead_filter *filter = pass->filter;
	enum grid_set set = sets[pass->where->kind];
	bool exists;
	enum err_code code =
		set == GRID_LIST
			? lists_exists(filter->txn->db, filter->view.workspace, id, &exists, err)
			: missions_exists(filter->txn->db, filter->view.workspace, id, &exists,
					  err);

	if (code != ERR_OK)
		return code;
	return exists ? add_set(pass, grid_key_of_uuid(set, id), err) : ERR_OK;
}

/* Add the members of everything that there is of the condition's kind, but for `except`. */
static enum err_code add_lists(const struct pass *pass, struct uuid except, struct err *err)
{
	const struct lead_filter *filter = pass->filter;
	struct lists_walk walk = {.workspace = filter->view.workspace, .limit = PAGE_ROWS};
	struct list_row rows[PAGE_ROWS];
	size_t count = PAGE_ROWS;

	while (count == PAGE_ROWS) {
		if (lists_page(filter->txn->db, filter->arena, &walk, rows, &count, err) != ERR_OK)
			return err->code;
		for (size_t i = 0; i < count; i++) {
			walk.from = rows[i].id;
			if (!uuid_is(rows[i].id, except) &&
			    add_set(pass, grid_key_of_uuid(GRID_LIST, rows[i].id), err) != ERR_OK)
				return err->code;
		}
	}
	return ERR_OK;
}

static enum err_code add_entries(const struct pass *pass, enum entry_kind kind, struct uuid except,
				 struct err *err)
{
	const struct lead_filter *filter = pass->filter;
	struct entries_walk walk = {.workspace = filter->view.workspace,
				    .kind = kind,
				    .limit = PAGE_ROWS};
	struct entry_row rows[PAGE_ROWS];
	size_t count = PAGE_ROWS;

	while (count == PAGE_ROWS) {
		if (entries_page(filter->txn->db, filter->arena, &walk, rows, &count, err) !=
		    ERR_OK)
			return err->code;
		for (size_t i = 0; i < count; i++) {
			walk.from = rows[i].id;
			if (!uuid_is(rows[i].id, except) &&
			    add_set(pass, grid_key_of_uuid(sets[pass->where->kind], rows[i].id),
				    err) != ERR_OK)
				return err->code;
		}
	}
	return ERR_OK;
}

static enum err_code add_imports(const struct pass *pass, struct err *err)
{
	const struct lead_filter *filter = pass->filter;
	struct imports_walk walk = {.workspace = filter->view.workspace,
				    .state = -1,
				    .limit = PAGE_ROWS};
	struct import_row rows[PAGE_ROWS];
	size_t count = PAGE_ROWS;

	while (count == PAGE_ROWS) {
		if (imports_page(filter->txn->db, filter->arena, &walk, rows, &count, err) !=
		    ERR_OK)
			return err->code;
		for (size_t i = 0; i < count; i++) {
			walk.from = rows[i].id;
			if (add_set(pass, grid_key_of(GRID_IMPORT, (uint64_t)rows[i].no), err) !=
			    ERR_OK)
				return err->code;
		}
	}
	return ERR_OK;
}

/*
 * The Inbox has who is on no other list, the stage New who is in no other stage: everybody but the
 * members of the others.
 */
static enum err_code add_rest(const struct pass *pass, struct uuid except, struct err *err)
{
	struct pass others = *pass;
	struct grid_bits bits, all;

	if (grid_bits_create(&pass->filter->view, &bits, err) != ERR_OK)
		return err->code;
	others.found = &bits;
	enum err_code code = pass->where->kind == LEAD_WHERE_LIST
				     ? add_lists(&others, except, err)
				     : add_entries(&others, ENTRY_STAGE, except, err);

	if (code == ERR_OK)
		code = grid_bits_create(&pass->filter->view, &all, err);
	if (code == ERR_OK) {
		grid_bits_or(&all, pass->among);
		grid_bits_and_not(&all, &bits);
		grid_bits_or(pass->found, &all);
		grid_bits_release(&all);
	}
	grid_bits_release(&bits);
	return code;
}

/* List or stage `id`; *out_is_rest: it is the one that all have who have no other. */
static enum err_code is_rest(const struct pass *pass, struct uuid id, bool *out, struct err *err)
{
	const struct lead_filter *filter = pass->filter;
	struct workspace_defaults defaults;

	if (defaults_read(filter->txn->db, filter->view.workspace, &defaults, err) != ERR_OK)
		return err->code;
	*out = uuid_is(id,
		       pass->where->kind == LEAD_WHERE_LIST ? defaults.inbox : defaults.stage_new);
	return ERR_OK;
}

static enum err_code add_member_of(const struct pass *pass, struct uuid id, struct err *err)
{
	bool rest = false;

	switch (pass->where->kind) {
	case LEAD_WHERE_LIST:
	case LEAD_WHERE_STAGE:
		if (is_rest(pass, id, &rest, err) != ERR_OK ||
		    (rest && add_rest(pass, id, err) != ERR_OK))
			return err->code;
		return pass->where->kind == LEAD_WHERE_LIST ? add_group(pass, id, err)
							    : add_entry(pass, ENTRY_STAGE, id, err);
	case LEAD_WHERE_TAG:
		return add_entry(pass, ENTRY_TAG, id, err);
	case LEAD_WHERE_IMPORT:
		return add_import(pass, id, err);
	default:
		return add_group(pass, id, err);
	}
}

/* companies */

static int by_cell(const void *a, const void *b)
{
	uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;

	return (left > right) - (left < right);
}

/* The cells of all keys of the condition's companies, ascending. */
static enum err_code company_cells(const struct pass *pass, struct buf *out, struct err *err)
{
	const struct lead_filter *filter = pass->filter;

	for (size_t i = 0; i < pass->where->count; i++) {
		struct companies_claimed claimed;

		if (companies_keys(filter->txn->db, filter->arena, filter->view.workspace,
				   pass->where->ids[i], &claimed, err) != ERR_OK)
			return err->code;
		for (size_t k = 0; k < claimed.count; k++) {
			uint64_t cell = grid_company_cell(&claimed.keys[k]);

			buf_add(out, (struct text){(const char *)&cell, sizeof cell});
		}
	}
	if (out->failed)
		return err_memory(err);
	if (out->len)
		qsort(out->ptr, out->len / 8, 8, by_cell);
	return ERR_OK;
}

/* Whether lead `no` is of one of the companies, by what its record says. */
static enum err_code is_of_company(const struct pass *pass, struct arena *arena, int64_t no,
				   bool *out, struct err *err)
{
	const struct lead_filter *filter = pass->filter;
	struct record *record = arena_take(arena, sizeof *record);
	struct company_keys keys;
	struct lead_row lead;
	struct uuid company;

	if (!record)
		return err_memory(err);
	*out = false;
	if (leads_read(filter->txn->db, arena, filter->view.workspace, no, &lead, err) != ERR_OK)
		return err->code;
	if (lead.no == 0)
		return ERR_OK;
	if (record_read(arena, lead.doc, record, err) != ERR_OK ||
	    company_keys_of_record(arena, record, &keys, err) != ERR_OK ||
	    companies_owner(filter->txn->db, filter->view.workspace, &keys, &company, err) !=
		    ERR_OK)
		return err->code;
	for (size_t i = 0; i < pass->where->count; i++)
		*out |= uuid_is(company, pass->where->ids[i]);
	return ERR_OK;
}

/* A weaker key counts only where no company has a stronger one: look at each lead. */
static enum err_code add_by_record(const struct pass *pass, const struct grid_bits *maybe,
				   struct err *err)
{
	struct grid_slice slice = {.limit = PAGE_ROWS};
	int64_t numbers[PAGE_ROWS];
	enum err_code code = ERR_OK;
	struct arena arena;
	size_t count;

	arena_init(&arena, RECORD_ARENA_MAX);
	do {
		count = grid_bits_take(&pass->filter->view, maybe, &slice, numbers);
		slice.skip += count;
		for (size_t i = 0; i < count && code == ERR_OK; i++) {
			bool is_of = false;

			arena_reset(&arena);
			code = is_of_company(pass, &arena, numbers[i], &is_of, err);
			if (is_of)
				grid_bits_put(&pass->filter->view, pass->found, numbers[i], true);
		}
	} while (code == ERR_OK && count == PAGE_ROWS);
	arena_release(&arena);
	return code;
}

static enum err_code add_weaker(const struct pass *pass, const struct grid_test *test,
				struct err *err)
{
	struct grid_bits maybe;
	enum err_code code = grid_bits_create(&pass->filter->view, &maybe, err);

	if (code != ERR_OK)
		return code;
	for (int column = GRID_COMPANY + 1; column <= GRID_COMPANY_LAST && code == ERR_OK; column++)
		code = grid_bits_add_cells(&pass->filter->view, (enum grid_column)column, test,
					   pass->among, &maybe, err);
	grid_bits_and_not(&maybe, pass->found);
	if (code == ERR_OK)
		code = add_by_record(pass, &maybe, err);
	grid_bits_release(&maybe);
	return code;
}

static enum err_code add_companies(const struct pass *pass, struct err *err)
{
	struct grid_test test = {.mask = 0};
	struct buf cells;

	buf_init_arena(&cells, pass->filter->arena, (size_t)16 * 1024 * 1024);
	if (company_cells(pass, &cells, err) != ERR_OK)
		return err->code;
	if (cells.len == 0)
		return ERR_OK;
	test.values = (const uint64_t *)(const void *)cells.ptr;
	test.count = cells.len / 8;
	test.low = test.values[0];
	test.high = test.values[test.count - 1];
	if (add_cells(pass, GRID_COMPANY, &test, err) != ERR_OK)
		return err->code;
	return add_weaker(pass, &test, err);
}

/* values */

static enum grid_column column_of(const struct lead_where *where)
{
	switch (where->kind) {
	case LEAD_WHERE_CREATED:
		return GRID_CREATED;
	case LEAD_WHERE_UPDATED:
		return GRID_UPDATED;
	default:
		return grid_value_column(where->field);
	}
}

static enum err_code add_values(const struct pass *pass, struct err *err)
{
	const struct lead_where *where = pass->where;
	struct grid_test test = {.low = where->low, .high = where->high};

	if (where->how == LEAD_WHERE_ONE_OF) {
		if (where->count == 0)
			return ERR_OK;
		test.values = where->cells;
		test.count = where->count;
		test.low = where->cells[0];
		test.high = where->cells[where->count - 1];
	}
	return test.low > test.high ? ERR_OK : add_cells(pass, column_of(where), &test, err);
}

static enum err_code add_texts(const struct pass *pass, struct err *err)
{
	const struct lead_where *where = pass->where;
	const struct grid_test any = {.low = 1, .high = UINT64_MAX};
	const struct grid_order order = {.column = grid_sort_column(where->field, 0),
					 .is_text = true,
					 .field = where->field,
					 .main = pass->filter->txn->db};
	const struct grid_place place = grid_place_of_text(where->text);
	struct grid_split split;

	if (where->is_above && add_cells(pass, order.column, &any, err) != ERR_OK)
		return err->code;
	/* Before every text there is nobody. */
	if (place.is_absent)
		return ERR_OK;
	if (grid_place_split(&pass->filter->view, &order, &place, pass->among, &split, err) !=
	    ERR_OK)
		return err->code;
	if (where->is_above)
		grid_bits_and_not(pass->found, &split.before);
	else
		grid_bits_or(pass->found, &split.before);
	if (where->is_with)
		grid_bits_or(pass->found, &split.same);
	else
		grid_bits_and_not(pass->found, &split.same);
	grid_place_release(&split);
	return ERR_OK;
}

/* Those who have any value. */
static enum err_code add_present(const struct pass *pass, struct err *err)
{
	static const struct uuid none;
	const struct grid_test any = {.low = 1, .high = UINT64_MAX};
	struct grid_test has = {.mask = 0};

	switch (pass->where->kind) {
	case LEAD_WHERE_TAG:
		return add_entries(pass, ENTRY_TAG, none, err);
	case LEAD_WHERE_IMPORT:
		return add_imports(pass, err);
	case LEAD_WHERE_COMPANY:
		return add_cells(pass, GRID_COMPANY, &any, err);
	case LEAD_WHERE_MISSION:
		has.mask = (uint64_t)1 << FIELD_MISSIONS;
		break;
	case LEAD_WHERE_CHATBOT:
		has.mask = (uint64_t)1 << FIELD_CHATBOT_ID;
		break;
	case LEAD_WHERE_WORD:
	case LEAD_WHERE_NUMBER:
	case LEAD_WHERE_OTHER:
		has.mask = (uint64_t)1 << pass->where->field;
		break;
	default: /* every lead has an id, a status, a list, a stage and times */
		grid_bits_or(pass->found, pass->among);
		return ERR_OK;
	}
	return add_cells(pass, GRID_FIELDS, &has, err);
}

static enum err_code add_one_of(const struct pass *pass, struct err *err)
{
	const struct lead_where *where = pass->where;

	for (size_t i = 0; i < where->count; i++) {
		if (where->kind == LEAD_WHERE_CHATBOT
			    ? add_set(pass, grid_key_of_text(GRID_CHATBOT, where->texts[i]), err) !=
				      ERR_OK
			    : add_member_of(pass, where->ids[i], err) != ERR_OK)
			return err->code;
	}
	return ERR_OK;
}

static enum err_code add_statuses(const struct pass *pass, struct err *err)
{
	for (unsigned status = 0; status < STATUS_COUNT; status++) {
		if (pass->where->statuses & 1u << status &&
		    add_set(pass, grid_key_of(GRID_STATUS, status), err) != ERR_OK)
			return err->code;
	}
	return ERR_OK;
}

static enum err_code add_passing(const struct pass *pass, struct err *err)
{
	const struct lead_where *where = pass->where;

	if (where->how == LEAD_WHERE_HAS_VALUE)
		return add_present(pass, err);
	if (where->how == LEAD_WHERE_TEXTS)
		return add_texts(pass, err);
	switch (where->kind) {
	case LEAD_WHERE_LEAD:
		return lead_filter_put(pass->filter, where->ids, where->count, true, pass->found,
				       err);
	case LEAD_WHERE_STATUS:
		return add_statuses(pass, err);
	case LEAD_WHERE_COMPANY:
		return add_companies(pass, err);
	case LEAD_WHERE_CREATED:
	case LEAD_WHERE_UPDATED:
	case LEAD_WHERE_WORD:
	case LEAD_WHERE_NUMBER:
		return add_values(pass, err);
	default:
		return add_one_of(pass, err);
	}
}

enum err_code lead_filter_keep(const struct lead_filter *filter, const struct lead_where *where,
			       struct grid_bits *bits, struct err *err)
{
	struct grid_bits found;
	struct pass pass = {filter, where, bits, &found};

	if (grid_bits_create(&filter->view, &found, err) != ERR_OK)
		return err->code;
	enum err_code code = add_passing(&pass, err);

	if (code == ERR_OK && where->is_not)
		grid_bits_and_not(bits, &found);
	else if (code == ERR_OK)
		grid_bits_and(bits, &found);
	grid_bits_release(&found);
	return code;
}

enum err_code lead_filter_put(const struct lead_filter *filter, const struct uuid *ids,
			      size_t count, bool is_in, struct grid_bits *bits, struct err *err)
{
	for (size_t i = 0; i < count; i++) {
		int64_t no;

		if (leads_find(filter->txn->db, filter->view.workspace, ids[i], &no, err) != ERR_OK)
			return err->code;
		if (no)
			grid_bits_put(&filter->view, bits, no, is_in);
	}
	return ERR_OK;
}
