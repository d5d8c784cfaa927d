/* command/access.c: keys from their making to their end, and what scopes cover. */
#include "fixture.h"

#include "command/access.h"
#include "store/accounts.h"

struct door {
	struct engine *engine;
	struct access *access;
};

static struct door open_door(struct fixture *f)
{
	struct engine_settings settings = {.path = f->path,
					   .clock = &f->clock,
					   .readers = 1,
					   .queue_max = 10,
					   .cache_kib = 512};
	struct door door;

	OK(f, engine_create(&settings, &door.engine, &f->err));
	OK(f, access_create(door.engine, &door.access, &f->err));
	return door;
}

static void close_door(struct door *door)
{
	access_destroy(door->access);
	engine_destroy(door->engine);
}

/* Store a new key; its text. As another program would do it. */
static struct text add_key(struct fixture *f, int64_t expires_ms, struct uuid *out_id)
{
	char *text = arena_take(&f->arena, ACCESS_KEY_LEN + 1);
	unsigned char hash[ACCESS_HASH_LEN];
	struct workspace_row workspace = {.id = {{1}}, .name = TEXT("Sales")};
	int64_t no;

	assert_non_null(text);
	access_make_key(&f->clock, text);
	access_hash(text_of(text), hash);
	fixture_begin(f);
	struct key_row key = {.workspace = 1,
			      .id = uuid_make(&f->txn.ids),
			      .name = TEXT("Robot"),
			      .scopes = TEXT("read"),
			      .created_ms = f->now_ms,
			      .expires_ms = expires_ms};

	if (accounts_insert_workspace(&f->txn, &workspace, &no, &f->err) != ERR_OK)
		assert_int_equal(f->err.code, ERR_STATE_CONFLICT);
	OK(f, accounts_insert_key(&f->txn, &key, hash, &no, &f->err));
	fixture_commit(f);
	*out_id = key.id;
	return text_of(text);
}

static void revoke(struct fixture *f, struct uuid id)
{
	bool found;

	fixture_begin(f);
	OK(f, accounts_revoke_key(&f->txn, id, f->now_ms, &found, &f->err));
	fixture_commit(f);
	assert_true(found);
}

static void expect_refused(struct fixture *f, struct door *door, struct text key, const char *why)
{
	struct caller caller;

	EXPECT(f, ERR_UNAUTHENTICATED,
	       access_identify(door->access, &f->arena, key, &caller, &f->err));
	if (!strstr(f->err.message, why))
		fail_msg("no \"%s\" in: %s", why, f->err.message);
}

static void a_key_opens_its_workspace(void **state)
{
	struct fixture *f = *state;
	struct door door = open_door(f);
	struct uuid id;
	struct text key = add_key(f, 0, &id);
	struct caller caller;

	/* Twice: from the database, and from memory. */
	for (int i = 0; i < 2; i++) {
		OK(f, access_identify(door.access, &f->arena, key, &caller, &f->err));
		assert_int_equal(caller.workspace, 1);
		assert_int_equal(caller.actor, 1);
		assert_string_equal(caller.name.ptr, "Robot");
		assert_string_equal(caller.scopes.ptr, "read");
	}
	/* A key made while the program runs works at once. */
	key = add_key(f, 0, &id);
	OK(f, access_identify(door.access, &f->arena, key, &caller, &f->err));
	assert_int_equal(caller.actor, 2);
	close_door(&door);
}

static void each_refusal_says_why(void **state)
{
	struct fixture *f = *state;
	struct door door = open_door(f);
	char wrong[ACCESS_KEY_LEN + 1];
	struct uuid id;
	struct text key = add_key(f, 0, &id), short_lived = add_key(f, f->now_ms + 1000, &id);
	struct caller caller;

	expect_refused(f, &door, TEXT_NONE, "No API key");
	expect_refused(f, &door, TEXT(""), "No API key");
	expect_refused(f, &door, TEXT("secret"), "not a whole");
	expect_refused(f, &door, (struct text){key.ptr, key.len - 1}, "not a whole");
	memcpy(wrong, key.ptr, sizeof wrong);
	wrong[20] = '-';
	expect_refused(f, &door, text_of(wrong), "not a whole");
	wrong[20] = key.ptr[20] == 'a' ? 'b' : 'a';
	expect_refused(f, &door, text_of(wrong), "not known");

	/* A key that ends while it is remembered ends all the same. */
	OK(f, access_identify(door.access, &f->arena, short_lived, &caller, &f->err));
	f->now_ms += 1000;
	expect_refused(f, &door, short_lived, "expired");
	revoke(f, id);
	close_door(&door);
	door = open_door(f);
	expect_refused(f, &door, short_lived, "revoked");
	close_door(&door);
}

