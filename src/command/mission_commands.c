#include "command/mission_commands.h"

#include "json/scan.h"
#include "store/members.h"
#include "store/missions.h"

#define PAGE_DEFAULT 50
#define CURSOR_LETTER 'm'
#define BRIEF_BYTES_MAX REPLY_BYTES_MAX

/*
 * Bits 1 << enum status. Contacted are those who answered, wait for an answer or for the next
 * message, or said no. A lead is lost or blocked for reasons of all kinds.
 */
enum {
	REPLIED = 1 << STATUS_REPLIED | 1 << STATUS_INTERESTED | 1 << STATUS_QUALIFIED |
		  1 << STATUS_MEETING_BOOKED | 1 << STATUS_CONVERTED,
	CONTACTED = REPLIED | 1 << STATUS_CONTACTED | 1 << STATUS_WAITING | 1 << STATUS_FOLLOW_UP |
		    1 << STATUS_NOT_INTERESTED,
	ANY_STATUS = (1 << STATUS_COUNT) - 1
};

/* What a call about one mission says. */
struct plan {
	struct uuid id;
	struct text name; /* absent: none given, like status */
	struct text status;
	const json_t *brief; /* NULL: none given */
};

static const struct {
	const char *name;
	const char *empty; /* JSON */
} brief_members[] = {
	{"description", "\"\""},       {"target_audience", "\"\""},
	{"desired_action", "\"\""},    {"cta_url", "\"\""},
	{"tone_instructions", "\"\""}, {"example_messages", "[]"},
	{"offer_id", "\"\""},          {"offer_name", "\"\""},
	{"offer_summary", "\"\""},     {"offer_landing_page_url", "\"\""},
};

/* All members in order: from `input` (may be NULL), else from the stored `brief`, else empty. */
static void write_brief(struct writer *writer, struct text brief, const json_t *input)
{
	writer_begin_object(writer);
	for (size_t i = 0; i < ARRAY_LEN(brief_members); i++) {
		const json_t *given = json_object_get(input, brief_members[i].name);
		struct text stored = scan_member(brief, text_of(brief_members[i].name));

		writer_key(writer, text_of(brief_members[i].name));
		if (given)
			writer_value(writer, given);
		else
			writer_raw(writer, stored.ptr ? stored : text_of(brief_members[i].empty));
	}
	writer_end_object(writer);
}

/* The stored brief with the members of `input` in it. */
static enum err_code merge_brief(struct arena *arena, struct text brief, const json_t *input,
				 struct text *out, struct err *err)
{
	struct buf buf;
	struct writer writer = writer_on(&buf);

	buf_init_arena(&buf, arena, BRIEF_BYTES_MAX);
	write_brief(&writer, brief, input);
	if (buf.failed)
		return err_memory(err);
	*out = buf_text(&buf);
	return ERR_OK;
}

static int64_t sum(const int64_t counts[STATUS_COUNT], int statuses)
{
	int64_t total = 0;

	for (int status = 0; status < STATUS_COUNT; status++) {
		if (statuses & 1 << status)
			total += counts[status];
	}
	return total;
}

static void write_stats(struct writer *writer, const int64_t counts[STATUS_COUNT])
{
	writer_begin_object(writer);
	writer_member_int(writer, "leads", sum(counts, ANY_STATUS));
	writer_member_int(writer, "contacted", sum(counts, CONTACTED));
	writer_member_int(writer, "replied", sum(counts, REPLIED));
	writer_end_object(writer);
}

