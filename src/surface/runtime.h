/*
 * runtime: the command runtime over HTTP: the catalogue, and running commands.
 *
 *   GET  /api/v1/commands              every command, without its schemas
 *   GET  /api/v1/commands/{id}/schema  one, with them
 *   POST /api/v1/commands/{id}         run it: {"input":{…},"response_profile":…} or the bare input
 *
 * Headers that a run understands: Idempotency-Key; If-Match with the version that a write is meant
 * for (412 when the lead has moved on; a weak tag counts like a strong one, since it names a
 * version and no bytes); If-None-Match on commands that read one lead (304). Answers about one
 * lead carry its version as ETag.
 *
 * Holds    nothing.
 * Threads  the HTTP server's loop.
 * Fails    by answering, see visit.h.
 */
#ifndef SURFACE_RUNTIME_H
#define SURFACE_RUNTIME_H

#include "surface/visit.h"

/* {"commands":[…]}: every command without its schemas. */
void runtime_write_catalogue(struct desk *desk, struct writer *writer);

void runtime_list(struct visit *visit);
void runtime_schema(struct visit *visit);
void runtime_run(struct visit *visit);
void runtime_finish(struct visit *visit);

/* Free what a run holds outside the arena. */
void runtime_done(struct visit *visit);

/* ERR_INVALID_INPUT for what cannot be an Idempotency-Key. */
MUST_USE enum err_code runtime_check_idempotency_key(struct text key, struct err *err);

/* Take the Idempotency-Key header into the call; ERR_INVALID_INPUT for one that is none. */
MUST_USE enum err_code runtime_read_idempotency_key(struct visit *visit, struct err *err);

#endif
