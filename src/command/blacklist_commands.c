#include "command/blacklist_commands.h"

#include <stdio.h>

#include "command/company_find.h"
#include "command/lead_commands.h"
#include "command/lead_match.h"
#include "command/lead_update.h"
#include "command/lead_view.h"
#include "command/listing_entries.h"
#include "json/scan.h"

#define DOC_BYTES_MAX ((size_t)64 * 1024)
#define KEYS_MAX (IDENTIFIER_HELD_MAX * 4)

static const struct uuid none;

/* What blacklist.add is to bar. */
struct bar {
	bool is_company;
	struct lead_plan *plan; /* of a person */
	struct company_doc doc; /* of a company */
	struct company_keys company_keys;
	struct text note; /* absent: none */
	/* Found on the way: */
	struct lead_hit *leads[IDENTIFIER_GIVEN_MAX + 1];
	size_t lead_count;
	struct identifier identifiers[KEYS_MAX]; /* of a person */
	struct identifier_key keys[KEYS_MAX];
	size_t count;
};

static enum err_code prepare_company(struct call *call, struct bar *bar, struct err *err)
{
	struct company_facts facts;

	if (company_doc_apply(call->arena, call->input, &bar->doc, err) != ERR_OK ||
	    company_doc_facts(call->arena, &bar->doc, &facts, err) != ERR_OK ||
	    company_keys_of(call->arena, &facts, &bar->company_keys, err) != ERR_OK)
		return err->code;
	if (bar->company_keys.count == 0 && !command_text(call->input, "company_id").ptr)
		return err_set(err, ERR_INVALID_INPUT, "",
			       "This names no company. Send company_id, domain, linkedin, ln_id or "
			       "name.");
	return ERR_OK;
}

enum err_code blacklist_commands_prepare_add(struct call *call, struct err *err)
{
	struct bar *bar = arena_zero(call->arena, 1, sizeof *bar);

	if (!bar)
		return err_memory(err);
	call->plan = bar;
	bar->note = text_trim(command_text(call->input, "note"));
	bar->is_company = text_is(command_text(call->input, "object"), TEXT("company"));
	if (bar->is_company)
		return prepare_company(call, bar, err);
	bar->plan = arena_zero(call->arena, 1, sizeof *bar->plan);
	return bar->plan ? lead_plan_lookup(call->arena, call->input, bar->plan, err)
			 : err_memory(err);
}

static void add_identifier(struct bar *bar, const struct identifier *identifier)
{
	for (size_t i = 0; i < bar->count; i++) {
		if (identifier_is(&bar->identifiers[i], identifier))
			return;
	}
	if (bar->count == KEYS_MAX)
		return;
	bar->identifiers[bar->count] = *identifier;
	bar->keys[bar->count++] =
		identifier_key_of(identifier_space_of(identifier->kind), identifier->value);
}

/* A lead that is barred, with everything that it is known by. */
static enum err_code add_lead(struct call *call, struct db *db, int64_t no, struct err *err)
{
	struct bar *bar = call->plan;
	struct lead_hit *hit;

	for (size_t i = 0; i < bar->lead_count; i++) {
		if (bar->leads[i]->row.no == no)
			return ERR_OK;
	}
	hit = arena_zero(call->arena, 1, sizeof *hit);
	if (!hit)
		return err_memory(err);
	if (leads_read(db, call->arena, call->caller.workspace, no, &hit->row, err) != ERR_OK ||
	    (hit->row.no && record_read(call->arena, hit->row.doc, &hit->record, err) != ERR_OK))
		return err->code;
	if (hit->row.no == 0)
		return ERR_OK;
	for (size_t i = 0; i < hit->record.held_count; i++)
		add_identifier(bar, &hit->record.held[i]);
	bar->leads[bar->lead_count++] = hit;
	return ERR_OK;
}

static enum err_code find_person(struct call *call, struct db *db, struct err *err)
{
	struct bar *bar = call->plan;
	const struct lead_plan *plan = bar->plan;
	int64_t no = 0;
	char id[UUID_TEXT_LEN + 1];

