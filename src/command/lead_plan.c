#include "command/lead_plan.h"

#include "base/clock.h"
#include "command/lead_identity.h"
#include "command/command.h"
#include "lead/placeholder.h"

/* A clock that is a little fast is forgiven; one that is a day fast would block later writes. */
#define FUTURE_MAX_MS ((int64_t)24 * 3600 * 1000)

enum err_code lead_plan_control(const json_t *input, int64_t now_ms, struct lead_control *out,
				struct err *err)
{
	struct lead_control control = {.policy = RESOLVE_REJECT, .existing = LEAD_OVERWRITE};
	struct text policy = command_text(input, "on_conflict");
	struct text existing = command_text(input, "on_existing");
	struct text observed = command_text(input, "observed_at");

	if (policy.ptr && !resolve_policy_parse(policy, &control.policy))
		return err_set(err, ERR_INVALID_INPUT, "/on_conflict",
			       "on_conflict must be reject, prefer or merge.");
	if (text_is(existing, TEXT("fill")))
		control.existing = LEAD_FILL;
	else if (text_is(existing, TEXT("skip")))
		control.existing = LEAD_SKIP;
	else if (text_is(existing, TEXT("refuse")))
		control.existing = LEAD_REFUSE;
	if (observed.ptr) {
		if (!clock_parse(observed, &control.observed_ms))
			return err_set(err, ERR_INVALID_INPUT, "/observed_at",
				       "observed_at must be a time such as 2026-11-20T09:15:00Z.");
		if (control.observed_ms > now_ms + FUTURE_MAX_MS)
			return err_set(err, ERR_INVALID_INPUT, "/observed_at",
				       "observed_at is in the future. Look at the clock of the "
				       "machine that sent it, or leave it out.");
	}
	control.dry_run = command_flag(input, "dry_run");
	*out = control;
	return ERR_OK;
}

/* A profile value in canonical form: texts are trimmed, and the empty one clears. */
static struct text canonical(struct arena *arena, enum field_id field, const json_t *value)
{
	struct buf buf;
	struct writer writer = writer_on(&buf);

	buf_init_arena(&buf, arena, 1024 * 1024);
	if (json_is_string(value)) {
		struct text text = text_trim((struct text){json_string_value(value),
							   json_string_length(value)});

		if (field == FIELD_STATUS)
			return text;
		if (text.len == 0)
			return TEXT("null");
		writer_text(&writer, text);
	} else if (field == FIELD_SCORE && json_is_number(value) && json_number_value(value) == 0) {
		return TEXT("null"); /* answers show 0 where nothing is known */
	} else if (json_is_array(value) && json_array_size(value) == 0) {
		return TEXT("null");
	} else {
		writer_value(&writer, value);
	}
	return buf_text(&buf);
}

static enum err_code set_profile(struct arena *arena, struct lead_plan *plan, enum field_id field,
				 const char *key, const json_t *value, struct err *err)
{
	char pointer[64];
	struct text text = canonical(arena, field, value);

	snprintf(pointer, sizeof pointer, "/%s", key);
	if (!text.ptr)
		return err_set(err, ERR_INVALID_INPUT, pointer, "%s is too large.", key);
	struct text *slot = &plan->input.values[field];

	if (slot->ptr && !text_is(*slot, text))
		return err_set(err, ERR_INVALID_INPUT, pointer,
			       "%s is given twice, under two names and with two values.",
			       field_rows[field].name.ptr);
	*slot = text;
	return ERR_OK;
}

static void warn(struct lead_plan *plan, struct text warning)
{
	if (plan->warning_count < LEAD_WARNINGS_MAX && warning.ptr)
		plan->warnings[plan->warning_count++] = warning;
}

/* A member whose value is the id of a list, mission or stage. */
struct place {
	const char *key;
	enum err_code missing;
	bool *is_given;
	struct uuid *id;
};

static bool find_place(struct lead_plan *plan, const char *key, struct place *out)
{
	const struct place places[] = {
		{"list_id", ERR_LIST_NOT_FOUND, &plan->has_list, &plan->list},
		{"add_to_list", ERR_LIST_NOT_FOUND, &plan->has_list, &plan->list},
		{"remove_from_list", ERR_LIST_NOT_FOUND, &plan->leaves_list, &plan->list_left},
		{"move_to_list", ERR_LIST_NOT_FOUND, &plan->moves_home, &plan->home},
		{"list_if_new", ERR_LIST_NOT_FOUND, &plan->has_list_if_new, &plan->list_if_new},
		{"mission_id", ERR_MISSION_NOT_FOUND, &plan->has_mission, &plan->mission},
		{"stage_id", ERR_STAGE_NOT_FOUND, &plan->has_stage, &plan->stage},
	};

	for (size_t i = 0; i < ARRAY_LEN(places); i++) {
		if (strcmp(key, places[i].key) == 0) {
			*out = places[i];
			return true;
		}
	}
	return false;
}

static enum err_code set_place(const struct place *place, const json_t *value, struct err *err)
{
	struct text text = text_of(json_string_value(value));

	if (text.len == 0) {
		/* Nothing is meant, but for the stage: null is the way back to New. */
		*place->is_given = place->missing == ERR_STAGE_NOT_FOUND;
		*place->id = (struct uuid){{0}};
		return ERR_OK;
	}
	if (!uuid_parse(text, place->id)) {
		command_not_found(place->missing, text, err);
		snprintf(err->pointer, sizeof err->pointer, "/%s", place->key);
		return err->code;
	}
	*place->is_given = true;
	return ERR_OK;
}