static enum err_code write_mission(struct call *call, struct db *db, struct writer *writer,
				   const struct mission_row *mission, struct err *err)
{
	char id[UUID_TEXT_LEN + 1], updated[CLOCK_TEXT_LEN + 1];
	const struct members_group group = {MEMBERS_OF_MISSION, call->caller.workspace,
					    mission->id};
	int64_t counts[STATUS_COUNT];

	if (members_count(db, &group, counts, err) != ERR_OK)
		return err->code;
	uuid_format(mission->id, id);
	clock_format(mission->updated_ms, updated);
	writer_begin_object(writer);
	writer_member_text(writer, "id", text_of(id));
	writer_member_text(writer, "name", mission->name);
	writer_member_text(writer, "status", mission->active ? TEXT("active") : TEXT("archived"));
	writer_key(writer, TEXT("stats"));
	write_stats(writer, counts);
	writer_member_text(writer, "updated_at", text_of(updated));
	writer_key(writer, TEXT("brief"));
	write_brief(writer, mission->brief, NULL);
	writer_end_object(writer);
	return ERR_OK;
}

static enum err_code answer(struct call *call, struct txn *txn, const struct mission_row *mission,
			    struct err *err)
{
	struct writer writer = reply_begin(&call->reply, call->arena);

	writer_begin_object(&writer);
	writer_key(&writer, TEXT("mission"));
	if (write_mission(call, txn->db, &writer, mission, err) != ERR_OK)
		return err->code;
	writer_end_object(&writer);
	return reply_end(&call->reply) ? ERR_OK : err_memory(err);
}

/* ERR_STATE_CONFLICT when another mission than `id` has the name. */
static enum err_code check_name(struct call *call, struct db *db, struct text name, struct uuid id,
				struct err *err)
{
	struct uuid owner;

	if (missions_named(db, call->caller.workspace, name, &owner, err) != ERR_OK)
		return err->code;
	if (uuid_is(owner, (struct uuid){{0}}) || uuid_is(owner, id))
		return ERR_OK;
	return command_name_taken("mission", owner, err);
}

enum err_code mission_commands_prepare_create(struct call *call, struct err *err)
{
	struct plan *plan = arena_zero(call->arena, 1, sizeof *plan);

	if (!plan)
		return err_memory(err);
	call->plan = plan;
	plan->status = command_text(call->input, "status");
	plan->brief = json_object_get(call->input, "brief");
	return command_name(call->input, &plan->name, err);
}

enum err_code mission_commands_create(struct call *call, struct txn *txn, struct err *err)
{
	const struct plan *plan = call->plan;
	struct mission_row mission = {.id = uuid_make(&txn->ids),
				      .name = plan->name,
				      .active = !text_is(plan->status, TEXT("archived")),
				      .created_ms = txn->now_ms,
				      .updated_ms = txn->now_ms};

	if (merge_brief(call->arena, TEXT("{}"), plan->brief, &mission.brief, err) != ERR_OK ||
	    check_name(call, txn->db, mission.name, mission.id, err) != ERR_OK ||
	    txn_touch(txn, err) != ERR_OK ||
	    missions_insert(txn, call->caller.workspace, &mission, err) != ERR_OK)
		return err->code;
	call->reply.outcome = REPLY_CREATED;
	return answer(call, txn, &mission, err);
}

enum err_code mission_commands_prepare_one(struct call *call, struct err *err)
{
	if (mission_commands_prepare_create(call, err) != ERR_OK)
		return err->code;
	struct plan *plan = call->plan;

	return command_id(call->input, "mission_id", ERR_MISSION_NOT_FOUND, &plan->id, err);
}

/* The mission that the plan names, or ERR_MISSION_NOT_FOUND. */
static enum err_code read_planned(struct call *call, struct db *db, struct mission_row *out,
				  struct err *err)
{
	const struct plan *plan = call->plan;
	struct mission_row mission;
	char id[UUID_TEXT_LEN + 1];

	if (missions_read(db, call->arena, call->caller.workspace, plan->id, &mission, err) !=
	    ERR_OK)
		return err->code;
	if (!mission.name.ptr) {
		uuid_format(plan->id, id);
		return command_not_found(ERR_MISSION_NOT_FOUND, text_of(id), err);
	}
	*out = mission;
	return ERR_OK;
}

enum err_code mission_commands_get(struct call *call, struct txn *txn, struct err *err)
{
	struct mission_row mission;

	if (read_planned(call, txn->db, &mission, err) != ERR_OK)
		return err->code;
	return answer(call, txn, &mission, err);
}

