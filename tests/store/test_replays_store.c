/* store/replays.c: whose answer it is, and for how long. */
#include "fixture.h"

#include <stdio.h>

#include "store/replays.h"

/* The answer that `actor` finds under the name; NULL for none. */
static const char *answer_of(struct fixture *f, int64_t workspace, int64_t actor, const char *name)
{
	struct replay_row row = {.name = text_of(name)};

	txn_enter(&f->txn, f->now_ms);
	OK(f, replays_find(&f->txn, &f->arena, workspace, actor, &row, &f->err));
	assert_int_equal(row.request.ptr == NULL, row.answer.ptr == NULL);
	return row.answer.ptr;
}

static void keep(struct fixture *f, int64_t workspace, const char *name, const char *answer)
{
	struct replay_row row = {.name = text_of(name),
				 .request = TEXT("hash"),
				 .answer = text_of(answer)};

	OK(f, replays_insert(&f->txn, workspace, 4, &row, &f->err));
}

static void an_answer_is_found_by_the_one_who_asked(void **state)
{
	struct fixture *f = *state;
	struct replay_row row = {.name = TEXT("abc")};

	fixture_begin(f);
	keep(f, 1, "abc", "{\"data\":{}}");
	fixture_commit(f);
	assert_string_equal(answer_of(f, 1, 4, "abc"), "{\"data\":{}}");
	assert_null(answer_of(f, 1, 5, "abc"));
	assert_null(answer_of(f, 2, 4, "abc"));
	assert_null(answer_of(f, 1, 4, "ABC"));
	OK(f, replays_find(&f->txn, &f->arena, 1, 4, &row, &f->err));
	assert_string_equal(row.request.ptr, "hash");
}

static void an_answer_is_kept_for_a_day(void **state)
{
	struct fixture *f = *state;

	fixture_begin(f);
	keep(f, 1, "abc", "first");
	fixture_commit(f);
	f->now_ms += REPLAYS_KEEP_MS;
	assert_string_equal(answer_of(f, 1, 4, "abc"), "first");
	f->now_ms++;
	assert_null(answer_of(f, 1, 4, "abc"));
	/* The name is free again, though the old row is still there. */
	fixture_begin(f);
	keep(f, 1, "abc", "second");
	fixture_commit(f);
	assert_string_equal(answer_of(f, 1, 4, "abc"), "second");
}

static void old_answers_are_dropped_bit_by_bit(void **state)
{
	struct fixture *f = *state;
	char name[32];
	int64_t dropped;

	fixture_begin(f);
	for (int i = 0; i < 5; i++) {
		snprintf(name, sizeof name, "old-%d", i);
		keep(f, 1, name, "old");
	}
	keep(f, 2, "elsewhere", "old");
	f->now_ms += REPLAYS_KEEP_MS + 1;
	txn_keep(&f->txn);
	txn_enter(&f->txn, f->now_ms);
	OK(f, txn_touch(&f->txn, &f->err));
	keep(f, 1, "young", "young");
	OK(f, replays_expire(&f->txn, 1, 3, &dropped, &f->err));
	assert_int_equal(dropped, 3);
	OK(f, replays_expire(&f->txn, 1, 3, &dropped, &f->err));
	assert_int_equal(dropped, 2);
	OK(f, replays_expire(&f->txn, 1, 3, &dropped, &f->err));
	assert_int_equal(dropped, 0);
	fixture_commit(f);
	assert_string_equal(answer_of(f, 1, 4, "young"), "young");
	f->now_ms = FIXTURE_NOW_MS;
	assert_null(answer_of(f, 1, 4, "old-0"));
	assert_string_equal(answer_of(f, 2, 4, "elsewhere"), "old");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(an_answer_is_found_by_the_one_who_asked),
		FIXTURE_TEST(an_answer_is_kept_for_a_day),
		FIXTURE_TEST(old_answers_are_dropped_bit_by_bit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
