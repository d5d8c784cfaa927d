/*
 * lead_write: the main job. A plan meets the store: find the lead, decide, write, explain.
 *
 * Holds    nothing.
 * Threads  the writer (dry runs too: they read what they would have changed).
 * Fails    ERR_IDENTITY_CONFLICT (with candidates), ERR_MERGE_NOT_AVAILABLE, ERR_LEAD_NOT_FOUND,
 *          ERR_LIST_NOT_FOUND, ERR_MISSION_NOT_FOUND, ERR_VERSION_CONFLICT,
 *          ERR_PRECONDITION_FAILED, ERR_TAG_NOT_FOUND, ERR_STAGE_NOT_FOUND, ERR_BLACKLISTED,
 *          ERR_LEAD_EXISTS (with candidates), store errors. Whatever was written before a failure
 *          must be undone by the caller (txn_undo).
 */
#ifndef COMMAND_LEAD_WRITE_H
#define COMMAND_LEAD_WRITE_H

#include "command/command.h"
#include "command/lead_plan.h"
#include "store/leads.h"

struct lead_tags_memory;
struct lead_company_memory;

/* Who writes, for the history. */
struct lead_writer {
	int64_t workspace;
	int64_t actor;
	enum change_via via;
	int64_t import_no;  /* 0: none */
	int64_t import_row; /* of that import */
	/* For many writes, see command/lead_tags.h and lead_company.h; NULL: none */
	struct lead_tags_memory *tags;
	struct lead_company_memory *companies;
	/*
	 * Where lists, missions, tags, stages and the blacklist are looked up: the real database
	 * while an import's dry run writes to a scratch that has none of them; NULL: where it
	 * writes.
	 */
	struct db *around;
	bool nobody_is_barred; /* the blacklist is empty, and stays so while this is written */
};

struct lead_outcome {
	enum reply_outcome outcome;
	struct lead_row row;    /* the lead as it is now; doc in the arena */
	struct record record;   /* the same, read */
	int64_t matched;        /* bits 1 << enum identifier_kind */
	struct text changed;    /* JSON array of field names; absent: none */
	struct text change_id;  /* absent: nothing written */
	struct text candidates; /* after ERR_IDENTITY_CONFLICT: JSON array */
	struct text warnings[REPLY_WARNINGS_MAX];
	size_t warning_count;
};

/*
 * Create or update the one lead that `plan` belongs to. A dry run leaves the lead as it is, but
 * tags and custom fields that it would make are made: undo them (txn_part_undo).
 */
MUST_USE enum err_code lead_write_upsert(struct arena *arena, struct txn *txn,
					 const struct lead_writer *by, const struct lead_plan *plan,
					 struct lead_outcome *out, struct err *err);

#endif
