/*
 * resources: what can be read by URI. Each is the answer of a command, or the catalogue.
 *
 *   GET /api/v1/resources           what there is
 *   GET /api/v1/resources/read?uri=galena://status
 *
 * galena:// and salestouch:// name the same.
 *
 * Holds    nothing.
 * Threads  the HTTP server's loop.
 * Fails    by answering: 404 RESOURCE_NOT_FOUND for an unknown URI, else as the command does.
 */
#ifndef SURFACE_RESOURCES_H
#define SURFACE_RESOURCES_H

#include "surface/visit.h"

void resources_list(struct visit *visit);
void resources_read(struct visit *visit);
void resources_finish(struct visit *visit);

#endif
