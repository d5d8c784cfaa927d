/*
 * listing: answers of the form {NOUNS: […], total, limit, offset, has_more} for any noun whose
 * rows are JSON objects with ids that grow as they are made. Input members, all optional: query,
 * where, order, direction, limit, offset (fragment "listing_input"), and cursor where the noun
 * has cursors.
 *
 * How to: fill a struct listing_noun (entry_nouns.c and list_commands.c have examples), call
 * listing_prepare in the command's prepare and listing_execute in its execute, on a reader.
 *
 * What it costs: without conditions and in the order of making (order "created_at"), only the
 * rows of the page are read, and the total is what `count` says. Conditions on `id` read only
 * those rows; a condition `eq` or `in` on the noun's `about` reads only rows about these;
 * conditions on created_at read only rows made around then. Anything else looks at every row, at
 * most LISTING_ROWS_MAX of them; more is ERR_INVALID_INPUT with advice. Totals are always exact.
 *
 * Holds    heap memory for the rows of one answer, while it is made.
 * Threads  the call's.
 * Fails    ERR_INVALID_INPUT with the pointer of what is wrong; store errors.
 */
#ifndef COMMAND_LISTING_H
#define COMMAND_LISTING_H

#include "command/command.h"
#include "command/listing_match.h"
#include "store/entries.h"

#define LISTING_LIMIT_DEFAULT 50
#define LISTING_ROWS_MAX 500000

/* Where rows come from. */
struct listing_scene {
	const struct listing_noun *noun;
	struct call *call;
	struct db *db;
	struct arena *arena; /* for rows; emptied when they were looked at */
};

struct listing_row {
	struct uuid id;
	struct text json; /* as answers show it, canonical; absent: there is no such row */
};

/* Which rows to read, in the order of their ids. */
struct listing_walk {
	struct uuid about; /* only those about this; all zero: all */
	bool upward;       /* oldest first; else newest first */
	struct uuid from;  /* only those behind this one in that order; all zero: from the end */
	int64_t offset;
	size_t limit;
};

struct listing_noun {
	const char *plural; /* the member of the answer, e.g. "tags" */
	const struct listing_field *fields;
	size_t field_count;
	const char *about; /* the field whose ids struct listing_walk.about stands for; or NULL */
	char cursor;       /* the letter of its cursors; 0: it has none */
	const void *state; /* the noun's own */
	/* How many rows there are, about `about` unless that is all zero. */
	enum err_code (*count)(const struct listing_scene *scene, struct uuid about, int64_t *out,
			       struct err *err);
	/* *out_count <= walk->limit. */
	enum err_code (*page)(const struct listing_scene *scene, const struct listing_walk *walk,
			      struct listing_row *out, size_t *out_count, struct err *err);
	/* One row; out->json is absent when there is none. */
	enum err_code (*read)(const struct listing_scene *scene, struct uuid id,
			      struct listing_row *out, struct err *err);
	const char *id; /* the member of rows that has their id; NULL: "id" */
	/* For command/listing_entries.h: which entries, and how one is shown, as an object. */
	enum entry_kind kind;
	enum err_code (*write)(const struct listing_scene *scene, const struct entry_row *entry,
			       struct writer *writer, struct err *err);
};

/* Decode call->input into call->plan. No I/O. */
MUST_USE enum err_code listing_prepare(struct call *call, const struct listing_noun *noun,
				       struct err *err);

/* Read, and fill call->reply. */
MUST_USE enum err_code listing_execute(struct call *call, struct txn *txn, struct err *err);

#endif
