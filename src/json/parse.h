/*
 * parse: JSON from a stranger, made into a jansson value within bounds.
 *
 * Holds    nothing. main calls json_object_seed once, before the first thread, so that nobody
 *          outside can foresee the hash of a key.
 * Threads  any.
 * Fails    ERR_TOO_LARGE past bytes_max or values_max; ERR_INVALID_JSON for everything that is
 *          not one JSON value in UTF-8; ERR_BUSY without memory. Messages name the place.
 *
 * Stricter than RFC 8259 where readers of the same text could disagree: a key may stand only once
 * in an object, a NUL character is refused, an integer fits int64 and a real number a double.
 */
#ifndef JSON_PARSE_H
#define JSON_PARSE_H

#include <jansson.h>

#include "base/err.h"
#include "base/text.h"

/* A larger depth_max has no effect; json_decref and others go one call deeper for each level. */
#define PARSE_DEPTH_MAX 128

struct parse_limits {
	size_t bytes_max;
	size_t depth_max;  /* arrays and objects open at once; 0 allows only plain values */
	size_t values_max; /* in all, containers too; 0: no bound but bytes_max */
};

/*
 * The one JSON value in `bytes`, of any type, which the caller owns (json_decref). Blanks around
 * it and a UTF-8 byte order mark in front are tolerated; any other text behind it is not.
 */
MUST_USE enum err_code parse_json(struct text bytes, const struct parse_limits *limits,
				  json_t **out, struct err *err);

#endif
