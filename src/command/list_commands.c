#include "command/list_commands.h"

#include "command/listing.h"
#include "store/defaults.h"
#include "store/lists.h"

#define ROW_BYTES_MAX 8192

/* Rows about leads of a deleted list that go at once; the importer removes the others. */
#define CLEARED_AT_ONCE 10000

/* What a call about one list says. */
struct plan {
	struct uuid id;
	struct text name; /* absent: none given */
};

static void write_list(struct writer *writer, const struct list_row *list, struct uuid inbox)
{
	char id[UUID_TEXT_LEN + 1], created[CLOCK_TEXT_LEN + 1], updated[CLOCK_TEXT_LEN + 1];

	uuid_format(list->id, id);
	clock_format(list->created_ms, created);
	clock_format(list->updated_ms, updated);
	writer_begin_object(writer);
	writer_member_text(writer, "id", text_of(id));
	writer_member_text(writer, "name", list->name);
	writer_member_int(writer, "leads", list->leads);
	writer_member_bool(writer, "is_inbox", uuid_is(list->id, inbox));
	writer_member_text(writer, "created_at", text_of(created));
	writer_member_text(writer, "updated_at", text_of(updated));
	writer_end_object(writer);
}

static enum err_code answer(struct call *call, struct db *db, const struct list_row *list,
			    struct err *err)
{
	struct writer writer = reply_begin(&call->reply, call->arena);
	struct workspace_defaults defaults;

	if (defaults_read(db, call->caller.workspace, &defaults, err) != ERR_OK)
		return err->code;
	writer_begin_object(&writer);
	writer_key(&writer, TEXT("list"));
	write_list(&writer, list, defaults.inbox);
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
	return answer(call, txn->db, &list, err);
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
	return answer(call, txn->db, &list, err);
}

enum err_code list_commands_update(struct call *call, struct txn *txn, struct err *err)
{
	const struct plan *plan = call->plan;
	struct list_row list;

	if (read_planned(call, txn->db, &list, err) != ERR_OK)
		return err->code;
	call->reply.outcome = REPLY_UNCHANGED;
	if (!plan->name.ptr || text_is(plan->name, list.name))
		return answer(call, txn->db, &list, err);
	list.name = plan->name;
	list.updated_ms = txn->now_ms;
	if (check_name(call, txn->db, list.name, list.id, err) != ERR_OK ||
	    txn_touch(txn, err) != ERR_OK ||
	    lists_rename(txn, call->caller.workspace, &list, err) != ERR_OK)
		return err->code;
	call->reply.outcome = REPLY_UPDATED;
	call->reply.changed = TEXT("[\"name\"]");
	return answer(call, txn->db, &list, err);
}

static enum err_code inbox_of(const struct listing_scene *scene, struct uuid *out, struct err *err)
{
	struct workspace_defaults defaults;

	if (defaults_read(scene->db, scene->call->caller.workspace, &defaults, err) != ERR_OK)
		return err->code;
	*out = defaults.inbox;
	return ERR_OK;
}

/* A list as a row of a listing. */
static enum err_code take_row(const struct listing_scene *scene, const struct list_row *list,
			      struct uuid inbox, struct listing_row *out, struct err *err)
{
	struct buf buf;
	struct writer writer = writer_on(&buf);

	buf_init_arena(&buf, scene->arena, ROW_BYTES_MAX);
	write_list(&writer, list, inbox);
	*out = (struct listing_row){.id = list->id, .json = buf_text(&buf)};
	return out->json.ptr ? ERR_OK : err_memory(err);
}

static enum err_code count_rows(const struct listing_scene *scene, struct uuid about, int64_t *out,
				struct err *err)
{
	(void)about; /* lists are about nothing */
	return lists_count(scene->db, scene->call->caller.workspace, out, err);
}

