#include "command/lead_commands.h"

#include "command/dispatch.h"
#include "command/lead_context.h"
#include "command/lead_find.h"
#include "command/lead_match.h"
#include "command/lead_record.h"
#include "command/lead_update.h"
#include "command/lead_view.h"
#include "lead/email.h"
#include "store/search.h"

struct lead_writer lead_commands_writer(const struct call *call)
{
	return (struct lead_writer){.workspace = call->caller.workspace,
				    .actor = call->caller.actor,
				    .via = call->caller.via,
				    .import_no = call->import_no};
}

/* The rules of a write: the input's, and the status that came beside it. */
static enum err_code read_control(const struct call *call, struct lead_control *out,
				  struct err *err)
{
	int64_t now_ms = clock_now_ms(engine_clock(dispatch_engine(call->desk)));

	if (lead_plan_control(call->input, now_ms, out, err) != ERR_OK)
		return err->code;
	out->status = call->status;
	out->dialect = call->dialect;
	return ERR_OK;
}

/* The lead as the call's profile wants it, as a value. */
static enum err_code write_lead(struct call *call, struct db *db, const struct lead_row *row,
				const struct record *record, struct writer *writer, struct err *err)
{
	struct lead_record_page *page;

	if (call->profile != COMMAND_RECORD) {
		lead_view_write(writer, call->arena, row, record, call->profile == COMMAND_COMPACT);
		return ERR_OK;
	}
	page = arena_take(call->arena, sizeof *page);
	if (!page)
		return err_memory(err);
	lead_record_begin(page, call->arena, db, row->workspace);
	return lead_record_write(page, row, record, writer, err);
}

/* {"lead_id":…,"lead":…} and what meta says of a write. */
static enum err_code reply_lead(struct call *call, struct db *db,
				const struct lead_outcome *outcome, struct err *err)
{
	struct reply *reply = &call->reply;
	struct writer writer = reply_begin(reply, call->arena);
	char id[UUID_TEXT_LEN + 1];

	uuid_format(outcome->row.id, id);
	writer_begin_object(&writer);
	writer_member_text(&writer, "lead_id", text_of(id));
	writer_key(&writer, TEXT("lead"));
	if (write_lead(call, db, &outcome->row, &outcome->record, &writer, err) != ERR_OK)
		return err->code;
	writer_end_object(&writer);
	reply->outcome = outcome->outcome;
	reply->matched = outcome->matched;
	reply->changed = outcome->changed;
	reply->change_id = outcome->change_id;
	reply->version = outcome->row.version;
	for (size_t i = 0; i < outcome->warning_count; i++)
		reply_warn(reply, outcome->warnings[i]);
	return reply_end(reply) ? ERR_OK : err_memory(err);
}

static enum err_code take_plan(struct call *call, struct err *err)
{
	call->plan = arena_take(call->arena, sizeof(struct lead_plan));
	return call->plan ? ERR_OK : err_memory(err);
}

enum err_code lead_commands_prepare_upsert(struct call *call, struct err *err)
{
	struct lead_control control;

	if (take_plan(call, err) != ERR_OK || read_control(call, &control, err) != ERR_OK)
		return err->code;
	return lead_plan_upsert(call->arena, call->input, &control, call->plan, err);
}

static enum err_code take_outcome(struct call *call, struct lead_outcome **out, struct err *err)
{
	*out = arena_take(call->arena, sizeof **out);
	return *out ? ERR_OK : err_memory(err);
}

static enum err_code upsert(struct call *call, struct txn *txn, struct err *err)
{
	struct lead_writer by = lead_commands_writer(call);
	struct lead_outcome *outcome;

	if (take_outcome(call, &outcome, err) != ERR_OK)
		return err->code;
	if (lead_write_upsert(call->arena, txn, &by, call->plan, outcome, err) != ERR_OK) {
		call->reply.candidates = outcome->candidates;
		return err->code;
	}
	return reply_lead(call, txn->db, outcome, err);
}

enum err_code lead_commands_upsert(struct call *call, struct txn *txn, struct err *err)
{
	const struct lead_plan *plan = call->plan;

	if (!plan->control.dry_run)
		return upsert(call, txn, err);
	/* The answer shows tags and fields as they would be; then they are undone. */
	txn_part_enter(txn);
	enum err_code code = upsert(call, txn, err);

	txn_part_undo(txn);
	return code;
}

enum err_code lead_commands_prepare_update(struct call *call, struct err *err)
{
	struct lead_control control;
	struct lead_plan *plan;

	if (take_plan(call, err) != ERR_OK || read_control(call, &control, err) != ERR_OK ||
	    lead_plan_update(call->arena, call->input, &control, call->plan, err) != ERR_OK)
		return err->code;
	plan = call->plan;
	/* The version to change: a member of the input, or If-Match. */
	plan->if_version = command_int(call->input, "if_version", call->if_version);
	return ERR_OK;
}

enum err_code lead_commands_update(struct call *call, struct txn *txn, struct err *err)
{
	struct lead_writer by = lead_commands_writer(call);
	struct lead_outcome *outcome;

