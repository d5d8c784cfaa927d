#include "lead/linkedin.h"

#include <utf8proc.h>

#include "lead/linkedin_token.h"
#include "lead/placeholder.h"

#define INPUT_BYTES_MAX 8192
#define SLUG_CHARS_MAX 100
#define ORG_CHARS_MAX 200

/* A bare word is a slug only at a length that LinkedIn lets people choose. */
#define BARE_SLUG_BYTES_MIN 3

/* One character takes at most four bytes, each written as an escape. */
#define NAME_BYTES_MAX(chars) ((size_t)(chars) * 12)

/* "https://a.examplehttps://b.example/…": how often a prefix may be doubled. */
#define PREFIXES_MAX 4

struct parse {
	struct arena *arena;
	struct text query; /* of a URL, behind its '?'; absent for none */
	struct linkedin found;
	bool no_memory;
};

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return lower(c) >= 'a' && lower(c) <= 'z';
}

static bool is_word(struct text text, const char *word)
{
	return text_is_nocase(text, text_of(word));
}

static bool starts_nocase(struct text text, struct text prefix)
{
	return text.len >= prefix.len &&
	       text_is_nocase((struct text){text.ptr, prefix.len}, prefix);
}

static bool read_number(struct parse *parse, struct text text, enum linkedin_kind kind)
{
	int64_t number = 0;

	if (text.len == 0 || !is_digit(text.ptr[0]) || text.ptr[0] == '0' ||
	    !text_to_int(text, &number) || number > UINT32_MAX)
		return false;
	parse->found.kind = kind;
	parse->found.member = (uint32_t)number;
	return true;
}

/* An id where only a token may stand, or also a number. */
static void read_id(struct parse *parse, struct text text, bool or_number)
{
	if (linkedin_token_read(text, &parse->found))
		return;
	struct text id = linkedin_token_cut(text);

	if (or_number && read_number(parse, id, LINKEDIN_MEMBER_NUMERIC))
		return;
	parse->found.kind = id.len ? LINKEDIN_INVALID_TOKEN : LINKEDIN_INVALID;
}

/* Marks that end a URL's path or belong to the text around it, never to a name. */
static bool may_stand_in_name(int32_t c)
{
	if (c < 0x80)
		return linkedin_token_char((char)c) ||
		       (c > ' ' && c < 0x7F && !strchr("\"<>\\^`{|}@:,;&=?#/", c));
	utf8proc_category_t category = utf8proc_category(c);

	return category != UTF8PROC_CATEGORY_CC && category != UTF8PROC_CATEGORY_ZS &&
	       category != UTF8PROC_CATEGORY_ZL && category != UTF8PROC_CATEGORY_ZP;
}

static bool is_name(struct text name, size_t chars_max)
{
	const uint8_t *at = (const uint8_t *)name.ptr;
	size_t chars = 0, i = 0;
	bool meant = false;

	while (i < name.len) {
		int32_t c = at[i];
		utf8proc_ssize_t len = 1;

		if (c >= 0x80)
			len = utf8proc_iterate(at + i, (utf8proc_ssize_t)(name.len - i), &c);
		if (len < 1 || !may_stand_in_name(c))
			return false;
		meant = meant || c >= 0x80 || is_letter((char)c) || is_digit((char)c);
		i += (size_t)len;
		chars++;
	}
	return meant && chars <= chars_max;
}

/* One segment of a path without escapes; absent when it is too long or memory is out. */
static struct text decode_name(struct parse *parse, struct text raw, size_t chars_max)
{
	if (raw.len > NAME_BYTES_MAX(chars_max))
		return TEXT_NONE;
	struct text name = placeholder_decode(parse->arena, raw);

	if (name.ptr && name.ptr != raw.ptr && !text_is_utf8(name))
		name = raw; /* escapes of no text stand for themselves */
	if (name.ptr)
		name = placeholder_strip(parse->arena, name);
	if (!name.ptr)
		parse->no_memory = true;
	return name;
}

/* The one spelling of a decoded name; absent when it cannot be one or memory is out. */
static struct text fold_name(struct parse *parse, struct text name, size_t chars_max)
{
	if (!name.ptr)
		return name;
	struct text folded = placeholder_fold(parse->arena, name);

