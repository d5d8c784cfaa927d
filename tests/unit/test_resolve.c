/*
 * Two halves. A table of named cases, one for each rule, in a small notation. And laws that hold
 * whatever the rules are, tried on every small world: three leads, two member numbers, up to five
 * identifiers given.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "lead/resolve.h"
#include "resolve_cases.h"

enum { NOBODY = 0, LEAD_COUNT = 3, NEWCOMER = 4, OWNER_COUNT = 5, ITEM_MAX = 8, GIVEN_MAX = 5 };

/* Member numbers; 0: none known. */
enum { A = 1, B = 2 };

/* A write, and all that is known about the leads it may concern. */
struct world {
	struct resolve_given given[ITEM_MAX];
	size_t count;
	uint32_t member;               /* the write's */
	uint32_t numbers[OWNER_COUNT]; /* of each lead */
};

/* The words of the notation. */
static const struct {
	const char *text;
	enum identifier_kind kind;
	bool weak;
} words[] = {
	{"lead", IDENTIFIER_LEAD_ID, false},
	{"ext", IDENTIFIER_EXTERNAL, false},
	{"member", IDENTIFIER_MEMBER, false},
	{"acoa", IDENTIFIER_LINKEDIN_ID, false},
	{"acwa", IDENTIFIER_SALES_NAVIGATOR, false},
	{"slug", IDENTIFIER_SLUG, false},
	{"email", IDENTIFIER_EMAIL, false},
	{"private", IDENTIFIER_PERSONAL_EMAIL, false},
	{"role", IDENTIFIER_EMAIL, true},
};

static const char *const policy_words[] = {"reject", "prefer", "merge"};
static const char *const verdict_words[] = {"create", "attach", "conflict", "join"};
static const char *const reason_words[] = {"", " several", " cannot-link"};
static const char *const fate_words[] = {"held", "gained", "moved", "left", "ignored"};

static bool is_number(const struct resolve_given *given)
{
	return identifier_space_of(given->kind) == IDENTIFIER_BY_NUMBER;
}

/* "slug:1B": a slug of lead 1, whose number is B. "slug:-": a slug that nobody has. */
static struct resolve_given read_given(struct text item)
{
	struct text owner;
	struct text name = text_split(item, ':', &owner);
	struct resolve_given given = {.kind = IDENTIFIER_KIND_COUNT};

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (text_is(name, text_of(words[i].text))) {
			given.kind = words[i].kind;
			given.weak = words[i].weak;
		}
	}
	assert_int_not_equal(given.kind, IDENTIFIER_KIND_COUNT);
	assert_in_range(owner.len, 1, 2);
	given.owner = owner.ptr[0] == '-' ? NOBODY : owner.ptr[0] - '0';
	given.owner_member = owner.len == 2 ? (uint32_t)(owner.ptr[1] - 'A' + A) : 0;
	return given;
}

/* Items with blanks between. The number that a write gives is A. */
static struct world read_world(const char *notation)
{
	struct text rest = text_of(notation);
	struct world world = {0};

	while (rest.ptr) {
		struct resolve_given given = read_given(text_split(rest, ' ', &rest));

		assert_true(world.count < ITEM_MAX);
		if (is_number(&given))
			world.member = A;
		world.given[world.count++] = given;
	}
	return world;
}

/* "attach 1: held gained", "conflict several: left left", … */
static void write_answer(const struct resolve_answer *answer, size_t count, char *out, size_t size)
{
	char lead[8] = "";
	int len;

	if (answer->lead != 0)
		snprintf(lead, sizeof lead, " %d", (int)answer->lead);
	len = snprintf(out, size, "%s%s%s:", verdict_words[answer->verdict], lead,
		       reason_words[answer->reason]);
	for (size_t i = 0; i < count; i++)
		len += snprintf(out + len, size - (size_t)len, " %s", fate_words[answer->fates[i]]);
}

