#include "lead/company.h"

#include <sodium.h>
#include <stdlib.h>
#include <utf8proc.h>

#include "json/scan.h"
#include "lead/email.h"
#include "lead/linkedin.h"
#include "lead/placeholder.h"

/* What is longer is no domain, page or name: see the fields' own limits. */
#define VALUE_BYTES_MAX 4096
#define NAME_BYTES_MAX 1200
#define PAGE_DIGITS_MAX 18

/* Words for having no employer; in strcmp order, lower case, marks between words are a blank. */
static const char *const no_companies[] = {
	"arbeitssuchend",
	"auto entrepreneur",
	"autoentrepreneur",
	"autonomo",
	"autónomo",
	"between jobs",
	"company",
	"company name",
	"confidential",
	"confidential company",
	"contractor",
	"desempleado",
	"freelance",
	"freelancer",
	"freelancing",
	"freiberufler",
	"freiberuflich",
	"home",
	"independant",
	"independent",
	"independent consultant",
	"independent contractor",
	"independiente",
	"individual",
	"indépendant",
	"indépendante",
	"job seeker",
	"libero professionista",
	"looking for a job",
	"looking for opportunities",
	"looking for work",
	"multiple",
	"my company",
	"my own company",
	"not currently employed",
	"not employed",
	"open to work",
	"own company",
	"por cuenta propia",
	"private person",
	"private practice",
	"retired",
	"sans emploi",
	"seeking opportunities",
	"selbstständig",
	"selbständig",
	"self",
	"self employed",
	"selfemployed",
	"stealth",
	"stealth company",
	"stealth mode",
	"stealth mode startup",
	"stealth startup",
	"student",
	"unemployed",
	"various",
	"zelfstandig",
	"zzp",
	"zzper",
	"à son compte",
};

/* Where a path names the company, or anybody, and the host does not; in strcmp order. */
static const char *const shared_hosts[] = {
	"about.me",
	"angel.co",
	"bit.ly",
	"crunchbase.com",
	"docs.google.com",
	"drive.google.com",
	"facebook.com",
	"fb.com",
	"github.com",
	"goo.gl",
	"instagram.com",
	"linkedin.com",
	"linktr.ee",
	"lnkd.in",
	"maps.google.com",
	"medium.com",
	"sites.google.com",
	"t.co",
	"t.me",
	"tiktok.com",
	"tinyurl.com",
	"twitter.com",
	"vk.com",
	"wa.me",
	"wikipedia.org",
	"x.com",
	"xing.com",
	"youtu.be",
	"youtube.com",
};

static int compare(const void *key, const void *row)
{
	const struct text *text = key;
	const char *word = *(const char *const *)row;
	size_t len = strlen(word);
	int order = memcmp(text->ptr, word, text->len < len ? text->len : len);

	return order ? order : (text->len > len) - (text->len < len);
}

static bool is_listed(struct text text, const char *const *list, size_t count)
{
	return text.len > 0 && bsearch(&text, list, count, sizeof *list, compare) != NULL;
}

/* Without what copying leaves around a value; empty when nothing is there, absent: no memory. */
static struct text bare(struct arena *arena, struct text text)
{
	if (!text.ptr || text.len > VALUE_BYTES_MAX || !text_is_utf8(text))
		return TEXT("");
	struct text out = placeholder_strip(arena, text);

	return out.ptr ? text_trim(placeholder_unwrap(out)) : out;
}

/* Where one of the characters of `set` is first, or the length. */
static size_t find_first(struct text text, const char *set)
{
	size_t i = 0;

	while (i < text.len && (text.ptr[i] == '\0' || !strchr(set, text.ptr[i])))
		i++;
	return i;
}

/* "https://ada@Example.com:8080/x?y" → "Example.com"; *out_path: something follows "/". */
static struct text host_of(struct text url, bool *out_path)
{
	for (size_t i = 0; i + 2 < url.len; i++) {
		if (memcmp(url.ptr + i, "://", 3) == 0) {
			url = text_skip(url, i + 3);
			break;
		}
	}
	while (text_starts(url, TEXT("/")))
		url = text_skip(url, 1);
	size_t end = find_first(url, "/?#\\");
	struct text host = {url.ptr, end};
	size_t at = find_first(host, "@");

