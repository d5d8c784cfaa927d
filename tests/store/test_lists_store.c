/* store/lists.c and store/missions.c: names, members, pages, numbers. */
#include "fixture.h"

#include <stdio.h>

#include "store/lists.h"
#include "store/members.h"
#include "store/missions.h"

#define DOC "{\"ids\":[],\"seen\":{\"\":1}}"

static struct uuid add_list(struct fixture *f, int64_t workspace, const char *name)
{
	struct list_row list = {.id = uuid_make(&f->txn.ids),
				.name = text_of(name),
				.created_ms = f->now_ms};

	OK(f, lists_insert(&f->txn, workspace, &list, &f->err));
	return list.id;
}

static struct uuid add_mission(struct fixture *f, const char *name, bool active)
{
	struct mission_row mission = {.id = uuid_make(&f->txn.ids),
				      .name = text_of(name),
				      .active = active,
				      .brief = TEXT("{\"description\":\"Why\"}"),
				      .created_ms = f->now_ms};

	OK(f, missions_insert(&f->txn, 1, &mission, &f->err));
	return mission.id;
}

static void a_name_stands_for_one_list(void **state)
{
	struct fixture *f = *state;
	struct list_row again = {.id = {{1}}, .name = TEXT("Visitors")};
	struct uuid found;

	fixture_begin(f);
	struct uuid id = add_list(f, 1, "Visitors");
	struct uuid elsewhere = add_list(f, 2, "Visitors");
	struct uuid other = add_list(f, 1, "Others");

	EXPECT(f, ERR_STATE_CONFLICT, lists_insert(&f->txn, 1, &again, &f->err));
	again.id = other;
	EXPECT(f, ERR_STATE_CONFLICT, lists_rename(&f->txn, 1, &again, &f->err));
	fixture_commit(f);
	OK(f, lists_named(f->db, 1, TEXT("Visitors"), &found, &f->err));
	assert_memory_equal(found.bytes, id.bytes, sizeof id.bytes);
	OK(f, lists_named(f->db, 2, TEXT("Visitors"), &found, &f->err));
	assert_memory_equal(found.bytes, elsewhere.bytes, sizeof id.bytes);
	OK(f, lists_named(f->db, 3, TEXT("Visitors"), &found, &f->err));
	assert_true(uuid_is(found, (struct uuid){{0}}));
}

static void a_list_is_renamed_and_counts_its_leads(void **state)
{
	struct fixture *f = *state;
	struct list_row list;
	bool exists;

	fixture_begin(f);
	struct uuid id = add_list(f, 1, "Visitors");
	int64_t first = fixture_add_lead(f, 1, STATUS_NEW, DOC);
	int64_t second = fixture_add_lead(f, 1, STATUS_NEW, DOC);
	const struct members_group group = {MEMBERS_OF_LIST, 1, id};

	OK(f, members_add(&f->txn, &group, first, STATUS_NEW, &f->err));
	OK(f, members_add(&f->txn, &group, second, STATUS_NEW, &f->err));
	OK(f, members_add(&f->txn, &group, second, STATUS_NEW, &f->err));
	OK(f, lists_read(f->db, &f->arena, 1, id, &list, &f->err));
	assert_int_equal(list.leads, 2);
	OK(f, members_remove(&f->txn, &group, first, STATUS_NEW, &f->err));
	OK(f, members_remove(&f->txn, &group, first, STATUS_NEW, &f->err));
	list.name = TEXT("Guests");
	list.updated_ms = f->now_ms + 1;
	OK(f, lists_rename(&f->txn, 1, &list, &f->err));
	fixture_commit(f);
	OK(f, lists_read(f->db, &f->arena, 1, id, &list, &f->err));
	assert_string_equal(list.name.ptr, "Guests");
	assert_int_equal(list.leads, 1);
	assert_int_equal(list.created_ms, FIXTURE_NOW_MS);
	assert_int_equal(list.updated_ms, FIXTURE_NOW_MS + 1);
	OK(f, lists_read(f->db, &f->arena, 2, id, &list, &f->err));
	assert_null(list.name.ptr);
	OK(f, lists_exists(f->db, 1, id, &exists, &f->err));
	assert_true(exists);
	OK(f, lists_exists(f->db, 2, id, &exists, &f->err));
	assert_false(exists);
}

static void lists_come_in_pages_newest_first(void **state)
{
	struct fixture *f = *state;
	struct lists_walk walk = {.workspace = 1, .limit = 2};
	struct uuid ids[5];
	struct list_row page[2];
	size_t count, seen = 0;

	fixture_begin(f);
	for (int i = 0; i < 5; i++) {
		char name[32];

		snprintf(name, sizeof name, "List %d", i);
		ids[i] = add_list(f, 1, name);
		add_list(f, 2, name);
	}
	fixture_commit(f);
	do {
		OK(f, lists_page(f->db, &f->arena, &walk, page, &count, &f->err));
		for (size_t i = 0; i < count; i++, seen++) {
			assert_true(uuid_is(page[i].id, ids[4 - seen]));
			assert_int_equal(page[i].name.ptr[5], '4' - (int)seen);
			walk.from = page[i].id;
		}
	} while (count == walk.limit);
	assert_int_equal(seen, 5);
}

