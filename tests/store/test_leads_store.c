/* store/leads.c on a real database: who owns what, numbers, and the walks. */
#include "fixture.h"

#include "store/members.h"

#define DOC "{\"name\":\"Ada Example\",\"ids\":[],\"seen\":{\"\":1}}"

static int64_t owner_of(struct fixture *f, int64_t workspace, const char *address)
{
	struct identifier_key key = fixture_key(address);
	int64_t no = -1;

	OK(f, leads_owner(f->db, workspace, &key, &no, &f->err));
	return no;
}

static void an_identifier_has_one_owner(void **state)
{
	struct fixture *f = *state;
	struct identifier_key key = fixture_key("ada@example.com");

	fixture_begin(f);
	int64_t ada = fixture_add_lead(f, 1, STATUS_NEW, DOC);
	int64_t bob = fixture_add_lead(f, 1, STATUS_NEW, DOC);
	int64_t elsewhere = fixture_add_lead(f, 2, STATUS_NEW, DOC);

	OK(f, leads_claim(&f->txn, 1, &key, ada, &f->err));
	EXPECT(f, ERR_STATE_CONFLICT, leads_claim(&f->txn, 1, &key, bob, &f->err));
	OK(f, leads_claim(&f->txn, 2, &key, elsewhere, &f->err));
	fixture_commit(f);
	assert_int_equal(owner_of(f, 1, "ada@example.com"), ada);
	assert_int_equal(owner_of(f, 2, "ada@example.com"), elsewhere);
	assert_int_equal(owner_of(f, 3, "ada@example.com"), 0);
	assert_int_equal(owner_of(f, 1, "bob@example.com"), 0);

	/* Only its owner can give it away. */
	fixture_begin(f);
	OK(f, leads_free(&f->txn, 1, &key, bob, &f->err));
	assert_int_equal(owner_of(f, 1, "ada@example.com"), ada);
	OK(f, leads_free(&f->txn, 1, &key, ada, &f->err));
	OK(f, leads_claim(&f->txn, 1, &key, bob, &f->err));
	fixture_commit(f);
	assert_int_equal(owner_of(f, 1, "ada@example.com"), bob);
	assert_int_equal(owner_of(f, 2, "ada@example.com"), elsewhere);
}

static void a_lead_is_read_as_it_was_written(void **state)
{
	struct fixture *f = *state;
	struct lead_row row;
	int64_t found;

	fixture_begin(f);
	int64_t no = fixture_add_lead(f, 3, STATUS_WAITING, DOC);

	fixture_commit(f);
	OK(f, leads_read(f->db, &f->arena, 3, no, &row, &f->err));
	assert_int_equal(row.no, no);
	assert_int_equal(row.workspace, 3);
	assert_int_equal(row.version, 1);
	assert_int_equal(row.status, STATUS_WAITING);
	assert_int_equal(row.created_ms, FIXTURE_NOW_MS);
	assert_int_equal(row.updated_ms, FIXTURE_NOW_MS);
	assert_int_equal(row.deleted_ms, 0);
	assert_string_equal(row.doc.ptr, DOC);
	OK(f, leads_find(f->db, 3, row.id, &found, &f->err));
	assert_int_equal(found, no);
	OK(f, leads_find(f->db, 2, row.id, &found, &f->err));
	assert_int_equal(found, 0);
	OK(f, leads_read(f->db, &f->arena, 2, no, &row, &f->err));
	assert_int_equal(row.no, 0);
}

