/*
 * openapi: the description of everything this server answers, made from the catalogue when the
 * program is built (tools/openapi_gen.py).
 *
 *   GET /openapi.json       OpenAPI 3.1
 *   GET /openapi-3.2.json   OpenAPI 3.2, which can say what a streamed file consists of
 *
 * Holds    nothing; the texts are pages of surface/reference.h.
 * Threads  any; the handler: the HTTP server's loop.
 * Fails    ERR_BUSY without memory.
 */
#ifndef SURFACE_OPENAPI_H
#define SURFACE_OPENAPI_H

#include "surface/visit.h"

/* A description, of OpenAPI 3.2 when `newer`, else of 3.1. */
MUST_USE enum err_code openapi_read(struct arena *arena, bool newer, struct text *out,
				    struct err *err);

void openapi_serve(struct visit *visit);

#endif
