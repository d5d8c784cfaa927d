#include "command/field_delete.h"

#include <stdio.h>
#include <stdlib.h>

#include "command/bulk_run.h"
#include "command/company_write.h"
#include "command/dispatch.h"
#include "command/entry_commands.h"
#include "command/field_find.h"
#include "command/lead_commands.h"
#include "command/lead_update.h"
#include "json/scan.h"

#define PAGE 256
#define PAGE_BYTES_MAX ((size_t)256 * 1024 * 1024)

static const struct uuid none;

/* A lead or company that has a value. */
struct holder {
	int64_t lead_no; /* 0: a company */
	struct uuid id;  /* of the company */
};

struct deleting {
	struct engine_job job; /* first: the slice that deletes the definition */
	struct call *call;
	struct field_known field;
	struct text key;   /* as it stands in a document, without its quotes */
	struct text patch; /* {"KEY":null} */
	struct lead_writer by;
	struct lead_plan *plan;
	struct lead_outcome *outcome;
	struct arena page; /* of the rows that are looked at */
	struct holder *holders;
	int64_t *numbers; /* 0, 1, 2 … of the holders */
	size_t count, max;
};

static enum err_code add_holder(struct deleting *deleting, const struct holder *holder,
				struct err *err)
{
	if (deleting->count == deleting->max) {
		size_t max = deleting->max ? deleting->max * 2 : 1024;
		struct holder *holders =
			realloc(deleting->holders, max * sizeof *deleting->holders);

		if (holders)
			deleting->holders = holders;
		int64_t *numbers = realloc(deleting->numbers, max * sizeof *deleting->numbers);

		if (numbers)
			deleting->numbers = numbers;
		if (!holders || !numbers)
			return err_memory(err);
		deleting->max = max;
	}
	deleting->numbers[deleting->count] = (int64_t)deleting->count;
	deleting->holders[deleting->count++] = *holder;
	return ERR_OK;
}

static bool has_value(const struct deleting *deleting, struct text doc)
{
	struct text metadata = scan_member(doc, TEXT("metadata"));

	return metadata.ptr && scan_member(metadata, deleting->key).ptr;
}

static enum err_code find_leads(struct deleting *deleting, struct db *db, struct err *err)
{
	struct leads_walk walk = {.workspace = deleting->by.workspace};
	struct lead_row rows[PAGE];
	struct leads_rows page = {.rows = rows, .limit = PAGE, .count = PAGE};

	while (page.count == PAGE) {
		arena_reset(&deleting->page);
		if (leads_page_upward(db, &deleting->page, &walk, &page, err) != ERR_OK)
			return err->code;
		for (size_t i = 0; i < page.count; i++) {
			const struct holder holder = {.lead_no = rows[i].no};

			walk.above = rows[i].no;
			if (has_value(deleting, rows[i].doc) &&
			    add_holder(deleting, &holder, err) != ERR_OK)
				return err->code;
		}
	}
	return ERR_OK;
}

static enum err_code find_companies(struct deleting *deleting, struct db *db, struct err *err)
{
	struct entries_walk walk = {.workspace = deleting->by.workspace,
				    .kind = ENTRY_COMPANY,
				    .upward = true,
				    .limit = PAGE};
	struct entry_row rows[PAGE];
	size_t count = PAGE;

	while (count == PAGE) {
		arena_reset(&deleting->page);
		if (entries_page(db, &deleting->page, &walk, rows, &count, err) != ERR_OK)
			return err->code;
		for (size_t i = 0; i < count; i++) {
			const struct holder holder = {.id = rows[i].id};

			walk.from = rows[i].id;
			if (has_value(deleting, rows[i].doc) &&
			    add_holder(deleting, &holder, err) != ERR_OK)
				return err->code;
		}
	}
	return ERR_OK;
}

static enum err_code remove_value(void *state, struct txn *txn, struct arena *arena, int64_t number,
				  struct bulk_step *out, struct err *err)
{
	struct deleting *deleting = state;
	const struct holder *holder = &deleting->holders[number];
	const struct company_writing writing = {arena, txn, deleting->by.workspace};
	bool found;

	if (!holder->lead_no) {
		out->id = holder->id;
		out->result = BULK_CHANGED;
		return company_write_metadata(&writing, holder->id, deleting->patch, &found, err);
	}
	if (leads_id(txn->db, deleting->by.workspace, holder->lead_no, &out->id, err) != ERR_OK)
		return err->code;
	if (uuid_is(out->id, none))
		return ERR_OK;
	deleting->plan->lead_id = out->id;
	out->result = BULK_CHANGED;
	return lead_update_run(arena, txn, &deleting->by, deleting->plan, deleting->outcome, err);
}

