#include "command/company_write.h"

#include <stdio.h>

#include "command/blacklist_check.h"
#include "command/command.h"
#include "json/scan.h"

#define TAGS_MAX 200
#define TAG_NAME_BYTES_MAX 800

/* What one write works with. */
struct act {
	struct arena *arena;
	struct txn *txn;
	int64_t workspace;
	const json_t *input;
};

static enum err_code quote(struct arena *arena, struct text text, struct text *out, struct err *err)
{
	struct buf buf;
	struct writer writer = writer_on(&buf);

	buf_init_arena(&buf, arena, 64 * 1024);
	writer_text(&writer, text);
	*out = buf_text(&buf);
	return out->ptr ? ERR_OK : err_memory(err);
}

/* stage_id must be that of a stage for companies; null takes it away. */
static enum err_code apply_stage(const struct act *act, struct company_doc *doc, struct err *err)
{
	const json_t *value = json_object_get(act->input, "stage_id");
	struct entry_row stage = {.doc = TEXT_NONE};
	struct uuid id;

	if (!value)
		return ERR_OK;
	if (json_is_null(value)) {
		doc->values[COMPANY_STAGE] = TEXT_NONE;
		return ERR_OK;
	}
	if (command_id(act->input, "stage_id", ERR_STAGE_NOT_FOUND, &id, err) != ERR_OK ||
	    entries_read(act->txn->db, act->arena,
			 (struct entry_ref){act->workspace, ENTRY_STAGE, id}, &stage,
			 err) != ERR_OK)
		return err->code;
	if (!stage.doc.ptr) {
		command_not_found(ERR_STAGE_NOT_FOUND, command_text(act->input, "stage_id"), err);
		snprintf(err->pointer, sizeof err->pointer, "/stage_id");
		return err->code;
	}
	if (stage.scope != ENTRY_OF_COMPANIES)
		return err_set(err, ERR_INVALID_INPUT, "/stage_id",
			       "This stage is for leads. Send the id of one for companies, which "
			       "stage.list names with object company.");
	return quote(act->arena, command_text(act->input, "stage_id"), &doc->values[COMPANY_STAGE],
		     err);
}

/* The id of the tag at `index` of `tag_ids`, which must exist. */
static enum err_code tag_by_id(const struct act *act, struct text text, size_t index,
			       struct uuid *out, struct err *err)
{
	struct entry_row tag = {.doc = TEXT_NONE};
	struct uuid id;

	if (uuid_parse(text, &id) &&
	    entries_read(act->txn->db, act->arena,
			 (struct entry_ref){act->workspace, ENTRY_TAG, id}, &tag, err) != ERR_OK)
		return err->code;
	if (!tag.doc.ptr) {
		command_not_found(ERR_TAG_NOT_FOUND, text, err);
		snprintf(err->pointer, sizeof err->pointer, "/tag_ids/%zu", index);
		return err->code;
	}
	*out = tag.id;
	return ERR_OK;
}

/* The tag that is called so, found or made. */
static enum err_code tag_by_name(const struct act *act, struct text name, struct uuid *out,
				 struct err *err)
{
	struct entry_row tag;

	if (entries_named(act->txn->db, act->arena,
			  (struct entry_name){act->workspace, ENTRY_TAG, ENTRY_OF_ALL, name}, &tag,
			  err) != ERR_OK)
		return err->code;
	if (!tag.doc.ptr) {
		tag = (struct entry_row){.workspace = act->workspace,
					 .kind = ENTRY_TAG,
					 .id = uuid_make(&act->txn->ids),
					 .name = name,
					 .doc = TEXT("{}"),
					 .created_ms = act->txn->now_ms};
		if (txn_touch(act->txn, err) != ERR_OK ||
		    entries_insert(act->txn, &tag, err) != ERR_OK)
			return err->code;
	}
	*out = tag.id;
	return ERR_OK;
}

/* Append `id` to the array that is being written, unless it stands there. */
static void add_tag(struct writer *writer, struct uuid id)
{
	char text[UUID_TEXT_LEN + 1];

	uuid_format(id, text);
	struct text whole = buf_text(writer->buf);

	if (whole.ptr && !memmem(whole.ptr, whole.len, text, UUID_TEXT_LEN))
		writer_text(writer, text_of(text));
}

