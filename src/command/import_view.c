#include "command/import_view.h"

#include "command/reply.h"
#include "json/scan.h"
#include "store/missions.h"

static void write_mission(struct writer *writer, const struct mission_row *mission, bool whole)
{
	char id[UUID_TEXT_LEN + 1];

	uuid_format(mission->id, id);
	writer_begin_object(writer);
	writer_member_text(writer, "id", text_of(id));
	writer_member_text(writer, "name", mission->name);
	if (whole)
		writer_member_text(writer, "status",
				   mission->active ? TEXT("active") : TEXT("archived"));
	writer_end_object(writer);
}

static void write_null_or_text(struct writer *writer, const char *key, struct text text)
{
	writer_key(writer, text_of(key));
	if (text.ptr)
		writer_text(writer, text);
	else
		writer_null(writer);
}

static double fraction_of(const struct import_row *import)
{
	const struct import_counts *counts = &import->counts;
	double fraction = 0;

	if (import->state == IMPORT_DONE)
		return 1;
	if (import->rows_total > 0)
		fraction = (double)counts->rows_done / (double)import->rows_total;
	else if (import->bytes_total > 0)
		fraction = (double)counts->bytes_done / (double)import->bytes_total;
	return fraction < 1 ? fraction : 1;
}

static void write_progress(struct writer *writer, const struct import_row *import)
{
	writer_key(writer, TEXT("progress"));
	writer_begin_object(writer);
	writer_member_int(writer, "rows_done", import->counts.rows_done);
	writer_key(writer, TEXT("rows_total"));
	if (import->rows_total >= 0)
		writer_int(writer, import->rows_total);
	else
		writer_null(writer);
	writer_member_int(writer, "bytes_done", import->counts.bytes_done);
	writer_member_int(writer, "bytes_total", import->bytes_total);
	writer_key(writer, TEXT("fraction"));
	writer_number(writer, fraction_of(import));
	writer_end_object(writer);
}

static void write_whole(struct writer *writer, const struct import_row *import)
{
	static const struct {
		const char *key;
		enum import_outcome outcome;
	} counts[] = {
		{"created_count", IMPORT_CREATED},     {"updated_count", IMPORT_UPDATED},
		{"unchanged_count", IMPORT_UNCHANGED}, {"conflict_count", IMPORT_CONFLICT},
		{"invalid_count", IMPORT_INVALID},     {"skipped_count", IMPORT_SKIPPED},
	};

	writer_member_raw(writer, "metadata", import->settings);
	for (size_t i = 0; i < ARRAY_LEN(counts); i++)
		writer_member_int(writer, counts[i].key,
				  import->counts.outcomes[counts[i].outcome]);
	writer_member_int(writer, "total_leads", import->counts.leads);
	writer_member_text(writer, "state", text_of(imports_state_name(import->state)));
	write_progress(writer, import);
	writer_member_bool(writer, "dry_run", import->dry_run);
	write_null_or_text(writer, "error", import->error);
}

/* The mission that the leads are added to; *out's name is absent when there is none. */
static enum err_code find_mission(struct arena *arena, struct db *db,
				  const struct import_row *import, struct mission_row *out,
				  struct err *err)
{
	struct text text = scan_string(arena, scan_member(import->settings, TEXT("mission_id")));
	struct uuid id;

	out->name = TEXT_NONE;
	if (!text.ptr || !uuid_parse(text, &id))
		return ERR_OK;
	return missions_read(db, arena, import->workspace, id, out, err);
}

enum err_code import_view_write(struct writer *writer, struct arena *arena, struct db *db,
				const struct import_row *import, bool whole, struct err *err)
{
	struct mission_row mission;
	char id[UUID_TEXT_LEN + 1];

	if (find_mission(arena, db, import, &mission, err) != ERR_OK)
		return err->code;
	uuid_format(import->id, id);
	writer_begin_object(writer);
	writer_member_text(writer, "import_id", text_of(id));
	writer_member_text(writer, "type", import->type);
	writer_member_text(writer, "name", import->name);
	write_null_or_text(writer, "source_url", TEXT_NONE);
	write_null_or_text(writer, "context", TEXT_NONE);
	writer_key(writer, TEXT("mission"));
	if (mission.name.ptr)
		write_mission(writer, &mission, whole);
	else
		writer_null(writer);
	reply_write_time(writer, "created_at", import->created_ms);
	reply_write_time(writer, "updated_at", import->updated_ms);
	if (whole)
		write_whole(writer, import);
	writer_end_object(writer);
	return ERR_OK;
}
