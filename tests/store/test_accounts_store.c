/* store/accounts.c: workspaces and keys. */
#include "fixture.h"

#include <stdio.h>

#include "store/accounts.h"
#include "store/lists.h"

#define DOC "{\"ids\":[],\"seen\":{\"\":1}}"

static int64_t add_workspace(struct fixture *f, const char *name)
{
	struct workspace_row workspace = {.id = uuid_make(&f->txn.ids),
					  .name = text_of(name),
					  .created_ms = f->now_ms};
	int64_t number = 0;

	OK(f, accounts_insert_workspace(&f->txn, &workspace, &number, &f->err));
	return number;
}

static struct uuid add_key(struct fixture *f, int64_t workspace, unsigned char hash_byte)
{
	unsigned char hash[ACCOUNTS_HASH_LEN] = {hash_byte};
	struct key_row key = {.workspace = workspace,
			      .id = uuid_make(&f->txn.ids),
			      .name = TEXT("Robot"),
			      .scopes = TEXT("read lead.*"),
			      .created_ms = f->now_ms,
			      .expires_ms = hash_byte == 2 ? f->now_ms + 1000 : 0};
	int64_t no;

	OK(f, accounts_insert_key(&f->txn, &key, hash, &no, &f->err));
	assert_int_equal(no, hash_byte);
	return key.id;
}

static void workspaces_are_numbered_and_named(void **state)
{
	struct fixture *f = *state;
	struct workspace_row again = {.name = TEXT("Sales")}, found, *all;
	int64_t number = 77;
	size_t count;

	OK(f, accounts_workspaces(f->db, &f->arena, &all, &count, &f->err));
	assert_int_equal(count, 0);
	fixture_begin(f);
	assert_int_equal(add_workspace(f, "Sales"), 1);
	assert_int_equal(add_workspace(f, "Support"), 2);
	EXPECT(f, ERR_STATE_CONFLICT, accounts_insert_workspace(&f->txn, &again, &number, &f->err));
	assert_int_equal(number, 77);
	for (int i = 3; i <= 20; i++) {
		char name[32];

		snprintf(name, sizeof name, "Team %d", i);
		assert_int_equal(add_workspace(f, name), i);
	}
	fixture_commit(f);
	OK(f, accounts_workspace_by_name(f->db, &f->arena, TEXT("Support"), &found, &f->err));
	assert_int_equal(found.number, 2);
	assert_int_equal(found.created_ms, FIXTURE_NOW_MS);
	OK(f, accounts_workspace_by_name(f->db, &f->arena, TEXT("support"), &found, &f->err));
	assert_int_equal(found.number, 0);
	OK(f, accounts_workspace_by_number(f->db, &f->arena, 1, &found, &f->err));
	assert_string_equal(found.name.ptr, "Sales");
	OK(f, accounts_workspace_by_number(f->db, &f->arena, 21, &found, &f->err));
	assert_int_equal(found.number, 0);
	OK(f, accounts_workspaces(f->db, &f->arena, &all, &count, &f->err));
	assert_int_equal(count, 20);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(all[i].number, i + 1);
	assert_string_equal(all[19].name.ptr, "Team 20");
}

static void a_workspace_counts_what_it_holds(void **state)
{
	struct fixture *f = *state;
	struct list_row list = {.id = {{1}}, .name = TEXT("Visitors")};
	struct workspace_counts counts;
	struct lead_row lead;

	fixture_begin(f);
	fixture_add_lead(f, 1, STATUS_NEW, DOC);
	fixture_add_lead(f, 1, STATUS_LOST, DOC);
	fixture_add_lead(f, 2, STATUS_LOST, DOC);
	int64_t deleted = fixture_add_lead(f, 1, STATUS_LOST, DOC);

	OK(f, leads_read(f->db, &f->arena, 1, deleted, &lead, &f->err));
	lead.deleted_ms = f->now_ms;
	OK(f, leads_delete(&f->txn, &lead, &f->err));
	OK(f, lists_insert(&f->txn, 1, &list, &f->err));
	fixture_commit(f);
	OK(f, accounts_count(f->db, 1, &counts, &f->err));
	assert_int_equal(counts.leads[STATUS_NEW], 1);
	assert_int_equal(counts.leads[STATUS_LOST], 1);
	assert_int_equal(counts.leads[STATUS_REPLIED], 0);
	assert_int_equal(counts.lists, 1);
	assert_int_equal(counts.missions, 0);
	assert_int_equal(counts.imports, 0);
}

