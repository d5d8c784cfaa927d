#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <sodium.h>

#include "lead/identifier.h"

static int set_up(void **state)
{
	static struct arena arena;

	if (sodium_init() < 0)
		return -1;
	arena_init(&arena, 1 << 20);
	*state = &arena;
	return 0;
}

static int tear_down(void **state)
{
	arena_release(*state);
	return 0;
}

static struct identifier made(enum identifier_kind kind, struct text value)
{
	return (struct identifier){.kind = kind, .value = value, .pointer = "/identifiers"};
}

static void fill(char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		bytes[i] = (char)('a' + i % 26);
}

static void key_as_hex(enum identifier_space space, struct text value, char *hex)
{
	struct identifier_key key = identifier_key_of(space, value);

	sodium_bin2hex(hex, 2 * IDENTIFIER_KEY_LEN + 1, key.bytes, sizeof key.bytes);
}

static bool same_key(struct identifier_key a, struct identifier_key b)
{
	return memcmp(a.bytes, b.bytes, sizeof a.bytes) == 0;
}

static void kinds_have_the_words_of_the_wire(void **state)
{
	static const char *const names[] = {
		[IDENTIFIER_LEAD_ID] = "lead_id",
		[IDENTIFIER_EXTERNAL] = "external_id",
		[IDENTIFIER_MEMBER] = "linkedin_member",
		[IDENTIFIER_LINKEDIN_ID] = "linkedin_id",
		[IDENTIFIER_SALES_NAVIGATOR] = "sales_navigator_id",
		[IDENTIFIER_SLUG] = "linkedin_url",
		[IDENTIFIER_EMAIL] = "email",
		[IDENTIFIER_PERSONAL_EMAIL] = "personal_email",
	};

	(void)state;
	assert_int_equal(ARRAY_LEN(names), IDENTIFIER_KIND_COUNT);
	for (enum identifier_kind kind = IDENTIFIER_LEAD_ID; kind < IDENTIFIER_KIND_COUNT; kind++)
		assert_string_equal(identifier_kind_name(kind), names[kind]);
}

static void kinds_that_mean_the_same_share_a_space(void **state)
{
	static const enum identifier_space spaces[] = {
		[IDENTIFIER_LEAD_ID] = IDENTIFIER_BY_ID,
		[IDENTIFIER_EXTERNAL] = IDENTIFIER_BY_SOURCE,
		[IDENTIFIER_MEMBER] = IDENTIFIER_BY_NUMBER,
		[IDENTIFIER_LINKEDIN_ID] = IDENTIFIER_BY_NUMBER,
		[IDENTIFIER_SALES_NAVIGATOR] = IDENTIFIER_BY_NUMBER,
		[IDENTIFIER_SLUG] = IDENTIFIER_BY_SLUG,
		[IDENTIFIER_EMAIL] = IDENTIFIER_BY_EMAIL,
		[IDENTIFIER_PERSONAL_EMAIL] = IDENTIFIER_BY_EMAIL,
	};

	(void)state;
	assert_int_equal(ARRAY_LEN(spaces), IDENTIFIER_KIND_COUNT);
	for (enum identifier_kind kind = IDENTIFIER_LEAD_ID; kind < IDENTIFIER_KIND_COUNT; kind++)
		assert_int_equal(identifier_space_of(kind), spaces[kind]);
}

static void two_are_the_same_by_space_and_value(void **state)
{
	(void)state;
	for (enum identifier_kind a = IDENTIFIER_LEAD_ID; a < IDENTIFIER_KIND_COUNT; a++) {
		for (enum identifier_kind b = IDENTIFIER_LEAD_ID; b < IDENTIFIER_KIND_COUNT; b++) {
			struct identifier x = made(a, TEXT("251749025"));
			struct identifier y = made(b, TEXT("251749025"));
			struct identifier z = made(b, TEXT("25174902"));

			assert_int_equal(identifier_is(&x, &y),
					 identifier_space_of(a) == identifier_space_of(b));
			assert_false(identifier_is(&x, &z));
		}
	}
}

