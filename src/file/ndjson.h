/*
 * ndjson: the JSON objects of a file, one on each line or in one array, as raw text.
 *
 * Only their borders are found here; whoever uses an object parses it, and so finds what is wrong
 * inside.
 *
 * Holds    one object, and for an array the rest of a line.
 * Threads  one at a time.
 * Fails    as the lines it reads, and without memory. What is too large, no text or no object is
 *          a record with a reason.
 */
#ifndef FILE_NDJSON_H
#define FILE_NDJSON_H

#include "file/lines.h"
#include "file/record.h"

struct ndjson {
	bool is_array;
	struct buf bytes;
	struct line rest; /* of an array: what of the current line is not read yet */
	size_t depth;     /* of an array: open brackets within the element */
	bool is_in_string;
	bool is_escaped;
	bool is_begun; /* the array's bracket was read */
	bool is_over;  /* and so was its end */
};

void ndjson_init(struct ndjson *ndjson, bool is_array);
void ndjson_release(struct ndjson *ndjson);

MUST_USE enum err_code ndjson_next(struct ndjson *ndjson, struct lines *lines, struct record *out,
				   struct err *err);

#endif
