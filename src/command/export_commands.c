#include "command/export_commands.h"

#include "command/bulk_run.h"
#include "command/dispatch.h"
#include "command/lead_select.h"
#include "json/scan.h"
#include "store/entries.h"

#define DOC_BYTES_MAX ((size_t)4 * 1024 * 1024)

static const struct uuid none;

/* An export that is being made: the slice, and what it stores. */
struct making {
	struct engine_job job; /* first: the engine hands this back */
	struct call *call;
	int64_t leads;
	struct entry_row entry;
};

/* The members that say which leads are meant. */
static void write_selection(const json_t *input, struct writer *writer)
{
	static const char *const members[] = {"query", "name_or_email", "where", "lead_ids",
					      "except_lead_ids"};

	writer_begin_object(writer);
	for (size_t i = 0; i < ARRAY_LEN(members); i++) {
		const json_t *value = json_object_get(input, members[i]);

		if (!value)
			continue;
		writer_key(writer, text_of(members[i]));
		writer_value(writer, value);
	}
	writer_end_object(writer);
}

/* leads-20261120-091500-5b7c9d1e2f30.csv */
static struct text file_name(struct arena *arena, struct uuid id, int64_t at_ms, struct text format)
{
	char at[CLOCK_TEXT_LEN + 1], text[UUID_TEXT_LEN + 1];

	clock_format(at_ms, at);
	uuid_format(id, text);
	return arena_format(arena, "leads-%.4s%.2s%.2s-%.2s%.2s%.2s-%s.%.*s", at, at + 5, at + 8,
			    at + 11, at + 14, at + 17, text + UUID_TEXT_LEN - 12, TEXT_ARG(format));
}

static enum err_code fill(struct making *making, struct txn *txn, struct err *err)
{
	struct arena *arena = making->call->arena;
	struct text format = command_text(making->call->input, "format");
	struct entry_row *entry = &making->entry;
	struct buf buf;
	struct writer writer = writer_on(&buf);

	if (!format.ptr)
		format = TEXT("csv");
	*entry = (struct entry_row){.workspace = making->call->caller.workspace,
				    .kind = ENTRY_EXPORT,
				    .id = uuid_make(&txn->ids),
				    .created_ms = txn->now_ms,
				    .updated_ms = txn->now_ms};
	entry->name = file_name(arena, entry->id, txn->now_ms, format);
	buf_init_arena(&buf, arena, DOC_BYTES_MAX);
	writer_begin_object(&writer);
	writer_member_text(&writer, "format", format);
	writer_member_int(&writer, "leads", making->leads);
	writer_key(&writer, TEXT("selection"));
	write_selection(making->call->input, &writer);
	writer_end_object(&writer);
	entry->doc = buf_text(&buf);
	return entry->doc.ptr && entry->name.ptr ? ERR_OK : err_memory(err);
}

/* Make room by dropping the oldest. */
static enum err_code drop_old(struct making *making, struct txn *txn, struct err *err)
{
	struct entries_walk oldest = {.workspace = making->call->caller.workspace,
				      .kind = ENTRY_EXPORT,
				      .upward = true,
				      .limit = 1};
	int64_t count;

	if (entries_count(txn->db, &oldest, &count, err) != ERR_OK)
		return err->code;
	for (; count >= EXPORT_KEPT_MAX; count--) {
		struct entry_row entry;
		size_t found;
		bool was_there;

		if (entries_page(txn->db, making->call->arena, &oldest, &entry, &found, err) !=
			    ERR_OK ||
		    (found && entries_delete(txn, &entry, txn->now_ms, &was_there, err) != ERR_OK))
			return err->code;
	}
	return ERR_OK;
}

static enum err_code run_making(struct engine_job *job, struct txn *txn, struct err *err)
{
	struct making *making = (struct making *)job; /* job is the first member */

	if (fill(making, txn, err) != ERR_OK || txn_touch(txn, err) != ERR_OK ||
	    drop_old(making, txn, err) != ERR_OK)
		return err->code;
	return entries_insert(txn, &making->entry, err);
}

static enum err_code make(struct call *call, int64_t leads, struct entry_row *out, struct err *err)
{
	struct making making = {.job = {.run = run_making}, .call = call, .leads = leads};

