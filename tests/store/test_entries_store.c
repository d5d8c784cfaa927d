/* store/entries.c and store/defaults.c: names, keys, pages; what a workspace begins with. */
#include "fixture.h"

#include <stdio.h>

#include "store/accounts.h"
#include "store/defaults.h"
#include "store/entries.h"
#include "store/lists.h"
#include "store/migrate.h"

static const struct uuid nobody;

static struct entry_row entry_of(struct fixture *f, enum entry_kind kind, const char *name)
{
	return (struct entry_row){.workspace = 1,
				  .kind = kind,
				  .id = uuid_make(&f->txn.ids),
				  .name = text_of(name),
				  .doc = TEXT("{\"color\":\"red\"}"),
				  .created_ms = f->now_ms};
}

static struct uuid add(struct fixture *f, enum entry_kind kind, const char *name)
{
	struct entry_row entry = entry_of(f, kind, name);

	OK(f, entries_insert(&f->txn, &entry, &f->err));
	return entry.id;
}

static int64_t count(struct fixture *f, enum entry_kind kind, struct uuid about)
{
	const struct entries_walk walk = {.workspace = 1, .kind = kind, .about = about};
	int64_t total;

	OK(f, entries_count(f->db, &walk, &total, &f->err));
	return total;
}

static void an_entry_is_read_as_it_was_written(void **state)
{
	struct fixture *f = *state;
	struct entry_row entry = entry_of(f, ENTRY_NOTE, NULL), read;

	entry.about = (struct uuid){{7}};
	fixture_begin(f);
	OK(f, entries_insert(&f->txn, &entry, &f->err));
	OK(f, entries_read(f->db, &f->arena, (struct entry_ref){1, ENTRY_NOTE, entry.id}, &read,
			   &f->err));
	assert_null(read.name.ptr);
	assert_true(uuid_is(read.about, entry.about));
	assert_string_equal(read.doc.ptr, "{\"color\":\"red\"}");
	assert_int_equal(read.created_ms, FIXTURE_NOW_MS);
	assert_int_equal(read.updated_ms, FIXTURE_NOW_MS);
	assert_int_equal(read.deleted_ms, 0);
	read.doc = TEXT("{}");
	read.updated_ms = FIXTURE_NOW_MS + 5;
	OK(f, entries_update(&f->txn, &read, &f->err));
	fixture_commit(f);
	OK(f, entries_read(f->db, &f->arena, (struct entry_ref){1, ENTRY_NOTE, entry.id}, &read,
			   &f->err));
	assert_string_equal(read.doc.ptr, "{}");
	assert_int_equal(read.created_ms, FIXTURE_NOW_MS);
	assert_int_equal(read.updated_ms, FIXTURE_NOW_MS + 5);
	OK(f, entries_read(f->db, &f->arena, (struct entry_ref){2, ENTRY_NOTE, entry.id}, &read,
			   &f->err));
	assert_null(read.doc.ptr);
	OK(f, entries_read(f->db, &f->arena, (struct entry_ref){1, ENTRY_TAG, entry.id}, &read,
			   &f->err));
	assert_null(read.doc.ptr);
}

static void a_name_stands_for_one_entry_of_its_kind(void **state)
{
	struct fixture *f = *state;
	struct entry_row again = entry_of(f, ENTRY_TAG, "Hot"), found;

	fixture_begin(f);
	struct uuid hot = add(f, ENTRY_TAG, "Hot");

	add(f, ENTRY_FIELD, "Hot");
	EXPECT(f, ERR_STATE_CONFLICT, entries_insert(&f->txn, &again, &f->err));
	again.name = TEXT("hot");
	OK(f, entries_insert(&f->txn, &again, &f->err));
	again.name = TEXT("Hot");
	EXPECT(f, ERR_STATE_CONFLICT, entries_update(&f->txn, &again, &f->err));
	again.scope = ENTRY_OF_COMPANIES;
	again.id = uuid_make(&f->txn.ids);
	OK(f, entries_insert(&f->txn, &again, &f->err));
	OK(f, entries_named(f->db, &f->arena,
			    (struct entry_name){1, ENTRY_TAG, ENTRY_OF_COMPANIES, TEXT("Hot")},
			    &found, &f->err));
	assert_true(uuid_is(found.id, again.id));
	assert_int_equal(found.scope, ENTRY_OF_COMPANIES);
	again.workspace = 2;
	OK(f, entries_insert(&f->txn, &again, &f->err));
	fixture_commit(f);
	OK(f, entries_named(f->db, &f->arena,
			    (struct entry_name){1, ENTRY_TAG, ENTRY_OF_ALL, TEXT("Hot")}, &found,
			    &f->err));
	assert_true(uuid_is(found.id, hot));
	assert_non_null(found.doc.ptr);
	OK(f, entries_named(f->db, &f->arena,
			    (struct entry_name){1, ENTRY_TAG, ENTRY_OF_ALL, TEXT("HOT")}, &found,
			    &f->err));
	assert_null(found.doc.ptr);
	assert_int_equal(count(f, ENTRY_TAG, nobody), 3);
}

