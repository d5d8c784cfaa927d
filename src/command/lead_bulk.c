#include "command/lead_bulk.h"

#include <stdio.h>
#include <stdlib.h>

#include "command/access.h"
#include "command/bulk_run.h"
#include "command/dispatch.h"
#include "command/export_commands.h"
#include "command/field_find.h"
#include "command/lead_commands.h"
#include "command/lead_select.h"
#include "command/lead_update.h"
#include "store/entries.h"
#include "store/lists.h"

/* What an action takes. */
enum need { NEED_NOTHING, NEED_TAGS, NEED_LIST, NEED_STAGE, NEED_FIELD };

struct action {
	const char *name;
	enum need need;
	const char *member; /* of lead.update, which does the work; NULL: nothing is written so */
	bool must_exist;    /* what is taken away need not */
};

static const struct action actions[] = {
	{"add_tags", NEED_TAGS, "add_tag_ids", true},
	{"remove_tags", NEED_TAGS, "remove_tag_ids", false},
	{"replace_tags", NEED_TAGS, "tag_ids", true},
	{"move_to_list", NEED_LIST, "move_to_list", true},
	{"set_stage", NEED_STAGE, "stage_id", true},
	{"set_field", NEED_FIELD, "metadata", true},
	{"mark_read", NEED_NOTHING, NULL, false},
	{"delete", NEED_NOTHING, NULL, false},
	{"export", NEED_NOTHING, NULL, false},
};

static const struct uuid none;

struct bulk {
	struct call *call;
	const struct action *action;
	struct lead_select *select;
	struct lead_writer by;
	json_t *update; /* the input of lead.update, without its lead */
	struct lead_plan *plan;
	struct lead_outcome *outcome;
	struct text export_id; /* absent: none was made */
};

static bool is_action(const struct bulk *bulk, const char *name)
{
	return strcmp(bulk->action->name, name) == 0;
}

static const struct action *find_action(struct text name)
{
	for (size_t i = 0; i < ARRAY_LEN(actions); i++) {
		if (text_is(name, text_of(actions[i].name)))
			return &actions[i];
	}
	return NULL;
}

static enum err_code check_needs(const struct action *action, const json_t *input, struct err *err)
{
	static const struct {
		const char *member, *other, *advice;
	} needs[] = {
		[NEED_TAGS] = {"tag_ids", "tag_id", "This action needs tag_id or tag_ids."},
		[NEED_LIST] = {"list_id", "list_id", "This action needs list_id."},
		[NEED_STAGE] =
			{"stage_id", "stage_id",
			 "This action needs stage_id; null puts leads back into the stage New."},
		[NEED_FIELD] = {"field_id", "field_id",
				"This action needs field_id and value; null takes the value away."},
	};
	char pointer[24];

	if (action->need == NEED_NOTHING)
		return ERR_OK;
	bool given = json_object_get(input, needs[action->need].member) ||
		     json_object_get(input, needs[action->need].other);

	if (given && (action->need != NEED_FIELD || json_object_get(input, "value")))
		return ERR_OK;
	snprintf(pointer, sizeof pointer, "/%s", given ? "value" : needs[action->need].member);
	return err_set(err, ERR_INVALID_INPUT, pointer, "%s", needs[action->need].advice);
}

/* Nothing that narrows the leads is more often a mistake than a wish. */
static enum err_code check_selection(const struct bulk *bulk, struct err *err)
{
	const json_t *input = bulk->call->input;
	bool all = command_flag(input, "all");

	if (all && (json_object_get(input, "lead_ids") || json_object_get(input, "where") ||
		    command_text(input, "query").len))
		return err_set(err, ERR_INVALID_INPUT, "/all",
			       "all means every lead, but for except_lead_ids. Leave it out where "
			       "query, where or lead_ids say which leads are meant.");
	if (!all && lead_select_is_all(bulk->select))
		return err_set(err, ERR_INVALID_INPUT, "/all",
			       "Say which leads are meant: query, where or lead_ids, or all: true "
			       "for every lead.");
	return ERR_OK;
}

/* Who may change leads may not thereby delete them. */
static enum err_code check_scope(const struct bulk *bulk, struct err *err)
{
	const struct command *delete = dispatch_find(bulk->call->desk, TEXT("lead.delete"));

