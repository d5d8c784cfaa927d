/* Answers as people read them, and what became of an import in words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "cli/card.h"
#include "cli/import_progress.h"
#include "cli/import_watch.h"

static void shows(const char *json, size_t width, const char *wanted)
{
	const struct card_look look = {width, "", ""};
	json_t *data = json_loads(json, 0, NULL);
	struct buf buf;

	assert_non_null(data);
	buf_init(&buf, 65536);
	card_write(data, &look, &buf);
	if (!text_is(buf_text(&buf), text_of(wanted)))
		fail_msg("got\n%.*swanted\n%s", TEXT_ARG(buf_text(&buf)), wanted);
	buf_release(&buf);
	json_decref(data);
}

static void test_list(void **state)
{
	(void)state;
	shows("{\"lists\":[{\"id\":\"a\",\"leads\":3},{\"id\":\"b\",\"note\":\"x\"}],"
	      "\"count\":2}",
	      0,
	      "id  leads  note\n"
	      "a   3\n"
	      "b          x\n"
	      "count                  2\n");
}

static void test_one(void **state)
{
	(void)state;
	shows("{\"lead\":{\"tags\":[\"a\",\"b\"],\"name\":\"Ada\",\"company\":\"\",\"more\":null,"
	      "\"is_flagged\":true,\"metadata\":{}}}",
	      0,
	      "lead\n"
	      "  name                   Ada\n"
	      "  is_flagged             yes\n"
	      "  tags                   a, b\n");
	shows("{\"text\":\"one two three four five six\"}", 44,
	      "text                   one two three four\n"
	      "                        five six\n");
}

static void test_depth_is_bounded(void **state)
{
	const struct card_look look = {0, "", ""};
	struct buf json, buf;

	(void)state;
	buf_init(&json, 4096);
	for (int i = 0; i < 100; i++)
		buf_add(&json, TEXT("{\"a\":"));
	buf_add(&json, TEXT("1"));
	for (int i = 0; i < 100; i++)
		buf_add(&json, TEXT("}"));
	json_t *data = json_loadb(json.ptr, json.len, 0, NULL);

	buf_release(&json);
	assert_non_null(data);
	buf_init(&buf, 65536);
	card_write(data, &look, &buf);
	assert_false(buf.failed);
	assert_true(buf.len < 2000);
	buf_release(&buf);
	json_decref(data);
}

static void adds_up(const char *json, const char *wanted)
{
	json_t *import = json_loads(json, 0, NULL);
	struct buf buf;

	buf_init(&buf, 4096);
	import_watch_sum_up(import, &buf);
	if (!text_is(buf_text(&buf), text_of(wanted)))
		fail_msg("got %.*s", TEXT_ARG(buf_text(&buf)));
	buf_release(&buf);
	json_decref(import);
}

static void test_import(void **state)
{
	(void)state;
	adds_up("{\"name\":\"a.csv\",\"created_count\":1200,\"conflict_count\":1,"
		"\"skipped_count\":3,\"total_leads\":1200}",
		"a.csv: 1,204 rows = 1,200 created + 1 conflict + 3 left out; 1,200 leads\n");
	adds_up("{\"name\":\"b\",\"updated_count\":1,\"total_leads\":1,\"dry_run\":true}",
		"b: 1 row = 1 updated; 1 lead (a dry run: nothing was written)\n");
	adds_up("{\"name\":\"c\"}", "c: 0 rows; 0 leads\n");
}

static void test_numbers(void **state)
{
	struct buf buf;

	(void)state;
	buf_init(&buf, 4096);
	import_progress_count(&buf, 0);
	import_progress_count(&buf, -1234);
	import_progress_count(&buf, 999);
	import_progress_count(&buf, 1000000);
	buf_add_char(&buf, ' ');
	import_progress_time(&buf, 65);
	import_progress_time(&buf, 3661);
	assert_true(text_is(buf_text(&buf), TEXT("0-1,2349991,000,000 1:051:01:01")));
	buf_release(&buf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_list),
		cmocka_unit_test(test_one),
		cmocka_unit_test(test_depth_is_bounded),
		cmocka_unit_test(test_import),
		cmocka_unit_test(test_numbers),
	};

	return cmocka_run_group_tests_name("card", tests, NULL, NULL);
}
