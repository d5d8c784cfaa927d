/*
 * import_source: a file of people, row after row as the input of lead.upsert.
 *
 * A row of a table goes through its columns. A JSON object may use the names of lead.upsert's
 * input as they are; its other members go through columns as well, which are found in the first
 * IMPORT_SAMPLE_ROWS objects, the same each time. Columns whose header does not tell are learned
 * from the file's first rows (lead/columns_learn.h), so that going on maps as the start did.
 *
 * Holds    the open file and the plan of its columns.
 * Threads  one at a time; the columns and headers may be looked at by any.
 * Fails    ERR_INVALID_INPUT for a file that cannot be used as a whole (unreadable, empty, no
 *          column that identifies anybody) or a mapping that does not fit it; the message says
 *          what to do. A bad row is an item with a reason.
 */
#ifndef COMMAND_IMPORT_SOURCE_H
#define COMMAND_IMPORT_SOURCE_H

#include "command/import_rules.h"
#include "file/table.h"
#include "lead/columns.h"

#define IMPORT_SAMPLE_ROWS 200

struct import_source {
	struct table *table;
	struct table_info info;
	struct arena arena; /* of the columns */
	struct columns columns;
	struct text *keys; /* of JSON rows: the columns' headers */
	size_t key_count;
	bool is_json;
};

/* One row. What it borrows lives in the arena it was read with. */
struct import_item {
	struct table_row row;         /* row.number is 0 at the end of the file */
	struct columns_values values; /* of the columns; its skip: why it holds no lead */
	json_t *input;                /* for lead.upsert; NULL for a bad or skipped row */
	struct text reason;           /* why it is bad; absent: it is not */
};

/* Open the file `path`, or the bytes `content` (borrowed) when `path` is NULL. */
MUST_USE enum err_code import_source_init(struct import_source *source, const char *path,
					  struct text content, const struct import_rules *rules,
					  struct err *err);
void import_source_release(struct import_source *source);

/* "csv", "tsv", "ndjson" or "json". */
const char *import_source_type(const struct import_source *source);

/* Write the headers as a JSON array; empty for JSON rows, which have none. */
void import_source_write_columns(const struct import_source *source, struct buf *out);

/* The header of the column that the member at JSON pointer `pointer` came from, or absent. */
struct text import_source_column_of(const struct import_source *source,
				    const struct import_item *item, const char *pointer);

/* The next row; its input is the caller's (import_source_drop). */
MUST_USE enum err_code import_source_next(struct import_source *source, struct arena *arena,
					  const struct import_rules *rules, struct import_item *out,
					  struct err *err);
void import_source_drop(struct import_item *item);

MUST_USE enum err_code import_source_skip(struct import_source *source, int64_t rows,
					  struct err *err);

/* Bytes of the file read so far, and in all. */
void import_source_bytes(const struct import_source *source, int64_t *out_read, int64_t *out_total);

#endif
