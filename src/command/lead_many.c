#include "command/lead_many.h"

#include "command/dispatch.h"
#include "command/lead_commands.h"
#include "command/lead_record.h"
#include "command/lead_tags.h"

struct many_row {
	struct lead_plan *plan; /* NULL: refused before it reached the store, see err */
	struct err err;
	enum reply_outcome outcome;
	struct text lead_id;
	int64_t matched;
	struct text changed;
	struct text candidates;
	struct text warnings[REPLY_WARNINGS_MAX];
	size_t warning_count;
	struct text lead; /* the record as it is after this row; absent: not asked for */
};

struct many {
	struct many_row *rows;
	size_t count;
	bool atomic;
	struct lead_tags_memory tags;
};

enum err_code lead_many_prepare(struct call *call, struct err *err)
{
	const json_t *leads = json_object_get(call->input, "leads");
	struct many *many = arena_zero(call->arena, 1, sizeof *many);
	struct lead_control control;
	int64_t now_ms = clock_now_ms(engine_clock(dispatch_engine(call->desk)));

	if (!many || lead_plan_control(call->input, now_ms, &control, err) != ERR_OK)
		return many ? err->code : err_memory(err);
	many->count = json_array_size(leads);
	many->rows = arena_zero(call->arena, many->count, sizeof *many->rows);
	if (!many->rows)
		return err_memory(err);
	many->atomic = command_flag(call->input, "atomic");
	for (size_t i = 0; i < many->count; i++) {
		struct many_row *row = &many->rows[i];

		row->plan = arena_take(call->arena, sizeof *row->plan);
		if (!row->plan)
			return err_memory(err);
		if (lead_plan_upsert(call->arena, json_array_get(leads, i), &control, row->plan,
				     &row->err) != ERR_OK)
			row->plan = NULL;
	}
	call->plan = many;
	return ERR_OK;
}

/* A failure that is not the row's own: the store's. The whole call fails with it. */
static bool is_of_store(enum err_code code)
{
	int status = err_http_status(code);

	return status >= 500;
}

static enum err_code write_record(struct call *call, struct txn *txn,
				  const struct lead_outcome *outcome, struct text *out,
				  struct err *err)
{
	struct lead_record_page *page = arena_take(call->arena, sizeof *page);
	struct buf buf;
	struct writer writer = writer_on(&buf);

	if (!page)
		return err_memory(err);
	buf_init_arena(&buf, call->arena, REPLY_BYTES_MAX);
	lead_record_begin(page, call->arena, txn->db, call->caller.workspace);
	if (lead_record_write(page, &outcome->row, &outcome->record, &writer, err) != ERR_OK)
		return err->code;
	*out = buf_text(&buf);
	return out->ptr ? ERR_OK : err_memory(err);
}

/* What the row wrote is undone, maybe tags that it made. */
static void undo_row(struct many *many, struct txn *txn)
{
	txn_part_undo(txn);
	lead_tags_memory_forget(&many->tags);
}

static enum err_code run_row(struct call *call, struct txn *txn, struct many_row *row,
			     struct lead_outcome *outcome, struct err *err)
{
	struct many *many = call->plan;
	struct lead_writer by = lead_commands_writer(call);
	char id[UUID_TEXT_LEN + 1];

	if (!row->plan)
		return ERR_OK;
	by.tags = &many->tags;
	txn_part_enter(txn);
	if (lead_write_upsert(call->arena, txn, &by, row->plan, outcome, &row->err) != ERR_OK) {
		undo_row(many, txn);
		row->candidates = outcome->candidates;
		if (!is_of_store(row->err.code))
			return ERR_OK;
		*err = row->err;
		return err->code;
	}
	if (call->profile == COMMAND_RECORD &&
	    write_record(call, txn, outcome, &row->lead, err) != ERR_OK)
		return err->code;
	if (row->plan->control.dry_run)
		undo_row(many, txn);
	else
		txn_part_keep(txn);
	uuid_format(outcome->row.id, id);
	row->err.code = ERR_OK;
	row->outcome = outcome->outcome;
	row->lead_id = arena_copy(call->arena, text_of(id));
	row->matched = outcome->matched;
	row->changed = outcome->changed;
	row->warning_count = outcome->warning_count;
	memcpy(row->warnings, outcome->warnings, sizeof row->warnings);
	return row->lead_id.ptr ? ERR_OK : err_memory(err);
}

static const char *outcome_word(const struct many_row *row)
{
	if (row->err.code == ERR_OK)
		return reply_outcome_name(row->outcome);
	if (err_http_status(row->err.code) == 409)
		return "conflict";
	return err_http_status(row->err.code) == 404 ? "not_found" : "invalid";
}