	if (engine_run_slice(dispatch_engine(call->desk), &making.job, err) != ERR_OK)
		return err->code;
	*out = making.entry;
	return ERR_OK;
}

enum err_code export_commands_make(struct call *call, int64_t leads, struct text *out_id,
				   struct err *err)
{
	struct entry_row entry;
	char id[UUID_TEXT_LEN + 1];

	if (make(call, leads, &entry, err) != ERR_OK)
		return err->code;
	uuid_format(entry.id, id);
	*out_id = arena_copy(call->arena, text_of(id));
	return out_id->ptr ? ERR_OK : err_memory(err);
}

static enum err_code answer(struct call *call, const struct entry_row *entry, struct err *err)
{
	struct writer writer = reply_begin(&call->reply, call->arena);
	char id[UUID_TEXT_LEN + 1], at[CLOCK_TEXT_LEN + 1];

	uuid_format(entry->id, id);
	clock_format(entry->created_ms, at);
	writer_begin_object(&writer);
	writer_key(&writer, TEXT("export"));
	writer_begin_object(&writer);
	writer_member_text(&writer, "id", text_of(id));
	writer_member_text(&writer, "file_name", entry->name);
	writer_member_raw(&writer, "format", scan_member(entry->doc, TEXT("format")));
	writer_member_raw(&writer, "leads", scan_member(entry->doc, TEXT("leads")));
	writer_member_text(&writer, "created_at", text_of(at));
	writer_end_object(&writer);
	writer_end_object(&writer);
	return reply_end(&call->reply) ? ERR_OK : err_memory(err);
}

enum err_code export_commands_prepare_create(struct call *call, struct err *err)
{
	struct lead_select *select;

	if (lead_select_parse(call->arena, call->caller.workspace, call->input, &select, err) !=
	    ERR_OK)
		return err->code;
	call->plan = select;
	return ERR_OK;
}

enum err_code export_commands_create(struct call *call, struct txn *txn, struct err *err)
{
	struct entry_row entry;
	int64_t leads;

	if (bulk_run_reach(dispatch_engine(call->desk), txn, err) != ERR_OK ||
	    lead_select_count(call->plan, call->arena, txn, &leads, err) != ERR_OK)
		return err->code;
	db_rollback(txn->db);
	if (make(call, leads, &entry, err) != ERR_OK)
		return err->code;
	call->reply.outcome = REPLY_CREATED;
	return answer(call, &entry, err);
}

static enum err_code find(struct db *db, struct arena *arena, int64_t workspace,
			  struct text id_or_name, struct entry_row *out, struct err *err)
{
	struct uuid id = none;
	enum err_code code = uuid_parse(id_or_name, &id)
				     ? entries_read(db, arena,
						    (struct entry_ref){workspace, ENTRY_EXPORT, id},
						    out, err)
				     : entries_named(db, arena,
						     (struct entry_name){workspace, ENTRY_EXPORT,
									 ENTRY_OF_ALL, id_or_name},
						     out, err);

	if (code == ERR_OK && !out->doc.ptr)
		return err_set(err, ERR_EXPORT_NOT_FOUND, "",
			       "There is no export %.*s in this workspace. The newest %d are kept; "
			       "export.create makes another.",
			       (int)(id_or_name.len < 80 ? id_or_name.len : 80), id_or_name.ptr,
			       EXPORT_KEPT_MAX);
	return code;
}

enum err_code export_commands_get(struct call *call, struct txn *txn, struct err *err)
{
	struct entry_row entry;

	if (find(txn->db, call->arena, call->caller.workspace,
		 command_text(call->input, "export_id"), &entry, err) != ERR_OK)
		return err->code;
	return answer(call, &entry, err);
}

enum err_code export_commands_read(struct db *db, struct arena *arena, int64_t workspace,
				   struct text id_or_name, struct export_kept *out, struct err *err)
{
	struct entry_row entry;

	if (find(db, arena, workspace, id_or_name, &entry, err) != ERR_OK)
		return err->code;
	struct text format = scan_member(entry.doc, TEXT("format"));

	out->selection = scan_member(entry.doc, TEXT("selection"));
	out->format = format.ptr ? scan_string(arena, format) : TEXT_NONE;
	if (!out->selection.ptr || !out->format.ptr)
		return err_internal(err, "a stored export is damaged");
	return ERR_OK;
}
