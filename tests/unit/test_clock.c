#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/clock.h"

static const struct {
	const char *text;
	int64_t at_ms;
} times[] = {
	{"1970-01-01T00:00:00.000Z", 0},
	{"1969-12-31T23:59:59.999Z", -1},
	{"2026-11-20T09:15:00.000Z", 1795166100000},
	{"2000-02-29T12:34:56.789Z", 951827696789},
	{"2100-03-01T00:00:00.000Z", 4107542400000},
	{"0001-01-01T00:00:00.000Z", -62135596800000},
	{"9999-12-31T23:59:59.999Z", 253402300799999},
};

static void known_times_are_written_and_read(void **state)
{
	char text[CLOCK_TEXT_LEN + 1];
	int64_t at_ms;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(times); i++) {
		clock_format(times[i].at_ms, text);
		assert_string_equal(text, times[i].text);
		assert_true(clock_parse(text_of(text), &at_ms));
		assert_int_equal(at_ms, times[i].at_ms);
	}
}

static void every_day_comes_back(void **state)
{
	const int64_t step = 86400000LL * 17 + 12345677; /* a day now and then, at every hour */
	char text[CLOCK_TEXT_LEN + 1], before[CLOCK_TEXT_LEN + 1] = "";
	int64_t read;

	(void)state;
	for (int64_t at = -62135596800000; at <= 253402300799999; at += step) {
		clock_format(at, text);
		assert_true(clock_parse(text_of(text), &read));
		assert_int_equal(read, at);
		assert_true(strcmp(before, text) < 0);
		memcpy(before, text, sizeof before);
	}
}

static void other_forms_of_the_same_moment_are_read(void **state)
{
	static const char *const forms[] = {
		"2026-11-20T09:15:00Z",
		"2026-11-20t09:15:00z",
		"2026-11-20 09:15:00Z",
		"2026-11-20T09:15:00.0Z",
		"2026-11-20T09:15:00.0009999999999999999999Z",
		"2026-11-20T10:15:00+01:00",
		"2026-11-20T03:45:00-05:30",
		"2026-11-20T09:15:00-00:00",
		"2026-11-21T09:14:00+23:59",
	};
	int64_t at_ms;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
		assert_true(clock_parse(text_of(forms[i]), &at_ms));
		assert_int_equal(at_ms, 1795166100000);
	}
	assert_true(clock_parse(TEXT("2016-12-31T23:59:60Z"), &at_ms));
	assert_int_equal(at_ms, 1483228800000);
	assert_true(clock_parse(TEXT("2016-12-31T15:59:60-08:00"), &at_ms));
	assert_int_equal(at_ms, 1483228800000);
}

static void bad_times_are_refused(void **state)
{
	static const char *const bad[] = {
		"",
		"2026",
		"2026-11-20",
		"2026-11-20T09:15:00",
		"2026-11-20T09:15Z",
		"2026-11-20T09:15:00.Z",
		"2026-11-20T09:15:00,5Z",
		"2026-11-20T09:15:00+0100",
		"2026-11-20T09:15:00+24:00",
		"2026-11-20T09:15:00+01:60",
		"2026-11-20T09:15:00Z ",
		" 2026-11-20T09:15:00Z",
		"2026-13-01T00:00:00Z",
		"2026-00-01T00:00:00Z",
		"2026-01-00T00:00:00Z",
		"2026-01-32T00:00:00Z",
		"2026-02-29T00:00:00Z",
		"1900-02-29T00:00:00Z",
		"2026-04-31T00:00:00Z",
		"2026-01-01T24:00:00Z",
		"2026-01-01T00:60:00Z",
		"2026-01-01T00:00:61Z",
		"2026-01-01T12:00:60Z",
		"0000-01-01T00:00:00Z",
		"0001-01-01T00:00:00+00:01",
		"9999-12-31T23:59:60Z",
		"9999-12-31T23:59:59-00:01",
		"26-11-20T09:15:00Z",
		"2026-1-20T09:15:00Z",
		"+026-11-20T09:15:00Z",
		"20261120T091500Z",
		"2026-11-20X09:15:00Z",
		"2026-11-20T09:15:00ZZ",
		"\xD9\xA2" /* a digit elsewhere */,
	};
	int64_t at_ms = 7;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		if (clock_parse(text_of(bad[i]), &at_ms))
			fail_msg("taken: %s", bad[i]);
	}
	assert_false(clock_parse(TEXT_NONE, &at_ms));
	assert_false(clock_parse((struct text){"2026-11-20T09:15:00Z\0", 21}, &at_ms));
	assert_int_equal(at_ms, 7);
}

static void the_system_has_a_clock_and_random_bytes(void **state)
{
	const struct clock *clock = clock_system();
	unsigned char a[16] = {0}, b[16] = {0};

	(void)state;
	assert_true(clock_now_ms(clock) > 1700000000000);
	clock->random_bytes(clock->state, a, sizeof a);
	clock->random_bytes(clock->state, b, sizeof b);
	assert_memory_not_equal(a, b, sizeof a);
	int64_t before = clock_steady_us();

	assert_true(clock_steady_us() >= before);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_times_are_written_and_read),
		cmocka_unit_test(every_day_comes_back),
		cmocka_unit_test(other_forms_of_the_same_moment_are_read),
		cmocka_unit_test(bad_times_are_refused),
		cmocka_unit_test(the_system_has_a_clock_and_random_bytes),
	};

	return cmocka_run_group_tests_name("clock", tests, NULL, NULL);
}
