/*
 * clock: where time and random bytes come from, passed in so that tests can choose them.
 *
 * Holds    nothing.
 * Threads  any.
 * Fails    never; the system's random source is libsodium's, which ends the process if the
 *          kernel has none, before the first request.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

#include "base/text.h"

struct clock {
	int64_t (*now_ms)(void *state);                         /* since 1970 UTC */
	void (*random_bytes)(void *state, void *out, size_t len);
	void *state;
};

/* The machine's clock and random source. */
const struct clock *clock_system(void);

int64_t clock_now_ms(const struct clock *clock);

/* A steady clock for durations, in microseconds since some fixed point. */
int64_t clock_steady_us(void);

/* Length of an RFC 3339 time with milliseconds, "2026-11-20T09:15:00.000Z", without NUL. */
#define CLOCK_TEXT_LEN 24

/* Write `at_ms` (years 1 to 9999) so; `out` holds CLOCK_TEXT_LEN + 1 bytes. */
void clock_format(int64_t at_ms, char out[CLOCK_TEXT_LEN + 1]);

/*
 * True and *out_ms for an RFC 3339 date and time ("T" or a blank between, fraction optional,
 * "Z" or an offset required) between the years 1 and 9999.
 */
MUST_USE bool clock_parse(struct text text, int64_t *out_ms);

#endif