	for (size_t i = 0; i < plan->given_count; i++)
		add_identifier(bar, &plan->given[i]);
	if (plan->has_lead_id) {
		if (leads_find(db, call->caller.workspace, plan->lead_id, &no, err) != ERR_OK)
			return err->code;
		uuid_format(plan->lead_id, id);
		if (no == 0)
			return command_not_found(ERR_LEAD_NOT_FOUND, text_of(id), err);
		if (add_lead(call, db, no, err) != ERR_OK)
			return err->code;
	}
	for (size_t i = 0; i < plan->given_count; i++) {
		if (leads_owner(db, call->caller.workspace, &plan->keys[i], &no, err) != ERR_OK ||
		    (no && add_lead(call, db, no, err) != ERR_OK))
			return err->code;
	}
	if (bar->count == 0)
		return err_set(err, ERR_IDENTIFIER_REQUIRED, "/lead_id",
			       "The lead has no identifier to bar it by. Send its e-mail address "
			       "or LinkedIn profile.");
	return ERR_OK;
}

static void add_company_keys(struct bar *bar, const struct company_keys *keys)
{
	for (size_t i = 0; i < keys->count && bar->count < KEYS_MAX; i++)
		bar->keys[bar->count++] = keys->items[i].hash;
}

/* What the company that there is has beyond what was given. */
static void fill_company(struct company_doc *doc, const struct company_doc *known)
{
	static const enum company_field shown[] = {COMPANY_NAME, COMPANY_DOMAIN, COMPANY_LINKEDIN,
						   COMPANY_LN_ID};

	for (size_t i = 0; i < ARRAY_LEN(shown); i++) {
		if (!doc->values[shown[i]].ptr)
			doc->values[shown[i]] = known->values[shown[i]];
	}
}

static enum err_code find_company(struct call *call, struct db *db, struct err *err)
{
	struct bar *bar = call->plan;
	struct company_match match = {.unclaimed = 0};
	struct text id = command_text(call->input, "company_id");
	struct company_facts facts;
	struct company_keys keys;

	add_company_keys(bar, &bar->company_keys);
	if (id.ptr) {
		if (command_id(call->input, "company_id", ERR_COMPANY_NOT_FOUND, &match.entry.id,
			       err) != ERR_OK ||
		    entries_read(db, call->arena,
				 (struct entry_ref){call->caller.workspace, ENTRY_COMPANY,
						    match.entry.id},
				 &match.entry, err) != ERR_OK)
			return err->code;
		if (!match.entry.doc.ptr)
			return command_not_found(ERR_COMPANY_NOT_FOUND, id, err);
	} else if (companies_owner(db, call->caller.workspace, &bar->company_keys, &match.entry.id,
				   err) != ERR_OK) {
		return err->code;
	}
	if (uuid_is(match.entry.id, none))
		return ERR_OK;
	if (company_read(call->arena, db, call->caller.workspace, &match, err) != ERR_OK ||
	    company_doc_facts(call->arena, &match.doc, &facts, err) != ERR_OK ||
	    company_keys_of(call->arena, &facts, &keys, err) != ERR_OK)
		return err->code;
	fill_company(&bar->doc, &match.doc);
	add_company_keys(bar, &keys);
	return ERR_OK;
}

/* Which keys no entry has; *out_owner: an entry that has one, all zero for none. */
static enum err_code find_free(struct call *call, struct db *db, bool *free_keys,
			       struct uuid *out_owner, struct err *err)
{
	const struct bar *bar = call->plan;

	*out_owner = none;
	for (size_t i = 0; i < bar->count; i++) {
		struct uuid owner;

		if (entries_owner(db, call->caller.workspace, ENTRY_BLACKLIST, &bar->keys[i],
				  &owner, err) != ERR_OK)
			return err->code;
		free_keys[i] = uuid_is(owner, none);
		if (!free_keys[i])
			*out_owner = owner;
	}
	return ERR_OK;
}

/* {"object", "identifiers" or the company's members, "note"} */
static enum err_code write_doc(struct call *call, struct text *out, struct err *err)
{
	const struct bar *bar = call->plan;
	struct buf buf;
	struct writer writer = writer_on(&buf);

