/*
 * record: what is known about one lead, and how a write changes it.
 *
 * Holds    nothing; a record lives in its arena and borrows from the text it was read from.
 * Threads  any; a record is one thread's.
 * Fails    ERR_INTERNAL for a stored document that is damaged, ERR_INVALID_INPUT when a lead
 *          would hold too much, ERR_BUSY for memory.
 *
 * Values are canonical JSON (json/writer.h), so that equal values are equal bytes and a value
 * goes from input to document to answer without being taken apart.
 *
 * The document: {field: value, …, "ids":[packed identifiers], "imports":[number,row, …],
 * "seen":{"":ms, field:ms, …}} where
 * "seen" says when values were observed; "" stands for every value that is not named, and a name
 * without a value for a field that was cleared.
 */
#ifndef LEAD_RECORD_H
#define LEAD_RECORD_H

#include "base/err.h"
#include "json/writer.h"
#include "lead/fields.h"
#include "lead/identifier.h"
#include "lead/status.h"

/* An import that changed the lead, and its row. The oldest is forgotten when there are more. */
#define RECORD_IMPORTS_MAX 20

struct record_import {
	int64_t no; /* import number */
	int64_t row;
};

struct record {
	struct text values[FIELD_COUNT]; /* canonical JSON; ptr NULL: nothing known */
	int64_t seen_ms[FIELD_COUNT];    /* when value or clearing was observed; 0: never set */
	struct identifier held[IDENTIFIER_HELD_MAX];
	size_t held_count;
	struct record_import imports[RECORD_IMPORTS_MAX]; /* that changed it, oldest first */
	size_t import_count;
};

enum record_mode {
	RECORD_OVERWRITE, /* newer observations win */
	RECORD_FILL       /* only what is empty is filled */
};

/* A write's new values. An absent one leaves the field, JSON null clears it. */
struct record_input {
	struct text values[FIELD_COUNT];
	int64_t observed_ms;
	enum record_mode mode;
	enum status_dialect dialect; /* whose word values[FIELD_STATUS] is, without quotes */
	bool override_do_not_contact;
};

/* What a write did, for the change's patch and the answer. */
struct record_diff {
	bool changed[FIELD_COUNT];
	bool kept_newer[FIELD_COUNT]; /* an older observation did not overwrite */
	bool kept_do_not_contact;
	struct identifier gained[IDENTIFIER_GIVEN_MAX];
	size_t gained_count;
	struct identifier lost[IDENTIFIER_HELD_MAX];
	size_t lost_count;
};

/* An empty record. */
void record_init(struct record *record);

/* Read a document; the record borrows from `doc`. */
MUST_USE enum err_code record_read(struct arena *arena, struct text doc, struct record *out,
				   struct err *err);

/* Write the document. */
void record_write(const struct record *record, struct buf *out);

/*
 * Apply `input` to `record` and note in `diff` what changed. Identity fields are taken like
 * others here; the caller puts only those in the input that the lead may have. Metadata is
 * merged key by key. The full name is made from its parts when it is missing, and follows them
 * while it is what they make; so do they follow it, the last word being the family name.
 */
MUST_USE enum err_code record_apply(struct arena *arena, struct record *record,
				    const struct record_input *input, struct record_diff *diff,
				    struct err *err);

/*
 * The object `old` (absent: empty) with the members of `patch` in place of its own; null removes
 * one. Empty when nothing is left, absent without memory or when it is far too large.
 */
MUST_USE struct text record_merge(struct arena *arena, struct text old, struct text patch);

/* Add or remove a held identifier; adding one that is held does nothing. */
MUST_USE enum err_code record_gain(struct record *record, const struct identifier *identifier,
				   struct record_diff *diff, struct err *err);
void record_lose(struct record *record, const struct identifier *identifier,
		 struct record_diff *diff);

/* Note that a row of an import changes the record. */
void record_note_import(struct record *record, struct record_import import);

/* True when anything changed. */
bool record_is_changed(const struct record_diff *diff);

/* True when a field changed that text search looks through. */
bool record_is_searchable_change(const struct record_diff *diff);

/* The status inside (STATUS_NEW for an empty record). */
enum status record_status(const struct record *record);

/* The member number that the record holds, 0 for none. */
uint32_t record_member(const struct record *record);

/* {field: new value or null, …} of everything that changed. */
void record_patch(const struct record *record, const struct record_diff *diff, struct buf *out);

/* [packed identifier, …] */
void record_pack_list(const struct identifier *list, size_t count, struct buf *out);

/* Set one field outright: a canonical value, or absent to clear. Notes the change in `diff`. */
void record_set(struct record *record, enum field_id field, struct text value, int64_t seen_ms,
		struct record_diff *diff);

#endif
