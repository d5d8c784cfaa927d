/*
 * contacts_sources: imports as the contacts dialect's data sources, under /leads/api/data-sources.
 *
 * Of the vendor's types only csv_leads is one: the others read LinkedIn, which this server does
 * not. A new one needs the file: {type, list_uuid, payload: {file_import_uuid, columns, …}, tags},
 * where payload says what POST /leads/api/file-imports/{uuid}/import-leads takes.
 *
 * What was imported stays as it is, so of an import that was begun only the name can change
 * (payload.name). A PUT that says the same list, type and tags again changes nothing.
 *
 * Holds    the body of a change, freed by contacts_sources_change_done.
 * Threads  the HTTP server's loop.
 * Fails    by answering.
 */
#ifndef SURFACE_CONTACTS_SOURCES_H
#define SURFACE_CONTACTS_SOURCES_H

#include "surface/contacts_nouns.h"

/* Lists, single ones and deleting are those of any noun. */
extern const struct contacts_noun contacts_sources_noun;

/* The `done` of its route is contacts_imports_done. */
void contacts_sources_make(struct visit *visit);
void contacts_sources_make_finish(struct visit *visit);
void contacts_sources_change(struct visit *visit);
void contacts_sources_change_finish(struct visit *visit);
void contacts_sources_change_done(struct visit *visit);

#endif
