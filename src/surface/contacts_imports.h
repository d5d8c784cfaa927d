/*
 * contacts_imports: what a request of the contacts dialect says about an import, as the input of
 * import.create:
 *
 *   columns [{source, target}] or column_mapping {column: field}   other columns are left out;
 *                                     without either, columns are recognised by their header
 *   list_uuid          of contacts that are new; with move_to_list (false) of all of them
 *   tags [uuid], update_if_exists (true), name
 *   skip_first_row     (true) false: no row names the columns, they are called by their numbers
 *
 * A target is a contact's member as answers or requests call it, linkedin_id, uuid, or a custom
 * field by its name or uuid, also as custom_fields.NAME. data_source_uuid is accepted and not used:
 * an import is a data source.
 *
 * Two commands: the custom fields are read, then import.create is run. How to: _start in the
 * route's `handle`, _go_on first thing in its `finish`, _done as its `done`.
 *
 * Holds    the request's body, until contacts_imports_done.
 * Threads  the HTTP server's loop.
 * Fails    by answering.
 */
#ifndef SURFACE_CONTACTS_IMPORTS_H
#define SURFACE_CONTACTS_IMPORTS_H

#include "surface/visit.h"

/* visit->own becomes its state. */
void contacts_imports_start(struct visit *visit, json_t *take_body, struct text upload_id);

/* False: it goes on, or has answered. True: the outcome of import.create is in visit->call. */
MUST_USE bool contacts_imports_go_on(struct visit *visit);

/* Answer with the failure of import.create. */
void contacts_imports_fail(struct visit *visit);

void contacts_imports_done(struct visit *visit);

#endif
