/*
 * command/lead_select.c, and below it the grid: what it selects from leads made at random is held
 * against a plain search through all of them.
 */
#include "select_world.h"

#include <stdio.h>

#include "command/lead_select.h"

#define QUESTIONS 400

static struct lead_select_page page_of(struct world *w, json_t *input)
{
	struct lead_select_page page = {.count = 0};
	struct lead_select *select;
	struct fixture *f = w->f;

	OK(f, lead_select_parse(&f->arena, 1, input, &select, &f->err));
	OK(f, lead_select_page(select, &f->arena, &w->reading, &page, &f->err));
	return page;
}

static void expect_page(const struct lead_select_page *page, struct person *const *people,
			size_t total, size_t from, size_t limit)
{
	size_t count = from >= total ? 0 : total - from < limit ? total - from : limit;

	assert_int_equal(page->total, total);
	assert_int_equal(page->count, count);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(page->numbers[i], people[from + i]->no);
	assert_int_equal(page->has_more, from + count < total && count == limit);
	assert_int_equal(page->next.ptr != NULL, page->has_more);
}

/* All pages, one behind the other. */
static void follow_cursors(struct world *w, json_t *input, struct person *const *people,
			   size_t total, size_t limit)
{
	size_t from = 0;

	json_object_del(input, "offset");
	for (;;) {
		struct lead_select_page page = page_of(w, input);

		expect_page(&page, people, total, from, limit);
		from += page.count;
		if (!page.has_more)
			break;
		json_object_set_new(input, "cursor", json_stringn(page.next.ptr, page.next.len));
		if (from > total / 2 && total > 8 * limit)
			break; /* the rest is like it */
	}
}

static void ask_at_random(struct world *w)
{
	static struct person *people[PEOPLE];
	struct question questions[3];
	size_t count = select_world_roll(w, 4), limit = 1 + select_world_roll(w, 300),
	       offset = select_world_roll(w, 400);
	json_t *where = json_array();
	json_t *input = json_pack("{s:o,s:i,s:i}", "where", where, "limit", (int)limit, "offset",
				  (int)offset);
	struct expectation expectation = {.questions = questions, .count = count};

	arena_reset(&w->f->arena);
	for (size_t i = 0; i < count; i++) {
		questions[i] = select_world_question(w);
		json_array_append_new(where, select_world_ask(w, &questions[i]));
	}
	expectation.order = (enum select_order)select_world_roll(w, ORDER_COUNT);
	expectation.down = select_world_roll(w, 2);
	json_object_set_new(input, "order", json_string(select_world_orders[expectation.order]));
	json_object_set_new(input, "direction", json_string(expectation.down ? "desc" : "asc"));
	size_t total = select_world_expect(w, &expectation, people);
	struct lead_select_page page = page_of(w, input);

	expect_page(&page, people, total, offset, limit);
	if (select_world_roll(w, 4) == 0)
		follow_cursors(w, input, people, total, limit);
	json_decref(input);
}

static void pages_are_what_a_plain_search_finds(void **state)
{
	struct world *w = select_world_create(*state);

	for (int i = 0; i < QUESTIONS / 2; i++)
		ask_at_random(w);
	select_world_age(w);
	for (int i = 0; i < QUESTIONS; i++)
		ask_at_random(w);
	select_world_destroy(w);
}

/* words */

/* Whether a word of `text` begins so. */
static bool has_word(const char *text, const char *beginning)
{
	size_t len = strlen(beginning);

	for (const char *at = text; *at; at++) {
		if ((at == text || at[-1] == ' ') && strncmp(at, beginning, len) == 0)
			return true;
	}
	return false;
}

static size_t count_words(const struct world *w, const char *first, const char *second)
{
	size_t count = 0;

	for (size_t i = 0; i < w->count; i++) {
		const struct person *person = &w->people[i];

		count += !person->gone &&
			 (has_word(person->name, first) || has_word(person->company, first)) &&
			 (has_word(person->name, second) || has_word(person->company, second));
	}
	return count;
}

static void every_word_of_a_query_begins_a_word(void **state)
{
	static const char *const words[] = {"a",  "ac", "acm", "acme", "s", "sh", "shared",
					    "be", "of", "mi",  "jose", "z", "1",  "t"};
	struct world *w = select_world_create(*state);

	select_world_age(w);
	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		for (size_t k = 0; k < ARRAY_LEN(words); k++) {
			char query[64];

			arena_reset(&w->f->arena);
			snprintf(query, sizeof query, "%s - %s", words[i], words[k]);
			json_t *input = json_pack("{s:s,s:i}", "query", query, "limit", 1);
			struct lead_select_page page = page_of(w, input);

			assert_int_equal(page.total, count_words(w, words[i], words[k]));
			json_decref(input);
		}
	}
	select_world_destroy(w);
}

