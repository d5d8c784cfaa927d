/*
 * ops: what the people and programs ask that run this server: is it alive, is it ready, how does
 * it fare, and what is it at all.
 *
 * Holds    nothing.
 * Threads  the HTTP server's loop.
 * Fails    by answering; /readyz with 503.
 */
#ifndef SURFACE_OPS_H
#define SURFACE_OPS_H

#include "surface/visit.h"

/* GET /healthz: this loop turns. */
void ops_health(struct visit *visit);

/* GET /readyz: the database answers, and the server is not stopping. */
void ops_ready(struct visit *visit);

/* GET /metrics, for Prometheus. */
void ops_metrics(struct visit *visit);

/* GET /: the page that says what runs here. */
void ops_landing(struct visit *visit);

/* GET /favicon.ico: there is none. */
void ops_favicon(struct visit *visit);

#endif