static void named_cases_have_their_answers(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(named_cases); i++) {
		struct world world = read_world(named_cases[i].given);
		enum resolve_policy policy = named_cases[i].policy;
		struct resolve_answer answer;
		char text[128];

		resolve_decide(world.given, world.count, world.member, policy, &answer);
		write_answer(&answer, world.count, text, sizeof text);
		if (strcmp(text, named_cases[i].answer) != 0)
			print_message("# %s %s\n", policy_words[policy], named_cases[i].given);
		assert_string_equal(text, named_cases[i].answer);
	}
}

/* An answer about a world, and the facts that laws speak of. */
struct scene {
	struct world world;
	enum resolve_policy policy;
	struct resolve_answer answer;
	bool strong;                 /* something that is not weak is given */
	unsigned hits;               /* a bit for each lead hit */
	unsigned numbers;            /* a bit for each number of theirs and of the write */
	unsigned kinds[OWNER_COUNT]; /* a bit for each kind that hits the lead */
	int64_t target;              /* the lead that has the write afterwards; 0: none */
	struct world after;
};

static void print_scene(const struct scene *s)
{
	char answer[128];

	for (size_t i = 0; i < s->world.count; i++) {
		const struct resolve_given *given = &s->world.given[i];

		print_message("# %s%s of lead %d, number %u\n", given->weak ? "weak " : "",
			      identifier_kind_name(given->kind), (int)given->owner,
			      given->owner_member);
	}
	write_answer(&s->answer, s->world.count, answer, sizeof answer);
	print_message("# %s, number %u: %s\n", policy_words[s->policy], s->world.member, answer);
}

static bool has_two(unsigned bits)
{
	return (bits & (bits - 1)) != 0;
}

static bool is_conflict(const struct scene *s)
{
	return s->answer.verdict == RESOLVE_CONFLICT;
}

static bool is_ignored(const struct scene *s, size_t i)
{
	return s->strong && s->world.given[i].weak;
}

static bool is_stale(const struct scene *s, size_t i)
{
	const struct resolve_given *given = &s->world.given[i];

	return given->kind == IDENTIFIER_SLUG && s->world.member != 0 && given->owner_member != 0 &&
	       s->world.member != given->owner_member;
}

static bool gets_it(const struct scene *s, size_t i)
{
	return !is_conflict(s) && s->answer.fates[i] <= RESOLVE_MOVED;
}

static bool was_hit(const struct scene *s, int64_t lead)
{
	return (s->hits & 1U << lead) != 0;
}

static void look_at_hits(struct scene *s)
{
	for (size_t i = 0; i < s->world.count; i++)
		s->strong = s->strong || !s->world.given[i].weak;
	s->numbers = 1U << s->world.member;
	for (size_t i = 0; i < s->world.count; i++) {
		const struct resolve_given *given = &s->world.given[i];

		if (given->owner == NOBODY || is_ignored(s, i) || is_stale(s, i))
			continue;
		s->hits |= 1U << given->owner;
		s->kinds[given->owner] |= 1U << given->kind;
		s->numbers |= 1U << given->owner_member;
	}
	s->numbers &= ~1U;
}

/* What a store does with the answer. Leads that are joined become the oldest of them. */
static void carry_out(struct scene *s)
{
	struct world *after = &s->after;
	bool joins = s->answer.verdict == RESOLVE_JOIN;

	*after = s->world;
	s->target = s->answer.verdict == RESOLVE_CREATE ? NEWCOMER : s->answer.lead;
	if (joins) {
		s->target = __builtin_ctz(s->hits | 1U << NEWCOMER);
		after->numbers[s->target] = s->numbers ? (uint32_t)__builtin_ctz(s->numbers) : 0;
	}
	for (size_t i = 0; i < after->count; i++) {
		if (gets_it(s, i) || (joins && was_hit(s, after->given[i].owner)))
			after->given[i].owner = s->target;
		if (gets_it(s, i) && is_number(&after->given[i]))
			after->numbers[s->target] = after->member;
	}
	for (size_t i = 0; i < after->count; i++)
		after->given[i].owner_member = after->numbers[after->given[i].owner];
}

