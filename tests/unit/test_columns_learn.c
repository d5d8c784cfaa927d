#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "lead/columns_learn.h"

#define IN "https://www.linkedin.com/in/"
#define CELLS_MAX 8

static struct err err;

static int setup(void **state)
{
	struct arena *arena = malloc(sizeof *arena);

	if (!arena)
		return -1;
	arena_init(arena, (size_t)64 * 1024 * 1024);
	*state = arena;
	return 0;
}

static int teardown(void **state)
{
	arena_release(*state);
	free(*state);
	return 0;
}

/* Texts between '|', in the arena; a cell "@name" is a profile's URL, for short. */
static const struct text *split(struct arena *arena, const char *line, size_t *out_count)
{
	struct text *cells = arena_zero(arena, CELLS_MAX, sizeof *cells);
	struct text rest = text_of(line);

	assert_non_null(cells);
	for (*out_count = 0; rest.ptr; (*out_count)++) {
		struct text cell = text_split(rest, '|', &rest);

		assert_true(*out_count < CELLS_MAX);
		if (text_starts(cell, TEXT("@")))
			cell = arena_format(arena, IN "%.*s", TEXT_ARG(text_skip(cell, 1)));
		cells[*out_count] = cell;
	}
	return cells;
}

static struct columns detect(struct arena *arena, const char *headers)
{
	struct columns columns;
	size_t count;
	const struct text *list = split(arena, headers, &count);

	assert_int_equal(columns_detect(arena, list, count, &columns, &err), ERR_OK);
	return columns;
}

/* `rows` as in the file, each line a row. */
static struct columns_sample sample_of(struct arena *arena, const char *rows)
{
	struct columns_sample sample = {.count = 0};
	struct text rest = text_of(rows);

	while (rest.ptr) {
		struct text line = arena_copy(arena, text_split(rest, '\n', &rest));

		assert_non_null(line.ptr);
		sample.cells[sample.count] =
			split(arena, line.ptr, &sample.cell_counts[sample.count]);
		sample.count++;
	}
	return sample;
}

/* The targets, joined by '|'. */
static void assert_targets(struct arena *arena, const struct columns *columns, const char *expected)
{
	struct buf out;

	buf_init_arena(&out, arena, 4096);
	for (size_t i = 0; i < columns->count; i++) {
		if (i > 0)
			buf_add_char(&out, '|');
		buf_add(&out, columns_target_text(arena, &columns->columns[i]));
	}
	if (!text_is(buf_text(&out), text_of(expected)))
		fail_msg("\n   is     %.*s\n   should %s", TEXT_ARG(buf_text(&out)), expected);
}

static struct columns learn(struct arena *arena, const char *headers, const char *rows)
{
	struct columns columns = detect(arena, headers);
	struct columns_sample sample = sample_of(arena, rows);

	assert_int_equal(columns_learn(arena, &columns, &sample, &err), ERR_OK);
	return columns;
}

static void assert_learned(struct arena *arena, const char *headers, const char *rows,
			   const char *expected)
{
	struct columns columns = learn(arena, headers, rows);

	assert_targets(arena, &columns, expected);
}

static void profiles_are_known_by_their_values(void **state)
{
	static const char *const headers[] = {"Name|URL",        "Name|Link",     "Name|Profile",
					      "Name|Website",    "Name|Homepage", "Name|Notes",
					      "Name|",           "Name|Web Page", "Name|Profil",
					      "Name|Lien public"};

	for (size_t i = 0; i < ARRAY_LEN(headers); i++) {
		assert_learned(*state, headers[i], "Ada|@ada\nBo|@bo\nCy|@cy", "name|linkedin_url");
		assert_learned(*state, headers[i], "Ada|@ada", "name|linkedin_url");
	}
	assert_learned(*state, "Name|Link", "Ada|linkedin.com/in/ada\nBo|urn:li:member:7",
		       "name|linkedin_url");
}

