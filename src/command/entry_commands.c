#include "command/entry_commands.h"

#include <stdio.h>

#include "command/entry_nouns.h"
#include "json/scan.h"
#include "store/leads.h"

#define VALUE_BYTES_MAX ((size_t)1024 * 1024)

/* What a call about one entry says. */
struct plan {
	const struct entry_noun *noun;
	struct uuid id;    /* all zero: a new one, or one that is named by its name */
	struct text name;  /* absent: none given */
	struct uuid about; /* all zero: none given */
	bool of_company;   /* `object` is company */
	struct text values[ENTRY_NOUNS_MEMBERS_MAX]; /* given ones, canonical JSON */
};

static const struct entry_noun *noun_of(const struct call *call)
{
	return entry_nouns_of(call->command->id);
}

/* Canonical JSON of an input's value; absent without memory. */
static struct text canonical(struct arena *arena, const json_t *value)
{
	struct buf buf;
	struct writer writer = writer_on(&buf);

	buf_init_arena(&buf, arena, VALUE_BYTES_MAX);
	writer_value(&writer, value);
	return buf_text(&buf);
}

static struct text canonical_text(struct arena *arena, struct text text)
{
	struct buf buf;
	struct writer writer = writer_on(&buf);

	buf_init_arena(&buf, arena, VALUE_BYTES_MAX);
	writer_text(&writer, text);
	return buf_text(&buf);
}

/* The members of the noun that the input has. */
static enum err_code take_values(struct call *call, struct plan *plan, struct err *err)
{
	for (size_t i = 0; i < plan->noun->member_count; i++) {
		const struct entry_member *member = &plan->noun->members[i];
		const json_t *given =
			json_object_get(call->input, member->input ? member->input : member->name);

		if (!given || member->use & ENTRY_MADE)
			continue;
		plan->values[i] = strcmp(member->name, "name") == 0
					  ? canonical_text(call->arena, plan->name)
					  : canonical(call->arena, given);
		if (!plan->values[i].ptr)
			return err_memory(err);
	}
	return ERR_OK;
}

/* What an input for an existing one names: its id, or the name that is shown as such. */
static enum err_code take_id(struct call *call, struct plan *plan, struct err *err)
{
	const char *key = plan->noun->id_key;

	if (!json_object_get(call->input, key))
		return ERR_OK;
	if (!plan->noun->is_named_id)
		return command_id(call->input, key, plan->noun->missing, &plan->id, err);
	plan->name = command_text(call->input, key);
	return ERR_OK;
}

enum err_code entry_commands_prepare(struct call *call, struct err *err)
{
	struct plan *plan = arena_zero(call->arena, 1, sizeof *plan);

	if (!plan)
		return err_memory(err);
	call->plan = plan;
	plan->noun = noun_of(call);
	if (take_id(call, plan, err) != ERR_OK ||
	    (!plan->name.ptr && command_name(call->input, &plan->name, err) != ERR_OK))
		return err->code;
	plan->of_company = text_is(command_text(call->input, "object"), TEXT("company"));
	if (json_object_get(call->input, "object_id") &&
	    command_id(call->input, "object_id",
		       plan->of_company ? ERR_COMPANY_NOT_FOUND : ERR_LEAD_NOT_FOUND, &plan->about,
		       err) != ERR_OK)
		return err->code;
	return take_values(call, plan, err);
}

enum err_code entry_commands_prepare_list(struct call *call, struct err *err)
{
	return listing_prepare(call, &noun_of(call)->listing, err);
}

/* Close the answer that `writer` is in, with what only a new one shows. */
static enum err_code answer(struct call *call, const struct entry_row *row, bool is_new,
			    struct err *err)
{
	const struct entry_noun *noun = noun_of(call);
	struct writer writer = reply_begin(&call->reply, call->arena);
	struct text secret = scan_member(row->doc, TEXT("secret"));

	writer_begin_object(&writer);
	writer_key(&writer, text_of(noun->name));
	writer_begin_object(&writer);
	entry_nouns_write_members(noun, row, &writer);
	if (is_new && secret.ptr)
		writer_member_raw(&writer, "secret", secret);
	writer_end_object(&writer);
	writer_end_object(&writer);
	return reply_end(&call->reply) ? ERR_OK : err_memory(err);
}

/* ERR_STATE_CONFLICT when another entry has the draft's name. */
static enum err_code check_name(struct entry_draft *draft, struct err *err)
{
	const struct entry_name named = {draft->row.workspace, draft->row.kind, draft->row.scope,
					 draft->row.name};
	struct entry_row owner;

	if (!draft->noun->is_named)
		return ERR_OK;
	if (entries_named(draft->txn->db, draft->call->arena, named, &owner, err) != ERR_OK)
		return err->code;
	if (!owner.doc.ptr || uuid_is(owner.id, draft->row.id))
		return ERR_OK;
	return command_name_taken(draft->noun->name, owner.id, err);
}

