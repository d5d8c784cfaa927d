/*
 * text: a run of bytes with a length. Borrowed, never owned; usually UTF-8.
 *
 * Holds    nothing.
 * Threads  any.
 * Fails    never.
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdint.h>
#include <string.h>

#include "base/base.h"

struct text {
	const char *ptr; /* NULL means absent, which is not the same as empty */
	size_t len;      /* bytes */
};

/* A text of a string literal. */
#define TEXT(literal) ((struct text){(literal), sizeof(literal) - 1})
#define TEXT_NONE ((struct text){NULL, 0})

/* For printf's "%.*s": TEXT_ARG(name). */
#define TEXT_ARG(text) (int)((text).len > 4096 ? 4096 : (text).len), ((text).ptr ? (text).ptr : "")

static inline struct text text_of(const char *string)
{
	return string ? (struct text){string, strlen(string)} : TEXT_NONE;
}

static inline bool text_is(struct text a, struct text b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

/* Equal but for the case of ASCII letters. */
bool text_is_nocase(struct text a, struct text b);

static inline bool text_starts(struct text text, struct text prefix)
{
	return text.len >= prefix.len &&
	       (prefix.len == 0 || memcmp(text.ptr, prefix.ptr, prefix.len) == 0);
}

/* `from` bytes on; the empty text when that is past the end. */
static inline struct text text_skip(struct text text, size_t from)
{
	if (from > text.len)
		from = text.len;
	return text.ptr ? (struct text){text.ptr + from, text.len - from} : text;
}

/* Without ASCII white space at both ends. */
struct text text_trim(struct text text);

/*
 * The part before the first `separator`, and in *rest what follows it. Without a separator: the
 * whole, and *rest is absent (ptr NULL).
 */
struct text text_split(struct text text, char separator, struct text *rest);

/* True and *out for a plain decimal number within int64; no sign but '-', no blanks. */
MUST_USE bool text_to_int(struct text text, int64_t *out);

/* True when the bytes are well-formed UTF-8 (no surrogates, no overlong forms). */
bool text_is_utf8(struct text text);

#endif
