/*
 * identifier: what names one person, in the form it is compared in.
 *
 * Holds    nothing.
 * Threads  any.
 * Fails    never, but for memory of the arena passed in.
 *
 * Kinds as an input gives them, strongest first. Several kinds share one key space: a member
 * number is the same key whether it came bare, inside an ACoAA… or an ACwAA… id; an address is
 * the same key as work or private e-mail.
 */
#ifndef LEAD_IDENTIFIER_H
#define LEAD_IDENTIFIER_H

#include "base/arena.h"

enum identifier_kind {
	IDENTIFIER_LEAD_ID,
	IDENTIFIER_EXTERNAL,       /* value: source, TAB, id */
	IDENTIFIER_MEMBER,         /* value: LinkedIn member number in decimal */
	IDENTIFIER_LINKEDIN_ID,    /* the same number, given as an ACoAA… id */
	IDENTIFIER_SALES_NAVIGATOR, /* the same number, given as an ACwAA… id */
	IDENTIFIER_SLUG,           /* value: public profile name, lower case, NFC */
	IDENTIFIER_EMAIL,          /* value: normalised address */
	IDENTIFIER_PERSONAL_EMAIL, /* the same key space as EMAIL */
	IDENTIFIER_KIND_COUNT
};

enum identifier_space {
	IDENTIFIER_BY_ID,
	IDENTIFIER_BY_SOURCE,
	IDENTIFIER_BY_NUMBER,
	IDENTIFIER_BY_SLUG,
	IDENTIFIER_BY_EMAIL
};

struct identifier {
	enum identifier_kind kind;
	struct text value;   /* as kind says */
	const char *pointer; /* JSON pointer of the input it came from, static text */
	bool weak;           /* a role mailbox: identifies only where nothing stronger is given */
};

/* Most identifiers in one write, and most that one lead holds. */
#define IDENTIFIER_GIVEN_MAX 24
#define IDENTIFIER_HELD_MAX 64

/* Length of a key: 128 bits of BLAKE2b over key space and value; no two values ever share one. */
#define IDENTIFIER_KEY_LEN 16

struct identifier_key {
	unsigned char bytes[IDENTIFIER_KEY_LEN];
};

enum identifier_space identifier_space_of(enum identifier_kind kind);

/* The wire's word for a kind: "lead_id", "external_id", "linkedin_member", … Static text. */
const char *identifier_kind_name(enum identifier_kind kind);

/* The key under which the store keeps and finds it. Not for IDENTIFIER_LEAD_ID. */
struct identifier_key identifier_key_of(enum identifier_space space, struct text value);

/* Same key space and value. */
bool identifier_is(const struct identifier *a, const struct identifier *b);

/*
 * One text for a held identifier: a letter for the space ('x', 'm', 's', 'e'), ':' and the
 * value, e.g. "s:jane-doe". identifier_unpack reads it back; false for anything else.
 */
struct text identifier_pack(struct arena *arena, const struct identifier *identifier);
MUST_USE bool identifier_unpack(struct text packed, struct identifier *out);

#endif
