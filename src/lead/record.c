#include "lead/record.h"

#include "json/scan.h"
#include "lead/names.h"

/* Bounds of one lead: a document is read and written whole with every write. */
#define METADATA_BYTES_MAX ((size_t)64 * 1024)

void record_init(struct record *record)
{
	memset(record->values, 0, sizeof record->values);
	memset(record->seen_ms, 0, sizeof record->seen_ms);
	record->held_count = 0;
	record->import_count = 0;
}

static enum err_code damaged(struct text doc, struct err *err)
{
	return err_internal(err, "a lead's document is damaged (%zu bytes)", doc.len);
}

static enum err_code read_ids(struct arena *arena, struct text ids, struct record *out,
			      struct err *err)
{
	struct scan scan = scan_of(ids);
	struct text key, value;

	while (scan_next(&scan, &key, &value)) {
		struct text packed = scan_string(arena, value);

		if (out->held_count == IDENTIFIER_HELD_MAX ||
		    !identifier_unpack(packed, &out->held[out->held_count]))
			return damaged(ids, err);
		out->held_count++;
	}
	return scan.broken ? damaged(ids, err) : ERR_OK;
}

static enum err_code read_imports(struct text imports, struct record *out, struct err *err)
{
	struct scan scan = scan_of(imports);
	struct text key, no, row;

	while (scan_next(&scan, &key, &no)) {
		struct record_import *import = &out->imports[out->import_count];

		if (out->import_count == RECORD_IMPORTS_MAX || !scan_next(&scan, &key, &row) ||
		    !text_to_int(no, &import->no) || !text_to_int(row, &import->row))
			return damaged(imports, err);
		out->import_count++;
	}
	return scan.broken ? damaged(imports, err) : ERR_OK;
}

void record_note_import(struct record *record, struct record_import import)
{
	if (record->import_count > 0 && record->imports[record->import_count - 1].no == import.no)
		return;
	if (record->import_count == RECORD_IMPORTS_MAX) {
		memmove(&record->imports[0], &record->imports[1],
			(RECORD_IMPORTS_MAX - 1) * sizeof record->imports[0]);
		record->import_count--;
	}
	record->imports[record->import_count++] = import;
}

/* `fields` in the order of the table is the usual case, so the search begins after `from`. */
static enum field_id field_after(struct text name, int from)
{
	for (int id = from; id < FIELD_COUNT; id++) {
		if (text_is(name, field_rows[id].name))
			return (enum field_id)id;
	}
	return fields_by_name(name);
}

/* What has a value was seen at `at_ms`; what has none was not, unless it is named itself. */
static void see_values(struct record *record, int64_t at_ms)
{
	for (int id = 0; id < FIELD_COUNT; id++) {
		if (record->values[id].ptr)
			record->seen_ms[id] = at_ms;
	}
}

static enum err_code read_seen(struct text seen, struct record *out, struct err *err)
{
	struct scan scan = scan_of(seen);
	struct text key, value;
	int next = 0;

	while (scan_next(&scan, &key, &value)) {
		int64_t at_ms;

		if (!text_to_int(value, &at_ms))
			return damaged(seen, err);
		if (key.len == 0) {
			see_values(out, at_ms);
			continue;
		}
		enum field_id id = field_after(key, next);

		if (id == FIELD_COUNT)
			return damaged(seen, err);
		out->seen_ms[id] = at_ms;
		next = (int)id + 1;
	}
	return scan.broken ? damaged(seen, err) : ERR_OK;
}

/* A member that is no field; *out_taken tells whether it was one. */
static enum err_code read_special(struct arena *arena, struct text key, struct text value,
				  struct record *out, bool *out_taken, struct err *err)
{
	*out_taken = true;
	if (text_is(key, TEXT("ids")))
		return read_ids(arena, value, out, err);
	if (text_is(key, TEXT("imports")))
		return read_imports(value, out, err);
	if (text_is(key, TEXT("seen")))
		return read_seen(value, out, err);
	*out_taken = false;
	return ERR_OK;
}

enum err_code record_read(struct arena *arena, struct text doc, struct record *out, struct err *err)
{
	struct scan scan = scan_of(doc);
	struct text key, value;
	int next = 0;
	bool taken;

