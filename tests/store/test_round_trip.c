/*
 * A write that says what a dialect already shows changes nothing: for every field of
 * catalogue/fields.json, in every dialect, alone and all together.
 */
#include "import_rig.h"

#include <stdio.h>
#include <stdlib.h>

#include "lead/fields.h"

#define CALL_BYTES_MAX ((size_t)64 * 1024 * 1024)

/* One value for each field that an input can set, under the name that lead.upsert has for it. */
static const char whole_lead[] =
	"{\"email\":\"Ada.Example@Example.com\",\"personal_email\":\"ada@example.org\","
	"\"linkedin_url\":\"https://www.linkedin.com/in/Ada-Example/\","
	"\"linkedin_id\":\"ACoAACwbhdIBWlpaWlpaWlpaWlpaWlpaWlpaWlo\","
	"\"sales_navigator_id\":\"ACwAACwbhdIBWlpaWlpaWlpaWlpaWlpaWlpaWlo\","
	"\"name\":\"Ada Example\",\"title\":\"Analyst \\\"of\\\" engines\","
	"\"job_title\":\"Analyst\","
	"\"company\":\"Works\",\"score\":12.5,\"avatar_url\":\"https://img.example.com/a.png\","
	"\"description\":\"Long\\ntext\",\"linkedin_profile_enriched\":true,\"location\":\"Bonn\","
	"\"phone\":\"+49 30 1\",\"timezone\":\"Europe/Berlin\","
	"\"company_website\":\"https://works.example\",\"company_logo_url\":\"http://w.example/l\","
	"\"company_linkedin_url\":\"https://www.linkedin.com/company/works\","
	"\"company_headline\":\"We work\",\"personal_website\":\"https://ada.example\","
	"\"company_industry\":\"Engines\",\"company_size\":\"51-200\","
	"\"experience\":[{\"role\":\"Analyst\",\"company\":\"Works\",\"duration\":\"2 years\"}],"
	"\"education\":[{\"school\":\"Home\",\"degree\":\"None\",\"year\":\"1832\"}],"
	"\"skills\":[\"C\",\"Sums\"],\"recent_posts\":[{\"content\":\"Hello\","
	"\"date\":\"2026-01-01\",\"likes\":3}],\"is_flagged\":false,\"first_name\":\"Ada\","
	"\"last_name\":\"Example\",\"source\":\"fair\",\"tags\":[\"vip\",\"fair\"],"
	"\"metadata\":{\"budget\":10,\"x\":{\"y\":[1,null]}},\"personal_phone\":\"+49 30 2\","
	"\"facebook\":\"ada\",\"twitter\":\"@ada\",\"company_domain\":\"works.example\","
	"\"company_linkedin_id\":\"1035\",\"connections\":500,\"followers\":0,"
	"\"primary_language\":\"en\",\"supported_languages\":[\"en\",\"de\"],"
	"\"has_open_profile\":true,\"has_verified_profile\":false,\"has_premium\":true,"
	"\"linkedin_status\":\"active\",\"email_status\":\"valid\",\"status\":\"Waiting\","
	"\"chatbot_id\":\"bot\"}";

/* A call as a surface makes it. */
struct round {
	struct import_rig *rig;
	struct arena arena;
	struct call call;
	json_t *data;
	struct err err;
};

static enum err_code run(struct round *round, const char *command, const json_t *input)
{
	round->call.desk = round->rig->desk;
	round->call.arena = &round->arena;
	round->call.caller = (struct caller){.workspace = RIG_WORKSPACE, .scopes = TEXT("*")};
	round->call.input = (json_t *)input;
	arena_init(&round->arena, CALL_BYTES_MAX);
	enum err_code code = dispatch_run(&round->call, text_of(command), &round->err);

	round->data = code == ERR_OK ? json_loadb(round->call.reply.data.ptr,
						  round->call.reply.data.len, 0, NULL)
				     : NULL;
	return code;
}

static void release(struct round *round)
{
	json_decref(round->data);
	arena_release(&round->arena);
}

/* data.lead of lead.get in a profile; the caller's. */
static json_t *read_lead(struct import_rig *rig, const char *id, enum command_profile profile)
{
	struct round round = {.rig = rig, .call = {.profile = profile}};
	json_t *input = json_pack("{s:s}", "lead_id", id);

	fixture_expect(&round.err, ERR_OK, run(&round, "lead.get", input), "lead.get", __LINE__);
	json_t *lead = json_incref(json_object_get(round.data, "lead"));

	json_decref(input);
	release(&round);
	return lead;
}

/* `input` (taken), as lead.upsert and as lead.update, changes nothing of lead `id`. */
static void expect_unchanged(struct import_rig *rig, const char *id, json_t *input,
			     struct text status, enum status_dialect dialect)
{
	static const char *const commands[] = {"lead.upsert", "lead.update"};

	json_object_set_new(input, "lead_id", json_string(id));
	for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
		struct round round = {.rig = rig, .call = {.status = status, .dialect = dialect}};