static void a_mission_is_read_as_it_was_written(void **state)
{
	struct fixture *f = *state;
	struct mission_row mission;
	struct uuid found;
	bool exists;

	fixture_begin(f);
	struct uuid id = add_mission(f, "Spring", true);
	struct uuid other = add_mission(f, "Autumn", true);

	OK(f, missions_read(f->db, &f->arena, 1, id, &mission, &f->err));
	assert_true(mission.active);
	assert_string_equal(mission.brief.ptr, "{\"description\":\"Why\"}");
	mission.name = TEXT("Autumn");
	EXPECT(f, ERR_STATE_CONFLICT, missions_update(&f->txn, 1, &mission, &f->err));
	mission.name = TEXT("Summer");
	mission.active = false;
	mission.brief = TEXT("{}");
	mission.updated_ms = f->now_ms + 1;
	OK(f, missions_update(&f->txn, 1, &mission, &f->err));
	fixture_commit(f);
	OK(f, missions_read(f->db, &f->arena, 1, id, &mission, &f->err));
	assert_string_equal(mission.name.ptr, "Summer");
	assert_false(mission.active);
	assert_string_equal(mission.brief.ptr, "{}");
	assert_int_equal(mission.created_ms, FIXTURE_NOW_MS);
	assert_int_equal(mission.updated_ms, FIXTURE_NOW_MS + 1);
	OK(f, missions_named(f->db, 1, TEXT("Autumn"), &found, &f->err));
	assert_true(uuid_is(found, other));
	OK(f, missions_named(f->db, 1, TEXT("Spring"), &found, &f->err));
	assert_true(uuid_is(found, (struct uuid){{0}}));
	OK(f, missions_read(f->db, &f->arena, 2, id, &mission, &f->err));
	assert_null(mission.name.ptr);
	OK(f, missions_exists(f->db, 1, id, &exists, &f->err));
	assert_true(exists);
	OK(f, missions_exists(f->db, 2, id, &exists, &f->err));
	assert_false(exists);
}

static void missions_come_in_pages_by_status(void **state)
{
	struct fixture *f = *state;
	struct missions_walk walk = {.workspace = 1, .limit = 8};
	struct mission_row page[8];
	size_t count;

	fixture_begin(f);
	struct uuid first = add_mission(f, "One", true);
	struct uuid second = add_mission(f, "Two", false);
	struct uuid third = add_mission(f, "Three", true);

	fixture_commit(f);
	OK(f, missions_page(f->db, &f->arena, &walk, page, &count, &f->err));
	assert_int_equal(count, 3);
	assert_true(uuid_is(page[0].id, third));
	walk.which = MISSIONS_ARCHIVED;
	OK(f, missions_page(f->db, &f->arena, &walk, page, &count, &f->err));
	assert_int_equal(count, 1);
	assert_true(uuid_is(page[0].id, second));
	walk.which = MISSIONS_ACTIVE;
	walk.below = third;
	OK(f, missions_page(f->db, &f->arena, &walk, page, &count, &f->err));
	assert_int_equal(count, 1);
	assert_true(uuid_is(page[0].id, first));
	assert_true(page[0].active);
}

static void a_mission_counts_its_leads_by_status(void **state)
{
	struct fixture *f = *state;
	int64_t counts[STATUS_COUNT];

	fixture_begin(f);
	struct uuid id = add_mission(f, "Spring", true);
	struct uuid other = add_mission(f, "Autumn", true);

	const struct members_group group = {MEMBERS_OF_MISSION, 1, id};
	const struct members_group others = {MEMBERS_OF_MISSION, 1, other};

	for (int i = 0; i < 3; i++) {
		enum status status = i ? STATUS_REPLIED : STATUS_NEW;
		int64_t no = fixture_add_lead(f, 1, status, DOC);

		OK(f, members_add(&f->txn, &group, no, status, &f->err));
		OK(f, members_add(&f->txn, &others, no, status, &f->err));
		if (i == 2)
			OK(f, members_remove(&f->txn, &others, no, status, &f->err));
	}
	OK(f, members_move(&f->txn, &group, STATUS_REPLIED, STATUS_LOST, &f->err));
	fixture_commit(f);
	OK(f, members_count(f->db, &group, counts, &f->err));
	assert_int_equal(counts[STATUS_NEW], 1);
	assert_int_equal(counts[STATUS_REPLIED], 1);
	assert_int_equal(counts[STATUS_LOST], 1);
	OK(f, members_count(f->db, &others, counts, &f->err));
	assert_int_equal(counts[STATUS_REPLIED], 1);
	OK(f, members_count(f->db, &(struct members_group){MEMBERS_OF_MISSION, 2, id}, counts,
			    &f->err));
	assert_int_equal(counts[STATUS_REPLIED], 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(a_name_stands_for_one_list),
		FIXTURE_TEST(a_list_is_renamed_and_counts_its_leads),
		FIXTURE_TEST(lists_come_in_pages_newest_first),
		FIXTURE_TEST(a_mission_is_read_as_it_was_written),
		FIXTURE_TEST(missions_come_in_pages_by_status),
		FIXTURE_TEST(a_mission_counts_its_leads_by_status),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