	buf_init_arena(&buf, call->arena, DOC_BYTES_MAX);
	writer_begin_object(&writer);
	writer_member_text(&writer, "object", bar->is_company ? TEXT("company") : TEXT("lead"));
	for (int i = 0; bar->is_company && i < COMPANY_FIELD_COUNT; i++) {
		if (!bar->doc.values[i].ptr)
			continue;
		writer_key(&writer, company_doc_name((enum company_field)i));
		writer_raw(&writer, bar->doc.values[i]);
	}
	if (!bar->is_company) {
		writer_key(&writer, TEXT("identifiers"));
		writer_begin_array(&writer);
		for (size_t i = 0; i < bar->count; i++)
			lead_view_write_identifier(&writer, &bar->identifiers[i]);
		writer_end_array(&writer);
	}
	if (bar->note.len)
		writer_member_text(&writer, "note", bar->note);
	writer_end_object(&writer);
	*out = buf_text(&buf);
	return out->ptr ? ERR_OK : err_memory(err);
}

static enum err_code make_entry(struct call *call, struct txn *txn, const bool *free_keys,
				struct entry_row *out, struct err *err)
{
	const struct bar *bar = call->plan;
	struct entry_row entry = {.workspace = call->caller.workspace,
				  .kind = ENTRY_BLACKLIST,
				  .id = uuid_make(&txn->ids),
				  .created_ms = txn->now_ms,
				  .updated_ms = txn->now_ms};

	if (write_doc(call, &entry.doc, err) != ERR_OK || txn_touch(txn, err) != ERR_OK ||
	    entries_insert(txn, &entry, err) != ERR_OK)
		return err->code;
	for (size_t i = 0; i < bar->count; i++) {
		if (free_keys[i] && entries_claim(txn, &entry, &bar->keys[i], err) != ERR_OK)
			return err->code;
	}
	*out = entry;
	return ERR_OK;
}

/* The lead is not to be contacted any more, and its history says why. */
static enum err_code bar_lead(struct call *call, struct txn *txn, struct lead_hit *hit,
			      struct err *err)
{
	const struct bar *bar = call->plan;
	const struct lead_writer by = lead_commands_writer(call);
	const struct lead_control control = {.policy = RESOLVE_REJECT};
	struct lead_plan *plan = arena_zero(call->arena, 1, sizeof *plan);
	struct lead_outcome *outcome = arena_zero(call->arena, 1, sizeof *outcome);
	char id[UUID_TEXT_LEN + 1];

	if (!plan || !outcome)
		return err_memory(err);
	uuid_format(hit->row.id, id);
	json_t *input = json_pack("{s:s, s:s}", "lead_id", id, "status", "DoNotContact");

	if (!input)
		return err_memory(err);
	enum err_code code = lead_plan_update(call->arena, input, &control, plan, err);

	plan->reason = bar->note.len
			       ? arena_format(call->arena, "blacklist: %.*s", TEXT_ARG(bar->note))
			       : TEXT("blacklist");
	if (code == ERR_OK)
		code = lead_update_run(call->arena, txn, &by, plan, outcome, err);
	json_decref(input); /* the plan borrows from it */
	return code;
}

static enum err_code write_entry(const struct entry_row *entry, struct writer *writer,
				 struct err *err)
{
	struct scan scan = scan_of(entry->doc);
	struct text key, value;
	char id[UUID_TEXT_LEN + 1], at[CLOCK_TEXT_LEN + 1];

	uuid_format(entry->id, id);
	clock_format(entry->created_ms, at);
	writer_begin_object(writer);
	writer_member_text(writer, "id", text_of(id));
	while (scan_next(&scan, &key, &value)) {
		writer_key(writer, key);
		writer_raw(writer, value);
	}
	writer_member_text(writer, "created_at", text_of(at));
	writer_end_object(writer);
	return scan.broken ? err_internal(err, "a blacklist entry is damaged") : ERR_OK;
}

static enum err_code answer(struct call *call, const struct entry_row *entry, struct err *err)
{
	const struct bar *bar = call->plan;
	struct writer writer = reply_begin(&call->reply, call->arena);
	char id[UUID_TEXT_LEN + 1];

