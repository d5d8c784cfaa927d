/*
 * uploads: a file of leads over HTTP, of any size, in constant memory.
 *
 *   POST /api/v1/imports?name=people.csv&on_existing=fill   the file as the body, any type; or
 *                                                           multipart/form-data with a part "file"
 *
 * The settings of import.create are query parameters or further parts: name, mapping (a JSON
 * object), list_id, mission_id, source, tags (separated by commas, or a JSON array), on_conflict,
 * on_existing, observed_at, dry_run. The answer is that of import.create.
 *
 * Holds    per upload one open file and a part's header; both are gone after uploads_done.
 * Threads  the HTTP server's loop; the file is brought to disk on a reader of the engine.
 * Fails    by answering. An upload that did not become an import leaves no file behind.
 */
#ifndef SURFACE_UPLOADS_H
#define SURFACE_UPLOADS_H

#include "surface/visit.h"

bool uploads_head(struct visit *visit);
bool uploads_piece(struct visit *visit, struct text piece);
void uploads_handle(struct visit *visit);
void uploads_finish(struct visit *visit);
void uploads_done(struct visit *visit);

#endif
