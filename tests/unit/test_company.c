/* lead/company.c: what names a company, and what does not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "lead/company.h"

struct pair {
	const char *given, *expected; /* NULL: names none */
};

typedef enum err_code reader(struct arena *arena, struct text text, struct text *out,
			     struct err *err);

static void check(reader *read, const struct pair *pairs, size_t count)
{
	struct arena arena;
	struct err err;

	arena_init(&arena, 1024 * 1024);
	for (size_t i = 0; i < count; i++) {
		struct text out = TEXT("unset");

		arena_reset(&arena);
		assert_int_equal(read(&arena, text_of(pairs[i].given), &out, &err), ERR_OK);
		if (!text_is(out, text_of(pairs[i].expected)) || !out.ptr != !pairs[i].expected)
			fail_msg("\"%s\" is \"%.*s\", not \"%s\"", pairs[i].given, TEXT_ARG(out),
				 pairs[i].expected ? pairs[i].expected : "none");
	}
	arena_release(&arena);
}

static void domains(void **state)
{
	static const struct pair pairs[] = {
		{"acme.com", "acme.com"},
		{" Acme.COM. ", "acme.com"},
		{"https://www.acme.com/about?x=1#y", "acme.com"},
		{"http://acme.com:8080", "acme.com"},
		{"//acme.com/", "acme.com"},
		{"www.acme.co.uk", "acme.co.uk"},
		{"info@acme.com", "acme.com"},
		{"eu.acme.com", "eu.acme.com"},
		{"www.com", "www.com"},
		{"münchen-gmbh.de", "xn--mnchen-gmbh-thb.de"},
		{"<https://acme.com>", "acme.com"},
		/* Who works at a network is known by its domain; whose page is there is not. */
		{"facebook.com", "facebook.com"},
		{"https://facebook.com/", "facebook.com"},
		{"https://www.facebook.com/acme", NULL},
		{"https://de.linkedin.com/company/acme", NULL},
		{"https://sites.google.com/view/acme", NULL},
		{"gmail.com", NULL},
		{"https://outlook.com", NULL},
		{"n/a", NULL},
		{"-", NULL},
		{"", NULL},
		{"acme", NULL},
		{"Acme Inc.", NULL},
		{"127.0.0.1", NULL},
		{"localhost", NULL},
		{"acme.com, other.com", NULL},
	};

	(void)state;
	check(company_domain, pairs, ARRAY_LEN(pairs));
}

static void pages(void **state)
{
	static const struct pair pairs[] = {
		{"https://www.linkedin.com/company/Acme-Inc/", "acme-inc"},
		{"linkedin.com/company/acme-inc/about", "acme-inc"},
		{"https://www.linkedin.com/company/1035", "1035"},
		{"https://www.linkedin.com/school/acme-college", "acme-college"},
		{"https://www.linkedin.com/sales/company/1035", "1035"},
		{"urn:li:organization:1035", "1035"},
		{"urn:li:fsd_company:1035", "1035"},
		{"company/acme-inc", "acme-inc"},
		{"acme-inc", "acme-inc"},
		{"1035", "1035"},
		{"0", NULL},
		{"https://www.linkedin.com/in/ada-example", NULL},
		{"https://www.linkedin.com/company/unavailable", NULL},
		{"https://acme.com/company/acme", NULL},
		{"Acme Inc", NULL},
		{"n/a", NULL},
		{"", NULL},
	};

	(void)state;
	check(company_page, pairs, ARRAY_LEN(pairs));
	assert_true(company_page_is_number(TEXT("1035")));
	assert_false(company_page_is_number(TEXT("1035a")));
	assert_false(company_page_is_number(TEXT("0")));
	assert_false(company_page_is_number(TEXT("")));
}

