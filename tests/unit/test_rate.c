/* Token buckets: how many, how fast they fill, and what happens when the table is full. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "http/rate.h"

#define SECOND INT64_C(1000000)

static struct rate *make(unsigned per_minute, unsigned burst, size_t keys_max)
{
	struct rate_settings settings = {
		.per_minute = per_minute, .burst = burst, .keys_max = keys_max};
	struct rate *rate = NULL;
	struct err err;

	assert_int_equal(rate_create(&settings, &rate, &err), ERR_OK);
	return rate;
}

static struct rate_state take(struct rate *rate, const char *key, int64_t now_us)
{
	struct rate_state state;

	rate_take(rate, text_of(key), now_us, &state);
	return state;
}

static void test_burst_then_refusal(void **state)
{
	struct rate *rate = make(60, 3, 100);

	(void)state;
	for (unsigned left = 3; left-- > 0;) {
		struct rate_state at = take(rate, "a", SECOND);

		assert_true(at.is_allowed);
		assert_int_equal(at.limit, 3);
		assert_int_equal(at.remaining, left);
		assert_int_equal(at.reset_s, 3 - left);
		assert_int_equal(at.retry_s, 0);
	}
	struct rate_state at = take(rate, "a", SECOND);

	assert_false(at.is_allowed);
	assert_int_equal(at.remaining, 0);
	assert_int_equal(at.reset_s, 3);
	assert_int_equal(at.retry_s, 1);
	assert_true(take(rate, "b", SECOND).is_allowed);
	rate_destroy(rate);
}

static void test_flow(void **state)
{
	struct rate *rate = make(120, 2, 100); /* one in half a second */

	(void)state;
	take(rate, "a", SECOND);
	take(rate, "a", SECOND);
	assert_false(take(rate, "a", SECOND + 499999).is_allowed);
	assert_true(take(rate, "a", SECOND + 500000).is_allowed);
	assert_false(take(rate, "a", SECOND + 500001).is_allowed);
	/* A refusal costs nothing, and a bucket never holds more than the burst. */
	assert_true(take(rate, "a", 1000 * SECOND).is_allowed);
	assert_true(take(rate, "a", 1000 * SECOND).is_allowed);
	assert_false(take(rate, "a", 1000 * SECOND).is_allowed);
	/* A clock that stands or steps back gives nothing. */
	assert_false(take(rate, "a", 999 * SECOND).is_allowed);
	rate_destroy(rate);
}

static void test_extremes(void **state)
{
	struct rate *rate = make(0, 0, 0);

	(void)state;
	assert_true(take(rate, "", 0).is_allowed);
	assert_int_equal(take(rate, "", 0).retry_s, 60);
	assert_true(take(rate, "", INT64_MAX).is_allowed);
	rate_destroy(rate);
	rate = make(4000000000U, 4000000000U, 8);
	assert_int_equal(take(rate, "a", 0).remaining, 3999999999U);
	assert_true(take(rate, "a", INT64_MAX).is_allowed);
	rate_destroy(rate);
	rate_destroy(NULL);
}

/* A full table forgets those that rested longest; whoever is active stays limited. */
static void test_full_table(void **state)
{
	struct rate *rate = make(1, 1, 64);
	char key[32];

	(void)state;
	for (int i = 0; i < 10000; i++) {
		snprintf(key, sizeof key, "key %d", i);
		assert_true(take(rate, key, (i + 1) * 10).is_allowed);
		assert_int_equal(take(rate, "busy", (i + 1) * 10).is_allowed, i == 0);
	}
	assert_true(take(rate, "key 0", 100001).is_allowed);
	rate_destroy(rate);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_burst_then_refusal),
		cmocka_unit_test(test_flow),
		cmocka_unit_test(test_extremes),
		cmocka_unit_test(test_full_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
