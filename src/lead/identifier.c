#include "lead/identifier.h"

#include <sodium.h>

struct kind_row {
	enum identifier_space space;
	const char *name;
};

static const struct kind_row kind_rows[IDENTIFIER_KIND_COUNT] = {
	[IDENTIFIER_LEAD_ID] = {IDENTIFIER_BY_ID, "lead_id"},
	[IDENTIFIER_EXTERNAL] = {IDENTIFIER_BY_SOURCE, "external_id"},
	[IDENTIFIER_MEMBER] = {IDENTIFIER_BY_NUMBER, "linkedin_member"},
	[IDENTIFIER_LINKEDIN_ID] = {IDENTIFIER_BY_NUMBER, "linkedin_id"},
	[IDENTIFIER_SALES_NAVIGATOR] = {IDENTIFIER_BY_NUMBER, "sales_navigator_id"},
	[IDENTIFIER_SLUG] = {IDENTIFIER_BY_SLUG, "linkedin_url"},
	[IDENTIFIER_EMAIL] = {IDENTIFIER_BY_EMAIL, "email"},
	[IDENTIFIER_PERSONAL_EMAIL] = {IDENTIFIER_BY_EMAIL, "personal_email"},
};

static const char space_letters[] = "ixmse";

enum identifier_space identifier_space_of(enum identifier_kind kind)
{
	return kind_rows[kind].space;
}

const char *identifier_kind_name(enum identifier_kind kind)
{
	return kind_rows[kind].name;
}

struct identifier_key identifier_key_of(enum identifier_space space, struct text value)
{
	struct identifier_key key;
	crypto_generichash_state state;

	/* Both parts in one small buffer where they fit: one call instead of three. */
	if (value.len < 255) {
		unsigned char joined[256];

		joined[0] = (unsigned char)space_letters[space];
		memcpy(joined + 1, value.ptr, value.len);
		crypto_generichash(key.bytes, sizeof key.bytes, joined, value.len + 1, NULL, 0);
		return key;
	}
	crypto_generichash_init(&state, NULL, 0, sizeof key.bytes);
	crypto_generichash_update(&state, (const unsigned char *)&space_letters[space], 1);
	crypto_generichash_update(&state, (const unsigned char *)value.ptr, value.len);
	crypto_generichash_final(&state, key.bytes, sizeof key.bytes);
	return key;
}

bool identifier_is(const struct identifier *a, const struct identifier *b)
{
	return kind_rows[a->kind].space == kind_rows[b->kind].space && text_is(a->value, b->value);
}

struct text identifier_pack(struct arena *arena, const struct identifier *identifier)
{
	char *out = arena_take(arena, identifier->value.len + 2);

	if (!out)
		return TEXT_NONE;
	out[0] = space_letters[kind_rows[identifier->kind].space];
	out[1] = ':';
	memcpy(out + 2, identifier->value.ptr, identifier->value.len);
	return (struct text){out, identifier->value.len + 2};
}

bool identifier_unpack(struct text packed, struct identifier *out)
{
	static const enum identifier_kind kinds[] = {IDENTIFIER_EXTERNAL, IDENTIFIER_MEMBER,
						     IDENTIFIER_SLUG, IDENTIFIER_EMAIL};

	if (packed.len < 3 || packed.ptr[1] != ':')
		return false;
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		if (packed.ptr[0] == space_letters[i + 1]) {
			*out = (struct identifier){.kind = kinds[i],
						   .value = text_skip(packed, 2),
						   .pointer = ""};
			return true;
		}
	}
	return false;
}