	record_init(out);
	while (scan_next(&scan, &key, &value)) {
		if (read_special(arena, key, value, out, &taken, err) != ERR_OK)
			return err->code;
		if (taken)
			continue;
		enum field_id id = field_after(key, next);

		if (id == FIELD_COUNT)
			return damaged(doc, err);
		out->values[id] = value;
		next = (int)id + 1;
	}
	return scan.broken ? damaged(doc, err) : ERR_OK;
}

/* The time most fields share, so that it is written once. */
static int64_t common_seen(const struct record *record)
{
	int64_t candidate = 0;
	int votes = 0;

	for (int id = 0; id < FIELD_COUNT; id++) {
		if (!record->values[id].ptr)
			continue;
		if (votes == 0)
			candidate = record->seen_ms[id];
		votes += record->seen_ms[id] == candidate ? 1 : -1;
	}
	return candidate;
}

static void put_member(struct writer *writer, enum field_id id, struct text value)
{
	writer_key(writer, field_rows[id].name);
	writer_raw(writer, value);
}

static void put_seen(struct writer *writer, struct text name, int64_t at_ms)
{
	writer_key(writer, name);
	writer_int(writer, at_ms);
}

void record_write(const struct record *record, struct buf *out)
{
	struct writer writer = writer_on(out);
	int64_t common = common_seen(record);

	writer_begin_object(&writer);
	for (int id = 0; id < FIELD_COUNT; id++) {
		if (record->values[id].ptr)
			put_member(&writer, (enum field_id)id, record->values[id]);
	}
	writer_key(&writer, TEXT("ids"));
	record_pack_list(record->held, record->held_count, out);
	writer.comma = true;
	if (record->import_count) {
		writer_key(&writer, TEXT("imports"));
		writer_begin_array(&writer);
		for (size_t i = 0; i < record->import_count; i++) {
			writer_int(&writer, record->imports[i].no);
			writer_int(&writer, record->imports[i].row);
		}
		writer_end_array(&writer);
	}
	writer_key(&writer, TEXT("seen"));
	writer_begin_object(&writer);
	put_seen(&writer, TEXT(""), common);
	for (int id = 0; id < FIELD_COUNT; id++) {
		/* A cleared field's time is kept too: an older value must not come back. */
		if (record->seen_ms[id] != (record->values[id].ptr ? common : 0))
			put_seen(&writer, field_rows[id].name, record->seen_ms[id]);
	}
	writer_end_object(&writer);
	writer_end_object(&writer);
}

void record_pack_list(const struct identifier *list, size_t count, struct buf *out)
{
	struct writer writer = writer_on(out);

	writer_begin_array(&writer);
	for (size_t i = 0; i < count; i++) {
		char packed
			[1400]; /* the longest is an external id: 100 + 200 characters of 4 bytes */
		size_t len = list[i].value.len < sizeof packed - 2 ? list[i].value.len
								   : sizeof packed - 2;

		packed[0] = "ixmse"[identifier_space_of(list[i].kind)];
		packed[1] = ':';
		memcpy(packed + 2, list[i].value.ptr, len);
		writer_text(&writer, (struct text){packed, len + 2});
	}
	writer_end_array(&writer);
}

void record_set(struct record *record, enum field_id field, struct text value, int64_t seen_ms,
		struct record_diff *diff)
{
	struct text *now = &record->values[field];

	if ((!now->ptr && !value.ptr) || (now->ptr && value.ptr && text_is(*now, value)))
		return;
	*now = value;
	record->seen_ms[field] = seen_ms;
	diff->changed[field] = true;
}

static bool is_null(struct text json)
{
	return text_is(json, TEXT("null"));
}

/* Top-level merge of two JSON objects; null removes. Absent when nothing is left. */
struct text record_merge(struct arena *arena, struct text old, struct text patch)
{
	struct buf buf;
	struct text key, value;
	struct writer writer = writer_on(&buf);
	size_t members = 0;

	buf_init_arena(&buf, arena, METADATA_BYTES_MAX * 2);
	writer_begin_object(&writer);
	struct scan kept = scan_of(old.ptr ? old : TEXT("{}"));

