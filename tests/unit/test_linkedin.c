#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>
#include <jansson.h>

#include "lead/linkedin.h"

#define ARENA_BYTES ((size_t)1 << 20)
#define TOKEN "ACoAAO5rKAEBjsY2kkFH5MlIG-r8gtph6ZC9U6I"
#define SALES "ACwAAO5rKAEBQonsxPt4IOHcU5JRgijWBngw5bU"

static struct linkedin parse(struct arena *arena, struct text input)
{
	struct linkedin out;
	struct err err;

	assert_int_equal(linkedin_parse(arena, input, true, &out, &err), ERR_OK);
	return out;
}

static void assert_text(struct text actual, const char *expected)
{
	assert_int_equal(actual.len, strlen(expected));
	assert_memory_equal(actual.ptr, expected, actual.len);
}

/* What identifies a person survives being written as a URL and read again. */
static void assert_round_trip(struct arena *arena, const struct linkedin *found)
{
	bool sales = found->kind == LINKEDIN_SALES_TOKEN;
	struct text url = linkedin_profile_url(arena, found->slug, sales ? TEXT_NONE : found->token,
					       sales ? found->token : TEXT_NONE);

	assert_non_null(url.ptr);
	if (url.len == 0)
		return;
	struct linkedin again = parse(arena, url);

	assert_int_equal(again.member, found->member);
	assert_true(text_is(again.slug, found->slug));
	assert_true(text_is(again.token, found->token));
	struct text same = linkedin_profile_url(arena, again.slug, sales ? TEXT_NONE : again.token,
						sales ? again.token : TEXT_NONE);

	assert_true(text_is(same, url));
}

static bool is_row(const json_t *row, struct arena *arena)
{
	const json_t *input = json_object_get(row, "input");
	const json_t *canonical = json_object_get(row, "canonical");
	struct linkedin found =
		parse(arena, (struct text){json_string_value(input), json_string_length(input)});
	struct text text = linkedin_canonical(arena, &found);
	struct text wanted = text_of(json_string_value(canonical));
	const char *kind = json_string_value(json_object_get(row, "kind"));

	assert_round_trip(arena, &found);
	if (strcmp(linkedin_kind_name(found.kind), kind) == 0 && text_is(text, wanted))
		return true;
	print_error("%s: %s %.*s, not %s\n", json_string_value(input),
		    linkedin_kind_name(found.kind), TEXT_ARG(text), kind);
	return false;
}

static void every_vector_is_read(void **state)
{
	FILE *file = fopen("tests/data/linkedin.jsonl", "r");
	char line[4096];
	int rows = 0, wrong = 0;

	(void)state;
	assert_non_null(file);
	while (fgets(line, sizeof line, file)) {
		struct arena arena;
		json_t *row = json_loads(line, 0, NULL);

		assert_non_null(row);
		arena_init(&arena, ARENA_BYTES);
		rows++;
		wrong += !is_row(row, &arena);
		arena_release(&arena);
		json_decref(row);
	}
	fclose(file);
	assert_int_equal(rows, 114);
	assert_int_equal(wrong, 0);
}

struct example {
	const char *input;
	enum linkedin_kind kind;
	const char *canonical;
};

