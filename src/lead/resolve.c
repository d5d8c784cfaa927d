#include "lead/resolve.h"

#include <assert.h>

/* A lead that an identifier found. */
struct hit {
	int64_t lead;
	uint32_t member;                /* its number; 0: none known */
	enum identifier_kind strongest; /* of the kinds that found it */
};

/* What the rules look at: the write as a whole and the leads that it found. */
struct question {
	uint32_t member;
	bool number_is_free; /* a number is given and nobody has it */
	bool strong_given;   /* so that the weak ones do not count */
	struct hit hits[IDENTIFIER_GIVEN_MAX];
	size_t hit_count;
};

static bool is_number(const struct resolve_given *given)
{
	return identifier_space_of(given->kind) == IDENTIFIER_BY_NUMBER;
}

static bool differ(uint32_t member, uint32_t other)
{
	return member != 0 && other != 0 && member != other;
}

static bool is_ignored(const struct question *q, const struct resolve_given *given)
{
	return given->weak && q->strong_given;
}

/* People rename and names are reused: such a slug names its former owner no longer. */
static bool is_stale_slug(const struct question *q, const struct resolve_given *given)
{
	return given->kind == IDENTIFIER_SLUG && differ(q->member, given->owner_member);
}

static struct hit *find_hit(struct question *q, int64_t lead)
{
	for (size_t i = 0; i < q->hit_count; i++) {
		if (q->hits[i].lead == lead)
			return &q->hits[i];
	}
	return NULL;
}

static void add_hit(struct question *q, const struct resolve_given *given)
{
	struct hit *hit = find_hit(q, given->owner);

	if (!hit) {
		q->hits[q->hit_count++] =
			(struct hit){given->owner, given->owner_member, given->kind};
	} else if (given->kind < hit->strongest) {
		hit->strongest = given->kind;
	}
}

static void question_init(struct question *q, const struct resolve_given *given, size_t count,
			  uint32_t member)
{
	*q = (struct question){.member = member};
	for (size_t i = 0; i < count; i++) {
		q->strong_given = q->strong_given || !given[i].weak;
		q->number_is_free = q->number_is_free ||
				    (is_number(&given[i]) && given[i].owner == 0);
	}
	for (size_t i = 0; i < count; i++) {
		assert(given[i].kind != IDENTIFIER_LEAD_ID || given[i].owner != 0);
		if (given[i].owner != 0 && !is_ignored(q, &given[i]) &&
		    !is_stale_slug(q, &given[i]))
			add_hit(q, &given[i]);
	}
}

/* The leads hit and the write know two member numbers or more: they are not one person. */
static bool has_two_numbers(const struct question *q)
{
	uint32_t member = q->member;

	for (size_t i = 0; i < q->hit_count; i++) {
		if (differ(member, q->hits[i].member))
			return true;
		if (member == 0)
			member = q->hits[i].member;
	}
	return false;
}

/* Keys that a person or a system chose on purpose outrank even the number. */
static bool may_win(const struct question *q, const struct hit *hit)
{
	return hit->strongest <= IDENTIFIER_EXTERNAL || !differ(q->member, hit->member);
}

/* Of two leads found by keys of one kind the older one comes first. */
static bool comes_before(const struct hit *a, const struct hit *b)
{
	return a->strongest < b->strongest || (a->strongest == b->strongest && a->lead < b->lead);
}

/* The first lead that may have the write; NULL when none may. */
static const struct hit *preferred(const struct question *q)
{
	const struct hit *best = NULL;

	for (size_t i = 0; i < q->hit_count; i++) {
		const struct hit *hit = &q->hits[i];

		if (may_win(q, hit) && (!best || comes_before(hit, best)))
			best = hit;
	}
	return best;
}

/* Fill the verdict, reason and lead. *out_takes: the lead has the write's number afterwards. */
static void judge(const struct question *q, enum resolve_policy policy,
		  struct resolve_answer *answer, bool *out_takes)
{
	const struct hit *chosen = policy == RESOLVE_PREFER ? preferred(q) : &q->hits[0];

	*out_takes = true;
	if (q->hit_count == 0 || !chosen) {
		answer->verdict = RESOLVE_CREATE;
	} else if (policy != RESOLVE_PREFER && has_two_numbers(q)) {
		answer->verdict = RESOLVE_CONFLICT;
		answer->reason = RESOLVE_CANNOT_LINK;
	} else if (policy == RESOLVE_REJECT && q->hit_count > 1) {
		answer->verdict = RESOLVE_CONFLICT;
		answer->reason = RESOLVE_SEVERAL;
	} else if (policy == RESOLVE_MERGE && q->hit_count > 1) {
		answer->verdict = RESOLVE_JOIN;
	} else {
		answer->verdict = RESOLVE_ATTACH;
		answer->lead = chosen->lead;
		*out_takes = chosen->member == q->member ||
			     (chosen->member == 0 && q->number_is_free);
	}
}

/* The chosen lead, or one of those to be joined, has it. */
static bool is_held(struct question *q, const struct resolve_given *given,
		    const struct resolve_answer *answer)
{
	if (given->owner == 0)
		return false;
	return answer->verdict == RESOLVE_JOIN ? find_hit(q, given->owner) != NULL
					       : given->owner == answer->lead;
}

static enum resolve_fate fate_of(struct question *q, const struct resolve_given *given,
				 const struct resolve_answer *answer, bool takes)
{
	if (answer->verdict == RESOLVE_CONFLICT)
		return RESOLVE_LEFT;
	if (is_ignored(q, given))
		return RESOLVE_IGNORED;
	if (is_held(q, given, answer))
		return RESOLVE_HELD;
	if (given->owner == 0)
		return is_number(given) && !takes ? RESOLVE_LEFT : RESOLVE_GAINED;
	return is_stale_slug(q, given) && takes ? RESOLVE_MOVED : RESOLVE_LEFT;
}

void resolve_decide(const struct resolve_given *given, size_t count, uint32_t member,
		    enum resolve_policy policy, struct resolve_answer *out)
{
	struct question q;
	bool takes;

	assert(count >= 1 && count <= IDENTIFIER_GIVEN_MAX);
	question_init(&q, given, count, member);
	/* Role mailboxes never make a conflict, not even among themselves. */
	if (!q.strong_given)
		policy = RESOLVE_PREFER;
	*out = (struct resolve_answer){0};
	judge(&q, policy, out, &takes);
	for (size_t i = 0; i < count; i++)
		out->fates[i] = fate_of(&q, &given[i], out, takes);
}

bool resolve_policy_parse(struct text word, enum resolve_policy *out)
{
	static const struct text words[] = {
		[RESOLVE_REJECT] = {"reject", 6},
		[RESOLVE_PREFER] = {"prefer", 6},
		[RESOLVE_MERGE] = {"merge", 5},
	};

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (text_is(word, words[i])) {
			*out = (enum resolve_policy)i;
			return true;
		}
	}
	return false;
}