static void an_update_keeps_the_status_index_right(void **state)
{
	struct fixture *f = *state;
	struct leads_walk walk = {.order = LEADS_BY_STATUS, .workspace = 1};
	struct lead_row row, rows[2];
	struct leads_rows page = {.rows = rows, .limit = 2};

	fixture_begin(f);
	int64_t no = fixture_add_lead(f, 1, STATUS_NEW, DOC);

	OK(f, leads_read(f->db, &f->arena, 1, no, &row, &f->err));
	row.version = 2;
	row.status = STATUS_REPLIED;
	row.updated_ms = FIXTURE_NOW_MS + 1;
	row.last_change = 7;
	row.doc = TEXT("{}");
	OK(f, leads_update(&f->txn, &row, true, &f->err));
	row.version = 3;
	row.doc = TEXT("{\"a\":1}");
	OK(f, leads_update(&f->txn, &row, false, &f->err));
	fixture_commit(f);
	OK(f, leads_read(f->db, &f->arena, 1, no, &row, &f->err));
	assert_int_equal(row.version, 3);
	assert_int_equal(row.status, STATUS_REPLIED);
	assert_int_equal(row.updated_ms, FIXTURE_NOW_MS + 1);
	assert_int_equal(row.created_ms, FIXTURE_NOW_MS);
	assert_int_equal(row.last_change, 7);
	assert_string_equal(row.doc.ptr, "{\"a\":1}");

	walk.status = STATUS_NEW;
	OK(f, leads_page(f->db, &f->arena, &walk, &page, &f->err));
	assert_int_equal(page.count, 0);
	walk.status = STATUS_REPLIED;
	OK(f, leads_page(f->db, &f->arena, &walk, &page, &f->err));
	assert_int_equal(page.count, 1);
	assert_int_equal(rows[0].no, no);
}

static void a_deleted_lead_is_gone(void **state)
{
	struct fixture *f = *state;
	struct leads_walk walk = {.order = LEADS_ALL, .workspace = 1};
	struct lead_row row, rows[2];
	struct leads_rows page = {.rows = rows, .limit = 2};
	int64_t found;

	fixture_begin(f);
	int64_t no = fixture_add_lead(f, 1, STATUS_NEW, DOC);

	OK(f, leads_read(f->db, &f->arena, 1, no, &row, &f->err));
	struct uuid id = row.id;

	row.deleted_ms = FIXTURE_NOW_MS + 5;
	row.version = 2;
	OK(f, leads_delete(&f->txn, &row, &f->err));
	fixture_commit(f);
	OK(f, leads_read(f->db, &f->arena, 1, no, &row, &f->err));
	assert_int_equal(row.no, 0);
	OK(f, leads_find(f->db, 1, id, &found, &f->err));
	assert_int_equal(found, 0);
	OK(f, leads_page(f->db, &f->arena, &walk, &page, &f->err));
	assert_int_equal(page.count, 0);
	walk.order = LEADS_BY_STATUS;
	OK(f, leads_page(f->db, &f->arena, &walk, &page, &f->err));
	assert_int_equal(page.count, 0);
	OK(f, leads_page_upward(f->db, &f->arena, &walk, &page, &f->err));
	assert_int_equal(page.count, 0);
}

/* Five leads, the second and fourth on a list and in a mission; another workspace has one. */
struct world {
	int64_t no[5];
	struct uuid list, mission;
};

static struct world make_world(struct fixture *f)
{
	struct world world;

	fixture_begin(f);
	world.list = uuid_make(&f->txn.ids);
	world.mission = uuid_make(&f->txn.ids);
	const struct members_group list = {MEMBERS_OF_LIST, 1, world.list};
	const struct members_group mission = {MEMBERS_OF_MISSION, 1, world.mission};

	for (int i = 0; i < 5; i++) {
		world.no[i] = fixture_add_lead(f, 1, i == 0 ? STATUS_LOST : STATUS_NEW, DOC);
		if (i % 2 == 0)
			continue;
		OK(f, members_add(&f->txn, &list, world.no[i], STATUS_NEW, &f->err));
		OK(f, members_add(&f->txn, &mission, world.no[i], STATUS_NEW, &f->err));
	}
	fixture_add_lead(f, 2, STATUS_NEW, DOC);
	fixture_commit(f);
	return world;
}

