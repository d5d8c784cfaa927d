#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "lead/status.h"

/* The table of the contract, written a second time so that a slip in the first one shows. */
struct row {
	enum status status;
	const char *words[3]; /* by enum status_dialect */
};

static const struct row rows[] = {
	{STATUS_NEW, {"new", "New", "new"}},
	{STATUS_WAITING, {"waiting", "Waiting", "follow_up"}},
	{STATUS_FOLLOW_UP, {"follow_up", "Waiting", "follow_up"}},
	{STATUS_CONTACTED, {"contacted", "Contacted", "contacted"}},
	{STATUS_REPLIED, {"replied", "Replied", "contacted"}},
	{STATUS_INTERESTED, {"interested", "Interested", "qualified"}},
	{STATUS_QUALIFIED, {"qualified", "Interested", "qualified"}},
	{STATUS_MEETING_BOOKED, {"meeting_booked", "MeetingBooked", "qualified"}},
	{STATUS_CONVERTED, {"converted", "MeetingBooked", "converted"}},
	{STATUS_NOT_INTERESTED, {"not_interested", "NotInterested", "lost"}},
	{STATUS_LOST, {"lost", "NotInterested", "lost"}},
	{STATUS_DO_NOT_CONTACT, {"do_not_contact", "DoNotContact", "lost"}},
};

/* What each word of a dialect sets where it is news. */
struct meaning {
	enum status_dialect dialect;
	const char *word;
	enum status status;
};

static const struct meaning meanings[] = {
	{STATUS_RUNTIME, "New", STATUS_NEW},
	{STATUS_RUNTIME, "Waiting", STATUS_WAITING},
	{STATUS_RUNTIME, "Contacted", STATUS_CONTACTED},
	{STATUS_RUNTIME, "Replied", STATUS_REPLIED},
	{STATUS_RUNTIME, "Interested", STATUS_INTERESTED},
	{STATUS_RUNTIME, "MeetingBooked", STATUS_MEETING_BOOKED},
	{STATUS_RUNTIME, "NotInterested", STATUS_NOT_INTERESTED},
	{STATUS_RUNTIME, "DoNotContact", STATUS_DO_NOT_CONTACT},
	{STATUS_LEADS, "new", STATUS_NEW},
	{STATUS_LEADS, "follow_up", STATUS_FOLLOW_UP},
	{STATUS_LEADS, "contacted", STATUS_CONTACTED},
	{STATUS_LEADS, "qualified", STATUS_QUALIFIED},
	{STATUS_LEADS, "converted", STATUS_CONVERTED},
	{STATUS_LEADS, "lost", STATUS_LOST},
};

static void every_status_has_its_word_in_each_dialect(void **state)
{
	(void)state;
	assert_int_equal(ARRAY_LEN(rows), STATUS_COUNT);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		for (enum status_dialect dialect = STATUS_INSIDE; dialect <= STATUS_LEADS;
		     dialect++) {
			struct text word = status_word(rows[i].status, dialect);

			assert_true(text_is(word, text_of(rows[i].words[dialect])));
		}
	}
}

static void inside_words_mean_themselves(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		for (enum status current = STATUS_NEW; current < STATUS_COUNT; current++) {
			enum status status = STATUS_COUNT;

			assert_true(status_from_word(text_of(rows[i].words[STATUS_INSIDE]),
						     STATUS_INSIDE, current, &status));
			assert_int_equal(status, rows[i].status);
		}
	}
}

static void what_the_dialect_shows_already_changes_nothing(void **state)
{
	(void)state;
	for (enum status current = STATUS_NEW; current < STATUS_COUNT; current++) {
		for (enum status_dialect dialect = STATUS_INSIDE; dialect <= STATUS_LEADS;
		     dialect++) {
			enum status status = STATUS_COUNT;

			assert_true(status_from_word(status_word(current, dialect), dialect,
						     current, &status));
			assert_int_equal(status, current);
		}
	}
}

static void a_word_that_is_news_sets_its_own_meaning(void **state)
{
	size_t pairs = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(meanings); i++) {
		const struct meaning *meaning = &meanings[i];
		struct text word = text_of(meaning->word);

		for (enum status current = STATUS_NEW; current < STATUS_COUNT; current++) {
			enum status status = STATUS_COUNT;

			assert_true(status_from_word(word, meaning->dialect, current, &status));
			if (text_is(status_word(current, meaning->dialect), word))
				continue;
			assert_int_equal(status, meaning->status);
			pairs++;
		}
	}
	/* 14 words by 12 statuses, less the 12 of either dialect that show the word already. */
	assert_int_equal(pairs, 14 * 12 - 2 * 12);
}

static void a_word_sent_is_the_word_shown_next(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(meanings); i++) {
		for (enum status current = STATUS_NEW; current < STATUS_COUNT; current++) {
			struct text word = text_of(meanings[i].word);
			enum status status = STATUS_COUNT;

			assert_true(status_from_word(word, meanings[i].dialect, current, &status));
			assert_true(text_is(status_word(status, meanings[i].dialect), word));
		}
	}
}

