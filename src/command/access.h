/*
 * access: API keys and what they may do.
 *
 * A key is "sk-workspace_" and 51 letters and digits; only its hash is stored. Scopes, separated
 * by blanks: "*" everything, "read", "write" and "delete" (commands by their risk: read, mutate,
 * approval), a command's id, or a noun with ".*" ("lead.*").
 *
 * Holds    a cache of at most 1,024 keys seen, each trusted for half a second, so that a key
 *          revoked by another program stops within one. Keys that are not known are not kept: a
 *          new one works at once.
 * Threads  any.
 * Fails    ERR_UNAUTHENTICATED with advice: no key, not a whole one, unknown, revoked, expired;
 *          store errors.
 */
#ifndef COMMAND_ACCESS_H
#define COMMAND_ACCESS_H

#include "command/command.h"

#define ACCESS_KEY_LEN 64
#define ACCESS_HASH_LEN 32

struct access;

MUST_USE enum err_code access_create(struct engine *engine, struct access **out, struct err *err);
void access_destroy(struct access *access);

/*
 * The caller that holds `key` (empty or absent: none was sent); texts of *out live in `arena`.
 * out->via is REST; a surface with another way in says so itself.
 */
MUST_USE enum err_code access_identify(struct access *access, struct arena *arena, struct text key,
				       struct caller *out, struct err *err);

/* True when one of `scopes` covers the command. */
bool access_allows(struct text scopes, const struct command *command);

/* ERR_OK when every word is a scope: see above. `commands` are the catalogue. */
MUST_USE enum err_code access_check_scopes(struct text scopes, const struct command *commands,
					   size_t count, struct err *err);

/* A new random key, with NUL. The random bytes must not all be above 247 for ever. */
void access_make_key(const struct clock *clock, char out[ACCESS_KEY_LEN + 1]);

void access_hash(struct text key, unsigned char out[ACCESS_HASH_LEN]);

#endif
