#include "command/lead_act.h"

#include "command/lead_company.h"
#include "command/lead_custom.h"
#include "command/lead_groups.h"
#include "command/lead_marks.h"
#include "command/lead_tags.h"
#include "json/scan.h"

#define DOC_BYTES_MAX ((size_t)1024 * 1024)

void lead_act_warn(struct lead_outcome *out, struct text warning)
{
	if (out->warning_count < REPLY_WARNINGS_MAX && warning.ptr)
		out->warnings[out->warning_count++] = warning;
}

static void take_warnings(const struct lead_plan *plan, struct lead_outcome *out)
{
	out->warning_count = 0;
	for (size_t i = 0; i < plan->warning_count; i++)
		lead_act_warn(out, plan->warnings[i]);
}

static void tell_kept(struct lead_act *act)
{
	if (act->diff.kept_do_not_contact)
		lead_act_warn(
			act->out,
			TEXT("The lead's status is DoNotContact and was kept; lead.update with "
			     "override_do_not_contact can change it."));
	for (int id = 0; id < FIELD_COUNT; id++) {
		if (act->diff.kept_newer[id])
			lead_act_warn(act->out, arena_format(act->arena,
							     "%s was kept: a newer value is known.",
							     field_rows[id].name.ptr));
	}
}

static struct text changed_names(struct arena *arena, const struct record_diff *diff)
{
	struct buf buf;
	struct writer writer = writer_on(&buf);

	buf_init_arena(&buf, arena, 8192);
	writer_begin_array(&writer);
	for (int id = 0; id < FIELD_COUNT; id++) {
		if (diff->changed[id])
			writer_text(&writer, field_rows[id].name);
	}
	if (diff->gained_count || diff->lost_count)
		writer_text(&writer, TEXT("identifiers"));
	writer_end_array(&writer);
	return buf_text(&buf);
}

static struct text packed(struct arena *arena, const struct identifier *list, size_t count)
{
	struct buf buf;

	if (count == 0)
		return TEXT_NONE;
	buf_init_arena(&buf, arena, 64 * 1024);
	record_pack_list(list, count, &buf);
	return buf_text(&buf);
}

/* Append the change of `record` as `diff` tells it; fills row->last_change. */
enum err_code lead_act_change(struct lead_act *act, enum change_kind kind,
			      const struct record *record, const struct record_diff *diff,
			      struct lead_row *row, struct err *err)
{
	struct buf patch;
	struct change_row change = {
		.workspace = act->by->workspace,
		.lead_no = row->no,
		.prev = row->last_change,
		.id = uuid_make(&act->txn->ids),
		.at_ms = act->txn->now_ms,
		.observed_ms = act->observed_ms,
		.kind = kind,
		.actor = act->by->actor,
		.via = act->by->via,
		.import_no = act->by->import_no,
		.import_row = act->by->import_row,
		.source = act->plan->reason.ptr
				  ? act->plan->reason
				  : scan_string(act->arena, act->plan->input.values[FIELD_SOURCE]),
		.matched = act->out->matched,
		.searchable = kind != CHANGE_UPDATED || record_is_searchable_change(diff),
		.gained = packed(act->arena, diff->gained, diff->gained_count),
		.lost = packed(act->arena, diff->lost, diff->lost_count),
	};
	char id[UUID_TEXT_LEN + 1];

	buf_init_arena(&patch, act->arena, DOC_BYTES_MAX);
	record_patch(record, diff, &patch);
	change.patch = buf_text(&patch);
	if (!change.patch.ptr)
		return err_memory(err);
	if (txn_next_change(act->txn, &change.no, err) != ERR_OK ||
	    changes_append(act->txn, &change, err) != ERR_OK)
		return err->code;
	row->last_change = change.no;
	uuid_format(change.id, id);
	act->out->change_id = arena_copy(act->arena, text_of(id));
	return act->out->change_id.ptr ? ERR_OK : err_memory(err);
}