static int64_t total_of(struct world *w, json_t *take_input)
{
	struct lead_select *select;
	struct fixture *f = w->f;
	int64_t total = -1;

	arena_reset(&f->arena);
	OK(f, lead_select_parse(&f->arena, 1, take_input, &select, &f->err));
	OK(f, lead_select_count(select, &f->arena, &w->reading, &total, &f->err));
	json_decref(take_input);
	return total;
}

static void a_query_without_words_finds_nobody(void **state)
{
	struct world *w = select_world_create(*state);

	assert_int_equal(total_of(w, json_pack("{s:s}", "query", " - ")), 0);
	assert_int_equal(total_of(w, json_pack("{s:s}", "query", "  ")), PEOPLE - 100);
	select_world_destroy(w);
}

/* Later pages need not look for the words again, until something changes. */
static void what_a_query_found_is_forgotten_with_a_change(void **state)
{
	struct world *w = select_world_create(*state);
	static const char doc[] = "{\"name\":\"Acme Mira\",\"ids\":[],\"seen\":{\"\":1}}";
	int64_t before = total_of(w, json_pack("{s:s}", "query", "acme"));

	assert_true(before > 100);
	assert_int_equal(total_of(w, json_pack("{s:s}", "query", "acme")), before);
	assert_int_equal(total_of(w, json_pack("{s:s}", "query", "shared")),
			 total_of(w, json_pack("{s:s}", "query", "shar")));
	fixture_begin(w->f);
	fixture_add_lead(w->f, 1, STATUS_NEW, doc);
	fixture_commit(w->f);
	select_world_fill(w);
	assert_int_equal(total_of(w, json_pack("{s:s}", "query", "acme")), before + 1);
	select_world_destroy(w);
}

/* What was deleted is nobody's, although documents still name it. */
static void what_was_deleted_has_no_leads(void **state)
{
	struct world *w = select_world_create(*state);
	struct fixture *f = w->f;
	struct entry_row tag = {.workspace = 1, .kind = ENTRY_TAG, .id = w->tags[0]};
	size_t untagged = 0, unlisted = 0, others = 0;
	bool found;

	fixture_begin(f);
	OK(f, entries_delete(&f->txn, &tag, f->now_ms, &found, &f->err));
	OK(f, db_script(f->db, "DELETE FROM list WHERE name = 'List 1'", &f->err));
	fixture_commit(f);
	for (size_t i = 0; i < w->count; i++) {
		untagged += !(w->people[i].tags & 2);
		unlisted += !(w->people[i].lists & 5);
		others += w->people[i].lists & 1;
	}
	assert_int_equal(total_of(w,
				  json_pack("{s:[o]}", "where",
					    select_world_condition("tag_id", "eq",
								   select_world_id(w->tags[0])))),
			 0);
	assert_int_equal(total_of(w, json_pack("{s:[o]}", "where",
					       select_world_condition("tag_id", "is_null", NULL))),
			 untagged);
	assert_int_equal(total_of(w,
				  json_pack("{s:[o]}", "where",
					    select_world_condition("list_id", "eq",
								   select_world_id(w->lists[1])))),
			 0);
	assert_int_equal(
		total_of(w, json_pack("{s:[o]}", "where",
				      select_world_condition("list_id", "eq",
							     select_world_id(w->defaults.inbox)))),
		unlisted);
	assert_int_equal(total_of(w,
				  json_pack("{s:[o]}", "where",
					    select_world_condition("list_id", "eq",
								   select_world_id(w->lists[0])))),
			 others);
	select_world_destroy(w);
}

static void ids_name_leads_and_leave_them_out(void **state)
{
	struct world *w = select_world_create(*state);
	json_t *two = json_pack("[o,o,s]", select_world_id(w->people[3].id),
				select_world_id(w->people[2000].id), "nobody");

	assert_int_equal(total_of(w, json_pack("{s:O}", "lead_ids", two)), 2);
	assert_int_equal(total_of(w, json_pack("{s:O}", "except_lead_ids", two)), PEOPLE - 102);
	assert_int_equal(total_of(w,
				  json_pack("{s:O,s:O}", "lead_ids", two, "except_lead_ids", two)),
			 0);
	assert_int_equal(total_of(w, json_pack("{s:[]}", "lead_ids")), 0);
	json_decref(two);
	select_world_destroy(w);
}

