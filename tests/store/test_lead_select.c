/*
 * command/lead_select.c, and below it the grid: what it selects from leads made at random is held
 * against a plain search through all of them.
 */
#include "fixture.h"

#include <stdio.h>
#include <stdlib.h>

#include "command/lead_select.h"
#include "store/accounts.h"
#include "store/defaults.h"
#include "store/entries.h"
#include "store/lists.h"
#include "store/search_fill.h"

#define PEOPLE 2600 /* in three chunks of the grid */
#define LISTS 3
#define TAGS 2
#define TEXT_MAX 120
#define SORTED_BYTES 64 /* of a text, as grid_order.h says */

/* A lead as the test knows it. */
struct person {
	int64_t no;
	struct uuid id;
	char name[TEXT_MAX]; /* folded, as are all texts here */
	char company[TEXT_MAX];
	int score; /* -1: none */
	enum status status;
	unsigned lists, tags; /* bits */
	bool in_stage;
	int64_t updated_ms;
	bool gone;
};

struct world {
	struct fixture *f;
	struct search *search;
	struct txn reading;
	struct person people[PEOPLE];
	size_t count;
	struct uuid lists[LISTS], tags[TAGS], stage;
	struct workspace_defaults defaults;
	uint32_t seed;
};

static uint32_t roll(struct world *w, uint32_t sides)
{
	w->seed = w->seed * 1664525u + 1013904223u;
	return (w->seed >> 8) % sides;
}

/* Texts that differ late: some in their first 16 bytes, some after, some only after 64. */
static void make_texts(struct world *w, struct person *person)
{
	static const char *const given[] = {"ada", "alexander", "jose", "mira", "zoe"};
	static const char *const long_name =
		"the very long name of a company that goes on beyond what can be sorted by ";

	snprintf(person->name, sizeof person->name, "%s %c%c%u", given[roll(w, 5)],
		 (int)('a' + roll(w, 26)), (int)('a' + roll(w, 26)), roll(w, 40));
	switch (roll(w, 6)) {
	case 0:
		person->company[0] = '\0';
		break;
	case 1:
		snprintf(person->company, TEXT_MAX, "acme");
		break;
	case 2:
		snprintf(person->company, TEXT_MAX, "acme %u", roll(w, 5));
		break;
	case 3:
		snprintf(person->company, TEXT_MAX, "shared beginning of %u", roll(w, 150));
		break;
	case 4:
		snprintf(person->company, TEXT_MAX, "shared beginning %u and more", roll(w, 3));
		break;
	default:
		snprintf(person->company, TEXT_MAX, "%s%u", long_name, roll(w, 9));
		break;
	}
}

/* The same text as somebody may have typed it. */
static void disguise(struct world *w, const char *text, char out[TEXT_MAX * 3])
{
	size_t len = 0;

	for (; *text; text++) {
		if (*text == 'e' && roll(w, 4) == 0)
			len += (size_t)sprintf_into(out + len, "\xc3\xa9");
		else if (*text == ' ' && roll(w, 6) == 0)
			len += (size_t)sprintf_into(out + len, "  ");
		else if (*text >= 'a' && *text <= 'z' && roll(w, 3) == 0)
			out[len++] = (char)(*text - 'a' + 'A');
		else
			out[len++] = *text;
	}
	out[len] = '\0';
}
