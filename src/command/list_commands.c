#include "command/list_commands.h"

#include "store/lists.h"

#define PAGE_DEFAULT 50
#define CURSOR_LETTER 'l'

/* What a call about one list says. */
struct plan {
	struct uuid id;
	struct text name; /* absent: none given */
};

static void write_list(struct writer *writer, const struct list_row *list)
{
	char id[UUID_TEXT_LEN + 1], created[CLOCK_TEXT_LEN + 1], updated[CLOCK_TEXT_LEN + 1];

	uuid_format(list->id, id);
	clock_format(list->created_ms, created);
	clock_format(list->updated_ms, updated);
	writer_begin_object(writer);
	writer_member_text(writer, "id", text_of(id));
	writer_member_text(writer, "name", list->name);
	writer_member_int(writer, "leads", list->leads);
	writer_member_text(writer, "created_at", text_of(created));
	writer_member_text(writer, "updated_at", text_of(updated));
	writer_end_object(writer);
}

static enum err_code answer(struct call *call, const struct list_row *list, struct err *err)
{
	struct writer writer = reply_begin(&call->reply, call->arena);

	writer_begin_object(&writer);
	writer_key(&writer, TEXT("list"));
	write_list(&writer, list);
	writer_end_object(&writer);
	return reply_end(&call->reply) ? ERR_OK : err_memory(err);
}

static enum err_code no_list(struct uuid uuid, struct err *err)
{
	char id[UUID_TEXT_LEN + 1];

	uuid_format(uuid, id);
	return command_not_found(ERR_LIST_NOT_FOUND, text_of(id), err);
}

/* ERR_STATE_CONFLICT when another list than `id` has the name. */
static enum err_code check_name(struct call *call, struct db *db, struct text name, struct uuid id,
				struct err *err)
{
	struct uuid owner;

	if (lists_named(db, call->caller.workspace, name, &owner, err) != ERR_OK)
		return err->code;
	if (uuid_is(owner, (struct uuid){{0}}) || uuid_is(owner, id))
		return ERR_OK;
	return command_name_taken("list", owner, err);
}

enum err_code list_commands_prepare_create(struct call *call, struct err *err)
{
	struct plan *plan = arena_zero(call->arena, 1, sizeof *plan);

	if (!plan)
		return err_memory(err);
	call->plan = plan;
	return command_name(call->input, &plan->name, err);
}

enum err_code list_commands_create(struct call *call, struct txn *txn, struct err *err)
{
	const struct plan *plan = call->plan;
	struct list_row list = {.id = uuid_make(&txn->ids),
				.name = plan->name,
				.created_ms = txn->now_ms,
				.updated_ms = txn->now_ms};

	if (check_name(call, txn->db, list.name, list.id, err) != ERR_OK ||
	    txn_touch(txn, err) != ERR_OK ||
	    lists_insert(txn, call->caller.workspace, &list, err) != ERR_OK)
		return err->code;
	call->reply.outcome = REPLY_CREATED;
	return answer(call, &list, err);
}

enum err_code list_commands_prepare_one(struct call *call, struct err *err)
{
	struct plan *plan = arena_zero(call->arena, 1, sizeof *plan);

	if (!plan)
		return err_memory(err);
	call->plan = plan;
	if (command_id(call->input, "list_id", ERR_LIST_NOT_FOUND, &plan->id, err) != ERR_OK)
		return err->code;
	return command_name(call->input, &plan->name, err);
}

/* The list that the plan names, or ERR_LIST_NOT_FOUND. */
static enum err_code read_planned(struct call *call, struct db *db, struct list_row *out,
				  struct err *err)
{
	const struct plan *plan = call->plan;
	struct list_row list;

	if (lists_read(db, call->arena, call->caller.workspace, plan->id, &list, err) != ERR_OK)
		return err->code;
	if (!list.name.ptr)
		return no_list(plan->id, err);
	*out = list;
	return ERR_OK;
}

enum err_code list_commands_get(struct call *call, struct txn *txn, struct err *err)
{
	struct list_row list;

	if (read_planned(call, txn->db, &list, err) != ERR_OK)
		return err->code;
	return answer(call, &list, err);
}

enum err_code list_commands_update(struct call *call, struct txn *txn, struct err *err)
{
	const struct plan *plan = call->plan;
	struct list_row list;

	if (read_planned(call, txn->db, &list, err) != ERR_OK)
		return err->code;
	call->reply.outcome = REPLY_UNCHANGED;
	if (!plan->name.ptr || text_is(plan->name, list.name))
		return answer(call, &list, err);
	list.name = plan->name;
	list.updated_ms = txn->now_ms;
	if (check_name(call, txn->db, list.name, list.id, err) != ERR_OK ||
	    txn_touch(txn, err) != ERR_OK ||
	    lists_rename(txn, call->caller.workspace, &list, err) != ERR_OK)
		return err->code;
	call->reply.outcome = REPLY_UPDATED;
	call->reply.changed = TEXT("[\"name\"]");
	return answer(call, &list, err);
}

enum err_code list_commands_prepare_list(struct call *call, struct err *err)
{
	struct lists_walk *walk = arena_zero(call->arena, 1, sizeof *walk);

	if (!walk)
		return err_memory(err);
	call->plan = walk;
	walk->workspace = call->caller.workspace;
	walk->limit = (size_t)command_int(call->input, "limit", PAGE_DEFAULT);
	return command_cursor_id(call->input, CURSOR_LETTER, &walk->below, err);
}

enum err_code list_commands_list(struct call *call, struct txn *txn, struct err *err)
{
	struct lists_walk walk = *(const struct lists_walk *)call->plan;
	size_t limit = walk.limit++, count; /* one more, to know whether there are more */
	struct list_row *lists = arena_zero(call->arena, walk.limit, sizeof *lists);
	struct writer writer = reply_begin(&call->reply, call->arena);

	if (!lists)
		return err_memory(err);
	if (lists_page(txn->db, call->arena, &walk, lists, &count, err) != ERR_OK)
		return err->code;
	writer_begin_object(&writer);
	writer_key(&writer, TEXT("lists"));
	writer_begin_array(&writer);
	for (size_t i = 0; i < count && i < limit; i++)
		write_list(&writer, &lists[i]);
	writer_end_array(&writer);
	writer_end_object(&writer);
	if (count > limit)
		call->reply.next_cursor =
			command_cursor_id_text(call->arena, CURSOR_LETTER, lists[limit - 1].id);
	return reply_end(&call->reply) ? ERR_OK : err_memory(err);
}