static void an_unknown_word_leaves_the_output_alone(void **state)
{
	static const struct {
		enum status_dialect dialect;
		const char *word;
	} unknown[] = {
		{STATUS_INSIDE, ""},         {STATUS_INSIDE, "New"},
		{STATUS_INSIDE, "newer"},    {STATUS_INSIDE, "meeting booked"},
		{STATUS_RUNTIME, "new"},     {STATUS_RUNTIME, "waiting"},
		{STATUS_RUNTIME, "Lost"},    {STATUS_RUNTIME, "Meeting"},
		{STATUS_LEADS, "waiting"},   {STATUS_LEADS, "interested"},
		{STATUS_LEADS, "Qualified"}, {STATUS_LEADS, "do_not_contact"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(unknown); i++) {
		enum status status = STATUS_COUNT;
		unsigned bits = 77;

		assert_false(status_from_word(text_of(unknown[i].word), unknown[i].dialect,
					      STATUS_NEW, &status));
		assert_false(status_set(text_of(unknown[i].word), unknown[i].dialect, &bits));
		assert_int_equal(status, STATUS_COUNT);
		assert_int_equal(bits, 77);
	}
	assert_false(status_set(TEXT_NONE, STATUS_INSIDE, &(unsigned){0}));
}

static void a_filter_finds_every_status_shown_so(void **state)
{
	unsigned bits = 0;

	(void)state;
	assert_true(status_set(TEXT("Waiting"), STATUS_RUNTIME, &bits));
	assert_int_equal(bits, 1U << STATUS_WAITING | 1U << STATUS_FOLLOW_UP);
	assert_true(status_set(TEXT("Interested"), STATUS_RUNTIME, &bits));
	assert_int_equal(bits, 1U << STATUS_INTERESTED | 1U << STATUS_QUALIFIED);
	assert_true(status_set(TEXT("qualified"), STATUS_LEADS, &bits));
	assert_int_equal(bits, 1U << STATUS_INTERESTED | 1U << STATUS_QUALIFIED |
				       1U << STATUS_MEETING_BOOKED);
	assert_true(status_set(TEXT("lost"), STATUS_LEADS, &bits));
	assert_int_equal(bits, 1U << STATUS_NOT_INTERESTED | 1U << STATUS_LOST |
				       1U << STATUS_DO_NOT_CONTACT);
	assert_true(status_set(TEXT("lost"), STATUS_INSIDE, &bits));
	assert_int_equal(bits, 1U << STATUS_LOST);
}

static void the_filters_of_a_dialect_part_the_statuses(void **state)
{
	static const enum status_dialect dialects[] = {STATUS_RUNTIME, STATUS_LEADS};

	(void)state;
	for (size_t d = 0; d < ARRAY_LEN(dialects); d++) {
		unsigned all = 0;

		for (size_t i = 0; i < ARRAY_LEN(meanings); i++) {
			unsigned bits = 0;

			if (meanings[i].dialect != dialects[d])
				continue;
			assert_true(status_set(text_of(meanings[i].word), dialects[d], &bits));
			assert_int_equal(all & bits, 0);
			all |= bits;
		}
		assert_int_equal(all, (1U << STATUS_COUNT) - 1);
	}
}

static void a_file_may_write_it_many_ways(void **state)
{
	static const struct {
		const char *written;
		enum status status;
	} cases[] = {
		{"Do not contact", STATUS_DO_NOT_CONTACT},
		{"DO_NOT_CONTACT", STATUS_DO_NOT_CONTACT},
		{"do-not-contact", STATUS_DO_NOT_CONTACT},
		{"DoNotContact", STATUS_DO_NOT_CONTACT},
		{"donotcontact", STATUS_DO_NOT_CONTACT},
		{"meetingbooked", STATUS_MEETING_BOOKED},
		{"Meeting Booked", STATUS_MEETING_BOOKED},
		{"MEETING-BOOKED", STATUS_MEETING_BOOKED},
		{"follow up", STATUS_FOLLOW_UP},
		{"Follow-Up", STATUS_FOLLOW_UP},
		{"followup", STATUS_FOLLOW_UP},
		{"  new\r\n", STATUS_NEW},
		{"N E\tW", STATUS_NEW},
		{"Not Interested", STATUS_NOT_INTERESTED},
		{"interested", STATUS_INTERESTED},
		{"_lost_", STATUS_LOST},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		enum status status = STATUS_COUNT;

		assert_true(status_from_file(text_of(cases[i].written), &status));
		assert_int_equal(status, cases[i].status);
	}
}

static void a_file_may_use_any_dialects_word(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(meanings); i++) {
		enum status status = STATUS_COUNT;

		assert_true(status_from_file(text_of(meanings[i].word), &status));
		assert_int_equal(status, meanings[i].status);
	}
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		enum status status = STATUS_COUNT;

		assert_true(status_from_file(text_of(rows[i].words[STATUS_INSIDE]), &status));
		assert_int_equal(status, rows[i].status);
	}
}

static void a_file_may_not_write_anything_else(void **state)
{
	static const struct text others[] = {
		{NULL, 0},
		{"", 0},
		{" ", 1},
		{"_-_", 3},
		{"ne", 2},
		{"newer", 5},
		{"n.e.w", 5},
		{"new\0", 4},
		{"\0new", 4},
		{"not", 3},
		{"meeting", 7},
		{"do not", 6},
		{"n\xC2\xA0"
		 "ew",
		 5},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(others); i++) {
		enum status status = STATUS_COUNT;

		assert_false(status_from_file(others[i], &status));
		assert_int_equal(status, STATUS_COUNT);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_status_has_its_word_in_each_dialect),
		cmocka_unit_test(inside_words_mean_themselves),
		cmocka_unit_test(what_the_dialect_shows_already_changes_nothing),
		cmocka_unit_test(a_word_that_is_news_sets_its_own_meaning),
		cmocka_unit_test(a_word_sent_is_the_word_shown_next),
		cmocka_unit_test(an_unknown_word_leaves_the_output_alone),
		cmocka_unit_test(a_filter_finds_every_status_shown_so),
		cmocka_unit_test(the_filters_of_a_dialect_part_the_statuses),
		cmocka_unit_test(a_file_may_write_it_many_ways),
		cmocka_unit_test(a_file_may_use_any_dialects_word),
		cmocka_unit_test(a_file_may_not_write_anything_else),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
