/*
 * lead_find: pages of leads by text and filters, newest first.
 *
 * Holds    nothing.
 * Threads  a reading connection's.
 * Fails    store errors. A page scans a bounded number of leads: with filters that hardly
 *          anything passes it may come back short, with a cursor to go on from.
 */
#ifndef COMMAND_LEAD_FIND_H
#define COMMAND_LEAD_FIND_H

#include "lead/record.h"
#include "store/leads.h"
#include "store/search.h"

#define LEAD_FIND_LIMIT_MAX 100

struct lead_find {
	int64_t workspace;
	struct search_match match; /* no words: no text condition */
	bool by_owner;             /* only the lead `owner` (0: none at all) */
	int64_t owner;
	unsigned statuses; /* bits 1 << enum status; 0: any */
	bool by_list, by_mission;
	struct uuid list, mission;
	int64_t below; /* only leads with a smaller number; 0: from the newest */
	size_t limit;  /* 1 to LEAD_FIND_LIMIT_MAX */
};

struct lead_found {
	struct lead_row row; /* no, id and doc */
	struct record record;
};

struct lead_found_page {
	struct lead_found *items; /* in the arena */
	size_t count;
	int64_t next; /* where the next page begins (its `below`); 0: there is no more */
};

MUST_USE enum err_code lead_find_page(struct arena *arena, struct txn *txn,
				      const struct lead_find *find, struct lead_found_page *out,
				      struct err *err);

#endif
