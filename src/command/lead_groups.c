#include "command/lead_groups.h"

#include "command/lead_known.h"
#include "json/scan.h"
#include "store/defaults.h"
#include "store/lists.h"
#include "store/members.h"
#include "store/missions.h"

typedef enum err_code member_change(struct txn *txn, const struct members_group *group, int64_t no,
				    enum status status, struct err *err);

/* The JSON array of ids in `value` holds the quoted `id`. */
static bool holds_id(struct text value, const char *quoted)
{
	return value.ptr && memmem(value.ptr, value.len, quoted, strlen(quoted)) != NULL;
}

static enum err_code join_group(struct lead_act *act, enum field_id field, struct uuid id,
				struct err *err)
{
	struct record *record = &act->out->record;
	struct text now = record->values[field], next;
	char text[UUID_TEXT_LEN + 1], quoted[UUID_TEXT_LEN + 3];

	uuid_format(id, text);
	snprintf(quoted, sizeof quoted, "\"%s\"", text);
	if (holds_id(now, quoted))
		return ERR_OK;
	if (now.ptr && now.len / sizeof quoted >= (size_t)field_rows[field].max)
		return err_set(err, ERR_INVALID_INPUT, "", "A lead can be in %d %s at most.",
			       field_rows[field].max, field_rows[field].name.ptr);
	next = now.ptr ? arena_format(act->arena, "%.*s,%s]", (int)now.len - 1, now.ptr, quoted)
		       : arena_format(act->arena, "[%s]", quoted);
	if (!next.ptr)
		return err_memory(err);
	record_set(record, field, next, act->observed_ms, &act->diff);
	return ERR_OK;
}

static enum err_code leave_group(struct lead_act *act, enum field_id field, struct uuid id,
				 struct err *err)
{
	struct record *record = &act->out->record;
	struct text now = record->values[field];
	char text[UUID_TEXT_LEN + 1], quoted[UUID_TEXT_LEN + 3];
	struct buf buf;

	uuid_format(id, text);
	snprintf(quoted, sizeof quoted, "\"%s\"", text);
	const char *at = now.ptr ? memmem(now.ptr, now.len, quoted, strlen(quoted)) : NULL;

	if (!at)
		return ERR_OK;
	size_t before = (size_t)(at - now.ptr), after = before + strlen(quoted);

	if (now.ptr[after] == ',')
		after++;
	else if (now.ptr[before - 1] == ',')
		before--;
	buf_init_arena(&buf, act->arena, now.len);
	buf_add(&buf, (struct text){now.ptr, before});
	buf_add(&buf, text_skip(now, after));
	if (buf.failed)
		return err_memory(err);
	record_set(record, field, buf.len > 2 ? buf_text(&buf) : TEXT_NONE, act->observed_ms,
		   &act->diff);
	return ERR_OK;
}

static enum err_code require_group(struct lead_act *act, bool mission, struct uuid id,
				   struct err *err)
{
	char text[UUID_TEXT_LEN + 1];
	bool exists;
	enum err_code code =
		mission ? missions_exists(lead_act_around(act), act->by->workspace, id, &exists,
					  err)
			: lists_exists(lead_act_around(act), act->by->workspace, id, &exists, err);

	if (code != ERR_OK || exists)
		return code;
	uuid_format(id, text);
	return command_not_found(mission ? ERR_MISSION_NOT_FOUND : ERR_LIST_NOT_FOUND,
				 text_of(text), err);
}

static enum err_code join_list(struct lead_act *act, struct uuid list, struct err *err)
{
	if (require_group(act, false, list, err) != ERR_OK)
		return err->code;
	return join_group(act, FIELD_LISTS, list, err);
}

/* The list that the lead is shown on: the first, or the Inbox (which a new one is to join). */
static enum err_code home_of(struct lead_act *act, bool *out_is_first, struct uuid *out,
			     struct err *err)
{
	struct text lists = act->out->record.values[FIELD_LISTS], key, value;
	struct scan scan = scan_of(lists.ptr ? lists : TEXT("[]"));
	struct workspace_defaults defaults = {.inbox = {{0}}};

	*out_is_first = scan_next(&scan, &key, &value) &&
			uuid_parse(scan_string(act->arena, value), out);
	if (*out_is_first)
		return ERR_OK;
	if (!act->is_new &&
	    defaults_read(lead_act_around(act), act->by->workspace, &defaults, err) != ERR_OK)
		return err->code;
	*out = defaults.inbox;
	return ERR_OK;
}

/* The plan's list comes in the place of the home list. */
static enum err_code move_home(struct lead_act *act, struct err *err)
{
	struct record *record = &act->out->record;
	struct uuid home, wanted = act->plan->home;
	char text[UUID_TEXT_LEN + 1];
	bool is_first;

	if (require_group(act, false, wanted, err) != ERR_OK ||
	    home_of(act, &is_first, &home, err) != ERR_OK)
		return err->code;
	if (uuid_is(home, wanted))
		return ERR_OK;
	if ((is_first && leave_group(act, FIELD_LISTS, home, err) != ERR_OK) ||
	    leave_group(act, FIELD_LISTS, wanted, err) != ERR_OK)
		return err->code;
	struct text rest = record->values[FIELD_LISTS];

	uuid_format(wanted, text);
	struct text next = rest.ptr ? arena_format(act->arena, "[\"%s\",%.*s", text,
						   (int)rest.len - 1, rest.ptr + 1)
				    : arena_format(act->arena, "[\"%s\"]", text);