	if (!folded.ptr)
		parse->no_memory = true;
	else if (!is_name(folded, chars_max))
		return TEXT_NONE;
	return folded;
}

/* LinkedIn's word for "your own", and what scrapers write where they saw no name. */
static bool is_reserved(struct text slug)
{
	static const char *const reserved[] = {"me",   "unavailable", "unknown", "undefined",
					       "null", "none",        "nan"};

	for (size_t i = 0; i < ARRAY_LEN(reserved); i++) {
		if (text_is(slug, text_of(reserved[i])))
			return true;
	}
	return false;
}

static void take_slug(struct parse *parse, struct text decoded, enum linkedin_kind kind)
{
	struct text slug = fold_name(parse, decoded, SLUG_CHARS_MAX);

	/* Folding can make a damaged token of letters that only look like ASCII. */
	if (!slug.ptr || is_reserved(slug) || linkedin_token_read(slug, &parse->found))
		return;
	parse->found.kind = kind;
	parse->found.slug = slug;
}

static void read_org(struct parse *parse, struct text raw, enum linkedin_kind kind)
{
	struct text org = fold_name(parse, decode_name(parse, raw, ORG_CHARS_MAX), ORG_CHARS_MAX);

	if (!org.ptr)
		return;
	parse->found.kind = kind;
	parse->found.org = org;
}

/* The next segment that is not empty, and *path is what follows it; empty at the end. */
static struct text next_segment(struct text *path)
{
	struct text segment = {"", 0};

	while (segment.len == 0 && path->ptr)
		segment = text_split(*path, '/', path);
	return segment;
}

struct route {
	const char *segment;
	void (*read)(struct parse *parse, const struct route *route, struct text rest);
	enum linkedin_kind kind; /* what is found there */
};

static void read_in(struct parse *parse, const struct route *route, struct text rest)
{
	struct text name = decode_name(parse, next_segment(&rest), SLUG_CHARS_MAX);

	if (name.ptr && !linkedin_token_read(name, &parse->found))
		take_slug(parse, name, route->kind);
}

/* One part of /pub/<name>/<a>/<b>/<c>: up to three letters or digits. */
static bool is_pub_part(struct text part)
{
	for (size_t i = 0; i < part.len; i++) {
		if (!is_letter(part.ptr[i]) && !is_digit(part.ptr[i]))
			return false;
	}
	return part.len >= 1 && part.len <= 3;
}

static void read_pub(struct parse *parse, const struct route *route, struct text rest)
{
	struct text name = next_segment(&rest), a = next_segment(&rest);
	struct text b = next_segment(&rest), c = next_segment(&rest);
	static const char zeros[] = "00";

	if (is_word(name, "dir")) {
		parse->found.kind = LINKEDIN_NON_PERSON;
		return;
	}
	name = decode_name(parse, name, SLUG_CHARS_MAX);
	if (!name.ptr || !is_pub_part(a) || !is_pub_part(b) || !is_pub_part(c))
		return;
	struct text slug = arena_format(parse->arena, "%.*s-%s%.*s%s%.*s%.*s", TEXT_ARG(name),
					zeros + c.len - 1, TEXT_ARG(c), zeros + b.len - 1,
					TEXT_ARG(b), TEXT_ARG(a));

	if (slug.ptr)
		take_slug(parse, slug, route->kind);
	else
		parse->no_memory = true;
}

static void read_sales(struct parse *parse, const struct route *route, struct text rest)
{
	struct text page = next_segment(&rest), id = next_segment(&rest);

	if (is_word(page, "lead") || is_word(page, "people"))
		read_id(parse, id, false);
	else if (is_word(page, "profile"))
		read_id(parse, id, true);
	else if (is_word(page, "company"))
		read_org(parse, linkedin_token_cut(id), LINKEDIN_COMPANY);
	else
		parse->found.kind = route->kind;
}

/* /talent/…/profile/<id>, /recruiter/profile/<id>,…: whatever stands between. */
static void read_recruiter(struct parse *parse, const struct route *route, struct text rest)
{
	struct text segment = next_segment(&rest);

	while (segment.len && !is_word(segment, "profile"))
		segment = next_segment(&rest);
	if (segment.len)
		read_id(parse, next_segment(&rest), true);
	else
		parse->found.kind = route->kind;
}

