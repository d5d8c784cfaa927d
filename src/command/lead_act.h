/*
 * lead_act: one write about one lead under way: what lead_write and lead_update share.
 *
 * Holds    nothing; an act lives for one write, on the stack.
 * Threads  the writer.
 * Fails    as lead_write.h.
 */
#ifndef COMMAND_LEAD_ACT_H
#define COMMAND_LEAD_ACT_H

#include "command/lead_match.h"
#include "command/lead_write.h"

struct lead_act {
	struct arena *arena;
	struct txn *txn;
	const struct lead_writer *by;
	const struct lead_plan *plan;
	struct lead_outcome *out;
	struct record_diff diff;
	int64_t observed_ms;
	bool is_new;
	enum status status_before;   /* of a new lead: its own */
	struct text lists, missions; /* those of the record before the write */
};

/* Where to look up what there is beside leads. */
static inline struct db *lead_act_around(const struct lead_act *act)
{
	return act->by->around ? act->by->around : act->txn->db;
}

/* Take the plan; arena, txn, by and out are set already. */
void lead_act_init(struct lead_act *act, const struct lead_plan *plan);

/* Begin the outcome's record from a lead, or from nothing (NULL). */
void lead_act_begin(struct lead_act *act, struct lead_hit *chosen);

/*
 * Put the plan into the record: `input` (the plan's own, with the identifiers that it may show),
 * and what goes beside the profile. Tags and fields that nobody has yet are made; after a dry run
 * the caller undoes that.
 */
MUST_USE enum err_code lead_act_apply(struct lead_act *act, struct record_input *input,
				      struct err *err);

/*
 * Everything is applied to the record: store it with its change and identifiers, unless nothing
 * changed or this is a dry run. `match` (may be NULL) has the slugs that move here.
 */
MUST_USE enum err_code lead_act_finish(struct lead_act *act, const struct lead_match *match,
				       struct err *err);

/* The parts of that, for what is not an ordinary write. */
MUST_USE enum err_code lead_act_doc(struct arena *arena, const struct record *record,
				    struct text *out, struct err *err);
MUST_USE enum err_code lead_act_change(struct lead_act *act, enum change_kind kind,
				       const struct record *record, const struct record_diff *diff,
				       struct lead_row *row, struct err *err);
/* Free what the write's lead lost; of one that is not to be contacted it is remembered. */
MUST_USE enum err_code lead_act_give_up(struct lead_act *act, int64_t no, struct err *err);

MUST_USE enum err_code lead_act_free(struct lead_act *act, int64_t no,
				     const struct record_diff *diff, struct err *err);

void lead_act_warn(struct lead_outcome *out, struct text warning);

#endif
