/*
 * layout: how a file of people is laid out, told from its beginning.
 *
 * Holds    nothing.
 * Threads  any.
 * Fails    without memory.
 */
#ifndef FILE_LAYOUT_H
#define FILE_LAYOUT_H

#include "base/err.h"
#include "base/text.h"

/* The header is looked for in this many lines; notes may stand as many lines below it. */
#define LAYOUT_LINES 20

enum layout_form { LAYOUT_DELIMITED, LAYOUT_JSON_LINES, LAYOUT_JSON_ARRAY };

struct layout {
	enum layout_form form;
	char delimiter;      /* of the delimited form: ',' ';' '|' or a tab; 0 otherwise */
	int64_t header_line; /* from 1; 0: there is none */
	size_t known;        /* headers that are known for people's files */
};

/*
 * Tell the layout of a text that begins with `sample`. The header is the first record of
 * LAYOUT_LINES lines that names two known columns or more, else the first record. `delimiter` is
 * 0 to find it.
 */
MUST_USE enum err_code layout_find(struct text sample, char delimiter, struct layout *out,
				   struct err *err);

#endif
