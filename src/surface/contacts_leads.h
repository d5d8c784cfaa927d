/*
 * contacts_leads: contacts themselves, in the contacts dialect:
 *
 *   POST /leads/api/leads/upsert                     found by any identifier and updated, or made
 *   POST /leads/api/leads                            up to 1,000 of them, all or none
 *   POST /leads/api/leads/lookup-one, /find-one      by LinkedIn, e-mail, or name and company
 *   GET  /leads/api/leads, POST /leads/c1/api/leads/list   pages; each item also under "lead"
 *   POST /leads/api/leads/search                     pages
 *   GET, PUT, DELETE /leads/api/leads/{uuid}
 *   PUT  /leads/api/leads/mass-action, POST /leads/api/leads/count   see contacts_bulk.h
 *
 * Holds    per request what lives in its arena.
 * Threads  the HTTP server's loop.
 * Fails    by answering, see contacts_error.h.
 */
#ifndef SURFACE_CONTACTS_LEADS_H
#define SURFACE_CONTACTS_LEADS_H

#include "surface/visit.h"

/* For surface/routes.c. */
extern const struct route_table contacts_leads_routes;
extern const struct route_table contacts_leads_aliases; /* below /leads/c1/api */

#endif
