/*
 * fields: the table of a lead's fields, made from catalogue/fields.json.
 *
 * Holds    nothing; the table is constant.
 * Threads  any.
 * Fails    look-ups answer FIELD_COUNT for a name that is no field.
 */
#ifndef LEAD_FIELDS_H
#define LEAD_FIELDS_H

#include "base/text.h"
#include "field_ids.h"

enum field_type {
	FIELD_TYPE_TEXT, FIELD_TYPE_NUMBER, FIELD_TYPE_FLAG, FIELD_TYPE_ARRAY, FIELD_TYPE_OBJECT,
	FIELD_TYPE_STATUS
};

/* How leads can be looked for by a field's value. */
enum field_find {
	FIELD_FIND_NOT,
	FIELD_FIND_WORD,  /* the whole text; case and accents do not matter */
	FIELD_FIND_NUMBER
};

/* A name that is absent: the dialect does not have the field. */
struct field_row {
	enum field_type type;
	int max;                    /* characters of text, items of arrays, members of objects */
	struct text name;           /* inside, and in inputs */
	struct text runtime;        /* in the command runtime's Lead */
	struct text contacts;       /* in the contacts dialect's contact */
	struct text contacts_input; /* in what that dialect's clients send */
	struct text leads;          /* in the leads dialect's lead */
	enum field_find find;
	bool compact;               /* stays in compact answers */
	bool search;                /* looked through by text search */
	bool sort;                  /* pages can be in its order */
	bool input;                 /* a profile field that inputs may set */
	bool identity;              /* follows from the identifiers; set by lead/record.h only */
};

extern const struct field_row field_rows[FIELD_COUNT];

/* The field with that inside name, or FIELD_COUNT. */
enum field_id fields_by_name(struct text name);

/* The field that an input calls so: inside name or the runtime's; only fields with `input`. */
enum field_id fields_by_input(struct text name);

#endif
