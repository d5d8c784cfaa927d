#include "command/field_set.h"

#include "command/company_write.h"
#include "command/field_find.h"
#include "command/lead_commands.h"
#include "command/lead_update.h"

#define VALUE_BYTES_MAX ((size_t)256 * 1024)

/* The field of the call, which must be one of what the call is about. */
static enum err_code find_field(struct call *call, struct txn *txn, enum entry_scope scope,
				struct field_known *out, struct err *err)
{
	struct uuid id;

	if (command_id(call->input, "field_id", ERR_FIELD_NOT_FOUND, &id, err) != ERR_OK ||
	    field_find_read(txn->db, call->arena, call->caller.workspace, id, out, err) != ERR_OK)
		return err->code;
	if (!out->name.ptr) {
		command_not_found(ERR_FIELD_NOT_FOUND, command_text(call->input, "field_id"), err);
		snprintf(err->pointer, sizeof err->pointer, "/field_id");
		return err->code;
	}
	if (out->scope == scope)
		return ERR_OK;
	return err_set(err, ERR_INVALID_INPUT, "/field_id",
		       "This is a field of %s. Send an object of that kind, or the id of another "
		       "field (field.list).",
		       out->scope == ENTRY_OF_LEADS ? "leads" : "companies");
}

/* {"metadata":{key: value}} for the lead, planned as an update. */
static enum err_code set_of_lead(struct call *call, struct txn *txn, struct text key,
				 struct err *err)
{
	const struct lead_control control = {.policy = RESOLVE_REJECT};
	struct lead_writer by = lead_commands_writer(call);
	struct lead_outcome *outcome = arena_take(call->arena, sizeof *outcome);
	struct lead_plan *plan = arena_take(call->arena, sizeof *plan);
	json_t *input = json_pack("{s:O, s:{s%:O}}", "lead_id",
				  json_object_get(call->input, "object_id"), "metadata", key.ptr,
				  key.len, json_object_get(call->input, "value"));
	enum err_code code;

	if (!outcome || !plan || !input) {
		json_decref(input);
		return err_memory(err);
	}
	code = lead_plan_update(call->arena, input, &control, plan, err);
	if (code == ERR_OK)
		code = lead_update_run(call->arena, txn, &by, plan, outcome, err);
	json_decref(input);
	if (code != ERR_OK)
		return code;
	call->reply.outcome = outcome->outcome;
	call->reply.change_id = outcome->change_id;
	return ERR_OK;
}

static enum err_code set_of_company(struct call *call, struct txn *txn, struct text key,
				    struct err *err)
{
	const struct company_writing writing = {call->arena, txn, call->caller.workspace};
	struct buf buf;
	struct writer writer = writer_on(&buf);
	struct uuid id;
	bool found;

	buf_init_arena(&buf, call->arena, VALUE_BYTES_MAX);
	writer_begin_object(&writer);
	writer_key(&writer, key);
	writer_value(&writer, json_object_get(call->input, "value"));
	writer_end_object(&writer);
	if (buf.failed)
		return err_set(err, ERR_INVALID_INPUT, "/value", "value is too large.");
	if (command_id(call->input, "object_id", ERR_COMPANY_NOT_FOUND, &id, err) != ERR_OK ||
	    company_write_metadata(&writing, id, buf_text(&buf), &found, err) != ERR_OK)
		return err->code;
	if (!found) {
		command_not_found(ERR_COMPANY_NOT_FOUND, command_text(call->input, "object_id"),
				  err);
		snprintf(err->pointer, sizeof err->pointer, "/object_id");
		return err->code;
	}
	call->reply.outcome = REPLY_UPDATED;
	return ERR_OK;
}

enum err_code field_set_execute(struct call *call, struct txn *txn, struct err *err)
{
	bool of_lead = text_is(command_text(call->input, "object"), TEXT("lead"));
	struct field_known field;
	struct writer writer;

	if (find_field(call, txn, of_lead ? ENTRY_OF_LEADS : ENTRY_OF_COMPANIES, &field, err) !=
	    ERR_OK)
		return err->code;
	enum err_code code = of_lead ? set_of_lead(call, txn, field.key, err)
				     : set_of_company(call, txn, field.key, err);

	if (code != ERR_OK)
		return code;
	writer = reply_begin(&call->reply, call->arena);
	writer_begin_object(&writer);
	writer_member_text(&writer, "field_id", command_text(call->input, "field_id"));
	writer_member_text(&writer, "object", command_text(call->input, "object"));
	writer_member_text(&writer, "object_id", command_text(call->input, "object_id"));
	writer_key(&writer, TEXT("value"));
	writer_value(&writer, json_object_get(call->input, "value"));
	writer_end_object(&writer);
	return reply_end(&call->reply) ? ERR_OK : err_memory(err);
}
