#include "command/lead_identity.h"

#include "command/command.h"
#include "lead/email.h"
#include "lead/linkedin.h"
#include "lead/placeholder.h"

/* What is being read: the input's member and where it goes. */
struct reading {
	struct arena *arena;
	struct lead_plan *plan;
	const char *key;     /* member of the input */
	const char *pointer; /* its JSON pointer */
};

static void warn(struct reading *reading, struct text warning)
{
	struct lead_plan *plan = reading->plan;

	if (plan->warning_count < LEAD_WARNINGS_MAX && warning.ptr)
		plan->warnings[plan->warning_count++] = warning;
}

static struct text json_quoted(struct arena *arena, struct text text)
{
	struct buf buf;
	struct writer writer = writer_on(&buf);

	buf_init_arena(&buf, arena, 64 * 1024);
	writer_text(&writer, text);
	return buf_text(&buf);
}

/* Add an identifier; of two with the same key the stronger kind stays. */
static enum err_code add(struct reading *reading, struct identifier identifier,
			 enum field_id shown_as, struct text shown, struct err *err)
{
	struct lead_plan *plan = reading->plan;
	struct text value = TEXT_NONE;
	size_t at = 0;

	identifier.pointer = reading->pointer;
	if (shown_as != FIELD_COUNT) {
		value = json_quoted(reading->arena, shown);
		if (!value.ptr)
			return err_memory(err);
	}
	while (at < plan->given_count && !identifier_is(&plan->given[at], &identifier))
		at++;
	if (at < plan->given_count) {
		/* The same key again: show it in its own field too. */
		if (value.ptr && !plan->input.values[shown_as].ptr)
			plan->input.values[shown_as] = value;
		if (plan->given[at].kind > identifier.kind)
			plan->given[at].kind = identifier.kind;
		return ERR_OK;
	}
	if (at == IDENTIFIER_GIVEN_MAX - 1) /* the last place is the lead id's */
		return err_set(err, ERR_INVALID_INPUT, reading->pointer,
			       "One write may give %zu identifiers at most.", at);
	plan->given[at] = identifier;
	plan->keys[at] = identifier_key_of(identifier_space_of(identifier.kind), identifier.value);
	plan->shown_as[at] = shown_as;
	plan->shown[at] = value;
	plan->given_count++;
	return ERR_OK;
}

static enum err_code read_email(struct reading *reading, struct text value, struct err *err)
{
	bool personal = strcmp(reading->key, "personal_email") == 0;
	struct email email;

	if (email_parse(reading->arena, value, &email, err) != ERR_OK)
		return err->code;
	if (email.kind == EMAIL_PLACEHOLDER) {
		warn(reading, arena_format(reading->arena,
					   "%s \"%.*s\" stands for no address and was ignored.",
					   reading->key, TEXT_ARG(value)));
		return ERR_OK;
	}
	if (!email.key.ptr)
		return err_set(err, ERR_INVALID_INPUT, reading->pointer,
			       "The e-mail address %s. Correct it or leave it out.", email.reason);
	struct identifier identifier = {
		.kind = personal ? IDENTIFIER_PERSONAL_EMAIL : IDENTIFIER_EMAIL,
		.value = email.key,
		.weak = email.weak,
	};

	return add(reading, identifier, personal ? FIELD_PERSONAL_EMAIL : FIELD_EMAIL,
		   email.display, err);
}

/* Values that may name somebody, but not for certain: kept as they came, never matched by. */
static bool is_uncertain(enum linkedin_kind kind)
{
	return kind == LINKEDIN_INVALID_TOKEN || kind == LINKEDIN_DAMAGED_TOKEN ||
	       kind == LINKEDIN_SHORT_LINK || kind == LINKEDIN_PERSON_URN;
}

static enum err_code keep_uncertain(struct reading *reading, struct text value,
				    enum linkedin_kind kind, struct err *err)
{
	struct text *slot = &reading->plan->input.values[FIELD_LINKEDIN_UNVERIFIED];

	warn(reading, arena_format(reading->arena, "%s identifies nobody: %s", reading->key,
				   linkedin_advice(kind)));
	if (value.len > 1024)
		return ERR_OK;
	*slot = json_quoted(reading->arena, value);
	return slot->ptr ? ERR_OK : err_memory(err);
}

static enum err_code add_member(struct reading *reading, const struct linkedin *linkedin,
				struct err *err)
{
	struct lead_plan *plan = reading->plan;
	struct identifier identifier = {.kind = IDENTIFIER_MEMBER};
	enum field_id shown_as = FIELD_COUNT;

