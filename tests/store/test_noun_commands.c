/* command/list_commands.c and mission_commands.c on a real database, and the helpers they share. */
#include "fixture.h"

#include <stdio.h>

#include "command/list_commands.h"
#include "command/listing.h"
#include "command/mission_commands.h"
#include "store/members.h"
#include "store/missions.h"

struct noun_command {
	enum err_code (*prepare)(struct call *call, struct err *err);
	enum err_code (*execute)(struct call *call, struct txn *txn, struct err *err);
};

static const struct noun_command list_create = {list_commands_prepare_create, list_commands_create};
static const struct noun_command list_get = {list_commands_prepare_one, list_commands_get};
static const struct noun_command list_update = {list_commands_prepare_one, list_commands_update};
static const struct noun_command list_list = {list_commands_prepare_list, listing_execute};
static const struct noun_command mission_create = {mission_commands_prepare_create,
						   mission_commands_create};
static const struct noun_command mission_get = {mission_commands_prepare_one, mission_commands_get};
static const struct noun_command mission_update = {mission_commands_prepare_one,
						   mission_commands_update};
static const struct noun_command mission_list = {mission_commands_prepare_list,
						 mission_commands_list};

/* What a command answered; the caller gives the values back. */
struct answer {
	enum err_code code;
	struct reply reply;
	json_t *input, *data;
	bool wrote;
};

/* One call as the engine makes it: what is refused is undone. */
static struct answer run(struct fixture *f, const struct noun_command *command, json_t *input)
{
	struct call call = {.arena = &f->arena, .caller = {.workspace = 1}, .input = input};
	struct answer answer = {.input = input};

	assert_non_null(input);
	OK(f, txn_begin(&f->txn, &f->err));
	txn_enter(&f->txn, f->now_ms);
	answer.code = command->prepare(&call, &f->err);
	if (answer.code == ERR_OK)
		answer.code = command->execute(&call, &f->txn, &f->err);
	answer.wrote = f->txn.marked;
	if (answer.code == ERR_OK)
		txn_keep(&f->txn);
	else
		txn_undo(&f->txn);
	OK(f, txn_commit(&f->txn, &f->err));
	answer.reply = call.reply;
	if (answer.code == ERR_OK) {
		answer.data = json_loadb(call.reply.data.ptr, call.reply.data.len, 0, NULL);
		assert_non_null(answer.data);
	}
	return answer;
}

static void release(struct answer *answer)
{
	json_decref(answer->input);
	json_decref(answer->data);
}

/* `noun`.`member` of the answer. */
static const char *text_at(const struct answer *answer, const char *noun, const char *member)
{
	return json_string_value(json_object_get(json_object_get(answer->data, noun), member));
}

static void expect_refused(struct fixture *f, const struct noun_command *command, json_t *input,
			   enum err_code code, const char *words)
{
	struct answer answer = run(f, command, input);

	assert_int_equal(answer.code, code);
	assert_false(answer.wrote);
	if (!strstr(f->err.message, words))
		fail_msg("no \"%s\" in: %s", words, f->err.message);
	release(&answer);
}

/* Create one; its id, as text. */
static void create(struct fixture *f, const struct noun_command *command, const char *noun,
		   const char *name, char id[UUID_TEXT_LEN + 1])
{
	struct answer answer = run(f, command, json_pack("{s:s}", "name", name));

	assert_int_equal(answer.code, ERR_OK);
	assert_int_equal(answer.reply.outcome, REPLY_CREATED);
	snprintf(id, UUID_TEXT_LEN + 1, "%s", text_at(&answer, noun, "id"));
	release(&answer);
}