static void many_have_no_name(void **state)
{
	struct fixture *f = *state;

	fixture_begin(f);
	add(f, ENTRY_NOTE, NULL);
	add(f, ENTRY_NOTE, NULL);
	fixture_commit(f);
	assert_int_equal(count(f, ENTRY_NOTE, nobody), 2);
}

static void a_deleted_entry_leaves_its_name(void **state)
{
	struct fixture *f = *state;
	struct entry_row entry = {.workspace = 1, .kind = ENTRY_TAG}, read;
	const struct identifier_key key = fixture_key("ada@example.com");
	struct uuid owner;
	bool found;

	fixture_begin(f);
	entry.id = add(f, ENTRY_TAG, "Hot");
	OK(f, entries_claim(&f->txn, &entry, &key, &f->err));
	OK(f, entries_delete(&f->txn, &entry, FIXTURE_NOW_MS + 9, &found, &f->err));
	assert_true(found);
	OK(f, entries_delete(&f->txn, &entry, FIXTURE_NOW_MS + 10, &found, &f->err));
	assert_false(found);
	struct uuid next = add(f, ENTRY_TAG, "Hot");

	fixture_commit(f);
	OK(f, entries_read(f->db, &f->arena, (struct entry_ref){1, ENTRY_TAG, entry.id}, &read,
			   &f->err));
	assert_null(read.doc.ptr);
	OK(f, entries_read_any(f->db, &f->arena, (struct entry_ref){1, ENTRY_TAG, entry.id}, &read,
			       &f->err));
	assert_string_equal(read.name.ptr, "Hot");
	assert_string_equal(read.doc.ptr, "{}");
	assert_int_equal(read.deleted_ms, FIXTURE_NOW_MS + 9);
	OK(f, entries_read_any(f->db, &f->arena, (struct entry_ref){1, ENTRY_TAG, next}, &read,
			       &f->err));
	assert_int_equal(read.deleted_ms, 0);
	OK(f, entries_owner(f->db, 1, ENTRY_TAG, &key, &owner, &f->err));
	assert_true(uuid_is(owner, nobody));
	assert_int_equal(count(f, ENTRY_TAG, nobody), 1);
}

static void a_nameless_entry_leaves_nothing(void **state)
{
	struct fixture *f = *state;
	struct entry_row entry = {.workspace = 1, .kind = ENTRY_NOTE}, read;
	bool found;

	fixture_begin(f);
	entry.id = add(f, ENTRY_NOTE, NULL);
	OK(f, entries_delete(&f->txn, &entry, FIXTURE_NOW_MS, &found, &f->err));
	fixture_commit(f);
	assert_true(found);
	OK(f, entries_read_any(f->db, &f->arena, (struct entry_ref){1, ENTRY_NOTE, entry.id}, &read,
			       &f->err));
	assert_null(read.doc.ptr);
}

static void a_key_belongs_to_one_entry_of_its_kind(void **state)
{
	struct fixture *f = *state;
	const struct identifier_key key = fixture_key("ada@example.com");
	struct entry_row first = entry_of(f, ENTRY_COMPANY, NULL);
	struct entry_row second = entry_of(f, ENTRY_COMPANY, NULL);
	struct uuid owner;

	fixture_begin(f);
	OK(f, entries_claim(&f->txn, &first, &key, &f->err));
	OK(f, entries_claim(&f->txn, &first, &key, &f->err));
	EXPECT(f, ERR_STATE_CONFLICT, entries_claim(&f->txn, &second, &key, &f->err));
	OK(f, entries_release(&f->txn, &second, &key, &f->err));
	OK(f, entries_owner(f->db, 1, ENTRY_COMPANY, &key, &owner, &f->err));
	assert_true(uuid_is(owner, first.id));
	OK(f, entries_owner(f->db, 2, ENTRY_COMPANY, &key, &owner, &f->err));
	assert_true(uuid_is(owner, nobody));
	OK(f, entries_owner(f->db, 1, ENTRY_BLACKLIST, &key, &owner, &f->err));
	assert_true(uuid_is(owner, nobody));
	OK(f, entries_release(&f->txn, &first, &key, &f->err));
	OK(f, entries_claim(&f->txn, &second, &key, &f->err));
	fixture_commit(f);
	OK(f, entries_owner(f->db, 1, ENTRY_COMPANY, &key, &owner, &f->err));
	assert_true(uuid_is(owner, second.id));
}

/* Walk on from the last of each page; the first numbers seen must be as `names` says. */
static void check_walk(struct fixture *f, struct entries_walk walk, const char *names)
{
	struct entry_row page[2];
	size_t seen = 0, got;

	walk.limit = 2;
	do {
		OK(f, entries_page(f->db, &f->arena, &walk, page, &got, &f->err));
		for (size_t i = 0; i < got; i++, seen++) {
			assert_int_equal(page[i].name.ptr[0], names[seen]);
			walk.from = page[i].id;
		}
		walk.offset = 0;
	} while (got == walk.limit);
	assert_int_equal(seen, strlen(names));
}

