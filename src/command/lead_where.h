/*
 * lead_where: the conditions of an input (fragment "lead_condition" of the catalogue), read and
 * checked. lead_filter.h finds who they hold for.
 *
 * Holds    nothing; texts and arrays lie in the arena or are borrowed from the input.
 * Threads  any.
 * Fails    ERR_INVALID_INPUT with the pointer of what is wrong; ERR_BUSY for memory.
 */
#ifndef COMMAND_LEAD_WHERE_H
#define COMMAND_LEAD_WHERE_H

#include <jansson.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/uuid.h"
#include "lead/fields.h"

/* What a condition is about. */
enum lead_where_kind {
	LEAD_WHERE_LEAD,
	LEAD_WHERE_STATUS,
	LEAD_WHERE_LIST,
	LEAD_WHERE_STAGE,
	LEAD_WHERE_TAG,
	LEAD_WHERE_COMPANY,
	LEAD_WHERE_IMPORT,
	LEAD_WHERE_MISSION,
	LEAD_WHERE_CHATBOT,
	LEAD_WHERE_CREATED,
	LEAD_WHERE_UPDATED,
	LEAD_WHERE_WORD,   /* a field that is found by its text */
	LEAD_WHERE_NUMBER, /* a field that is found by its number */
	LEAD_WHERE_OTHER   /* a field that has a value or has none */
};

/* How; what is said the other way round has is_not as well. */
enum lead_where_how {
	LEAD_WHERE_HAS_VALUE, /* is_not_null; is_not: is_null */
	LEAD_WHERE_ONE_OF,    /* eq and in; is_not: ne and not_in. Of ids, texts or cells */
	LEAD_WHERE_CELLS,     /* the same, and lt … gte, as low <= cell <= high */
	LEAD_WHERE_TEXTS      /* lt … gte of texts */
};

struct lead_where {
	enum lead_where_kind kind;
	enum lead_where_how how;
	bool is_not;
	enum field_id field; /* of WORD, NUMBER and OTHER */
	struct uuid *ids;    /* LEAD … MISSION: what can be an id */
	struct text *texts;  /* CHATBOT */
	unsigned statuses;   /* STATUS: bits 1 << enum status */
	uint64_t *cells;     /* WORD, NUMBER and times: cells of store/grid.h, ascending */
	size_t count;        /* of ids, texts or cells */
	uint64_t low, high;  /* CELLS; low > high: nobody */
	struct text text;    /* TEXTS: folded … */
	bool is_above;       /* … those behind it; else those before it … */
	bool is_with;        /* … and those equal to it */
};

/* Read the array `where`; NULL is an empty one. */
MUST_USE enum err_code lead_where_parse(struct arena *arena, const json_t *where,
					struct lead_where **out, size_t *out_count,
					struct err *err);

#endif
