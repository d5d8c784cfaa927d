/*
 * openapi: the description of everything this server answers, made from the catalogue when the
 * program is built (tools/openapi_gen.py).
 *
 *   GET /openapi.json       OpenAPI 3.1
 *   GET /openapi-3.2.json   OpenAPI 3.2, which can say what a streamed file consists of
 *
 * Holds    constant text.
 * Threads  any; the handlers: the HTTP server's loop.
 * Fails    never.
 */
#ifndef SURFACE_OPENAPI_H
#define SURFACE_OPENAPI_H

#include "surface/visit.h"

struct text openapi_json(void);
struct text openapi_newer_json(void);

void openapi_serve(struct visit *visit);
void openapi_serve_newer(struct visit *visit);

#endif
