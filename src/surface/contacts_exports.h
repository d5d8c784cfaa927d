/*
 * contacts_exports: contacts as a file, in the contacts dialect, in two steps:
 *
 *   POST /leads/api/file-exports/leads      {filter}, as a mass-action's; answers the export with
 *                                           its file_name. It is ready at once
 *   POST /leads/api/file-exports/download   {file_name} or {uuid}; answers the file, CSV
 *
 * Holds    see surface/exports.h.
 * Threads  the HTTP server's loop.
 * Fails    by answering.
 */
#ifndef SURFACE_CONTACTS_EXPORTS_H
#define SURFACE_CONTACTS_EXPORTS_H

#include "surface/visit.h"

void contacts_exports_make(struct visit *visit);
void contacts_exports_make_finish(struct visit *visit);

/* The rest of its route is that of surface/exports.h. */
void contacts_exports_download(struct visit *visit);

#endif
