/*
 * contacts_imports: what a request of the contacts dialect says about an import, as the input of
 * import.create:
 *
 *   columns [{source, target}] or column_mapping {column: field}   other columns are left out;
 *                                     without either, columns are recognised by their header
 *   list_uuid, tags [uuid], update_if_exists (true), move_to_list (false), skip_first_row (true)
 *
 * A target is a contact's member as answers or requests call it, linkedin_id, uuid, or
 * custom_fields.NAME. data_source_uuid is accepted and not used: an import is a data source.
 *
 * Holds    nothing.
 * Threads  any.
 * Fails    ERR_INVALID_INPUT with the client's field as err->pointer ("columns.3.target").
 */
#ifndef SURFACE_CONTACTS_IMPORTS_H
#define SURFACE_CONTACTS_IMPORTS_H

#include "surface/visit.h"

MUST_USE enum err_code contacts_imports_input(const json_t *body, struct text upload_id,
					      json_t **out, struct err *err);

/* Answer with the failure of visit->call, import.create with such an input. */
void contacts_imports_fail(struct visit *visit);

#endif
