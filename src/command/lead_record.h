/*
 * lead_record: a lead with all that is known of it, under the names that fields have inside. What
 * the answers of other dialects are made from.
 *
 * How to: lead_record_begin(&page, arena, db, workspace), then lead_record_write for each lead.
 * The page remembers what was looked up, so write many leads through one.
 *
 * The object, in this order; those with * are always there: lead_id*, version*, created_at*,
 * updated_at*, status* (inside word), list_id* (home list), stage_id*, company_id* (or null),
 * import_id* (of the oldest import known; or null), chatbot_id, tag_ids*, then each field that
 * has a value under its inside name (tags as names), linkedin_url* (or "").
 *
 * Holds    a page: what was looked up, with texts in the arena.
 * Threads  the connection's.
 * Fails    store errors.
 */
#ifndef COMMAND_LEAD_RECORD_H
#define COMMAND_LEAD_RECORD_H

#include "command/lead_known.h"
#include "lead/record.h"
#include "store/defaults.h"
#include "store/leads.h"

struct lead_record_page {
	struct lead_known known;
	bool has_defaults;
	struct workspace_defaults defaults;
	int64_t import_no; /* looked up last; 0: none yet */
	struct text import_id;
};

void lead_record_begin(struct lead_record_page *page, struct arena *arena, struct db *db,
		       int64_t workspace);

/* Write the object. Of `row` every member but no, deleted_ms, last_change and doc is read. */
MUST_USE enum err_code lead_record_write(struct lead_record_page *page, const struct lead_row *row,
					 const struct record *record, struct writer *writer,
					 struct err *err);

#endif