static void a_list_is_made_once(void **state)
{
	struct fixture *f = *state;
	char id[UUID_TEXT_LEN + 1];
	struct answer answer = run(f, &list_create, json_pack("{s:s}", "name", "  Visitors\n"));

	assert_int_equal(answer.code, ERR_OK);
	assert_true(answer.wrote);
	assert_string_equal(text_at(&answer, "list", "name"), "Visitors");
	assert_string_equal(text_at(&answer, "list", "created_at"), "2026-11-20T09:15:00.000Z");
	snprintf(id, sizeof id, "%s", text_at(&answer, "list", "id"));
	release(&answer);
	expect_refused(f, &list_create, json_pack("{s:s}", "name", "Visitors "), ERR_STATE_CONFLICT,
		       id);
	expect_refused(f, &list_create, json_pack("{s:s}", "name", " \t"), ERR_INVALID_INPUT,
		       "blanks");
}

static void a_list_is_renamed_or_left(void **state)
{
	struct fixture *f = *state;
	char id[UUID_TEXT_LEN + 1], other[UUID_TEXT_LEN + 1];

	create(f, &list_create, "list", "Visitors", id);
	create(f, &list_create, "list", "Others", other);
	f->now_ms += 1000;
	struct answer answer =
		run(f, &list_update, json_pack("{s:s, s:s}", "list_id", id, "name", " Visitors"));

	assert_int_equal(answer.reply.outcome, REPLY_UNCHANGED);
	assert_false(answer.wrote);
	release(&answer);
	answer = run(f, &list_update, json_pack("{s:s}", "list_id", id));
	assert_int_equal(answer.reply.outcome, REPLY_UNCHANGED);
	release(&answer);
	expect_refused(f, &list_update, json_pack("{s:s, s:s}", "list_id", id, "name", "Others"),
		       ERR_STATE_CONFLICT, other);
	answer = run(f, &list_update, json_pack("{s:s, s:s}", "list_id", id, "name", "Guests"));
	assert_int_equal(answer.reply.outcome, REPLY_UPDATED);
	assert_true(text_is(answer.reply.changed, TEXT("[\"name\"]")));
	assert_string_equal(text_at(&answer, "list", "updated_at"), "2026-11-20T09:15:01.000Z");
	release(&answer);
	answer = run(f, &list_get, json_pack("{s:s}", "list_id", id));
	assert_int_equal(answer.reply.outcome, REPLY_NONE);
	assert_string_equal(text_at(&answer, "list", "name"), "Guests");
	assert_string_equal(text_at(&answer, "list", "created_at"), "2026-11-20T09:15:00.000Z");
	release(&answer);
}

static void an_unknown_id_is_not_found(void **state)
{
	struct fixture *f = *state;
	static const char *const ids[] = {"01a1f866-1a2b-7d02-8f3e-5b7c9d1e2f30", "nonsense", "x"};

	for (size_t i = 0; i < ARRAY_LEN(ids); i++) {
		expect_refused(f, &list_get, json_pack("{s:s}", "list_id", ids[i]),
			       ERR_LIST_NOT_FOUND, ids[i]);
		expect_refused(f, &list_update,
			       json_pack("{s:s, s:s}", "list_id", ids[i], "name", "N"),
			       ERR_LIST_NOT_FOUND, "list.list");
		expect_refused(f, &mission_get, json_pack("{s:s}", "mission_id", ids[i]),
			       ERR_MISSION_NOT_FOUND, ids[i]);
		expect_refused(f, &mission_update, json_pack("{s:s}", "mission_id", ids[i]),
			       ERR_MISSION_NOT_FOUND, "mission.list");
	}
}

/* Walk through all pages of two; how many there are. */
static size_t count_pages(struct fixture *f, const struct noun_command *command, const char *key)
{
	char cursor[64] = "";
	size_t count = 0;

	for (;;) {
		json_t *input = json_pack("{s:i}", "limit", 2);

		if (cursor[0])
			json_object_set_new(input, "cursor", json_string(cursor));
		struct answer answer = run(f, command, input);

		assert_int_equal(answer.code, ERR_OK);
		count += json_array_size(json_object_get(answer.data, key));
		bool more = answer.reply.next_cursor.ptr != NULL;

		if (more)
			snprintf(cursor, sizeof cursor, "%s", answer.reply.next_cursor.ptr);
		release(&answer);
		if (!more)
			return count;
	}
}

