#include "command/query_commands.h"

#include "command/dispatch.h"
#include "command/lead_record.h"
#include "command/lead_select.h"

/* A document has at most a few hundred KiB, and one is held at a time. */
#define LEAD_ARENA_MAX ((size_t)16 * 1024 * 1024)

#define BEHIND                                                                               \
	"The search index is still reading what was written in the last moments, which may " \
	"be missing here."

enum err_code query_commands_prepare(struct call *call, struct err *err)
{
	struct lead_select *select;

	if (lead_select_parse(call->arena, call->caller.workspace, call->input, &select, err) !=
	    ERR_OK)
		return err->code;
	call->plan = select;
	return ERR_OK;
}

static enum err_code reach(struct call *call, struct txn *txn, struct err *err)
{
	bool behind;

	if (lead_select_reach(dispatch_engine(call->desk), txn, &behind, err) != ERR_OK)
		return err->code;
	if (behind)
		reply_warn(&call->reply, TEXT(BEHIND));
	return ERR_OK;
}

/* Write the leads, one read after the other, so that large documents do not pile up. */
struct writing {
	struct call *call;
	struct txn *txn;
	struct arena arena; /* of the lead at hand */
	struct lead_record_page page;
	struct writer writer;
};

static enum err_code write_lead(struct writing *writing, int64_t no, struct err *err)
{
	struct record *record;
	struct lead_row row;

	arena_reset(&writing->arena);
	record = arena_take(&writing->arena, sizeof *record);
	if (!record)
		return err_memory(err);
	if (leads_read(writing->txn->db, &writing->arena, writing->call->caller.workspace, no, &row,
		       err) != ERR_OK)
		return err->code;
	/* Deleted since the index was asked. */
	if (row.no == 0)
		return ERR_OK;
	if (record_read(&writing->arena, row.doc, record, err) != ERR_OK)
		return err->code;
	return lead_record_write(&writing->page, &row, record, &writing->writer, err);
}

static enum err_code write_leads(struct call *call, struct txn *txn,
				 const struct lead_select_page *found, struct writer *writer,
				 struct err *err)
{
	struct writing writing = {.call = call, .txn = txn, .writer = *writer};
	enum err_code code = ERR_OK;

	arena_init(&writing.arena, LEAD_ARENA_MAX);
	lead_record_begin(&writing.page, call->arena, txn->db, call->caller.workspace);
	writer_key(&writing.writer, TEXT("leads"));
	writer_begin_array(&writing.writer);
	for (size_t i = 0; i < found->count && code == ERR_OK; i++)
		code = write_lead(&writing, found->numbers[i], err);
	writer_end_array(&writing.writer);
	arena_release(&writing.arena);
	*writer = writing.writer;
	return code;
}

enum err_code query_commands_query(struct call *call, struct txn *txn, struct err *err)
{
	struct lead_select_page found;
	struct writer writer;

	if (reach(call, txn, err) != ERR_OK ||
	    lead_select_page(call->plan, call->arena, txn, &found, err) != ERR_OK)
		return err->code;
	writer = reply_begin(&call->reply, call->arena);
	writer_begin_object(&writer);
	if (write_leads(call, txn, &found, &writer, err) != ERR_OK)
		return err->code;
	writer_member_int(&writer, "total", found.total);
	writer_member_int(&writer, "limit", command_int(call->input, "limit", LEAD_SELECT_LIMIT));
	writer_member_int(&writer, "offset", command_int(call->input, "offset", 0));
	writer_member_bool(&writer, "has_more", found.has_more);
	writer_end_object(&writer);
	call->reply.next_cursor = found.next;
	return reply_end(&call->reply) ? ERR_OK : err_memory(err);
}

enum err_code query_commands_count(struct call *call, struct txn *txn, struct err *err)
{
	struct writer writer;
	int64_t total;

	if (reach(call, txn, err) != ERR_OK ||
	    lead_select_count(call->plan, call->arena, txn, &total, err) != ERR_OK)
		return err->code;
	writer = reply_begin(&call->reply, call->arena);
	writer_begin_object(&writer);
	writer_member_int(&writer, "total", total);
	writer_end_object(&writer);
	return reply_end(&call->reply) ? ERR_OK : err_memory(err);
}