	while (scan_next(&kept, &key, &value)) {
		struct text instead = scan_member(patch, key);

		value = instead.ptr ? instead : value;
		if (is_null(value))
			continue;
		writer_raw(&writer, (struct text){key.ptr - 1, key.len + 2});
		buf_add_char(&buf, ':');
		buf_add(&buf, value);
		members++;
	}
	struct scan added = scan_of(patch);

	while (scan_next(&added, &key, &value)) {
		if (is_null(value) || scan_member(old.ptr ? old : TEXT("{}"), key).ptr)
			continue;
		writer_raw(&writer, (struct text){key.ptr - 1, key.len + 2});
		buf_add_char(&buf, ':');
		buf_add(&buf, value);
		members++;
	}
	writer_end_object(&writer);
	return members || buf.failed ? buf_text(&buf) : (struct text){"", 0};
}

static enum err_code apply_metadata(struct arena *arena, struct record *record,
				    const struct record_input *input, struct record_diff *diff,
				    struct err *err)
{
	struct text patch = input->values[FIELD_METADATA];
	struct text old = record->values[FIELD_METADATA];

	if (is_null(patch)) {
		record_set(record, FIELD_METADATA, TEXT_NONE, input->observed_ms, diff);
		return ERR_OK;
	}
	/* Filling keeps every key that is there: what is there is laid over what comes. */
	struct text merged = input->mode == RECORD_FILL && old.ptr
				     ? record_merge(arena, patch, old)
				     : record_merge(arena, old, patch);

	if (!merged.ptr || merged.len > METADATA_BYTES_MAX)
		return err_set(
			err, ERR_INVALID_INPUT, "/metadata",
			"A lead's metadata may have %zu bytes in all. Remove keys with null, "
			"or send less.",
			METADATA_BYTES_MAX);
	record_set(record, FIELD_METADATA, merged.len ? merged : TEXT_NONE, input->observed_ms,
		   diff);
	return ERR_OK;
}

static struct text quoted(struct arena *arena, struct text plain)
{
	char *out = arena_take(arena, plain.len + 2);

	if (!out)
		return TEXT_NONE;
	out[0] = '"';
	memcpy(out + 1, plain.ptr, plain.len);
	out[plain.len + 1] = '"';
	return (struct text){out, plain.len + 2};
}

static enum err_code apply_status(struct arena *arena, struct record *record,
				  const struct record_input *input, struct record_diff *diff,
				  struct err *err)
{
	enum status now = record_status(record), next = STATUS_NEW;
	struct text word = input->values[FIELD_STATUS];

	if (input->mode == RECORD_FILL && record->values[FIELD_STATUS].ptr)
		return ERR_OK;
	if (!is_null(word) && !status_from_word(word, input->dialect, now, &next))
		return err_set(err, ERR_INVALID_INPUT, "/status", "\"%.*s\" is no status.",
			       TEXT_ARG(word));
	if (now == STATUS_DO_NOT_CONTACT && next != now && !input->override_do_not_contact) {
		diff->kept_do_not_contact = true;
		return ERR_OK;
	}
	struct text value = quoted(arena, status_word(next, STATUS_INSIDE));

	if (!value.ptr)
		return err_memory(err);
	record_set(record, FIELD_STATUS, value, input->observed_ms, diff);
	return ERR_OK;
}

/*
 * An address that differs from the one shown only in case is the same address: sources that
 * write it differently must not change it back and forth.
 */
static bool is_same_address(enum field_id field, struct text old, struct text new)
{
	return (field == FIELD_EMAIL || field == FIELD_PERSONAL_EMAIL) && old.ptr &&
	       text_is_nocase(old, new);
}

static void apply_plain(struct record *record, const struct record_input *input,
			enum field_id field, struct record_diff *diff)
{
	struct text old = record->values[field], new = input->values[field];

	if (is_null(new))
		new = TEXT_NONE;
	if (input->mode == RECORD_FILL && (old.ptr || !new.ptr))
		return;
	if (new.ptr && is_same_address(field, old, new))
		return;
	record_set(record, field, new, input->observed_ms, diff);
}

static bool is_opt_out(const struct record_input *input)
{
	enum status status;

	return status_from_word(input->values[FIELD_STATUS], input->dialect, STATUS_NEW, &status) &&
	       status == STATUS_DO_NOT_CONTACT;
}