	if (plan->member && plan->member != linkedin->member)
		return err_set(err, ERR_INVALID_INPUT, reading->pointer,
			       "Two different LinkedIn members (%u and %u) are given for one "
			       "person. Send them as two leads.",
			       plan->member, linkedin->member);
	plan->member = linkedin->member;
	if (linkedin->kind == LINKEDIN_MEMBER_TOKEN) {
		identifier.kind = IDENTIFIER_LINKEDIN_ID;
		shown_as = FIELD_LN_ID;
	} else if (linkedin->kind == LINKEDIN_SALES_TOKEN) {
		identifier.kind = IDENTIFIER_SALES_NAVIGATOR;
		shown_as = FIELD_SN_ID;
	}
	identifier.value = arena_format(reading->arena, "%u", linkedin->member);
	if (!identifier.value.ptr)
		return err_memory(err);
	return add(reading, identifier, shown_as, linkedin->token, err);
}

static enum err_code read_linkedin(struct reading *reading, struct text value, struct err *err)
{
	bool sales = text_starts(text_of(reading->key), TEXT("sales_navigator"));
	struct linkedin linkedin;

	if (linkedin_parse(reading->arena, value, true, &linkedin, err) != ERR_OK)
		return err->code;
	if (linkedin.member)
		return add_member(reading, &linkedin, err);
	if (linkedin.slug.ptr && !sales)
		return add(reading,
			   (struct identifier){.kind = IDENTIFIER_SLUG, .value = linkedin.slug},
			   FIELD_LINKEDIN, linkedin.slug, err);
	if (is_uncertain(linkedin.kind))
		return keep_uncertain(reading, value, linkedin.kind, err);
	if (linkedin.slug.ptr)
		return err_set(err, ERR_INVALID_INPUT, reading->pointer,
			       "This is no Sales Navigator id. Send an ACwAA… id or a "
			       "/sales/lead/ URL here, and a profile URL as linkedin_url.");
	return err_set(err, ERR_INVALID_INPUT, reading->pointer, "%s",
		       linkedin_advice(linkedin.kind));
}

static enum err_code add_external(struct reading *reading, struct text source, struct text id,
				  struct err *err)
{
	source = text_trim(source);
	id = text_trim(id);
	if (placeholder_is(id) || source.len == 0) {
		warn(reading,
		     arena_format(reading->arena, "%s \"%.*s\" stands for nothing and was ignored.",
				  reading->key, TEXT_ARG(id)));
		return ERR_OK;
	}
	if (memchr(source.ptr, '\t', source.len) || memchr(id.ptr, '\t', id.len))
		return err_set(err, ERR_INVALID_INPUT, reading->pointer,
			       "An external id may not contain a tab.");
	struct buf value;

	buf_init_arena(&value, reading->arena, 2048);
	buf_add(&value, source);
	buf_add_char(&value, '\t');
	buf_add(&value, id);
	if (value.failed)
		return err_memory(err);
	return add(reading,
		   (struct identifier){.kind = IDENTIFIER_EXTERNAL, .value = buf_text(&value)},
		   FIELD_COUNT, TEXT_NONE, err);
}

static enum err_code read_custom(struct reading *reading, struct text value, struct err *err)
{
	return add_external(reading, TEXT("default"), value, err);
}

static enum err_code read_external_one(struct reading *reading, const json_t *one, struct err *err)
{
	return add_external(reading, command_text(one, "source"), command_text(one, "id"), err);
}

static enum err_code read_externals(struct reading *reading, const json_t *input, struct err *err)
{
	const json_t *list = json_object_get(input, "external_ids");
	const json_t *one = json_object_get(input, "external_id");

	reading->key = "external_ids";
	reading->pointer = "/external_ids";
	reading->plan->replaces_external = list != NULL;
	for (size_t i = 0; i < json_array_size(list); i++) {
		if (read_external_one(reading, json_array_get(list, i), err) != ERR_OK)
			return err->code;
	}
	if (json_is_object(one)) {
		reading->key = "external_id";
		reading->pointer = "/external_id";
		return read_external_one(reading, one, err);
	}
	return ERR_OK;
}

/* A lead's id: a UUID, or "lead_" and its 32 digits as one dialect writes it. */
static bool parse_lead_id(struct text value, struct uuid *out)
{
	if (text_starts(value, TEXT("lead_")))
		value = text_skip(value, 5);
	return uuid_parse(value, out);
}

static enum err_code read_lead_id(struct reading *reading, struct text value, struct err *err)
{
	struct lead_plan *plan = reading->plan;
	struct uuid id;

