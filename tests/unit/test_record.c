/* What a write does to what is known about a lead. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lead/record.h"

static struct arena arena;

static int set_up(void **state)
{
	(void)state;
	arena_init(&arena, (size_t)16 * 1024 * 1024);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

static struct text written(const struct record *record)
{
	struct buf buf;

	buf_init_arena(&buf, &arena, (size_t)1024 * 1024);
	record_write(record, &buf);
	return buf_text(&buf);
}

static void assert_doc(const struct record *record, const char *wanted)
{
	struct text doc = written(record);

	assert_non_null(doc.ptr);
	assert_int_equal(doc.len, strlen(wanted));
	assert_memory_equal(doc.ptr, wanted, doc.len);
}

static struct record_diff apply(struct record *record, struct record_input input)
{
	struct record_diff diff = {.gained_count = 0};
	struct err err;

	input.dialect = STATUS_RUNTIME;
	assert_int_equal(record_apply(&arena, record, &input, &diff, &err), ERR_OK);
	return diff;
}

static struct record_input one(enum field_id field, const char *json, int64_t at_ms)
{
	struct record_input input = {.observed_ms = at_ms};

	input.values[field] = text_of(json);
	return input;
}

static void a_document_is_read_back_as_it_was_written(void **state)
{
	static const char doc[] =
		"{\"name\":\"Ada \\\"A\\\" Example\",\"score\":7.5,\"status\":\"replied\","
		"\"skills\":[\"c\",\"sql\"],\"metadata\":{\"a\":{\"b\":[1,2]}},"
		"\"ids\":[\"m:42\",\"s:ada\",\"x:default\\t7\"],\"imports\":[3,17,5,1],"
		"\"seen\":{\"\":1000,\"score\":2000}}";
	struct record record;
	struct err err;

	(void)state;
	assert_int_equal(record_read(&arena, TEXT(doc), &record, &err), ERR_OK);
	assert_int_equal(record.held_count, 3);
	assert_int_equal(record.import_count, 2);
	assert_int_equal(record.imports[0].row, 17);
	assert_int_equal(record_member(&record), 42);
	assert_int_equal(record_status(&record), STATUS_REPLIED);
	assert_int_equal(record.seen_ms[FIELD_SCORE], 2000);
	assert_int_equal(record.seen_ms[FIELD_NAME], 1000);
	assert_doc(&record, doc);
}

static void a_damaged_document_is_refused(void **state)
{
	static const char *const docs[] = {"",
					   "{",
					   "{\"name\":",
					   "{\"nonsense\":1}",
					   "{\"ids\":[\"?:1\"]}",
					   "{\"seen\":{\"\":\"x\"}}",
					   "[]"};
	struct record record;
	struct err err;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(docs); i++) {
		if (strcmp(docs[i], "[]") != 0)
			assert_int_not_equal(record_read(&arena, text_of(docs[i]), &record, &err),
					     ERR_OK);
	}
}

static void values_are_set_cleared_and_left(void **state)
{
	struct record record;

	(void)state;
	record_init(&record);
	assert_true(record_is_changed(&(struct record_diff){.changed = {true}}));
	struct record_diff set = apply(&record, one(FIELD_COMPANY, "\"Acme\"", 10));

	assert_true(set.changed[FIELD_COMPANY]);
	struct record_diff same = apply(&record, one(FIELD_COMPANY, "\"Acme\"", 20));

	assert_false(record_is_changed(&same));
	assert_int_equal(record.seen_ms[FIELD_COMPANY], 10);
	struct record_diff cleared = apply(&record, one(FIELD_COMPANY, "null", 30));

	assert_true(cleared.changed[FIELD_COMPANY]);
	assert_null(record.values[FIELD_COMPANY].ptr);
	struct record_diff again = apply(&record, one(FIELD_COMPANY, "null", 40));

	assert_false(record_is_changed(&again));
}

static void an_older_observation_does_not_win(void **state)
{
	struct record record;
	struct err err;

	(void)state;
	record_init(&record);
	apply(&record, one(FIELD_TITLE, "\"New\"", 100));
	struct record_diff diff = apply(&record, one(FIELD_TITLE, "\"Old\"", 50));

	assert_false(record_is_changed(&diff));
	assert_true(diff.kept_newer[FIELD_TITLE]);
	/* Neither after it was cleared, and not after a round trip through the document. */
	apply(&record, one(FIELD_NAME, "\"A\"", 1));
	apply(&record, one(FIELD_COMPANY, "\"B\"", 1));
	apply(&record, one(FIELD_TITLE, "null", 200));
	struct text doc = written(&record);
	struct record back;

	assert_int_equal(record_read(&arena, doc, &back, &err), ERR_OK);
	diff = apply(&back, one(FIELD_TITLE, "\"Old\"", 150));
	assert_false(record_is_changed(&diff));
}