static void pages_follow_each_other(void **state)
{
	struct fixture *f = *state;
	static const char *const bad[] = {"", "x", "l", "l123", "m", "none"};
	char id[UUID_TEXT_LEN + 1], name[32];

	for (int i = 0; i < 4; i++) {
		snprintf(name, sizeof name, "Number %d", i);
		create(f, &list_create, "list", name, id);
		create(f, &mission_create, "mission", name, id);
	}
	assert_int_equal(count_pages(f, &list_list, "lists"), 4);
	assert_int_equal(count_pages(f, &mission_list, "missions"), 4);
	create(f, &list_create, "list", "The fifth", id);
	assert_int_equal(count_pages(f, &list_list, "lists"), 5);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		expect_refused(f, &list_list, json_pack("{s:s}", "cursor", bad[i]),
			       ERR_INVALID_INPUT, "meta.next_cursor");
		assert_string_equal(f->err.pointer, "/cursor");
		expect_refused(f, &mission_list, json_pack("{s:s}", "cursor", bad[i]),
			       ERR_INVALID_INPUT, "meta.next_cursor");
	}
}

static const char *brief_at(const struct answer *answer, const char *member)
{
	const json_t *mission = json_object_get(answer->data, "mission");

	return json_string_value(json_object_get(json_object_get(mission, "brief"), member));
}

static void a_brief_is_merged_member_by_member(void **state)
{
	struct fixture *f = *state;
	struct answer answer = run(f, &mission_create,
				   json_pack("{s:s, s:{s:s, s:s, s:[s]}}", "name", "Spring",
					     "brief", "description", "Why \"this\"", "offer_id",
					     "7", "example_messages", "Hello"));
	char id[UUID_TEXT_LEN + 1];

	assert_int_equal(answer.reply.outcome, REPLY_CREATED);
	assert_string_equal(text_at(&answer, "mission", "status"), "active");
	assert_string_equal(brief_at(&answer, "description"), "Why \"this\"");
	assert_string_equal(brief_at(&answer, "cta_url"), "");
	snprintf(id, sizeof id, "%s", text_at(&answer, "mission", "id"));
	release(&answer);

	answer = run(f, &mission_update,
		     json_pack("{s:s, s:s, s:{s:s, s:s}}", "mission_id", id, "status", "archived",
			       "brief", "offer_id", "", "cta_url", "https://example.com"));
	assert_int_equal(answer.reply.outcome, REPLY_UPDATED);
	assert_true(text_is(answer.reply.changed, TEXT("[\"status\",\"brief\"]")));
	assert_string_equal(text_at(&answer, "mission", "name"), "Spring");
	assert_string_equal(text_at(&answer, "mission", "status"), "archived");
	assert_string_equal(brief_at(&answer, "description"), "Why \"this\"");
	assert_string_equal(brief_at(&answer, "offer_id"), "");
	assert_string_equal(brief_at(&answer, "cta_url"), "https://example.com");
	release(&answer);

	/* The same again changes nothing. */
	answer = run(f, &mission_update,
		     json_pack("{s:s, s:s, s:s, s:{s:[s]}}", "mission_id", id, "name", "Spring ",
			       "status", "archived", "brief", "example_messages", "Hello"));
	assert_int_equal(answer.reply.outcome, REPLY_UNCHANGED);
	assert_false(answer.wrote);
	release(&answer);
	answer = run(f, &mission_list, json_pack("{s:s}", "status", "active"));
	assert_int_equal(json_array_size(json_object_get(answer.data, "missions")), 0);
	release(&answer);
}

