/*
 * csv: write cells of comma-separated values (RFC 4180) that delimited.h reads back the same.
 *
 * Holds    nothing.
 * Threads  any.
 * Fails    like the buf.
 */
#ifndef FILE_CSV_H
#define FILE_CSV_H

#include "base/buf.h"

/* One cell, in quotes where it needs them; commas between cells are the caller's. */
void csv_add_cell(struct buf *out, struct text cell);

/* The same for a spreadsheet: a cell that it would compute gets a ' in front, which the importer
 * takes away again. */
void csv_add_safe_cell(struct buf *out, struct text cell);

/* The only cell of a record: an empty one is written "", since a blank line is no record. */
void csv_add_only_cell(struct buf *out, struct text cell);

#endif