		/* Names that only lead.upsert takes are those of a lead that was read. */
		if (i == 1 && json_object_get(input, "id"))
			break;
		char *said = json_dumps(input, 0);

		fixture_expect(&round.err, ERR_OK, run(&round, commands[i], input), said, __LINE__);
		if (round.call.reply.outcome != REPLY_UNCHANGED || round.call.reply.change_id.ptr)
			fail_msg("%s changed %.*s: %s", commands[i],
				 TEXT_ARG(round.call.reply.changed), said);
		free(said);
		release(&round);
	}
	json_decref(input);
}

/* What commands call a field of the record. */
static const char *input_name(enum field_id field)
{
	switch (field) {
	case FIELD_LINKEDIN:
		return "linkedin_url";
	case FIELD_LN_ID:
		return "linkedin_id";
	case FIELD_SN_ID:
		return "sales_navigator_id";
	case FIELD_EMAIL:
	case FIELD_PERSONAL_EMAIL:
		return field_rows[field].name.ptr;
	default:
		return field_rows[field].input ? field_rows[field].name.ptr : NULL;
	}
}

static bool is_of_dialect(enum field_id field, struct text name, struct text input)
{
	return field != FIELD_STATUS && (name.ptr || input.ptr) && input_name(field);
}

/* Say the record's value of each field that a dialect has, alone and with all others. */
static void say_fields(struct import_rig *rig, const char *id, const json_t *record,
		       bool (*has)(enum field_id field))
{
	json_t *all = json_object();

	for (int i = 0; i < FIELD_COUNT; i++) {
		enum field_id field = (enum field_id)i;
		json_t *value = json_object_get(record, field_rows[i].name.ptr);

		if (!has(field))
			continue;
		/* What is not known is shown as null, and may be sent back so. */
		value = value ? json_incref(value) : json_null();
		json_object_set(all, input_name(field), value);
		expect_unchanged(rig, id, json_pack("{s:o}", input_name(field), value), TEXT_NONE,
				 STATUS_INSIDE);
	}
	expect_unchanged(rig, id, all, TEXT_NONE, STATUS_INSIDE);
}

static bool of_contacts(enum field_id field)
{
	return is_of_dialect(field, field_rows[field].contacts, field_rows[field].contacts_input);
}

static bool of_leads(enum field_id field)
{
	return is_of_dialect(field, field_rows[field].leads, TEXT_NONE);
}

static bool of_inside(enum field_id field)
{
	return is_of_dialect(field, field_rows[field].name, TEXT_NONE);
}

/* The runtime's Lead: each member under its own name, and the whole of it. */
static void say_runtime(struct import_rig *rig, const char *id)
{
	json_t *lead = read_lead(rig, id, COMMAND_FULL), *value;
	const char *key;

	json_object_foreach(lead, key, value)
	{
		for (int i = 0; i < FIELD_COUNT; i++) {
			if (!field_rows[i].input || !field_rows[i].runtime.ptr ||
			    strcmp(field_rows[i].runtime.ptr, key) != 0)
				continue;
			json_t *input = json_pack("{s:s, s:O}", "id", id, key, value);

			expect_unchanged(rig, id, input, TEXT_NONE, STATUS_INSIDE);
		}
	}
	json_object_del(lead, "addedDate"); /* answered with a warning, nothing else */
	expect_unchanged(rig, id, json_deep_copy(lead), TEXT_NONE, STATUS_INSIDE);
	json_decref(lead);
}

static void say_marks(struct import_rig *rig, const char *id, const json_t *record)
{
	static const char *const pairs[][2] = {{"stage_id", "stage_id"},
					       {"tag_ids", "tag_ids"},
					       {"list_id", "move_to_list"}};

	for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
		json_t *value = json_object_get(record, pairs[i][0]);

		/* The rig's workspace has no Inbox. */
		if (json_is_string(value) &&
		    strspn(json_string_value(value), "0-") == UUID_TEXT_LEN)
			continue;
		expect_unchanged(rig, id, json_pack("{s:O}", pairs[i][1], value), TEXT_NONE,
				 STATUS_INSIDE);
	}
}

static void say_all(struct import_rig *rig, const char *id)
{
	json_t *before = read_lead(rig, id, COMMAND_RECORD);

	say_runtime(rig, id);
	say_fields(rig, id, before, of_contacts);
	say_fields(rig, id, before, of_leads);
	say_fields(rig, id, before, of_inside);
	say_marks(rig, id, before);
	json_t *after = read_lead(rig, id, COMMAND_RECORD);

	assert_true(json_equal(before, after));
	json_decref(before);
	json_decref(after);
}

/* Make a lead of `input` (taken); its id. */
static void make(struct import_rig *rig, json_t *input, char id[UUID_TEXT_LEN + 1])
{
	json_t *made = import_rig_run(rig, "lead.upsert", input);

	snprintf(id, UUID_TEXT_LEN + 1, "%s", json_string_value(json_object_get(made, "lead_id")));
	json_decref(made);
}