static enum err_code no_object(enum err_code code, struct uuid uuid, struct err *err)
{
	char id[UUID_TEXT_LEN + 1];

	uuid_format(uuid, id);
	command_not_found(code, text_of(id), err);
	snprintf(err->pointer, sizeof err->pointer, "/object_id");
	return err->code;
}

/* The lead or company that the draft is about must be there. */
static enum err_code check_about(struct entry_draft *draft, bool of_company, struct err *err)
{
	struct db *db = draft->txn->db;
	int64_t workspace = draft->row.workspace, no;
	struct entry_row company;

	if (!draft->noun->is_about)
		return ERR_OK;
	if (!of_company) {
		if (leads_find(db, workspace, draft->row.about, &no, err) != ERR_OK)
			return err->code;
		return no ? ERR_OK : no_object(ERR_LEAD_NOT_FOUND, draft->row.about, err);
	}
	if (entries_read(db, draft->call->arena,
			 (struct entry_ref){workspace, ENTRY_COMPANY, draft->row.about}, &company,
			 err) != ERR_OK)
		return err->code;
	return company.doc.ptr ? ERR_OK : no_object(ERR_COMPANY_NOT_FOUND, draft->row.about, err);
}

/* Members that were not given, as a new entry has them. */
static enum err_code complete(struct entry_draft *draft, struct err *err)
{
	const struct entry_noun *noun = draft->noun;

	for (size_t i = 0; i < noun->member_count; i++) {
		if (!draft->values[i].ptr && noun->members[i].otherwise)
			draft->values[i] = text_of(noun->members[i].otherwise);
	}
	if (noun->complete && noun->complete(draft, err) != ERR_OK)
		return err->code;
	return noun->check ? noun->check(draft, err) : ERR_OK;
}

static enum err_code insert(struct entry_draft *draft, struct err *err)
{
	if (draft->noun->insert)
		return draft->noun->insert(draft, err);
	draft->row.doc = entry_nouns_doc(draft);
	if (!draft->row.doc.ptr)
		return err_memory(err);
	if (txn_touch(draft->txn, err) != ERR_OK)
		return err->code;
	draft->row.id = uuid_make(&draft->txn->ids);
	return entries_insert(draft->txn, &draft->row, err);
}

enum err_code entry_commands_create(struct call *call, struct txn *txn, struct err *err)
{
	const struct plan *plan = call->plan;
	struct entry_draft draft = {
		.noun = plan->noun,
		.call = call,
		.txn = txn,
		.row = {.workspace = call->caller.workspace,
			.kind = plan->noun->listing.kind,
			.scope = plan->noun->has_scope && plan->of_company ? ENTRY_OF_COMPANIES
									   : ENTRY_OF_ALL,
			.name = plan->noun->is_named ? plan->name : TEXT_NONE,
			.about = plan->about,
			.created_ms = txn->now_ms,
			.updated_ms = txn->now_ms},
	};

	memcpy(draft.values, plan->values, sizeof draft.values);
	if (check_about(&draft, plan->of_company, err) != ERR_OK ||
	    check_name(&draft, err) != ERR_OK || complete(&draft, err) != ERR_OK ||
	    insert(&draft, err) != ERR_OK)
		return err->code;
	call->reply.outcome = REPLY_CREATED;
	return answer(call, &draft.row, true, err);
}

static enum err_code not_there(const struct plan *plan, struct err *err)
{
	char id[UUID_TEXT_LEN + 1];

	uuid_format(plan->id, id);
	command_not_found(plan->noun->missing, plan->noun->is_named_id ? plan->name : text_of(id),
			  err);
	snprintf(err->pointer, sizeof err->pointer, "/%s", plan->noun->id_key);
	return err->code;
}

/* The entry that the plan names, or the noun's NOT_FOUND. */
static enum err_code read_planned(struct call *call, struct db *db, struct entry_row *out,
				  struct err *err)
{
	const struct plan *plan = call->plan;
	int64_t workspace = call->caller.workspace;
	struct entry_row row;
	enum err_code code =
		plan->noun->is_named_id
			? entries_named(db, call->arena,
					(struct entry_name){workspace, plan->noun->listing.kind,
							    ENTRY_OF_ALL, plan->name},
					&row, err)
			: entries_read(db, call->arena,
				       (struct entry_ref){workspace, plan->noun->listing.kind,
							  plan->id},
				       &row, err);

	if (code != ERR_OK)
		return code;
	if (!row.doc.ptr)
		return not_there(plan, err);
	*out = row;
	return ERR_OK;
}

enum err_code entry_commands_get(struct call *call, struct txn *txn, struct err *err)
{
	struct entry_row row;

	if (read_planned(call, txn->db, &row, err) != ERR_OK)
		return err->code;
	return answer(call, &row, false, err);
}

