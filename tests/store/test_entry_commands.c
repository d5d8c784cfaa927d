/* command/entry_commands.c, entry_rules.c and field_find.c on a real database: what stories over
 * the wire cannot see (tests/golden plays the commands themselves). */
#include "fixture.h"

#include <stdio.h>

#include "command/chatbot_find.h"
#include "command/field_find.h"
#include "command/handlers.h"
#include "store/accounts.h"
#include "store/defaults.h"

/* What a command answered; the caller gives the values back. */
struct answer {
	enum err_code code;
	struct reply reply;
	json_t *input, *data;
	bool wrote;
};

static const struct command_handler *handler_of(const char *id)
{
	for (size_t i = 0; i < handlers_count; i++) {
		if (strcmp(handlers_rows[i].id, id) == 0)
			return &handlers_rows[i];
	}
	fail_msg("no command %s", id);
	return NULL;
}

/* One call of `workspace` as the engine makes it: what is refused is undone. */
static struct answer run_in(struct fixture *f, int64_t workspace, const char *id, json_t *input)
{
	const struct command_handler *handler = handler_of(id);
	const struct command command = {.id = text_of(id), .handler = handler};
	struct call call = {.arena = &f->arena,
			    .caller = {.workspace = workspace, .name = TEXT("crm")},
			    .command = &command,
			    .input = input};
	struct answer answer = {.input = input};

	assert_non_null(input);
	OK(f, txn_begin(&f->txn, &f->err));
	txn_enter(&f->txn, f->now_ms);
	answer.code = handler->prepare(&call, &f->err);
	if (answer.code == ERR_OK)
		answer.code = handler->execute(&call, &f->txn, &f->err);
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

static struct answer run(struct fixture *f, const char *id, json_t *input)
{
	return run_in(f, 1, id, input);
}

static void release(struct answer *answer)
{
	json_decref(answer->input);
	json_decref(answer->data);
}

static const char *text_at(const struct answer *answer, const char *noun, const char *member)
{
	return json_string_value(json_object_get(json_object_get(answer->data, noun), member));
}

static void expect_refused(struct fixture *f, int64_t workspace, const char *id, json_t *input,
			   enum err_code code)
{
	struct answer answer = run_in(f, workspace, id, input);

