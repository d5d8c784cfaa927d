#include "command/lead_known.h"

#include "json/scan.h"
#include "store/entries.h"
#include "store/lists.h"

#define IDS_BYTES_MAX ((size_t)64 * 1024)

void lead_known_init(struct lead_known *known, struct arena *arena, struct db *db,
		     int64_t workspace)
{
	known->arena = arena;
	known->db = db;
	known->workspace = workspace;
	lead_known_forget(known);
}

void lead_known_forget(struct lead_known *known)
{
	for (size_t i = 0; i < LEAD_KNOWN_SLOTS; i++)
		known->slots[i].is_used = false;
}

/* The last bytes of an id are random. */
static struct lead_known_slot *slot_of(struct lead_known *known, enum lead_known_kind kind,
				       struct uuid id)
{
	return &known->slots[(id.bytes[15] + (unsigned)kind * 17u) % LEAD_KNOWN_SLOTS];
}

static enum err_code read_name(struct lead_known *known, enum lead_known_kind kind, struct uuid id,
			       struct text *out, struct err *err)
{
	enum entry_kind entries = kind == LEAD_KNOWN_STAGE ? ENTRY_STAGE : ENTRY_TAG;
	struct entry_row entry;
	bool exists;

	if (kind == LEAD_KNOWN_LIST) {
		if (lists_exists(known->db, known->workspace, id, &exists, err) != ERR_OK)
			return err->code;
		*out = exists ? TEXT("") : TEXT_NONE;
		return ERR_OK;
	}
	enum err_code code =
		kind == LEAD_KNOWN_TAG_EVER
			? entries_read_any(known->db, known->arena,
					   (struct entry_ref){known->workspace, entries, id},
					   &entry, err)
			: entries_read(known->db, known->arena,
				       (struct entry_ref){known->workspace, entries, id}, &entry,
				       err);

	if (code != ERR_OK)
		return code;
	*out = entry.doc.ptr ? entry.name : TEXT_NONE;
	return ERR_OK;
}

enum err_code lead_known_name(struct lead_known *known, enum lead_known_kind kind, struct uuid id,
			      struct text *out, struct err *err)
{
	struct lead_known_slot *slot = slot_of(known, kind, id);

	if (!slot->is_used || slot->kind != kind || !uuid_is(slot->id, id)) {
		struct lead_known_slot read = {.is_used = true, .kind = kind, .id = id};

		if (read_name(known, kind, id, &read.name, err) != ERR_OK)
			return err->code;
		*slot = read;
	}
	*out = slot->name;
	return ERR_OK;
}

enum err_code lead_known_first(struct lead_known *known, enum lead_known_kind kind, struct text ids,
			       struct uuid *out, struct err *err)
{
	struct scan scan = scan_of(ids.ptr ? ids : TEXT("[]"));
	struct text key, value, name;
	struct uuid id;

	while (scan_next(&scan, &key, &value)) {
		if (!uuid_parse(scan_string(known->arena, value), &id))
			continue;
		if (lead_known_name(known, kind, id, &name, err) != ERR_OK)
			return err->code;
		if (name.ptr) {
			*out = id;
			return ERR_OK;
		}
	}
	*out = (struct uuid){{0}};
	return ERR_OK;
}

/* Whether the element `value` of such an array is to be shown. */
static enum err_code is_left(struct lead_known *known, enum lead_known_kind kind, struct text value,
			     bool *out, struct err *err)
{
	struct uuid id;
	struct text name = value;

	if (uuid_parse(scan_string(known->arena, value), &id) &&
	    lead_known_name(known, kind, id, &name, err) != ERR_OK)
		return err->code;
	*out = name.ptr != NULL;
	return ERR_OK;
}

enum err_code lead_known_left(struct lead_known *known, enum lead_known_kind kind, struct text ids,
			      struct text *out, struct err *err)
{
	struct scan scan = scan_of(ids.ptr ? ids : TEXT("[]"));
	struct text key, value;
	size_t all = 0, left = 0;
	struct buf buf;
	struct writer writer = writer_on(&buf);

	buf_init_arena(&buf, known->arena, IDS_BYTES_MAX);
	writer_begin_array(&writer);
	while (scan_next(&scan, &key, &value)) {
		bool stays = true;

		if (is_left(known, kind, value, &stays, err) != ERR_OK)
			return err->code;
		all++;
		left += stays;
		if (stays)
			writer_raw(&writer, value);
	}
	writer_end_array(&writer);
	if (buf.failed)
		return err_memory(err);
	if (left == all)
		*out = ids;
	else
		*out = left ? buf_text(&buf) : TEXT_NONE;
	return ERR_OK;
}

enum err_code lead_known_write_tags(struct lead_known *known, enum lead_known_kind kind,
				    struct text ids, struct writer *writer, struct err *err)
{
	struct scan scan = scan_of(ids.ptr ? ids : TEXT("[]"));
	struct text key, value, name;
	struct uuid id;

	writer_begin_array(writer);
	while (scan_next(&scan, &key, &value)) {
		if (!uuid_parse(scan_string(known->arena, value), &id)) {
			writer_raw(writer, value);
			continue;
		}
		if (lead_known_name(known, kind, id, &name, err) != ERR_OK)
			return err->code;
		if (name.ptr)
			writer_text(writer, name);
	}
	writer_end_array(writer);
	return ERR_OK;
}