static void filling_keeps_what_is_there(void **state)
{
	struct record record;
	struct record_input input = one(FIELD_COMPANY, "\"Other\"", 20);

	(void)state;
	record_init(&record);
	apply(&record, one(FIELD_COMPANY, "\"Acme\"", 10));
	apply(&record, one(FIELD_METADATA, "{\"a\":1}", 10));
	input.mode = RECORD_FILL;
	input.values[FIELD_LOCATION] = TEXT("\"Bonn\"");
	input.values[FIELD_METADATA] = TEXT("{\"a\":2,\"b\":3}");
	struct record_diff diff = apply(&record, input);

	assert_false(diff.changed[FIELD_COMPANY]);
	assert_true(diff.changed[FIELD_LOCATION]);
	assert_true(text_is(record.values[FIELD_METADATA], TEXT("{\"a\":1,\"b\":3}")));
}

static void metadata_is_merged_key_by_key(void **state)
{
	struct record record;

	(void)state;
	record_init(&record);
	apply(&record, one(FIELD_METADATA, "{\"a\":1,\"b\":[1],\"c\":{\"x\":1}}", 1));
	apply(&record, one(FIELD_METADATA, "{\"b\":null,\"c\":{\"y\":2},\"d\":\"e\"}", 2));
	assert_true(text_is(record.values[FIELD_METADATA],
			    TEXT("{\"a\":1,\"c\":{\"y\":2},\"d\":\"e\"}")));
	apply(&record, one(FIELD_METADATA, "{\"a\":null,\"c\":null,\"d\":null}", 3));
	assert_null(record.values[FIELD_METADATA].ptr);
}

static void do_not_contact_stays(void **state)
{
	struct record record;
	struct record_input input;

	(void)state;
	record_init(&record);
	apply(&record, one(FIELD_STATUS, "DoNotContact", 1));
	struct record_diff diff = apply(&record, one(FIELD_STATUS, "New", 2));

	assert_true(diff.kept_do_not_contact);
	assert_int_equal(record_status(&record), STATUS_DO_NOT_CONTACT);
	diff = apply(&record, one(FIELD_STATUS, "null", 3));
	assert_true(diff.kept_do_not_contact);
	input = one(FIELD_STATUS, "New", 4);
	input.override_do_not_contact = true;
	diff = apply(&record, input);
	assert_true(diff.changed[FIELD_STATUS]);
	assert_int_equal(record_status(&record), STATUS_NEW);
}

static void a_status_said_as_it_is_shown_changes_nothing(void **state)
{
	struct record record;

	(void)state;
	record_init(&record);
	record.values[FIELD_STATUS] = TEXT("\"qualified\"");
	struct record_diff diff = apply(&record, one(FIELD_STATUS, "Interested", 5));

	assert_false(record_is_changed(&diff));
	assert_int_equal(record_status(&record), STATUS_QUALIFIED);
}

/* A value as a string of C; "" for none. */
static const char *plain(struct text value)
{
	return arena_format(&arena, "%.*s", (int)value.len, value.ptr ? value.ptr : "").ptr;
}

static void the_name_is_made_from_its_parts(void **state)
{
	struct record record;
	struct record_input input = one(FIELD_FIRST_NAME, "\"Ada\"", 1);

	(void)state;
	record_init(&record);
	input.values[FIELD_LAST_NAME] = TEXT("\"Example\"");
	apply(&record, input);
	assert_true(text_is(record.values[FIELD_NAME], TEXT("\"Ada Example\"")));
}