	if (take_outcome(call, &outcome, err) != ERR_OK)
		return err->code;
	if (lead_update_run(call->arena, txn, &by, call->plan, outcome, err) != ERR_OK) {
		call->reply.candidates = outcome->candidates;
		return err->code;
	}
	return reply_lead(call, txn->db, outcome, err);
}

enum err_code lead_commands_delete(struct call *call, struct txn *txn, struct err *err)
{
	struct lead_writer by = lead_commands_writer(call);
	const struct lead_plan *plan = call->plan;
	char id[UUID_TEXT_LEN + 1], at[CLOCK_TEXT_LEN + 1];
	struct lead_outcome *outcome;
	struct writer writer;

	if (take_outcome(call, &outcome, err) != ERR_OK ||
	    lead_update_delete(call->arena, txn, &by, plan, outcome, err) != ERR_OK)
		return err->code;
	uuid_format(plan->lead_id, id);
	clock_format(outcome->row.deleted_ms, at);
	writer = reply_begin(&call->reply, call->arena);
	writer_begin_object(&writer);
	writer_member_text(&writer, "lead_id", text_of(id));
	writer_member_bool(&writer, "deleted", true);
	writer_member_text(&writer, "deleted_at", text_of(at));
	writer_end_object(&writer);
	call->reply.outcome = outcome->outcome;
	call->reply.matched = outcome->matched;
	call->reply.change_id = outcome->change_id;
	return reply_end(&call->reply) ? ERR_OK : err_memory(err);
}

enum err_code lead_commands_prepare_get(struct call *call, struct err *err)
{
	if (take_plan(call, err) != ERR_OK)
		return err->code;
	return lead_plan_lookup(call->arena, call->input, call->plan, err);
}

enum err_code lead_commands_get(struct call *call, struct txn *txn, struct err *err)
{
	const struct lead_plan *plan = call->plan;
	struct writer writer;
	struct lead_match match;
	char id[UUID_TEXT_LEN + 1];

	if (lead_match_find(call->arena, txn->db, call->caller.workspace, plan, &match, err) !=
	    ERR_OK) {
		call->reply.candidates = match.candidates;
		return err->code;
	}
	if (!match.chosen)
		return err_set(err, ERR_LEAD_NOT_FOUND, plan->given[0].pointer,
			       "No lead has this %s. lead.upsert makes one; lead.search looks by "
			       "name.",
			       identifier_kind_name(plan->given[0].kind));
	for (size_t i = 0; i < plan->warning_count; i++)
		reply_warn(&call->reply, plan->warnings[i]);
	uuid_format(match.chosen->row.id, id);
	writer = reply_begin(&call->reply, call->arena);
	writer_begin_object(&writer);
	writer_member_text(&writer, "lead_id", text_of(id));
	writer_key(&writer, TEXT("lead"));
	if (write_lead(call, txn->db, &match.chosen->row, &match.chosen->record, &writer, err) !=
	    ERR_OK)
		return err->code;
	if (call->profile == COMMAND_FULL &&
	    lead_context_write(call->arena, txn->db, &match.chosen->row, &match.chosen->record,
			       &writer, err) != ERR_OK)
		return err->code;
	writer_end_object(&writer);
	call->reply.version = match.chosen->row.version;
	return reply_end(&call->reply) ? ERR_OK : err_memory(err);
}

struct search_plan {
	struct lead_find find;
	bool has_email;
	struct identifier_key email;
};

static enum err_code read_email(struct call *call, struct search_plan *plan, struct err *err)
{
	struct text value = command_text(call->input, "email");
	struct email email;

	if (text_trim(value).len == 0)
		return ERR_OK;
	if (email_parse(call->arena, value, &email, err) != ERR_OK)
		return err->code;
	if (!email.key.ptr)
		return err_set(err, ERR_INVALID_INPUT, "/email",
			       "The e-mail address is not a whole one, and email finds only whole "
			       "ones. Use query to look for a part of it.");
	plan->has_email = true;
	plan->email = identifier_key_of(IDENTIFIER_BY_EMAIL, email.key);
	return ERR_OK;
}

static enum err_code read_group(struct call *call, const char *key, enum err_code missing,
				bool *out_has, struct uuid *out, struct err *err)
{
	if (!command_text(call->input, key).ptr)
		return ERR_OK;
	*out_has = true;
	return command_id(call->input, key, missing, out, err);
}

static enum err_code read_terms(struct call *call, struct lead_find *find, struct err *err)
{
	struct text first = command_text(call->input, "first_name");
	struct text last = command_text(call->input, "last_name");
	struct search_terms terms = {.any = command_text(call->input, "query"),
				     .company = command_text(call->input, "company"),
				     .name = first.ptr ? first : last};

