/* command/listing.c over tags and notes in a real database: pages, order, conditions, bounds. */
#include "fixture.h"

#include <stdio.h>

#include "command/entry_nouns.h"
#include "command/listing_keep.h"
#include "store/lists.h"

/* Answer the listing of `noun` in workspace 1; the caller gives the value back. NULL: refused. */
static json_t *list(struct fixture *f, const char *noun, const char *input)
{
	char id[32];
	const struct command command = {
		.id = {id, (size_t)snprintf(id, sizeof id, "%s.list", noun)}};
	struct call call = {.arena = &f->arena,
			    .caller = {.workspace = 1},
			    .command = &command,
			    .input = json_loads(input, 0, NULL)};
	json_t *data = NULL;

	assert_non_null(call.input);
	arena_reset(&f->arena);
	OK(f, txn_begin(&f->txn, &f->err));
	f->err.code = listing_prepare(&call, &entry_nouns_of(command.id)->listing, &f->err);
	if (f->err.code == ERR_OK)
		f->err.code = listing_execute(&call, &f->txn, &f->err);
	txn_rollback(&f->txn);
	if (f->err.code == ERR_OK)
		data = json_loadb(call.reply.data.ptr, call.reply.data.len, 0, NULL);
	json_decref(call.input);
	return data;
}

/* The listing answers tags with these first letters, this total, and more or not. */
static void expect(struct fixture *f, const char *input, const char *letters, int64_t total,
		   bool has_more)
{
	json_t *data = list(f, "tag", input);
	json_t *tags = json_object_get(data, "tags"), *tag;
	char seen[32] = "";
	size_t i;

	assert_non_null(data);
	json_array_foreach(tags, i, tag)
		strncat(seen, json_string_value(json_object_get(tag, "name")), 1);
	if (strcmp(seen, letters) != 0)
		fail_msg("%s answers %s, not %s", input, seen, letters);
	assert_int_equal(json_integer_value(json_object_get(data, "total")), total);
	assert_int_equal(json_is_true(json_object_get(data, "has_more")), has_more);
	json_decref(data);
}

static void refuse(struct fixture *f, const char *input, const char *pointer)
{
	assert_null(list(f, "tag", input));
	assert_int_equal(f->err.code, ERR_INVALID_INPUT);
	assert_string_equal(f->err.pointer, pointer);
}

static struct uuid add(struct fixture *f, enum entry_kind kind, const char *name, const char *doc)
{
	const struct entry_row entry = {.workspace = 1,
					.kind = kind,
					.id = uuid_make(&f->txn.ids),
					.name = text_of(name),
					.doc = text_of(doc),
					.created_ms = f->now_ms};

	OK(f, entries_insert(&f->txn, &entry, &f->err));
	f->now_ms += 1000;
	return entry.id;
}

/* Tags b, D, é, a, c, made in this order a second apart; the first three have colours. */
static void add_tags(struct fixture *f)
{
	fixture_begin(f);
	add(f, ENTRY_TAG, "b", "{\"color\":\"red\"}");
	add(f, ENTRY_TAG, "D two", "{\"color\":\"Blue\"}");
	add(f, ENTRY_TAG, "e\xCC\x81t\xC3\xA9", "{\"color\":\"red\"}");
	add(f, ENTRY_TAG, "a two", "{\"color\":null}");
	add(f, ENTRY_TAG, "c-two", "{\"color\":null}");
	fixture_commit(f);
}

static void pages_end_exactly(void **state)
{
	struct fixture *f = *state;

	expect(f, "{}", "", 0, false);
	add_tags(f);
	expect(f, "{\"limit\":5}", "caeDb", 5, false);
	expect(f, "{\"limit\":4}", "caeD", 5, true);
	expect(f, "{\"limit\":6}", "caeDb", 5, false);
	expect(f, "{\"limit\":2,\"offset\":3}", "Db", 5, false);
	expect(f, "{\"limit\":1,\"offset\":3}", "D", 5, true);
	expect(f, "{\"limit\":1,\"offset\":5}", "", 5, false);
	expect(f, "{\"offset\":100000}", "", 5, false);
	expect(f, "{\"direction\":\"asc\",\"limit\":2}", "bD", 5, true);
	/* The same where every row is looked at. */
	expect(f, "{\"order\":\"updated_at\",\"limit\":5}", "caeDb", 5, false);
	expect(f, "{\"order\":\"updated_at\",\"limit\":4}", "caeD", 5, true);
	expect(f, "{\"order\":\"updated_at\",\"limit\":1,\"offset\":4}", "b", 5, false);
	expect(f, "{\"order\":\"updated_at\",\"limit\":1,\"offset\":5}", "", 5, false);
}

