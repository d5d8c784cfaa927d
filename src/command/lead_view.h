/*
 * lead_view: a lead as the command runtime shows it.
 *
 * Holds    nothing.
 * Threads  any.
 * Fails    like the writer's buf.
 */
#ifndef COMMAND_LEAD_VIEW_H
#define COMMAND_LEAD_VIEW_H

#include "json/writer.h"
#include "lead/record.h"
#include "store/leads.h"

/* The Lead object; `compact` drops long text and arrays. */
void lead_view_write(struct writer *writer, struct arena *arena, const struct lead_row *row,
		     const struct record *record, bool compact);

/* The short form of a search result. */
void lead_view_write_found(struct writer *writer, struct arena *arena, const struct lead_row *row,
			   const struct record *record);

/* {"kind":…,"value":…} of a held identifier. */
void lead_view_write_identifier(struct writer *writer, const struct identifier *identifier);

/* The canonical public profile URL, empty where none is known. */
struct text lead_view_profile_url(struct arena *arena, const struct record *record);

#endif
