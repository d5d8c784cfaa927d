/*
 * exports: leads as a file: GET /api/v1/export?format=csv|ndjson[&list_id=][&status=], every one or
 * those of a list or status; and ?export_id=, those that export.create or lead.bulk chose.
 *
 * The answer is a stream, made page by page on the engine's readers: it takes the same memory
 * however many leads there are. It is no snapshot: a lead that changes while the file is written
 * appears as it is when its page is read.
 *
 * Holds    per export one page of text and the arena it was made in, freed by exports_done.
 * Threads  the HTTP server's loop; pages are made on a reader of the engine.
 * Fails    before the first byte by answering; after it by cutting the connection, so that no
 *          half file is taken for a whole one.
 */
#ifndef SURFACE_EXPORTS_H
#define SURFACE_EXPORTS_H

#include "command/lead_export.h"
#include "surface/visit.h"

/* In `handle`: answer with the file that `wish` describes. The texts live with the request. */
void exports_send(struct visit *visit, const struct lead_export_wish *wish);

void exports_start(struct visit *visit);
void exports_finish(struct visit *visit);
void exports_done(struct visit *visit);

#endif
