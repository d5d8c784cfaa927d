/*
 * leads_webhooks: a chatbot's webhooks in the leads dialect, below
 * /api/v1/chatbots/{chatbotId}/webhooks.
 *
 *   POST    name, url, eventTypes, isActive, maxRetries, retryDelay: {"message","webhook",
 *           "security"}; the secret is told here and never again
 *   GET     {"webhooks":[…],"total"}
 *   GET, PUT, DELETE /{webhookId}
 *
 * "isActive" is what the owner wants; "status" is what is: "off" as long as nothing is delivered.
 *
 * Holds    what leads_input.h holds.
 * Threads  the HTTP server's loop.
 * Fails    by answering.
 */
#ifndef SURFACE_LEADS_WEBHOOKS_H
#define SURFACE_LEADS_WEBHOOKS_H

#include "surface/leads_input.h"

void leads_webhooks_make(struct visit *visit);
void leads_webhooks_list(struct visit *visit);
void leads_webhooks_get(struct visit *visit);
void leads_webhooks_change(struct visit *visit);
void leads_webhooks_delete(struct visit *visit);

/*
 * In `finish`: whether the chatbot has been heard of, by its leads or its webhooks; false: it has
 * answered that it has not. A webhook may be there before the first lead.
 */
MUST_USE bool leads_webhooks_are_known(struct visit *visit);

/*
 * Members of the answer that follow "success", from what visit->call answered; which, says the
 * route's method.
 */
void leads_webhooks_write(const struct visit *visit, struct writer *writer);

#endif
