/*
 * linkedin_token: the ids of 39 base64url characters that LinkedIn's pages and exports carry,
 * and the member number inside. Part of linkedin.h; others call that.
 *
 * 29 bytes: tag of the surface that made it (2), zero (2), member number (4), version (1), and
 * 20 opaque bytes that nobody outside LinkedIn can check. LinkedIn does not document this, so
 * whatever differs in the least is no token.
 *
 * Holds    nothing.
 * Threads  any.
 * Fails    never.
 */
#ifndef LEAD_LINKEDIN_TOKEN_H
#define LEAD_LINKEDIN_TOKEN_H

#include "lead/linkedin.h"

/*
 * True when `text` is a token, or is meant to be one: *out then says which kind (INVALID_TOKEN,
 * DAMAGED_TOKEN) and holds member, tag and token of a valid one. Padding, "…" and search context
 * behind it do not count.
 */
MUST_USE bool linkedin_token_read(struct text text, struct linkedin *out);

/* `text` without the search context behind an id: ",NAME_SEARCH,abcd" or a closing bracket. */
struct text linkedin_token_cut(struct text text);

/* True for A-Z, a-z, 0-9, '-' and '_': what tokens are written in. */
bool linkedin_token_char(char c);

#endif