/* Data on disk is found by these: a change of the function or the letters would lose it. */
static void keys_stay_what_they_were(void **state)
{
	char hex[2 * IDENTIFIER_KEY_LEN + 1];

	(void)state;
	key_as_hex(IDENTIFIER_BY_SLUG, TEXT("jane-doe"), hex);
	assert_string_equal(hex, "da9ebc10d9ddf6b3f8bd95edb494e60f");
	key_as_hex(IDENTIFIER_BY_NUMBER, TEXT("251749025"), hex);
	assert_string_equal(hex, "124a45eb6c0acb77d0a288e787d2fe3e");
	key_as_hex(IDENTIFIER_BY_EMAIL, TEXT("jane@example.com"), hex);
	assert_string_equal(hex, "1d4d3f484f3c9b73741c59a01a886862");
}

/* 254 is the last length that takes the short way; both must give the plain hash. */
static void long_values_are_hashed_like_short_ones(void **state)
{
	static const struct {
		size_t len;
		const char *hex;
	} cases[] = {
		{254, "2ddd97aac59c6381cabe2f87520e8588"},
		{255, "69a65f93447bd383aa598f754913bf95"},
		{5000, "f3660dc7a8b804c35abf7707a922d7d6"},
	};
	static char value[5000];
	char hex[2 * IDENTIFIER_KEY_LEN + 1];

	(void)state;
	fill(value, sizeof value);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		key_as_hex(IDENTIFIER_BY_SLUG, (struct text){value, cases[i].len}, hex);
		assert_string_equal(hex, cases[i].hex);
	}
}

static void keys_differ_by_space(void **state)
{
	static const size_t lens[] = {1, 9, 254, 255, 300};
	static char value[300];

	(void)state;
	fill(value, sizeof value);
	for (size_t i = 0; i < ARRAY_LEN(lens); i++) {
		struct text text = {value, lens[i]};

		for (unsigned a = IDENTIFIER_BY_SOURCE; a <= IDENTIFIER_BY_EMAIL; a++) {
			for (unsigned b = IDENTIFIER_BY_SOURCE; b <= IDENTIFIER_BY_EMAIL; b++)
				assert_int_equal(same_key(identifier_key_of(a, text),
							  identifier_key_of(b, text)),
						 a == b);
		}
	}
}

static void keys_differ_by_every_byte(void **state)
{
	static const size_t lens[] = {9, 254, 255, 300};
	static char value[300];

	(void)state;
	fill(value, sizeof value);
	for (size_t i = 0; i < ARRAY_LEN(lens); i++) {
		struct text text = {value, lens[i]};
		struct identifier_key key = identifier_key_of(IDENTIFIER_BY_SLUG, text);

		for (size_t at = 0; at < text.len; at++) {
			value[at] ^= 1;
			assert_false(same_key(key, identifier_key_of(IDENTIFIER_BY_SLUG, text)));
			value[at] ^= 1;
		}
		text.len--;
		assert_false(same_key(key, identifier_key_of(IDENTIFIER_BY_SLUG, text)));
	}
}

static void what_is_packed_can_be_unpacked(void **state)
{
	static char long_value[4000];
	const struct text values[] = {
		TEXT("1"),
		TEXT("251749025"),
		TEXT("hubspot\t4711"),
		TEXT("jane-doe"),
		TEXT("s:x:e"),
		TEXT("j\xC3\xBCrg"),
		{long_value, sizeof long_value},
	};

	fill(long_value, sizeof long_value);
	for (size_t i = 0; i < ARRAY_LEN(values); i++) {
		for (enum identifier_kind kind = IDENTIFIER_EXTERNAL; kind < IDENTIFIER_KIND_COUNT;
		     kind++) {
			struct identifier before = made(kind, values[i]);
			struct identifier after = made(IDENTIFIER_LEAD_ID, TEXT_NONE);

			assert_true(identifier_unpack(identifier_pack(*state, &before), &after));
			assert_true(identifier_is(&before, &after));
			assert_string_equal(after.pointer, "");
			assert_false(after.weak);
		}
	}
}

