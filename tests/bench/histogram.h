/*
 * histogram: how long things took, in a fixed space, each value kept to within one per cent.
 *
 * Holds    counts in the caller's struct.
 * Threads  one at a time.
 * Fails    never.
 */
#ifndef BENCH_HISTOGRAM_H
#define BENCH_HISTOGRAM_H

#include <stddef.h>
#include <stdint.h>

/* HALF steps for each power of two, so that a step is at most one HALF-th of its value wide. */
#define HISTOGRAM_HALF_BITS 7
#define HISTOGRAM_HALF ((size_t)1 << HISTOGRAM_HALF_BITS)

struct histogram {
	uint64_t steps[64 * HISTOGRAM_HALF];
	uint64_t count;
	uint64_t max_ns;
};

void histogram_add(struct histogram *histogram, uint64_t ns);

/* The value that `share` (0 to 1) of all lie at or below, in microseconds; 0 without any. */
double histogram_share_us(const struct histogram *histogram, double share);

#endif