static void entries_come_in_pages_either_way(void **state)
{
	struct fixture *f = *state;
	const struct uuid ada = {{1}}, bo = {{2}};
	const struct entries_walk all = {.workspace = 1, .kind = ENTRY_TAG};
	struct entries_walk walk;

	fixture_begin(f);
	for (int i = 0; i < 5; i++) {
		char name[2] = {(char)('a' + i), '\0'};
		struct entry_row entry = entry_of(f, ENTRY_TAG, name);

		entry.about = i % 2 ? bo : ada;
		OK(f, entries_insert(&f->txn, &entry, &f->err));
		add(f, ENTRY_FIELD, name);
	}
	fixture_commit(f);
	check_walk(f, all, "edcba");
	walk = all;
	walk.upward = true;
	check_walk(f, walk, "abcde");
	walk.offset = 3;
	check_walk(f, walk, "de");
	walk = all;
	walk.offset = 4;
	check_walk(f, walk, "a");
	walk.offset = 5;
	check_walk(f, walk, "");
	walk = all;
	walk.about = ada;
	check_walk(f, walk, "eca");
	walk.upward = true;
	walk.offset = 1;
	check_walk(f, walk, "ce");
	assert_int_equal(count(f, ENTRY_TAG, nobody), 5);
	assert_int_equal(count(f, ENTRY_TAG, ada), 3);
	assert_int_equal(count(f, ENTRY_TAG, bo), 2);
	assert_int_equal(count(f, ENTRY_NOTE, nobody), 0);
}

static void check_defaults(struct fixture *f, int64_t workspace, const char *inbox)
{
	const struct entries_walk stages = {.workspace = workspace,
					    .kind = ENTRY_STAGE,
					    .upward = true,
					    .limit = 8};
	struct workspace_defaults defaults;
	struct entry_row page[8];
	struct list_row list;
	size_t got;

	OK(f, defaults_read(f->db, workspace, &defaults, &f->err));
	OK(f, lists_read(f->db, &f->arena, workspace, defaults.inbox, &list, &f->err));
	assert_string_equal(list.name.ptr, inbox);
	OK(f, entries_page(f->db, &f->arena, &stages, page, &got, &f->err));
	assert_int_equal(got, 4);
	assert_true(uuid_is(page[0].id, defaults.stage_new));
	assert_string_equal(page[0].name.ptr, "New");
	assert_string_equal(page[3].name.ptr, "Replied");
	assert_non_null(strstr(page[3].doc.ptr, "\"category\":\"positive\""));
}

static void a_new_workspace_has_an_inbox_and_stages(void **state)
{
	struct fixture *f = *state;
	struct workspace_row workspace = {.id = {{1}}, .name = TEXT("Sales")};
	struct workspace_defaults defaults;
	int64_t number;

	fixture_begin(f);
	OK(f, accounts_insert_workspace(&f->txn, &workspace, &number, &f->err));
	fixture_commit(f);
	check_defaults(f, number, "Inbox");
	OK(f, defaults_read(f->db, number + 1, &defaults, &f->err));
	assert_true(uuid_is(defaults.inbox, nobody));
}

/* As they are in a database that was made before there were defaults. */
static void older_workspaces_get_them(void **state)
{
	struct fixture *f = *state;
	struct list_row mine = {.id = {{5}}, .name = TEXT("Inbox")};
	struct workspace_defaults before, after;

	OK(f, db_script(f->db,
			"INSERT INTO workspace VALUES (1, x'01', 'One', 1), (2, x'02', 'Two', 1)",
			&f->err));
	fixture_begin(f);
	OK(f, lists_insert(&f->txn, 2, &mine, &f->err));
	fixture_commit(f);
	OK(f, defaults_make_missing(f->db, &f->clock, &f->err));
	check_defaults(f, 1, "Inbox");
	check_defaults(f, 2, "Inbox");
	OK(f, defaults_read(f->db, 2, &before, &f->err));
	assert_true(uuid_is(before.inbox, mine.id));
	OK(f, defaults_make_missing(f->db, &f->clock, &f->err));
	OK(f, defaults_read(f->db, 2, &after, &f->err));
	assert_memory_equal(&before, &after, sizeof before);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(an_entry_is_read_as_it_was_written),
		FIXTURE_TEST(a_name_stands_for_one_entry_of_its_kind),
		FIXTURE_TEST(many_have_no_name),
		FIXTURE_TEST(a_deleted_entry_leaves_its_name),
		FIXTURE_TEST(a_nameless_entry_leaves_nothing),
		FIXTURE_TEST(a_key_belongs_to_one_entry_of_its_kind),
		FIXTURE_TEST(entries_come_in_pages_either_way),
		FIXTURE_TEST(a_new_workspace_has_an_inbox_and_stages),
		FIXTURE_TEST(older_workspaces_get_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
