/*
 * reply: a command's answer, in no dialect.
 *
 * Holds    texts in the call's arena.
 * Threads  the call's.
 * Fails    builders remember, like buf; reply_begin's writer is checked by reply_end.
 */
#ifndef COMMAND_REPLY_H
#define COMMAND_REPLY_H

#include "base/uuid.h"
#include "json/writer.h"
#include "lead/fields.h"
#include "lead/identifier.h"

#define REPLY_WARNINGS_MAX 16
#define REPLY_BYTES_MAX ((size_t)64 * 1024 * 1024)

enum reply_outcome { REPLY_NONE, REPLY_CREATED, REPLY_UPDATED, REPLY_UNCHANGED };

struct reply {
	struct text data;        /* JSON object; absent after an error */
	struct text details;     /* JSON array of {pointer, message}; after ERR_INVALID_INPUT */
	struct text candidates;  /* JSON array of {lead_id, matched_by}; after a conflict */
	enum reply_outcome outcome;
	int64_t matched;         /* bits 1 << enum identifier_kind */
	struct text changed;     /* JSON array of field names; absent: none */
	struct text change_id;   /* absent: nothing was written */
	struct text next_cursor; /* absent: no more */
	struct text warnings[REPLY_WARNINGS_MAX];
	size_t warning_count;
	int64_t version; /* of the one lead in data, for ETag; 0: not one lead */
	bool replayed;   /* an earlier answer to the same Idempotency-Key */
	struct buf buf;  /* where data is built */
};

/* Begin building data in the arena. */
struct writer reply_begin(struct reply *reply, struct arena *arena);

/* Take what was built as data. False without memory or over REPLY_BYTES_MAX. */
MUST_USE bool reply_end(struct reply *reply);

/* Add a sentence for the caller; the 17th and later are dropped. */
void reply_warn(struct reply *reply, struct text warning);

/* "created", "updated", "unchanged"; NULL for REPLY_NONE. */
const char *reply_outcome_name(enum reply_outcome outcome);

/*
 * The members that meta has beyond the dialect's own, into an open object: outcome, matched_by,
 * changed, change_id, next_cursor, and the warnings array.
 */
void reply_write_meta(const struct reply *reply, struct writer *writer);

/* A member that is a time in milliseconds since 1970, or an id, as answers show them. */
void reply_write_time(struct writer *writer, const char *key, int64_t at_ms);
void reply_write_uuid(struct writer *writer, const char *key, struct uuid id);

/* [kind names] of a set of identifier kinds. */
void reply_write_matched(int64_t matched, struct writer *writer);

/* To and from one JSON text, for answers that are stored for a retry. */
void reply_pack(const struct reply *reply, struct buf *out);
MUST_USE bool reply_unpack(struct arena *arena, struct text packed, struct reply *out);

#endif