static void all_leads_are_collected_up_to_a_bound(void **state)
{
	struct world *w = select_world_create(*state);
	struct lead_select_all all = {.numbers = NULL};
	json_t *input =
		json_pack("{s:[o]}", "where", select_world_condition("score", "is_null", NULL));
	struct lead_select *select;
	struct fixture *f = w->f;
	size_t count = 0;

	OK(f, lead_select_parse(&f->arena, 1, input, &select, &f->err));
	OK(f, lead_select_collect(select, &w->reading, PEOPLE, &all, &f->err));
	for (size_t i = 0; i < w->count; i++) {
		if (w->people[i].score < 0)
			assert_int_equal(all.numbers[count++], w->people[i].no);
	}
	assert_int_equal(all.count, count);
	lead_select_release(&all);
	EXPECT(f, ERR_INVALID_INPUT,
	       lead_select_collect(select, &w->reading, count - 1, &all, &f->err));
	json_decref(input);
	select_world_destroy(w);
}

/* A lead that comes between two pages is neither missed nor seen twice. */
static void cursors_hold_while_leads_are_added(void **state)
{
	struct world *w = select_world_create(*state);
	json_t *input =
		json_pack("{s:s,s:s,s:i}", "order", "name", "direction", "asc", "limit", 400);
	const struct expectation by_name = {.order = BY_NAME};
	struct lead_select_page page = page_of(w, input);
	int64_t last = page.numbers[page.count - 1];
	static struct person *people[PEOPLE];
	char cursor[200];
	size_t at = 0;

	snprintf(cursor, sizeof cursor, "%.*s", TEXT_ARG(page.next));
	fixture_begin(w->f);
	for (int i = 0; i < 50; i++)
		select_world_add(w);
	fixture_commit(w->f);
	select_world_fill(w);
	size_t total = select_world_expect(w, &by_name, people);

	while (people[at]->no != last)
		at++;
	assert_true(at > 400); /* some of the new ones stand before */
	json_object_set_new(input, "cursor", json_string(cursor));
	page = page_of(w, input);
	assert_int_equal(page.total, total);
	for (size_t i = 0; i < page.count; i++)
		assert_int_equal(page.numbers[i], people[at + 1 + i]->no);
	json_decref(input);
	select_world_destroy(w);
}

/* refusing */

static void expect_refused(struct fixture *f, const char *input, const char *pointer)
{
	json_t *json = json_loads(input, 0, NULL);
	struct lead_select *select;

	assert_non_null(json);
	EXPECT(f, ERR_INVALID_INPUT, lead_select_parse(&f->arena, 1, json, &select, &f->err));
	assert_string_equal(f->err.pointer, pointer);
	assert_true(strlen(f->err.message) > 20);
	json_decref(json);
}

