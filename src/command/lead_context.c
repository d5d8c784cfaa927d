#include "command/lead_context.h"

#include "command/lead_known.h"
#include "command/lead_view.h"
#include "command/reply.h"
#include "json/scan.h"
#include "store/entries.h"
#include "store/imports.h"
#include "store/lists.h"
#include "store/missions.h"

/* Notes that are shown with a lead; note.list has them all. */
#define NOTES_MAX 50

static void write_if_known(struct writer *writer, const struct record *record, enum field_id field)
{
	if (record->values[field].ptr) {
		writer_key(writer, field_rows[field].name);
		writer_raw(writer, record->values[field]);
	}
}

static void write_or(struct writer *writer, const struct record *record, enum field_id field,
		     struct text otherwise)
{
	writer_key(writer, field_rows[field].name);
	writer_raw(writer, record->values[field].ptr ? record->values[field] : otherwise);
}

/* What is being written, and from where. */
struct scene {
	struct arena *arena;
	struct db *db;
	const struct lead_row *row;
	const struct record *record;
	struct writer *writer;
};

static enum err_code group_name(const struct scene *scene, enum field_id field, struct uuid id,
				struct text *out, struct err *err)
{
	int64_t workspace = scene->row->workspace;
	struct mission_row mission = {.name = TEXT_NONE};
	struct list_row list = {.name = TEXT_NONE};
	enum err_code code =
		field == FIELD_LISTS
			? lists_read(scene->db, scene->arena, workspace, id, &list, err)
			: missions_read(scene->db, scene->arena, workspace, id, &mission, err);

	if (code != ERR_OK)
		return code;
	*out = field == FIELD_LISTS ? list.name : mission.name;
	return ERR_OK;
}

/* [{id, name}] of the lists or missions that the record is in. */
static enum err_code write_groups(const struct scene *scene, enum field_id field, struct err *err)
{
	struct scan scan = scan_of(scene->record->values[field]);
	struct writer *writer = scene->writer;
	struct text key, value, name;
	struct uuid id;

	writer_key(writer, field_rows[field].name);
	writer_begin_array(writer);
	while (scan_next(&scan, &key, &value)) {
		if (!uuid_parse(scan_string(scene->arena, value), &id))
			continue;
		if (group_name(scene, field, id, &name, err) != ERR_OK)
			return err->code;
		if (!name.ptr)
			continue;
		writer_begin_object(writer);
		reply_write_uuid(writer, "id", id);
		writer_member_text(writer, "name", name);
		writer_end_object(writer);
	}
	writer_end_array(writer);
	return ERR_OK;
}

/* The imports that changed the lead, newest first. */
static enum err_code write_imports(const struct scene *scene, struct err *err)
{
	struct writer *writer = scene->writer;

	writer_key(writer, TEXT("imports"));
	writer_begin_array(writer);
	for (size_t i = scene->record->import_count; i > 0; i--) {
		const struct record_import *import = &scene->record->imports[i - 1];
		struct uuid id;
		struct text name;

		if (imports_name(scene->db, scene->arena, import->no, &id, &name, err) != ERR_OK)
			return err->code;
		if (!name.ptr)
			continue;
		writer_begin_object(writer);
		reply_write_uuid(writer, "import_id", id);
		writer_member_text(writer, "name", name);
		writer_member_int(writer, "row", import->row);
		writer_end_object(writer);
	}
	writer_end_array(writer);
	return ERR_OK;
}

static enum err_code write_tags(const struct scene *scene, struct err *err)
{
	struct lead_known *known = arena_take(scene->arena, sizeof *known);

	if (!known)
		return err_memory(err);
	lead_known_init(known, scene->arena, scene->db, scene->row->workspace);
	writer_key(scene->writer, field_rows[FIELD_TAGS].name);
	return lead_known_write_tags(known, LEAD_KNOWN_TAG, scene->record->values[FIELD_TAGS],
				     scene->writer, err);
}

/* The newest notes about the lead. */
static enum err_code write_notes(const struct scene *scene, struct err *err)
{
	const struct entries_walk walk = {.workspace = scene->row->workspace,
					  .kind = ENTRY_NOTE,
					  .about = scene->row->id,
					  .limit = NOTES_MAX};
	struct entry_row *notes = arena_zero(scene->arena, NOTES_MAX, sizeof *notes);
	struct writer *writer = scene->writer;
	size_t count;

	if (!notes)
		return err_memory(err);
	if (entries_page(scene->db, scene->arena, &walk, notes, &count, err) != ERR_OK)
		return err->code;
	writer_key(writer, TEXT("notes"));
	writer_begin_array(writer);
	for (size_t i = 0; i < count; i++) {
		writer_begin_object(writer);
		reply_write_uuid(writer, "id", notes[i].id);
		writer_member_raw(writer, "text", scan_member(notes[i].doc, TEXT("note")));
		reply_write_time(writer, "at", notes[i].created_ms);
		writer_end_object(writer);
	}
	writer_end_array(writer);
	return ERR_OK;
}