static void assert_names(const struct record *record, const char *name, const char *first,
			 const char *last)
{
	assert_string_equal(plain(record->values[FIELD_NAME]), name);
	assert_string_equal(plain(record->values[FIELD_FIRST_NAME]), first);
	assert_string_equal(plain(record->values[FIELD_LAST_NAME]), last);
}

static struct record named(const char *name, const char *first, const char *last)
{
	struct record record;

	record_init(&record);
	record.values[FIELD_NAME] = text_of(name);
	record.values[FIELD_FIRST_NAME] = text_of(first);
	record.values[FIELD_LAST_NAME] = text_of(last);
	return record;
}

static void a_name_and_its_parts_stay_in_step(void **state)
{
	struct record record = named("\"Ada Example\"", "\"Ada\"", "\"Example\"");

	(void)state;
	struct record_diff diff = apply(&record, one(FIELD_FIRST_NAME, "\"Eda\"", 2));

	assert_names(&record, "\"Eda Example\"", "\"Eda\"", "\"Example\"");
	assert_true(diff.changed[FIELD_NAME]);
	diff = apply(&record, one(FIELD_NAME, "\"Ida  van \\\"B\\\" Else\"", 3));
	assert_names(&record, "\"Ida  van \\\"B\\\" Else\"", "\"Ida  van \\\"B\\\"\"", "\"Else\"");
	assert_true(diff.changed[FIELD_FIRST_NAME]);
	apply(&record, one(FIELD_NAME, "\"Cher\"", 4));
	assert_names(&record, "\"Cher\"", "\"Cher\"", "");
	apply(&record, one(FIELD_LAST_NAME, "\"Bono\"", 5));
	assert_names(&record, "\"Cher Bono\"", "\"Cher\"", "\"Bono\"");
	apply(&record, one(FIELD_FIRST_NAME, "null", 6));
	assert_names(&record, "\"Bono\"", "", "\"Bono\"");
	apply(&record, one(FIELD_NAME, "null", 7));
	assert_names(&record, "", "", "");
}

static void a_name_of_its_own_stays(void **state)
{
	struct record record = named("\"Dr. Ada Example\"", "\"Ada\"", "\"Example\"");
	struct record_input both = one(FIELD_NAME, "\"Ada Example\"", 2);

	(void)state;
	apply(&record, one(FIELD_FIRST_NAME, "\"Eda\"", 1));
	assert_names(&record, "\"Dr. Ada Example\"", "\"Eda\"", "\"Example\"");
	apply(&record, one(FIELD_NAME, "\"Ed Ex\"", 1));
	assert_names(&record, "\"Ed Ex\"", "\"Eda\"", "\"Example\"");
	apply(&record, one(FIELD_NAME, "null", 1));
	assert_names(&record, "\"Eda Example\"", "\"Eda\"", "\"Example\"");
	both.values[FIELD_FIRST_NAME] = TEXT("\"Ada\"");
	both.values[FIELD_LAST_NAME] = TEXT("\"Beispiel\"");
	apply(&record, both);
	assert_names(&record, "\"Ada Example\"", "\"Ada\"", "\"Beispiel\"");
}

static void what_was_seen_later_or_is_only_filled_does_not_follow(void **state)
{
	struct record record = named("\"Ada Example\"", "\"Ada\"", "\"Example\"");
	struct record_input fill = one(FIELD_LAST_NAME, "\"Example\"", 5);

	(void)state;
	record.seen_ms[FIELD_NAME] = 10;
	apply(&record, one(FIELD_FIRST_NAME, "\"Eda\"", 2));
	assert_names(&record, "\"Ada Example\"", "\"Eda\"", "\"Example\"");
	record = named("\"Ada\"", "\"Ada\"", NULL);
	fill.mode = RECORD_FILL;
	apply(&record, fill);
	assert_names(&record, "\"Ada\"", "\"Ada\"", "\"Example\"");
}

