/*
 * uuid: time-ordered identifiers (UUIDv7, RFC 9562 section 5.7).
 *
 * Holds    the last one made, in the caller's struct, so that ids of one maker only grow.
 * Threads  one maker per thread.
 * Fails    never.
 */
#ifndef BASE_UUID_H
#define BASE_UUID_H

#include "base/clock.h"

#define UUID_TEXT_LEN 36

struct uuid {
	unsigned char bytes[16];
};

struct uuid_maker {
	const struct clock *clock;
	int64_t last_ms;
	uint32_t counter;          /* 18 bits in use, within one millisecond */
	unsigned char pool[1024];  /* random bytes: each draw of them is a system call */
	size_t pool_left;
};

void uuid_maker_init(struct uuid_maker *maker, const struct clock *clock);

/* A new id, greater than every earlier one of this maker. */
struct uuid uuid_make(struct uuid_maker *maker);

/* Lower-case text with hyphens and a NUL. */
void uuid_format(struct uuid uuid, char out[UUID_TEXT_LEN + 1]);

/* True and *out for 32 hexadecimal digits, with or without the four hyphens, any case. */
MUST_USE bool uuid_parse(struct text text, struct uuid *out);

static inline bool uuid_is(struct uuid a, struct uuid b)
{
	return memcmp(a.bytes, b.bytes, sizeof a.bytes) == 0;
}

#endif
