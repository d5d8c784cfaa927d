/* store/search.c: what is found, and that the index follows the leads. */
#include "fixture.h"

#include <stdio.h>

#include "store/accounts.h"
#include "store/search_fill.h"

#define FILL_AT_ONCE 100

struct finder {
	struct fixture *f;
	struct search *search;
};

static struct finder open_index(struct fixture *f)
{
	struct finder finder = {.f = f};

	OK(f, search_create(f->path, true, &f->clock, &finder.search, &f->err));
	return finder;
}

static void add_workspace(struct fixture *f)
{
	struct workspace_row row = {.id = uuid_make(&f->txn.ids), .name = TEXT("Sales")};
	int64_t number;

	OK(f, accounts_insert_workspace(&f->txn, &row, &number, &f->err));
}

static int64_t add_person(struct fixture *f, int64_t workspace, const char *name,
			  const char *company)
{
	char doc[1000];

	snprintf(doc, sizeof doc,
		 "{\"name\":\"%s\",\"company\":\"%s\",\"email\":\"%s\",\"ids\":[],"
		 "\"seen\":{\"\":1}}",
		 name, company, "somebody@mail.example");
	return fixture_add_lead(f, workspace, STATUS_NEW, doc);
}

static void fill(struct finder *finder)
{
	bool left = true;

	while (left)
		OK(finder->f, search_fill(finder->search, finder->f->db, FILL_AT_ONCE, &left,
					  &finder->f->err));
}

static int64_t behind(struct finder *finder)
{
	struct search_fill_state state;

	OK(finder->f, search_fill_state(finder->search, finder->f->db, &state, &finder->f->err));
	return state.last - state.seen;
}

static size_t find(struct finder *finder, const struct search_terms *terms, int64_t workspace,
		   int64_t numbers[8])
{
	struct fixture *f = finder->f;
	struct search_page page = {.workspace = workspace, .numbers = numbers, .limit = 8};

	OK(f, search_match(&f->arena, terms, &page.match, &f->err));
	assert_true(page.match.words > 0);
	OK(f, search_find(finder->search, &page, &f->err));
	return page.count;
}

static size_t hits(struct finder *finder, const char *words)
{
	struct search_terms terms = {.any = text_of(words)};
	int64_t numbers[8];

	return find(finder, &terms, 1, numbers);
}

static void case_and_accents_do_not_count(void **state)
{
	struct fixture *f = *state;
	struct finder finder = open_index(f);
	static const char *const found[] = {"muller",
					    "MÜLLER",
					    "Mu\xcc\x88ller",
					    "jose",
					    "JOSÉ",
					    "Zoë",
					    "zoe\xcc\x88",
					    "muller jose",
					    "lüdenscheidt",
					    "oreal",
					    "l\xe2\x80\x99or\xc3\xa9"
					    "al",
					    "Müller\xe2\x80\x93L\xc3\xbc"
					    "d",
					    "M\xc3\xbcller \xe2\x80\x93 Jos\xc3\xa9",
					    "\xd0\xb0\xd0\xbd\xd0\xbd\xd0\xb0",
					    "mail.example",
					    "some@mail",
					    "\"jose\"",
					    "jose*"};
	static const char *const not_found[] = {"ller", "mullers", "jose absent", "name:jose"};

	fixture_begin(f);
	add_workspace(f);
	add_person(f, 1, "José Müller\xe2\x80\x93Lüdenscheidt Zoë \xd0\x90\xd0\x9d\xd0\x9d\xd0\x90",
		   "L\xe2\x80\x99Oréal");
	fixture_commit(f);
	fill(&finder);
	for (size_t i = 0; i < ARRAY_LEN(found); i++) {
		if (hits(&finder, found[i]) != 1)
			fail_msg("%s is not found", found[i]);
	}
	for (size_t i = 0; i < ARRAY_LEN(not_found); i++) {
		if (hits(&finder, not_found[i]) != 0)
			fail_msg("%s is found", not_found[i]);
	}
	search_destroy(finder.search);
}

/* Whatever stands between two letters, the index takes the question. */
static void no_character_breaks_a_question(void **state)
{
	struct fixture *f = *state;
	struct finder finder = open_index(f);

	for (uint32_t c = 1; c < 0x20000; c++) {
		char words[8] = "a";
		size_t len = 1;

		if (c >= 0xD800 && c < 0xE000)
			continue;
		if (c >= 0x10000)
			words[len++] = (char)(0xF0 | c >> 18);
		if (c >= 0x10000)
			words[len++] = (char)(0x80 | (c >> 12 & 0x3F));
		else if (c >= 0x800)
			words[len++] = (char)(0xE0 | c >> 12);
		if (c >= 0x800)
			words[len++] = (char)(0x80 | (c >> 6 & 0x3F));
		else if (c >= 0x80)
			words[len++] = (char)(0xC0 | c >> 6);
		words[len++] = (char)(c >= 0x80 ? 0x80 | (c & 0x3F) : c);
		words[len++] = 'b';
		assert_int_equal(hits(&finder, words), 0);
		if (c % 0x1000 == 0)
			arena_reset(&f->arena);
	}
	search_destroy(finder.search);
}