static void write_error(struct writer *writer, const struct many_row *row)
{
	writer_key(writer, TEXT("error"));
	writer_begin_object(writer);
	writer_member_text(writer, "code", text_of(err_name(row->err.code)));
	writer_member_text(writer, "message", text_of(row->err.message));
	if (row->err.pointer[0])
		writer_member_text(writer, "pointer", text_of(row->err.pointer));
	if (row->candidates.ptr)
		writer_member_raw(writer, "candidates", row->candidates);
	writer_end_object(writer);
}

static void write_row(struct writer *writer, const struct many_row *row, size_t index)
{
	writer_begin_object(writer);
	writer_member_int(writer, "index", (int64_t)index);
	writer_member_text(writer, "outcome", text_of(outcome_word(row)));
	if (row->err.code != ERR_OK) {
		write_error(writer, row);
		writer_end_object(writer);
		return;
	}
	writer_member_text(writer, "lead_id", row->lead_id);
	if (row->lead.ptr)
		writer_member_raw(writer, "lead", row->lead);
	writer_key(writer, TEXT("matched_by"));
	reply_write_matched(row->matched, writer);
	writer_member_raw(writer, "changed", row->changed.ptr ? row->changed : TEXT("[]"));
	if (row->warning_count) {
		writer_key(writer, TEXT("warnings"));
		writer_begin_array(writer);
		for (size_t i = 0; i < row->warning_count; i++)
			writer_text(writer, row->warnings[i]);
		writer_end_array(writer);
	}
	writer_end_object(writer);
}

static void write_counts(struct writer *writer, const struct many *many)
{
	int64_t outcomes[REPLY_UNCHANGED + 1] = {0}, refused = 0;

	for (size_t i = 0; i < many->count; i++) {
		if (many->rows[i].err.code == ERR_OK)
			outcomes[many->rows[i].outcome]++;
		else
			refused++;
	}
	writer_key(writer, TEXT("counts"));
	writer_begin_object(writer);
	writer_member_int(writer, "created", outcomes[REPLY_CREATED]);
	writer_member_int(writer, "updated", outcomes[REPLY_UPDATED]);
	writer_member_int(writer, "unchanged", outcomes[REPLY_UNCHANGED]);
	writer_member_int(writer, "refused", refused);
	writer_end_object(writer);
}

/* All or none: name every refused row, and fail as the first of them. */
static enum err_code refuse_all(struct call *call, const struct many *many, struct err *err)
{
	const struct many_row *first = NULL;
	size_t first_index = 0;
	struct buf buf;
	struct writer writer = writer_on(&buf);
	char pointer[sizeof err->pointer];

	buf_init_arena(&buf, call->arena, 1024 * 1024);
	writer_begin_array(&writer);
	for (size_t i = 0; i < many->count; i++) {
		const struct many_row *row = &many->rows[i];

		if (row->err.code == ERR_OK)
			continue;
		if (!first) {
			first = row;
			first_index = i;
		}
		snprintf(pointer, sizeof pointer, "/leads/%zu%.90s", i, row->err.pointer);
		writer_begin_object(&writer);
		writer_member_text(&writer, "pointer", text_of(pointer));
		writer_member_text(&writer, "message", text_of(row->err.message));
		writer_end_object(&writer);
	}
	writer_end_array(&writer);
	if (!first)
		return ERR_OK;
	call->reply.details = buf_text(&buf);
	call->reply.candidates = first->candidates;
	snprintf(pointer, sizeof pointer, "/leads/%zu%.90s", first_index, first->err.pointer);
	return err_set(err, first->err.code, pointer,
		       "Nothing was written, because atomic was asked for and a lead was refused "
		       "(see details): %.180s",
		       first->err.message);
}

enum err_code lead_many_execute(struct call *call, struct txn *txn, struct err *err)
{
	struct many *many = call->plan;
	struct lead_outcome *outcome = arena_take(call->arena, sizeof *outcome);
	struct writer writer;

	if (!outcome)
		return err_memory(err);
	lead_tags_memory_init(&many->tags);
	enum err_code code = ERR_OK;

	for (size_t i = 0; code == ERR_OK && i < many->count; i++)
		code = run_row(call, txn, &many->rows[i], outcome, err);
	lead_tags_memory_release(&many->tags);
	if (code != ERR_OK)
		return code;
	if (many->atomic && refuse_all(call, many, err) != ERR_OK)
		return err->code;
	writer = reply_begin(&call->reply, call->arena);
	writer_begin_object(&writer);
	writer_key(&writer, TEXT("results"));
	writer_begin_array(&writer);
	for (size_t i = 0; i < many->count; i++)
		write_row(&writer, &many->rows[i], i);
	writer_end_array(&writer);
	write_counts(&writer, many);
	writer_end_object(&writer);
	return reply_end(&call->reply) ? ERR_OK : err_memory(err);
}
