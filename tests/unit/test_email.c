#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>
#include <jansson.h>

#include "lead/email.h"

#define ARENA_BYTES ((size_t)1 << 20)

static struct email parse(struct arena *arena, struct text input)
{
	struct email out;
	struct err err;

	assert_int_equal(email_parse(arena, input, &out, &err), ERR_OK);
	/* Either a key or a reason, and never both. */
	assert_true((out.key.ptr == NULL) == (out.reason != NULL));
	assert_true(!out.hint.ptr || out.key.ptr);
	assert_int_equal(out.weak, out.kind == EMAIL_ROLE);
	return out;
}

/* A key, what is displayed and the hint are addresses; key and display are the same one. */
static void assert_stable(struct arena *arena, const struct email *found)
{
	if (!found->key.ptr)
		return;
	struct email again = parse(arena, found->key);

	assert_int_equal(again.kind, found->kind);
	assert_true(text_is(again.key, found->key));
	assert_true(text_is(again.hint, found->hint));
	again = parse(arena, found->display);
	assert_true(text_is(again.key, found->key));
	if (found->hint.ptr) {
		again = parse(arena, found->hint);
		assert_true(text_is(again.key, found->hint));
	}
}

static struct text member(const json_t *row, const char *name)
{
	return text_of(json_string_value(json_object_get(row, name)));
}

static bool is_row(const json_t *row, struct arena *arena)
{
	struct email found = parse(arena, member(row, "input"));

	assert_stable(arena, &found);
	if (text_is(text_of(email_kind_name(found.kind)), member(row, "kind")) &&
	    text_is(found.key, member(row, "canonical")) &&
	    text_is(found.hint, member(row, "hint")))
		return true;
	print_error("%.*s: %s %.*s (%.*s)\n", TEXT_ARG(member(row, "input")),
		    email_kind_name(found.kind), TEXT_ARG(found.key), TEXT_ARG(found.hint));
	return false;
}

static void every_vector_is_read(void **state)
{
	FILE *file = fopen("tests/data/email.jsonl", "r");
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
	assert_int_equal(rows, 75);
	assert_int_equal(wrong, 0);
}

struct example {
	const char *input;
	enum email_kind kind;
	const char *key;  /* or, for a refused one, the end of the reason */
	const char *hint; /* NULL for none */
};

