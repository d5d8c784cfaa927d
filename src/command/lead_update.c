#include "command/lead_update.h"

#include "command/lead_act.h"
#include "command/lead_groups.h"

static enum err_code check_version(const struct lead_row *row, int64_t if_version, struct err *err)
{
	if (if_version == 0 || if_version == row->version)
		return ERR_OK;
	return err_set(err, ERR_VERSION_CONFLICT, "",
		       "The lead is at version %lld, not %lld: somebody changed it. Read it again "
		       "and decide anew.",
		       (long long)row->version, (long long)if_version);
}

/* True when `given` is shown in the same field as the identifier `held` of the lead is now. */
static bool is_shown(const struct record *record, enum field_id field,
		     const struct identifier *held)
{
	struct text shown = record->values[field];

	return shown.len == held->value.len + 2 &&
	       text_is_nocase((struct text){shown.ptr + 1, shown.len - 2}, held->value);
}

static bool is_default_source(const struct identifier *identifier)
{
	return text_starts(identifier->value, TEXT("default\t"));
}

/* Whether giving (or clearing) `kind` replaces the held identifier. */
static bool is_replaced(const struct lead_act *act, const struct identifier *held,
			enum identifier_kind kind)
{
	const struct record *record = &act->out->record;

	if (identifier_space_of(kind) != identifier_space_of(held->kind))
		return false;
	switch (identifier_space_of(kind)) {
	case IDENTIFIER_BY_NUMBER:
		return true;
	case IDENTIFIER_BY_SLUG:
		return is_shown(record, FIELD_LINKEDIN, held);
	case IDENTIFIER_BY_EMAIL:
		return is_shown(record,
				kind == IDENTIFIER_EMAIL ? FIELD_EMAIL : FIELD_PERSONAL_EMAIL,
				held);
	case IDENTIFIER_BY_SOURCE:
		return act->plan->replaces_external || is_default_source(held);
	case IDENTIFIER_BY_ID:
		break;
	}
	return false;
}

static bool is_given(const struct lead_plan *plan, const struct identifier *held)
{
	for (size_t i = 0; i < plan->given_count; i++) {
		if (identifier_is(&plan->given[i], held))
			return true;
	}
	return false;
}

/* Kinds that this update gives or clears. */
static unsigned touched_kinds(const struct lead_plan *plan)
{
	unsigned kinds = plan->cleared;

	for (size_t i = 0; i < plan->given_count; i++)
		kinds |= 1u << plan->given[i].kind;
	if (plan->replaces_external)
		kinds |= 1u << IDENTIFIER_EXTERNAL;
	return kinds;
}

static void lose_replaced(struct lead_act *act)
{
	struct record *record = &act->out->record;
	unsigned kinds = touched_kinds(act->plan);
	struct identifier held[IDENTIFIER_HELD_MAX];
	size_t count = record->held_count;

	memcpy(held, record->held, count * sizeof held[0]);
	for (size_t i = 0; i < count; i++) {
		bool replaced = false;

		for (int kind = 0; kind < IDENTIFIER_KIND_COUNT && !replaced; kind++)
			replaced = (kinds & 1u << kind) &&
				   is_replaced(act, &held[i], (enum identifier_kind)kind);
		if (replaced && !is_given(act->plan, &held[i]))
			record_lose(record, &held[i], &act->diff);
	}
}

static bool has_lost_number(const struct record_diff *diff)
{
	for (size_t i = 0; i < diff->lost_count; i++) {
		if (identifier_space_of(diff->lost[i].kind) == IDENTIFIER_BY_NUMBER)
			return true;
	}
	return false;
}

/* Fields that show an identifier follow what was given or freed. */
static void show_replaced(const struct lead_act *act, struct record_input *input)
{
	const struct lead_plan *plan = act->plan;

	if (has_lost_number(&act->diff)) {
		input->values[FIELD_LN_ID] = TEXT("null");
		input->values[FIELD_SN_ID] = TEXT("null");
	}
	if (plan->cleared & 1u << IDENTIFIER_SLUG)
		input->values[FIELD_LINKEDIN] = TEXT("null");
	if (plan->cleared & 1u << IDENTIFIER_EMAIL)
		input->values[FIELD_EMAIL] = TEXT("null");
	if (plan->cleared & 1u << IDENTIFIER_PERSONAL_EMAIL)
		input->values[FIELD_PERSONAL_EMAIL] = TEXT("null");
	for (size_t i = 0; i < plan->given_count; i++) {
		if (plan->shown_as[i] != FIELD_COUNT)
			input->values[plan->shown_as[i]] = plan->shown[i];
	}
}

/*
 * An identifier that somebody else has cannot be given to this lead. A role mailbox makes no
 * conflict: it is shown here and stays with who has it (bits of *out_left).
 */
