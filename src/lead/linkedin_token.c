#include "lead/linkedin_token.h"

#define TOKEN_CHARS 39
#define HEAD_CHARS 12 /* enough for the first nine bytes */
#define TOKEN_VERSION 1

struct tag {
	uint16_t tag;
	enum linkedin_kind kind;
	const char *head; /* how a token of a member below 2^32 begins */
};

static const struct tag tags[] = {
	{0x002a, LINKEDIN_MEMBER_TOKEN, "ACoAA"},
	{0x002c, LINKEDIN_SALES_TOKEN, "ACwAA"},
	{0x0043, LINKEDIN_RECRUITER_TOKEN, "AEMAA"},
	{0x0031, LINKEDIN_LEGACY_TOKEN, "ADEAA"},
	{0x0009, LINKEDIN_LEGACY_TOKEN, "AAkAA"},
	{0x0001, LINKEDIN_LEGACY_TOKEN, "AAEAA"},
	{0x0002, LINKEDIN_LEGACY_TOKEN, "AAIAA"},
	{0x0003, LINKEDIN_LEGACY_TOKEN, "AAMAA"},
	{0x003a, LINKEDIN_LEGACY_TOKEN, "ADoAA"},
};

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

static bool starts_nocase(struct text text, struct text prefix)
{
	return text.len >= prefix.len &&
	       text_is_nocase((struct text){text.ptr, prefix.len}, prefix);
}

/* Value of a base64url character, or -1. */
static int sextet(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '-' ? 62 : c == '_' ? 63 : -1;
}

bool linkedin_token_char(char c)
{
	return sextet(c) >= 0;
}

struct text linkedin_token_cut(struct text text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == ',' || text.ptr[i] == ')' ||
		    starts_nocase(text_skip(text, i), TEXT("%2c")))
			return (struct text){text.ptr, i};
	}
	return text;
}

struct head {
	const struct tag *tag; /* NULL: not one we know */
	uint32_t high;         /* bytes 2-3 */
	uint32_t member;
	uint32_t version;
};

/* `token` has at least HEAD_CHARS characters, all base64url. */
static struct head head_of(struct text token)
{
	struct head head = {0};
	unsigned char bytes[HEAD_CHARS / 4 * 3];

	for (size_t i = 0; i < HEAD_CHARS / 4; i++) {
		uint32_t bits = 0;

		for (size_t k = 0; k < 4; k++)
			bits = bits << 6 | (uint32_t)sextet(token.ptr[4 * i + k]);
		bytes[3 * i] = (unsigned char)(bits >> 16);
		bytes[3 * i + 1] = (unsigned char)(bits >> 8);
		bytes[3 * i + 2] = (unsigned char)bits;
	}
	for (size_t i = 0; i < ARRAY_LEN(tags); i++) {
		if (tags[i].tag == (bytes[0] << 8 | bytes[1]))
			head.tag = &tags[i];
	}
	head.high = (uint32_t)bytes[2] << 8 | bytes[3];
	head.member = (uint32_t)bytes[4] << 24 | (uint32_t)bytes[5] << 16 |
		      (uint32_t)bytes[6] << 8 | bytes[7];
	head.version = bytes[8];
	return head;
}

/*
 * A whole token whose letters lost their case: it begins like a token we know, version byte
 * included, but not in that case or in one case throughout.
 */
static bool is_case_damaged(struct text token, bool exact)
{
	bool known = false, has_lower = false;

	for (size_t i = 0; i < ARRAY_LEN(tags); i++)
		known = known || starts_nocase(token, text_of(tags[i].head));
	for (size_t i = 0; i < token.len; i++)
		has_lower = has_lower || (token.ptr[i] >= 'a' && token.ptr[i] <= 'z');
	return known && lower(token.ptr[HEAD_CHARS - 1]) == 'b' && (!exact || !has_lower);
}

/* The kind of a run of base64url characters; LINKEDIN_SLUG when it does not look like a token. */
static enum linkedin_kind kind_of_token(struct text token, struct head *out_head)
{
	bool exact = token.ptr[0] == 'A' && token.ptr[1] >= 'A' && token.ptr[1] <= 'P' &&
		     sextet(token.ptr[2]) % 4 == 0 && token.ptr[3] == 'A' && token.ptr[4] == 'A';
	struct head head = {0};

	if (token.len == TOKEN_CHARS && is_case_damaged(token, exact))
		return LINKEDIN_DAMAGED_TOKEN;
	if (!exact)
		return LINKEDIN_SLUG;
	if (token.len >= HEAD_CHARS)
		head = head_of(token);
	bool sound = head.tag && head.high == 0 && head.member > 0 && head.version == TOKEN_VERSION;

	if (sound && token.len < TOKEN_CHARS)
		return LINKEDIN_DAMAGED_TOKEN;
	if (sound && token.len == TOKEN_CHARS && sextet(token.ptr[TOKEN_CHARS - 1]) % 4 == 0) {
		*out_head = head;
		return head.tag->kind;
	}
	/* Made-up ids in samples; words in capitals can look like the heads of the other tags. */
	bool typed = text_starts(token, TEXT("ACoAA")) || text_starts(token, TEXT("ACwAA"));

	return typed || token.len >= TOKEN_CHARS - 1 ? LINKEDIN_INVALID_TOKEN : LINKEDIN_SLUG;
}

bool linkedin_token_read(struct text text, struct linkedin *out)
{
	struct text token = {text.ptr, 0};
	struct head head = {0};

	/* Quickly past nearly every slug. */
	if (text.len < 5 || lower(text.ptr[0]) != 'a' || lower(text.ptr[3]) != 'a' ||
	    lower(text.ptr[4]) != 'a')
		return false;
	while (token.len < text.len && sextet(text.ptr[token.len]) >= 0)
		token.len++;
	struct text rest = text_skip(text, token.len);

	while (text_starts(rest, TEXT("=")))
		rest = text_skip(rest, 1);
	rest = linkedin_token_cut(rest);
	if (token.len < 5 ||
	    (rest.len && !text_starts(rest, TEXT("..")) && !text_starts(rest, TEXT("…"))))
		return false;
	enum linkedin_kind kind = kind_of_token(token, &head);

	if (kind == LINKEDIN_SLUG)
		return false;
	*out = (struct linkedin){.kind = kind};
	if (head.tag) {
		out->token = token;
		out->tag = head.tag->tag;
		out->member = head.member;
	}
	return true;
}