static void order_is_by_any_field(void **state)
{
	struct fixture *f = *state;

	add_tags(f);
	expect(f, "{\"order\":\"name\",\"direction\":\"asc\"}", "abcDe", 5, false);
	expect(f, "{\"order\":\"name\"}", "eDcba", 5, false);
	expect(f, "{\"order\":\"created_at\",\"direction\":\"asc\"}", "bDeac", 5, false);
	/* What has no value comes last either way; equal ones are in the order of making. */
	expect(f, "{\"order\":\"color\",\"direction\":\"asc\"}", "Dbeac", 5, false);
	expect(f, "{\"order\":\"color\"}", "ebDca", 5, false);
	refuse(f, "{\"order\":\"id\"}", "/order");
	refuse(f, "{\"order\":\"size\"}", "/order");
}

#define WHERE(field, op, value)                                                   \
	"{\"where\":[{\"field\":\"" field "\",\"op\":\"" op "\",\"value\":" value \
	"}],\"direction\":\"asc\"}"

static void conditions_hold_or_not(void **state)
{
	struct fixture *f = *state;

	add_tags(f);
	expect(f, WHERE("color", "eq", "\"RED\""), "be", 2, false);
	expect(f, WHERE("color", "ne", "\"red\""), "Dac", 3, false);
	expect(f, WHERE("color", "in", "[\"blue\",\"green\"]"), "D", 1, false);
	expect(f, WHERE("color", "not_in", "[\"blue\"]"), "beac", 4, false);
	expect(f, WHERE("color", "in", "[]"), "", 0, false);
	expect(f, WHERE("color", "is_null", "null"), "ac", 2, false);
	expect(f, WHERE("color", "is_not_null", "null"), "bDe", 3, false);
	expect(f, WHERE("name", "eq", "\"ete\""), "e", 1, false);
	expect(f, WHERE("created_at", "gt", "\"2026-11-20T09:15:02Z\""), "ac", 2, false);
	expect(f, WHERE("created_at", "gte", "\"2026-11-20T10:15:02+01:00\""), "eac", 3, false);
	expect(f, WHERE("created_at", "lt", "\"2026-11-20T09:15:01Z\""), "b", 1, false);
	expect(f, WHERE("created_at", "lte", "\"2026-11-20T09:15:01Z\""), "bD", 2, false);
	expect(f, WHERE("created_at", "eq", "\"2026-11-20T09:15:01.000000Z\""), "D", 1, false);
	expect(f, WHERE("created_at", "ne", "\"2026-11-20T09:15:01Z\""), "beac", 4, false);
	expect(f, WHERE("created_at", "gt", "\"2036-11-20T09:15:01Z\""), "", 0, false);
	expect(f, WHERE("created_at", "lt", "\"2016-11-20T09:15:01Z\""), "", 0, false);
	expect(f,
	       "{\"where\":[{\"field\":\"color\",\"op\":\"eq\",\"value\":\"red\"},"
	       "{\"field\":\"name\",\"op\":\"ne\",\"value\":\"b\"}],\"limit\":1}",
	       "e", 1, false);
	refuse(f, WHERE("size", "eq", "1"), "/where/0/field");
	refuse(f, WHERE("color", "lt", "\"a\""), "/where/0/op");
	refuse(f, WHERE("color", "eq", "[\"a\"]"), "/where/0/value");
	refuse(f, WHERE("color", "in", "[1]"), "/where/0/value");
	refuse(f, WHERE("created_at", "eq", "\"today\""), "/where/0/value");
}

static void a_query_looks_for_beginnings_of_words(void **state)
{
	struct fixture *f = *state;

	add_tags(f);
	expect(f, "{\"query\":\"TW\"}", "caD", 3, false);
	expect(f, "{\"query\":\"two d\"}", "D", 1, false);
	expect(f, "{\"query\":\"wo\"}", "", 0, false);
	expect(f, "{\"query\":\"\xC3\xA9T\"}", "e", 1, false);
	expect(f, "{\"query\":\" \"}", "caeDb", 5, false);
	expect(f, "{\"query\":\"- -\"}", "", 0, false);
	expect(f, "{\"query\":\"two\",\"limit\":1,\"offset\":1}", "a", 3, true);
}

