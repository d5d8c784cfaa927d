/*
 * rate: how often each of many keys may do something: one token bucket per key.
 *
 * Holds    a table of fixed size. When it is full the bucket that rested longest among a few
 *          neighbours gives way; a bucket pushed out starts full again.
 * Threads  any.
 * Fails    create, without memory. rate_take never fails.
 */
#ifndef HTTP_RATE_H
#define HTTP_RATE_H

#include "base/clock.h"
#include "base/err.h"

#define RATE_KEYS_MAX ((size_t)1 << 20)

struct rate_settings {
	unsigned per_minute;       /* tokens that flow in; 0 counts as 1 */
	unsigned burst;            /* tokens a bucket holds; 0 counts as 1 */
	size_t keys_max;           /* buckets; rounded up to a power of two */
	const struct clock *clock; /* random for the table's secret; NULL: the machine's */
};

/* For the RateLimit headers. */
struct rate_state {
	unsigned limit;     /* the burst */
	unsigned remaining; /* whole tokens left */
	unsigned reset_s;   /* until the bucket is full again, rounded up */
	unsigned retry_s;   /* until the next token; 0 when allowed */
	bool is_allowed;
};

struct rate;

MUST_USE enum err_code rate_create(const struct rate_settings *settings, struct rate **out,
				   struct err *err);

/* Take one token for `key` at `now_us` (clock_steady_us). */
void rate_take(struct rate *rate, struct text key, int64_t now_us, struct rate_state *out);

void rate_destroy(struct rate *rate);

#endif
