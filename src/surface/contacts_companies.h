/*
 * contacts_companies: what the contacts dialect has for companies beside lists and single ones:
 *
 *   POST /leads/api/companies          {companies: […]}; each is found or made
 *   POST /leads/api/companies/lookup   {lookups: [{domain | website, linkedin, ln_id, name}]};
 *                                      `companies` says the same. Those that are found
 *   POST /leads/api/companies/leads    {uuids}; {uuid: [contact, …]}, for each id of a company
 *
 * Companies are on no lists here: list_uuids and data_source_uuid are ignored.
 *
 * Holds    the request's body, freed by contacts_companies_done.
 * Threads  the HTTP server's loop.
 * Fails    by answering.
 */
#ifndef SURFACE_CONTACTS_COMPANIES_H
#define SURFACE_CONTACTS_COMPANIES_H

#include "surface/visit.h"

void contacts_companies_make(struct visit *visit);
void contacts_companies_make_finish(struct visit *visit);
void contacts_companies_lookup(struct visit *visit);
void contacts_companies_lookup_finish(struct visit *visit);
void contacts_companies_leads(struct visit *visit);
void contacts_companies_leads_finish(struct visit *visit);
void contacts_companies_done(struct visit *visit);

#endif
