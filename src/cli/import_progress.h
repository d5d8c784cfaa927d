/*
 * import_progress: how far an import is, on standard error: a bar that moves on a terminal, a
 * line now and then otherwise.
 *
 * Holds    when it began and was shown last.
 * Threads  one at a time.
 * Fails    never.
 */
#ifndef CLI_IMPORT_PROGRESS_H
#define CLI_IMPORT_PROGRESS_H

#include <jansson.h>

#include "base/buf.h"

struct import_progress {
	int64_t began_us;
	int64_t shown_us;    /* 0: not yet */
	int64_t first_rows;  /* rows that were done before we looked */
	bool is_terminal;
	bool has_bar;        /* there is one on the screen */
};

void import_progress_init(struct import_progress *progress);

/* Bytes that are sent; `total` 0: not known. */
void import_progress_upload(struct import_progress *progress, int64_t done, int64_t total);

/* The import as import.get shows it. */
void import_progress_show(struct import_progress *progress, const json_t *import);

/* Take the bar away. */
void import_progress_end(struct import_progress *progress);

/* Append "1,234,567". */
void import_progress_count(struct buf *out, int64_t number);

/* Append "1:05" or "2:03:04". */
void import_progress_time(struct buf *out, int64_t seconds);

#endif