/* Members that stay as they came until the lead is known. */
static bool set_borrowed(struct lead_plan *plan, const char *key, const json_t *value)
{
	const struct {
		const char *key;
		const json_t **slot;
	} rows[] = {
		{"tag_ids", &plan->tag_ids},
		{"add_tag_ids", &plan->added_tag_ids},
		{"remove_tag_ids", &plan->removed_tag_ids},
		{"custom_fields", &plan->custom_fields},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (strcmp(key, rows[i].key) == 0) {
			*rows[i].slot = value;
			return true;
		}
	}
	return false;
}

static enum err_code set_chatbot(struct arena *arena, struct lead_plan *plan, const json_t *value,
				 struct err *err)
{
	struct text text = canonical(arena, FIELD_CHATBOT_ID, value);

	if (!text.ptr)
		return err_memory(err);
	plan->chatbot = text_is(text, TEXT("null")) ? TEXT_NONE : text;
	return ERR_OK;
}

/* Members of a lead that was read, which cannot be written. */
static bool is_read_only(const char *key)
{
	static const char *const keys[] = {"sentMessages",    "receivedMessages", "addedDate",
					   "lastInteraction", "mission",          "missions"};

	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		if (strcmp(key, keys[i]) == 0)
			return true;
	}
	return false;
}

static enum err_code read_member(struct arena *arena, struct lead_plan *plan, const char *key,
				 const json_t *value, struct err *err)
{
	enum field_id field = fields_by_input(text_of(key));
	struct place place;

	if (field != FIELD_COUNT)
		return set_profile(arena, plan, field, key, value, err);
	if (find_place(plan, key, &place))
		return set_place(&place, value, err);
	if (set_borrowed(plan, key, value))
		return ERR_OK;
	if (strcmp(key, "chatbot_id") == 0)
		return set_chatbot(arena, plan, value, err);
	if (is_read_only(key))
		warn(plan, arena_format(arena, "%s cannot be written and was ignored.", key));
	return ERR_OK;
}

static enum err_code read_profile(struct arena *arena, struct lead_plan *plan, const json_t *input,
				  struct err *err)
{
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)input, key, value)
	{
		if (read_member(arena, plan, key, value, err) != ERR_OK)
			return err->code;
	}
	return ERR_OK;
}

static void plan_init(struct lead_plan *plan, const struct lead_control *control)
{
	memset(&plan->input, 0, sizeof plan->input);
	plan->control = *control;
	plan->has_lead_id = false;
	plan->given = NULL;
	plan->given_count = 0;
	plan->member = 0;
	plan->cleared = 0;
	plan->if_version = 0;
	plan->replaces_external = false;
	plan->added_tags = plan->tag_ids = plan->added_tag_ids = plan->removed_tag_ids = NULL;
	plan->custom_fields = NULL;
	plan->chatbot = plan->reason = TEXT_NONE;
	plan->has_list = plan->has_mission = plan->leaves_list = false;
	plan->moves_home = plan->has_list_if_new = plan->has_stage = false;
	plan->warning_count = 0;
	plan->input.mode = control->existing == LEAD_FILL ? RECORD_FILL : RECORD_OVERWRITE;
	plan->input.dialect = STATUS_RUNTIME;
	plan->input.observed_ms = control->observed_ms;
}

/* The status that a surface took from its own dialect. */
static enum err_code set_status(struct lead_plan *plan, struct err *err)
{
	const struct lead_control *control = &plan->control;
	unsigned bits;

	if (!control->status.ptr)
		return ERR_OK;
	if (!status_set(control->status, control->dialect, &bits))
		return err_set(err, ERR_INVALID_INPUT, "/status", "\"%.*s\" is no status.",
			       TEXT_ARG(control->status));
	plan->input.values[FIELD_STATUS] = control->status;
	plan->input.dialect = control->dialect;
	return ERR_OK;
}

static enum err_code require_identifier(const struct lead_plan *plan, struct err *err)
{
	if (plan->has_lead_id || plan->given_count > 0)
		return ERR_OK;
	return err_set(err, ERR_IDENTIFIER_REQUIRED, "",
		       "%s%sSend at least one of lead_id, email, personal_email, linkedin_url, "
		       "linkedin_id, sales_navigator_id, sales_navigator_url, custom_id or "
		       "external_ids.",
		       plan->warning_count ? plan->warnings[0].ptr : "",
		       plan->warning_count ? " " : "");
}

enum err_code lead_plan_upsert(struct arena *arena, const json_t *input,
			       const struct lead_control *control, struct lead_plan *out,
			       struct err *err)
{
	plan_init(out, control);
	if (lead_identity_read(arena, input, false, out, err) != ERR_OK ||
	    require_identifier(out, err) != ERR_OK ||
	    read_profile(arena, out, input, err) != ERR_OK)
		return err->code;
	return set_status(out, err);
}

enum err_code lead_plan_update(struct arena *arena, const json_t *input,
			       const struct lead_control *control, struct lead_plan *out,
			       struct err *err)
{
	plan_init(out, control);
	if (lead_identity_read(arena, input, true, out, err) != ERR_OK ||
	    read_profile(arena, out, input, err) != ERR_OK)
		return err->code;
	out->input.override_do_not_contact = command_flag(input, "override_do_not_contact");
	return set_status(out, err);
}

enum err_code lead_plan_lookup(struct arena *arena, const json_t *input, struct lead_plan *out,
			       struct err *err)
{
	const struct lead_control control = {.policy = RESOLVE_REJECT};

	plan_init(out, &control);
	if (lead_identity_read(arena, input, false, out, err) != ERR_OK)
		return err->code;
	return require_identifier(out, err);
}