	writer_begin_object(&writer);
	writer_key(&writer, TEXT("entry"));
	if (write_entry(entry, &writer, err) != ERR_OK)
		return err->code;
	writer_key(&writer, TEXT("lead_ids"));
	writer_begin_array(&writer);
	for (size_t i = 0; i < bar->lead_count; i++) {
		uuid_format(bar->leads[i]->row.id, id);
		writer_text(&writer, text_of(id));
	}
	writer_end_array(&writer);
	writer_end_object(&writer);
	return reply_end(&call->reply) ? ERR_OK : err_memory(err);
}

enum err_code blacklist_commands_add(struct call *call, struct txn *txn, struct err *err)
{
	struct bar *bar = call->plan;
	bool free_keys[KEYS_MAX] = {false}, any = false;
	struct entry_row entry;
	struct uuid owner;

	if ((bar->is_company ? find_company(call, txn->db, err)
			     : find_person(call, txn->db, err)) != ERR_OK ||
	    find_free(call, txn->db, free_keys, &owner, err) != ERR_OK)
		return err->code;
	for (size_t i = 0; i < bar->count; i++)
		any = any || free_keys[i];
	call->reply.outcome = any ? REPLY_CREATED : REPLY_UNCHANGED;
	if ((any ? make_entry(call, txn, free_keys, &entry, err)
		 : entries_read(txn->db, call->arena,
				(struct entry_ref){call->caller.workspace, ENTRY_BLACKLIST, owner},
				&entry, err)) != ERR_OK)
		return err->code;
	for (size_t i = 0; i < bar->lead_count; i++) {
		if (bar_lead(call, txn, bar->leads[i], err) != ERR_OK)
			return err->code;
	}
	return answer(call, &entry, err);
}

static const struct listing_field fields[] = {
	{"id", LISTING_ID, false, false},          {"object", LISTING_WORD, true, false},
	{"name", LISTING_WORD, true, true},        {"domain", LISTING_WORD, true, true},
	{"linkedin", LISTING_WORD, true, true},    {"ln_id", LISTING_WORD, true, true},
	{"note", LISTING_WORD, false, true},       {"identifiers", LISTING_WORD, false, true},
	{"created_at", LISTING_TIME, true, false},
};

static enum err_code write_row(const struct listing_scene *scene, const struct entry_row *entry,
			       struct writer *writer, struct err *err)
{
	(void)scene;
	return write_entry(entry, writer, err);
}

enum err_code blacklist_commands_prepare_list(struct call *call, struct err *err)
{
	static const struct listing_noun noun = {
		.plural = "entries",
		.fields = fields,
		.field_count = ARRAY_LEN(fields),
		.kind = ENTRY_BLACKLIST,
		.write = write_row,
		LISTING_OF_ENTRIES,
	};

	return listing_prepare(call, &noun, err);
}

enum err_code blacklist_commands_remove(struct call *call, struct txn *txn, struct err *err)
{
	struct entry_row entry = {.workspace = call->caller.workspace, .kind = ENTRY_BLACKLIST};
	char at[CLOCK_TEXT_LEN + 1];
	bool found = false;

	if (command_id(call->input, "entry_id", ERR_BLACKLIST_ENTRY_NOT_FOUND, &entry.id, err) !=
		    ERR_OK ||
	    txn_touch(txn, err) != ERR_OK ||
	    entries_delete(txn, &entry, txn->now_ms, &found, err) != ERR_OK)
		return err->code;
	if (!found)
		return command_not_found(ERR_BLACKLIST_ENTRY_NOT_FOUND,
					 command_text(call->input, "entry_id"), err);
	struct writer writer = reply_begin(&call->reply, call->arena);

	clock_format(txn->now_ms, at);
	writer_begin_object(&writer);
	writer_member_text(&writer, "entry_id", command_text(call->input, "entry_id"));
	writer_member_bool(&writer, "deleted", true);
	writer_member_text(&writer, "deleted_at", text_of(at));
	writer_end_object(&writer);
	call->reply.outcome = REPLY_UPDATED;
	return reply_end(&call->reply) ? ERR_OK : err_memory(err);
}