	if (!is_action(bulk, "delete") ||
	    (delete &&access_allows(bulk->call->caller.scopes, delete)))
		return ERR_OK;
	return err_set(
		err, ERR_FORBIDDEN, "/action",
		"This key may not delete leads: it lacks the scope \"delete\". Use a key that "
		"has it, or make one with 'galena key create --scopes'.");
}

enum err_code lead_bulk_prepare(struct call *call, struct err *err)
{
	struct bulk *bulk = arena_zero(call->arena, 1, sizeof *bulk);

	if (!bulk)
		return err_memory(err);
	call->plan = bulk;
	bulk->call = call;
	bulk->action = find_action(command_text(call->input, "action"));
	bulk->by = lead_commands_writer(call);
	if (!bulk->action)
		return err_set(err, ERR_INVALID_INPUT, "/action", "There is no such action.");
	if (check_needs(bulk->action, call->input, err) != ERR_OK ||
	    lead_select_parse(call->arena, call->caller.workspace, call->input, &bulk->select,
			      err) != ERR_OK ||
	    check_selection(bulk, err) != ERR_OK)
		return err->code;
	return check_scope(bulk, err);
}

static enum err_code missing(enum err_code code, const char *member, struct text id,
			     struct err *err)
{
	command_not_found(code, id, err);
	snprintf(err->pointer, sizeof err->pointer, "/%s", member);
	return err->code;
}

/* The entry of `kind` that the text is the id of must exist. */
static enum err_code check_entry(const struct bulk *bulk, struct db *db, enum entry_kind kind,
				 struct text id, struct err *err)
{
	struct entry_row entry = {.doc = TEXT_NONE};
	struct uuid uuid;
	bool tag = kind == ENTRY_TAG;

	if (uuid_parse(id, &uuid) &&
	    entries_read(db, bulk->call->arena, (struct entry_ref){bulk->by.workspace, kind, uuid},
			 &entry, err) != ERR_OK)
		return err->code;
	if (!entry.doc.ptr)
		return missing(tag ? ERR_TAG_NOT_FOUND : ERR_STAGE_NOT_FOUND,
			       tag ? "tag_ids" : "stage_id", id, err);
	if (!tag && entry.scope != ENTRY_OF_LEADS)
		return err_set(err, ERR_INVALID_INPUT, "/stage_id",
			       "This stage is for companies. Send the id of one for leads.");
	return ERR_OK;
}

/* tag_ids, and tag_id behind them. */
static enum err_code take_tags(struct bulk *bulk, struct db *db, struct err *err)
{
	const json_t *ids = json_object_get(bulk->call->input, "tag_ids");
	json_t *one = json_object_get(bulk->call->input, "tag_id");
	json_t *all = ids ? json_copy((json_t *)ids) : json_array();

	if (!all || (one && json_array_append(all, one) != 0) ||
	    json_object_set_new(bulk->update, bulk->action->member, all) != 0)
		return err_memory(err);
	for (size_t i = 0; bulk->action->must_exist && i < json_array_size(all); i++) {
		struct text id = text_of(json_string_value(json_array_get(all, i)));

		if (check_entry(bulk, db, ENTRY_TAG, id, err) != ERR_OK)
			return err->code;
	}
	return ERR_OK;
}

static enum err_code take_list(struct bulk *bulk, struct db *db, struct err *err)
{
	struct text text = command_text(bulk->call->input, "list_id");
	bool exists = false;
	struct uuid id;

	if (uuid_parse(text, &id) &&
	    lists_exists(db, bulk->by.workspace, id, &exists, err) != ERR_OK)
		return err->code;
	if (!exists)
		return missing(ERR_LIST_NOT_FOUND, "list_id", text, err);
	return json_object_set(bulk->update, bulk->action->member,
			       json_object_get(bulk->call->input, "list_id")) == 0
		       ? ERR_OK
		       : err_memory(err);
}

static enum err_code take_stage(struct bulk *bulk, struct db *db, struct err *err)
{
	json_t *stage = json_object_get(bulk->call->input, "stage_id");
	struct text id = command_text(bulk->call->input, "stage_id");

	if (json_is_string(stage) && check_entry(bulk, db, ENTRY_STAGE, id, err) != ERR_OK)
		return err->code;
	return json_object_set(bulk->update, bulk->action->member, stage) == 0 ? ERR_OK
									       : err_memory(err);
}

