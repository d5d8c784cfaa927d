#include "command/lead_write.h"

#include "command/blacklist_check.h"
#include "command/lead_act.h"

/*
 * Which of the shown values the lead may show. One that it may not have (it belongs to somebody
 * else) is left out; a slug that it held already does not become the current one again; ids of
 * LinkedIn's surfaces and role mailboxes only fill what is empty.
 */
static void show_identifiers(const struct lead_act *act, const enum resolve_fate *fates,
			     struct record_input *input)
{
	const struct lead_plan *plan = act->plan;
	const struct record *record = &act->out->record;

	for (size_t i = 0; i < plan->given_count; i++) {
		enum field_id field = plan->shown_as[i];
		bool number = identifier_space_of(plan->given[i].kind) == IDENTIFIER_BY_NUMBER;

		if (fates[i] == RESOLVE_LEFT && number) {
			input->values[FIELD_LN_ID] = TEXT_NONE;
			input->values[FIELD_SN_ID] = TEXT_NONE;
		}
		if (field == FIELD_COUNT || fates[i] == RESOLVE_LEFT)
			continue;
		if ((number || fates[i] == RESOLVE_IGNORED ||
		     (fates[i] == RESOLVE_HELD && field == FIELD_LINKEDIN)) &&
		    record->values[field].ptr)
			continue;
		input->values[field] = plan->shown[i];
	}
}

static enum err_code gain_identifiers(struct lead_act *act, const enum resolve_fate *fates,
				      struct err *err)
{
	for (size_t i = 0; i < act->plan->given_count; i++) {
		if ((fates[i] == RESOLVE_GAINED || fates[i] == RESOLVE_MOVED) &&
		    record_gain(&act->out->record, &act->plan->given[i], &act->diff, err) != ERR_OK)
			return err->code;
	}
	return ERR_OK;
}

static void tell_left(struct lead_act *act, const struct lead_match *match)
{
	for (size_t i = 0; i < act->plan->given_count; i++) {
		const char *name = identifier_kind_name(act->plan->given[i].kind);

		if (match->fates[i] != RESOLVE_LEFT)
			continue;
		lead_act_warn(
			act->out,
			match->owners[i]
				? arena_format(act->arena,
					       "%s belongs to another lead and was left there.",
					       name)
				: arena_format(act->arena,
					       "%s is of another person than this lead and "
					       "was not taken.",
					       name));
	}
}

/*
 * An identifier that somebody gave up who is not to be contacted: whoever comes with it is the
 * same person, as far as that goes.
 */
static enum err_code obey_suppression(struct lead_act *act, const enum resolve_fate *fates,
				      struct record_input *input, struct err *err)
{
	for (size_t i = 0; i < act->plan->given_count; i++) {
		bool suppressed = false;

		if (fates[i] != RESOLVE_GAINED)
			continue;
		if (leads_suppressed(act->txn->db, act->by->workspace, &act->plan->keys[i],
				     &suppressed, err) != ERR_OK)
			return err->code;
		if (!suppressed)
			continue;
		/* Not every dialect has a word of its own for it. */
		input->dialect = STATUS_INSIDE;
		input->values[FIELD_STATUS] = status_word(STATUS_DO_NOT_CONTACT, STATUS_INSIDE);
		lead_act_warn(act->out,
			      arena_format(act->arena,
					   "The status is DoNotContact: a lead with this %s had it "
					   "before. lead.update with override_do_not_contact can "
					   "change it.",
					   identifier_kind_name(act->plan->given[i].kind)));
		return ERR_OK;
	}
	return ERR_OK;
}

static enum err_code refuse_existing(struct lead_act *act, const struct lead_match *match,
				     struct err *err)
{
	size_t i = 0;
	char id[UUID_TEXT_LEN + 1];

	while (i + 1 < act->plan->given_count && match->owners[i] != match->chosen->row.no)
		i++;
	uuid_format(match->chosen->row.id, id);
	act->out->candidates = lead_match_candidates(act->arena, match, 0);
	return err_set(err, ERR_LEAD_EXISTS,
		       act->plan->given_count ? act->plan->given[i].pointer : "",
		       "The lead %s is there already, and on_existing is refuse. Write to it with "
		       "lead.update, or leave on_existing out.",
		       id);
}

enum err_code lead_write_upsert(struct arena *arena, struct txn *txn, const struct lead_writer *by,
				const struct lead_plan *plan, struct lead_outcome *out,
				struct err *err)
{
	struct lead_act act = {.arena = arena, .txn = txn, .by = by, .out = out};
	struct record_input input = plan->input;
	struct lead_match match;

	lead_act_init(&act, plan);
	if (lead_match_find(arena, txn->db, by->workspace, plan, &match, err) != ERR_OK) {
		out->candidates = match.candidates;
		return err->code;
	}
	out->matched = match.matched;
	lead_act_begin(&act, match.chosen);
	if (match.chosen && plan->control.existing == LEAD_SKIP) {
		out->outcome = REPLY_UNCHANGED;
		return ERR_OK;
	}
	if (match.chosen && plan->control.existing == LEAD_REFUSE)
		return refuse_existing(&act, &match, err);
	if (!by->nobody_is_barred &&
	    blacklist_check(arena, lead_act_around(&act), by->workspace, plan,
			    match.chosen ? &match.chosen->record : NULL, err) != ERR_OK)
		return err->code;
	input.observed_ms = act.observed_ms;
	if (obey_suppression(&act, match.fates, &input, err) != ERR_OK)
		return err->code;
	/* Nobody observed the status that a new lead has by default: any later word wins. */
	if (act.is_new && !input.values[FIELD_STATUS].ptr)
		record_set(&out->record, FIELD_STATUS, TEXT("\"new\""), 0, &act.diff);
	show_identifiers(&act, match.fates, &input);
	tell_left(&act, &match);
	if (lead_act_apply(&act, &input, err) != ERR_OK ||
	    gain_identifiers(&act, match.fates, err) != ERR_OK)
		return err->code;
	return lead_act_finish(&act, &match, err);
}
