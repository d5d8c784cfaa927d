/*
 * contacts_around: what there is around contacts, and where: the nouns of the contacts dialect
 * and the routes to them.
 *
 *   /leads/api/lists  tags  pipeline-stages  custom-fields  notes  activities  companies
 *             leads-blacklist  companies-blacklist  data-sources  file-imports  file-exports
 *   /integrations/api/webhooks, the same under /integrations/c1/api
 *   /id/api/users/current, /id/api/teams
 *
 * Holds    nothing; the tables are constant.
 * Threads  any.
 * Fails    never.
 */
#ifndef SURFACE_CONTACTS_AROUND_H
#define SURFACE_CONTACTS_AROUND_H

#include "surface/contacts_nouns.h"

extern const struct contacts_noun contacts_around_list;
extern const struct contacts_noun contacts_around_tag;
extern const struct contacts_noun contacts_around_stage;
extern const struct contacts_noun contacts_around_field;
extern const struct contacts_noun contacts_around_value; /* of a field */
extern const struct contacts_noun contacts_around_note;
extern const struct contacts_noun contacts_around_activity;
extern const struct contacts_noun contacts_around_company;
extern const struct contacts_noun contacts_around_webhook;

/* For surface/routes.c. */
extern const struct route_table contacts_around_leads;
extern const struct route_table contacts_around_integrations;
extern const struct route_table contacts_around_account;

#endif
