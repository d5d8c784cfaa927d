#include "histogram.h"

#define STEPS (sizeof(((struct histogram *)NULL)->steps) / sizeof(uint64_t))

static size_t step_of(uint64_t ns)
{
	if (ns < HISTOGRAM_HALF)
		return (size_t)ns;
	unsigned shift = 63u - (unsigned)__builtin_clzll(ns) - HISTOGRAM_HALF_BITS;

	return shift * HISTOGRAM_HALF + (size_t)(ns >> shift);
}

static double middle_of(size_t step)
{
	if (step < HISTOGRAM_HALF)
		return (double)step;
	unsigned shift = (unsigned)(step / HISTOGRAM_HALF) - 1;
	uint64_t low = (uint64_t)(step % HISTOGRAM_HALF + HISTOGRAM_HALF) << shift;

	return (double)low + (double)((uint64_t)1 << shift) / 2;
}

void histogram_add(struct histogram *histogram, uint64_t ns)
{
	histogram->steps[step_of(ns)]++;
	histogram->count++;
	if (ns > histogram->max_ns)
		histogram->max_ns = ns;
}

double histogram_share_us(const struct histogram *histogram, double share)
{
	uint64_t rank = (uint64_t)(share * (double)histogram->count);
	uint64_t seen = 0;
	size_t step;

	for (step = 0; step < STEPS; step++) {
		seen += histogram->steps[step];
		if (seen > rank)
			break;
	}
	double ns = step < STEPS ? middle_of(step) : (double)histogram->max_ns;

	return (ns < (double)histogram->max_ns ? ns : (double)histogram->max_ns) / 1000;
}
