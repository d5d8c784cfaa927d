/*
 * select_world: leads made at random, with texts that differ early and late, and what a plain
 * search through all of them finds.
 *
 * Holds    a database's leads and their index, until select_world_destroy.
 * Threads  the test's.
 * Fails    the test, with the message of what went wrong.
 */
#ifndef TESTS_STORE_SELECT_WORLD_H
#define TESTS_STORE_SELECT_WORLD_H

#include "fixture.h"

#include <jansson.h>

#include "store/defaults.h"
#include "store/entries.h"
#include "store/search_fill.h"

#define PEOPLE 2600 /* in three chunks of the grid */
#define LISTS 3
#define TAGS 2
#define TEXT_MAX 120
#define SORTED_BYTES 64 /* of a text, as store/grid_ties.h says */

/* A lead as the test knows it. */
struct person {
	int64_t no;
	struct uuid id;
	char name[TEXT_MAX]; /* folded, like all texts here */
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

/* A condition, and the same as the test understands it. */
struct question {
	enum {
		ASK_STATUS,
		ASK_LIST,
		ASK_INBOX,
		ASK_TAG,
		ASK_NO_TAG,
		ASK_STAGE,
		ASK_STAGE_NEW,
		ASK_COMPANY,
		ASK_TEXT,
		ASK_SCORE,
		ASK_NO_SCORE,
		ASK_UPDATED,
		ASK_IDS,
		ASK_COUNT
	} about;
	bool is_not;
	unsigned bit; /* of a status, list or tag */
	int op;       /* of texts, scores and times: 0 lt, 1 lte, 2 gt, 3 gte */
	char text[TEXT_MAX];
	int score;
	int64_t at_ms;
	size_t ids[3]; /* of people */
};

enum select_order { BY_CREATED, BY_UPDATED, BY_STATUS, BY_NAME, BY_COMPANY, BY_SCORE, ORDER_COUNT };

extern const char *const select_world_orders[]; /* as inputs name them */

/* PEOPLE - 100 leads of workspace 1, indexed; and one of another workspace. */
struct world *select_world_create(struct fixture *f);
void select_world_destroy(struct world *w);

uint32_t select_world_roll(struct world *w, uint32_t sides);

/* One more lead, between fixture_begin and fixture_commit. Resets the fixture's arena. */
void select_world_add(struct world *w);

/* Bring the index up to date. */
void select_world_fill(struct world *w);

/* Changes, deletions and new leads, in several rounds. */
void select_world_age(struct world *w);

struct question select_world_question(struct world *w);

/* The question as a condition of an input. */
json_t *select_world_ask(struct world *w, const struct question *question);

/* A condition; `take_value` may be NULL. */
json_t *select_world_condition(const char *field, const char *op, json_t *take_value);
json_t *select_world_id(struct uuid id);

/* Everybody for whom all hold, sorted; how many. */
struct expectation {
	const struct question *questions;
	size_t count;
	enum select_order order;
	bool down;
};

size_t select_world_expect(struct world *w, const struct expectation *expectation,
			   struct person **out);

#endif