/* True when the field's value is of an observation later than the input's. */
static bool is_newer_kept(const struct record *record, const struct record_input *input,
			  enum field_id field, struct record_diff *diff)
{
	if (record->seen_ms[field] <= input->observed_ms)
		return false;
	/* Whenever somebody said "do not contact", it holds. */
	if (field == FIELD_STATUS && is_opt_out(input))
		return false;
	if (record->values[field].ptr && text_is(record->values[field], input->values[field]))
		return true;
	diff->kept_newer[field] = true;
	return true;
}

enum err_code record_apply(struct arena *arena, struct record *record,
			   const struct record_input *input, struct record_diff *diff,
			   struct err *err)
{
	const struct names before = names_of(record);

	for (int id = 0; id < FIELD_COUNT; id++) {
		enum field_id field = (enum field_id)id;
		enum err_code code = ERR_OK;

		if (!input->values[field].ptr || is_newer_kept(record, input, field, diff))
			continue;
		if (field == FIELD_METADATA)
			code = apply_metadata(arena, record, input, diff, err);
		else if (field == FIELD_STATUS)
			code = apply_status(arena, record, input, diff, err);
		else
			apply_plain(record, input, field, diff);
		if (code != ERR_OK)
			return code;
	}
	return names_keep_in_step(arena, record, input, &before, diff, err);
}

enum err_code record_gain(struct record *record, const struct identifier *identifier,
			  struct record_diff *diff, struct err *err)
{
	for (size_t i = 0; i < record->held_count; i++) {
		if (identifier_is(&record->held[i], identifier))
			return ERR_OK;
	}
	if (record->held_count == IDENTIFIER_HELD_MAX || diff->gained_count == IDENTIFIER_GIVEN_MAX)
		return err_set(
			err, ERR_INVALID_INPUT, identifier->pointer,
			"The lead has %d identifiers already, which is the most. Remove some "
			"with lead.update, or look whether different people were joined.",
			IDENTIFIER_HELD_MAX);
	record->held[record->held_count++] = *identifier;
	diff->gained[diff->gained_count++] = *identifier;
	return ERR_OK;
}

void record_lose(struct record *record, const struct identifier *identifier,
		 struct record_diff *diff)
{
	for (size_t i = 0; i < record->held_count; i++) {
		if (!identifier_is(&record->held[i], identifier))
			continue;
		diff->lost[diff->lost_count++] = record->held[i];
		memmove(&record->held[i], &record->held[i + 1],
			(record->held_count - i - 1) * sizeof record->held[0]);
		record->held_count--;
		return;
	}
}

bool record_is_changed(const struct record_diff *diff)
{
	for (int id = 0; id < FIELD_COUNT; id++) {
		if (diff->changed[id])
			return true;
	}
	return diff->gained_count > 0 || diff->lost_count > 0;
}

bool record_is_searchable_change(const struct record_diff *diff)
{
	for (int id = 0; id < FIELD_COUNT; id++) {
		if (diff->changed[id] && field_rows[id].search)
			return true;
	}
	return false;
}

enum status record_status(const struct record *record)
{
	struct text value = record->values[FIELD_STATUS];
	enum status status = STATUS_NEW;

	if (value.len > 2 && !status_from_word((struct text){value.ptr + 1, value.len - 2},
					       STATUS_INSIDE, STATUS_NEW, &status))
		return STATUS_NEW;
	return status;
}

uint32_t record_member(const struct record *record)
{
	for (size_t i = 0; i < record->held_count; i++) {
		int64_t number;

		if (identifier_space_of(record->held[i].kind) == IDENTIFIER_BY_NUMBER &&
		    text_to_int(record->held[i].value, &number))
			return (uint32_t)number;
	}
	return 0;
}

void record_patch(const struct record *record, const struct record_diff *diff, struct buf *out)
{
	struct writer writer = writer_on(out);

	writer_begin_object(&writer);
	for (int id = 0; id < FIELD_COUNT; id++) {
		if (diff->changed[id])
			put_member(&writer, (enum field_id)id,
				   record->values[id].ptr ? record->values[id] : TEXT("null"));
	}
	writer_end_object(&writer);
}