static void a_revoked_key_stops_within_a_second(void **state)
{
	struct fixture *f = *state;
	struct door door = open_door(f);
	struct uuid id;
	char key[ACCESS_KEY_LEN + 1];
	struct caller caller;
	int64_t from_us, now_us;
	enum err_code code;

	memcpy(key, add_key(f, 0, &id).ptr, sizeof key);
	OK(f, access_identify(door.access, &f->arena, text_of(key), &caller, &f->err));
	revoke(f, id);
	from_us = clock_steady_us();
	do {
		arena_reset(&f->arena);
		now_us = clock_steady_us();
		code = access_identify(door.access, &f->arena, text_of(key), &caller, &f->err);
	} while (code == ERR_OK && now_us - from_us < 1000000);
	assert_int_equal(code, ERR_UNAUTHENTICATED);
	close_door(&door);
}

/* More keys than are remembered, from the first to the last and again. */
static void every_key_of_many_works(void **state)
{
	enum { KEYS = 1500 };
	struct fixture *f = *state;
	struct door door = open_door(f);
	static char keys[KEYS][ACCESS_KEY_LEN + 1];
	struct caller caller;
	int64_t no;

	fixture_begin(f);
	OK(f, accounts_insert_workspace(&f->txn, &(struct workspace_row){.name = TEXT("Sales")},
					&no, &f->err));
	for (int i = 0; i < KEYS; i++) {
		struct key_row key = {.workspace = 1,
				      .id = uuid_make(&f->txn.ids),
				      .name = TEXT("Robot"),
				      .scopes = TEXT("*")};
		unsigned char hash[ACCESS_HASH_LEN];

		access_make_key(&f->clock, keys[i]);
		access_hash(text_of(keys[i]), hash);
		OK(f, accounts_insert_key(&f->txn, &key, hash, &no, &f->err));
	}
	fixture_commit(f);
	for (int i = 0; i < KEYS * 2; i++) {
		OK(f, access_identify(door.access, &f->arena, text_of(keys[i % KEYS]), &caller,
				      &f->err));
		assert_int_equal(caller.actor, i % KEYS + 1);
		arena_reset(&f->arena);
	}
	close_door(&door);
}

static void keys_are_random_letters_and_digits(void **state)
{
	struct fixture *f = *state;
	int seen[256] = {0};

	for (int i = 0; i < 4000; i++) {
		char key[ACCESS_KEY_LEN + 1];

		access_make_key(&f->clock, key);
		assert_int_equal(strlen(key), ACCESS_KEY_LEN);
		assert_memory_equal(key, "sk-workspace_", 13);
		for (const char *at = key + 13; *at; at++)
			seen[(unsigned char)*at]++;
	}
	/* 204,000 draws: 3,290 of each, give or take 57; a plain remainder would be off by 640. */
	for (int c = 0; c < 256; c++) {
		bool letter = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
			      (c >= 'a' && c <= 'z');

		assert_in_range(seen[c], letter ? 2900 : 0, letter ? 3680 : 0);
	}
}

static void scopes_cover_commands(void **state)
{
	const struct command commands[] = {{.id = TEXT("lead.delete"), .risk = COMMAND_APPROVAL},
					   {.id = TEXT("lead.get"), .risk = COMMAND_READ},
					   {.id = TEXT("lead.upsert"), .risk = COMMAND_MUTATE},
					   {.id = TEXT("leads.get"), .risk = COMMAND_READ}};
	static const struct {
		const char *scopes;
		const char *covered; /* one sign for each command */
	} cases[] = {
		{"*", "++++"},      {"", "----"},         {"read", "-+-+"},
		{"write", "--+-"},  {"delete", "+---"},   {"read write", "-+++"},
		{"lead.*", "+++-"}, {"lead.get", "-+--"}, {" write  lead.get ", "-++-"},
		{"lead", "----"},   {"lead.", "----"},    {"lead.g*", "----"},
		{".*", "----"},     {"reads", "----"},
	};

	struct fixture *f = *state;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		for (size_t k = 0; k < ARRAY_LEN(commands); k++)
			assert_int_equal(access_allows(text_of(cases[i].scopes), &commands[k]),
					 cases[i].covered[k] == '+');
	}
	OK(f, access_check_scopes(TEXT("read lead.* lead.get *"), commands, 4, &f->err));
	EXPECT(f, ERR_INVALID_INPUT, access_check_scopes(TEXT(""), commands, 4, &f->err));
	EXPECT(f, ERR_INVALID_INPUT, access_check_scopes(TEXT("read all"), commands, 4, &f->err));
	assert_non_null(strstr(f->err.message, "\"all\""));
	EXPECT(f, ERR_INVALID_INPUT, access_check_scopes(TEXT("deal.*"), commands, 4, &f->err));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(a_key_opens_its_workspace),
		FIXTURE_TEST(each_refusal_says_why),
		FIXTURE_TEST(a_revoked_key_stops_within_a_second),
		FIXTURE_TEST(every_key_of_many_works),
		FIXTURE_TEST(keys_are_random_letters_and_digits),
		FIXTURE_TEST(scopes_cover_commands),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