static bool the_answer_is_whole(const struct scene *s)
{
	for (size_t i = 0; i < s->world.count; i++) {
		if (is_conflict(s) && s->answer.fates[i] != RESOLVE_LEFT)
			return false;
	}
	return (s->answer.verdict == RESOLVE_ATTACH) == (s->answer.lead != 0) &&
	       is_conflict(s) == (s->answer.reason != RESOLVE_CLEAR) &&
	       (s->answer.reason == RESOLVE_CANNOT_LINK) == (is_conflict(s) && has_two(s->numbers));
}

static bool the_verdict_fits_the_leads_hit(const struct scene *s)
{
	bool prefers = s->policy == RESOLVE_PREFER;
	bool two_people = has_two(s->numbers);

	switch (s->answer.verdict) {
	case RESOLVE_CREATE:
		return s->hits == 0 || (prefers && two_people);
	case RESOLVE_ATTACH:
		return was_hit(s, s->answer.lead) &&
		       (prefers || (!has_two(s->hits) && !two_people));
	case RESOLVE_CONFLICT:
		return two_people ? !prefers : s->policy == RESOLVE_REJECT && has_two(s->hits);
	case RESOLVE_JOIN:
		return s->policy == RESOLVE_MERGE && has_two(s->hits) && !two_people;
	}
	return false;
}

/* What a lead says for itself under prefer: less is better. */
static unsigned claim(const struct scene *s, int64_t lead)
{
	const unsigned outranks_numbers = 1U << IDENTIFIER_LEAD_ID | 1U << IDENTIFIER_EXTERNAL;
	uint32_t number = s->world.numbers[lead];
	bool barred = number != 0 && s->world.member != 0 && number != s->world.member;

	if (!was_hit(s, lead) || (barred && !(s->kinds[lead] & outranks_numbers)))
		return UINT32_MAX;
	return (unsigned)__builtin_ctz(s->kinds[lead]) * OWNER_COUNT + (unsigned)lead;
}

static bool prefer_takes_the_strongest(const struct scene *s)
{
	if (s->policy != RESOLVE_PREFER)
		return true;
	for (int64_t lead = 1; lead <= LEAD_COUNT; lead++) {
		if (claim(s, lead) < claim(s, s->target))
			return false;
	}
	return s->target == NEWCOMER || claim(s, s->target) != UINT32_MAX;
}

/* Asked with the items that stand at `from` only, in that order. */
static bool answers_the_same(const struct scene *s, const size_t *from, size_t count)
{
	struct resolve_given given[ITEM_MAX] = {0};
	struct resolve_answer answer;

	for (size_t i = 0; i < count; i++)
		given[i] = s->world.given[from[i]];
	resolve_decide(given, count, s->world.member, s->policy, &answer);
	for (size_t i = 0; i < count; i++) {
		if (answer.fates[i] != s->answer.fates[from[i]])
			return false;
	}
	return answer.verdict == s->answer.verdict && answer.reason == s->answer.reason &&
	       answer.lead == s->answer.lead;
}

static bool weak_ones_do_not_count_beside_strong(const struct scene *s)
{
	size_t from[ITEM_MAX];
	size_t count = 0;

	for (size_t i = 0; i < s->world.count; i++) {
		if (!is_ignored(s, i))
			from[count++] = i;
	}
	return count == s->world.count || answers_the_same(s, from, count);
}

/* Backwards from each item: any two come in either order, and each one first and last. */
static bool order_does_not_matter(const struct scene *s)
{
	size_t count = s->world.count;
	size_t from[ITEM_MAX];

	for (size_t first = 0; first < count; first++) {
		for (size_t i = 0; i < count; i++)
			from[i] = (first + count - i) % count;
		if (!answers_the_same(s, from, count))
			return false;
	}
	return true;
}

static bool said_again_changes_nothing(const struct scene *s)
{
	const struct world *after = &s->after;
	struct resolve_answer again;

	if (is_conflict(s))
		return true;
	resolve_decide(after->given, after->count, after->member, s->policy, &again);
	for (size_t i = 0; i < after->count; i++) {
		if (again.fates[i] == RESOLVE_GAINED || again.fates[i] == RESOLVE_MOVED)
			return false;
	}
	return again.verdict == RESOLVE_ATTACH && again.lead == s->target;
}

