#include "command/company_commands.h"

#include <stdio.h>

#include "command/company_write.h"

static const struct uuid none;

/* The company that member company_id names. */
static enum err_code read_named(struct call *call, struct db *db, struct company_match *out,
				struct err *err)
{
	struct company_match match = {.unclaimed = 0};
	struct uuid id;

	if (command_id(call->input, "company_id", ERR_COMPANY_NOT_FOUND, &id, err) != ERR_OK ||
	    entries_read(db, call->arena,
			 (struct entry_ref){call->caller.workspace, ENTRY_COMPANY, id},
			 &match.entry, err) != ERR_OK)
		return err->code;
	if (!match.entry.doc.ptr)
		return command_not_found(ERR_COMPANY_NOT_FOUND,
					 command_text(call->input, "company_id"), err);
	if (company_doc_read(match.entry.doc, &match.doc, err) != ERR_OK)
		return err->code;
	*out = match;
	return ERR_OK;
}

static enum err_code answer(struct call *call, struct db *db, const struct entry_row *entry,
			    struct err *err)
{
	struct writer writer = reply_begin(&call->reply, call->arena);

	writer_begin_object(&writer);
	writer_key(&writer, TEXT("company"));
	if (company_doc_show(call->arena, db, entry, &writer, err) != ERR_OK)
		return err->code;
	writer_end_object(&writer);
	return reply_end(&call->reply) ? ERR_OK : err_memory(err);
}

enum err_code company_commands_get(struct call *call, struct txn *txn, struct err *err)
{
	struct company_match match;

	if (read_named(call, txn->db, &match, err) != ERR_OK)
		return err->code;
	return answer(call, txn->db, &match.entry, err);
}

enum err_code company_commands_update(struct call *call, struct txn *txn, struct err *err)
{
	const struct company_writing writing = {call->arena, txn, call->caller.workspace};
	struct company_match match;

	if (read_named(call, txn->db, &match, err) != ERR_OK ||
	    company_write_update(&writing, call->input, &match, &call->reply.outcome, err) !=
		    ERR_OK)
		return err->code;
	return answer(call, txn->db, &match.entry, err);
}

enum err_code company_commands_delete(struct call *call, struct txn *txn, struct err *err)
{
	struct company_match match;
	char at[CLOCK_TEXT_LEN + 1];
	bool found;

	if (read_named(call, txn->db, &match, err) != ERR_OK || txn_touch(txn, err) != ERR_OK ||
	    entries_delete(txn, &match.entry, txn->now_ms, &found, err) != ERR_OK)
		return err->code;
	struct writer writer = reply_begin(&call->reply, call->arena);

	clock_format(txn->now_ms, at);
	writer_begin_object(&writer);
	writer_member_text(&writer, "company_id", command_text(call->input, "company_id"));
	writer_member_bool(&writer, "deleted", true);
	writer_member_text(&writer, "deleted_at", text_of(at));
	writer_end_object(&writer);
	call->reply.outcome = REPLY_UPDATED;
	return reply_end(&call->reply) ? ERR_OK : err_memory(err);
}

/* The pointer is of one company; make it one of the whole input. */
static enum err_code place(size_t index, struct err *err)
{
	char inside[sizeof err->pointer];

	snprintf(inside, sizeof inside, "%s", err->pointer);
	snprintf(err->pointer, sizeof err->pointer, "/companies/%zu%.90s", index, inside);
	return err->code;
}

/* What became of one company of a list. */
struct upserted {
	struct entry_row entry;
	enum reply_outcome outcome;
};

static enum err_code answer_all(struct call *call, struct db *db, const struct upserted *all,
				size_t count, struct err *err)
{
	struct writer writer = reply_begin(&call->reply, call->arena);

	writer_begin_object(&writer);
	writer_key(&writer, TEXT("companies"));
	writer_begin_array(&writer);
	for (size_t i = 0; i < count; i++) {
		if (company_doc_show(call->arena, db, &all[i].entry, &writer, err) != ERR_OK)
			return err->code;
	}
	writer_end_array(&writer);
	writer_key(&writer, TEXT("outcomes"));
	writer_begin_array(&writer);
	for (size_t i = 0; i < count; i++)
		writer_text(&writer, text_of(reply_outcome_name(all[i].outcome)));
	writer_end_array(&writer);
	writer_end_object(&writer);
	return reply_end(&call->reply) ? ERR_OK : err_memory(err);
}

enum err_code company_commands_upsert(struct call *call, struct txn *txn, struct err *err)
{
	const struct company_writing writing = {call->arena, txn, call->caller.workspace};
	const json_t *companies = json_object_get(call->input, "companies");
	size_t count = json_array_size(companies);
	struct upserted *all = arena_zero(call->arena, count, sizeof *all);

	if (!all)
		return err_memory(err);
	call->reply.outcome = REPLY_UNCHANGED;
	for (size_t i = 0; i < count; i++) {
		struct company_match match;

		if (company_write_upsert(&writing, json_array_get(companies, i), &match,
					 &all[i].outcome, err) != ERR_OK)
			return place(i, err);
		all[i].entry = match.entry;
		if (all[i].outcome != REPLY_UNCHANGED && call->reply.outcome != REPLY_CREATED)
			call->reply.outcome = all[i].outcome;
	}
	return answer_all(call, txn->db, all, count, err);
}

/* The company that one look-up names; its doc is absent when there is none. */
static enum err_code look_up(struct call *call, struct db *db, const json_t *one,
			     struct entry_row *out, struct err *err)
{
	const struct company_facts facts = {
		.name = command_text(one, "name"),
		.domain = command_text(one, "domain"),
		.linkedin = command_text(one, "linkedin"),
		.linkedin_id = command_text(one, "ln_id"),
	};
	struct company_keys keys;
	struct uuid id;

	*out = (struct entry_row){.doc = TEXT_NONE};
	if (company_keys_of(call->arena, &facts, &keys, err) != ERR_OK ||
	    companies_owner(db, call->caller.workspace, &keys, &id, err) != ERR_OK)
		return err->code;
	if (uuid_is(id, none))
		return ERR_OK;
	return entries_read(db, call->arena,
			    (struct entry_ref){call->caller.workspace, ENTRY_COMPANY, id}, out,
			    err);
}

enum err_code company_commands_lookup(struct call *call, struct txn *txn, struct err *err)
{
	const json_t *lookups = json_object_get(call->input, "lookups");
	struct writer writer = reply_begin(&call->reply, call->arena);

	writer_begin_object(&writer);
	writer_key(&writer, TEXT("companies"));
	writer_begin_array(&writer);
	for (size_t i = 0; i < json_array_size(lookups); i++) {
		struct entry_row entry;

		if (look_up(call, txn->db, json_array_get(lookups, i), &entry, err) != ERR_OK)
			return err->code;
		if (!entry.doc.ptr)
			writer_null(&writer);
		else if (company_doc_show(call->arena, txn->db, &entry, &writer, err) != ERR_OK)
			return err->code;
	}
	writer_end_array(&writer);
	writer_end_object(&writer);
	return reply_end(&call->reply) ? ERR_OK : err_memory(err);
}
