/*
 * listing_match: which rows of a noun an input means, by `query` and `where`, and how two rows
 * compare in the order it asks for. A row is a JSON object as answers show it.
 *
 * Holds    nothing; a match lives in the arena it was parsed into.
 * Threads  any.
 * Fails    ERR_INVALID_INPUT with the pointer of what is wrong; ERR_BUSY without memory.
 */
#ifndef COMMAND_LISTING_MATCH_H
#define COMMAND_LISTING_MATCH_H

#include <jansson.h>

#include "base/arena.h"
#include "base/err.h"

/* What a field's values are, and so how they are compared. */
enum listing_type {
	LISTING_ID,     /* a UUID; only equal or not */
	LISTING_WORD,   /* a text, compared without case and accents; only equal or not */
	LISTING_NUMBER, /* also from a text of digits */
	LISTING_TIME,   /* RFC 3339 */
	LISTING_FLAG    /* true or false; only equal or not */
};

/*
 * A member of a row that conditions may name. A condition on an array holds when it does for one
 * of its elements; `ne` and `not_in` hold when it does for all, and for rows without a value.
 */
struct listing_field {
	const char *name;
	enum listing_type type;
	bool sorts;       /* `order` may name it */
	bool is_searched; /* `query` looks into it */
};

enum listing_op {
	LISTING_EQ,
	LISTING_NE,
	LISTING_LT,
	LISTING_LTE,
	LISTING_GT,
	LISTING_GTE,
	LISTING_IN,
	LISTING_NOT_IN,
	LISTING_IS_NULL,
	LISTING_IS_NOT_NULL,
	LISTING_OP_COUNT
};

struct listing_value {
	struct text text; /* of ids and words */
	double number;    /* of numbers, times (milliseconds) and flags */
};

struct listing_condition {
	const struct listing_field *field;
	enum listing_op op;
	struct listing_value *values;
	size_t count;
};

struct listing_match {
	const struct listing_field *fields;
	size_t field_count;
	struct listing_condition *conditions;
	size_t count;
	struct text *words; /* of the query, folded; each begins a word of the row */
	size_t word_count;
	bool finds_nothing; /* a query in which there is no word */
};

/* Read `query` and `where` of an input that its schema has been held against. */
MUST_USE enum err_code listing_match_parse(struct arena *arena, const json_t *input,
					   struct listing_match *match, struct err *err);

/* True when every row is meant. */
bool listing_match_is_all(const struct listing_match *match);

/* *out: whether `row` is meant. The arena is for what is needed meanwhile. */
MUST_USE enum err_code listing_match_row(const struct listing_match *match, struct arena *arena,
					 struct text row, bool *out, struct err *err);

/* The field called `name`, or NULL. */
const struct listing_field *listing_match_field(const struct listing_match *match,
						struct text name);

/* Where a row stands: known ones by number, then by the first bytes of their text. */
#define LISTING_KEY_BYTES 64
struct listing_key {
	bool is_known;
	unsigned char len;
	char text[LISTING_KEY_BYTES]; /* folded, cut */
	double number;
};

void listing_match_key(const struct listing_field *field, struct arena *arena, struct text row,
		       struct listing_key *out);

#endif
