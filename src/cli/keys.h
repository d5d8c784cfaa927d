/*
 * keys: making API keys.
 *
 * Holds    nothing.
 * Threads  any.
 * Fails    as store/accounts.h.
 */
#ifndef CLI_KEYS_H
#define CLI_KEYS_H

#include "cli/home.h"
#include "command/access.h"

struct keys_new {
	int64_t workspace;
	struct text name;
	struct text scopes;
	int64_t expires_ms; /* 0: never */
	/* Set by keys_insert. */
	struct uuid id;
	char key[ACCESS_KEY_LEN + 1];
};

/* Make a key and insert its hash; the key itself is in *key and nowhere else. */
MUST_USE enum err_code keys_insert(struct txn *txn, struct keys_new *key, struct err *err);

#endif
