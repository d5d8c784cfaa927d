#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/uuid.h"

/* A clock that stands where the test puts it, and random bytes that are all ones. */
static int64_t now_ms(void *state)
{
	return *(int64_t *)state;
}

static void all_ones(void *state, void *out, size_t len)
{
	(void)state;
	memset(out, 0xFF, len);
}

static void ids_of_one_maker_only_grow(void **state)
{
	int64_t now = 1795166100000;
	const struct clock clock = {now_ms, all_ones, &now};
	struct uuid_maker maker;
	struct uuid last = {{0}};

	(void)state;
	uuid_maker_init(&maker, &clock);
	for (int i = 0; i < 600000; i++) {
		/* Time stands still long enough to use up the counter, leaps, and runs back. */
		if (i == 400000)
			now += 5;
		if (i == 500000)
			now -= 1000;
		struct uuid uuid = uuid_make(&maker);

		assert_true(memcmp(uuid.bytes, last.bytes, sizeof last.bytes) > 0);
		assert_int_equal(uuid.bytes[6] >> 4, 7);
		assert_int_equal(uuid.bytes[8] >> 6, 2);
		last = uuid;
	}
}

static void the_time_stands_in_front(void **state)
{
	int64_t now = 0x0193453C8F4A;
	const struct clock clock = {now_ms, all_ones, &now};
	struct uuid_maker maker;
	char text[UUID_TEXT_LEN + 1];

	(void)state;
	uuid_maker_init(&maker, &clock);
	uuid_format(uuid_make(&maker), text);
	assert_memory_equal(text, "0193453c-8f4a-7", 15);
	assert_string_equal(text + 21, "ff-ffffffffffff");
}

static void two_makers_differ(void **state)
{
	struct uuid_maker a, b;

	(void)state;
	uuid_maker_init(&a, clock_system());
	uuid_maker_init(&b, clock_system());
	assert_false(uuid_is(uuid_make(&a), uuid_make(&b)));
}

static void text_comes_back(void **state)
{
	static const char *const forms[] = {
		"0193453c-8f4a-7c31-a2b4-5d1e6f708192",
		"0193453C-8F4A-7C31-A2B4-5D1E6F708192",
		"0193453c8f4a7c31a2b45d1e6f708192",
	};
	struct uuid uuid;
	char text[UUID_TEXT_LEN + 1];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
		assert_true(uuid_parse(text_of(forms[i]), &uuid));
		uuid_format(uuid, text);
		assert_string_equal(text, forms[0]);
	}
}

static void other_text_is_refused(void **state)
{
	static const char *const bad[] = {
		"",
		"0193453c",
		"0193453c-8f4a-7c31-a2b4-5d1e6f70819",
		"0193453c-8f4a-7c31-a2b4-5d1e6f7081921",
		"0193453c-8f4a-7c31-a2b4-5d1e6f70819g",
		"0193453c-8f4a-7c31-a2b45-d1e6f708192",
		"0193453c8f4a7c31a2b45d1e6f70819-",
		"{193453c-8f4a-7c31-a2b4-5d1e6f70819}",
		"-193453c-8f4a-7c31-a2b4-5d1e6f708192",
		"------------------------------------",
	};
	struct uuid uuid = {{7}};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		if (uuid_parse(text_of(bad[i]), &uuid))
			fail_msg("taken: %s", bad[i]);
	}
	assert_false(uuid_parse(TEXT_NONE, &uuid));
	assert_int_equal(uuid.bytes[0], 7);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ids_of_one_maker_only_grow),
		cmocka_unit_test(the_time_stands_in_front),
		cmocka_unit_test(two_makers_differ),
		cmocka_unit_test(text_comes_back),
		cmocka_unit_test(other_text_is_refused),
	};

	return cmocka_run_group_tests_name("uuid", tests, NULL, NULL);
}
