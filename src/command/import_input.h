/*
 * import_input: what a file's row says, as the input of lead.upsert.
 *
 * Narrow fields take only what fits: a status nobody knows or a score that is no number goes to
 * the lead's metadata under the field's name, so that it is neither lost nor a reason to refuse
 * the row.
 *
 * Holds    nothing.
 * Threads  any.
 * Fails    ERR_BUSY without memory.
 */
#ifndef COMMAND_IMPORT_INPUT_H
#define COMMAND_IMPORT_INPUT_H

#include "command/import_rules.h"
#include "lead/columns.h"

/* Add `values` to the object `input`; what it has already stays. */
MUST_USE enum err_code import_input_add(json_t *input, const struct columns *columns,
					const struct columns_values *values, struct err *err);

/* Add the source and tags that the import gives every row. */
MUST_USE enum err_code import_input_complete(json_t *input, const struct import_rules *rules,
					     struct err *err);

/* A text, number or flag as a cell shows it; absent for null, arrays and objects. */
struct text import_input_cell(struct arena *arena, const json_t *value);

#endif
