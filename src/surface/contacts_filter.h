/*
 * contacts_filter: the conditions in a filter of the contacts dialect, see contacts_query.h, whose
 * other half this is.
 *
 * Holds    nothing.
 * Threads  any; one at a time for each query.
 * Fails    as contacts_query.h.
 */
#ifndef SURFACE_CONTACTS_FILTER_H
#define SURFACE_CONTACTS_FILTER_H

#include "surface/contacts_query.h"

/* Reading one request. */
struct contacts_reading {
	const struct http_request *request;
	const struct contacts_object *object;
	struct contacts_query *query; /* gains the conditions */
	json_t *filter; /* made of the query string's filter[…], owned; NULL: none yet */
};

/* The key that clients call `name`; false when it is none. */
MUST_USE bool contacts_filter_key(const struct contacts_object *object, struct text name,
				  struct contacts_key *out);

/* A filter: an object, the same as JSON text, or nothing (null, "", []). */
MUST_USE enum err_code contacts_filter_read(struct contacts_reading *reading, const json_t *value,
					    struct err *err);

/* What is looked for by text, which came as `field`. */
MUST_USE enum err_code contacts_filter_text(struct contacts_reading *reading, const char *field,
					    const json_t *value, struct err *err);

/* A number, also where it came as text; NULL when it is none. The caller owns it. */
MUST_USE json_t *contacts_filter_number(const json_t *value);

/* `before` and then `name`, fit for a message: cut, at a character, to 60 bytes of name. */
struct text contacts_filter_shown(struct arena *arena, const char *before, struct text name);

#endif