static const struct example examples[] = {
	/* wrapping */
	{"\"https://www.linkedin.com/in/ada-example\"", LINKEDIN_SLUG, "li:slug:ada-example"},
	{"'https://www.linkedin.com/in/ada-example", LINKEDIN_SLUG, "li:slug:ada-example"},
	{"Ada <https://www.linkedin.com/in/ada-example>", LINKEDIN_SLUG, "li:slug:ada-example"},
	{"=hyperlink(\"linkedin.com/in/ada-example\";\"x\")", LINKEDIN_SLUG, "li:slug:ada-example"},
	{"[Ada (CEO)](urn:li:fs_salesProfile:(" SALES ",NAME_SEARCH,abcd))",
	 LINKEDIN_SALES_TOKEN, "li:member:4000000001"},
	{"https%3A%2F%2Fwww.linkedin.com%2Fin%2Fada-example", LINKEDIN_SLUG, "li:slug:ada-example"},
	{"//www.linkedin.com/in/ada-example", LINKEDIN_SLUG, "li:slug:ada-example"},
	{"/in/ada-example/", LINKEDIN_SLUG, "li:slug:ada-example"},
	{"https:/www.linkedin.com//in//ada-example", LINKEDIN_SLUG, "li:slug:ada-example"},
	{"https://https://www.linkedin.com/in/ada-example", LINKEDIN_SLUG, "li:slug:ada-example"},
	{"https://www.linkedin.com:443/in/ada-example", LINKEDIN_SLUG, "li:slug:ada-example"},
	{"\xE2\x80\x8E" TOKEN "\xE2\x80\x8F", LINKEDIN_MEMBER_TOKEN, "li:member:4000000001"},
	{"https://www.linkedin.com/in/ada-example%E2%80%8B%20", LINKEDIN_SLUG,
	 "li:slug:ada-example"},
	{"ada-example\xE2\x80\x8C>", LINKEDIN_SLUG, "li:slug:ada-example"},
	{"in/ada-example\xE2\x80\x8C/x", LINKEDIN_SLUG, "li:slug:ada-example"},
	/* tokens with what exports put behind them */
	{SALES ",NAME_SEARCH,abcd", LINKEDIN_SALES_TOKEN, "li:member:4000000001"},
	{"https://www.linkedin.com/in/" SALES "%2CNAME_SEARCH%2Cabcd", LINKEDIN_SALES_TOKEN,
	 "li:member:4000000001"},
	{"https://www.linkedin.com/in/%41CoAAO5rKAEBjsY2kkFH5MlIG-r8gtph6ZC9U6I",
	 LINKEDIN_MEMBER_TOKEN, "li:member:4000000001"},
	{"urn:li:member:" TOKEN, LINKEDIN_MEMBER_TOKEN, "li:member:4000000001"},
	{"URN:LI:MEMBER:5", LINKEDIN_MEMBER_URN, "li:member:5"},
	{"https://www.linkedin.com/profile/view?x=1&amp;id=77", LINKEDIN_MEMBER_NUMERIC,
	 "li:member:77"},
	{"https://www.linkedin.com/in/" TOKEN "/overlay/about", LINKEDIN_MEMBER_TOKEN,
	 "li:member:4000000001"},
	/* damaged, made up */
	{"ACOAAO5RKAEBJSY2KKFH5MLIG-R8GTPH6ZC9U6I", LINKEDIN_DAMAGED_TOKEN, ""},
	{"AEMAAO5RKAEB-ALTIKVFG53UQ2N772ADPB-THXQ", LINKEDIN_DAMAGED_TOKEN, ""},
	{"ACoAAO5rKAEBjsY2kkFH5MlIG-r8gtph6ZC9U6", LINKEDIN_DAMAGED_TOKEN, ""},
	{"ACoAAO5rKAEBjsY2kkFH5MlIG\xE2\x80\xA6", LINKEDIN_DAMAGED_TOKEN, ""},
	{"ACoAAexpediteur", LINKEDIN_INVALID_TOKEN, ""},
	{"https://www.linkedin.com/in/ACoAAB1cD2eF3gH", LINKEDIN_INVALID_TOKEN, ""},
	{"ACoAAAAAAAABjsY2kkFH5MlIG-r8gtph6ZC9U6I", LINKEDIN_INVALID_TOKEN, ""},
	{"https://www.linkedin.com/sales/lead/ada-example", LINKEDIN_INVALID_TOKEN, ""},
	{"https://www.linkedin.com/sales/lead/", LINKEDIN_INVALID, ""},
	{"urn:li:fsd_profile:", LINKEDIN_INVALID, ""},
	{"urn:li:member:4294967295", LINKEDIN_MEMBER_URN, "li:member:4294967295"},
	{"urn:li:member:4294967296", LINKEDIN_INVALID, ""},
	{"urn:li:member:-5", LINKEDIN_INVALID, ""},
	{"urn:li:member:007", LINKEDIN_INVALID, ""},
	{"99999999999999999999", LINKEDIN_INVALID, ""},
	/* slugs that begin like tokens are slugs */
	{"https://www.linkedin.com/in/acoaali", LINKEDIN_SLUG, "li:slug:acoaali"},
	{"https://www.linkedin.com/in/ADEAAMIR-KHAN", LINKEDIN_SLUG, "li:slug:adeaamir-khan"},
	{"https://www.linkedin.com/in/4000000001", LINKEDIN_SLUG, "li:slug:4000000001"},
	/* escapes */
	{"https://www.linkedin.com/in/ada-%C3", LINKEDIN_SLUG, "li:slug:ada-%c3"},
	{"https://www.linkedin.com/in/ada-%", LINKEDIN_SLUG, "li:slug:ada-%"},
	{"https://www.linkedin.com/in/ada-%4", LINKEDIN_SLUG, "li:slug:ada-%4"},
	{"https://www.linkedin.com/in/ada%252Dx", LINKEDIN_SLUG, "li:slug:ada%2dx"},
	{"https://www.linkedin.com/in/ada%2Fbob", LINKEDIN_INVALID, ""},
	{"https://www.linkedin.com/in/ada%00bob", LINKEDIN_INVALID, ""},
	{"https://www.linkedin.com/in/ada%20bob", LINKEDIN_INVALID, ""},
	{"https://www.linkedin.com/in/{{slug}}", LINKEDIN_INVALID, ""},
	{"https://www.linkedin.com/in/---", LINKEDIN_INVALID, ""},
	{"https://www.linkedin.com/in/UNKNOWN", LINKEDIN_INVALID, ""},
	{"https://www.linkedin.com/in/undefined", LINKEDIN_INVALID, ""},
	{"https://www.linkedin.com/in/%C4%B0lker", LINKEDIN_SLUG, "li:slug:ilker"},
	/* hosts */
	{"https://www.linkedin.com@evil.example/in/ada", LINKEDIN_INVALID, ""},
	{"https://www.linkedin.com:x@evil.example/in/ada", LINKEDIN_INVALID, ""},
	{"https://evil.example\\.linkedin.com/in/ada", LINKEDIN_INVALID, ""},
	{"https://evil.example/https://www.linkedin.com/in/ada", LINKEDIN_INVALID, ""},
	{"ftp://www.linkedin.com/in/ada", LINKEDIN_INVALID, ""},
	{"https://www.linkedin.com", LINKEDIN_NON_PERSON, ""},
	{"https://www.linkedin.com/pub/ada-example", LINKEDIN_INVALID, ""},
	{"https://www.linkedin.com/pub/ada/1234/5/6", LINKEDIN_INVALID, ""},
	{"https://www.linkedin.com/company/", LINKEDIN_INVALID, ""},
	{"https://www.linkedin.com/company-beta/1035", LINKEDIN_COMPANY, "li:company:1035"},
	{"urn:li:fsd_company:1035", LINKEDIN_COMPANY, "li:company:1035"},
	{"urn:li:company:microsoft", LINKEDIN_INVALID, ""},
	{"https://www.linkedin.com/talent/search", LINKEDIN_NON_PERSON, ""},
	{"https://www.linkedin.com/profile/edit?id=5", LINKEDIN_NON_PERSON, ""},
	{"http://www.lnkd.in/abc", LINKEDIN_SHORT_LINK, ""},
	/* bare */
	{"N/A", LINKEDIN_INVALID, ""},
	{"unknown", LINKEDIN_INVALID, ""},
	{"Ada Example", LINKEDIN_INVALID, ""},
	{"ada.example", LINKEDIN_INVALID, ""},
	{"ad", LINKEDIN_INVALID, ""},
	{"linkedin.com/in/ada linkedin.com/in/bob", LINKEDIN_INVALID, ""},
	{"%E7%8E%8B%E4%BC%9F", LINKEDIN_SLUG, "li:slug:\xE7\x8E\x8B\xE4\xBC\x9F"},
};