static void ids_are_looked_up(void **state)
{
	struct fixture *f = *state;
	char id[UUID_TEXT_LEN + 1], input[300];

	fixture_begin(f);
	uuid_format(add(f, ENTRY_TAG, "b", "{\"color\":\"red\"}"), id);
	add(f, ENTRY_TAG, "c", "{\"color\":\"red\"}");
	fixture_commit(f);
	snprintf(input, sizeof input, WHERE("id", "eq", "\"%s\""), id);
	expect(f, input, "b", 1, false);
	snprintf(input, sizeof input, WHERE("id", "in", "[\"%s\",\"x\",\"%s\"]"), id, id);
	expect(f, input, "b", 1, false);
	snprintf(input, sizeof input, WHERE("id", "ne", "\"%s\""), id);
	expect(f, input, "c", 1, false);
	expect(f, WHERE("id", "eq", "\"x\""), "", 0, false);
	expect(f, WHERE("id", "eq", "\"01a1f866-1a2b-7d02-8f3e-5b7c9d1e2f30\""), "", 0, false);
}

/* One note more than may be looked through; the one in the middle is about another lead. */
static void looking_through_is_bounded(void **state)
{
	struct fixture *f = *state;

	OK(f, db_script(f->db,
			"WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n"
			" WHERE i < 500000) INSERT INTO entry (workspace_id, kind, id, scope,"
			" about, doc, created_at, updated_at) SELECT 1, 3,"
			" CAST(printf('%016d', i) AS BLOB), 0,"
			" CAST(printf('%016d', i = 7) AS BLOB), '{\"note\":\"x\"}', 1, 1 FROM n;"
			"INSERT INTO entry_count VALUES (1, 3, 500001)",
			&f->err));
	assert_null(list(f, "note", "{\"query\":\"x\"}"));
	assert_int_equal(f->err.code, ERR_INVALID_INPUT);
	assert_non_null(strstr(f->err.message, "object_id"));
	/* Plain pages, and notes about one thing, are not. */
	json_t *data = list(f, "note", "{\"limit\":1,\"offset\":100000}");

	assert_int_equal(json_integer_value(json_object_get(data, "total")), 500001);
	json_decref(data);
	data = list(f, "note",
		    "{\"query\":\"x\",\"where\":[{\"field\":\"object_id\",\"op\":\"eq\","
		    "\"value\":\"30303030-3030-3030-3030-303030303031\"}]}");
	assert_int_equal(json_integer_value(json_object_get(data, "total")), 1);
	json_decref(data);
}

static void the_first_of_many_are_kept(void **state)
{
	struct listing_keep keep;
	struct err err;

	(void)state;
	listing_keep_init(&keep, 3, true);
	for (unsigned i = 0; i < 1000; i++) {
		struct listing_kept row = {.key = {.is_known = true, .number = i * 7919 % 1000}};

		assert_int_equal(listing_keep_add(&keep, &row, &err), ERR_OK);
	}
	assert_true(keep.room <= 256);
	listing_keep_sort(&keep);
	assert_int_equal(keep.count, 3);
	for (int i = 0; i < 3; i++)
		assert_int_equal((int)keep.items[i].key.number, i);
	listing_keep_release(&keep);
}

/* A list with more leads than are cleared at once. */
static void deleted_lists_are_cleared_in_steps(void **state)
{
	struct fixture *f = *state;
	const struct list_row lists[] = {{.id = {{9}}, .name = TEXT("Big")},
					 {.id = {{8}}, .name = TEXT("Other")}};
	bool found, has_gone;
	int steps = 0;

	fixture_begin(f);
	for (size_t i = 0; i < ARRAY_LEN(lists); i++)
		OK(f, lists_insert(&f->txn, 1, &lists[i], &f->err));
	OK(f, db_script(f->db,
			"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
			" WHERE i < 2500) INSERT INTO list_lead SELECT 1, list.id, i FROM n, list",
			&f->err));
	OK(f, lists_delete(&f->txn, 1, lists[0].id, &found, &f->err));
	assert_true(found);
	OK(f, lists_delete(&f->txn, 1, lists[0].id, &found, &f->err));
	assert_false(found);
	for (has_gone = true; has_gone; steps++) {
		OK(f, lists_clear_gone(&f->txn, 1000, &f->err));
		OK(f, lists_has_gone(f->db, &has_gone, &f->err));
	}
	assert_int_equal(steps, 3);
	OK(f, db_script(f->db,
			"CREATE TABLE check_left (n CHECK (n = 2500));"
			"INSERT INTO check_left SELECT COUNT(*) FROM list_lead",
			&f->err));
	fixture_commit(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(pages_end_exactly),
		FIXTURE_TEST(order_is_by_any_field),
		FIXTURE_TEST(conditions_hold_or_not),
		FIXTURE_TEST(a_query_looks_for_beginnings_of_words),
		FIXTURE_TEST(ids_are_looked_up),
		FIXTURE_TEST(looking_through_is_bounded),
		cmocka_unit_test(the_first_of_many_are_kept),
		FIXTURE_TEST(deleted_lists_are_cleared_in_steps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