static const struct example examples[] = {
	/* wrapping */
	{"[Ada](mailto:ada@example.com)", EMAIL_WORK, "ada@example.com", NULL},
	{"=HYPERLINK(\"mailto:ada@example.com\",\"Ada\")", EMAIL_WORK, "ada@example.com", NULL},
	{"MAILTO:ada%40example.com", EMAIL_WORK, "ada@example.com", NULL},
	{"<mailto:ada@example.com>", EMAIL_WORK, "ada@example.com", NULL},
	{"\"ada@example.com\"", EMAIL_WORK, "ada@example.com", NULL},
	{"(ada@example.com).", EMAIL_WORK, "ada@example.com", NULL},
	{"\"Ada \\\"<x>\\\" E\" <ada@example.com>", EMAIL_WORK, "ada@example.com", NULL},
	{"ada@example.com\xE3\x80\x82", EMAIL_WORK, "ada@example.com", NULL},
	/* the domain */
	{"ada@example.c", EMAIL_INVALID, "in a single letter", NULL},
	{"ada@example.123", EMAIL_INVALID, "in place of a domain", NULL},
	{"ada@", EMAIL_INVALID, "nothing behind the @", NULL},
	{"ada@example-.com", EMAIL_INVALID, "of its domain", NULL},
	{"ada@.com", EMAIL_INVALID, "too many in its domain", NULL},
	{"ada@exa mple.com", EMAIL_INVALID, "a space in it", NULL},
	{"ada@exa%6Dple.com", EMAIL_INVALID, "may not stand there", NULL},
	{"ada@exam\xE2\x80\x8Dple.com", EMAIL_INVALID, "valid international name", NULL},
	{"ada@b\xC3\xBC" "cher_x.example", EMAIL_INVALID, "may not stand there", NULL},
	{"ada@b\xC3\xBC" "cher.\xE3\x80\x82" "example", EMAIL_INVALID, NULL, NULL},
	{"ada@example.com/x", EMAIL_INVALID, "may not stand there", NULL},
	{"ada@xn--bcher-kva.EXAMPLE", EMAIL_WORK, "ada@xn--bcher-kva.example", NULL},
	/* the part before the @ */
	{"@example.com", EMAIL_INVALID, "nothing before the @", NULL},
	{"\"\"@example.com", EMAIL_INVALID, "nothing before the @", NULL},
	{"\"ada@example.com", EMAIL_INVALID, "right before the @", NULL},
	{"\"ada\"x@example.com", EMAIL_INVALID, "right before the @", NULL},
	{"\"ada\\\\\\\"b\"@example.com", EMAIL_QUOTED, "\"ada\\\\\\\"b\"@example.com", NULL},
	{"\"'ada\"@example.com", EMAIL_QUOTED, "\"'ada\"@example.com", NULL},
	{"ada@example.com", EMAIL_WORK, "ada@example.com", NULL},
	{"a+@b.com", EMAIL_WORK, "a+@b.com", NULL},
	{"\"Ada B\"@example.com", EMAIL_QUOTED, "\"ada b\"@example.com", NULL},
	{"\"a..b\"@example.com", EMAIL_QUOTED, "\"a..b\"@example.com", NULL},
	{"\"a\tb\"@example.com", EMAIL_INVALID, "control character in it", NULL},
	{"a\xE2\x80\x8D" "b@example.com", EMAIL_INVALID, "before the @", NULL},
	{"a\xC2\xA0" "b@example.com", EMAIL_INVALID, "before the @", NULL},
	{"\xE2\x84\xAA" "im@example.com", EMAIL_WORK, "kim@example.com", NULL},
	{"\xCE\xA3\xCE\x91@example.com", EMAIL_EAI, "\xCF\x83\xCE\xB1@example.com", NULL},
	{"a@b@example.com", EMAIL_INVALID, "more than one @", NULL},
	{"a@example.com;b@example.com", EMAIL_INVALID, "send one", NULL},
	{"a@example.com b@example.com", EMAIL_INVALID, "send one", NULL},
	{"ada.example.com", EMAIL_INVALID, "has no @", NULL},
	{" \t ", EMAIL_INVALID, "is empty", NULL},
	/* roles, providers, hints */
	{"INFO@gmail.com", EMAIL_ROLE, "info@gmail.com", NULL},
	{"infos@example.com", EMAIL_WORK, "infos@example.com", NULL},
	{"abuse@example.com", EMAIL_ROLE, "abuse@example.com", NULL},
	{"www@example.com", EMAIL_ROLE, "www@example.com", NULL},
	{"presse@example.com", EMAIL_ROLE, "presse@example.com", NULL},
	{"press@example.com", EMAIL_ROLE, "press@example.com", NULL},
	{"ada@126.com", EMAIL_PERSONAL, "ada@126.com", NULL},
	{"ada@zohomail.com", EMAIL_PERSONAL, "ada@zohomail.com", NULL},
	{"ada@mail.gmail.com", EMAIL_WORK, "ada@mail.gmail.com", NULL},
	{"ada@yahoo.com.br", EMAIL_PERSONAL, "ada@yahoo.com.br", NULL},
	{"ada-x@yahoo.co.uk", EMAIL_PERSONAL, "ada-x@yahoo.co.uk", "ada@yahoo.co.uk"},
	{"ada-x@yahoo.evil.example", EMAIL_WORK, "ada-x@yahoo.evil.example", NULL},
	{"a.b@yandex.evil.example", EMAIL_WORK, "a.b@yandex.evil.example", NULL},
	{"ada@googlemail.com", EMAIL_PERSONAL, "ada@googlemail.com", "ada@gmail.com"},
	{"+x@gmail.com", EMAIL_PERSONAL, "+x@gmail.com", NULL},
	{"ada.+x@example.com", EMAIL_WORK, "ada.+x@example.com", NULL},
	/* placeholders */
	{"None@None.com", EMAIL_PLACEHOLDER, "stands for no address", NULL},
	{"test@test.com", EMAIL_PLACEHOLDER, "stands for no address", NULL},
	{"noemail@acme.com", EMAIL_PLACEHOLDER, "stands for no address", NULL},
	{"lead-17@crm.invalid", EMAIL_PLACEHOLDER, "stands for no address", NULL},
	{"test@example.com", EMAIL_WORK, "test@example.com", NULL},
	/* literals */
	{"ada@[IPv6:2001:db8::1]", EMAIL_LITERAL, "not a mail domain", NULL},
};

static bool ends(const char *reason, const char *end)
{
	size_t len = strlen(reason), end_len = end ? strlen(end) : 0;

	return !end || (len >= end_len && strcmp(reason + len - end_len, end) == 0);
}

