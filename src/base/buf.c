#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define CAP_FIRST ((size_t)256)

void buf_init(struct buf *buf, size_t bytes_max)
{
	*buf = (struct buf){.bytes_max = bytes_max};
}

void buf_init_arena(struct buf *buf, struct arena *arena, size_t bytes_max)
{
	*buf = (struct buf){.bytes_max = bytes_max, .arena = arena};
}

void buf_release(struct buf *buf)
{
	if (!buf->arena)
		free(buf->ptr);
	buf_init(buf, buf->bytes_max);
}

void buf_reset(struct buf *buf)
{
	buf->len = 0;
	buf->failed = false;
}

static bool grow(struct buf *buf, size_t need)
{
	size_t cap = buf->cap ? buf->cap : CAP_FIRST;

	/* Never more room than the bound: buf_reserve looks at the room only. */
	if (cap > buf->bytes_max)
		cap = buf->bytes_max;
	while (cap < need)
		cap = cap > buf->bytes_max / 2 ? buf->bytes_max : cap * 2;
	char *ptr = buf->arena ? arena_take(buf->arena, cap) : realloc(buf->ptr, cap);

	if (!ptr)
		return false;
	if (buf->arena && buf->len)
		memcpy(ptr, buf->ptr, buf->len);
	buf->ptr = ptr;
	buf->cap = cap;
	return true;
}

char *buf_grow(struct buf *buf, size_t len)
{
	if (buf->failed)
		return NULL;
	if (len > buf->bytes_max || buf->len > buf->bytes_max - len || !grow(buf, buf->len + len)) {
		buf->failed = true;
		return NULL;
	}
	return buf->ptr + buf->len;
}

void buf_add_format(struct buf *buf, const char *format, ...)
{
	va_list args, again;

	va_start(args, format);
	va_copy(again, args);
	int len = vsnprintf(NULL, 0, format, args);

	va_end(args);
	char *at = len < 0 ? NULL : buf_reserve(buf, (size_t)len + 1);

	if (at) {
		vsnprintf(at, (size_t)len + 1, format, again);
		buf->len += (size_t)len;
	}
	va_end(again);
}

void buf_drop(struct buf *buf, size_t len)
{
	if (len >= buf->len) {
		buf->len = 0;
		return;
	}
	memmove(buf->ptr, buf->ptr + len, buf->len - len);
	buf->len -= len;
}

struct text buf_text(const struct buf *buf)
{
	if (buf->failed)
		return TEXT_NONE;
	return (struct text){buf->ptr ? buf->ptr : "", buf->len};
}
