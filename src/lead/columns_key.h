/*
 * columns_key: one spelling for the many ways a header is written.
 *
 * "First Name", "first_name", "FIRST-NAME" and "firstName" have one key; accents, quotes and
 * byte-order marks do not count.
 *
 * Holds    nothing.
 * Threads  any.
 * Fails    a header longer than any real one, or not UTF-8, has no key (false).
 */
#ifndef LEAD_COLUMNS_KEY_H
#define LEAD_COLUMNS_KEY_H

#include "base/text.h"

#define COLUMNS_KEY_BYTES 256

struct columns_key {
	size_t len;
	char bytes[COLUMNS_KEY_BYTES];
};

MUST_USE bool columns_key_of(struct text header, struct columns_key *out);

/* True when the key is that of `listed`, an ASCII header as a table writes it. */
bool columns_key_is(const struct columns_key *key, const char *listed);

#endif
