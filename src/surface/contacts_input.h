/*
 * contacts_input: what clients of the contacts dialect write about a contact, as input of
 * lead.upsert, lead.upsert_many and lead.update.
 *
 * Values go over as they are; the command's schema says which are wrong. Here only names are
 * looked at, and what the dialect asks for beyond the commands.
 *
 * Holds    nothing; what is made is the caller's (json_decref).
 * Threads  any.
 * Fails    ERR_INVALID_INPUT with the client's field as err->pointer, for contacts_error_refuse.
 */
#ifndef SURFACE_CONTACTS_INPUT_H
#define SURFACE_CONTACTS_INPUT_H

#include <jansson.h>

#include "surface/contacts_error.h"

/* How the inputs made here are called by clients; of upsert, and of the others. */
extern const struct contacts_names contacts_input_upsert_names;
extern const struct contacts_names contacts_input_names;

/* Of lead.upsert, from the body of POST upsert. */
MUST_USE enum err_code contacts_input_upsert(const json_t *body, json_t **out, struct err *err);

/* Of lead.upsert_many, from the body of POST contacts. All of them or none are written. */
MUST_USE enum err_code contacts_input_create(const json_t *body, json_t **out, struct err *err);

/* Of lead.update, from the body of PUT; what cannot be changed by it is ignored. */
MUST_USE enum err_code contacts_input_update(struct text lead_id, const json_t *body, json_t **out,
					     struct err *err);

/* true, false, 1, 0 or null (which is `otherwise`). */
MUST_USE enum err_code contacts_input_flag(const json_t *body, const char *name, bool otherwise,
					   bool *out, struct err *err);

#endif