static void forms_at_the_edges_are_read(void **state)
{
	int wrong = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(examples); i++) {
		const struct example *example = &examples[i];
		struct arena arena;

		arena_init(&arena, ARENA_BYTES);
		struct email found = parse(&arena, text_of(example->input));
		bool right = found.reason ? ends(found.reason, example->key)
					  : text_is(found.key, text_of(example->key));

		assert_stable(&arena, &found);
		if (!right || found.kind != example->kind ||
		    !text_is(found.hint, text_of(example->hint))) {
			print_error("%s: %s %.*s %s\n", example->input, email_kind_name(found.kind),
				    TEXT_ARG(found.key), found.reason ? found.reason : "");
			wrong++;
		}
		arena_release(&arena);
	}
	assert_int_equal(wrong, 0);
}

static void the_display_is_as_sent(void **state)
{
	struct arena arena;

	(void)state;
	arena_init(&arena, ARENA_BYTES);
	struct email found = parse(&arena, TEXT("Ada <Ada.Example@B\xC3\x9C"
						"CHER.example>, "));

	assert_true(text_is(found.display, TEXT("Ada.Example@B\xC3\x9C"
						"CHER.example")));
	assert_true(text_is(found.key, TEXT("ada.example@xn--bcher-kva.example")));
	assert_null(parse(&arena, TEXT("nobody")).display.ptr);
	arena_release(&arena);
}

static void bytes_that_are_no_text_are_refused(void **state)
{
	static const struct text inputs[] = {
		{NULL, 0},
		{"", 0},
		{"\0", 1},
		{"ada\0x@example.com", 17},
		{"ada@example.com\0.evil.example", 29},
		{"ada@b\xC3\xBC" "cher\0.example", 19},
		{"ada@\xFF\xFE.com", 10},
		{"mailto:ada%FF@example.com", 25},
		{"mailto:ada%00@example.com", 25},
		{"\xC3", 1},
	};
	struct arena arena;

	(void)state;
	arena_init(&arena, ARENA_BYTES);
	for (size_t i = 0; i < ARRAY_LEN(inputs); i++)
		assert_int_equal(parse(&arena, inputs[i]).kind, EMAIL_INVALID);
	arena_release(&arena);
}

static void every_cut_of_a_long_form_is_an_answer(void **state)
{
	static const char form[] = "\"Example, \\\"Ada\" <mailto:\"a\\\"b %C3%B6\"@m\xC3\xBCnchen"
				   "\xE3\x80\x82"
				   "example?subject=x>,";
	struct arena arena;

	(void)state;
	arena_init(&arena, ARENA_BYTES);
	for (size_t len = 0; len < sizeof form; len++) {
		/* A copy of that length, so that a read past its end is seen. */
		char *input = malloc(len ? len : 1);

		assert_non_null(input);
		memcpy(input, form, len);
		struct email found = parse(&arena, (struct text){input, len});

		assert_stable(&arena, &found);
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
	memset(input, ' ', sizeof input);
	memcpy(input, "ada@example.com", 15);
	assert_int_equal(parse(&arena, (struct text){input, 8192}).kind, EMAIL_WORK);
	assert_int_equal(parse(&arena, (struct text){input, 8193}).kind, EMAIL_INVALID);
	memset(input + 4, 'a', 8000);
	assert_int_equal(parse(&arena, (struct text){input, 8000}).kind, EMAIL_INVALID);
	/* 33 letters of two bytes each before the @: 66 bytes. */
	for (size_t i = 0; i < 33; i++)
		memcpy(input + 2 * i, "\xC3\xB6", 2);
	memcpy(input + 66, "@example.com", 12);
	assert_int_equal(parse(&arena, (struct text){input, 78}).kind, EMAIL_INVALID);
	assert_int_equal(parse(&arena, (struct text){input + 2, 76}).kind, EMAIL_EAI);
	arena_release(&arena);
}

static void want_of_memory_is_reported(void **state)
{
	static const char *const inputs[] = {"ada@example.com",
					     "Ada@example.com",
					     "ada@b\xC3\xBC"
					     "cher.example",
					     "\"a b\"@example.com",
					     "mailto:ada%40example.com",
					     "ada\xEF\xBC\xA0"
					     "b.com"};
	struct email out = {.kind = EMAIL_LITERAL};
	struct arena arena;
	struct err err;

	(void)state;
	arena_init(&arena, 0);
	for (size_t i = 0; i < ARRAY_LEN(inputs); i++)
		assert_int_equal(email_parse(&arena, text_of(inputs[i]), &out, &err), ERR_BUSY);
	assert_int_equal(out.kind, EMAIL_LITERAL);
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_vector_is_read),
		cmocka_unit_test(forms_at_the_edges_are_read),
		cmocka_unit_test(the_display_is_as_sent),
		cmocka_unit_test(bytes_that_are_no_text_are_refused),
		cmocka_unit_test(every_cut_of_a_long_form_is_an_answer),
		cmocka_unit_test(lengths_are_bounded),
		cmocka_unit_test(want_of_memory_is_reported),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
