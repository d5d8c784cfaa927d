/*
 * leads_view: ids and leads as the leads dialect shows them.
 *
 *   {"id","name","email","phone","source","status","metadata","createdAt","updatedAt",
 *    "workspaceId"}
 *
 * Every member is always there: what is not known is null, but a name "" and metadata {}.
 *
 * Holds    nothing.
 * Threads  any.
 * Fails    like the writer's buf.
 */
#ifndef SURFACE_LEADS_VIEW_H
#define SURFACE_LEADS_VIEW_H

#include "base/uuid.h"
#include "surface/lead_form.h"

/* Ids carry their kind: "lead_" and the 32 digits of the id inside. */
enum leads_kind { LEADS_LEAD, LEADS_WORKSPACE, LEADS_WEBHOOK };

/* The id that `uuid` (as it is written inside) has here; absent when it is none. */
struct text leads_view_id(struct arena *arena, enum leads_kind kind, struct text uuid);

/* The id inside of one as clients send it; absent for anything else. */
struct text leads_view_inside(struct arena *arena, enum leads_kind kind, struct text id);

/* `workspace` NULL: without it, as items of lists are. */
void leads_view_write(struct writer *writer, struct arena *arena, const struct lead_form *lead,
		      const struct uuid *workspace);

#endif