	if (!parse_lead_id(value, &id))
		return command_not_found(ERR_LEAD_NOT_FOUND, value, err);
	if (plan->has_lead_id && !uuid_is(plan->lead_id, id))
		return err_set(err, ERR_INVALID_INPUT, reading->pointer,
			       "lead_id and its other names (prospect_id, id) are different. Send "
			       "one of them.");
	plan->has_lead_id = true;
	plan->lead_id = id;
	return ERR_OK;
}

struct member_row {
	const char *key;
	const char *pointer;
	enum err_code (*read)(struct reading *reading, struct text value, struct err *err);
	enum identifier_kind kind; /* what null frees in lead.update */
};

static const struct member_row member_rows[] = {
	{"lead_id", "/lead_id", read_lead_id, IDENTIFIER_LEAD_ID},
	{"prospect_id", "/prospect_id", read_lead_id, IDENTIFIER_LEAD_ID},
	{"id", "/id", read_lead_id, IDENTIFIER_LEAD_ID},
	{"linkedin_id", "/linkedin_id", read_linkedin, IDENTIFIER_MEMBER},
	{"sales_navigator_id", "/sales_navigator_id", read_linkedin, IDENTIFIER_MEMBER},
	{"sales_navigator_url", "/sales_navigator_url", read_linkedin, IDENTIFIER_MEMBER},
	{"linkedin_url", "/linkedin_url", read_linkedin, IDENTIFIER_SLUG},
	{"linkedinUrl", "/linkedinUrl", read_linkedin, IDENTIFIER_SLUG},
	{"email", "/email", read_email, IDENTIFIER_EMAIL},
	{"personal_email", "/personal_email", read_email, IDENTIFIER_PERSONAL_EMAIL},
	{"custom_id", "/custom_id", read_custom, IDENTIFIER_EXTERNAL},
};

static enum err_code read_row(struct reading *reading, const struct member_row *row,
			      const json_t *value, bool replacing, struct err *err)
{
	struct text text = text_of(json_string_value(value));

	reading->key = row->key;
	reading->pointer = row->pointer;
	if (json_is_string(value))
		text.len = json_string_length(value);
	if (text_trim(text).len == 0) {
		if (replacing && value)
			reading->plan->cleared |= 1u << row->kind;
		return ERR_OK;
	}
	if (placeholder_is(text)) {
		warn(reading,
		     arena_format(reading->arena, "%s \"%.*s\" stands for nothing and was ignored.",
				  row->key, TEXT_ARG(text)));
		return ERR_OK;
	}
	return row->read(reading, text, err);
}

static enum err_code read_members(struct reading *reading, const json_t *input, bool replacing,
				  struct err *err)
{
	for (size_t i = 0; i < ARRAY_LEN(member_rows); i++) {
		const json_t *value = json_object_get(input, member_rows[i].key);

		if (value && read_row(reading, &member_rows[i], value, replacing, err) != ERR_OK)
			return err->code;
	}
	return read_externals(reading, input, err);
}

/* Copies of the arrays, as long as they need to be, in the arena. */
static enum err_code keep_arrays(struct arena *arena, struct lead_plan *plan, struct err *err)
{
	size_t count = plan->given_count;
	struct identifier *given = arena_take(arena, count * sizeof *given);
	struct identifier_key *keys = arena_take(arena, count * sizeof *keys);
	enum field_id *shown_as = arena_take(arena, count * sizeof *shown_as);
	struct text *shown = arena_take(arena, count * sizeof *shown);

	if (!given || !keys || !shown_as || !shown)
		return err_memory(err);
	memcpy(given, plan->given, count * sizeof *given);
	memcpy(keys, plan->keys, count * sizeof *keys);
	memcpy(shown_as, plan->shown_as, count * sizeof *shown_as);
	memcpy(shown, plan->shown, count * sizeof *shown);
	plan->given = given;
	plan->keys = keys;
	plan->shown_as = shown_as;
	plan->shown = shown;
	return ERR_OK;
}

enum err_code lead_identity_read(struct arena *arena, const json_t *input, bool replacing,
				 struct lead_plan *plan, struct err *err)
{
	struct reading reading = {.arena = arena, .plan = plan};
	struct identifier given[IDENTIFIER_GIVEN_MAX];
	struct identifier_key keys[IDENTIFIER_GIVEN_MAX];
	enum field_id shown_as[IDENTIFIER_GIVEN_MAX];
	struct text shown[IDENTIFIER_GIVEN_MAX];

	plan->given = given;
	plan->keys = keys;
	plan->shown_as = shown_as;
	plan->shown = shown;
	enum err_code code = read_members(&reading, input, replacing, err);

	/* Nothing of the plan may point here when this returns. */
	if (code == ERR_OK)
		code = keep_arrays(arena, plan, err);
	if (code != ERR_OK)
		plan->given_count = 0;
	return code;
}
