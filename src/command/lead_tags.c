#include "command/lead_tags.h"

#include "command/command.h"
#include "json/scan.h"
#include "store/entries.h"

#define TAGS_MAX 200
#define MEMORY_BYTES_MAX ((size_t)256 * 1024)
#define IDS_BYTES_MAX ((size_t)TAGS_MAX * (UUID_TEXT_LEN + 3) + 16)

struct tag_set {
	struct uuid items[TAGS_MAX];
	size_t count;
};

/* memory */

void lead_tags_memory_init(struct lead_tags_memory *memory)
{
	arena_init(&memory->arena, MEMORY_BYTES_MAX);
	lead_tags_memory_forget(memory);
}

void lead_tags_memory_forget(struct lead_tags_memory *memory)
{
	arena_reset(&memory->arena);
	for (size_t i = 0; i < LEAD_TAGS_SLOTS; i++)
		memory->slots[i].name = TEXT_NONE;
}

void lead_tags_memory_release(struct lead_tags_memory *memory)
{
	arena_release(&memory->arena);
}

static struct lead_tags_slot *slot_of(struct lead_tags_memory *memory, struct text name)
{
	uint32_t hash = 2166136261u; /* FNV-1a */

	for (size_t i = 0; i < name.len; i++)
		hash = (hash ^ (unsigned char)name.ptr[i]) * 16777619u;
	return &memory->slots[hash % LEAD_TAGS_SLOTS];
}

static void remember(struct lead_tags_memory *memory, struct text name, struct uuid id)
{
	struct text copy = arena_copy(&memory->arena, name);

	if (!copy.ptr) {
		lead_tags_memory_forget(memory);
		return;
	}
	*slot_of(memory, name) = (struct lead_tags_slot){.name = copy, .id = id};
}

/* names and ids */

static enum err_code make_tag(struct lead_act *act, struct text name, struct uuid *out,
			      struct err *err)
{
	const struct entry_row entry = {.workspace = act->by->workspace,
					.kind = ENTRY_TAG,
					.id = uuid_make(&act->txn->ids),
					.name = name,
					.doc = TEXT("{}"),
					.created_ms = act->txn->now_ms};

	if (txn_touch(act->txn, err) != ERR_OK || entries_insert(act->txn, &entry, err) != ERR_OK)
		return err->code;
	*out = entry.id;
	return ERR_OK;
}

/* Read a tag by its name, or (absent) by its id. A dry run has made some of its own. */
static enum err_code read_tag(struct lead_act *act, struct text name, struct uuid id,
			      struct entry_row *out, struct err *err)
{
	struct db *places[] = {lead_act_around(act), act->txn->db};

	out->doc = TEXT_NONE;
	for (size_t i = 0; i < ARRAY_LEN(places) && !out->doc.ptr; i++) {
		enum err_code code =
			name.ptr ? entries_named(places[i], act->arena,
						 (struct entry_name){act->by->workspace, ENTRY_TAG,
								     ENTRY_OF_ALL, name},
						 out, err)
				 : entries_read(places[i], act->arena,
						(struct entry_ref){act->by->workspace, ENTRY_TAG,
								   id},
						out, err);

		if (code != ERR_OK || places[0] == places[1])
			return code;
	}
	return ERR_OK;
}

/* The tag that is called so. A new one is made, or else an id that nothing has. */
static enum err_code tag_named(struct lead_act *act, struct text name, bool make, struct uuid *out,
			       struct err *err)
{
	struct lead_tags_memory *memory = act->by->tags;
	const struct lead_tags_slot *slot = memory ? slot_of(memory, name) : NULL;
	struct entry_row entry;

	if (slot && slot->name.ptr && text_is(slot->name, name)) {
		*out = slot->id;
		return ERR_OK;
	}
	if (read_tag(act, name, (struct uuid){{0}}, &entry, err) != ERR_OK)
		return err->code;
	if (!entry.doc.ptr && !make) {
		*out = uuid_make(&act->txn->ids);
		return ERR_OK;
	}
	if (!entry.doc.ptr && make_tag(act, name, &entry.id, err) != ERR_OK)
		return err->code;
	if (memory)
		remember(memory, name, entry.id);
	*out = entry.id;
	return ERR_OK;
}

