/*
 * import_send: a file on its way into an import.
 *
 * Holds    nothing; what was begun and failed leaves no file behind.
 * Threads  the main one.
 * Fails    ERR_INVALID_INPUT for a file that cannot be read, and as import.create.
 */
#ifndef CLI_IMPORT_SEND_H
#define CLI_IMPORT_SEND_H

#include "cli/reach.h"

/*
 * Hand over the file `path` ("-": standard input) with `settings`, the input of import.create but
 * for the file. *out_answer is the answer of import.create, for the caller to json_decref.
 */
MUST_USE enum err_code import_send(struct reach *reach, const char *path, const json_t *settings,
				   json_t **out_answer, struct err *err);

#endif