static void names(void **state)
{
	static const struct pair pairs[] = {
		{"Acme Inc.", "acme inc"},
		{"  ACME\t\tInc ", "acme inc"},
		{"\xC3\x84rzte AG", "\xC3\xA4rzte ag"},
		{"A\xCC\x88rzte AG", "\xC3\xA4rzte ag"}, /* the same, decomposed */
		{"Acme\xC2\xA0Inc", "acme inc"},
		{"Acme, Inc.", "acme, inc"},
		{"3M", "3m"},
		{"株式会社", "株式会社"},
		{"-", NULL},
		{"n/a", NULL},
		{"N.A.", NULL},
		{"none", NULL},
		{"Self-Employed", NULL},
		{"self employed", NULL},
		{"(Self-employed)", NULL},
		{"Freelance", NULL},
		{"Freelancer.", NULL},
		{"Selbstständig", NULL},
		{"Stealth Startup", NULL},
		{"...", NULL},
		{"", NULL},
		{"Freelance Technology", "freelance technology"},
		{"Student Union Ltd", "student union ltd"},
	};

	(void)state;
	check(company_folded_name, pairs, ARRAY_LEN(pairs));
}

static void keys_are_strongest_first(void **state)
{
	const struct company_facts facts = {.name = TEXT("Acme Inc."),
					    .website = TEXT("https://acme.com"),
					    .linkedin = TEXT("acme-inc"),
					    .linkedin_id = TEXT("1035")};
	const struct company_facts same = {.linkedin = TEXT("1035"), .linkedin_id = TEXT("1035")};
	const struct company_facts nobody = {.name = TEXT("freelance"),
					     .domain = TEXT("gmail.com")};
	struct company_keys keys;
	struct arena arena;
	struct err err;

	(void)state;
	arena_init(&arena, 1024 * 1024);
	assert_int_equal(company_keys_of(&arena, &facts, &keys, &err), ERR_OK);
	assert_int_equal(keys.count, 4);
	assert_true(text_is(keys.items[0].value, TEXT("acme.com")));
	assert_true(text_is(keys.items[1].value, TEXT("1035")));
	assert_true(text_is(keys.items[2].value, TEXT("acme-inc")));
	assert_true(text_is(keys.items[3].value, TEXT("acme inc")));
	assert_int_equal(keys.items[3].kind, COMPANY_BY_NAME);
	assert_int_equal(company_keys_of(&arena, &same, &keys, &err), ERR_OK);
	assert_int_equal(keys.count, 1);
	assert_int_equal(company_keys_of(&arena, &nobody, &keys, &err), ERR_OK);
	assert_int_equal(keys.count, 0);
	arena_release(&arena);
}

/* A domain is no name, whatever it spells, and no identifier of a person. */
static void hashes_differ_by_kind(void **state)
{
	struct identifier_key domain = company_key_hash(COMPANY_BY_DOMAIN, TEXT("acme"));
	struct identifier_key name = company_key_hash(COMPANY_BY_NAME, TEXT("acme"));
	struct identifier_key page = company_key_hash(COMPANY_BY_LINKEDIN, TEXT("acme"));
	struct identifier_key slug = identifier_key_of(IDENTIFIER_BY_SLUG, TEXT("acme"));

	(void)state;
	assert_memory_not_equal(&domain, &name, sizeof name);
	assert_memory_not_equal(&domain, &page, sizeof page);
	assert_memory_not_equal(&name, &page, sizeof page);
	assert_memory_not_equal(&slug, &page, sizeof page);
	assert_memory_not_equal(&slug, &name, sizeof name);
}

static void a_record_names_its_company(void **state)
{
	struct record record;
	struct company_keys keys;
	struct arena arena;
	struct err err;

	(void)state;
	arena_init(&arena, 1024 * 1024);
	record_init(&record);
	record.values[FIELD_COMPANY] = TEXT("\"Acme \\\"Works\\\"\"");
	record.values[FIELD_COMPANY_WEBSITE] = TEXT("\"https://site.example\"");
	record.values[FIELD_COMPANY_DOMAIN] = TEXT("\"acme.example\"");
	record.values[FIELD_COMPANY_LINKEDIN_ID] = TEXT("\"77\"");
	assert_int_equal(company_keys_of_record(&arena, &record, &keys, &err), ERR_OK);
	assert_int_equal(keys.count, 3);
	assert_true(text_is(keys.items[0].value, TEXT("acme.example")));
	assert_true(text_is(keys.items[1].value, TEXT("77")));
	assert_true(text_is(keys.items[2].value, TEXT("acme \"works\"")));
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(domains),
		cmocka_unit_test(pages),
		cmocka_unit_test(names),
		cmocka_unit_test(keys_are_strongest_first),
		cmocka_unit_test(hashes_differ_by_kind),
		cmocka_unit_test(a_record_names_its_company),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