static void terms_look_where_they_say(void **state)
{
	struct fixture *f = *state;
	struct finder finder = open_index(f);
	struct search_terms terms = {.name = TEXT("example")};
	struct search_match match;
	int64_t numbers[8];

	fixture_begin(f);
	add_workspace(f);
	int64_t ada = add_person(f, 1, "Ada Example", "Works");
	int64_t bob = add_person(f, 1, "Bob", "Example Works");

	fixture_commit(f);
	fill(&finder);
	assert_int_equal(find(&finder, &terms, 1, numbers), 1);
	assert_int_equal(numbers[0], ada);
	terms = (struct search_terms){.company = TEXT("exam")};
	assert_int_equal(find(&finder, &terms, 1, numbers), 1);
	assert_int_equal(numbers[0], bob);
	terms = (struct search_terms){.any = TEXT("works"), .name = TEXT("bob")};
	assert_int_equal(find(&finder, &terms, 1, numbers), 1);
	terms = (struct search_terms){.any = TEXT("b")};
	assert_int_equal(find(&finder, &terms, 1, numbers), 1);
	assert_int_equal(numbers[0], bob);
	terms = (struct search_terms){.any = TEXT("e example w")};
	assert_int_equal(find(&finder, &terms, 1, numbers), 2);
	terms = (struct search_terms){.any = TEXT("ex wo ad")};
	assert_int_equal(find(&finder, &terms, 1, numbers), 1);
	assert_int_equal(numbers[0], ada);
	terms = (struct search_terms){.any = TEXT("bo zz")};
	assert_int_equal(find(&finder, &terms, 1, numbers), 0);
	terms = (struct search_terms){.company = TEXT("wo")};
	assert_int_equal(find(&finder, &terms, 1, numbers), 2);
	terms = (struct search_terms){.any = TEXT(" - \xe2\x80\x93 ")};
	OK(f, search_match(&f->arena, &terms, &match, &f->err));
	assert_int_equal(match.words, 0);
	terms = (struct search_terms){.any = TEXT("a b c d e f g h i j k l m n o p q r s t u v")};
	assert_int_equal(find(&finder, &terms, 1, numbers), 0);
	search_destroy(finder.search);
}

static void workspaces_do_not_see_each_other(void **state)
{
	struct fixture *f = *state;
	struct finder finder = open_index(f);
	struct search_terms terms = {.any = TEXT("ada")};
	int64_t numbers[8], mine[3];

	fixture_begin(f);
	add_workspace(f);
	for (int i = 0; i < 3; i++) {
		mine[i] = add_person(f, 1, "Ada", "");
		add_person(f, 2, "Ada", "");
	}
	fixture_commit(f);
	fill(&finder);
	assert_int_equal(find(&finder, &terms, 1, numbers), 3);
	assert_int_equal(numbers[0], mine[2]);
	assert_int_equal(numbers[2], mine[0]);
	struct search_page page = {.match = {.expression = TEXT("ada"), .words = 1},
				   .workspace = 1,
				   .below = mine[2],
				   .numbers = numbers,
				   .limit = 1};

	OK(f, search_find(finder.search, &page, &f->err));
	assert_int_equal(page.count, 1);
	assert_int_equal(numbers[0], mine[1]);
	assert_int_equal(find(&finder, &terms, 3, numbers), 0);
	search_destroy(finder.search);
}

static void the_index_follows_updates_and_deletes(void **state)
{
	struct fixture *f = *state;
	struct finder finder = open_index(f);
	struct lead_row lead;

	fixture_begin(f);
	add_workspace(f);
	int64_t no = add_person(f, 1, "Ada", "");

	fixture_commit(f);
	assert_int_equal(behind(&finder), 1);
	assert_int_equal(hits(&finder, "ada"), 0);
	fill(&finder);
	assert_int_equal(behind(&finder), 0);
	assert_int_equal(hits(&finder, "ada"), 1);

	fixture_begin(f);
	OK(f, leads_read(f->db, &f->arena, 1, no, &lead, &f->err));
	lead.doc = TEXT("{\"name\":\"Grace\",\"ids\":[],\"seen\":{\"\":2}}");
	OK(f, leads_update(&f->txn, &lead, false, &f->err));
	fixture_add_change(f, 1, no);
	fixture_commit(f);
	fill(&finder);
	assert_int_equal(hits(&finder, "ada"), 0);
	assert_int_equal(hits(&finder, "grace"), 1);

	fixture_begin(f);
	lead.deleted_ms = f->now_ms;
	OK(f, leads_delete(&f->txn, &lead, &f->err));
	fixture_add_change(f, 1, no);
	fixture_commit(f);
	fill(&finder);
	assert_int_equal(hits(&finder, "grace"), 0);
	search_destroy(finder.search);
}