static void forms_at_the_edges_are_read(void **state)
{
	int wrong = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(examples); i++) {
		struct arena arena;

		arena_init(&arena, ARENA_BYTES);
		struct linkedin found = parse(&arena, text_of(examples[i].input));
		struct text canonical = linkedin_canonical(&arena, &found);

		assert_round_trip(&arena, &found);
		if (found.kind != examples[i].kind ||
		    !text_is(canonical, text_of(examples[i].canonical))) {
			print_error("%s: %s %.*s\n", examples[i].input,
				    linkedin_kind_name(found.kind), TEXT_ARG(canonical));
			wrong++;
		}
		arena_release(&arena);
	}
	assert_int_equal(wrong, 0);
}

static void bare_words_need_a_linkedin_column(void **state)
{
	static const struct text bare[] = {{"ada-example", 11}, {"4000000001", 10}};
	struct arena arena;
	struct linkedin out;
	struct err err;

	(void)state;
	arena_init(&arena, ARENA_BYTES);
	for (size_t i = 0; i < ARRAY_LEN(bare); i++) {
		assert_int_equal(linkedin_parse(&arena, bare[i], false, &out, &err), ERR_OK);
		assert_int_equal(out.kind, LINKEDIN_INVALID);
	}
	assert_int_equal(linkedin_parse(&arena, TEXT(TOKEN), false, &out, &err), ERR_OK);
	assert_int_equal(out.kind, LINKEDIN_MEMBER_TOKEN);
	assert_int_equal(linkedin_parse(&arena, TEXT("in/ada-example"), false, &out, &err), ERR_OK);
	assert_int_equal(out.kind, LINKEDIN_SLUG);
	arena_release(&arena);
}