/* `tag_ids` and `tags` (names) together stand in place of the tags it has. */
static enum err_code apply_tags(const struct act *act, struct company_doc *doc, struct err *err)
{
	const json_t *ids = json_object_get(act->input, "tag_ids");
	const json_t *tags = json_object_get(act->input, "tags");
	struct buf buf;
	struct writer writer = writer_on(&buf);
	struct uuid id;

	if (!ids && !tags)
		return ERR_OK;
	buf_init_arena(&buf, act->arena, (size_t)2 * TAGS_MAX * (UUID_TEXT_LEN + 4));
	writer_begin_array(&writer);
	for (size_t i = 0; i < json_array_size(ids); i++) {
		struct text text = text_of(json_string_value(json_array_get(ids, i)));

		if (tag_by_id(act, text, i, &id, err) != ERR_OK)
			return err->code;
		add_tag(&writer, id);
	}
	for (size_t i = 0; i < json_array_size(tags); i++) {
		struct text name = text_trim(text_of(json_string_value(json_array_get(tags, i))));

		if (name.len == 0)
			continue;
		if (tag_by_name(act, name, &id, err) != ERR_OK)
			return err->code;
		add_tag(&writer, id);
	}
	writer_end_array(&writer);
	if (buf.failed)
		return err_memory(err);
	doc->values[COMPANY_TAGS] = buf.len > 2 ? buf_text(&buf) : TEXT_NONE;
	return ERR_OK;
}

/* Everything that the input gives. A company always has a name: the strongest of its keys. */
static enum err_code apply(const struct act *act, const struct company_keys *keys,
			   struct company_doc *doc, struct err *err)
{
	if (company_doc_apply(act->arena, act->input, doc, err) != ERR_OK ||
	    apply_stage(act, doc, err) != ERR_OK || apply_tags(act, doc, err) != ERR_OK)
		return err->code;
	if (doc->values[COMPANY_NAME].ptr)
		return ERR_OK;
	return quote(act->arena, keys->items[0].value, &doc->values[COMPANY_NAME], err);
}

static enum err_code keys_of(struct arena *arena, const struct company_doc *doc,
			     struct company_keys *out, struct err *err)
{
	struct company_facts facts;

	if (company_doc_facts(arena, doc, &facts, err) != ERR_OK ||
	    company_keys_of(arena, &facts, out, err) != ERR_OK)
		return err->code;
	if (out->count == 0)
		return err_set(err, ERR_INVALID_INPUT, "",
			       "This names no company. Send a domain, a LinkedIn page, or a name "
			       "that is not a word for none.");
	return ERR_OK;
}

/* The blacklist bars companies by their keys; it mostly is empty. */
static enum err_code check_blacklist(const struct act *act, const struct company_keys *keys,
				     struct err *err)
{
	const struct entries_walk all = {.workspace = act->workspace, .kind = ENTRY_BLACKLIST};
	int64_t count;

	if (entries_count(act->txn->db, &all, &count, err) != ERR_OK)
		return err->code;
	if (count == 0 ||
	    blacklist_check_company(act->arena, act->txn->db, act->workspace, keys, err) == ERR_OK)
		return ERR_OK;
	err->pointer[0] = '\0'; /* those are a lead's fields */
	return err->code;
}

/* Whether there is a key to learn; that of a name goes with the name itself. */
static bool has_free_key(const struct company_keys *keys, unsigned unclaimed)
{
	for (size_t i = 0; i < keys->count; i++) {
		if ((unclaimed & 1u << i) && keys->items[i].kind != COMPANY_BY_NAME)
			return true;
	}
	return false;
}

static enum err_code store(const struct act *act, const struct company_keys *keys,
			   struct company_match *match, const struct company_doc *old,
			   enum reply_outcome *out, struct err *err)
{
	bool is_new = !match->entry.doc.ptr;

	*out = is_new ? REPLY_CREATED : REPLY_UPDATED;
	if (!is_new && company_doc_is(old, &match->doc) && !has_free_key(keys, match->unclaimed)) {
		*out = REPLY_UNCHANGED;
		return ERR_OK;
	}
	if (txn_touch(act->txn, err) != ERR_OK)
		return err->code;
	return company_store(act->arena, act->txn, keys, match, err);
}

