/*
 * buf: a builder for bytes, with a bound. It remembers a failure and is checked once.
 *
 * Holds    heap memory (buf_init) until release, or arena memory (buf_init_arena).
 * Threads  one at a time.
 * Fails    an append past the bound or without memory marks the buffer failed; later appends
 *          do nothing. buf_text of a failed buffer is absent (ptr NULL).
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/arena.h"

struct buf {
	char *ptr;
	size_t len;
	size_t cap;
	size_t bytes_max;
	struct arena *arena; /* NULL: the heap */
	bool failed;
};

void buf_init(struct buf *buf, size_t bytes_max);
void buf_init_arena(struct buf *buf, struct arena *arena, size_t bytes_max);
void buf_release(struct buf *buf);

/* Empty it and forget a failure; the memory is kept. */
void buf_reset(struct buf *buf);

void buf_add_format(struct buf *buf, const char *format, ...) PRINTF_LIKE(2, 3);

/* The slow path of buf_reserve: make room, or mark failure. */
MUST_USE char *buf_grow(struct buf *buf, size_t len);

/* Room for `len` more bytes at the returned place, for buf_commit; NULL marks failure. */
MUST_USE static inline char *buf_reserve(struct buf *buf, size_t len)
{
	if (!buf->failed && len <= buf->cap - buf->len)
		return buf->ptr + buf->len;
	return buf_grow(buf, len);
}

static inline void buf_commit(struct buf *buf, size_t len)
{
	buf->len += len;
}

static inline void buf_add(struct buf *buf, struct text text)
{
	char *at = text.len ? buf_reserve(buf, text.len) : NULL;

	if (at) {
		memcpy(at, text.ptr, text.len);
		buf->len += text.len;
	}
}

static inline void buf_add_char(struct buf *buf, char c)
{
	char *at = buf_reserve(buf, 1);

	if (at) {
		*at = c;
		buf->len++;
	}
}

/* Drop the first `len` bytes. */
void buf_drop(struct buf *buf, size_t len);

/* What was built; valid until the next append. ptr is NULL when an append failed. */
struct text buf_text(const struct buf *buf);

#endif
