/*
 * linkedin: what a LinkedIn URL, URN, id or slug says about whom.
 *
 * A member, sales or recruiter token (39 base64url characters) carries the member number, so
 * every form that holds one names the same person, without asking LinkedIn. A slug names a
 * person too, but its number cannot be computed; some forms name a company, or nobody.
 *
 * Holds    nothing.
 * Threads  any.
 * Fails    only for want of memory; input that names nobody is an answer, not a failure.
 *          Texts of the answer are borrowed from the input or lie in the arena.
 */
#ifndef LEAD_LINKEDIN_H
#define LEAD_LINKEDIN_H

#include "base/arena.h"
#include "base/err.h"

/*
 * name, its text, and for kinds that identify no person: why not, and what to send instead.
 * (NULL: the kind identifies a person.)
 */
#define LINKEDIN_KIND_LIST(X)                                                                    \
	X(INVALID, "invalid",                                                                    \
	  "This is not a LinkedIn profile. Send a profile URL such as "                          \
	  "https://www.linkedin.com/in/ada-example, an ACoAA… or ACwAA… id, or "                 \
	  "urn:li:member:N.")                                                                    \
	X(INVALID_TOKEN, "invalid_token",                                                        \
	  "This is no member's LinkedIn id: its length, kind or check bits are wrong. Copy the " \
	  "whole id again, or send the profile URL.")                                            \
	X(DAMAGED_TOKEN, "damaged_token",                                                        \
	  "This LinkedIn id was cut off or its letters changed case, so it names nobody. Copy "  \
	  "it again in full and never change its case, or send the profile URL.")                \
	X(MEMBER_TOKEN, "member_token", NULL)                                                    \
	X(SALES_TOKEN, "sales_token", NULL)                                                      \
	X(RECRUITER_TOKEN, "recruiter_token", NULL)                                              \
	X(LEGACY_TOKEN, "legacy_token", NULL)                                                    \
	X(MEMBER_URN, "member_urn", NULL)                                                        \
	X(MEMBER_NUMERIC, "member_numeric", NULL)                                                \
	X(SLUG, "slug", NULL)                                                                    \
	X(PUB_LEGACY, "pub_legacy", NULL)                                                        \
	X(PERSON_URN, "person_urn",                                                              \
	  "urn:li:person ids are private to one LinkedIn app and cannot be matched. Send the "   \
	  "profile URL or an ACoAA… id.")                                                        \
	X(COMPANY, "company",                                                                    \
	  "This is a company's page, not a person's. Send the URL of the person's profile.")     \
	X(SCHOOL, "school",                                                                      \
	  "This is a school's page, not a person's. Send the URL of the person's profile.")      \
	X(SHOWCASE, "showcase",                                                                  \
	  "This is a showcase page, not a person's. Send the URL of the person's profile.")      \
	X(NON_PERSON, "non_person",                                                              \
	  "This LinkedIn address is not a person's profile. Open the person's profile and send " \
	  "the URL shown there.")                                                                \
	X(SHORT_LINK, "short_link",                                                              \
	  "A lnkd.in link does not say where it leads. Open it and send the URL it leads to.")

#define LINKEDIN_ENUM(name, text, advice) LINKEDIN_##name,
enum linkedin_kind { LINKEDIN_KIND_LIST(LINKEDIN_ENUM) LINKEDIN_KIND_COUNT };
#undef LINKEDIN_ENUM

struct linkedin {
	enum linkedin_kind kind;
	uint32_t member;    /* member number; 0 for none */
	uint16_t tag;       /* of the token: which surface made it; 0 for none */
	struct text token;  /* as sent, its padding and search context dropped; absent for none */
	struct text slug;   /* decoded, NFC, lower case; absent for none */
	struct text org;    /* name or number of the company, school or showcase page; or absent */
	struct text person; /* opaque id of a person URN; or absent */
};

/*
 * Read `input`, any bytes. `column_is_linkedin` says that the value stands where LinkedIn
 * identifiers belong: only there are a bare slug and a bare member number recognised.
 */
MUST_USE enum err_code linkedin_parse(struct arena *arena, struct text input,
				      bool column_is_linkedin, struct linkedin *out,
				      struct err *err);

/* "slug", "member_token", … Static. */
const char *linkedin_kind_name(enum linkedin_kind kind);

/*
 * A sentence for the caller on why `kind` identifies no person and what to send instead; NULL
 * for a kind that does identify one. Static.
 */
const char *linkedin_advice(enum linkedin_kind kind);

/*
 * One spelling per person or page: li:member:123, li:slug:ada-example, li:company:1035, … It is
 * empty when `linkedin` names nothing, absent when there is no memory.
 */
MUST_USE struct text linkedin_canonical(struct arena *arena, const struct linkedin *linkedin);

/*
 * The public URL of a person: by slug, else by ACoAA… id, else by ACwAA… id; each may be absent
 * or empty. The answer is empty when all are, and absent when there is no memory.
 */
MUST_USE struct text linkedin_profile_url(struct arena *arena, struct text slug,
					  struct text ln_token, struct text sn_token);

#endif
