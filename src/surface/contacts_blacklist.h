/*
 * contacts_blacklist: people and companies that are not to be written, as nouns of the contacts
 * dialect: leads-blacklist and companies-blacklist.
 *
 * A person is barred by identifiers: linkedin, ln_id, sn_id, email (or work_email) and
 * personal_email. name and company_name identify nobody and are ignored beside them.
 *
 * Holds    nothing.
 * Threads  any.
 * Fails    never.
 */
#ifndef SURFACE_CONTACTS_BLACKLIST_H
#define SURFACE_CONTACTS_BLACKLIST_H

#include "surface/contacts_nouns.h"

extern const struct contacts_noun contacts_blacklist_lead;
extern const struct contacts_noun contacts_blacklist_company;

#endif