static void four_of_five_values_are_enough(void **state)
{
	const char *headers = "Name|Link";

	assert_learned(*state, headers, "|@a\n|@b\n|@c\n|@d\n|see notes", "name|linkedin_url");
	assert_learned(*state, headers, "|@a\n|@b\n|@c\n|see notes", "name|");
	assert_learned(*state, headers, "|@a\n|\n| \n|n/a\n|-\nAda", "name|linkedin_url");
	assert_learned(*state, headers, "Ada|\nBo|", "name|");
	assert_learned(*state, headers, "Ada", "name|");
}

static void words_and_pages_are_no_profiles(void **state)
{
	assert_learned(*state, "Name|Link", "A|ada-example\nB|bo-example", "name|");
	assert_learned(*state, "Name|Link", "A|12345\nB|12346", "name|");
	assert_learned(*state, "Name|Link",
		       "A|https://www.linkedin.com/company/a\nB|https://www.linkedin.com/company/b",
		       "name|");
	assert_learned(*state, "Name|Website", "A|https://a.example\nB|https://b.example",
		       "name|company_website");
}

static void a_second_profile_is_an_id(void **state)
{
	const char *rows = "@ada|urn:li:member:7|@ada\n@bo|urn:li:member:8|@bo";

	assert_learned(*state, "Link|Urn|Again", rows, "linkedin_url|linkedin_id|");
	assert_learned(*state, "LinkedIn URL|Link", "@ada|@ada\n@bo|@bo",
		       "linkedin_url|linkedin_id");
	assert_learned(*state, "LinkedIn URL|LinkedIn ID|Link", "@ada|7|@ada",
		       "linkedin_url|linkedin_id|");
	/* Somebody else, row after row; one who renamed the profile is no proof. */
	assert_learned(*state, "LinkedIn URL|Link", "@ada|@al\n@bo|@bea", "linkedin_url|");
	assert_learned(*state, "LinkedIn URL|Link", "@a|@a\n@b|@b\n@c|@c\n@d|@d\n@e|@new",
		       "linkedin_url|linkedin_id");
	assert_learned(*state, "LinkedIn Member ID|Link", "251749025|urn:li:member:251749026",
		       "linkedin_id|");
}

static void others_people_are_not_the_lead(void **state)
{
	assert_learned(*state, "Name|Owner|Lead owner link|Referred by|Company Website",
		       "A|@a|@b|@c|@d\nB|@e|@f|@g|@h", "name|metadata.owner|||company_website");
	/* Whose leads they are, under any header. */
	assert_learned(*state, "Name|Link", "A|@x\nB|@x", "name|");
	assert_learned(*state, "Name|Link", "A|@x\nB|@y\nC|@x\nD|@y", "name|");
	assert_learned(*state, "Name|Link", "A|@x\nB|@x\nC|@y\nD|@z", "name|linkedin_url");
	assert_learned(*state, "Name|Contact|Sender address",
		       "A|x@a.example|s@a.example\nB|x@a.example|t@a.example", "name||");
}

static void addresses_are_known_by_their_values(void **state)
{
	const char *rows = "A|a@x.example|c@x.example\nB|b@x.example|d@x.example";

	assert_learned(*state, "Name|Kontakt|More", rows, "name|email|");
	assert_learned(*state, "Name|Email|More", rows, "name|email|");
	assert_learned(*state, "Name|Personal Email|More", rows, "name|personal_email|email");
	assert_learned(*state, "Name|Notes|Website", rows, "name|metadata.notes|company_website");
	assert_learned(*state, "Name|Contact", "A|a@x.example\nB|+49 30 1", "name|");
	assert_learned(*state, "Contact|Link", "a@x.example|@a\nb@x.example|@b",
		       "email|linkedin_url");
}

static void a_choice_is_not_changed(void **state)
{
	const char *rows = "A|@a|a@x.example\nB|@b|b@x.example";
	struct arena *arena = *state;
	struct columns_sample sample = sample_of(arena, rows);
	struct columns columns = detect(arena, "Name|Link|Contact");

	assert_int_equal(columns_override(arena, &columns, TEXT("Link"), TEXT("personal_website"),
					  &err),
			 ERR_OK);
	assert_int_equal(columns_override(arena, &columns, TEXT("Contact"), TEXT("ignore"), &err),
			 ERR_OK);
	assert_int_equal(columns_learn(arena, &columns, &sample, &err), ERR_OK);
	assert_targets(arena, &columns, "name|personal_website|");

	/* "Web Page" is the person's own in a format that says so. */
	assert_learned(arena, "First Name|E-mail Address|Business Phone|Web Page",
		       "A|a@x.example||@a", "first_name|email|phone|personal_website");
	assert_learned(arena, "Id|LeadSource|LastName|Website", "1||A|@a",
		       "external_id|source|last_name|company_website");
}

