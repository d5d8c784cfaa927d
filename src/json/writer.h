/*
 * writer: JSON text, built front to back into a buf. Canonical form: no blanks, members in the
 * order written, only '"', '\' and control characters escaped.
 *
 * Holds    a pointer to the buf and where a comma is due.
 * Threads  one at a time.
 * Fails    like the buf: remembered there, checked once at the end.
 */
#ifndef JSON_WRITER_H
#define JSON_WRITER_H

#include <jansson.h>

#include "base/buf.h"

struct writer {
	struct buf *buf;
	bool comma; /* a comma is due before the next value or key */
};

static inline struct writer writer_on(struct buf *buf)
{
	return (struct writer){buf, false};
}

void writer_begin_object(struct writer *writer);
void writer_end_object(struct writer *writer);
void writer_begin_array(struct writer *writer);
void writer_end_array(struct writer *writer);

/* A member's name; the next call writes its value. */
void writer_key(struct writer *writer, struct text key);

/* A string; `text` must be UTF-8. */
void writer_text(struct writer *writer, struct text text);
void writer_int(struct writer *writer, int64_t number);

/* A finite number, in the fewest digits that read back as the same double. */
void writer_number(struct writer *writer, double number);
void writer_bool(struct writer *writer, bool value);
void writer_null(struct writer *writer);

/* JSON text as it is; the caller knows it is well formed. */
void writer_raw(struct writer *writer, struct text json);

/*
 * A jansson value in canonical form. Deeper than WRITER_DEPTH_MAX arrays and objects marks the buf
 * failed; the limits given to parse_json keep strangers below that.
 */
#define WRITER_DEPTH_MAX 128
void writer_value(struct writer *writer, const json_t *value);

/* Key and value in one call. */
void writer_member_text(struct writer *writer, const char *key, struct text text);
void writer_member_int(struct writer *writer, const char *key, int64_t number);
void writer_member_bool(struct writer *writer, const char *key, bool value);
void writer_member_raw(struct writer *writer, const char *key, struct text json);

#endif
