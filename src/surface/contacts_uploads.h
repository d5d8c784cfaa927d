/*
 * contacts_uploads: files of contacts, as the contacts dialect has them, in two steps:
 *
 *   POST /leads/api/file-imports/upload-csv            a form with the part "file", and maybe
 *                                                      "type" (csv_leads); other parts say nothing
 *   POST /leads/api/file-imports/{uuid}/import-leads   see contacts_imports.h; answers the data
 *                                                      source that it became, of the same uuid
 *
 * A file that is never imported is gone after a day.
 *
 * Holds    see surface/incoming.h.
 * Threads  the HTTP server's loop.
 * Fails    by answering. A file that was refused leaves nothing behind.
 */
#ifndef SURFACE_CONTACTS_UPLOADS_H
#define SURFACE_CONTACTS_UPLOADS_H

#include "surface/visit.h"

bool contacts_uploads_head(struct visit *visit);
bool contacts_uploads_piece(struct visit *visit, struct text piece);
void contacts_uploads_handle(struct visit *visit);
void contacts_uploads_finish(struct visit *visit);
void contacts_uploads_done(struct visit *visit);

/* The route's `about` is contacts_sources_noun, its `done` contacts_imports_done. */
void contacts_uploads_import(struct visit *visit);
void contacts_uploads_import_finish(struct visit *visit);

#endif
