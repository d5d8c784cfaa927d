/*
 * contacts_counts: how many contacts are on lists, and how many contacts and companies have tags:
 * POST /leads/api/lists/metrics {uuids}, POST /leads/api/tags/metrics {uuids, metrics}. The
 * answer has a member for each id: {"leads_count", "companies_count"}; an id that names nothing
 * has none.
 *
 * Holds    the request's body, freed by contacts_counts_done.
 * Threads  the HTTP server's loop; each count is a command of its own.
 * Fails    by answering.
 */
#ifndef SURFACE_CONTACTS_COUNTS_H
#define SURFACE_CONTACTS_COUNTS_H

#include "surface/visit.h"

void contacts_counts_lists(struct visit *visit);
void contacts_counts_tags(struct visit *visit);
void contacts_counts_lists_finish(struct visit *visit);
void contacts_counts_tags_finish(struct visit *visit);
void contacts_counts_done(struct visit *visit);

#endif