/* Remove the values that there are now. Ends the reading transaction. */
static enum err_code remove_values(struct deleting *deleting, struct txn *txn, struct err *err)
{
	struct bulk_run run = {.engine = dispatch_engine(deleting->call->desk),
			       .step = remove_value,
			       .state = deleting};

	deleting->count = 0;
	if ((deleting->field.scope == ENTRY_OF_LEADS
		     ? find_leads(deleting, txn->db, err)
		     : find_companies(deleting, txn->db, err)) != ERR_OK)
		return err->code;
	db_rollback(txn->db);
	run.numbers = deleting->numbers;
	run.count = deleting->count;
	enum err_code code = run.count ? bulk_run_all(&run, err) : ERR_OK;

	bulk_run_release(&run);
	if (code == ERR_OK && run.results[BULK_REFUSED])
		*err = run.why[0];
	else if (code == ERR_OK)
		return ERR_OK;
	const struct err why = *err;

	err_set(err, why.code, "",
		"The value was removed from %zu of %zu, then: %.200s Delete the field again.",
		run.results[BULK_CHANGED], run.count, why.message);
	memcpy(err->detail, why.detail, sizeof err->detail);
	return err->code;
}

static enum err_code delete_definition(struct engine_job *job, struct txn *txn, struct err *err)
{
	return entry_commands_delete(((struct deleting *)job)->call, txn, err);
}

static enum err_code plan(struct deleting *deleting, struct err *err)
{
	const struct lead_control control = {.policy = RESOLVE_REJECT};
	struct arena *arena = deleting->call->arena;
	struct buf buf;
	struct writer writer = writer_on(&buf);

	buf_init_arena(&buf, arena, 8192);
	writer_begin_object(&writer);
	writer_key(&writer, deleting->field.key);
	writer_null(&writer);
	writer_end_object(&writer);
	deleting->patch = buf_text(&buf);
	deleting->plan = arena_zero(arena, 1, sizeof *deleting->plan);
	deleting->outcome = arena_zero(arena, 1, sizeof *deleting->outcome);
	json_t *input = json_pack("{s:s}", "lead_id", "00000000-0000-0000-0000-000000000000");

	if (!deleting->patch.ptr || !deleting->plan || !deleting->outcome || !input) {
		json_decref(input);
		return err_memory(err);
	}
	/* Between {" and ":null}. */
	deleting->key = (struct text){deleting->patch.ptr + 2, deleting->patch.len - 9};
	enum err_code code = lead_plan_update(arena, input, &control, deleting->plan, err);

	json_decref(input);
	deleting->plan->input.values[FIELD_METADATA] = deleting->patch;
	deleting->plan->reason =
		arena_format(arena, "field deleted: %.*s", TEXT_ARG(deleting->field.name));
	return code;
}

static enum err_code run(struct deleting *deleting, struct txn *txn, struct err *err)
{
	struct engine *engine = dispatch_engine(deleting->call->desk);

	if (plan(deleting, err) != ERR_OK || remove_values(deleting, txn, err) != ERR_OK ||
	    engine_run_slice(engine, &deleting->job, err) != ERR_OK ||
	    db_begin_read(txn->db, err) != ERR_OK)
		return err->code;
	return remove_values(deleting, txn, err);
}

enum err_code field_delete_execute(struct call *call, struct txn *txn, struct err *err)
{
	struct deleting deleting = {.job = {.run = delete_definition},
				    .call = call,
				    .by = lead_commands_writer(call)};
	struct uuid id;

	if (command_id(call->input, "field_id", ERR_FIELD_NOT_FOUND, &id, err) != ERR_OK ||
	    field_find_read(txn->db, call->arena, call->caller.workspace, id, &deleting.field,
			    err) != ERR_OK)
		return err->code;
	if (!deleting.field.name.ptr)
		return command_not_found(ERR_FIELD_NOT_FOUND, command_text(call->input, "field_id"),
					 err);
	arena_init(&deleting.page, PAGE_BYTES_MAX);
	enum err_code code = run(&deleting, txn, err);

	arena_release(&deleting.page);
	free(deleting.holders);
	free(deleting.numbers);
	return code;
}
