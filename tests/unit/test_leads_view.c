/* Ids and leads of the leads dialect, byte by byte. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "lead/status.h"
#include "surface/leads_view.h"

#define UUID "01a1f866-0d00-7c41-9e55-2f0b6d3a9c10"
#define DIGITS "01a1f8660d007c419e552f0b6d3a9c10"

static struct arena arena;

static int open_arena(void **state)
{
	(void)state;
	arena_init(&arena, 1024 * 1024);
	return 0;
}

static int close_arena(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

static void expect(struct text text, const char *wanted)
{
	assert_int_equal(text.len, strlen(wanted));
	assert_memory_equal(text.ptr, wanted, text.len);
}

static void test_ids(void **state)
{
	static const struct {
		enum leads_kind kind;
		const char *shown;
	} kinds[] = {{LEADS_LEAD, "lead_" DIGITS},
		     {LEADS_WORKSPACE, "ws_" DIGITS},
		     {LEADS_WEBHOOK, "webhook_" DIGITS}};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		struct text shown = text_of(kinds[i].shown);

		expect(leads_view_id(&arena, kinds[i].kind, TEXT(UUID)), kinds[i].shown);
		expect(leads_view_inside(&arena, kinds[i].kind, shown), UUID);
		/* No kind's id is another's. */
		for (size_t k = 0; k < ARRAY_LEN(kinds); k++)
			assert_true((leads_view_inside(&arena, kinds[k].kind, shown).ptr != NULL) ==
				    (k == i));
	}
}

static void test_ids_that_are_none(void **state)
{
	static const char *const none[] = {"",
					   "lead_",
					   DIGITS,
					   UUID,
					   "lead_" UUID,
					   "lead_" DIGITS "0",
					   "lead_01a1f8660d007c419e552f0b6d3a9c1",
					   "lead_01a1f8660d007c419e552f0b6d3a9c1x",
					   "LEAD_" DIGITS,
					   "lead_1234567890abcdef"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(none); i++)
		assert_null(leads_view_inside(&arena, LEADS_LEAD, text_of(none[i])).ptr);
	assert_null(leads_view_id(&arena, LEADS_LEAD, TEXT("17")).ptr);
	expect(leads_view_inside(&arena, LEADS_LEAD, TEXT("lead_01A1F8660D007C419E552F0B6D3A9C10")),
	       UUID);
}

static void expect_lead(const char *record, const struct uuid *workspace, const char *wanted)
{
	struct lead_form form;
	struct writer writer;
	struct buf buf;
	struct err err;

	buf_init_arena(&buf, &arena, 64 * 1024);
	writer = writer_on(&buf);
	assert_int_equal(lead_form_read(&arena, text_of(record), &form, &err), ERR_OK);
	leads_view_write(&writer, &arena, &form, workspace);
	expect(buf_text(&buf), wanted);
}

#define RECORD(members, status)                                                                \
	"{\"lead_id\":\"" UUID "\",\"version\":3,\"created_at\":\"2026-11-20T09:15:00.001Z\"," \
	"\"updated_at\":\"2026-11-21T09:15:00.001Z\",\"status\":\"" status "\","               \
	"\"list_id\":\"l\",\"stage_id\":\"s\",\"company_id\":null,\"import_id\":null,"         \
	"\"tag_ids\":[]" members ",\"linkedin_url\":\"\"}"

static void test_a_lead(void **state)
{
	struct uuid workspace;

	(void)state;
	assert_true(uuid_parse(TEXT(UUID), &workspace));
	expect_lead(RECORD(",\"name\":\"Ada \\\"A\\\" Example\",\"job_title\":\"Head\","
			   "\"email\":\"Ada@example.com\",\"phone\":\"+1\",\"source\":\"fair\","
			   "\"metadata\":{\"a\":[1,null]},\"personal_email\":\"a@b.example\"",
			   "converted"),
		    &workspace,
		    "{\"id\":\"lead_" DIGITS "\",\"name\":\"Ada \\\"A\\\" Example\","
		    "\"email\":\"Ada@example.com\",\"phone\":\"+1\",\"source\":\"fair\","
		    "\"status\":\"converted\",\"metadata\":{\"a\":[1,null]},"
		    "\"createdAt\":\"2026-11-20T09:15:00.001Z\","
		    "\"updatedAt\":\"2026-11-21T09:15:00.001Z\",\"workspaceId\":\"ws_" DIGITS
		    "\"}");
}

static void test_an_unknown_person(void **state)
{
	(void)state;
	expect_lead(RECORD("", "new"), NULL,
		    "{\"id\":\"lead_" DIGITS "\",\"name\":\"\",\"email\":null,\"phone\":null,"
		    "\"source\":null,\"status\":\"new\",\"metadata\":{},"
		    "\"createdAt\":\"2026-11-20T09:15:00.001Z\","
		    "\"updatedAt\":\"2026-11-21T09:15:00.001Z\"}");
}

static void test_every_status(void **state)
{
	static const char *const shown[STATUS_COUNT] = {
		[STATUS_NEW] = "new",
		[STATUS_WAITING] = "follow_up",
		[STATUS_CONTACTED] = "contacted",
		[STATUS_REPLIED] = "contacted",
		[STATUS_INTERESTED] = "qualified",
		[STATUS_QUALIFIED] = "qualified",
		[STATUS_MEETING_BOOKED] = "qualified",
		[STATUS_CONVERTED] = "converted",
		[STATUS_FOLLOW_UP] = "follow_up",
		[STATUS_NOT_INTERESTED] = "lost",
		[STATUS_LOST] = "lost",
		[STATUS_DO_NOT_CONTACT] = "lost",
	};

	(void)state;
	for (enum status status = STATUS_NEW; status < STATUS_COUNT; status++) {
		struct lead_form form = {.lead_id = TEXT(UUID),
					 .created_at = TEXT("c"),
					 .updated_at = TEXT("u"),
					 .status = status_word(status, STATUS_INSIDE)};
		struct text wanted = arena_format(&arena, "\"status\":\"%s\"", shown[status]);
		struct writer writer;
		struct buf buf;

		buf_init_arena(&buf, &arena, 64 * 1024);
		writer = writer_on(&buf);
		leads_view_write(&writer, &arena, &form, NULL);
		buf_add_char(&buf, '\0');
		assert_non_null(strstr(buf_text(&buf).ptr, wanted.ptr));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_ids, open_arena, close_arena),
		cmocka_unit_test_setup_teardown(test_ids_that_are_none, open_arena, close_arena),
		cmocka_unit_test_setup_teardown(test_a_lead, open_arena, close_arena),
		cmocka_unit_test_setup_teardown(test_an_unknown_person, open_arena, close_arena),
		cmocka_unit_test_setup_teardown(test_every_status, open_arena, close_arena),
	};

	return cmocka_run_group_tests_name("leads_view", tests, NULL, NULL);
}
