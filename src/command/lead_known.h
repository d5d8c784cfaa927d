/*
 * lead_known: which tags, stages and lists there still are, each looked up once for many leads.
 *
 * A lead's document keeps the ids of what was deleted; whoever shows the lead leaves them out.
 *
 * Holds    what was looked up, with names in the arena; begin anew when the arena is reset or
 *          something may have been made or deleted.
 * Threads  the connection's.
 * Fails    store errors.
 */
#ifndef COMMAND_LEAD_KNOWN_H
#define COMMAND_LEAD_KNOWN_H

#include "json/writer.h"
#include "store/db.h"

enum lead_known_kind {
	LEAD_KNOWN_TAG,
	LEAD_KNOWN_TAG_EVER, /* deleted ones, too: for the history */
	LEAD_KNOWN_STAGE,
	LEAD_KNOWN_LIST
};

#define LEAD_KNOWN_SLOTS 64

struct lead_known_slot {
	bool is_used;
	enum lead_known_kind kind;
	struct uuid id;
	struct text name; /* absent: there is none such */
};

struct lead_known {
	struct arena *arena;
	struct db *db;
	int64_t workspace;
	struct lead_known_slot slots[LEAD_KNOWN_SLOTS]; /* a later one takes the place of another */
};

void lead_known_init(struct lead_known *known, struct arena *arena, struct db *db,
		     int64_t workspace);

/* Forget what was looked up. */
void lead_known_forget(struct lead_known *known);

/* The name of a tag or stage, absent when there is none (any more). Of a list it is empty. */
MUST_USE enum err_code lead_known_name(struct lead_known *known, enum lead_known_kind kind,
				       struct uuid id, struct text *out, struct err *err);

/* The first id of the JSON array `ids` that there still is; all zero when none is. */
MUST_USE enum err_code lead_known_first(struct lead_known *known, enum lead_known_kind kind,
					struct text ids, struct uuid *out, struct err *err);

/*
 * The JSON array `ids` without those that are no more; absent when nothing is left. What is no
 * id stays.
 */
MUST_USE enum err_code lead_known_left(struct lead_known *known, enum lead_known_kind kind,
				       struct text ids, struct text *out, struct err *err);

/*
 * Write the names of the tags `ids` (a JSON array, or absent) as an array; `kind` is one of the
 * two of tags. What is no id is a name already: documents of older databases have names.
 */
MUST_USE enum err_code lead_known_write_tags(struct lead_known *known, enum lead_known_kind kind,
					     struct text ids, struct writer *writer,
					     struct err *err);

#endif
