/*
 * lead_context: what lead.get tells about a lead besides its profile, and its history.
 *
 * Holds    nothing.
 * Threads  a reading connection's.
 * Fails    store errors.
 */
#ifndef COMMAND_LEAD_CONTEXT_H
#define COMMAND_LEAD_CONTEXT_H

#include "command/command.h"
#include "lead/record.h"
#include "store/leads.h"

/* Write member "prospect_context". */
MUST_USE enum err_code lead_context_write(struct arena *arena, struct db *db,
					  const struct lead_row *row, const struct record *record,
					  struct writer *writer, struct err *err);

/*
 * Write member "changes": at most `limit`, newest first, from change `from` on. *out_next: the
 * change to go on from, 0 for none.
 */
MUST_USE enum err_code lead_context_write_changes(struct arena *arena, struct db *db, int64_t from,
						  size_t limit, struct writer *writer,
						  int64_t *out_next, struct err *err);

#endif