static enum err_code take_field(struct bulk *bulk, struct db *db, struct err *err)
{
	struct text text = command_text(bulk->call->input, "field_id");
	struct field_known field = {.name = TEXT_NONE};
	json_t *metadata = json_object();
	struct uuid id;

	if (!metadata || json_object_set_new(bulk->update, bulk->action->member, metadata) != 0)
		return err_memory(err);
	if (uuid_parse(text, &id) &&
	    field_find_read(db, bulk->call->arena, bulk->by.workspace, id, &field, err) != ERR_OK)
		return err->code;
	if (!field.name.ptr)
		return missing(ERR_FIELD_NOT_FOUND, "field_id", text, err);
	if (field.scope != ENTRY_OF_LEADS)
		return err_set(err, ERR_INVALID_INPUT, "/field_id",
			       "This field is for companies. Send the id of one for leads.");
	return json_object_setn(metadata, field.key.ptr, field.key.len,
				json_object_get(bulk->call->input, "value")) == 0
		       ? ERR_OK
		       : err_memory(err);
}

static enum err_code take_change(struct bulk *bulk, struct db *db, struct err *err)
{
	switch (bulk->action->need) {
	case NEED_TAGS:
		return take_tags(bulk, db, err);
	case NEED_LIST:
		return take_list(bulk, db, err);
	case NEED_STAGE:
		return take_stage(bulk, db, err);
	case NEED_FIELD:
		return take_field(bulk, db, err);
	case NEED_NOTHING:
		break;
	}
	return ERR_OK;
}

/* The one plan that is carried out for each lead. */
static enum err_code make_plan(struct bulk *bulk, struct db *db, struct err *err)
{
	const struct lead_control control = {.policy = RESOLVE_REJECT};
	struct arena *arena = bulk->call->arena;

	bulk->plan = arena_zero(arena, 1, sizeof *bulk->plan);
	bulk->outcome = arena_zero(arena, 1, sizeof *bulk->outcome);
	/* Stands for the id of each lead in turn. */
	bulk->update = json_pack("{s:s}", "lead_id", "00000000-0000-0000-0000-000000000000");
	if (!bulk->plan || !bulk->outcome || !bulk->update)
		return err_memory(err);
	if (take_change(bulk, db, err) != ERR_OK)
		return err->code;
	return lead_plan_update(arena, bulk->update, &control, bulk->plan, err);
}

static enum err_code write_lead(void *state, struct txn *txn, struct arena *arena, int64_t number,
				struct bulk_step *out, struct err *err)
{
	struct bulk *bulk = state;
	struct lead_outcome *outcome = bulk->outcome;

	if (leads_id(txn->db, bulk->by.workspace, number, &out->id, err) != ERR_OK)
		return err->code;
	if (uuid_is(out->id, none))
		return ERR_OK;
	bulk->plan->lead_id = out->id;
	enum err_code code =
		is_action(bulk, "delete")
			? lead_update_delete(arena, txn, &bulk->by, bulk->plan, outcome, err)
			: lead_update_run(arena, txn, &bulk->by, bulk->plan, outcome, err);

	if (code == ERR_OK)
		out->result = outcome->outcome == REPLY_UNCHANGED ? BULK_UNCHANGED : BULK_CHANGED;
	return code;
}

/* Actions that change no lead: all that are meant are done. */
static enum err_code note_all(struct bulk *bulk, struct txn *txn, struct bulk_run *run,
			      struct err *err)
{
	size_t max = run->count < run->done_max ? run->count : run->done_max;

	run->done = calloc(max + 1, sizeof *run->done);
	if (!run->done)
		return err_memory(err);
	for (size_t i = 0; i < max; i++) {
		struct uuid *id = &run->done[run->done_count];

		if (leads_id(txn->db, bulk->by.workspace, run->numbers[i], id, err) != ERR_OK)
			return err->code;
		run->done_count += !uuid_is(*id, none);
	}
	run->results[BULK_UNCHANGED] = run->count;
	return ERR_OK;
}

/* What a failure in the middle leaves behind is told with it. */
static enum err_code tell_how_far(const struct bulk_run *run, struct err *err)
{
	const struct err why = *err;

