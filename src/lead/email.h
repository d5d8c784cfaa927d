/*
 * email: what an e-mail address, as people paste it, says about whom.
 *
 * One key per mailbox: both parts in lower case and normal form C, the domain as A-label. Dots
 * and plus tags stay in the key; a hint says which other address is likely the same mailbox.
 * An address that breaks a rule is refused with the reason, never repaired.
 *
 * Holds    nothing.
 * Threads  any.
 * Fails    only for want of memory; a bad address is an answer, not a failure.
 *          Texts of the answer are borrowed from the input or lie in the arena.
 */
#ifndef LEAD_EMAIL_H
#define LEAD_EMAIL_H

#include "base/arena.h"
#include "base/err.h"

#define EMAIL_KIND_LIST(X)                                                                      \
	X(INVALID, "invalid")                                                                   \
	X(WORK, "work")         /* the default: no list knows its domain or its name */         \
	X(PERSONAL, "personal") /* at a provider of private mailboxes */                        \
	X(ROLE, "role")         /* info@, sales@: a company's, not one person's */              \
	X(QUOTED, "quoted")     /* the part before the @ needs its quotes */                    \
	X(EAI, "eai")           /* the part before the @ is not ASCII (RFC 6531) */             \
	X(LITERAL, "literal")   /* ada@[192.0.2.1]: no lead's address */                        \
	X(PLACEHOLDER, "placeholder") /* stands for "no address" and identifies nobody */

#define EMAIL_ENUM(name, text) EMAIL_##name,
enum email_kind { EMAIL_KIND_LIST(EMAIL_ENUM) EMAIL_KIND_COUNT };
#undef EMAIL_ENUM

struct email {
	enum email_kind kind;
	struct text key;     /* canonical; absent for INVALID, LITERAL and PLACEHOLDER */
	struct text display; /* as sent, without what surrounded it: send mail here */
	struct text hint;    /* key of an address that is likely the same mailbox; or absent */
	const char *reason;  /* without a key: ends "The e-mail address …"; else NULL. Static */
	bool weak;           /* a role mailbox: identifies only where nothing stronger does */
};

/* Read `input`, any bytes: an address, also with a display name, mailto: or wrapping. */
MUST_USE enum err_code email_parse(struct arena *arena, struct text input, struct email *out,
				   struct err *err);

/* "work", "personal", … Static. */
const char *email_kind_name(enum email_kind kind);

#endif
