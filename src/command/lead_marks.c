#include "command/lead_marks.h"

#include "command/chatbot_find.h"
#include "command/command.h"
#include "json/scan.h"
#include "store/defaults.h"

static const struct uuid no_stage;

/* *out: whether `id` is a stage that leads can be in. */
static enum err_code is_stage(struct lead_act *act, struct uuid id, bool *out, struct err *err)
{
	struct entry_row entry;

	if (entries_read(lead_act_around(act), act->arena,
			 (struct entry_ref){act->by->workspace, ENTRY_STAGE, id}, &entry,
			 err) != ERR_OK)
		return err->code;
	*out = entry.doc.ptr && entry.scope == ENTRY_OF_LEADS;
	return ERR_OK;
}

/* The stage that the lead is shown in; none: New. */
static enum err_code shown_stage(struct lead_act *act, struct uuid *out, struct err *err)
{
	struct text value = act->out->record.values[FIELD_STAGE_ID];
	struct uuid stage;
	bool exists = false;

	if (value.ptr && uuid_parse(scan_string(act->arena, value), &stage) &&
	    is_stage(act, stage, &exists, err) != ERR_OK)
		return err->code;
	*out = exists ? stage : no_stage;
	return ERR_OK;
}

/* The stage that the plan wants; none: New, which is not written down. */
static enum err_code wanted_stage(struct lead_act *act, struct uuid *out, struct err *err)
{
	struct uuid stage = act->plan->stage;
	struct workspace_defaults defaults;
	char text[UUID_TEXT_LEN + 1];
	bool exists = true;

	if (defaults_read(lead_act_around(act), act->by->workspace, &defaults, err) != ERR_OK)
		return err->code;
	if (uuid_is(stage, defaults.stage_new))
		stage = no_stage;
	else if (!uuid_is(stage, no_stage) && is_stage(act, stage, &exists, err) != ERR_OK)
		return err->code;
	if (!exists) {
		uuid_format(stage, text);
		command_not_found(ERR_STAGE_NOT_FOUND, text_of(text), err);
		snprintf(err->pointer, sizeof err->pointer, "/stage_id");
		return err->code;
	}
	*out = stage;
	return ERR_OK;
}

static enum err_code apply_stage(struct lead_act *act, struct err *err)
{
	struct record *record = &act->out->record;
	struct uuid shown, wanted;
	struct text value = TEXT_NONE;
	char text[UUID_TEXT_LEN + 1];

	if (shown_stage(act, &shown, err) != ERR_OK || wanted_stage(act, &wanted, err) != ERR_OK)
		return err->code;
	if (uuid_is(shown, wanted) ||
	    (act->plan->input.mode == RECORD_FILL && !uuid_is(shown, no_stage)))
		return ERR_OK;
	if (record->seen_ms[FIELD_STAGE_ID] > act->observed_ms) {
		act->diff.kept_newer[FIELD_STAGE_ID] = true;
		return ERR_OK;
	}
	uuid_format(wanted, text);
	if (!uuid_is(wanted, no_stage)) {
		value = arena_format(act->arena, "\"%s\"", text);
		if (!value.ptr)
			return err_memory(err);
	}
	record_set(record, FIELD_STAGE_ID, value, act->observed_ms, &act->diff);
	return ERR_OK;
}

static enum err_code apply_chatbot(struct lead_act *act, struct err *err)
{
	struct record *record = &act->out->record;
	struct text now = record->values[FIELD_CHATBOT_ID], wanted = act->plan->chatbot;
	struct text id = scan_string(act->arena, wanted);

	if (now.ptr) {
		if (!text_is(now, wanted))
			lead_act_warn(act->out,
				      TEXT("The lead came from another chatbot already, which "
					   "stays its chatbot_id."));
		return ERR_OK;
	}
	if (!id.ptr)
		return err_memory(err);
	if (chatbot_find_ensure(act->txn, act->arena, act->by->workspace, id, err) != ERR_OK)
		return err->code;
	record_set(record, FIELD_CHATBOT_ID, wanted, act->observed_ms, &act->diff);
	return ERR_OK;
}

enum err_code lead_marks_apply(struct lead_act *act, struct err *err)
{
	if (act->plan->has_stage && apply_stage(act, err) != ERR_OK)
		return err->code;
	return act->plan->chatbot.ptr ? apply_chatbot(act, err) : ERR_OK;
}