/* Put what the plan says into `mission`; *out_changed names what was different, or is absent. */
static enum err_code apply_plan(struct call *call, struct mission_row *mission,
				struct text *out_changed, struct err *err)
{
	const struct plan *plan = call->plan;
	bool active = plan->status.ptr ? text_is(plan->status, TEXT("active")) : mission->active;
	struct text brief;
	struct buf buf;
	struct writer writer = writer_on(&buf);

	if (merge_brief(call->arena, mission->brief, plan->brief, &brief, err) != ERR_OK)
		return err->code;
	buf_init_arena(&buf, call->arena, 64);
	writer_begin_array(&writer);
	if (plan->name.ptr && !text_is(plan->name, mission->name)) {
		mission->name = plan->name;
		writer_text(&writer, TEXT("name"));
	}
	if (active != mission->active) {
		mission->active = active;
		writer_text(&writer, TEXT("status"));
	}
	if (!text_is(brief, mission->brief)) {
		mission->brief = brief;
		writer_text(&writer, TEXT("brief"));
	}
	writer_end_array(&writer);
	if (buf.failed)
		return err_memory(err);
	*out_changed = text_is(buf_text(&buf), TEXT("[]")) ? TEXT_NONE : buf_text(&buf);
	return ERR_OK;
}

enum err_code mission_commands_update(struct call *call, struct txn *txn, struct err *err)
{
	struct mission_row mission;
	struct text changed;

	if (read_planned(call, txn->db, &mission, err) != ERR_OK ||
	    apply_plan(call, &mission, &changed, err) != ERR_OK)
		return err->code;
	call->reply.outcome = REPLY_UNCHANGED;
	if (!changed.ptr)
		return answer(call, txn, &mission, err);
	mission.updated_ms = txn->now_ms;
	if (check_name(call, txn->db, mission.name, mission.id, err) != ERR_OK ||
	    txn_touch(txn, err) != ERR_OK ||
	    missions_update(txn, call->caller.workspace, &mission, err) != ERR_OK)
		return err->code;
	call->reply.outcome = REPLY_UPDATED;
	call->reply.changed = changed;
	return answer(call, txn, &mission, err);
}

enum err_code mission_commands_prepare_list(struct call *call, struct err *err)
{
	struct missions_walk *walk = arena_zero(call->arena, 1, sizeof *walk);
	struct text status = command_text(call->input, "status");

	if (!walk)
		return err_memory(err);
	call->plan = walk;
	walk->workspace = call->caller.workspace;
	walk->limit = (size_t)command_int(call->input, "limit", PAGE_DEFAULT);
	if (status.ptr)
		walk->which = text_is(status, TEXT("active")) ? MISSIONS_ACTIVE : MISSIONS_ARCHIVED;
	return command_cursor_id(call->input, CURSOR_LETTER, &walk->below, err);
}

enum err_code mission_commands_list(struct call *call, struct txn *txn, struct err *err)
{
	struct missions_walk walk = *(const struct missions_walk *)call->plan;
	size_t limit = walk.limit++, count; /* one more, to know whether there are more */
	struct mission_row *missions = arena_zero(call->arena, walk.limit, sizeof *missions);
	struct writer writer = reply_begin(&call->reply, call->arena);

	if (!missions)
		return err_memory(err);
	if (missions_page(txn->db, call->arena, &walk, missions, &count, err) != ERR_OK)
		return err->code;
	writer_begin_object(&writer);
	writer_key(&writer, TEXT("missions"));
	writer_begin_array(&writer);
	for (size_t i = 0; i < count && i < limit; i++) {
		if (write_mission(call, txn->db, &writer, &missions[i], err) != ERR_OK)
			return err->code;
	}
	writer_end_array(&writer);
	writer_end_object(&writer);
	if (count > limit)
		call->reply.next_cursor =
			command_cursor_id_text(call->arena, CURSOR_LETTER, missions[limit - 1].id);
	return reply_end(&call->reply) ? ERR_OK : err_memory(err);
}
