#include "command/lead_groups.h"

#include "json/scan.h"
#include "store/lists.h"
#include "store/members.h"
#include "store/missions.h"

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
		mission ? missions_exists(act->txn->db, act->by->workspace, id, &exists, err)
			: lists_exists(act->txn->db, act->by->workspace, id, &exists, err);

	if (code != ERR_OK || exists)
		return code;
	uuid_format(id, text);
	return command_not_found(mission ? ERR_MISSION_NOT_FOUND : ERR_LIST_NOT_FOUND,
				 text_of(text), err);
}

enum err_code lead_groups_apply(struct lead_act *act, struct err *err)
{
	const struct lead_plan *plan = act->plan;

	if (plan->has_list && (require_group(act, false, plan->list, err) != ERR_OK ||
			       join_group(act, FIELD_LISTS, plan->list, err) != ERR_OK))
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

enum err_code lead_groups_store(struct lead_act *act, int64_t no, enum status before,
				struct err *err)
{
	const struct lead_plan *plan = act->plan;
	struct members_group list = group_of(act, FIELD_LISTS, plan->list);
	struct members_group left = group_of(act, FIELD_LISTS, plan->list_left);
	struct members_group mission = group_of(act, FIELD_MISSIONS, plan->mission);

	/* Comings and goings count in the old status; then all that is left moves to the new. */
	if (plan->has_list && act->diff.changed[FIELD_LISTS] &&
	    members_add(act->txn, &list, no, before, err) != ERR_OK)
		return err->code;
	if (plan->has_mission && act->diff.changed[FIELD_MISSIONS] &&
	    members_add(act->txn, &mission, no, before, err) != ERR_OK)
		return err->code;
	if (plan->leaves_list && act->diff.changed[FIELD_LISTS] &&
	    members_remove(act->txn, &left, no, before, err) != ERR_OK)
		return err->code;
	if (before == act->out->row.status)
		return ERR_OK;
	if (move_groups(act, FIELD_LISTS, before, err) != ERR_OK)
		return err->code;
	return move_groups(act, FIELD_MISSIONS, before, err);
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