	*out_path = url.len > end + 1;
	if (at < host.len)
		host = text_skip(host, at + 1);
	host.len = find_first(host, ":");
	while (host.len > 0 && host.ptr[host.len - 1] == '.')
		host.len--;
	return host;
}

static bool is_shared(struct text domain)
{
	while (domain.len > 0) {
		if (is_listed(domain, shared_hosts, ARRAY_LEN(shared_hosts)))
			return true;
		domain = text_skip(domain, find_first(domain, ".") + 1);
	}
	return false;
}

enum err_code company_domain(struct arena *arena, struct text text, struct text *out,
			     struct err *err)
{
	struct text value = bare(arena, text), address;
	bool has_path = false;
	struct email email;

	if (!value.ptr)
		return err_memory(err);
	struct text host = host_of(value, &has_path);

	*out = TEXT_NONE;
	if (host.len == 0 || placeholder_is(host))
		return ERR_OK;
	/* A host is a company's when mail could be sent there; one reader of domains is enough. */
	address = arena_format(arena, "ada.example@%.*s", TEXT_ARG(host));
	if (!address.ptr)
		return err_memory(err);
	if (email_parse(arena, address, &email, err) != ERR_OK)
		return err->code;
	if (email.kind != EMAIL_WORK || !email.key.ptr)
		return ERR_OK;
	struct text domain = text_skip(email.key, find_first(email.key, "@") + 1);

	if (text_starts(domain, TEXT("www.")) && memchr(domain.ptr + 4, '.', domain.len - 4))
		domain = text_skip(domain, 4);
	if (!has_path || !is_shared(domain))
		*out = domain;
	return ERR_OK;
}

bool company_page_is_number(struct text page)
{
	if (page.len == 0 || page.len > PAGE_DIGITS_MAX || page.ptr[0] == '0')
		return false;
	for (size_t i = 0; i < page.len; i++) {
		if (page.ptr[i] < '0' || page.ptr[i] > '9')
			return false;
	}
	return true;
}

static bool is_zeros(struct text text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] != '0')
			return false;
	}
	return true;
}

enum err_code company_page(struct arena *arena, struct text text, struct text *out, struct err *err)
{
	struct text value = bare(arena, text);
	struct linkedin linkedin;

	if (!value.ptr)
		return err_memory(err);
	*out = TEXT_NONE;
	if (value.len == 0 || placeholder_is(value))
		return ERR_OK;
	if (company_page_is_number(value)) {
		*out = value;
		return ERR_OK;
	}
	/* The end of a page's URL alone. */
	if (find_first(value, "/:") == value.len)
		value = arena_format(arena, "https://www.linkedin.com/company/%.*s",
				     TEXT_ARG(value));
	if (!value.ptr)
		return err_memory(err);
	if (linkedin_parse(arena, value, false, &linkedin, err) != ERR_OK)
		return err->code;
	/* "0" is no number of a page, and no name. */
	if (linkedin.org.len > 0 && !text_is(linkedin.org, TEXT("unavailable")) &&
	    !is_zeros(linkedin.org))
		*out = linkedin.org;
	return ERR_OK;
}

static bool is_blank(int32_t c)
{
	return c <= ' ' || utf8proc_category(c) == UTF8PROC_CATEGORY_ZS;
}

/* Runs of blanks, and of `marks`, become one blank; none at the ends. In the arena. */
static struct text spaced(struct arena *arena, struct text text, const char *marks)
{
	char *out = arena_take(arena, text.len + 1);
	size_t len = 0, i = 0;
	bool gap = false;

	if (!out)
		return TEXT_NONE;
	while (i < text.len) {
		int32_t c;
		utf8proc_ssize_t step = utf8proc_iterate((const uint8_t *)text.ptr + i,
							 (utf8proc_ssize_t)(text.len - i), &c);

		if (step < 1) { /* bare() has checked that this cannot be */
			c = ' ';
			step = 1;
		}
		if (is_blank(c) || (c < 0x80 && strchr(marks, c))) {
			gap = len > 0;
		} else {
			if (gap)
				out[len++] = ' ';
			memcpy(out + len, text.ptr + i, (size_t)step);
			len += (size_t)step;
			gap = false;
		}
		i += (size_t)step;
	}
	return (struct text){out, len};
}

