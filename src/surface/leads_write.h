/*
 * leads_write: making and changing a lead in the leads dialect: what was sent, as the input of
 * lead.upsert and lead.update.
 *
 * Holds    nothing.
 * Threads  the HTTP server's loop.
 * Fails    by answering: the first member that does not fit.
 */
#ifndef SURFACE_LEADS_WRITE_H
#define SURFACE_LEADS_WRITE_H

#include "surface/leads_input.h"

/* The body was read. One that is there already is refused, whatever dialect it came by. */
void leads_write_make(struct visit *visit);

/* Change `lead` by what the body says of it. */
void leads_write_change(struct visit *visit, const struct lead_form *lead);

#endif