static void a_key_is_found_by_its_hash(void **state)
{
	struct fixture *f = *state;
	const unsigned char hash[ACCOUNTS_HASH_LEN] = {2}, unknown[ACCOUNTS_HASH_LEN] = {9};
	struct key_row key;
	int64_t no;

	fixture_begin(f);
	add_workspace(f, "Sales");
	add_workspace(f, "Support");
	add_key(f, 1, 1);
	struct uuid id = add_key(f, 2, 2);

	key = (struct key_row){.workspace = 1, .name = TEXT("Twin"), .scopes = TEXT("*")};
	EXPECT(f, ERR_STATE_CONFLICT, accounts_insert_key(&f->txn, &key, hash, &no, &f->err));
	fixture_commit(f);
	OK(f, accounts_key_by_hash(f->db, &f->arena, hash, &key, &f->err));
	assert_int_equal(key.no, 2);
	assert_int_equal(key.workspace, 2);
	assert_true(uuid_is(key.id, id));
	assert_string_equal(key.name.ptr, "Robot");
	assert_string_equal(key.scopes.ptr, "read lead.*");
	assert_string_equal(key.workspace_name.ptr, "Support");
	assert_int_equal(key.created_ms, FIXTURE_NOW_MS);
	assert_int_equal(key.expires_ms, FIXTURE_NOW_MS + 1000);
	assert_int_equal(key.revoked_ms, 0);
	OK(f, accounts_key_by_hash(f->db, &f->arena, unknown, &key, &f->err));
	assert_int_equal(key.no, 0);
}

static void a_key_is_revoked_once(void **state)
{
	struct fixture *f = *state;
	struct key_row *keys;
	size_t count;
	bool found;

	fixture_begin(f);
	add_workspace(f, "Sales");
	struct uuid id = add_key(f, 1, 1);

	add_key(f, 1, 2);
	OK(f, accounts_revoke_key(&f->txn, id, f->now_ms + 1, &found, &f->err));
	assert_true(found);
	OK(f, accounts_revoke_key(&f->txn, id, f->now_ms + 2, &found, &f->err));
	assert_true(found);
	OK(f, accounts_revoke_key(&f->txn, (struct uuid){{7}}, f->now_ms, &found, &f->err));
	assert_false(found);
	fixture_commit(f);
	OK(f, accounts_keys(f->db, &f->arena, 1, &keys, &count, &f->err));
	assert_int_equal(count, 2);
	assert_int_equal(keys[0].revoked_ms, FIXTURE_NOW_MS + 1);
	assert_int_equal(keys[1].revoked_ms, 0);
}

static void keys_are_listed_by_workspace_or_all(void **state)
{
	struct fixture *f = *state;
	struct key_row *keys;
	struct text name;
	size_t count;

	fixture_begin(f);
	add_workspace(f, "Sales");
	add_workspace(f, "Support");
	for (unsigned char i = 1; i <= 20; i++)
		add_key(f, i % 2 + 1, i);
	fixture_commit(f);
	OK(f, accounts_keys(f->db, &f->arena, 0, &keys, &count, &f->err));
	assert_int_equal(count, 20);
	assert_int_equal(keys[0].workspace, 1);
	assert_int_equal(keys[19].workspace, 2);
	assert_int_equal(keys[19].no, 19);
	OK(f, accounts_keys(f->db, &f->arena, 2, &keys, &count, &f->err));
	assert_int_equal(count, 10);
	OK(f, accounts_key_name(f->db, &f->arena, 2, 19, &name, &f->err));
	assert_string_equal(name.ptr, "Robot");
	OK(f, accounts_key_name(f->db, &f->arena, 1, 19, &name, &f->err));
	assert_null(name.ptr);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(workspaces_are_numbered_and_named),
		FIXTURE_TEST(a_workspace_counts_what_it_holds),
		FIXTURE_TEST(a_key_is_found_by_its_hash),
		FIXTURE_TEST(a_key_is_revoked_once),
		FIXTURE_TEST(keys_are_listed_by_workspace_or_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