static void what_rows_tell_beside_columns_counts(void **state)
{
	struct arena *arena = *state;
	struct columns columns = detect(arena, "Link|Contact");
	struct columns_sample sample = sample_of(arena, "@a|a@x.example\n@b|b@x.example");

	sample.has_email = true;
	sample.has_linkedin = true;
	assert_int_equal(columns_learn(arena, &columns, &sample, &err), ERR_OK);
	assert_targets(arena, &columns, "|");
	sample.has_linkedin = false;
	assert_int_equal(columns_learn(arena, &columns, &sample, &err), ERR_OK);
	assert_targets(arena, &columns, "linkedin_url|");
}

/* "name=text" of each value, joined by '|'. */
static void assert_row(struct arena *arena, const struct columns *columns, const char *cells,
		       const char *expected)
{
	struct columns_values values;
	struct buf out;
	size_t count;
	const struct text *list = split(arena, cells, &count);

	assert_int_equal(columns_row(columns, list, count, arena, &values, &err), ERR_OK);
	buf_init_arena(&out, arena, 4096);
	for (size_t i = 0; i < values.count; i++)
		buf_add_format(&out, "%s%.*s=%.*s", i > 0 ? "|" : "",
			       TEXT_ARG(values.items[i].name), TEXT_ARG(values.items[i].text));
	if (!text_is(buf_text(&out), text_of(expected)))
		fail_msg("\n   is     %.*s\n   should %s", TEXT_ARG(buf_text(&out)), expected);
}

static void the_odd_value_goes_where_it_went(void **state)
{
	struct arena *arena = *state;
	struct columns columns =
		learn(arena, "Contact|Website|Link",
		      "a@x.example|@a|urn:li:member:7\nb@x.example|@b|urn:li:member:8");

	assert_targets(arena, &columns, "email|linkedin_url|linkedin_id");
	assert_row(arena, &columns, "c@x.example|@c|urn:li:member:9",
		   "email=c@x.example|linkedin_url=" IN "c|linkedin_id=urn:li:member:9");
	assert_row(arena, &columns, "call|https://c.example|later",
		   "company_website=https://c.example");
	/* A broken one is the caller's to refuse or to warn of. */
	assert_row(arena, &columns, "c@|https://lnkd.in/abc|",
		   "email=c@|linkedin_url=https://lnkd.in/abc");
}

static void long_cells_are_passed_over(void **state)
{
	struct arena *arena = *state;
	char rows[10000] = "A|@a\nB|@b\nC|@c\nD|@d\nE|";

	memset(rows + strlen(rows), 'x', 9000);
	assert_learned(arena, "Name|Notes", rows, "name|linkedin_url");
}

/* Only a second column of one name takes memory, for a name of its own. */
static void no_memory_is_told(void **state)
{
	struct arena *arena = *state, empty;
	struct columns columns = detect(arena, "Website|Website");
	struct columns_sample sample = sample_of(arena, "@a|urn:li:member:7");

	arena_init(&empty, 0);
	assert_int_equal(columns_learn(&empty, &columns, &sample, &err), ERR_BUSY);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(profiles_are_known_by_their_values),
		TEST(four_of_five_values_are_enough),
		TEST(words_and_pages_are_no_profiles),
		TEST(a_second_profile_is_an_id),
		TEST(others_people_are_not_the_lead),
		TEST(addresses_are_known_by_their_values),
		TEST(a_choice_is_not_changed),
		TEST(what_rows_tell_beside_columns_counts),
		TEST(the_odd_value_goes_where_it_went),
		TEST(long_cells_are_passed_over),
		TEST(no_memory_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