/* From here on: of one item in an answer that is no conflict. */
static bool the_fate_fits_the_owner(const struct scene *s, size_t i)
{
	const struct resolve_given *given = &s->world.given[i];
	bool joins = s->answer.verdict == RESOLVE_JOIN;
	bool ours = joins ? was_hit(s, given->owner) : given->owner == s->target;
	bool barred = is_number(given) && s->world.numbers[s->target] != 0;

	if (is_ignored(s, i))
		return s->answer.fates[i] == RESOLVE_IGNORED;
	switch (s->answer.fates[i]) {
	case RESOLVE_HELD:
		return ours;
	case RESOLVE_GAINED:
		return given->owner == NOBODY;
	case RESOLVE_MOVED:
		return given->owner != NOBODY && !ours && is_stale(s, i);
	case RESOLVE_LEFT:
		return given->owner == NOBODY ? barred : !ours;
	default:
		return false;
	}
}

static bool a_stale_slug_goes_where_the_number_is(const struct scene *s, size_t i)
{
	bool takes = s->after.numbers[s->target] == s->world.member;

	return !is_stale(s, i) || s->world.given[i].owner == s->target ||
	       (s->answer.fates[i] == RESOLVE_MOVED) == takes;
}

static bool no_lead_gets_a_second_number(const struct scene *s, size_t i)
{
	uint32_t before = s->world.numbers[s->target];
	bool other = before != 0 && before != s->world.member;

	return !is_number(&s->world.given[i]) || !gets_it(s, i) || !other;
}

static bool prefer_obeys_a_lead_id(const struct scene *s, size_t i)
{
	return s->policy != RESOLVE_PREFER || s->world.given[i].kind != IDENTIFIER_LEAD_ID ||
	       s->answer.lead == s->world.given[i].owner;
}

static bool what_it_holds_finds_it_alone(const struct scene *s, size_t i)
{
	const struct resolve_given *given = &s->after.given[i];
	struct resolve_answer alone;

	if (!gets_it(s, i))
		return true;
	resolve_decide(given, 1, is_number(given) ? s->after.member : 0, s->policy, &alone);
	return alone.verdict == RESOLVE_ATTACH && alone.lead == s->target &&
	       alone.fates[0] == RESOLVE_HELD;
}

/* A law of an answer, or of one item in it. */
static const struct {
	const char *name;
	bool (*holds)(const struct scene *s);
	bool (*holds_of)(const struct scene *s, size_t i);
} laws[] = {
	{"the answer is whole", the_answer_is_whole, NULL},
	{"the verdict fits the leads hit", the_verdict_fits_the_leads_hit, NULL},
	{"prefer takes the strongest", prefer_takes_the_strongest, NULL},
	{"weak ones do not count beside strong", weak_ones_do_not_count_beside_strong, NULL},
	{"order does not matter", order_does_not_matter, NULL},
	{"said again changes nothing", said_again_changes_nothing, NULL},
	{"the fate fits the owner", NULL, the_fate_fits_the_owner},
	{"a stale slug goes where the number is", NULL, a_stale_slug_goes_where_the_number_is},
	{"no lead gets_it a second number", NULL, no_lead_gets_a_second_number},
	{"prefer obeys a lead id", NULL, prefer_obeys_a_lead_id},
	{"what it holds finds it alone", NULL, what_it_holds_finds_it_alone},
};

static bool law_holds(size_t law, const struct scene *s)
{
	if (laws[law].holds)
		return laws[law].holds(s);
	for (size_t i = 0; i < s->world.count && !is_conflict(s); i++) {
		if (!laws[law].holds_of(s, i))
			return false;
	}
	return true;
}

/* What a write may carry besides a number, at most SLOTS_USED_MAX of it. */
static const char slots[] = "lead:- ext:- ext:- slug:- slug:- email:- role:- role:-";

/* The leads' numbers and the write's are digits of base 3, behind them owners of base 4. */
enum { NUMBERINGS = 27 * 3, SLOTS_USED_MAX = GIVEN_MAX - 1 };