enum err_code lead_context_write(struct arena *arena, struct db *db, const struct lead_row *row,
				 const struct record *record, struct writer *writer,
				 struct err *err)
{
	const struct scene scene = {arena, db, row, record, writer};

	writer_key(writer, TEXT("prospect_context"));
	writer_begin_object(writer);
	writer_member_int(writer, "version", row->version);
	reply_write_time(writer, "created_at", row->created_ms);
	reply_write_time(writer, "updated_at", row->updated_ms);
	write_if_known(writer, record, FIELD_FIRST_NAME);
	write_if_known(writer, record, FIELD_LAST_NAME);
	write_if_known(writer, record, FIELD_PERSONAL_EMAIL);
	write_if_known(writer, record, FIELD_SOURCE);
	if (write_tags(&scene, err) != ERR_OK)
		return err->code;
	write_or(writer, record, FIELD_METADATA, TEXT("{}"));
	writer_key(writer, TEXT("identifiers"));
	writer_begin_array(writer);
	for (size_t i = 0; i < record->held_count; i++)
		lead_view_write_identifier(writer, &record->held[i]);
	writer_end_array(writer);
	if (write_groups(&scene, FIELD_LISTS, err) != ERR_OK ||
	    write_groups(&scene, FIELD_MISSIONS, err) != ERR_OK ||
	    write_imports(&scene, err) != ERR_OK)
		return err->code;
	writer_member_raw(writer, "messages", TEXT("[]"));
	if (write_notes(&scene, err) != ERR_OK)
		return err->code;
	writer_end_object(writer);
	return ERR_OK;
}

static void write_identifiers(struct arena *arena, struct writer *writer, const char *key,
			      struct text packed)
{
	struct scan scan = scan_of(packed);
	struct identifier identifier;
	struct text name, value;

	writer_key(writer, text_of(key));
	writer_begin_array(writer);
	while (scan_next(&scan, &name, &value)) {
		if (identifier_unpack(scan_string(arena, value), &identifier))
			lead_view_write_identifier(writer, &identifier);
	}
	writer_end_array(writer);
}

/* The patch as it is stored, but for tags, which it has by their ids. */
static enum err_code write_patch(struct lead_known *known, struct text patch, struct writer *writer,
				 struct err *err)
{
	struct scan scan = scan_of(patch);
	struct text key, value;

	writer_begin_object(writer);
	while (scan_next(&scan, &key, &value)) {
		writer_key(writer, key); /* a field's name: nothing in it is escaped */
		if (!text_is(key, field_rows[FIELD_TAGS].name) || text_is(value, TEXT("null")))
			writer_raw(writer, value);
		else if (lead_known_write_tags(known, LEAD_KNOWN_TAG_EVER, value, writer, err) !=
			 ERR_OK)
			return err->code;
	}
	writer_end_object(writer);
	return ERR_OK;
}

static enum err_code write_change(struct lead_known *known, const struct change_row *change,
				  struct writer *writer, struct err *err)
{
	struct arena *arena = known->arena;

	writer_begin_object(writer);
	reply_write_uuid(writer, "change_id", change->id);
	reply_write_time(writer, "at", change->at_ms);
	if (change->observed_ms != change->at_ms)
		reply_write_time(writer, "observed_at", change->observed_ms);
	writer_member_text(writer, "kind", text_of(changes_kind_name(change->kind)));
	writer_member_text(writer, "actor",
			   change->actor_name.ptr ? change->actor_name : TEXT("this machine"));
	writer_member_text(writer, "via", text_of(changes_via_name(change->via)));
	if (change->source.ptr)
		writer_member_text(writer, "source", change->source);
	if (change->import_name.ptr) /* not of one that was deleted */
		reply_write_uuid(writer, "import_id", change->import_id);
	writer_key(writer, TEXT("matched_by"));
	reply_write_matched(change->matched, writer);
	writer_key(writer, TEXT("patch"));
	if (write_patch(known, change->patch, writer, err) != ERR_OK)
		return err->code;
	write_identifiers(arena, writer, "gained", change->gained);
	write_identifiers(arena, writer, "lost", change->lost);
	writer_end_object(writer);
	return ERR_OK;
}

enum err_code lead_context_write_changes(struct arena *arena, struct db *db,
					 struct lead_history *history, struct writer *writer,
					 struct err *err)
{
	struct lead_known *known = arena_take(arena, sizeof *known);
	int64_t no = history->from;

	if (!known)
		return err_memory(err);
	lead_known_init(known, arena, db, history->workspace);
	writer_key(writer, TEXT("changes"));
	writer_begin_array(writer);
	for (size_t i = 0; no && i < history->limit; i++) {
		struct change_row change;

		if (changes_read(db, arena, no, &change, err) != ERR_OK)
			return err->code;
		if (change.no == 0)
			return err_internal(err, "change %lld is missing", (long long)no);
		if (write_change(known, &change, writer, err) != ERR_OK)
			return err->code;
		no = change.prev;
	}
	writer_end_array(writer);
	history->next = no;
	return ERR_OK;
}
