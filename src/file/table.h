/*
 * table: the rows of a file of people, of any size, in constant memory.
 *
 * Finds the encoding, the form (CSV with comma, semicolon, tab or pipe; JSON objects on lines or
 * in one array) and the header below a preamble, then delivers row after row. Rows are numbered
 * from 1 in the same way each time, so that an import can go on where it stopped. Blank lines,
 * repeated headers and the notes LinkedIn writes below its header are no rows.
 *
 * Holds    the file, a block of it, the header and one row.
 * Threads  one at a time.
 * Fails    on a file that cannot be read, is empty or has an unusable header
 *          (ERR_INVALID_INPUT), and without memory. A bad row is a row with a reason.
 *
 * Bounds: 64 KiB a cell, 256 KiB a row, COLUMNS_MAX columns.
 */
#ifndef FILE_TABLE_H
#define FILE_TABLE_H

#include "base/arena.h"
#include "base/err.h"
#include "file/layout.h"

struct table;

struct table_options {
	struct text encoding;  /* as iconv names it; absent: to be found */
	char delimiter;        /* 0: to be found */
	size_t read_bytes_max; /* of one read call, for tests; 0: a block */
	bool is_headless;      /* the first row is one of data; columns are called "1", "2" … */
};

struct table_row {
	int64_t number;           /* from 1; 0: the file is at its end */
	int64_t line;             /* where the row begins, from 1 */
	const struct text *cells; /* one for each header; NULL for JSON and for a bad row */
	size_t count;
	struct text json; /* the object's text, not parsed; absent for delimited rows */
	bool is_bad;
	const char *reason; /* why it is bad, to be shown; NULL otherwise */
};

struct table_info {
	enum layout_form form;
	const char *encoding;       /* as far as it is known by now; "UTF-8" for plain ASCII */
	char delimiter;             /* 0 for JSON */
	int64_t header_line;        /* 0 for JSON and without a header */
	int64_t preamble_lines;     /* above the header */
	const struct text *headers; /* as long as the table */
	size_t header_count;
	size_t known_count; /* headers known for people's files */
	int64_t bytes_read;
	int64_t bytes_total; /* -1: unknown, as of a pipe */
};

/* `options` may be NULL. A table reads from the start of the file. */
MUST_USE enum err_code table_create_path(const char *path, const struct table_options *options,
					 struct table **out, struct err *err);

/* The descriptor is the table's, also on failure. */
MUST_USE enum err_code table_create_fd(int take_fd, const struct table_options *options,
				       struct table **out, struct err *err);

/* `bytes` is borrowed as long as the table. */
MUST_USE enum err_code table_create_memory(struct text bytes, const struct table_options *options,
					   struct table **out, struct err *err);

/* Does nothing for NULL. */
void table_destroy(struct table *table);

void table_info(const struct table *table, struct table_info *out);

/*
 * The next row, in the arena; where that has no room for it, the row is lost (ERR_BUSY). After
 * the last one out->number is 0, as often as asked.
 */
MUST_USE enum err_code table_next(struct table *table, struct arena *arena, struct table_row *out,
				  struct err *err);

/* Past the next `rows` rows, or to the end of the file when there are fewer. */
MUST_USE enum err_code table_skip(struct table *table, int64_t rows, struct err *err);

#endif
