/*
 * base: attributes and size helpers that every floor uses.
 *
 * Holds    nothing.
 * Threads  any.
 * Fails    the checked helpers answer false when a size would overflow.
 */
#ifndef BASE_BASE_H
#define BASE_BASE_H

#include <stdbool.h>
#include <stddef.h>

#define MUST_USE __attribute__((warn_unused_result))
#define PRINTF_LIKE(format_at, args_at) __attribute__((format(printf, format_at, args_at)))
#define ARRAY_LEN(array) (sizeof(array) / sizeof((array)[0]))

/* *out = a * b; false, and *out untouched, when that overflows. */
static inline MUST_USE bool size_multiply(size_t a, size_t b, size_t *out)
{
	size_t product;

	if (__builtin_mul_overflow(a, b, &product))
		return false;
	*out = product;
	return true;
}

/* *out = a + b; false, and *out untouched, when that overflows. */
static inline MUST_USE bool size_add(size_t a, size_t b, size_t *out)
{
	size_t sum;

	if (__builtin_add_overflow(a, b, &sum))
		return false;
	*out = sum;
	return true;
}

#endif
