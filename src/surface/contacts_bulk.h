/*
 * contacts_bulk: doing something with many contacts at once, and counting them:
 *
 *   PUT  /leads/api/leads/mass-action   {type, filter, payload}; answers {count, data: [uuid]}
 *   POST /leads/api/leads/count         {all, ids, filter}; answers {total, count}
 *
 * Which ones: ids; all (but excludeIds); or conditions as lists take them. A mass-action that
 * chooses by none of these is refused, a count without any counts all.
 *
 * Holds    per request what lives in its arena.
 * Threads  the HTTP server's loop.
 * Fails    by answering, see contacts_error.h.
 */
#ifndef SURFACE_CONTACTS_BULK_H
#define SURFACE_CONTACTS_BULK_H

#include "surface/visit.h"

void contacts_bulk_act(struct visit *visit);
void contacts_bulk_act_finish(struct visit *visit);
void contacts_bulk_count(struct visit *visit);
void contacts_bulk_count_finish(struct visit *visit);

#endif