static size_t place_of(const struct tag_set *set, struct uuid id)
{
	size_t at = 0;

	while (at < set->count && !uuid_is(set->items[at], id))
		at++;
	return at;
}

static enum err_code add_tag(struct tag_set *set, struct uuid id, struct err *err)
{
	if (place_of(set, id) < set->count)
		return ERR_OK;
	if (set->count == TAGS_MAX)
		return err_set(err, ERR_INVALID_INPUT, "/tags",
			       "A lead can have %d tags at most. Take some away first.", TAGS_MAX);
	set->items[set->count++] = id;
	return ERR_OK;
}

static enum err_code add_name(struct lead_act *act, struct tag_set *set, struct text name,
			      bool make, struct err *err)
{
	struct uuid id;

	name = text_trim(name);
	if (name.len == 0)
		return ERR_OK;
	if (tag_named(act, name, make, &id, err) != ERR_OK)
		return err->code;
	return add_tag(set, id, err);
}

/* The tags of a document that there still are; those of an older database are names. */
static enum err_code read_held(struct lead_act *act, struct text ids, struct tag_set *out,
			       struct err *err)
{
	struct scan scan = scan_of(ids.ptr ? ids : TEXT("[]"));
	struct text key, value;
	struct entry_row entry;
	struct uuid id;

	out->count = 0;
	while (scan_next(&scan, &key, &value)) {
		struct text text = scan_string(act->arena, value);
		enum err_code code = ERR_OK;

		if (!uuid_parse(text, &id)) {
			code = add_name(act, out, text, true, err);
		} else {
			code = read_tag(act, TEXT_NONE, id, &entry, err);
			if (code == ERR_OK && entry.doc.ptr)
				code = add_tag(out, id, err);
		}
		if (code != ERR_OK)
			return code;
	}
	return ERR_OK;
}

/* As a document holds them; absent for none. */
static enum err_code write_set(struct arena *arena, const struct tag_set *set, struct text *out,
			       struct err *err)
{
	char id[UUID_TEXT_LEN + 1];
	struct buf buf;
	struct writer writer = writer_on(&buf);

	*out = TEXT_NONE;
	if (set->count == 0)
		return ERR_OK;
	buf_init_arena(&buf, arena, IDS_BYTES_MAX);
	writer_begin_array(&writer);
	for (size_t i = 0; i < set->count; i++) {
		uuid_format(set->items[i], id);
		writer_text(&writer, text_of(id));
	}
	writer_end_array(&writer);
	*out = buf_text(&buf);
	return out->ptr ? ERR_OK : err_memory(err);
}

static enum err_code read_names(struct lead_act *act, struct text names, bool make,
				struct tag_set *out, struct err *err)
{
	struct scan scan = scan_of(names);
	struct text key, value;

	out->count = 0;
	while (scan_next(&scan, &key, &value)) {
		if (add_name(act, out, scan_string(act->arena, value), make, err) != ERR_OK)
			return err->code;
	}
	return ERR_OK;
}

static enum err_code no_tag(const char *member, size_t at, struct text id, struct err *err)
{
	command_not_found(ERR_TAG_NOT_FOUND, id, err);
	snprintf(err->pointer, sizeof err->pointer, "/%s/%zu", member, at);
	return err->code;
}

/* The ids of an input's array; each must be a tag's. */
static enum err_code add_ids(struct lead_act *act, const json_t *ids, const char *member,
			     struct tag_set *set, struct err *err)
{
	for (size_t i = 0; i < json_array_size(ids); i++) {
		struct text text = text_of(json_string_value(json_array_get(ids, i)));
		struct entry_row entry = {.doc = TEXT_NONE};
		struct uuid id;

		if (uuid_parse(text, &id) && read_tag(act, TEXT_NONE, id, &entry, err) != ERR_OK)
			return err->code;
		if (!entry.doc.ptr)
			return no_tag(member, i, text, err);
		if (add_tag(set, id, err) != ERR_OK)
			return err->code;
	}
	return ERR_OK;
}