/* A number is given when the write has one, and its owner is the lead that has it. */
static void add_number(struct world *world)
{
	struct resolve_given number = {.owner = NOBODY};

	if (world->member == 0)
		return;
	number.kind = world->member == A ? IDENTIFIER_MEMBER : IDENTIFIER_SALES_NAVIGATOR;
	for (int64_t lead = 1; lead <= LEAD_COUNT; lead++) {
		if (world->numbers[lead] == world->member)
			number.owner = lead;
	}
	number.owner_member = world->numbers[number.owner];
	world->given[world->count++] = number;
}

/*
 * The slots that `choice` has a bit for. False for a code that stands for no world: a number
 * that two leads have, a lead id of none.
 */
static bool make_world(const struct world *all, unsigned choice, unsigned code, struct world *out)
{
	unsigned taken = 0;

	*out = (struct world){0};
	for (int64_t lead = 1; lead <= LEAD_COUNT; lead++, code /= 3) {
		out->numbers[lead] = code % 3;
		if (code % 3 != 0 && (taken & 1U << code % 3))
			return false;
		taken |= 1U << code % 3;
	}
	out->member = code % 3;
	code /= 3;
	for (; choice != 0; choice &= choice - 1, code /= 4) {
		struct resolve_given given = all->given[__builtin_ctz(choice)];

		given.owner = code % 4;
		given.owner_member = out->numbers[given.owner];
		if (given.kind == IDENTIFIER_LEAD_ID && given.owner == NOBODY)
			return false;
		out->given[out->count++] = given;
	}
	add_number(out);
	return out->count > 0;
}

/* Role mailboxes alone never make a conflict: they are judged as under prefer. */
static enum resolve_policy policy_in_force(const struct world *world, enum resolve_policy policy)
{
	for (size_t i = 0; i < world->count; i++) {
		if (!world->given[i].weak)
			return policy;
	}
	return RESOLVE_PREFER;
}

static void hold_one(const struct world *world, enum resolve_policy policy)
{
	struct scene scene = {.world = *world, .policy = policy_in_force(world, policy)};

	resolve_decide(world->given, world->count, world->member, policy, &scene.answer);
	look_at_hits(&scene);
	carry_out(&scene);
	for (size_t i = 0; i < ARRAY_LEN(laws); i++) {
		if (law_holds(i, &scene))
			continue;
		print_scene(&scene);
		fail_msg("broken: %s", laws[i].name);
	}
}

static void hold_to_the_laws(const struct world *world)
{
	hold_one(world, RESOLVE_REJECT);
	hold_one(world, RESOLVE_PREFER);
	hold_one(world, RESOLVE_MERGE);
}

static void every_small_world_obeys_the_laws(void **state)
{
	struct world all = read_world(slots);
	struct world world;
	size_t worlds = 0;

	(void)state;
	for (unsigned choice = 0; choice < 1U << all.count; choice++) {
		int used = __builtin_popcount(choice);
		unsigned codes = used > SLOTS_USED_MAX ? 0 : (unsigned)NUMBERINGS << 2 * used;

		for (unsigned code = 0; code < codes; code++) {
			if (!make_world(&all, choice, code, &world))
				continue;
			worlds++;
			hold_to_the_laws(&world);
		}
	}
	print_message("# %zu worlds under 3 policies obey %zu laws\n", worlds, ARRAY_LEN(laws));
	assert_in_range(worlds, 500000, 1000000);
}

static void policies_have_words(void **state)
{
	enum resolve_policy policy = RESOLVE_MERGE;

	(void)state;
	for (unsigned i = RESOLVE_REJECT; i <= RESOLVE_MERGE; i++) {
		assert_true(resolve_policy_parse(text_of(policy_words[i]), &policy));
		assert_int_equal(policy, i);
	}
	assert_false(resolve_policy_parse(TEXT("Reject"), &policy));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(named_cases_have_their_answers),
		cmocka_unit_test(every_small_world_obeys_the_laws),
		cmocka_unit_test(policies_have_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
