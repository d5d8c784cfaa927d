#include "base/arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* gcc says that it sanitizes with a macro, clang with a feature. */
#if defined(__SANITIZE_ADDRESS__)
#define POISONING 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define POISONING 1
#endif
#endif

#if defined(POISONING)
#include <sanitizer/asan_interface.h>
#define POISON(ptr, len) ASAN_POISON_MEMORY_REGION(ptr, len)
#define UNPOISON(ptr, len) ASAN_UNPOISON_MEMORY_REGION(ptr, len)
#else
#define POISON(ptr, len) ((void)(ptr), (void)(len))
#define UNPOISON(ptr, len) ((void)(ptr), (void)(len))
#endif

/* Large enough for an ordinary upsert, so that most requests take one block and keep it. */
#define BLOCK_BYTES ((size_t)32 * 1024)
#define ALIGN alignof(max_align_t)

struct arena_block {
	struct arena_block *next;
	size_t size; /* bytes behind this header */
	alignas(max_align_t) char data[];
};

void arena_init(struct arena *arena, size_t bytes_max)
{
	*arena = (struct arena){.bytes_max = bytes_max};
}

static void use_block(struct arena *arena, struct arena_block *block)
{
	arena->at = block->data;
	arena->left = block->size;
	POISON(block->data, block->size);
}

void arena_reset(struct arena *arena)
{
	struct arena_block *keep = NULL;
	struct arena_block *block = arena->blocks;

	while (block) {
		struct arena_block *next = block->next;

		if (!keep && block->size == BLOCK_BYTES) {
			keep = block;
		} else {
			UNPOISON(block->data, block->size);
			free(block);
		}
		block = next;
	}
	arena_init(arena, arena->bytes_max);
	if (keep) {
		keep->next = NULL;
		arena->blocks = keep;
		arena->bytes = keep->size;
		use_block(arena, keep);
	}
}

void arena_release(struct arena *arena)
{
	while (arena->blocks) {
		struct arena_block *next = arena->blocks->next;

		UNPOISON(arena->blocks->data, arena->blocks->size);
		free(arena->blocks);
		arena->blocks = next;
	}
	arena_init(arena, arena->bytes_max);
}

static bool grow(struct arena *arena, size_t size)
{
	size_t want = size > BLOCK_BYTES ? size : BLOCK_BYTES;

	if (want > arena->bytes_max || arena->bytes > arena->bytes_max - want)
		return false;
	struct arena_block *block = malloc(sizeof *block + want);

	if (!block)
		return false;
	block->next = arena->blocks;
	block->size = want;
	arena->blocks = block;
	arena->bytes += want;
	use_block(arena, block);
	return true;
}

void *arena_take(struct arena *arena, size_t size)
{
	if (size > SIZE_MAX - ALIGN - sizeof(struct arena_block))
		return NULL;
	if (size == 0)
		size = 1; /* nothing is not a failure, not even in an empty arena */
	size_t rounded = (size + ALIGN - 1) / ALIGN * ALIGN;

	if (rounded > arena->left && !grow(arena, rounded))
		return NULL;
	char *out = arena->at;

	arena->at += rounded;
	arena->left -= rounded;
	UNPOISON(out, size);
	return out;
}

void *arena_zero(struct arena *arena, size_t count, size_t size)
{
	size_t bytes;

	if (!size_multiply(count, size, &bytes))
		return NULL;
	void *out = arena_take(arena, bytes);

	if (out)
		memset(out, 0, bytes);
	return out;
}

struct text arena_copy(struct arena *arena, struct text text)
{
	char *out = text.len < SIZE_MAX ? arena_take(arena, text.len + 1) : NULL;

	if (!out)
		return TEXT_NONE;
	if (text.len)
		memcpy(out, text.ptr, text.len);
	out[text.len] = '\0';
	return (struct text){out, text.len};
}

struct text arena_format(struct arena *arena, const char *format, ...)
{
	va_list args, again;

	va_start(args, format);
	va_copy(again, args);
	int len = vsnprintf(NULL, 0, format, args);

	va_end(args);
	char *out = len < 0 ? NULL : arena_take(arena, (size_t)len + 1);

	if (out)
		vsnprintf(out, (size_t)len + 1, format, again);
	va_end(again);
	return out ? (struct text){out, (size_t)len} : TEXT_NONE;
}