enum err_code lead_act_doc(struct arena *arena, const struct record *record, struct text *out,
			   struct err *err)
{
	struct buf doc;

	buf_init_arena(&doc, arena, DOC_BYTES_MAX);
	record_write(record, &doc);
	if (doc.failed)
		return err_set(err, ERR_INVALID_INPUT, "",
			       "The lead would be larger than %zu bytes. Send less long text.",
			       DOC_BYTES_MAX);
	*out = buf_text(&doc);
	return ERR_OK;
}

enum err_code lead_act_free(struct lead_act *act, int64_t no, const struct record_diff *diff,
			    struct err *err)
{
	for (size_t i = 0; i < diff->lost_count; i++) {
		struct identifier_key key =
			identifier_key_of(identifier_space_of(diff->lost[i].kind),
					  diff->lost[i].value);

		if (leads_free(act->txn, act->by->workspace, &key, no, err) != ERR_OK)
			return err->code;
	}
	return ERR_OK;
}

enum err_code lead_act_give_up(struct lead_act *act, int64_t no, struct err *err)
{
	const struct record_diff *diff = &act->diff;
	bool opted_out = record_status(&act->out->record) == STATUS_DO_NOT_CONTACT;

	for (size_t i = 0; opted_out && i < diff->lost_count; i++) {
		struct identifier_key key =
			identifier_key_of(identifier_space_of(diff->lost[i].kind),
					  diff->lost[i].value);

		if (leads_suppress(act->txn, act->by->workspace, &key, err) != ERR_OK)
			return err->code;
	}
	return lead_act_free(act, no, diff, err);
}

static enum err_code claim_identifiers(struct lead_act *act, int64_t no, struct err *err)
{
	for (size_t i = 0; i < act->diff.gained_count; i++) {
		struct identifier_key key =
			identifier_key_of(identifier_space_of(act->diff.gained[i].kind),
					  act->diff.gained[i].value);

		if (leads_claim(act->txn, act->by->workspace, &key, no, err) != ERR_OK)
			return err->code;
	}
	return ERR_OK;
}

/* Store the outcome's record: a new lead, or a new version of one. */
static enum err_code store_lead(struct lead_act *act, struct err *err)
{
	struct lead_outcome *out = act->out;
	struct lead_row *row = &out->row;
	enum err_code code;

	act->status_before = row->status;

	if (act->is_new && txn_next_lead(act->txn, act->by->workspace, &row->no, err) != ERR_OK)
		return err->code;
	if (lead_act_change(act, act->is_new ? CHANGE_CREATED : CHANGE_UPDATED, &out->record,
			    &act->diff, row, err) != ERR_OK)
		return err->code;
	row->status = record_status(&out->record);
	row->updated_ms = act->txn->now_ms;
	if (act->is_new) {
		row->created_ms = act->txn->now_ms;
		act->status_before = row->status;
		code = leads_insert(act->txn, row, err);
	} else {
		code = leads_update(act->txn, row, row->status != act->status_before, err);
	}
	if (code != ERR_OK || lead_act_give_up(act, row->no, err) != ERR_OK ||
	    claim_identifiers(act, row->no, err) != ERR_OK || lead_groups_store(act, err) != ERR_OK)
		return err->code;
	return lead_company_store(act, err);
}

/* Take a slug from a lead with another member number; it moves to the one written to. */
static enum err_code take_slug(struct lead_act *act, struct lead_hit *from,
			       const struct identifier *slug, struct err *err)
{
	struct record_diff diff = {.gained_count = 0};
	struct text shown = from->record.values[FIELD_LINKEDIN];
	struct text changed = act->out->change_id;

	record_lose(&from->record, slug, &diff);
	if (shown.len == slug->value.len + 2 &&
	    memcmp(shown.ptr + 1, slug->value.ptr, slug->value.len) == 0)
		record_set(&from->record, FIELD_LINKEDIN, TEXT_NONE, act->observed_ms, &diff);
	from->row.version++;
	from->row.updated_ms = act->txn->now_ms;
	if (lead_act_doc(act->arena, &from->record, &from->row.doc, err) != ERR_OK ||
	    lead_act_change(act, CHANGE_UPDATED, &from->record, &diff, &from->row, err) != ERR_OK ||
	    leads_update(act->txn, &from->row, false, err) != ERR_OK)
		return err->code;
	act->out->change_id = changed;
	return lead_act_free(act, from->row.no, &diff, err);
}

