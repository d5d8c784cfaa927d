/*
 * arena: memory that lives as long as one request, and is given back at once.
 *
 * Holds    blocks of memory until reset or release; at most bytes_max in all.
 * Threads  one at a time; hand an arena over, never share it.
 * Fails    allocations answer NULL when the bound is reached or memory is out.
 *
 * Nothing in an arena is freed singly. Under AddressSanitizer the unused part is poisoned.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/text.h"

struct arena_block;

struct arena {
	struct arena_block *blocks; /* newest first */
	char *at;                   /* next free byte in the newest block */
	size_t left;                /* bytes free there */
	size_t bytes;               /* taken from the system so far */
	size_t bytes_max;
};

void arena_init(struct arena *arena, size_t bytes_max);

/* Forget everything; one block of ordinary size is kept for the next request. */
void arena_reset(struct arena *arena);

void arena_release(struct arena *arena);

/* `size` bytes, not cleared, aligned for any type; NULL when there are none. */
MUST_USE void *arena_take(struct arena *arena, size_t size);

/* `count` * `size` cleared bytes; NULL when there are none or the product overflows. */
MUST_USE void *arena_zero(struct arena *arena, size_t count, size_t size);

/* A copy with a NUL behind it; ptr is NULL when there is no memory. */
MUST_USE struct text arena_copy(struct arena *arena, struct text text);

/* A formatted text with a NUL behind it; ptr is NULL when there is no memory. */
MUST_USE struct text arena_format(struct arena *arena, const char *format, ...) PRINTF_LIKE(2, 3);

#endif
