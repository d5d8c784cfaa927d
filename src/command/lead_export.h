/*
 * lead_export: leads as a file that can be imported again.
 *
 * ndjson   one lead per line, as the input of lead.upsert: sent back it changes nothing.
 * csv      RFC 4180 with a header, lines end with LF. Of arrays it holds the tags, external_ids
 *          and metadata, the latter two as JSON; for the others take ndjson. A cell that a
 *          spreadsheet would compute (it begins with = + - @, a tab or a line break) gets an
 *          apostrophe in front, which our import takes away again.
 *
 * Both say lead_id, so they update leads of the same workspace; for another one, leave that out.
 *
 * Which leads: all of a workspace, of a status or list, or those that an export.create or
 * lead.bulk asked for. The latter are decided upon when the first page is made.
 *
 * Holds    how far the export is, in the caller's struct; of a kept export also the numbers of
 *          its leads, until released.
 * Threads  a reading connection's that has the text index.
 * Fails    init: ERR_INVALID_INPUT for an unknown format or status; page: ERR_LIST_NOT_FOUND,
 *          ERR_EXPORT_NOT_FOUND, ERR_BUSY for memory, store errors.
 */
#ifndef COMMAND_LEAD_EXPORT_H
#define COMMAND_LEAD_EXPORT_H

#include "command/lead_select.h"
#include "lead/record.h"
#include "store/leads.h"

enum lead_export_format { LEAD_EXPORT_CSV, LEAD_EXPORT_NDJSON };

/* What somebody asked for, in words. */
struct lead_export_wish {
	struct text format;  /* "csv" or "ndjson"; absent: csv */
	struct text status;  /* only leads the command runtime shows so; absent: all */
	struct text list_id; /* only leads on that list; absent: all */
	struct text export;  /* id or file name of an export, in place of all these; absent: none */
	struct engine *engine; /* needed for such a one */
};

struct lead_export {
	enum lead_export_format format;
	int64_t workspace;
	unsigned statuses; /* bits 1 << enum status; 0: any */
	bool by_list;
	struct uuid list;
	struct text kept;           /* as in the wish, borrowed; absent: none */
	struct engine *engine;      /* as in the wish */
	struct lead_select_all all; /* leads of a kept export */
	size_t next;                /* of them */
	int64_t above;              /* the next page begins above this lead */
	bool is_begun;
	bool is_ended; /* there is no next page */
};

MUST_USE enum err_code lead_export_init(struct lead_export *export, int64_t workspace,
					const struct lead_export_wish *wish, struct err *err);

/*
 * Append the next leads, oldest first, to `out`: some hundred KiB, or nothing where a long
 * stretch of leads was looked at and not wanted. The first page begins with the header; the last
 * sets is_ended. `arena` is scratch, and reset here.
 */
MUST_USE enum err_code lead_export_page(struct lead_export *export, struct arena *arena,
					struct txn *txn, struct buf *out, struct err *err);

/* Give back what it holds; may be called at any time after init, and more than once. */
void lead_export_release(struct lead_export *export);

/* "text/csv; charset=utf-8" and its like. */
struct text lead_export_type(enum lead_export_format format);

/* "csv" or "ndjson". */
struct text lead_export_format_name(enum lead_export_format format);

#endif