/* /profile/view?id=… */
static void read_view(struct parse *parse, const struct route *route, struct text rest)
{
	struct text query = parse->query;

	parse->found.kind = route->kind;
	if (!is_word(next_segment(&rest), "view"))
		return;
	while (query.ptr) {
		struct text value, key = text_split(text_split(query, '&', &query), '=', &value);

		/* "&amp;" is how an & looks in a page's source. */
		if (value.ptr && (is_word(key, "id") || is_word(key, "amp;id"))) {
			read_id(parse, value, true);
			return;
		}
	}
}

static void read_page(struct parse *parse, const struct route *route, struct text rest)
{
	read_org(parse, next_segment(&rest), route->kind);
}

static const struct route routes[] = {
	{"in", read_in, LINKEDIN_SLUG},
	{"pub", read_pub, LINKEDIN_PUB_LEGACY},
	{"sales", read_sales, LINKEDIN_NON_PERSON},
	{"talent", read_recruiter, LINKEDIN_NON_PERSON},
	{"recruiter", read_recruiter, LINKEDIN_NON_PERSON},
	{"profile", read_view, LINKEDIN_NON_PERSON},
	{"company", read_page, LINKEDIN_COMPANY},
	{"company-beta", read_page, LINKEDIN_COMPANY},
	{"school", read_page, LINKEDIN_SCHOOL},
	{"showcase", read_page, LINKEDIN_SHOWCASE},
};

/* Segments that only choose another look of the page that follows. */
static bool is_look(struct text segment)
{
	return is_word(segment, "mwlite") || is_word(segment, "m") || is_word(segment, "comm") ||
	       is_word(segment, "public-profile") || is_word(segment, "organization-guest");
}

/* `text` is all behind the host. */
static void read_path(struct parse *parse, struct text text)
{
	struct text fragment;
	struct text path = text_split(text_split(text, '#', &fragment), '?', &parse->query);
	struct text segment = next_segment(&path);

	if (is_look(segment))
		segment = next_segment(&path);
	parse->found.kind = LINKEDIN_NON_PERSON;
	for (size_t i = 0; i < ARRAY_LEN(routes); i++) {
		if (!is_word(segment, routes[i].segment))
			continue;
		parse->found.kind = LINKEDIN_INVALID;
		routes[i].read(parse, &routes[i], path);
		return;
	}
}

struct urn {
	const char *type;
	enum linkedin_kind otherwise; /* the kind when the id behind it is no token */
};

static const struct urn urns[] = {
	{"member", LINKEDIN_MEMBER_URN},
	{"person", LINKEDIN_PERSON_URN},
	{"fsd_profile", LINKEDIN_INVALID_TOKEN},
	{"fs_profile", LINKEDIN_INVALID_TOKEN},
	{"fs_miniProfile", LINKEDIN_INVALID_TOKEN},
	{"fs_salesProfile", LINKEDIN_INVALID_TOKEN},
	{"ts_profile", LINKEDIN_INVALID_TOKEN},
	{"ts_linkedin_member_profile", LINKEDIN_INVALID_TOKEN},
	{"organization", LINKEDIN_COMPANY},
	{"company", LINKEDIN_COMPANY},
	{"fsd_company", LINKEDIN_COMPANY},
	{"fs_miniCompany", LINKEDIN_COMPANY},
	{"fs_salesCompany", LINKEDIN_COMPANY},
	{"school", LINKEDIN_SCHOOL},
};

static void read_urn_id(struct parse *parse, struct text id, enum linkedin_kind otherwise)
{
	size_t len = 0;
	int64_t number = 0;

	if (linkedin_token_read(id, &parse->found))
		return;
	id = linkedin_token_cut(id);
	while (len < id.len && linkedin_token_char(id.ptr[len]))
		len++;
	parse->found.kind = LINKEDIN_INVALID;
	if (len == 0 || len < id.len || len > SLUG_CHARS_MAX)
		return;
	if (otherwise == LINKEDIN_MEMBER_URN) {
		(void)read_number(parse, id, otherwise);
	} else if (otherwise == LINKEDIN_PERSON_URN) {
		parse->found.kind = otherwise;
		parse->found.person = id;
	} else if (otherwise == LINKEDIN_INVALID_TOKEN) {
		parse->found.kind = otherwise;
	} else if (text_to_int(id, &number) && number > 0) {
		parse->found.kind = otherwise;
		parse->found.org = id;
	}
}

