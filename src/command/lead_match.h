/*
 * lead_match: find out whom a plan's identifiers hit, and decide.
 *
 * Holds    nothing; what it found lives in the arena.
 * Threads  the connection's.
 * Fails    ERR_LEAD_NOT_FOUND, ERR_IDENTITY_CONFLICT and ERR_MERGE_NOT_AVAILABLE (with
 *          candidates), store errors.
 */
#ifndef COMMAND_LEAD_MATCH_H
#define COMMAND_LEAD_MATCH_H

#include "command/lead_plan.h"
#include "store/leads.h"

/* A lead that was hit. */
struct lead_hit {
	struct lead_row row;
	struct record record;
	uint32_t member;
	int64_t kinds; /* bits of the identifier kinds that hit it */
};

struct lead_match {
	struct arena *arena;
	struct db *db;
	int64_t workspace;
	struct lead_hit *hits[IDENTIFIER_GIVEN_MAX + 1];
	size_t hit_count;
	int64_t owners[IDENTIFIER_GIVEN_MAX]; /* lead number per given identifier; 0: free */
	struct resolve_answer answer;
	const enum resolve_fate *fates; /* per given identifier of the plan */
	struct lead_hit *chosen;        /* NULL: create */
	int64_t matched;                /* kinds that hit the chosen one */
	struct text candidates;         /* after a conflict */
};

/* Look up and decide; on a conflict `out->candidates` is filled too. */
MUST_USE enum err_code lead_match_find(struct arena *arena, struct db *db, int64_t workspace,
				       const struct lead_plan *plan, struct lead_match *out,
				       struct err *err);

/* Read one lead by id, as a hit. */
MUST_USE enum err_code lead_match_by_id(struct arena *arena, struct db *db, int64_t workspace,
					struct uuid id, struct lead_hit **out, struct err *err);

/* [{"lead_id":…,"matched_by":[…]}] of the hits whose lead is not `except` (0: all). */
struct text lead_match_candidates(struct arena *arena, const struct lead_match *match,
				  int64_t except);

#endif