static void a_missions_name_is_its_own(void **state)
{
	struct fixture *f = *state;
	char spring[UUID_TEXT_LEN + 1], autumn[UUID_TEXT_LEN + 1];

	create(f, &mission_create, "mission", "Spring", spring);
	create(f, &mission_create, "mission", "Autumn", autumn);
	expect_refused(f, &mission_create, json_pack("{s:s}", "name", "Spring"), ERR_STATE_CONFLICT,
		       spring);
	expect_refused(f, &mission_update,
		       json_pack("{s:s, s:s}", "mission_id", spring, "name", "Autumn"),
		       ERR_STATE_CONFLICT, autumn);
}

static void stats_follow_from_the_status_of_leads(void **state)
{
	static const struct {
		bool contacted, replied;
	} expected[STATUS_COUNT] =
		{[STATUS_WAITING] = {true, false},       [STATUS_CONTACTED] = {true, false},
		 [STATUS_REPLIED] = {true, true},        [STATUS_INTERESTED] = {true, true},
		 [STATUS_QUALIFIED] = {true, true},      [STATUS_MEETING_BOOKED] = {true, true},
		 [STATUS_CONVERTED] = {true, true},      [STATUS_FOLLOW_UP] = {true, false},
		 [STATUS_NOT_INTERESTED] = {true, false}};
	struct fixture *f = *state;

	for (int status = 0; status < STATUS_COUNT; status++) {
		char id[UUID_TEXT_LEN + 1], name[32];
		struct uuid uuid;
		int leads, contacted, replied;

		snprintf(name, sizeof name, "Mission %d", status);
		create(f, &mission_create, "mission", name, id);
		assert_true(uuid_parse(text_of(id), &uuid));
		fixture_begin(f);
		int64_t no = fixture_add_lead(f, 1, (enum status)status, "{}");

		OK(f, members_add(&f->txn, &(struct members_group){MEMBERS_OF_MISSION, 1, uuid}, no,
				  (enum status)status, &f->err));
		fixture_commit(f);
		struct answer answer = run(f, &mission_get, json_pack("{s:s}", "mission_id", id));

		assert_int_equal(json_unpack(answer.data, "{s:{s:{s:i, s:i, s:i}}}", "mission",
					     "stats", "leads", &leads, "contacted", &contacted,
					     "replied", &replied),
				 0);
		assert_int_equal(leads, 1);
		assert_int_equal(contacted, expected[status].contacted);
		assert_int_equal(replied, expected[status].replied);
		release(&answer);
	}
}

static void a_number_cursor_reads_back(void **state)
{
	struct fixture *f = *state;
	static const char *const bad[] = {"", "s", "s-1", "s1x", "t5", "s99999999999999999999"};
	struct text text = command_cursor_text(&f->arena, 's', 1099511627777);
	json_t *input = json_pack("{s:s}", "cursor", text.ptr), *none = json_object();
	int64_t value;

	OK(f, command_cursor(input, 's', &value, &f->err));
	assert_int_equal(value, 1099511627777);
	OK(f, command_cursor(none, 's', &value, &f->err));
	assert_int_equal(value, 0);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		json_object_set_new(input, "cursor", json_string(bad[i]));
		EXPECT(f, ERR_INVALID_INPUT, command_cursor(input, 's', &value, &f->err));
		assert_string_equal(f->err.pointer, "/cursor");
	}
	json_decref(input);
	json_decref(none);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(a_list_is_made_once),
		FIXTURE_TEST(a_list_is_renamed_or_left),
		FIXTURE_TEST(an_unknown_id_is_not_found),
		FIXTURE_TEST(pages_follow_each_other),
		FIXTURE_TEST(a_brief_is_merged_member_by_member),
		FIXTURE_TEST(a_missions_name_is_its_own),
		FIXTURE_TEST(stats_follow_from_the_status_of_leads),
		FIXTURE_TEST(a_number_cursor_reads_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