static enum err_code check_free(struct lead_act *act, int64_t no, unsigned *out_left,
				struct err *err)
{
	struct lead_match match = {.hit_count = 0};

	for (size_t i = 0; i < act->plan->given_count; i++) {
		int64_t owner;

		if (leads_owner(act->txn->db, act->by->workspace, &act->plan->keys[i], &owner,
				err) != ERR_OK)
			return err->code;
		if (owner == 0 || owner == no)
			continue;
		if (act->plan->given[i].weak) {
			*out_left |= 1u << i;
			continue;
		}
		struct lead_hit *hit = arena_zero(act->arena, 1, sizeof *hit);

		if (!hit)
			return err_memory(err);
		if (leads_read(act->txn->db, act->arena, act->by->workspace, owner, &hit->row,
			       err) != ERR_OK)
			return err->code;
		hit->kinds = (int64_t)1 << act->plan->given[i].kind;
		match.hits[match.hit_count++] = hit;
	}
	if (match.hit_count == 0)
		return ERR_OK;
	act->out->candidates = lead_match_candidates(act->arena, &match, 0);
	return err_set(err, ERR_IDENTITY_CONFLICT, act->plan->given[0].pointer,
		       "An identifier belongs to another lead (see candidates). Take it from that "
		       "lead first, or leave it out.");
}

static enum err_code gain_given(struct lead_act *act, unsigned left, struct err *err)
{
	for (size_t i = 0; i < act->plan->given_count; i++) {
		if (!(left & 1u << i) &&
		    record_gain(&act->out->record, &act->plan->given[i], &act->diff, err) != ERR_OK)
			return err->code;
	}
	return ERR_OK;
}

enum err_code lead_update_run(struct arena *arena, struct txn *txn, const struct lead_writer *by,
			      const struct lead_plan *plan, struct lead_outcome *out,
			      struct err *err)
{
	struct lead_act act = {.arena = arena, .txn = txn, .by = by, .out = out};
	struct record_input input = plan->input;
	struct lead_hit *hit;
	unsigned left = 0;

	lead_act_init(&act, plan);
	if (lead_match_by_id(arena, txn->db, by->workspace, plan->lead_id, &hit, err) != ERR_OK ||
	    check_version(&hit->row, plan->if_version, err) != ERR_OK)
		return err->code;
	lead_act_begin(&act, hit);
	out->matched = (int64_t)1 << IDENTIFIER_LEAD_ID;
	if (check_free(&act, hit->row.no, &left, err) != ERR_OK)
		return err->code;
	lose_replaced(&act);
	input.observed_ms = act.observed_ms;
	if (gain_given(&act, left, err) != ERR_OK)
		return err->code;
	show_replaced(&act, &input);
	if (lead_act_apply(&act, &input, err) != ERR_OK)
		return err->code;
	return lead_act_finish(&act, NULL, err);
}

/* The identifiers become free; the document keeps them no more, the history does. */
static void lose_all(struct lead_act *act)
{
	struct record *record = &act->out->record;

	while (record->held_count > 0)
		record_lose(record, &record->held[record->held_count - 1], &act->diff);
}

static enum err_code store_deleted(struct lead_act *act, struct err *err)
{
	struct lead_row *row = &act->out->row;

	if (txn_touch(act->txn, err) != ERR_OK ||
	    lead_act_change(act, CHANGE_DELETED, &act->out->record, &act->diff, row, err) !=
		    ERR_OK ||
	    leads_delete(act->txn, row, err) != ERR_OK ||
	    lead_act_give_up(act, row->no, err) != ERR_OK)
		return err->code;
	return lead_groups_leave_all(act, row->no, err);
}

enum err_code lead_update_delete(struct arena *arena, struct txn *txn, const struct lead_writer *by,
				 const struct lead_plan *plan, struct lead_outcome *out,
				 struct err *err)
{
	struct lead_act act = {.arena = arena, .txn = txn, .by = by, .out = out};
	struct lead_hit *hit;

	lead_act_init(&act, plan);
	if (lead_match_by_id(arena, txn->db, by->workspace, plan->lead_id, &hit, err) != ERR_OK ||
	    check_version(&hit->row, plan->if_version, err) != ERR_OK)
		return err->code;
	lead_act_begin(&act, hit);
	out->matched = (int64_t)1 << IDENTIFIER_LEAD_ID;
	lose_all(&act);
	out->row.version++;
	out->row.deleted_ms = txn->now_ms;
	out->outcome = REPLY_UPDATED;
	if (lead_act_doc(arena, &out->record, &out->row.doc, err) != ERR_OK)
		return err->code;
	return store_deleted(&act, err);
}
