/*
 * contacts: what all requests of the contacts dialect have in common.
 *
 * Holds    nothing.
 * Threads  the HTTP server's loop.
 * Fails    as each function says.
 */
#ifndef SURFACE_CONTACTS_H
#define SURFACE_CONTACTS_H

#include "json/writer.h"
#include "surface/visit.h"

/*
 * For route_table.admit: changes are made through "contacts", and a Team-ID that was sent must be
 * the key's own workspace (ERR_FORBIDDEN).
 */
MUST_USE enum err_code contacts_admit(struct visit *visit, struct err *err);

/*
 * The body as an object, which the caller owns; without a body, and for PHP's empty array, an
 * empty one. ERR_INVALID_JSON, ERR_TOO_LARGE; ERR_INVALID_INPUT for JSON that is no object.
 */
MUST_USE enum err_code contacts_body(const struct http_request *request, json_t **out,
				     struct err *err);

/* A member with a time as commands answer it, here with microseconds; null when it is absent. */
void contacts_write_time(struct writer *writer, const char *key, struct text at);

/* A member that is text or null: null when `text` is absent. */
void contacts_write_text(struct writer *writer, const char *key, struct text text);

#endif
