/*
 * delimited: the rows of CSV and its relatives (semicolon, tab, pipe), quoting as in RFC 4180.
 *
 * Lenient where people's files are: quotes within unquoted cells stand for themselves. A quote
 * that is never closed costs the rows up to the bound of one row, or up to the end of the file;
 * that row says on which line the quote began.
 *
 * Holds    the parser and one row.
 * Threads  one at a time.
 * Fails    as the lines it reads, and without memory. A row that is too large or no text is
 *          a record with a reason, and reading goes on with the next line.
 */
#ifndef FILE_DELIMITED_H
#define FILE_DELIMITED_H

#include <csv.h>

#include "file/lines.h"
#include "file/record.h"
#include "lead/columns.h"

struct delimited {
	struct csv_parser parser;
	struct buf bytes;         /* the row's cells, a NUL behind each */
	size_t ends[COLUMNS_MAX]; /* of each cell in `bytes`, its NUL included */
	struct text cells[COLUMNS_MAX];
	size_t count;
	const char *reason; /* the first thing wrong with the row */
	char reason_text[RECORD_REASON_BYTES];
	bool is_complete; /* the parser has seen the end of the row */
};

MUST_USE enum err_code delimited_init(struct delimited *delimited, char delimiter, struct err *err);
void delimited_release(struct delimited *delimited);

/* The next row that is not blank. */
MUST_USE enum err_code delimited_next(struct delimited *delimited, struct lines *lines,
				      struct record *out, struct err *err);

#endif
