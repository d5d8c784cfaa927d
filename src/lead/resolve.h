/*
 * resolve: decide which lead a write belongs to. The whole identity policy, pure.
 *
 * Holds    nothing.
 * Threads  any.
 * Fails    never: a conflict is an answer, not a failure.
 *
 * Rules (the house's design, Identity):
 *  - Weak identifiers (role mailboxes) count only when no other identifier is given, and never
 *    make a conflict: alone, they are resolved as if the policy were prefer.
 *  - No lead hit: create. One: attach, and gain the identifiers that are new. Several: reject,
 *    prefer the lead of the strongest identifier, or merge, as the policy says.
 *  - Cannot-link: two different member numbers are two people, whatever else agrees. Reject and
 *    merge refuse; prefer goes to the lead of a stronger key (lead id, external id), else to the
 *    strongest lead hit that may have this number, else to a new one.
 *  - A slug that comes with another member number than its owner's moves to where the number is.
 *  - What the chosen lead may not have stays where it is.
 */
#ifndef LEAD_RESOLVE_H
#define LEAD_RESOLVE_H

#include <stdint.h>

#include "lead/identifier.h"

enum resolve_policy { RESOLVE_REJECT, RESOLVE_PREFER, RESOLVE_MERGE };

enum resolve_verdict { RESOLVE_CREATE, RESOLVE_ATTACH, RESOLVE_CONFLICT, RESOLVE_JOIN };

enum resolve_reason { RESOLVE_CLEAR, RESOLVE_SEVERAL, RESOLVE_CANNOT_LINK };

/* What becomes of one given identifier. In a conflict every one is RESOLVE_LEFT. */
enum resolve_fate {
	RESOLVE_HELD,    /* the chosen lead has it already */
	RESOLVE_GAINED,  /* free until now, the chosen lead gets it */
	RESOLVE_MOVED,   /* a slug taken from `owner`, a person with another member number */
	RESOLVE_LEFT,    /* stays with its owner, or stays free where the lead may not have it */
	RESOLVE_IGNORED  /* weak, and something stronger was given */
};

struct resolve_given {
	enum identifier_kind kind;
	bool weak;
	int64_t owner;         /* lead that has it; 0: none */
	uint32_t owner_member; /* that lead's member number; 0: none known */
};

struct resolve_answer {
	enum resolve_verdict verdict;
	enum resolve_reason reason; /* set for a conflict */
	int64_t lead;               /* for RESOLVE_ATTACH: the chosen one; else 0 */
	enum resolve_fate fates[IDENTIFIER_GIVEN_MAX];
};

/*
 * Decide for `count` (1 to IDENTIFIER_GIVEN_MAX) given identifiers, no two with the same key.
 * `member` is the one member number among them, 0 when there is none. RESOLVE_JOIN means that
 * the policy asks to merge all leads hit. The answer does not depend on the order of `given`.
 */
void resolve_decide(const struct resolve_given *given, size_t count, uint32_t member,
		    enum resolve_policy policy, struct resolve_answer *out);

/* True and *out for "reject", "prefer", "merge". */
MUST_USE bool resolve_policy_parse(struct text word, enum resolve_policy *out);

#endif