/* `text` is what follows "urn:li:". */
static void read_urn(struct parse *parse, struct text text)
{
	struct text id, type = text_split(text, ':', &id);

	parse->found.kind = LINKEDIN_NON_PERSON;
	for (size_t i = 0; i < ARRAY_LEN(urns); i++) {
		if (!is_word(type, urns[i].type))
			continue;
		if (!id.ptr)
			id = TEXT("");
		if (text_starts(id, TEXT("(")))
			id = text_skip(id, 1);
		read_urn_id(parse, id, urns[i].otherwise);
		return;
	}
}

/* What follows "https://" or "//"; the whole when it does not begin so. */
static struct text skip_scheme(struct text text)
{
	struct text rest = text;

	if (starts_nocase(text, TEXT("https:")))
		rest = text_skip(text, 6);
	else if (starts_nocase(text, TEXT("http:")))
		rest = text_skip(text, 5);
	else if (!text_starts(text, TEXT("//")))
		return text;
	if (!text_starts(rest, TEXT("/")))
		return text;
	while (text_starts(rest, TEXT("/")))
		rest = text_skip(rest, 1);
	return rest;
}

static struct text host_of(struct text text)
{
	size_t len = 0;

	while (len < text.len &&
	       !(text.ptr[len] == '/' || text.ptr[len] == '?' || text.ptr[len] == '#'))
		len++;
	return (struct text){text.ptr, len};
}

static bool ends_nocase(struct text text, struct text end)
{
	return text.len >= end.len && text_is_nocase(text_skip(text, text.len - end.len), end);
}

/* `host` is `domain` or below it, with or without a port and the root's dot. */
static bool is_host(struct text host, struct text domain)
{
	struct text port;

	host = text_split(host, ':', &port);
	/* "linkedin.com:name@another.example" is another host's. */
	for (size_t i = 0; i < port.len; i++) {
		if (!is_digit(port.ptr[i]))
			return false;
	}
	if (host.len > 0 && host.ptr[host.len - 1] == '.')
		host.len--;
	if (!ends_nocase(host, domain))
		return false;
	for (size_t i = 0; i < host.len; i++) {
		if (!linkedin_token_char(host.ptr[i]) && host.ptr[i] != '.')
			return false;
	}
	return host.len == domain.len || host.ptr[host.len - domain.len - 1] == '.';
}

/* A slug or number without anything around it. */
static void read_bare(struct parse *parse, struct text text)
{
	bool number = true;

	if (text.len < BARE_SLUG_BYTES_MIN || placeholder_is(text))
		return;
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];

		number = number && is_digit(c);
		if (!linkedin_token_char(c) && c != '%' && (unsigned char)c < 0x80)
			return;
	}
	if (number)
		(void)read_number(parse, text, LINKEDIN_MEMBER_NUMERIC);
	else
		take_slug(parse, decode_name(parse, text, SLUG_CHARS_MAX), LINKEDIN_SLUG);
}

/* A URL with or without its scheme, a path alone, or a bare identifier. */
static void read_address(struct parse *parse, struct text text, bool column_is_linkedin)
{
	struct text rest = skip_scheme(text), host = host_of(rest);

	for (int i = 0; i < PREFIXES_MAX && ends_nocase(host, TEXT(":")); i++) {
		size_t scheme = ends_nocase(host, TEXT("https:")) ? 6 : 5;

		if (host.len < scheme)
			break;
		rest = skip_scheme(text_skip(rest, host.len - scheme));
		host = host_of(rest);
	}
	if (is_host(host, TEXT("linkedin.com"))) {
		read_path(parse, text_skip(rest, host.len));
	} else if (is_host(host, TEXT("lnkd.in"))) {
		parse->found.kind = LINKEDIN_SHORT_LINK;
	} else if (rest.ptr != text.ptr) {
		return; /* another site's URL */
	} else if (memchr(text.ptr, '/', text.len)) {
		read_path(parse, text);
		if (parse->found.kind == LINKEDIN_NON_PERSON)
			parse->found.kind = LINKEDIN_INVALID;
	} else if (!linkedin_token_read(text, &parse->found) && column_is_linkedin) {
		read_bare(parse, text);
	}
}