static void a_token_is_kept_as_sent(void **state)
{
	struct arena arena;

	(void)state;
	arena_init(&arena, ARENA_BYTES);
	struct linkedin found = parse(&arena, TEXT("urn:li:fs_salesProfile:(" SALES ",a,b)"));

	assert_text(found.token, SALES);
	assert_int_equal(found.tag, 0x002c);
	assert_null(found.slug.ptr);
	found = parse(&arena, TEXT(TOKEN "="));
	assert_text(found.token, TOKEN);
	assert_int_equal(found.tag, 0x002a);
	found = parse(&arena, TEXT("https://www.linkedin.com/in/ada?miniProfileUrn=" TOKEN));
	assert_null(found.token.ptr);
	assert_int_equal(found.member, 0);
	arena_release(&arena);
}

static void bytes_that_are_no_text_name_nobody(void **state)
{
	static const struct text inputs[] = {
		{NULL, 0},
		{"", 0},
		{"\0", 1},
		{"linkedin.com/in/ada\0b", 21},
		{"https://www.linkedin.com\0.evil.example/in/ada", 45},
		{"linkedin.com/in/\xFF\xFE", 18},
		{"linkedin.com/in/\xC3", 17},
		{"\xED\xA0\x80", 3},
	};
	struct arena arena;

	(void)state;
	arena_init(&arena, ARENA_BYTES);
	for (size_t i = 0; i < ARRAY_LEN(inputs); i++)
		assert_int_equal(parse(&arena, inputs[i]).kind, LINKEDIN_INVALID);
	arena_release(&arena);
}

static void every_cut_of_a_long_form_is_an_answer(void **state)
{
	static const char form[] = "[A](https://www.linkedin.comhttps://de.linkedin.com/in/"
				   "J%C3%96RG-\xF0\x9F\x9A\x80%F0%9F%9A%80?x=" TOKEN ")";
	struct arena arena;

	(void)state;
	arena_init(&arena, ARENA_BYTES);
	for (size_t len = 0; len < sizeof form; len++) {
		/* A copy of that length, so that a read past its end is seen. */
		char *input = malloc(len ? len : 1);

		assert_non_null(input);
		memcpy(input, form, len);
		struct linkedin found = parse(&arena, (struct text){input, len});

		assert_round_trip(&arena, &found);
		free(input);
		arena_reset(&arena);
	}
	arena_release(&arena);
}

