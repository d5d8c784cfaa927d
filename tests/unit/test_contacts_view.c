/* A lead's record as a contact. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "json/scan.h"
#include "surface/contacts_view.h"

#define START                                                                  \
	"{\"lead_id\":\"01a1f866-0d00-7c41-9e55-2f0b6d3a9c10\",\"version\":3," \
	"\"created_at\":\"2026-03-04T09:25:42.123Z\","                         \
	"\"updated_at\":\"2026-03-05T09:25:42.000Z\","
#define PLACES "\"list_id\":\"l\",\"stage_id\":\"s\","
#define BARE                               \
	START "\"status\":\"new\"," PLACES \
	      "\"company_id\":null,\"import_id\":null,\"tag_ids\":[],\"linkedin_url\":\"\"}"

static struct arena arena;

static int setup(void **state)
{
	(void)state;
	arena_init(&arena, (size_t)8 << 20);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

static struct text view(const char *record, bool copies)
{
	struct buf buf;
	struct writer writer = writer_on(&buf);
	struct err err;

	buf_init_arena(&buf, &arena, 1 << 20);
	assert_int_equal(contacts_view_write(&writer, &arena, text_of(record), 7, copies, &err),
			 ERR_OK);
	return buf_text(&buf);
}

static void expect_member(struct text contact, const char *key, const char *wanted)
{
	struct text value = scan_member(contact, text_of(key));

	if (!text_is(value, text_of(wanted)))
		fail_msg("%s is %.*s, not %s", key, TEXT_ARG(value), wanted);
}

/* The members of the published description, in its order. */
static const char *const members[] = {
	"uuid",
	"team_id",
	"user_id",
	"sender_profile_uuid",
	"list_uuid",
	"data_source_uuid",
	"pipeline_stage_uuid",
	"company_uuid",
	"name",
	"first_name",
	"last_name",
	"company_name",
	"company_ln_id",
	"position",
	"headline",
	"about",
	"avatar_url",
	"ln_id",
	"sn_id",
	"linkedin",
	"facebook",
	"twitter",
	"work_email",
	"personal_email",
	"work_phone_number",
	"personal_phone_number",
	"connections_number",
	"followers_number",
	"primary_language",
	"supported_languages",
	"has_open_profile",
	"has_verified_profile",
	"has_premium",
	"experience",
	"posts",
	"educations",
	"skills",
	"raw_address",
	"location",
	"tags",
	"status",
	"linkedin_status",
	"email_status",
	"unread_counts",
	"last_automation_approve_at",
	"created_at",
	"updated_at",
};

static void expect_members(struct text contact, size_t more)
{
	struct scan scan = scan_of(contact);
	struct text key, value;
	size_t count = 0;

	while (scan_next(&scan, &key, &value)) {
		if (count < ARRAY_LEN(members))
			assert_true(text_is(key, text_of(members[count])));
		count++;
	}
	assert_false(scan.broken);
	assert_int_equal(count, ARRAY_LEN(members) + more);
}

static void test_bare(void **state)
{
	struct text contact = view(BARE, false);

	(void)state;
	expect_members(contact, 0);
	expect_member(contact, "uuid", "\"01a1f866-0d00-7c41-9e55-2f0b6d3a9c10\"");
	expect_member(contact, "team_id", "7");
	expect_member(contact, "user_id", "null");
	expect_member(contact, "list_uuid", "\"l\"");
	expect_member(contact, "pipeline_stage_uuid", "\"s\"");
	expect_member(contact, "data_source_uuid", "null");
	expect_member(contact, "name", "null");
	expect_member(contact, "experience", "null");
	expect_member(contact, "location", "null");
	expect_member(contact, "tags", "[]");
	expect_member(contact, "unread_counts", "[]");
	expect_member(contact, "has_premium", "null");
	expect_member(contact, "status", "\"no_contact_data\"");
	expect_member(contact, "linkedin_status", "\"unknown\"");
	expect_member(contact, "email_status", "null");
	expect_member(contact, "created_at", "\"2026-03-04T09:25:42.123000Z\"");
	expect_member(contact, "updated_at", "\"2026-03-05T09:25:42.000000Z\"");
}

static void test_copies(void **state)
{
	struct text contact = view(BARE, true), copy = scan_member(contact, TEXT("lead"));

	(void)state;
	expect_members(contact, 1);
	expect_members(copy, 0);
	assert_true(text_is(copy, view(BARE, false)));
}