/* `text` is UTF-8. */
static void read_text(struct parse *parse, struct text text, bool column_is_linkedin)
{
	text = placeholder_strip(parse->arena, text);
	if (text.ptr)
		text = placeholder_unwrap(text);
	if (starts_nocase(text, TEXT("urn%3a")) || starts_nocase(text, TEXT("http%3a")) ||
	    starts_nocase(text, TEXT("https%3a")))
		text = placeholder_decode(parse->arena, text);
	if (!text.ptr) {
		parse->no_memory = true;
		return;
	}
	/* A blank inside: several values, or a sentence. */
	for (size_t i = 0; i < text.len; i++) {
		if ((unsigned char)text.ptr[i] <= ' ')
			return;
	}
	if (text.len == 0 || !text_is_utf8(text))
		return;
	if (starts_nocase(text, TEXT("urn:li:")))
		read_urn(parse, text_skip(text, 7));
	else
		read_address(parse, text, column_is_linkedin);
}

enum err_code linkedin_parse(struct arena *arena, struct text input, bool column_is_linkedin,
			     struct linkedin *out, struct err *err)
{
	struct parse parse = {.arena = arena};

	if (input.len > 0 && input.len <= INPUT_BYTES_MAX && text_is_utf8(input))
		read_text(&parse, input, column_is_linkedin);
	if (parse.no_memory)
		return err_memory(err);
	*out = parse.found;
	return ERR_OK;
}

#define KIND_NAME(name, text, advice) text,
#define KIND_ADVICE(name, text, advice) advice,

const char *linkedin_kind_name(enum linkedin_kind kind)
{
	static const char *const names[] = {LINKEDIN_KIND_LIST(KIND_NAME)};

	return names[kind];
}

const char *linkedin_advice(enum linkedin_kind kind)
{
	static const char *const advice[] = {LINKEDIN_KIND_LIST(KIND_ADVICE)};

	return advice[kind];
}

struct text linkedin_canonical(struct arena *arena, const struct linkedin *linkedin)
{
	if (linkedin->member)
		return arena_format(arena, "li:member:%u", linkedin->member);
	if (linkedin->slug.ptr)
		return arena_format(arena, "li:slug:%.*s", TEXT_ARG(linkedin->slug));
	if (linkedin->person.ptr)
		return arena_format(arena, "li:person:%.*s", TEXT_ARG(linkedin->person));
	if (linkedin->org.ptr)
		return arena_format(arena, "li:%s:%.*s", linkedin_kind_name(linkedin->kind),
				    TEXT_ARG(linkedin->org));
	return TEXT("");
}

struct text linkedin_profile_url(struct arena *arena, struct text slug, struct text ln_token,
				 struct text sn_token)
{
	static const char hex[] = "0123456789ABCDEF";
	struct text prefix = TEXT("https://www.linkedin.com/in/");
	struct text name = slug.len ? slug : ln_token;
	size_t bytes;

	if (name.len == 0 && sn_token.len) {
		prefix = TEXT("https://www.linkedin.com/sales/lead/");
		name = sn_token;
	}
	if (name.len == 0)
		return TEXT("");
	if (!size_multiply(name.len, 3, &bytes) || !size_add(bytes, prefix.len, &bytes))
		return TEXT_NONE;
	char *out = arena_take(arena, bytes);
	size_t used = prefix.len;

	if (!out)
		return TEXT_NONE;
	memcpy(out, prefix.ptr, prefix.len);
	/* Full stops too: at the end of a URL people and programs take them for punctuation. */
	for (size_t i = 0; i < name.len; i++) {
		unsigned char c = (unsigned char)name.ptr[i];

		if (linkedin_token_char(name.ptr[i])) {
			out[used++] = name.ptr[i];
			continue;
		}
		out[used++] = '%';
		out[used++] = hex[c >> 4];
		out[used++] = hex[c & 15];
	}
	return (struct text){out, used};
}
