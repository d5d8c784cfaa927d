/*
 * leads: the leads dialect over HTTP: a chatbot's leads, and a workspace's.
 *
 *   POST   /api/v1/leads              make one: name, email, phone, source, status, metadata
 *   GET    /api/v1/leads              page, limit, status, source, search, sortBy, sortOrder
 *   GET    /api/v1/leads/{leadId}
 *   PUT    /api/v1/leads/{leadId}     change what is given
 *   DELETE /api/v1/leads/{leadId}
 *
 * The same stands under /api/v1/chatbots/{chatbotId}/leads, where only that chatbot's leads are;
 * leads_webhooks.h has the webhooks there. Answers are {"success":true,"data":…}, failures those
 * of leads_error.h. Writes take an Idempotency-Key.
 *
 * Holds    what leads_input.h holds.
 * Threads  the HTTP server's loop.
 * Fails    by answering.
 */
#ifndef SURFACE_LEADS_H
#define SURFACE_LEADS_H

#include "surface/visit.h"

/* For routes.c: the rows below /api/v1/leads and below /api/v1/chatbots. */
extern const struct route_table leads_routes;
extern const struct route_table leads_chatbot_routes;

#endif