static void filling_goes_in_bounded_steps(void **state)
{
	struct fixture *f = *state;
	struct finder finder = open_index(f);
	bool left;

	fixture_begin(f);
	add_workspace(f);
	for (int i = 0; i < 5; i++)
		add_person(f, 1, "Ada", "");
	fixture_commit(f);
	OK(f, search_fill(finder.search, f->db, 3, &left, &f->err));
	assert_true(left);
	assert_int_equal(hits(&finder, "ada"), 3);
	OK(f, search_fill(finder.search, f->db, 3, &left, &f->err));
	assert_false(left);
	assert_int_equal(hits(&finder, "ada"), 5);
	search_destroy(finder.search);
}

static void the_index_outlives_its_connection(void **state)
{
	struct fixture *f = *state;
	struct finder finder = open_index(f);

	fixture_begin(f);
	add_workspace(f);
	add_person(f, 1, "Ada", "");
	fixture_commit(f);
	fill(&finder);
	search_destroy(finder.search);
	finder = open_index(f);
	assert_int_equal(behind(&finder), 0);
	assert_int_equal(hits(&finder, "ada"), 1);
	search_destroy(finder.search);
}

/* Another database has come to lie at the same path: nothing of the old one is found. */
static void the_index_of_another_database_is_thrown_away(void **state)
{
	struct fixture *f = *state;
	struct finder finder = open_index(f);

	fixture_begin(f);
	add_workspace(f);
	add_person(f, 1, "Ada", "");
	add_person(f, 1, "Bob", "");
	fixture_commit(f);
	fill(&finder);
	fixture_begin(f);
	OK(f, db_script(f->db,
			"DELETE FROM change; DELETE FROM lead; DELETE FROM workspace;"
			"DELETE FROM workspace_default; DELETE FROM entry; DELETE FROM list",
			&f->err));
	add_workspace(f);
	f->txn.last_change = f->txn.last_lead = -1;
	add_person(f, 1, "Grace", "");
	add_person(f, 1, "Hedy", "");
	fixture_commit(f);
	fill(&finder);
	assert_int_equal(hits(&finder, "ada"), 0);
	assert_int_equal(hits(&finder, "bob"), 0);
	assert_int_equal(hits(&finder, "grace"), 1);
	assert_int_equal(hits(&finder, "hedy"), 1);
	search_destroy(finder.search);
}

/* Another version of the program has filled it, whose columns mean something else. */
static void an_index_of_another_layout_is_thrown_away(void **state)
{
	struct fixture *f = *state;
	struct finder finder = open_index(f);
	struct search_fill_state fill_state;

	fixture_begin(f);
	add_workspace(f);
	add_person(f, 1, "Ada", "");
	fixture_commit(f);
	fill(&finder);
	OK(f, search_fill_state(finder.search, f->db, &fill_state, &f->err));
	assert_true(fill_state.is_whole);
	OK(f, db_script(search_db(finder.search),
			"UPDATE progress SET layout = 1; DELETE FROM lead_text", &f->err));
	OK(f, search_fill_state(finder.search, f->db, &fill_state, &f->err));
	assert_false(fill_state.is_whole);
	assert_int_equal(behind(&finder), 1);
	assert_int_equal(hits(&finder, "ada"), 0);
	fill(&finder);
	assert_int_equal(hits(&finder, "ada"), 1);
	search_destroy(finder.search);
}

/* A backup was put back: the database is the same one, but behind its index. */
static void an_index_from_the_future_is_thrown_away(void **state)
{
	struct fixture *f = *state;
	struct finder finder = open_index(f);

	fixture_begin(f);
	add_workspace(f);
	add_person(f, 1, "Ada", "");
	int64_t lost = add_person(f, 1, "Bob", "");

	fixture_commit(f);
	fill(&finder);
	fixture_begin(f);
	OK(f, db_script(f->db,
			"DELETE FROM change WHERE no = 2; DELETE FROM lead WHERE no = "
			"(SELECT MAX(no) FROM lead)",
			&f->err));
	fixture_commit(f);
	assert_int_equal(behind(&finder), 1);
	fill(&finder);
	assert_int_equal(hits(&finder, "bob"), 0);
	assert_int_equal(hits(&finder, "ada"), 1);
	fixture_begin(f);
	assert_int_equal(add_person(f, 1, "Carol", ""), lost);
	fixture_commit(f);
	fill(&finder);
	assert_int_equal(hits(&finder, "carol"), 1);
	search_destroy(finder.search);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(case_and_accents_do_not_count),
		FIXTURE_TEST(no_character_breaks_a_question),
		FIXTURE_TEST(terms_look_where_they_say),
		FIXTURE_TEST(workspaces_do_not_see_each_other),
		FIXTURE_TEST(the_index_follows_updates_and_deletes),
		FIXTURE_TEST(filling_goes_in_bounded_steps),
		FIXTURE_TEST(the_index_outlives_its_connection),
		FIXTURE_TEST(the_index_of_another_database_is_thrown_away),
		FIXTURE_TEST(an_index_of_another_layout_is_thrown_away),
		FIXTURE_TEST(an_index_from_the_future_is_thrown_away),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
