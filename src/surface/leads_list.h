/*
 * leads_list: pages of leads in the leads dialect.
 *
 *   {"leads":[…],"pagination":{"page","limit","total","totalPages","hasNext","hasPrev"}}
 *
 * Holds    nothing.
 * Threads  the HTTP server's loop.
 * Fails    by answering: the first parameter that does not fit.
 */
#ifndef SURFACE_LEADS_LIST_H
#define SURFACE_LEADS_LIST_H

#include "surface/leads_input.h"

/* A route's `handle`. */
void leads_list_start(struct visit *visit);

/* What visit->call answered, as a value. */
MUST_USE enum err_code leads_list_write(const struct visit *visit, struct writer *writer,
					struct err *err);

#endif