static void lengths_are_bounded(void **state)
{
	static char input[9000];
	struct arena arena;

	(void)state;
	arena_init(&arena, ARENA_BYTES);
	memset(input, 'a', sizeof input);
	memcpy(input, "linkedin.com/in/", 16);
	assert_int_equal(parse(&arena, (struct text){input, 116}).kind, LINKEDIN_SLUG);
	assert_int_equal(parse(&arena, (struct text){input, 117}).kind, LINKEDIN_INVALID);
	input[25] = '?';
	assert_int_equal(parse(&arena, (struct text){input, 8192}).kind, LINKEDIN_SLUG);
	assert_int_equal(parse(&arena, (struct text){input, 8193}).kind, LINKEDIN_INVALID);
	memset(input, '%', 8000);
	assert_int_equal(parse(&arena, (struct text){input, 8000}).kind, LINKEDIN_INVALID);
	arena_release(&arena);
}

static void the_url_prefers_the_slug(void **state)
{
	struct arena arena;

	(void)state;
	arena_init(&arena, ARENA_BYTES);
	assert_text(linkedin_profile_url(&arena, TEXT("j\xC3\xB6rg"), TEXT(TOKEN), TEXT(SALES)),
		    "https://www.linkedin.com/in/j%C3%B6rg");
	assert_text(linkedin_profile_url(&arena, TEXT_NONE, TEXT(TOKEN), TEXT(SALES)),
		    "https://www.linkedin.com/in/" TOKEN);
	assert_text(linkedin_profile_url(&arena, TEXT(""), TEXT_NONE, TEXT(SALES)),
		    "https://www.linkedin.com/sales/lead/" SALES);
	assert_text(linkedin_profile_url(&arena, TEXT_NONE, TEXT_NONE, TEXT_NONE), "");
	arena_release(&arena);
}

static void kinds_that_name_no_person_say_why(void **state)
{
	struct arena arena;

	(void)state;
	arena_init(&arena, ARENA_BYTES);
	assert_null(linkedin_advice(LINKEDIN_SLUG));
	assert_null(linkedin_advice(LINKEDIN_LEGACY_TOKEN));
	assert_non_null(strstr(linkedin_advice(LINKEDIN_SHORT_LINK), "lnkd.in"));
	/* Each row of the examples: advice exactly where there is neither number nor slug. */
	for (size_t i = 0; i < ARRAY_LEN(examples); i++) {
		struct linkedin found = parse(&arena, text_of(examples[i].input));
		bool person = found.member || found.slug.ptr;

		assert_int_equal(person, linkedin_advice(found.kind) == NULL);
	}
	arena_release(&arena);
}

static void want_of_memory_is_reported(void **state)
{
	static const char *const inputs[] = {"in/Ada-Example", "in/ada%2dx", "in/j\xC3\xB6rg",
					     "pub/ada/1/2/3", "urn%3Ali%3Amember%3A5"};
	struct linkedin out = {.member = 7};
	struct arena arena;
	struct err err;

	(void)state;
	arena_init(&arena, 0);
	for (size_t i = 0; i < ARRAY_LEN(inputs); i++) {
		struct text input = text_of(inputs[i]);

		assert_int_equal(linkedin_parse(&arena, input, true, &out, &err), ERR_BUSY);
	}
	assert_int_equal(out.member, 7);
	assert_null(linkedin_profile_url(&arena, TEXT("ada"), TEXT_NONE, TEXT_NONE).ptr);
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_vector_is_read),
		cmocka_unit_test(forms_at_the_edges_are_read),
		cmocka_unit_test(bare_words_need_a_linkedin_column),
		cmocka_unit_test(a_token_is_kept_as_sent),
		cmocka_unit_test(bytes_that_are_no_text_name_nobody),
		cmocka_unit_test(every_cut_of_a_long_form_is_an_answer),
		cmocka_unit_test(lengths_are_bounded),
		cmocka_unit_test(the_url_prefers_the_slug),
		cmocka_unit_test(kinds_that_name_no_person_say_why),
		cmocka_unit_test(want_of_memory_is_reported),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