/* Put what the plan says into the draft. */
static void apply(struct entry_draft *draft, const struct plan *plan)
{
	const struct entry_noun *noun = plan->noun;

	entry_nouns_read(draft);
	for (size_t i = 0; i < noun->member_count; i++) {
		if (plan->values[i].ptr && !(noun->members[i].use & ENTRY_FIXED))
			draft->values[i] = plan->values[i];
		if (!draft->values[i].ptr)
			draft->values[i] = noun->members[i].otherwise
						   ? text_of(noun->members[i].otherwise)
						   : TEXT("null");
	}
	if (noun->is_named && plan->name.ptr)
		draft->row.name = plan->name;
}

/* [names] of what differs between the draft and the stored row; absent: nothing. */
static enum err_code differences(const struct entry_draft *draft, const struct entry_row *stored,
				 struct text *out, struct err *err)
{
	const struct entry_noun *noun = draft->noun;
	struct buf buf;
	struct writer writer = writer_on(&buf);

	buf_init_arena(&buf, draft->call->arena, 1024);
	writer_begin_array(&writer);
	if (!text_is(draft->row.name, stored->name))
		writer_text(&writer, TEXT("name"));
	for (size_t i = 0; i < noun->member_count; i++) {
		struct text name = text_of(noun->members[i].name);

		if (!text_is(draft->values[i], scan_member(stored->doc, name)))
			writer_text(&writer, name);
	}
	writer_end_array(&writer);
	if (buf.failed)
		return err_memory(err);
	*out = text_is(buf_text(&buf), TEXT("[]")) ? TEXT_NONE : buf_text(&buf);
	return ERR_OK;
}

static enum err_code store(struct entry_draft *draft, struct err *err)
{
	draft->row.updated_ms = draft->txn->now_ms;
	draft->row.doc = entry_nouns_doc(draft);
	if (!draft->row.doc.ptr)
		return err_memory(err);
	if (check_name(draft, err) != ERR_OK || txn_touch(draft->txn, err) != ERR_OK)
		return err->code;
	return entries_update(draft->txn, &draft->row, err);
}

enum err_code entry_commands_update(struct call *call, struct txn *txn, struct err *err)
{
	const struct plan *plan = call->plan;
	struct entry_draft draft = {.noun = plan->noun, .call = call, .txn = txn};
	struct entry_row stored;
	struct text changed;

	if (read_planned(call, txn->db, &stored, err) != ERR_OK)
		return err->code;
	draft.row = stored;
	apply(&draft, plan);
	if ((plan->noun->check && plan->noun->check(&draft, err) != ERR_OK) ||
	    differences(&draft, &stored, &changed, err) != ERR_OK)
		return err->code;
	call->reply.outcome = REPLY_UNCHANGED;
	if (!changed.ptr)
		return answer(call, &stored, false, err);
	if (store(&draft, err) != ERR_OK)
		return err->code;
	call->reply.outcome = REPLY_UPDATED;
	call->reply.changed = changed;
	return answer(call, &draft.row, false, err);
}

static enum err_code answer_deleted(struct call *call, const struct entry_row *row, int64_t at_ms,
				    struct err *err)
{
	struct writer writer = reply_begin(&call->reply, call->arena);
	char id[UUID_TEXT_LEN + 1], at[CLOCK_TEXT_LEN + 1];

	uuid_format(row->id, id);
	clock_format(at_ms, at);
	writer_begin_object(&writer);
	writer_member_text(&writer, noun_of(call)->id_key, text_of(id));
	writer_member_bool(&writer, "deleted", true);
	writer_member_text(&writer, "deleted_at", text_of(at));
	writer_end_object(&writer);
	return reply_end(&call->reply) ? ERR_OK : err_memory(err);
}

enum err_code entry_commands_delete(struct call *call, struct txn *txn, struct err *err)
{
	const struct plan *plan = call->plan;
	struct entry_row row;
	bool found;

	if (read_planned(call, txn->db, &row, err) != ERR_OK ||
	    (plan->noun->release && plan->noun->release(&row, err) != ERR_OK) ||
	    txn_touch(txn, err) != ERR_OK ||
	    entries_delete(txn, &row, txn->now_ms, &found, err) != ERR_OK)
		return err->code;
	return answer_deleted(call, &row, txn->now_ms, err);
}

enum err_code entry_commands_test(struct call *call, struct txn *txn, struct err *err)
{
	struct writer writer = reply_begin(&call->reply, call->arena);
	struct entry_row row;

	if (read_planned(call, txn->db, &row, err) != ERR_OK)
		return err->code;
	writer_begin_object(&writer);
	writer_member_bool(&writer, "delivered", false);
	writer_member_text(&writer, "reason",
			   TEXT("Delivery is off: this version keeps webhooks and sends nothing."));
	writer_end_object(&writer);
	return reply_end(&call->reply) ? ERR_OK : err_memory(err);
}
