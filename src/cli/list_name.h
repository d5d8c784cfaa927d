/*
 * list_name: lists by the name that people give them.
 *
 * Holds    nothing.
 * Threads  the main one.
 * Fails    as reach.h.
 */
#ifndef CLI_LIST_NAME_H
#define CLI_LIST_NAME_H

#include "cli/reach.h"

/*
 * The id of list `name` as a JSON string, for the caller to json_decref: `name` itself when it is
 * an id already, NULL when no list has that name.
 */
MUST_USE enum err_code list_name_find(struct reach *reach, const char *name, json_t **out_id,
				      struct err *err);

#endif
