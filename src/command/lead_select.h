/*
 * lead_select: which leads an input means: query, name_or_email, where, lead_ids and
 * except_lead_ids, all of which must hold; and the page of them that order, direction, limit,
 * offset and cursor ask for.
 *
 * How to: lead_select_parse in a command's prepare; in its execute (on a reader)
 * lead_select_reach, then lead_select_page, lead_select_count or lead_select_collect. The
 * numbers are leads_read's; a lead that was deleted meanwhile is to be left out.
 *
 * Holds    nothing; a selection lives in its arena.
 * Threads  a selection is one thread's; those that take a struct txn need txn->search, so they
 *          run on a reader or on the thread for long work.
 * Fails    ERR_INVALID_INPUT with the pointer of what is wrong, store errors.
 */
#ifndef COMMAND_LEAD_SELECT_H
#define COMMAND_LEAD_SELECT_H

#include <jansson.h>

#include "engine/engine.h"
#include "store/txn.h"

/* Bounds of a page. */
#define LEAD_SELECT_LIMIT 50 /* where none is given */
#define LEAD_SELECT_LIMIT_MAX 1000
#define LEAD_SELECT_OFFSET_MAX 100000

struct lead_select;

/*
 * Read the members named above from `input`, which its schema has been held against. No I/O.
 * How many ids and conditions there may be, the schema says (fragment "lead_selection").
 */
MUST_USE enum err_code lead_select_parse(struct arena *arena, int64_t workspace,
					 const json_t *input, struct lead_select **out,
					 struct err *err);

/* True when nothing narrows it: every lead of the workspace is meant. */
bool lead_select_is_all(const struct lead_select *select);

/*
 * Make sure that the index has seen what was committed before, for a moment at most. *out_behind:
 * true when it has not; the answer may then lack the very newest writes. Begins the reading
 * transaction of `txn` anew.
 */
MUST_USE enum err_code lead_select_reach(struct engine *engine, struct txn *txn, bool *out_behind,
					 struct err *err);

struct lead_select_page {
	int64_t *numbers; /* of leads, in order; in the arena */
	size_t count;
	int64_t total;    /* leads that are meant, on all pages */
	bool has_more;    /* there are leads behind this page */
	struct text next; /* cursor of the next page; absent: there is none */
};

MUST_USE enum err_code lead_select_page(const struct lead_select *select, struct arena *arena,
					struct txn *txn, struct lead_select_page *out,
					struct err *err);

/* How many leads are meant. */
MUST_USE enum err_code lead_select_count(const struct lead_select *select, struct arena *arena,
					 struct txn *txn, int64_t *out, struct err *err);

/* Numbers of leads, oldest first, on the heap. */
struct lead_select_all {
	int64_t *numbers;
	size_t count;
};

/* All leads that are meant; ERR_INVALID_INPUT when they are more than `max`. */
MUST_USE enum err_code lead_select_collect(const struct lead_select *select, struct txn *txn,
					   size_t max, struct lead_select_all *out,
					   struct err *err);
void lead_select_release(struct lead_select_all *all);

#endif