static void expect_page(struct fixture *f, const struct leads_walk *walk, size_t limit,
			const int64_t *numbers, size_t expected)
{
	struct lead_row rows[8];
	struct leads_rows page = {.rows = rows, .limit = limit};

	OK(f, leads_page(f->db, &f->arena, walk, &page, &f->err));
	assert_int_equal(page.count, expected);
	for (size_t i = 0; i < page.count; i++) {
		assert_int_equal(rows[i].no, numbers[i]);
		assert_string_equal(rows[i].doc.ptr, DOC);
		assert_int_equal(rows[i].id.bytes[6] >> 4, 7);
	}
}

static void walks_go_from_the_newest_down(void **state)
{
	struct fixture *f = *state;
	struct world w = make_world(f);
	struct leads_walk walk = {.order = LEADS_ALL, .workspace = 1};

	expect_page(f, &walk, 8, (int64_t[]){w.no[4], w.no[3], w.no[2], w.no[1], w.no[0]}, 5);
	expect_page(f, &walk, 2, (int64_t[]){w.no[4], w.no[3]}, 2);
	walk.below = w.no[3];
	expect_page(f, &walk, 2, (int64_t[]){w.no[2], w.no[1]}, 2);
	walk.order = LEADS_BY_STATUS;
	walk.status = STATUS_NEW;
	expect_page(f, &walk, 8, (int64_t[]){w.no[2], w.no[1]}, 2);
	walk = (struct leads_walk){.order = LEADS_BY_LIST, .workspace = 1, .member_of = w.list};
	expect_page(f, &walk, 8, (int64_t[]){w.no[3], w.no[1]}, 2);
	walk.below = w.no[3];
	expect_page(f, &walk, 8, (int64_t[]){w.no[1]}, 1);
	walk = (struct leads_walk){.order = LEADS_BY_MISSION,
				   .workspace = 1,
				   .member_of = w.mission};
	expect_page(f, &walk, 8, (int64_t[]){w.no[3], w.no[1]}, 2);
	walk.workspace = 2;
	expect_page(f, &walk, 8, NULL, 0);
}

static void an_export_goes_upward(void **state)
{
	struct fixture *f = *state;
	struct world w = make_world(f);
	struct leads_walk walk = {.workspace = 1};
	struct lead_row rows[8];
	struct leads_rows page = {.rows = rows, .limit = 3};

	OK(f, leads_page_upward(f->db, &f->arena, &walk, &page, &f->err));
	assert_int_equal(page.count, 3);
	assert_int_equal(rows[0].no, w.no[0]);
	assert_int_equal(rows[0].status, STATUS_LOST);
	assert_int_equal(rows[0].version, 1);
	assert_int_equal(rows[0].created_ms, FIXTURE_NOW_MS);
	assert_int_equal(rows[2].no, w.no[2]);
	walk.above = w.no[2];
	page.limit = 8;
	OK(f, leads_page_upward(f->db, &f->arena, &walk, &page, &f->err));
	assert_int_equal(page.count, 2);
	assert_int_equal(rows[1].no, w.no[4]);
}

static void numbers_say_the_workspace(void **state)
{
	struct fixture *f = *state;

	fixture_begin(f);
	assert_int_equal(fixture_add_lead(f, 1, STATUS_NEW, DOC), leads_first_number(1));
	assert_int_equal(fixture_add_lead(f, 2, STATUS_NEW, DOC), leads_first_number(2));
	assert_int_equal(fixture_add_lead(f, 1, STATUS_NEW, DOC), leads_first_number(1) + 1);
	fixture_commit(f);
	assert_int_equal(leads_first_number(2) >> LEADS_NUMBER_BITS, 2);
	assert_int_equal(leads_last_number(1) + 2, leads_first_number(2));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(an_identifier_has_one_owner),
		FIXTURE_TEST(a_lead_is_read_as_it_was_written),
		FIXTURE_TEST(an_update_keeps_the_status_index_right),
		FIXTURE_TEST(a_deleted_lead_is_gone),
		FIXTURE_TEST(walks_go_from_the_newest_down),
		FIXTURE_TEST(an_export_goes_upward),
		FIXTURE_TEST(numbers_say_the_workspace),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
