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

/* A page of a lead's history. */
struct lead_history {
	int64_t workspace;
	int64_t from; /* change to begin with */
	size_t limit;
	int64_t next; /* set: the change to go on from, 0 for none */
};

/* Write member "changes", newest first. */
MUST_USE enum err_code lead_context_write_changes(struct arena *arena, struct db *db,
						  struct lead_history *history,
						  struct writer *writer, struct err *err);

#endif
