/*
 * contacts_bulk: doing something with many contacts at once, and counting them:
 *
 *   PUT  /leads/api/leads/mass-action   {type, filter, payload}; answers {count, data: [uuid]},
 *                                       contact_export_csv also the export's uuid, by which its
 *                                       file is downloaded
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

#include "surface/contacts_query.h"
#include "surface/visit.h"

/*
 * Whom a filter chooses, as members of the input of lead.bulk. ERR_INVALID_INPUT for one that
 * chooses by nothing. The query is to be released also after a failure.
 */
MUST_USE enum err_code contacts_bulk_choose(const struct http_request *request,
					    const json_t *filter, struct contacts_query *query,
					    struct err *err);

void contacts_bulk_act(struct visit *visit);
void contacts_bulk_act_finish(struct visit *visit);
void contacts_bulk_count(struct visit *visit);
void contacts_bulk_count_finish(struct visit *visit);

#endif