static void what_makes_no_sense_is_refused(void **state)
{
	struct fixture *f = *state;
	static const struct {
		const char *input, *pointer;
	} rows[] = {
		{"{\"where\":[{\"field\":\"nose\",\"op\":\"eq\",\"value\":1}]}", "/where/0/field"},
		{"{\"where\":[{\"field\":\"status\",\"op\":\"eq\",\"value\":\"tired\"}]}",
		 "/where/0/value"},
		{"{\"where\":[{\"field\":\"status\",\"op\":\"lt\",\"value\":\"new\"}]}",
		 "/where/0/op"},
		{"{\"where\":[{\"field\":\"phone\",\"op\":\"gt\",\"value\":\"1\"}]}",
		 "/where/0/op"},
		{"{\"where\":[{\"field\":\"metadata\",\"op\":\"eq\",\"value\":\"x\"}]}",
		 "/where/0/op"},
		{"{\"where\":[{\"field\":\"name\",\"op\":\"eq\",\"value\":[\"x\"]}]}",
		 "/where/0/value"},
		{"{\"where\":[{\"field\":\"name\",\"op\":\"in\",\"value\":\"x\"}]}",
		 "/where/0/value"},
		{"{\"where\":[{\"field\":\"name\",\"op\":\"eq\"}]}", "/where/0/value"},
		{"{\"where\":[{\"field\":\"name\",\"op\":\"is_null\",\"value\":\"x\"}]}",
		 "/where/0/value"},
		{"{\"where\":[{\"field\":\"score\",\"op\":\"eq\",\"value\":\"much\"}]}",
		 "/where/0/value"},
		{"{\"where\":[{\"field\":\"name\",\"op\":\"is_null\"},"
		 "{\"field\":\"created_at\",\"op\":\"gt\",\"value\":\"yesterday\"}]}",
		 "/where/1/value"},
		{"{\"order\":\"phone\"}", "/order"},
		{"{\"offset\":100001}", "/offset"},
		{"{\"offset\":5,\"cursor\":\"qcreated_at.d.1.\"}", "/offset"},
		{"{\"cursor\":\"qname.d.1.61\"}", "/cursor"},
		{"{\"order\":\"name\",\"cursor\":\"qname.u.1.61\"}", "/cursor"},
		{"{\"order\":\"name\",\"cursor\":\"qname.d.1.6\"}", "/cursor"},
		{"{\"cursor\":\"s12\"}", "/cursor"},
		{"{\"query\":\"a b c d e f g h i j k l m n o p q\"}", "/query"},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		expect_refused(f, rows[i].input, rows[i].pointer);
}

/* spellings */

static const char spelled[] =
	"{\"name\":\"Ada\",\"email\":\"Ada.Example@Example.com\",\"phone\":\"+49 (30) 1234-5\","
	"\"personal_email\":\"ada@b\xc3\xbc"
	"cher.example\",\"linkedin\":\"ada-example\","
	"\"ids\":[],\"seen\":{\"\":1}}";

static void identifiers_are_found_in_any_spelling(void **state)
{
	static const struct {
		const char *field, *value;
		int total;
	} rows[] = {
		{"email", "ada.example@EXAMPLE.com", 1},
		{"email", "Ada <ada.example@example.com>", 1},
		{"email", "other@example.com", 0},
		{"personal_email", "ada@xn--bcher-kva.example", 1},
		{"phone", "0049 30 12345", 0},
		{"phone", "493012345", 1},
		{"linkedin", "https://www.linkedin.com/in/Ada-Example/?x=1", 1},
		{"linkedin", "ada-other", 0},
		{"name",
		 " \xc3\x81"
		 "DA ",
		 1},
	};
	struct world *w = select_world_create(*state);

	fixture_begin(w->f);
	fixture_add_lead(w->f, 1, STATUS_NEW, spelled);
	fixture_commit(w->f);
	select_world_fill(w);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		json_t *one =
			select_world_condition(rows[i].field, "eq", json_string(rows[i].value));

		if (total_of(w, json_pack("{s:[o]}", "where", one)) != rows[i].total)
			fail_msg("%s is not found as it should be: %s", rows[i].field,
				 rows[i].value);
	}
	select_world_destroy(w);
}

static void a_day_is_all_of_it(void **state)
{
	struct world *w = select_world_create(*state);
	int64_t day = FIXTURE_NOW_MS / 86400000 * 86400000, count = 0;
	char text[CLOCK_TEXT_LEN + 1];

	clock_format(day, text);
	text[10] = '\0';
	for (size_t i = 0; i < w->count; i++)
		count += w->people[i].updated_ms - day < 86400000;
	assert_int_equal(total_of(w, json_pack("{s:[o]}", "where",
					       select_world_condition("updated_at", "eq",
								      json_string(text)))),
			 count);
	assert_int_equal(total_of(w, json_pack("{s:[o]}", "where",
					       select_world_condition("updated_at", "lt",
								      json_string(text)))),
			 0);
	assert_int_equal(total_of(w, json_pack("{s:[o]}", "where",
					       select_world_condition("updated_at", "gt",
								      json_string(text)))),
			 (int64_t)w->count - count);
	select_world_destroy(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(pages_are_what_a_plain_search_finds),
		FIXTURE_TEST(every_word_of_a_query_begins_a_word),
		FIXTURE_TEST(a_query_without_words_finds_nobody),
		FIXTURE_TEST(what_a_query_found_is_forgotten_with_a_change),
		FIXTURE_TEST(what_was_deleted_has_no_leads),
		FIXTURE_TEST(ids_name_leads_and_leave_them_out),
		FIXTURE_TEST(all_leads_are_collected_up_to_a_bound),
		FIXTURE_TEST(cursors_hold_while_leads_are_added),
		FIXTURE_TEST(what_makes_no_sense_is_refused),
		FIXTURE_TEST(identifiers_are_found_in_any_spelling),
		FIXTURE_TEST(a_day_is_all_of_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