	if (answer.code != code)
		fail_msg("%s is %s, not %s", id, err_name(answer.code), err_name(code));
	assert_false(answer.wrote);
	release(&answer);
}

/* Make one and answer its id. */
static const char *make(struct fixture *f, int64_t workspace, const char *noun, json_t *input)
{
	char command[32];

	snprintf(command, sizeof command, "%s.create", noun);
	struct answer answer = run_in(f, workspace, command, input);

	assert_int_equal(answer.code, ERR_OK);
	assert_true(answer.wrote);
	const char *id = arena_copy(&f->arena, text_of(text_at(&answer, noun, "id"))).ptr;

	release(&answer);
	return id;
}

static int64_t total_of(struct fixture *f, int64_t workspace, const char *command)
{
	struct answer answer = run_in(f, workspace, command, json_object());

	assert_int_equal(answer.code, ERR_OK);
	assert_false(answer.wrote);
	int64_t total = json_integer_value(json_object_get(answer.data, "total"));

	release(&answer);
	return total;
}

static const char *add_person(struct fixture *f, int64_t workspace)
{
	char id[UUID_TEXT_LEN + 1];
	struct lead_row lead;

	fixture_begin(f);
	int64_t no = fixture_add_lead(f, workspace, STATUS_NEW, "{\"ids\":[],\"seen\":{\"\":1}}");

	fixture_commit(f);
	OK(f, leads_read(f->db, &f->arena, workspace, no, &lead, &f->err));
	uuid_format(lead.id, id);
	return arena_copy(&f->arena, text_of(id)).ptr;
}

/* Input for one of each noun; `lead` is what notes and activities are about. */
static json_t *input_of(const char *noun, const char *lead)
{
	if (strcmp(noun, "tag") == 0)
		return json_pack("{s:s}", "name", "Hot");
	if (strcmp(noun, "stage") == 0)
		return json_pack("{s:s,s:s,s:s}", "name", "Demo", "object", "lead", "category",
				 "cold");
	if (strcmp(noun, "field") == 0)
		return json_pack("{s:s,s:s}", "name", "Budget", "object", "lead");
	if (strcmp(noun, "note") == 0)
		return json_pack("{s:s,s:s,s:s}", "object", "lead", "object_id", lead, "note", "x");
	return json_pack("{s:s,s:s,s:s}", "name", "x", "event", "lead.created", "target_url",
			 "https://example.com/");
}

static void another_workspace_sees_none_of_them(void **state)
{
	static const struct {
		const char *noun, *key;
		enum err_code missing;
	} nouns[] = {
		{"tag", "tag_id", ERR_TAG_NOT_FOUND},
		{"stage", "stage_id", ERR_STAGE_NOT_FOUND},
		{"field", "field_id", ERR_FIELD_NOT_FOUND},
		{"note", "note_id", ERR_NOTE_NOT_FOUND},
		{"webhook", "webhook_id", ERR_WEBHOOK_NOT_FOUND},
	};
	struct fixture *f = *state;
	const char *lead = add_person(f, 1);

	for (size_t i = 0; i < ARRAY_LEN(nouns); i++) {
		const char *id = make(f, 1, nouns[i].noun, input_of(nouns[i].noun, lead));
		static const char *const verbs[] = {"get", "update", "delete"};
		char command[32];

		for (size_t k = 0; k < ARRAY_LEN(verbs); k++) {
			snprintf(command, sizeof command, "%s.%s", nouns[i].noun, verbs[k]);
			expect_refused(f, 2, command, json_pack("{s:s}", nouns[i].key, id),
				       nouns[i].missing);
		}
		snprintf(command, sizeof command, "%s.list", nouns[i].noun);
		assert_int_equal(total_of(f, 2, command), 0);
		assert_int_equal(total_of(f, 1, command), 1);
		/* And may call its own the same. */
		if (strcmp(nouns[i].noun, "note") != 0)
			make(f, 2, nouns[i].noun, input_of(nouns[i].noun, lead));
	}
	expect_refused(f, 2, "note.create", input_of("note", lead), ERR_LEAD_NOT_FOUND);
}

static void a_deleted_lead_gets_no_notes(void **state)
{
	struct fixture *f = *state;
	const char *lead = add_person(f, 1);

	make(f, 1, "note", input_of("note", lead));
	OK(f, db_script(f->db, "UPDATE lead SET deleted_at = 1", &f->err));
	expect_refused(f, 1, "note.create", input_of("note", lead), ERR_LEAD_NOT_FOUND);
	assert_int_equal(total_of(f, 1, "note.list"), 1);
}

static void a_note_says_who_wrote_it(void **state)
{
	struct fixture *f = *state;
	const char *id = make(f, 1, "note", input_of("note", add_person(f, 1)));
	struct answer answer = run(f, "note.get", json_pack("{s:s}", "note_id", id));

	assert_string_equal(text_at(&answer, "note", "author"), "crm");
	release(&answer);
}

static void an_update_to_the_same_writes_nothing(void **state)
{
	struct fixture *f = *state;
	const char *id = make(f, 1, "tag", json_pack("{s:s,s:s}", "name", "Hot", "color", "red"));

	f->now_ms += 1000;
	struct answer answer =
		run(f, "tag.update",
		    json_pack("{s:s,s:s,s:s}", "tag_id", id, "name", " Hot ", "color", "red"));

	assert_int_equal(answer.reply.outcome, REPLY_UNCHANGED);
	assert_false(answer.wrote);
	assert_string_equal(text_at(&answer, "tag", "updated_at"), "2026-11-20T09:15:00.000Z");
	release(&answer);
	answer = run(f, "tag.update", json_pack("{s:s,s:s}", "tag_id", id, "color", "blue"));
	assert_int_equal(answer.reply.outcome, REPLY_UPDATED);
	assert_true(answer.wrote);
	assert_true(text_is(answer.reply.changed, TEXT("[\"color\"]")));
	assert_string_equal(text_at(&answer, "tag", "updated_at"), "2026-11-20T09:15:01.000Z");
	assert_string_equal(text_at(&answer, "tag", "created_at"), "2026-11-20T09:15:00.000Z");
	release(&answer);
}

static void fixed_stages_cannot_go(void **state)
{
	struct fixture *f = *state;
	struct workspace_row workspace = {.id = {{1}}, .name = TEXT("Sales")};
	struct workspace_defaults defaults;
	char id[UUID_TEXT_LEN + 1];
	int64_t number;

	fixture_begin(f);
	OK(f, accounts_insert_workspace(&f->txn, &workspace, &number, &f->err));
	fixture_commit(f);
	OK(f, defaults_read(f->db, number, &defaults, &f->err));
	uuid_format(defaults.stage_new, id);
	expect_refused(f, number, "stage.delete", json_pack("{s:s}", "stage_id", id),
		       ERR_STATE_CONFLICT);
	assert_non_null(strstr(f->err.message, "New"));
	const char *own = make(f, number, "stage", input_of("stage", NULL));
	struct answer answer =
		run_in(f, number, "stage.delete", json_pack("{s:s}", "stage_id", own));

	assert_int_equal(answer.code, ERR_OK);
	release(&answer);
	uuid_format(defaults.inbox, id);
	expect_refused(f, number, "list.delete", json_pack("{s:s}", "list_id", id),
		       ERR_STATE_CONFLICT);
}

static void each_webhook_has_a_secret_of_its_own(void **state)
{
	struct fixture *f = *state;
	struct entry_row entry;
	struct uuid id;
	char first[64];

	for (int i = 0; i < 2; i++) {
		struct answer answer = run(f, "webhook.create", input_of("webhook", NULL));
		const char *secret = text_at(&answer, "webhook", "secret");

		assert_int_equal(strlen(secret), 49);
		assert_memory_equal(secret, "whsec_", 6);
		assert_int_equal(strspn(secret + 6, "abcdefghijklmnopqrstuvwxyz"
						    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"),
				 43);
		if (i == 0)
			snprintf(first, sizeof first, "%s", secret);
		else
			assert_string_not_equal(secret, first);
		/* Deliveries are signed with it, so it is kept as it is. */
		assert_true(uuid_parse(text_of(text_at(&answer, "webhook", "id")), &id));
		OK(f, entries_read(f->db, &f->arena, (struct entry_ref){1, ENTRY_WEBHOOK, id},
				   &entry, &f->err));
		assert_non_null(strstr(entry.doc.ptr, secret));
		release(&answer);
	}
}

static void a_removed_webhook_leaves_no_secret(void **state)
{
	struct fixture *f = *state;
	const char *id = make(f, 1, "webhook", input_of("webhook", NULL));
	struct answer answer = run(f, "webhook.delete", json_pack("{s:s}", "webhook_id", id));

	assert_int_equal(answer.code, ERR_OK);
	release(&answer);
	assert_int_equal(total_of(f, 1, "webhook.list"), 0);
	OK(f, db_script(f->db,
			"CREATE TABLE none_left (n CHECK (n = 0)); INSERT INTO none_left "
			"SELECT (SELECT COUNT(*) FROM entry) + (SELECT COUNT(*) FROM entry_gone)",
			&f->err));
}

static void fields_are_bounded(void **state)
{
	struct fixture *f = *state;
	char name[16];

	for (int i = 0; i < FIELD_FIND_MAX; i++) {
		snprintf(name, sizeof name, "Field %d", i);
		make(f, 1, "field", json_pack("{s:s,s:s}", "name", name, "object", "lead"));
	}
	expect_refused(f, 1, "field.create",
		       json_pack("{s:s,s:s}", "name", "More", "object", "lead"), ERR_INVALID_INPUT);
	/* Those of companies and of other workspaces are counted by themselves. */
	make(f, 1, "field", json_pack("{s:s,s:s}", "name", "More", "object", "company"));
	make(f, 2, "field", json_pack("{s:s,s:s}", "name", "More", "object", "lead"));
	assert_int_equal(total_of(f, 1, "field.list"), FIELD_FIND_MAX + 1);
}

static void a_field_is_found_or_made(void **state)
{
	struct fixture *f = *state;
	const struct field_wanted wanted = {1, ENTRY_OF_LEADS, TEXT("Budget")};
	struct field_known first, again, read;

	OK(f, field_find_named(f->db, &f->arena, &wanted, &read, &f->err));
	assert_null(read.name.ptr);
	fixture_begin(f);
	OK(f, field_find_ensure(&f->txn, &f->arena, &wanted, &first, &f->err));
	OK(f, field_find_ensure(&f->txn, &f->arena, &wanted, &again, &f->err));
	fixture_commit(f);
	assert_true(uuid_is(first.id, again.id));
	assert_true(text_is(again.key, TEXT("Budget")));
	OK(f, field_find_read(f->db, &f->arena, 1, first.id, &read, &f->err));
	assert_true(text_is(read.name, TEXT("Budget")));
	OK(f, field_find_read(f->db, &f->arena, 2, first.id, &read, &f->err));
	assert_null(read.name.ptr);
}

static void a_chatbot_is_made_once(void **state)
{
	struct fixture *f = *state;
	bool exists;

	OK(f, chatbot_find_exists(f->db, &f->arena, 1, TEXT("shop"), &exists, &f->err));
	assert_false(exists);
	fixture_begin(f);
	OK(f, chatbot_find_ensure(&f->txn, &f->arena, 1, TEXT("shop"), &f->err));
	OK(f, chatbot_find_ensure(&f->txn, &f->arena, 1, TEXT("shop"), &f->err));
	fixture_commit(f);
	OK(f, chatbot_find_exists(f->db, &f->arena, 1, TEXT("shop"), &exists, &f->err));
	assert_true(exists);
	assert_int_equal(total_of(f, 1, "chatbot.list"), 1);
	expect_refused(f, 2, "chatbot.get", json_pack("{s:s}", "chatbot_id", "shop"),
		       ERR_CHATBOT_NOT_FOUND);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(another_workspace_sees_none_of_them),
		FIXTURE_TEST(a_deleted_lead_gets_no_notes),
		FIXTURE_TEST(a_note_says_who_wrote_it),
		FIXTURE_TEST(an_update_to_the_same_writes_nothing),
		FIXTURE_TEST(fixed_stages_cannot_go),
		FIXTURE_TEST(each_webhook_has_a_secret_of_its_own),
		FIXTURE_TEST(a_removed_webhook_leaves_no_secret),
		FIXTURE_TEST(fields_are_bounded),
		FIXTURE_TEST(a_field_is_found_or_made),
		FIXTURE_TEST(a_chatbot_is_made_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