	if (first.ptr && last.ptr) {
		terms.name =
			arena_format(call->arena, "%.*s %.*s", TEXT_ARG(first), TEXT_ARG(last));
		if (!terms.name.ptr)
			return err_memory(err);
	}
	if (search_match(call->arena, &terms, &find->match, err) != ERR_OK)
		return err->code;
	/* Something was asked for, but no word: nobody matches, rather than everybody. */
	if (find->match.words == 0 && (text_trim(terms.any).len || text_trim(terms.name).len ||
				       text_trim(terms.company).len)) {
		find->by_owner = true;
		reply_warn(&call->reply, TEXT("The text to look for holds no letters or digits."));
	}
	return ERR_OK;
}

enum err_code lead_commands_prepare_search(struct call *call, struct err *err)
{
	struct search_plan *plan = arena_zero(call->arena, 1, sizeof *plan);
	struct text status = command_text(call->input, "status");
	struct lead_find *find = &plan->find;

	if (!plan)
		return err_memory(err);
	call->plan = plan;
	find->workspace = call->caller.workspace;
	find->limit = (size_t)command_int(call->input, "limit", 25);
	if (status.ptr && !status_set(status, STATUS_RUNTIME, &find->statuses))
		return err_set(err, ERR_INVALID_INPUT, "/status", "\"%.*s\" is no status.",
			       TEXT_ARG(status));
	if (command_cursor(call->input, 's', &find->below, err) != ERR_OK ||
	    read_email(call, plan, err) != ERR_OK || read_terms(call, find, err) != ERR_OK ||
	    read_group(call, "list_id", ERR_LIST_NOT_FOUND, &find->by_list, &find->list, err) !=
		    ERR_OK)
		return err->code;
	return read_group(call, "mission_id", ERR_MISSION_NOT_FOUND, &find->by_mission,
			  &find->mission, err);
}

enum err_code lead_commands_search(struct call *call, struct txn *txn, struct err *err)
{
	struct search_plan *plan = call->plan;
	struct lead_find *find = &plan->find;
	struct lead_found_page page;
	struct writer writer;

	find->by_owner |= plan->has_email;
	if (plan->has_email &&
	    leads_owner(txn->db, find->workspace, &plan->email, &find->owner, err) != ERR_OK)
		return err->code;
	if (lead_find_page(call->arena, txn, find, &page, err) != ERR_OK)
		return err->code;
	writer = reply_begin(&call->reply, call->arena);
	writer_begin_object(&writer);
	writer_key(&writer, TEXT("leads"));
	writer_begin_array(&writer);
	for (size_t i = 0; i < page.count; i++)
		lead_view_write_found(&writer, call->arena, &page.items[i].row,
				      &page.items[i].record);
	writer_end_array(&writer);
	writer_member_int(&writer, "count", (int64_t)page.count);
	writer_end_object(&writer);
	if (page.next)
		call->reply.next_cursor = command_cursor_text(call->arena, 's', page.next);
	return reply_end(&call->reply) ? ERR_OK : err_memory(err);
}

/* Where the history begins: the cursor's change, if it is one of this lead's, or the last. */
static enum err_code first_change(struct call *call, struct txn *txn, struct uuid lead,
				  int64_t *out, struct err *err)
{
	int64_t last, wanted;
	struct change_row newest = {.no = 0}, from = {.no = 0};

	if (leads_find_last_change(txn->db, call->caller.workspace, lead, &last, err) != ERR_OK ||
	    command_cursor(call->input, 'h', &wanted, err) != ERR_OK)
		return err->code;
	if (last == 0)
		return command_not_found(ERR_LEAD_NOT_FOUND, command_text(call->input, "lead_id"),
					 err);
	if (wanted == 0) {
		*out = last;
		return ERR_OK;
	}
	if (changes_read(txn->db, call->arena, last, &newest, err) != ERR_OK ||
	    changes_read(txn->db, call->arena, wanted, &from, err) != ERR_OK)
		return err->code;
	if (from.no == 0 || from.lead_no != newest.lead_no)
		return err_set(err, ERR_INVALID_INPUT, "/cursor",
			       "This cursor is of another lead's history. Begin without one.");
	*out = wanted;
	return ERR_OK;
}

enum err_code lead_commands_history(struct call *call, struct txn *txn, struct err *err)
{
	struct lead_history history = {.workspace = call->caller.workspace,
				       .limit = (size_t)command_int(call->input, "limit", 50)};
	char id[UUID_TEXT_LEN + 1];
	struct writer writer;
	struct uuid lead;

	if (command_id(call->input, "lead_id", ERR_LEAD_NOT_FOUND, &lead, err) != ERR_OK ||
	    first_change(call, txn, lead, &history.from, err) != ERR_OK)
		return err->code;
	uuid_format(lead, id);
	writer = reply_begin(&call->reply, call->arena);
	writer_begin_object(&writer);
	writer_member_text(&writer, "lead_id", text_of(id));
	if (lead_context_write_changes(call->arena, txn->db, &history, &writer, err) != ERR_OK)
		return err->code;
	writer_end_object(&writer);
	if (history.next)
		call->reply.next_cursor = command_cursor_text(call->arena, 'h', history.next);
	return reply_end(&call->reply) ? ERR_OK : err_memory(err);
}
