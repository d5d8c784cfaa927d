/*
 * schema: JSON Schema (draft 2020-12) for the keywords Galena uses, compiled once.
 *
 * Applied     type properties required additionalProperties propertyNames minProperties
 *             maxProperties items minItems maxItems uniqueItems enum const minLength maxLength
 *             pattern format minimum maximum exclusiveMinimum exclusiveMaximum multipleOf anyOf
 *             oneOf allOf not $ref
 * Annotations $schema $id $comment title description default examples deprecated readOnly writeOnly
 *
 * Any other keyword is refused when the schema is made, so that none is silently ignored. Narrower
 * than the draft: $defs stands at the root, $ref is "#/$defs/name" and never leads back to itself;
 * pattern is a POSIX extended expression over bytes, of the subset that ECMA 262 reads alike (ASCII
 * only, a backslash only before punctuation and not in brackets, no (?…)), but that a dot also
 * takes a line break; format is date-time, uuid or uri (letters beyond ASCII are let pass) and is
 * asserted; uniqueItems allows at most SCHEMA_UNIQUE_MAX items, pattern SCHEMA_PATTERN_MAX bytes.
 *
 * Holds    a compiled copy of the source; it never changes after schema_create.
 * Threads  any number may check at once.
 * Fails    schema_create: ERR_INVALID_INPUT naming the place in the schema, ERR_BUSY without
 *          memory. schema_check: ERR_INVALID_INPUT for a value that does not fit, ERR_BUSY.
 *
 * A check goes as deep as the schema, which is bounded, however deep the value is.
 */
#ifndef JSON_SCHEMA_H
#define JSON_SCHEMA_H

#include <jansson.h>

#include "base/err.h"

#define SCHEMA_PROBLEMS_MAX 16
#define SCHEMA_DEPTH_MAX 32
#define SCHEMA_UNIQUE_MAX 1000
#define SCHEMA_PATTERN_MAX 8192

struct schema;

struct schema_problem {
	char pointer[128]; /* RFC 6901; cut behind a whole name when it is too long */
	char message[200]; /* "must be a string": to be read behind the field's name */
};

struct schema_problems {
	size_t count; /* of all; only the first SCHEMA_PROBLEMS_MAX are kept */
	struct schema_problem items[SCHEMA_PROBLEMS_MAX];
};

/* Compile `source`, which is borrowed for this call only. */
MUST_USE enum err_code schema_create(const json_t *source, struct schema **out, struct err *err);

void schema_destroy(struct schema *schema);

/*
 * ERR_OK when `value` fits. When it does not, `err` has the first problem and `problems`, unless
 * NULL, has what is wrong at every place; problems->count is 0 after ERR_OK.
 */
MUST_USE enum err_code schema_check(const struct schema *schema, const json_t *value,
				    struct schema_problems *problems, struct err *err);

#endif