enum err_code company_write_upsert(const struct company_writing *writing, const json_t *input,
				   struct company_match *out, enum reply_outcome *out_outcome,
				   struct err *err)
{
	const struct act act = {writing->arena, writing->txn, writing->workspace, input};
	struct arena *arena = writing->arena;
	struct db *db = writing->txn->db;
	struct company_doc given = {.values = {{NULL, 0}}}, old;
	struct company_match match;
	struct company_keys keys;

	if (company_doc_apply(arena, input, &given, err) != ERR_OK ||
	    keys_of(arena, &given, &keys, err) != ERR_OK ||
	    check_blacklist(&act, &keys, err) != ERR_OK ||
	    company_match(arena, db, writing->workspace, &keys, &match, err) != ERR_OK)
		return err->code;
	if (!uuid_is(match.entry.id, (struct uuid){{0}}) && !match.entry.doc.ptr &&
	    company_read(arena, db, writing->workspace, &match, err) != ERR_OK)
		return err->code;
	old = match.doc;
	if (apply(&act, &keys, &match.doc, err) != ERR_OK ||
	    store(&act, &keys, &match, &old, out_outcome, err) != ERR_OK)
		return err->code;
	*out = match;
	return ERR_OK;
}

/* Which keys are free; one that another company has is refused, but for a name. */
static enum err_code find_free(const struct act *act, const struct company_keys *keys,
			       struct company_match *match, struct err *err)
{
	static const char *const pointers[] =
		{[COMPANY_BY_DOMAIN] = "/domain", [COMPANY_BY_LINKEDIN] = "/linkedin"};

	match->unclaimed = 0;
	for (size_t i = 0; i < keys->count; i++) {
		const struct company_key *key = &keys->items[i];
		struct uuid owner;
		char id[UUID_TEXT_LEN + 1];

		if (entries_owner(act->txn->db, act->workspace, ENTRY_COMPANY, &key->hash, &owner,
				  err) != ERR_OK)
			return err->code;
		if (uuid_is(owner, (struct uuid){{0}})) {
			match->unclaimed |= 1u << i;
			continue;
		}
		if (uuid_is(owner, match->entry.id) || key->kind == COMPANY_BY_NAME)
			continue;
		uuid_format(owner, id);
		return err_set(err, ERR_STATE_CONFLICT, pointers[key->kind],
			       "%.*s belongs to the company %s. Change that one, or delete it "
			       "first.",
			       (int)(key->value.len < 100 ? key->value.len : 100), key->value.ptr,
			       id);
	}
	return ERR_OK;
}

enum err_code company_write_update(const struct company_writing *writing, const json_t *input,
				   struct company_match *match, enum reply_outcome *out_outcome,
				   struct err *err)
{
	const struct act act = {writing->arena, writing->txn, writing->workspace, input};
	struct arena *arena = writing->arena;
	const struct company_doc old = match->doc;
	struct company_doc next = match->doc;
	struct company_keys keys;

	if (company_doc_apply(arena, input, &next, err) != ERR_OK ||
	    keys_of(arena, &next, &keys, err) != ERR_OK ||
	    find_free(&act, &keys, match, err) != ERR_OK ||
	    apply(&act, &keys, &match->doc, err) != ERR_OK)
		return err->code;
	return store(&act, &keys, match, &old, out_outcome, err);
}

enum err_code company_write_metadata(const struct company_writing *writing, struct uuid id,
				     struct text patch, bool *out_found, struct err *err)
{
	struct arena *arena = writing->arena;
	struct txn *txn = writing->txn;
	const struct company_keys no_keys = {.count = 0};
	struct company_match match = {.unclaimed = 0};

	if (entries_read(txn->db, arena, (struct entry_ref){writing->workspace, ENTRY_COMPANY, id},
			 &match.entry, err) != ERR_OK)
		return err->code;
	*out_found = match.entry.doc.ptr != NULL;
	if (!match.entry.doc.ptr)
		return ERR_OK;
	if (company_doc_read(match.entry.doc, &match.doc, err) != ERR_OK ||
	    company_doc_patch(arena, &match.doc, patch, err) != ERR_OK ||
	    txn_touch(txn, err) != ERR_OK)
		return err->code;
	return company_store(arena, txn, &no_keys, &match, err);
}