static enum err_code page_rows(const struct listing_scene *scene, const struct listing_walk *walk,
			       struct listing_row *out, size_t *out_count, struct err *err)
{
	const struct lists_walk lists = {.workspace = scene->call->caller.workspace,
					 .upward = walk->upward,
					 .from = walk->from,
					 .offset = walk->offset,
					 .limit = walk->limit};
	struct list_row *page = arena_zero(scene->arena, walk->limit, sizeof *page);
	struct uuid inbox;
	size_t count;

	if (!page)
		return err_memory(err);
	if (inbox_of(scene, &inbox, err) != ERR_OK ||
	    lists_page(scene->db, scene->arena, &lists, page, &count, err) != ERR_OK)
		return err->code;
	for (size_t i = 0; i < count; i++) {
		if (take_row(scene, &page[i], inbox, &out[i], err) != ERR_OK)
			return err->code;
	}
	*out_count = count;
	return ERR_OK;
}

static enum err_code read_row(const struct listing_scene *scene, struct uuid id,
			      struct listing_row *out, struct err *err)
{
	struct list_row list;
	struct uuid inbox;

	if (inbox_of(scene, &inbox, err) != ERR_OK ||
	    lists_read(scene->db, scene->arena, scene->call->caller.workspace, id, &list, err) !=
		    ERR_OK)
		return err->code;
	*out = (struct listing_row){.id = id, .json = TEXT_NONE};
	return list.name.ptr ? take_row(scene, &list, inbox, out, err) : ERR_OK;
}

static const struct listing_field list_fields[] = {
	{"id", LISTING_ID, false, false},          {"name", LISTING_WORD, true, true},
	{"leads", LISTING_NUMBER, true, false},    {"is_inbox", LISTING_FLAG, false, false},
	{"created_at", LISTING_TIME, true, false}, {"updated_at", LISTING_TIME, true, false},
};

static const struct listing_noun lists_noun = {
	.plural = "lists",
	.fields = list_fields,
	.field_count = ARRAY_LEN(list_fields),
	.cursor = 'l',
	.count = count_rows,
	.page = page_rows,
	.read = read_row,
};

enum err_code list_commands_prepare_list(struct call *call, struct err *err)
{
	return listing_prepare(call, &lists_noun, err);
}

static enum err_code check_deletable(struct call *call, struct db *db, const struct list_row *list,
				     struct err *err)
{
	struct workspace_defaults defaults;

	if (defaults_read(db, call->caller.workspace, &defaults, err) != ERR_OK)
		return err->code;
	if (!uuid_is(list->id, defaults.inbox))
		return ERR_OK;
	return err_set(err, ERR_STATE_CONFLICT, "/list_id",
		       "This is the workspace's inbox, where leads on no other list belong; it "
		       "cannot be deleted. list.update gives it another name.");
}

static enum err_code answer_deleted(struct call *call, struct uuid list, int64_t at_ms,
				    struct err *err)
{
	struct writer writer = reply_begin(&call->reply, call->arena);
	char id[UUID_TEXT_LEN + 1], at[CLOCK_TEXT_LEN + 1];

	uuid_format(list, id);
	clock_format(at_ms, at);
	writer_begin_object(&writer);
	writer_member_text(&writer, "list_id", text_of(id));
	writer_member_bool(&writer, "deleted", true);
	writer_member_text(&writer, "deleted_at", text_of(at));
	writer_end_object(&writer);
	return reply_end(&call->reply) ? ERR_OK : err_memory(err);
}

enum err_code list_commands_delete(struct call *call, struct txn *txn, struct err *err)
{
	struct list_row list;
	bool found;

	if (read_planned(call, txn->db, &list, err) != ERR_OK ||
	    check_deletable(call, txn->db, &list, err) != ERR_OK || txn_touch(txn, err) != ERR_OK ||
	    lists_delete(txn, call->caller.workspace, list.id, &found, err) != ERR_OK ||
	    lists_clear_gone(txn, CLEARED_AT_ONCE, err) != ERR_OK)
		return err->code;
	return answer_deleted(call, list.id, txn->now_ms, err);
}