static void packed_is_a_letter_a_colon_and_the_value(void **state)
{
	static const struct {
		enum identifier_kind kind;
		const char *value;
		const char *packed;
	} cases[] = {
		{IDENTIFIER_EXTERNAL, "crm\t7", "x:crm\t7"},
		{IDENTIFIER_MEMBER, "42", "m:42"},
		{IDENTIFIER_LINKEDIN_ID, "42", "m:42"},
		{IDENTIFIER_SALES_NAVIGATOR, "42", "m:42"},
		{IDENTIFIER_SLUG, "jane-doe", "s:jane-doe"},
		{IDENTIFIER_EMAIL, "a@b.example", "e:a@b.example"},
		{IDENTIFIER_PERSONAL_EMAIL, "a@b.example", "e:a@b.example"},
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct identifier given = made(cases[i].kind, text_of(cases[i].value));

		assert_true(text_is(identifier_pack(*state, &given), text_of(cases[i].packed)));
	}
}

static void unpacking_gives_the_plain_kind_of_a_space(void **state)
{
	static const struct {
		const char *packed;
		enum identifier_kind kind;
	} cases[] = {
		{"x:crm\t7", IDENTIFIER_EXTERNAL},
		{"m:42", IDENTIFIER_MEMBER},
		{"s:jane-doe", IDENTIFIER_SLUG},
		{"e:a@b.example", IDENTIFIER_EMAIL},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct identifier out = made(IDENTIFIER_LEAD_ID, TEXT_NONE);

		assert_true(identifier_unpack(text_of(cases[i].packed), &out));
		assert_int_equal(out.kind, cases[i].kind);
		assert_true(text_is(out.value, text_skip(text_of(cases[i].packed), 2)));
	}
}

static void nothing_else_unpacks(void **state)
{
	static const struct text others[] = {
		{NULL, 0},     {"", 0},       {"s", 1},      {"s:", 2},      {"sjane", 5},
		{"i:1234", 6}, {"S:jane", 6}, {"q:jane", 6}, {":s:jane", 7}, {"\0:jane", 6},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(others); i++) {
		struct identifier out = made(IDENTIFIER_LEAD_ID, TEXT("before"));

		assert_false(identifier_unpack(others[i], &out));
		assert_int_equal(out.kind, IDENTIFIER_LEAD_ID);
		assert_true(text_is(out.value, TEXT("before")));
	}
}

static void packing_without_memory_gives_an_absent_text(void **state)
{
	static char value[8192];
	struct identifier given = made(IDENTIFIER_SLUG, (struct text){value, sizeof value});
	struct arena small;

	(void)state;
	fill(value, sizeof value);
	arena_init(&small, 4096);
	assert_null(identifier_pack(&small, &given).ptr);
	arena_release(&small);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kinds_have_the_words_of_the_wire),
		cmocka_unit_test(kinds_that_mean_the_same_share_a_space),
		cmocka_unit_test(two_are_the_same_by_space_and_value),
		cmocka_unit_test(keys_stay_what_they_were),
		cmocka_unit_test(long_values_are_hashed_like_short_ones),
		cmocka_unit_test(keys_differ_by_space),
		cmocka_unit_test(keys_differ_by_every_byte),
		cmocka_unit_test(what_is_packed_can_be_unpacked),
		cmocka_unit_test(packed_is_a_letter_a_colon_and_the_value),
		cmocka_unit_test(unpacking_gives_the_plain_kind_of_a_space),
		cmocka_unit_test(nothing_else_unpacks),
		cmocka_unit_test(packing_without_memory_gives_an_absent_text),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