static enum err_code move_slugs(struct lead_act *act, const struct lead_match *match, bool write,
				struct err *err)
{
	for (size_t i = 0; i < act->plan->given_count; i++) {
		if (match->fates[i] != RESOLVE_MOVED)
			continue;
		lead_act_warn(
			act->out,
			arena_format(
				act->arena,
				"The profile name %.*s belonged to another person (their LinkedIn "
				"member numbers differ) and was moved here.",
				TEXT_ARG(act->plan->given[i].value)));
		for (size_t k = 0; write && k < match->hit_count; k++) {
			if (match->hits[k]->row.no == match->owners[i] &&
			    take_slug(act, match->hits[k], &act->plan->given[i], err) != ERR_OK)
				return err->code;
		}
	}
	return ERR_OK;
}

/* Begin from the chosen lead, or from nothing. */
void lead_act_begin(struct lead_act *act, struct lead_hit *chosen)
{
	struct lead_outcome *out = act->out;

	act->is_new = !chosen;
	if (chosen) {
		out->row = chosen->row;
		out->record = chosen->record;
		return;
	}
	record_init(&out->record);
	out->row = (struct lead_row){.workspace = act->by->workspace,
				     .id = uuid_make(&act->txn->ids),
				     .created_ms = act->txn->now_ms,
				     .updated_ms = act->txn->now_ms};
}

/* Everything is decided and applied to the record: store it, unless this is a dry run. */
enum err_code lead_act_finish(struct lead_act *act, const struct lead_match *match, struct err *err)
{
	struct lead_outcome *out = act->out;
	bool write = !act->plan->control.dry_run;

	tell_kept(act);
	if (!act->is_new && !record_is_changed(&act->diff)) {
		out->outcome = REPLY_UNCHANGED;
		return ERR_OK;
	}
	out->outcome = act->is_new ? REPLY_CREATED : REPLY_UPDATED;
	out->changed = changed_names(act->arena, &act->diff);
	out->row.version++;
	if (act->by->import_no)
		record_note_import(&out->record,
				   (struct record_import){act->by->import_no, act->by->import_row});
	if (lead_act_doc(act->arena, &out->record, &out->row.doc, err) != ERR_OK)
		return err->code;
	if (write && txn_touch(act->txn, err) != ERR_OK)
		return err->code;
	if (match && move_slugs(act, match, write, err) != ERR_OK)
		return err->code;
	return write ? store_lead(act, err) : ERR_OK;
}

enum err_code lead_act_apply(struct lead_act *act, struct record_input *input, struct err *err)
{
	if (lead_tags_resolve(act, input, err) != ERR_OK ||
	    lead_custom_resolve(act, input, err) != ERR_OK ||
	    record_apply(act->arena, &act->out->record, input, &act->diff, err) != ERR_OK ||
	    lead_tags_change(act, err) != ERR_OK || lead_groups_apply(act, err) != ERR_OK)
		return err->code;
	return lead_marks_apply(act, err);
}

void lead_act_init(struct lead_act *act, const struct lead_plan *plan)
{
	memset(&act->diff, 0, sizeof act->diff);
	act->plan = plan;
	act->observed_ms = plan->control.observed_ms ? plan->control.observed_ms : act->txn->now_ms;
	act->out->candidates = TEXT_NONE;
	act->out->changed = TEXT_NONE;
	act->out->change_id = TEXT_NONE;
	act->out->matched = 0;
	take_warnings(plan, act->out);
}