/* Without full stops, commas and dashes at the ends: "Acme Inc." is "Acme Inc". */
static struct text without_marks(struct text text)
{
	if (text.len > 1 && text.ptr[0] == '"' && text.ptr[text.len - 1] == '"')
		text = (struct text){text.ptr + 1, text.len - 2};
	while (text.len > 0 && strchr(".,;:-_ ", text.ptr[text.len - 1]))
		text.len--;
	while (text.len > 0 && strchr(",;:-_ ", text.ptr[0]))
		text = text_skip(text, 1);
	return text;
}

enum err_code company_folded_name(struct arena *arena, struct text text, struct text *out,
				  struct err *err)
{
	bool fits = text.ptr && text.len <= NAME_BYTES_MAX && text_is_utf8(text);
	struct text folded = placeholder_strip(arena, fits ? text : TEXT(""));

	if (folded.ptr)
		folded = placeholder_fold(arena, folded);
	if (folded.ptr)
		folded = spaced(arena, folded, "");
	if (!folded.ptr)
		return err_memory(err);
	folded = without_marks(folded);
	struct text words = spaced(arena, folded, "-/_.()");

	if (!words.ptr)
		return err_memory(err);
	*out = words.len == 0 || placeholder_is(folded) ||
			       is_listed(words, no_companies, ARRAY_LEN(no_companies))
		       ? TEXT_NONE
		       : folded;
	return ERR_OK;
}

struct identifier_key company_key_hash(enum company_key_kind kind, struct text value)
{
	/* No letter of an identifier's key space: the blacklist holds both. */
	static const unsigned char letters[] = {'d', 'l', 'n'};
	struct identifier_key key;
	crypto_generichash_state state;

	crypto_generichash_init(&state, NULL, 0, sizeof key.bytes);
	crypto_generichash_update(&state, &letters[kind], 1);
	crypto_generichash_update(&state, (const unsigned char *)value.ptr, value.len);
	crypto_generichash_final(&state, key.bytes, sizeof key.bytes);
	return key;
}

static void add(struct company_keys *keys, enum company_key_kind kind, struct text value)
{
	if (!value.ptr)
		return;
	for (size_t i = 0; i < keys->count; i++) {
		if (keys->items[i].kind == kind && text_is(keys->items[i].value, value))
			return;
	}
	keys->items[keys->count++] =
		(struct company_key){kind, value, company_key_hash(kind, value)};
}

enum err_code company_keys_of(struct arena *arena, const struct company_facts *facts,
			      struct company_keys *out, struct err *err)
{
	struct text domain, site = TEXT_NONE, page, number, name;

	if (company_domain(arena, facts->domain, &domain, err) != ERR_OK ||
	    (!domain.ptr && company_domain(arena, facts->website, &site, err) != ERR_OK) ||
	    company_page(arena, facts->linkedin, &page, err) != ERR_OK ||
	    company_page(arena, facts->linkedin_id, &number, err) != ERR_OK ||
	    company_folded_name(arena, facts->name, &name, err) != ERR_OK)
		return err->code;
	out->count = 0;
	add(out, COMPANY_BY_DOMAIN, domain.ptr ? domain : site);
	add(out, COMPANY_BY_LINKEDIN, number);
	add(out, COMPANY_BY_LINKEDIN, page);
	add(out, COMPANY_BY_NAME, name);
	return ERR_OK;
}

enum err_code company_facts_of(struct arena *arena, const struct record *record,
			       struct company_facts *out, struct err *err)
{
	const struct {
		enum field_id field;
		struct text *to;
	} parts[] = {
		{FIELD_COMPANY, &out->name},
		{FIELD_COMPANY_DOMAIN, &out->domain},
		{FIELD_COMPANY_WEBSITE, &out->website},
		{FIELD_COMPANY_LINKEDIN_URL, &out->linkedin},
		{FIELD_COMPANY_LINKEDIN_ID, &out->linkedin_id},
	};

	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		struct text value = record->values[parts[i].field];

		*parts[i].to = value.ptr ? scan_string(arena, value) : TEXT_NONE;
		if (value.ptr && !parts[i].to->ptr)
			return err_memory(err);
	}
	return ERR_OK;
}

enum err_code company_keys_of_record(struct arena *arena, const struct record *record,
				     struct company_keys *out, struct err *err)
{
	struct company_facts facts;

	if (company_facts_of(arena, record, &facts, err) != ERR_OK)
		return err->code;
	return company_keys_of(arena, &facts, out, err);
}