	err_set(err, why.code, why.pointer,
		"%zu of %zu leads were done and stay so, then: %.200s Do it again for the rest; "
		"what is done does not change twice.",
		run->at, run->count, why.message);
	memcpy(err->detail, why.detail, sizeof err->detail);
	return err->code;
}

static void warn_refused(struct bulk *bulk, const struct bulk_run *run)
{
	for (size_t i = 0; i < run->results[BULK_REFUSED] && i < BULK_REASONS_MAX; i++) {
		char id[UUID_TEXT_LEN + 1];

		uuid_format(run->why_id[i], id);
		reply_warn(&bulk->call->reply,
			   arena_format(bulk->call->arena, "Lead %s was left as it is: %s", id,
					run->why[i].message));
	}
	if (run->results[BULK_UNCHANGED] + run->results[BULK_CHANGED] > run->done_count)
		reply_warn(&bulk->call->reply,
			   arena_format(bulk->call->arena,
					"lead_ids names the first %zu of them; count is right.",
					run->done_count));
}

static enum err_code answer(struct bulk *bulk, const struct bulk_run *run, struct err *err)
{
	struct call *call = bulk->call;
	struct writer writer = reply_begin(&call->reply, call->arena);
	size_t changed = run->results[BULK_CHANGED];
	size_t count = run->results[BULK_UNCHANGED] + changed;
	char id[UUID_TEXT_LEN + 1];

	writer_begin_object(&writer);
	writer_member_text(&writer, "action", text_of(bulk->action->name));
	writer_member_int(&writer, "count", (int64_t)count);
	writer_member_int(&writer, "changed", (int64_t)changed);
	writer_member_int(&writer, "refused", (int64_t)run->results[BULK_REFUSED]);
	writer_key(&writer, TEXT("lead_ids"));
	writer_begin_array(&writer);
	for (size_t i = 0; i < run->done_count; i++) {
		uuid_format(run->done[i], id);
		writer_text(&writer, text_of(id));
	}
	writer_end_array(&writer);
	if (bulk->export_id.ptr)
		writer_member_text(&writer, "export_id", bulk->export_id);
	writer_end_object(&writer);
	call->reply.outcome = changed ? REPLY_UPDATED : REPLY_UNCHANGED;
	if (bulk->export_id.ptr)
		call->reply.outcome = REPLY_CREATED;
	warn_refused(bulk, run);
	return reply_end(&call->reply) ? ERR_OK : err_memory(err);
}

/* The leads that are meant are known: do it. */
static enum err_code act(struct bulk *bulk, struct txn *txn, struct bulk_run *run, struct err *err)
{
	bool writes = bulk->action->member || is_action(bulk, "delete");

	if (is_action(bulk, "export") &&
	    export_commands_make(bulk->call, (int64_t)run->count, &bulk->export_id, err) != ERR_OK)
		return err->code;
	if (!writes)
		return note_all(bulk, txn, run, err);
	if (make_plan(bulk, txn->db, err) != ERR_OK)
		return err->code;
	/* A snapshot that is held keeps the log from being moved. */
	db_rollback(txn->db);
	return bulk_run_all(run, err) == ERR_OK ? ERR_OK : tell_how_far(run, err);
}

enum err_code lead_bulk_execute(struct call *call, struct txn *txn, struct err *err)
{
	struct bulk *bulk = call->plan;
	struct engine *engine = dispatch_engine(call->desk);
	struct lead_select_all all = {.numbers = NULL};
	struct bulk_run run = {.engine = engine,
			       .done_max = LEAD_BULK_IDS_MAX,
			       .step = write_lead,
			       .state = bulk};

	if (bulk_run_reach(engine, txn, err) != ERR_OK ||
	    lead_select_collect(bulk->select, txn, LEAD_BULK_MAX, &all, err) != ERR_OK)
		return err->code;
	run.numbers = all.numbers;
	run.count = all.count;
	enum err_code code = act(bulk, txn, &run, err);

	bool seen = code != ERR_OK || run.results[BULK_CHANGED] == 0 ||
		    bulk_run_settle(engine, txn);

	if (code == ERR_OK)
		code = answer(bulk, &run, err);
	if (code == ERR_OK && !seen)
		reply_warn(&call->reply,
			   TEXT("The search index is still reading what was done, which lead.query "
				"and lead.count may not show yet."));
	bulk_run_release(&run);
	lead_select_release(&all);
	json_decref(bulk->update);
	return code;
}
