/*
 * checkup: what galena doctor looks at: each check is a name, a state and a sentence.
 *
 * Nothing is changed: no migration runs, and a database that is missing is not made.
 *
 * Holds    texts in the caller's arena.
 * Threads  one at a time.
 * Fails    a check that cannot be made is a bad one.
 */
#ifndef CLI_CHECKUP_H
#define CLI_CHECKUP_H

#include "base/arena.h"
#include "cli/settings.h"

#define CHECKUP_MAX 16

enum checkup_state { CHECKUP_OK, CHECKUP_WARN, CHECKUP_BAD };

struct checkup_item {
	const char *name;
	enum checkup_state state;
	struct text message;
};

struct checkup {
	struct arena *arena;
	struct checkup_item items[CHECKUP_MAX];
	size_t count;
};

/* Make every check. */
void checkup_run(struct checkup *checkup, struct arena *arena, const struct settings *settings);

/* Whether one of them is bad. */
bool checkup_is_bad(const struct checkup *checkup);

/* "ok", "warning", "bad" */
const char *checkup_state_name(enum checkup_state state);

#endif