	if (!next.ptr)
		return err_memory(err);
	record_set(record, FIELD_LISTS, next, act->observed_ms, &act->diff);
	return ERR_OK;
}

static bool touches_lists(const struct lead_act *act)
{
	const struct lead_plan *plan = act->plan;

	return plan->has_list || plan->leaves_list || plan->moves_home ||
	       act->diff.changed[FIELD_STATUS];
}

/* Lists that were deleted leave the document; the table of members forgets them by itself. */
static enum err_code drop_deleted(struct lead_act *act, struct err *err)
{
	struct text *lists = &act->out->record.values[FIELD_LISTS];
	struct lead_known *known;

	if (!lists->ptr || !touches_lists(act))
		return ERR_OK;
	known = arena_take(act->arena, sizeof *known);
	if (!known)
		return err_memory(err);
	lead_known_init(known, act->arena, lead_act_around(act), act->by->workspace);
	return lead_known_left(known, LEAD_KNOWN_LIST, *lists, lists, err);
}

enum err_code lead_groups_apply(struct lead_act *act, struct err *err)
{
	const struct lead_plan *plan = act->plan;

	if (drop_deleted(act, err) != ERR_OK)
		return err->code;
	act->lists = act->out->record.values[FIELD_LISTS];
	act->missions = act->out->record.values[FIELD_MISSIONS];
	if ((plan->moves_home && move_home(act, err) != ERR_OK) ||
	    (plan->has_list && join_list(act, plan->list, err) != ERR_OK) ||
	    (plan->has_list_if_new && act->is_new &&
	     join_list(act, plan->list_if_new, err) != ERR_OK))
		return err->code;
	if (plan->has_mission && (require_group(act, true, plan->mission, err) != ERR_OK ||
				  join_group(act, FIELD_MISSIONS, plan->mission, err) != ERR_OK))
		return err->code;
	return plan->leaves_list ? leave_group(act, FIELD_LISTS, plan->list_left, err) : ERR_OK;
}

static struct members_group group_of(const struct lead_act *act, enum field_id field,
				     struct uuid id)
{
	return (struct members_group){.kind = field == FIELD_LISTS ? MEMBERS_OF_LIST
								   : MEMBERS_OF_MISSION,
				      .workspace = act->by->workspace,
				      .id = id};
}

/* The next list or mission of the record; false at the end. */
static bool next_group(struct lead_act *act, struct scan *scan, struct uuid *out)
{
	struct text key, value;

	while (scan_next(scan, &key, &value)) {
		if (uuid_parse(scan_string(act->arena, value), out))
			return true;
	}
	return false;
}

/* The counts of every list or mission follow the lead's status. */
static enum err_code move_groups(struct lead_act *act, enum field_id field, enum status before,
				 struct err *err)
{
	struct scan scan = scan_of(act->out->record.values[field]);
	struct uuid id;

	while (next_group(act, &scan, &id)) {
		struct members_group group = group_of(act, field, id);

		if (members_move(act->txn, &group, before, act->out->row.status, err) != ERR_OK)
			return err->code;
	}
	return ERR_OK;
}

/* `change` each list or mission of `ids` that `others` does not hold. */
static enum err_code change_members(struct lead_act *act, enum field_id field, struct text ids,
				    struct text others, member_change *change, struct err *err)
{
	struct scan scan = scan_of(ids.ptr ? ids : TEXT("[]"));
	struct text key, value;
	struct uuid id;

	while (scan_next(&scan, &key, &value)) {
		if ((others.ptr && memmem(others.ptr, others.len, value.ptr, value.len)) ||
		    !uuid_parse(scan_string(act->arena, value), &id))
			continue;
		struct members_group group = group_of(act, field, id);

		if (change(act->txn, &group, act->out->row.no, act->status_before, err) != ERR_OK)
			return err->code;
	}
	return ERR_OK;
}

static enum err_code store_field(struct lead_act *act, enum field_id field, struct text before,
				 struct err *err)
{
	struct text now = act->out->record.values[field];

	/* Comings and goings count in the old status; then all that is left moves to the new. */
	if (act->diff.changed[field] &&
	    (change_members(act, field, now, before, members_add, err) != ERR_OK ||
	     change_members(act, field, before, now, members_remove, err) != ERR_OK))
		return err->code;
	if (act->status_before == act->out->row.status)
		return ERR_OK;
	return move_groups(act, field, act->status_before, err);
}

enum err_code lead_groups_store(struct lead_act *act, struct err *err)
{
	if (store_field(act, FIELD_LISTS, act->lists, err) != ERR_OK)
		return err->code;
	return store_field(act, FIELD_MISSIONS, act->missions, err);
}

static enum err_code leave_all(struct lead_act *act, enum field_id field, int64_t no,
			       struct err *err)
{
	struct scan scan = scan_of(act->out->record.values[field]);
	struct uuid id;

	while (next_group(act, &scan, &id)) {
		struct members_group group = group_of(act, field, id);

		if (members_remove(act->txn, &group, no, act->out->row.status, err) != ERR_OK)
			return err->code;
	}
	return ERR_OK;
}

enum err_code lead_groups_leave_all(struct lead_act *act, int64_t no, struct err *err)
{
	if (leave_all(act, FIELD_LISTS, no, err) != ERR_OK)
		return err->code;
	return leave_all(act, FIELD_MISSIONS, no, err);
}
