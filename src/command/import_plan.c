#include "command/import_plan.h"

#include "json/schema.h"
#include "json/writer.h"

#define DETAIL_BYTES_MAX ((size_t)4 * 1024 * 1024)

bool import_plan_is_refusal(enum err_code code, enum import_outcome *out)
{
	switch (code) {
	case ERR_IDENTITY_CONFLICT:
	case ERR_MERGE_NOT_AVAILABLE:
	case ERR_LEAD_EXISTS:
		*out = IMPORT_CONFLICT;
		return true;
	case ERR_BLACKLISTED:
		*out = IMPORT_SKIPPED;
		return true;
	case ERR_INVALID_JSON:
	case ERR_INVALID_INPUT:
	case ERR_IDENTIFIER_REQUIRED:
	case ERR_LEAD_NOT_FOUND:
	case ERR_LIST_NOT_FOUND:
	case ERR_MISSION_NOT_FOUND:
	case ERR_STAGE_NOT_FOUND:
	case ERR_TAG_NOT_FOUND:
	case ERR_VERSION_CONFLICT:
	case ERR_STATE_CONFLICT:
	case ERR_PRECONDITION_FAILED:
	case ERR_TOO_LARGE:
		*out = IMPORT_INVALID;
		return true;
	default:
		return false;
	}
}

static void write_cells(struct writer *writer, const struct import_item *item)
{
	writer_key(writer, TEXT("cells"));
	writer_begin_array(writer);
	for (size_t i = 0; item->row.cells && i < item->row.count; i++)
		writer_text(writer, item->row.cells[i]);
	if (item->row.json.ptr)
		writer_text(writer, item->row.json);
	writer_end_array(writer);
}

enum err_code import_plan_refuse(struct arena *arena, const struct import_source *source,
				 const struct import_planned *planned,
				 const struct import_refusal *refusal, struct text *out,
				 struct err *err)
{
	const struct err *why = refusal->why;
	struct text column = import_source_column_of(source, &planned->item, why->pointer);
	struct buf buf;
	struct writer writer = writer_on(&buf);

	buf_init_arena(&buf, arena, DETAIL_BYTES_MAX);
	writer_begin_object(&writer);
	writer_member_text(&writer, "code", text_of(err_name(why->code)));
	writer_member_text(&writer, "message", text_of(why->message));
	writer_key(&writer, TEXT("column"));
	if (column.ptr)
		writer_text(&writer, column);
	else
		writer_null(&writer);
	if (refusal->candidates.ptr)
		writer_member_raw(&writer, "candidates", refusal->candidates);
	write_cells(&writer, &planned->item);
	writer_end_object(&writer);
	if (buf.failed)
		return err_memory(err);
	*out = buf_text(&buf);
	return ERR_OK;
}

static void add_groups(struct lead_plan *plan, const struct import_rules *rules)
{
	if (rules->has_list && !plan->has_list) {
		plan->has_list = true;
		plan->list = rules->list;
	}
	if (rules->has_list_if_new && !plan->has_list_if_new) {
		plan->has_list_if_new = true;
		plan->list_if_new = rules->list_if_new;
	}
	if (rules->moves_home && !plan->moves_home) {
		plan->moves_home = true;
		plan->home = rules->home;
	}
	if (rules->has_mission && !plan->has_mission) {
		plan->has_mission = true;
		plan->mission = rules->mission;
	}
}

/* The import's tags, beside those that the row may add itself. */
static enum err_code add_tag_ids(struct lead_plan *plan, const struct import_rules *rules,
				 struct err *err)
{
	if (!rules->tag_ids)
		return ERR_OK;
	/* What the row has is its own: nobody else reads the array. */
	if (plan->added_tag_ids &&
	    json_array_extend((json_t *)plan->added_tag_ids, (json_t *)rules->tag_ids) != 0)
		return err_memory(err);
	if (!plan->added_tag_ids)
		plan->added_tag_ids = rules->tag_ids;
	return ERR_OK;
}

/* The import's policies, and the row's own time where it has one. */
static enum err_code control_of(const struct import_rules *rules, const json_t *input,
				int64_t now_ms, struct lead_control *out, struct err *err)
{
	struct lead_control own;

	*out = rules->control;
	if (!json_object_get(input, "observed_at"))
		return ERR_OK;
	if (lead_plan_control(input, now_ms, &own, err) != ERR_OK)
		return err->code;
	out->observed_ms = own.observed_ms;
	return ERR_OK;
}

static enum err_code make_plan(struct arena *arena, const struct import_rules *rules,
			       int64_t now_ms, struct import_planned *planned, struct err *err)
{
	const json_t *input = planned->item.input;
	struct lead_plan *plan = arena_take(arena, sizeof *plan);
	struct lead_control control;

	if (!plan)
		return err_memory(err);
	if (schema_check(rules->schema, input, NULL, err) != ERR_OK ||
	    control_of(rules, input, now_ms, &control, err) != ERR_OK ||
	    lead_plan_upsert(arena, input, &control, plan, err) != ERR_OK)
		return err->code;
	add_groups(plan, rules);
	plan->added_tags = rules->tags;
	if (add_tag_ids(plan, rules, err) != ERR_OK)
		return err->code;
	planned->plan = plan;
	return ERR_OK;
}

/* Refuse the row for `why`; a reason that is not about the row is handed on. */
static enum err_code refuse(struct import_source *source, struct arena *arena,
			    struct import_planned *planned, const struct err *why, struct err *err)
{
	if (!import_plan_is_refusal(why->code, &planned->outcome)) {
		*err = *why;
		return err->code;
	}
	const struct import_refusal refusal = {.why = why};

	return import_plan_refuse(arena, source, planned, &refusal, &planned->detail, err);
}

static enum err_code plan_item(struct import_source *source, struct arena *arena,
			       const struct import_rules *rules, int64_t now_ms,
			       struct import_planned *planned, struct err *err)
{
	struct import_item *item = &planned->item;
	struct err why = {.code = ERR_OK};

	if (item->reason.ptr) {
		err_set(&why, ERR_INVALID_INPUT, "", "%.*s", TEXT_ARG(item->reason));
		return refuse(source, arena, planned, &why, err);
	}
	if (item->values.skip) {
		err_set(&why, ERR_IDENTIFIER_REQUIRED, "", "The row was left out: %s.",
			item->values.skip);
		enum err_code code = refuse(source, arena, planned, &why, err);

		planned->outcome = IMPORT_SKIPPED;
		return code;
	}
	if (make_plan(arena, rules, now_ms, planned, &why) == ERR_OK)
		return ERR_OK;
	return refuse(source, arena, planned, &why, err);
}

enum err_code import_plan_next(struct import_source *source, struct arena *arena,
			       const struct import_rules *rules, int64_t now_ms,
			       struct import_planned *out, struct err *err)
{
	struct import_planned planned = {.plan = NULL};

	if (import_source_next(source, arena, rules, &planned.item, err) != ERR_OK)
		return err->code;
	if (planned.item.row.number != 0 &&
	    plan_item(source, arena, rules, now_ms, &planned, err) != ERR_OK) {
		import_source_drop(&planned.item);
		return err->code;
	}
	*out = planned;
	return ERR_OK;
}
