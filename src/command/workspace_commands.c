#include "command/workspace_commands.h"

#include "command/dispatch.h"
#include "store/accounts.h"
#include "store/defaults.h"

/* A status is counted under the runtime's word for it; several share one. */
static void write_by_status(struct writer *writer, const int64_t leads[STATUS_COUNT])
{
	writer_begin_object(writer);
	for (int status = 0; status < STATUS_COUNT; status++) {
		struct text word = status_word((enum status)status, STATUS_RUNTIME);
		enum status first;
		unsigned bits;
		int64_t count = 0;

		if (!status_set(word, STATUS_RUNTIME, &bits))
			continue;
		first = (enum status)__builtin_ctz(bits);
		if (first != (enum status)status)
			continue; /* the word was written already */
		for (int other = status; other < STATUS_COUNT; other++)
			count += bits & 1u << other ? leads[other] : 0;
		writer_key(writer, word);
		writer_int(writer, count);
	}
	writer_end_object(writer);
}

static void write_stats(struct writer *writer, const struct workspace_row *workspace,
			const struct workspace_counts *counts, int64_t search_behind)
{
	char id[UUID_TEXT_LEN + 1];
	int64_t total = 0;

	uuid_format(workspace->id, id);
	for (int status = 0; status < STATUS_COUNT; status++)
		total += counts->leads[status];
	writer_begin_object(writer);
	writer_key(writer, TEXT("workspace"));
	writer_begin_object(writer);
	writer_member_text(writer, "id", text_of(id));
	writer_member_text(writer, "name", workspace->name);
	writer_end_object(writer);
	writer_key(writer, TEXT("leads"));
	writer_begin_object(writer);
	writer_member_int(writer, "total", total);
	writer_key(writer, TEXT("by_status"));
	write_by_status(writer, counts->leads);
	writer_end_object(writer);
	writer_member_int(writer, "lists", counts->lists);
	writer_member_int(writer, "missions", counts->missions);
	writer_member_int(writer, "imports", counts->imports);
	writer_key(writer, TEXT("search"));
	writer_begin_object(writer);
	writer_member_int(writer, "behind", search_behind);
	writer_end_object(writer);
	writer_end_object(writer);
}

/* The workspace of the call's key; it may have been removed. */
static enum err_code read_workspace(struct call *call, struct db *db, struct workspace_row *out,
				    struct err *err)
{
	struct workspace_row workspace;

	if (accounts_workspace_by_number(db, call->arena, call->caller.workspace, &workspace,
					 err) != ERR_OK)
		return err->code;
	if (workspace.number == 0)
		return err_set(err, ERR_WORKSPACE_NOT_FOUND, "",
			       "This workspace is not there any more. Use a key of another one.");
	*out = workspace;
	return ERR_OK;
}

enum err_code workspace_commands_stats(struct call *call, struct txn *txn, struct err *err)
{
	struct workspace_row workspace;
	struct workspace_counts counts;
	struct engine_figures figures;
	struct writer writer = reply_begin(&call->reply, call->arena);

	if (read_workspace(call, txn->db, &workspace, err) != ERR_OK ||
	    accounts_count(txn->db, workspace.number, &counts, err) != ERR_OK)
		return err->code;
	engine_figures(dispatch_engine(call->desk), &figures);
	write_stats(&writer, &workspace, &counts, figures.search_behind);
	return reply_end(&call->reply) ? ERR_OK : err_memory(err);
}

static void write_workspace(struct writer *writer, const struct workspace_row *workspace,
			    struct uuid inbox)
{
	char id[UUID_TEXT_LEN + 1], list[UUID_TEXT_LEN + 1], at[CLOCK_TEXT_LEN + 1];

	uuid_format(workspace->id, id);
	uuid_format(inbox, list);
	clock_format(workspace->created_ms, at);
	writer_key(writer, TEXT("workspace"));
	writer_begin_object(writer);
	writer_member_text(writer, "id", text_of(id));
	writer_member_int(writer, "number", workspace->number);
	writer_member_text(writer, "name", workspace->name);
	writer_member_text(writer, "created_at", text_of(at));
	writer_member_text(writer, "inbox_list_id", text_of(list));
	writer_end_object(writer);
}

static void write_key(struct writer *writer, const struct caller *caller)
{
	writer_key(writer, TEXT("key"));
	writer_begin_object(writer);
	writer_key(writer, TEXT("number"));
	if (caller->actor)
		writer_int(writer, caller->actor);
	else
		writer_null(writer);
	writer_member_text(writer, "name", caller->name.ptr ? caller->name : TEXT(""));
	writer_member_text(writer, "scopes", caller->scopes.ptr ? caller->scopes : TEXT(""));
	writer_end_object(writer);
}

enum err_code workspace_commands_get(struct call *call, struct txn *txn, struct err *err)
{
	struct workspace_row workspace;
	struct workspace_defaults defaults;
	struct writer writer = reply_begin(&call->reply, call->arena);

	if (read_workspace(call, txn->db, &workspace, err) != ERR_OK ||
	    defaults_read(txn->db, workspace.number, &defaults, err) != ERR_OK)
		return err->code;
	writer_begin_object(&writer);
	write_workspace(&writer, &workspace, defaults.inbox);
	write_key(&writer, &call->caller);
	writer_end_object(&writer);
	return reply_end(&call->reply) ? ERR_OK : err_memory(err);
}
