/*
 * chatbot_find: chatbots that leads come from. A chatbot is known by the id that its own system
 * gave it, any text; it is the entry's name, and comes into being with its first lead.
 *
 * Holds    nothing.
 * Threads  the connection's; chatbot_find_ensure the writer's.
 * Fails    store errors.
 */
#ifndef COMMAND_CHATBOT_FIND_H
#define COMMAND_CHATBOT_FIND_H

#include "store/entries.h"

/* *out: whether there is a chatbot of that id. */
MUST_USE enum err_code chatbot_find_exists(struct db *db, struct arena *arena, int64_t workspace,
					   struct text chatbot_id, bool *out, struct err *err);

/* Make it, unless it is there. Calls txn_touch before it writes. */
MUST_USE enum err_code chatbot_find_ensure(struct txn *txn, struct arena *arena, int64_t workspace,
					   struct text chatbot_id, struct err *err);

#endif
