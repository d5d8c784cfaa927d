/*
 * where: conditions of a list's input, [{field, op, value}], held against what is in memory: for
 * things that are few enough to look at each. (Leads are found by their grid: lead_select.h.)
 *
 * Holds    nothing; conditions live in their arena and borrow from the input.
 * Threads  any.
 * Fails    ERR_INVALID_INPUT with pointer /where/N/field, /where/N/op or /where/N/value.
 */
#ifndef COMMAND_WHERE_H
#define COMMAND_WHERE_H

#include <jansson.h>

#include "base/arena.h"
#include "base/err.h"

enum where_type {
	WHERE_TEXT,  /* compared without regard to case */
	WHERE_TEXTS, /* several of them: one that fits is enough */
	WHERE_TIME   /* milliseconds; has an order */
};

struct where_field {
	const char *name;
	enum where_type type;
};

/* What one thing has in a field. */
struct where_value {
	const struct text *texts; /* as compared: where_fold; for times not used */
	size_t count;             /* 0: nothing is known */
	int64_t time_ms;          /* for WHERE_TIME, with count 1 */
};

struct where;

/* Read member "where" of `input`; `fields` ends with a NULL name and outlives the answer. */
MUST_USE enum err_code where_parse(struct arena *arena, const json_t *input,
				   const struct where_field *fields, struct where **out,
				   struct err *err);

bool where_is_empty(const struct where *where);

/* A text as it is compared; absent without memory. */
MUST_USE struct text where_fold(struct arena *arena, struct text text);

/* Ask `get` for the value of fields by their index, and tell whether all conditions hold. */
MUST_USE enum err_code where_holds(const struct where *where,
				   enum err_code (*get)(void *state, size_t field,
							struct where_value *out, struct err *err),
				   void *state, bool *out, struct err *err);

#endif