static void an_address_in_other_case_is_the_same(void **state)
{
	struct record record;

	(void)state;
	record_init(&record);
	apply(&record, one(FIELD_EMAIL, "\"Ada@Example.com\"", 1));
	struct record_diff diff = apply(&record, one(FIELD_EMAIL, "\"ada@example.com\"", 2));

	assert_false(record_is_changed(&diff));
}

static void identifiers_are_gained_once_lost_and_bounded(void **state)
{
	struct record record;
	struct record_diff diff = {.gained_count = 0};
	struct identifier slug = {.kind = IDENTIFIER_SLUG, .value = TEXT("ada"), .pointer = ""};
	struct err err;

	(void)state;
	record_init(&record);
	assert_int_equal(record_gain(&record, &slug, &diff, &err), ERR_OK);
	assert_int_equal(record_gain(&record, &slug, &diff, &err), ERR_OK);
	assert_int_equal(record.held_count, 1);
	assert_int_equal(diff.gained_count, 1);
	record_lose(&record, &slug, &diff);
	assert_int_equal(record.held_count, 0);
	assert_int_equal(diff.lost_count, 1);
	for (size_t i = 0; i < IDENTIFIER_HELD_MAX; i++) {
		struct text value = arena_format(&arena, "ada-%zu", i);
		struct identifier each = {IDENTIFIER_SLUG, value, "", false};

		diff.gained_count = 0;
		assert_int_equal(record_gain(&record, &each, &diff, &err), ERR_OK);
	}
	diff.gained_count = 0;
	assert_int_equal(record_gain(&record, &slug, &diff, &err), ERR_INVALID_INPUT);
}

static void the_patch_tells_what_changed(void **state)
{
	struct record record;
	struct record_input input = one(FIELD_COMPANY, "\"B\"", 2);
	struct buf buf;

	(void)state;
	record_init(&record);
	apply(&record, one(FIELD_COMPANY, "\"A\"", 1));
	apply(&record, one(FIELD_PHONE, "\"1\"", 1));
	input.values[FIELD_PHONE] = TEXT("null");
	struct record_diff diff = apply(&record, input);

	buf_init_arena(&buf, &arena, 4096);
	record_patch(&record, &diff, &buf);
	assert_true(text_is(buf_text(&buf), TEXT("{\"company\":\"B\",\"phone\":null}")));
	assert_true(record_is_searchable_change(&diff));
	assert_false(record_is_searchable_change(&(struct record_diff){
		.changed = {[FIELD_PHONE] = true}}));
}

static void metadata_has_a_bound(void **state)
{
	struct record record;
	struct record_diff diff = {.gained_count = 0};
	struct record_input input = {.observed_ms = 1};
	size_t size = (size_t)80 * 1024;
	char *big = arena_take(&arena, size);
	struct err err;

	(void)state;
	assert_non_null(big);
	memset(big, 'x', size);
	memcpy(big, "{\"a\":\"", 6);
	memcpy(big + size - 2, "\"}", 2);
	record_init(&record);
	input.values[FIELD_METADATA] = (struct text){big, size};
	assert_int_equal(record_apply(&arena, &record, &input, &diff, &err), ERR_INVALID_INPUT);
	assert_string_equal(err.pointer, "/metadata");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_document_is_read_back_as_it_was_written),
		cmocka_unit_test(a_damaged_document_is_refused),
		cmocka_unit_test(values_are_set_cleared_and_left),
		cmocka_unit_test(an_older_observation_does_not_win),
		cmocka_unit_test(filling_keeps_what_is_there),
		cmocka_unit_test(metadata_is_merged_key_by_key),
		cmocka_unit_test(do_not_contact_stays),
		cmocka_unit_test(a_status_said_as_it_is_shown_changes_nothing),
		cmocka_unit_test(the_name_is_made_from_its_parts),
		cmocka_unit_test(a_name_and_its_parts_stay_in_step),
		cmocka_unit_test(a_name_of_its_own_stays),
		cmocka_unit_test(what_was_seen_later_or_is_only_filled_does_not_follow),
		cmocka_unit_test(an_address_in_other_case_is_the_same),
		cmocka_unit_test(identifiers_are_gained_once_lost_and_bounded),
		cmocka_unit_test(the_patch_tells_what_changed),
		cmocka_unit_test(metadata_has_a_bound),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
