/*
 * company: what names a company, in the forms it is compared in.
 *
 * A company is found by its domain, its page on LinkedIn (by name or number), or its own name,
 * strongest first. What stands in these places without naming a company names none: "n/a",
 * "self-employed", "freelance", "-", a mail provider's domain, a profile on a social network.
 *
 * Holds    nothing.
 * Threads  any.
 * Fails    only for want of memory; a value that names no company is left out.
 *          Texts of the answers lie in the arena or are borrowed from the input.
 */
#ifndef LEAD_COMPANY_H
#define LEAD_COMPANY_H

#include "lead/record.h"

enum company_key_kind { COMPANY_BY_DOMAIN, COMPANY_BY_LINKEDIN, COMPANY_BY_NAME };

/* What is said about a company, as plain texts; absent or empty: nothing. */
struct company_facts {
	struct text name;
	struct text domain;      /* "acme.com"; an URL does as well */
	struct text website;     /* gives the domain where there is none */
	struct text linkedin;    /* the page: URL, URN, or the bare name at the end of the URL */
	struct text linkedin_id; /* the page's number; a name or an URL does as well */
};

struct company_key {
	enum company_key_kind kind;
	struct text value;          /* normal form: "acme.com", "acme-inc", "1035", "acme inc" */
	struct identifier_key hash; /* of kind and value, for store/entries.h */
};

/* Domain, page, number of the page, name. */
#define COMPANY_KEYS_MAX 4

/* Strongest first. The owner of the first one is the company (see store/companies.h). */
struct company_keys {
	struct company_key items[COMPANY_KEYS_MAX];
	size_t count;
};

/* The keys of what `facts` name; none when they name no company. */
MUST_USE enum err_code company_keys_of(struct arena *arena, const struct company_facts *facts,
				       struct company_keys *out, struct err *err);

/* What a lead's record says about the lead's company. */
MUST_USE enum err_code company_facts_of(struct arena *arena, const struct record *record,
					struct company_facts *out, struct err *err);

/* The keys of the company of a lead's record: company_keys_of its facts. */
MUST_USE enum err_code company_keys_of_record(struct arena *arena, const struct record *record,
					      struct company_keys *out, struct err *err);

/*
 * The domain that `text` (a domain, a host or an URL) names a company by: lower case, A-label,
 * without "www."; absent when it names none.
 */
MUST_USE enum err_code company_domain(struct arena *arena, struct text text, struct text *out,
				      struct err *err);

/* The page on LinkedIn, its name or number; absent when `text` is none. */
MUST_USE enum err_code company_page(struct arena *arena, struct text text, struct text *out,
				    struct err *err);

/* Whether a page is a number: a page's name and its number name one company in two ways. */
bool company_page_is_number(struct text page);

/* The name as it is compared; absent when it names no company. */
MUST_USE enum err_code company_folded_name(struct arena *arena, struct text text, struct text *out,
					   struct err *err);

struct identifier_key company_key_hash(enum company_key_kind kind, struct text value);

#endif