static void test_full(void **state)
{
	struct text contact =
		view(START
		     "\"status\":\"interested\"," PLACES
		     "\"company_id\":\"c\",\"import_id\":\"i\",\"chatbot_id\":\"bot\","
		     "\"tag_ids\":[\"t\"],\"name\":\"Ada \\\"A\\\" Example\",\"title\":\"Head\","
		     "\"job_title\":\"CTO\",\"company\":\"Works\",\"score\":5,"
		     "\"description\":\"Long\",\"location\":\"Berlin \\\\ Mitte\","
		     "\"email\":\"a@b.de\",\"phone\":\"1\","
		     "\"experience\":[{\"role\":\"CTO\",\"company\":\"Works\",\"duration\":"
		     "\"Jan 2020 - Present \xC2\xB7 4 yrs\",\"description\":\"x\"}],"
		     "\"education\":[{\"school\":\"TU\",\"degree\":\"MSc\",\"year\":\"2015\"}],"
		     "\"skills\":[\"C\"],\"recent_posts\":[{\"content\":\"Hi\",\"date\":\"now\","
		     "\"likes\":3}],\"tags\":[\"vip\"],\"metadata\":{\"a\":1},"
		     "\"connections\":500,\"followers\":2.5,\"has_open_profile\":true,"
		     "\"has_premium\":false,\"email_status\":\"valid\",\"linkedin\":\"ada\","
		     "\"lists\":[\"l\"],\"linkedin_url\":\"https://www.linkedin.com/in/ada\"}",
		     false);

	(void)state;
	expect_members(contact, 0);
	expect_member(contact, "company_uuid", "\"c\"");
	expect_member(contact, "data_source_uuid", "\"i\"");
	expect_member(contact, "name", "\"Ada \\\"A\\\" Example\"");
	expect_member(contact, "headline", "\"Head\"");
	expect_member(contact, "position", "\"CTO\"");
	expect_member(contact, "about", "\"Long\"");
	expect_member(contact, "raw_address", "\"Berlin \\\\ Mitte\"");
	expect_member(contact, "location", "[{\"address_string\":\"Berlin \\\\ Mitte\"}]");
	expect_member(contact, "work_email", "\"a@b.de\"");
	expect_member(contact, "experience",
		      "[{\"title\":\"CTO\",\"company\":\"Works\",\"start_date\":\"Jan 2020\","
		      "\"end_date\":\"Present\"}]");
	expect_member(contact, "posts", "[{\"content\":\"Hi\",\"date\":\"now\"}]");
	expect_member(contact, "educations",
		      "[{\"school\":\"TU\",\"degree\":\"MSc\",\"field_of_study\":\"\","
		      "\"start_year\":\"\",\"end_year\":\"2015\"}]");
	expect_member(contact, "connections_number", "500");
	expect_member(contact, "followers_number", "2");
	expect_member(contact, "has_open_profile", "1");
	expect_member(contact, "has_premium", "0");
	expect_member(contact, "has_verified_profile", "null");
	expect_member(contact, "tags", "[\"t\"]");
	expect_member(contact, "status", "\"ok\"");
	expect_member(contact, "linkedin_status", "\"active\"");
	expect_member(contact, "email_status", "\"valid\"");
}

static void test_not_to_be_contacted(void **state)
{
	struct text contact =
		view(START "\"status\":\"do_not_contact\"," PLACES
			   "\"company_id\":null,\"import_id\":null,\"tag_ids\":[],\"phone\":\"1\","
			   "\"linkedin_status\":\"active\",\"linkedin_url\":\"\"}",
		     false);

	(void)state;
	expect_member(contact, "linkedin_status", "\"do_not_contact\"");
	expect_member(contact, "email_status", "\"do_not_contact\"");
	expect_member(contact, "status", "\"ok\"");
}

static void test_durations(void **state)
{
	static const struct {
		const char *whole, *from, *to;
	} rows[] = {
		{"2019 - 2021", "2019", "2021"},
		{"Jan 2020 \xE2\x80\x93 Present", "Jan 2020", "Present"},
		{"2019\xE2\x80\x93"
		 "2021",
		 "2019", "2021"},
		{"2019-2021", "2019", "2021"},
		{"2019 to 2021", "2019", "2021"},
		{"2019-06 - 2021-07", "2019-06", "2021-07"},
		{"2019-06", "2019-06", ""},
		{"2019-06-01", "2019-06-01", ""},
		{"3 years", "3 years", ""},
		{" 2019 ", "2019", ""},
		{"", "", ""},
		{"-", "-", ""},
		{"2019 -", "2019 -", ""},
		{"Jan 2020 - Present \xC2\xB7 3 yrs 2 mos", "Jan 2020", "Present"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct text from, to;

		contacts_view_split(text_of(rows[i].whole), &from, &to);
		if (!text_is(from, text_of(rows[i].from)) || !text_is(to, text_of(rows[i].to)))
			fail_msg("\"%s\": from \"%.*s\" to \"%.*s\"", rows[i].whole, TEXT_ARG(from),
				 TEXT_ARG(to));
	}
}

static void test_damaged(void **state)
{
	static const char *const records[] = {"", "{", "[]", "{}", "{\"lead_id\":\"x\",\"no\":1}"};
	struct buf buf;
	struct writer writer = writer_on(&buf);
	struct err err;

	(void)state;
	buf_init_arena(&buf, &arena, 1 << 20);
	for (size_t i = 0; i < ARRAY_LEN(records); i++)
		assert_int_equal(contacts_view_write(&writer, &arena, text_of(records[i]), 1, false,
						     &err),
				 ERR_INTERNAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bare),      cmocka_unit_test(test_copies),
		cmocka_unit_test(test_full),      cmocka_unit_test(test_not_to_be_contacted),
		cmocka_unit_test(test_durations), cmocka_unit_test(test_damaged),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
