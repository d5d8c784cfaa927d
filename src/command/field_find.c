#include "command/field_find.h"

#include "json/scan.h"
#include "json/writer.h"

#define DOC_BYTES_MAX 8192

/* Both scopes share one walk. */
#define WALK_MAX (2 * FIELD_FIND_MAX)

static struct field_known known_of(struct arena *arena, const struct entry_row *entry)
{
	if (!entry->doc.ptr)
		return (struct field_known){.name = TEXT_NONE};
	return (struct field_known){.id = entry->id,
				    .scope = entry->scope,
				    .name = entry->name,
				    .key = scan_string(arena,
						       scan_member(entry->doc, TEXT("key")))};
}

enum err_code field_find_named(struct db *db, struct arena *arena,
			       const struct field_wanted *wanted, struct field_known *out,
			       struct err *err)
{
	const struct entry_name named = {wanted->workspace, ENTRY_FIELD, wanted->scope,
					 wanted->name};
	struct entry_row entry;

	if (entries_named(db, arena, named, &entry, err) != ERR_OK)
		return err->code;
	*out = known_of(arena, &entry);
	return ERR_OK;
}

enum err_code field_find_read(struct db *db, struct arena *arena, int64_t workspace, struct uuid id,
			      struct field_known *out, struct err *err)
{
	struct entry_row entry;

	if (entries_read(db, arena, (struct entry_ref){workspace, ENTRY_FIELD, id}, &entry, err) !=
	    ERR_OK)
		return err->code;
	*out = known_of(arena, &entry);
	return ERR_OK;
}

/* All definitions of a workspace. */
struct defined {
	struct entry_row rows[WALK_MAX];
	size_t count;
};

/* How many of them are of `scope`. */
static size_t count_of(const struct defined *defined, enum entry_scope scope)
{
	size_t count = 0;

	for (size_t i = 0; i < defined->count; i++)
		count += defined->rows[i].scope == scope;
	return count;
}

static bool has_key(struct arena *arena, const struct defined *defined, enum entry_scope scope,
		    struct text key)
{
	for (size_t i = 0; i < defined->count; i++) {
		struct field_known field = known_of(arena, &defined->rows[i]);

		if (field.scope == scope && text_is(field.key, key))
			return true;
	}
	return false;
}

/* The name, or the first of "name 2", "name 3" … that no field has as its key. */
static struct text free_key(struct arena *arena, const struct defined *defined,
			    const struct field_wanted *wanted)
{
	struct text key = wanted->name;

	for (int i = 2; key.ptr && has_key(arena, defined, wanted->scope, key); i++)
		key = arena_format(arena, "%.*s %d", TEXT_ARG(wanted->name), i);
	return key;
}

static struct text doc_of(struct arena *arena, enum entry_scope scope, struct text key,
			  int64_t order)
{
	struct buf buf;
	struct writer writer = writer_on(&buf);

	buf_init_arena(&buf, arena, DOC_BYTES_MAX);
	writer_begin_object(&writer);
	writer_member_text(&writer, "key", key);
	writer_member_text(&writer, "object",
			   scope == ENTRY_OF_LEADS ? TEXT("lead") : TEXT("company"));
	writer_member_int(&writer, "order", order);
	writer_end_object(&writer);
	return buf_text(&buf);
}

enum err_code field_find_make(struct txn *txn, struct arena *arena,
			      const struct field_wanted *wanted, int64_t order,
			      struct entry_row *out, struct err *err)
{
	const struct entries_walk walk = {.workspace = wanted->workspace,
					  .kind = ENTRY_FIELD,
					  .limit = WALK_MAX};
	struct defined *defined = arena_zero(arena, 1, sizeof *defined);
	struct entry_row entry = {.workspace = wanted->workspace,
				  .kind = ENTRY_FIELD,
				  .scope = wanted->scope,
				  .name = wanted->name,
				  .created_ms = txn->now_ms,
				  .updated_ms = txn->now_ms};

	if (!defined)
		return err_memory(err);
	if (entries_page(txn->db, arena, &walk, defined->rows, &defined->count, err) != ERR_OK)
		return err->code;
	size_t count = count_of(defined, wanted->scope);
	struct text key = free_key(arena, defined, wanted);

	if (count >= FIELD_FIND_MAX)
		return err_set(err, ERR_INVALID_INPUT, "",
			       "There are %d custom fields of %s, which is as many as there can "
			       "be. Use one of them (field.list), or delete one first.",
			       FIELD_FIND_MAX,
			       wanted->scope == ENTRY_OF_LEADS ? "leads" : "companies");
	entry.doc = doc_of(arena, wanted->scope, key, order < 0 ? (int64_t)count : order);
	if (!key.ptr || !entry.doc.ptr)
		return err_memory(err);
	if (txn_touch(txn, err) != ERR_OK)
		return err->code;
	entry.id = uuid_make(&txn->ids);
	if (entries_insert(txn, &entry, err) != ERR_OK)
		return err->code;
	*out = entry;
	return ERR_OK;
}

enum err_code field_find_ensure(struct txn *txn, struct arena *arena,
				const struct field_wanted *wanted, struct field_known *out,
				struct err *err)
{
	struct field_known known;
	struct entry_row made;

	if (field_find_named(txn->db, arena, wanted, &known, err) != ERR_OK)
		return err->code;
	if (!known.name.ptr) {
		if (field_find_make(txn, arena, wanted, -1, &made, err) != ERR_OK)
			return err->code;
		known = known_of(arena, &made);
	}
	*out = known;
	return ERR_OK;
}
