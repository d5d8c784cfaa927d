/*
 * record: one row as a reader found it, before the table gives it a number.
 *
 * Holds    nothing; the texts are the reader's until its next call.
 * Threads  as the reader.
 * Fails    never; a row that cannot be used says why.
 */
#ifndef FILE_RECORD_H
#define FILE_RECORD_H

#include "base/text.h"

#define RECORD_BYTES_MAX ((size_t)256 * 1024)
#define RECORD_CELL_BYTES_MAX ((size_t)64 * 1024)
#define RECORD_REASON_BYTES 192

#define RECORD_HOLDS_NUL "The row holds a NUL byte. Remove it."
#define RECORD_IS_NO_TEXT \
	"The row holds bytes that are no text in the file's encoding. Save the file as UTF-8."

struct record {
	int64_t line;             /* where it begins, from 1; 0: there are no more */
	const struct text *cells; /* of a delimited row */
	size_t count;
	struct text json;   /* of an object; absent for a delimited row */
	const char *reason; /* why it cannot be used, or NULL; says what to do */
};

/* True for UTF-8; quick where all is ASCII. */
bool record_is_text(struct text text);

#endif
