#include "store/grid_lead.h"

#include <stdlib.h>

#include "json/scan.h"
#include "lead/company.h"

/* Sets that one lead can be in: tags, lists, missions, and words of a long description. */
#define KEYS_BYTES_MAX ((size_t)4 * 1024 * 1024)
#define NUMBER_CHARS_MAX 63

_Static_assert(GRID_COMPANY_LAST - GRID_COMPANY + 1 == COMPANY_KEYS_MAX,
	       "a column for each key of a company");

bool grid_lead_has_value(struct text json)
{
	return json.ptr && !text_is(json, TEXT("\"\"")) && !text_is(json, TEXT("[]")) &&
	       !text_is(json, TEXT("{}"));
}

/* cells */

static enum err_code text_cells(struct arena *arena, enum field_id field, struct text json,
				struct grid_cells *out, struct err *err)
{
	struct text plain = scan_string(arena, json), form, folded;

	if (!plain.ptr)
		return err_memory(err);
	if (fold_value(arena, field, plain, &form, err) != ERR_OK)
		return err->code;
	if (form.len)
		out->cells[grid_value_column(field)] = grid_hash_cell(form);
	if (!field_rows[field].sort)
		return ERR_OK;
	folded = fold_text(arena, plain);
	if (!folded.ptr)
		return err_memory(err);
	for (int half = 0; half < 2; half++)
		out->cells[grid_sort_column(field, half)] = grid_text_cell(folded, half);
	return ERR_OK;
}

static uint64_t number_cell(struct text json)
{
	char digits[NUMBER_CHARS_MAX + 1];
	char *end;

	if (json.len == 0 || json.len > NUMBER_CHARS_MAX)
		return 0;
	memcpy(digits, json.ptr, json.len);
	digits[json.len] = '\0';
	double number = strtod(digits, &end);

	return *end ? 0 : grid_number_cell(number);
}

/* Further keys find the company of a lead whose strongest key no company has. */
static enum err_code company_cells(struct arena *arena, const struct record *record,
				   struct grid_cells *out, struct err *err)
{
	struct company_keys keys;

	if (company_keys_of_record(arena, record, &keys, err) != ERR_OK)
		return err->code;
	for (size_t i = 0; i < keys.count; i++)
		out->cells[GRID_COMPANY + i] = grid_company_cell(&keys.items[i].hash);
	return ERR_OK;
}

enum err_code grid_lead_cells(struct arena *arena, const struct lead_row *row,
			      const struct record *record, struct grid_cells *out, struct err *err)
{
	out->cells[GRID_CREATED] = grid_time_cell(row->created_ms);
	out->cells[GRID_UPDATED] = grid_time_cell(row->updated_ms);
	out->cells[GRID_STATUS_CELL] = (uint64_t)row->status + 1;
	for (int id = 0; id < FIELD_COUNT; id++) {
		enum field_id field = (enum field_id)id;
		struct text json = record->values[field];

		if (!grid_lead_has_value(json))
			continue;
		out->cells[GRID_FIELDS] |= (uint64_t)1 << id;
		if (field_rows[id].find == FIELD_FIND_NUMBER)
			out->cells[grid_value_column(field)] = number_cell(json);
		if (field_rows[id].find == FIELD_FIND_WORD &&
		    text_cells(arena, field, json, out, err) != ERR_OK)
			return err->code;
	}
	return company_cells(arena, record, out, err);
}

enum err_code grid_lead_sort_text(struct arena *arena, const struct record *record,
				  enum field_id field, struct text *out, struct err *err)
{
	struct text json = record->values[field], plain = TEXT("");

	if (grid_lead_has_value(json))
		plain = scan_string(arena, json);
	struct text folded = plain.ptr ? fold_text(arena, plain) : TEXT_NONE;

	if (!folded.ptr)
		return err_memory(err);
	*out = folded;
	return ERR_OK;
}

/* sets */

static void add_key(struct buf *keys, int64_t key)
{
	buf_add(keys, (struct text){(const char *)&key, sizeof key});
}

static int by_value(const void *a, const void *b)
{
	int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;

	return (left > right) - (left < right);
}

static enum err_code take_keys(const struct buf *keys, struct grid_keys *out, struct err *err)
{
	if (keys->failed)
		return err_memory(err);
	out->items = (int64_t *)(void *)keys->ptr; /* an arena aligns for any type */
	out->count = keys->len / sizeof out->items[0];
	return ERR_OK;
}

void grid_lead_sort(struct grid_keys *keys)
{
	size_t kept = 0;

	if (keys->count == 0)
		return;
	qsort(keys->items, keys->count, sizeof keys->items[0], by_value);
	for (size_t i = 0; i < keys->count; i++) {
		if (kept == 0 || keys->items[kept - 1] != keys->items[i])
			keys->items[kept++] = keys->items[i];
	}
	keys->count = kept;
}

/* Of an array of ids, or of one id; what is no id is left out. */
static void add_ids(struct buf *keys, enum grid_set set, struct text json)
{
	struct scan scan;
	struct text key, value;
	struct uuid id;

	if (!grid_lead_has_value(json))
		return;
	scan = scan_of(json);
	while (scan_next(&scan, &key, &value)) {
		if (value.len == UUID_TEXT_LEN + 2 &&
		    uuid_parse((struct text){value.ptr + 1, UUID_TEXT_LEN}, &id))
			add_key(keys, grid_key_of_uuid(set, id));
	}
}

enum err_code grid_lead_keys(struct arena *arena, const struct lead_row *row,
			     const struct record *record, struct grid_keys *out, struct err *err)
{
	struct text stage = record->values[FIELD_STAGE_ID];
	struct text chatbot = record->values[FIELD_CHATBOT_ID];
	struct uuid id;
	struct buf keys;

	buf_init_arena(&keys, arena, KEYS_BYTES_MAX);
	add_key(&keys, grid_key_of(GRID_ALL, 0));
	add_key(&keys, grid_key_of(GRID_STATUS, (uint64_t)row->status));
	add_ids(&keys, GRID_LIST, record->values[FIELD_LISTS]);
	add_ids(&keys, GRID_TAG, record->values[FIELD_TAGS]);
	add_ids(&keys, GRID_MISSION, record->values[FIELD_MISSIONS]);
	if (stage.len == UUID_TEXT_LEN + 2 &&
	    uuid_parse((struct text){stage.ptr + 1, UUID_TEXT_LEN}, &id))
		add_key(&keys, grid_key_of_uuid(GRID_STAGE, id));
	if (record->import_count)
		add_key(&keys, grid_key_of(GRID_IMPORT, (uint64_t)record->imports[0].no));
	if (grid_lead_has_value(chatbot)) {
		struct text plain = scan_string(arena, chatbot);

		if (!plain.ptr)
			return err_memory(err);
		add_key(&keys, grid_key_of_text(GRID_CHATBOT, plain));
	}
	if (take_keys(&keys, out, err) != ERR_OK)
		return err->code;
	grid_lead_sort(out);
	return ERR_OK;
}

enum err_code grid_lead_words(struct arena *arena, const struct text *texts, size_t count,
			      struct grid_keys *out, struct err *err)
{
	struct buf keys;

	buf_init_arena(&keys, arena, KEYS_BYTES_MAX);
	for (size_t i = 0; i < count; i++) {
		struct text rest = texts[i];
		struct fold_word word;

		while (fold_next_word(&rest, &word)) {
			add_key(&keys, grid_key_of_word(&word, 1));
			if (word.begins[1])
				add_key(&keys, grid_key_of_word(&word, 2));
		}
	}
	return take_keys(&keys, out, err);
}
