/*
 * router: every HTTP request passes here: which handler, which caller, how often, what it came to.
 *
 * The routes are one table. A request is authenticated and counted against its key's limit when
 * its header is in, so that a body nobody may send is refused before it arrives.
 *
 * Holds    the route table, the limits of the keys and the metrics.
 * Threads  create, stopping and destroy: any; the callbacks: the HTTP server's loop.
 * Fails    create: without memory.
 */
#ifndef SURFACE_ROUTER_H
#define SURFACE_ROUTER_H

#include "command/access.h"
#include "command/dispatch.h"
#include "http/server.h"

struct router_settings {
	struct desk *desk;
	struct access *access;
	unsigned rate_per_minute; /* requests of one key; 0: any number */
	size_t body_bytes_max;    /* of a JSON body; 0: what the server's settings say */
	uint64_t upload_bytes_max; /* of an import's file */
	struct text origins;      /* web pages that may call, as http_settings.cors_origins */
};

struct router;

MUST_USE enum err_code router_create(const struct router_settings *settings, struct router **out,
				     struct err *err);

/* For http_server_create; borrowed from the router. */
struct http_callbacks router_callbacks(struct router *router);

/* The server that calls, for /metrics; NULL before it is destroyed. */
void router_serve(struct router *router, const struct http_server *server);

/* From now on /readyz says no: call before http_server_stop. */
void router_stopping(struct router *router);

/* After http_server_destroy. NULL does nothing. */
void router_destroy(struct router *router);

#endif