/* A tag that is gone is taken away already; only what is no id cannot be meant. */
static enum err_code drop_ids(const json_t *ids, struct tag_set *set, struct err *err)
{
	for (size_t i = 0; i < json_array_size(ids); i++) {
		struct text text = text_of(json_string_value(json_array_get(ids, i)));
		struct uuid id;

		if (!uuid_parse(text, &id))
			return no_tag("remove_tag_ids", i, text, err);
		size_t at = place_of(set, id);

		if (at == set->count)
			continue;
		set->count--;
		memmove(&set->items[at], &set->items[at + 1],
			(set->count - at) * sizeof set->items[0]);
	}
	return ERR_OK;
}

static bool touches_tags(const struct lead_act *act, const struct record_input *input)
{
	const struct lead_plan *plan = act->plan;

	return input->values[FIELD_TAGS].ptr || plan->tag_ids || plan->added_tags ||
	       plan->added_tag_ids || plan->removed_tag_ids;
}

/* Whether the input's tags will be the record's: nothing is made for those that are not. */
static bool is_wanted(const struct lead_act *act, const struct record_input *input)
{
	const struct record *record = &act->out->record;

	if (input->mode == RECORD_FILL && record->values[FIELD_TAGS].ptr)
		return false;
	return record->seen_ms[FIELD_TAGS] <= input->observed_ms;
}

/* What the lead is to have, from names, from ids, or from both where they agree. */
static enum err_code read_wanted(struct lead_act *act, struct record_input *input, struct err *err)
{
	struct text names = input->values[FIELD_TAGS], value;
	const json_t *ids = act->plan->tag_ids;
	struct tag_set set = {.count = 0}, by_name;

	if (ids && add_ids(act, ids, "tag_ids", &set, err) != ERR_OK)
		return err->code;
	if (names.ptr && text_is(names, TEXT("null")))
		by_name.count = 0;
	else if (names.ptr &&
		 read_names(act, names, is_wanted(act, input), &by_name, err) != ERR_OK)
		return err->code;
	if (ids && names.ptr &&
	    (set.count != by_name.count ||
	     memcmp(set.items, by_name.items, set.count * sizeof set.items[0]) != 0))
		return err_set(err, ERR_INVALID_INPUT, "/tag_ids",
			       "tags and tag_ids are different tags. Send one of them.");
	if (write_set(act->arena, ids ? &set : &by_name, &value, err) != ERR_OK)
		return err->code;
	input->values[FIELD_TAGS] = value.ptr ? value : TEXT("null");
	return ERR_OK;
}

enum err_code lead_tags_resolve(struct lead_act *act, struct record_input *input, struct err *err)
{
	struct record *record = &act->out->record;
	struct tag_set held;

	if (!touches_tags(act, input))
		return ERR_OK;
	if (record->values[FIELD_TAGS].ptr &&
	    (read_held(act, record->values[FIELD_TAGS], &held, err) != ERR_OK ||
	     write_set(act->arena, &held, &record->values[FIELD_TAGS], err) != ERR_OK))
		return err->code;
	if (!input->values[FIELD_TAGS].ptr && !act->plan->tag_ids)
		return ERR_OK;
	return read_wanted(act, input, err);
}

enum err_code lead_tags_change(struct lead_act *act, struct err *err)
{
	const struct lead_plan *plan = act->plan;
	struct record *record = &act->out->record;
	struct tag_set set;
	struct text value;

	if (!plan->added_tags && !plan->added_tag_ids && !plan->removed_tag_ids)
		return ERR_OK;
	set.count = 0;
	if (record->values[FIELD_TAGS].ptr &&
	    read_held(act, record->values[FIELD_TAGS], &set, err) != ERR_OK)
		return err->code;
	for (size_t i = 0; i < json_array_size(plan->added_tags); i++) {
		struct text name = text_of(json_string_value(json_array_get(plan->added_tags, i)));

		if (add_name(act, &set, name, true, err) != ERR_OK)
			return err->code;
	}
	if (add_ids(act, plan->added_tag_ids, "add_tag_ids", &set, err) != ERR_OK ||
	    drop_ids(plan->removed_tag_ids, &set, err) != ERR_OK ||
	    write_set(act->arena, &set, &value, err) != ERR_OK)
		return err->code;
	record_set(record, FIELD_TAGS, value, act->observed_ms, &act->diff);
	return ERR_OK;
}