/* Make a `noun` of `its` (taken) and put its id into the input. */
static void set_new_id(struct import_rig *rig, json_t *input, const char *member, const char *noun,
		       json_t *its)
{
	char command[32];

	snprintf(command, sizeof command, "%s.create", noun);
	json_t *made = import_rig_run(rig, command, its);

	json_object_set(input, member, json_object_get(json_object_get(made, noun), "id"));
	json_decref(made);
}

static void a_lead_with_every_field(void **state)
{
	struct import_rig *rig = *state;
	json_t *input = json_loads(whole_lead, 0, NULL), *record;
	char id[UUID_TEXT_LEN + 1];

	assert_non_null(input);
	set_new_id(rig, input, "list_id", "list", json_pack("{s:s}", "name", "A list"));
	set_new_id(rig, input, "stage_id", "stage",
		   json_pack("{s:s, s:s, s:s}", "name", "Demo", "object", "lead", "category",
			     "engaging"));
	make(rig, json_incref(input), id);
	record = read_lead(rig, id, COMMAND_RECORD);
	for (int i = 0; i < FIELD_COUNT; i++) {
		if (input_name((enum field_id)i) && i != FIELD_LINKEDIN_UNVERIFIED &&
		    !json_object_get(record, field_rows[i].name.ptr))
			fail_msg("%s was not set, or is not shown", field_rows[i].name.ptr);
	}
	say_all(rig, id);
	json_decref(record);
	json_decref(input);
}

static void a_lead_with_hardly_any(void **state)
{
	struct import_rig *rig = *state;
	char id[UUID_TEXT_LEN + 1];

	make(rig, json_pack("{s:s}", "custom_id", "1"), id);
	say_all(rig, id);
}

/* Each status, said in the word by which each dialect shows it. */
static void every_status(void **state)
{
	struct import_rig *rig = *state;

	for (enum status status = STATUS_NEW; status < STATUS_COUNT; status++) {
		struct round round = {.rig = rig,
				      .call = {.status = status_word(status, STATUS_INSIDE),
					       .dialect = STATUS_INSIDE}};
		json_t *input = json_pack("{s:i}", "score", 1), *record;
		char id[UUID_TEXT_LEN + 1];

		json_object_set_new(input, "custom_id",
				    json_string(status_word(status, STATUS_INSIDE).ptr));
		fixture_expect(&round.err, ERR_OK, run(&round, "lead.upsert", input), "upsert",
			       __LINE__);
		snprintf(id, sizeof id, "%s",
			 json_string_value(json_object_get(round.data, "lead_id")));
		release(&round);
		json_decref(input);
		for (int dialect = STATUS_INSIDE; dialect <= STATUS_LEADS; dialect++)
			expect_unchanged(rig, id, json_object(),
					 status_word(status, (enum status_dialect)dialect),
					 (enum status_dialect)dialect);
		record = read_lead(rig, id, COMMAND_RECORD);
		assert_string_equal(json_string_value(json_object_get(record, "status")),
				    status_word(status, STATUS_INSIDE).ptr);
		json_decref(record);
		say_runtime(rig, id);
	}
}

/* Nobody leaves do_not_contact by another dialect's word for it, nor comes back without it. */
static void an_opt_out_holds_in_every_dialect(void **state)
{
	struct import_rig *rig = *state;
	static const struct text words[] = {{"new", 3}, {"converted", 9}, {"follow_up", 9}};
	json_t *input =
		json_pack("{s:s, s:s}", "email", "ada@example.com", "status", "DoNotContact");
	char id[UUID_TEXT_LEN + 1];

	make(rig, input, id);
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		expect_unchanged(rig, id, json_object(), words[i], STATUS_LEADS);
	json_decref(import_rig_run(rig, "lead.delete", json_pack("{s:s}", "lead_id", id)));
	struct round round = {.rig = rig,
			      .call = {.profile = COMMAND_RECORD,
				       .status = TEXT("qualified"),
				       .dialect = STATUS_LEADS}};

	input = json_pack("{s:s}", "email", "ada@example.com");
	fixture_expect(&round.err, ERR_OK, run(&round, "lead.upsert", input), "upsert", __LINE__);
	assert_string_equal(json_string_value(json_object_get(json_object_get(round.data, "lead"),
							      "status")),
			    "do_not_contact");
	release(&round);
	json_decref(input);
}

static void a_word_that_a_dialect_does_not_have(void **state)
{
	struct import_rig *rig = *state;
	struct round round = {.rig = rig,
			      .call = {.status = TEXT("Waiting"), .dialect = STATUS_LEADS}};
	json_t *input = json_pack("{s:s}", "email", "ada@example.com");

	fixture_expect(&round.err, ERR_INVALID_INPUT, run(&round, "lead.upsert", input), "upsert",
		       __LINE__);
	assert_string_equal(round.err.pointer, "/status");
	assert_int_equal(import_rig_leads(rig), 0);
	release(&round);
	json_decref(input);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		RIG_TEST(a_lead_with_every_field),
		RIG_TEST(a_lead_with_hardly_any),
		RIG_TEST(every_status),
		RIG_TEST(an_opt_out_holds_in_every_dialect),
		RIG_TEST(a_word_that_a_dialect_does_not_have),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
