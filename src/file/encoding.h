/*
 * encoding: which encoding a file is written in, and its bytes as UTF-8.
 *
 * Holds    an iconv descriptor and the bytes of a character cut by the end of a block.
 * Threads  one at a time.
 * Fails    on a name iconv does not know (ERR_INVALID_INPUT) and without memory. Bytes that are
 *          no character of the encoding do not fail: each becomes ENCODING_INVALID, which no
 *          UTF-8 holds, so whoever checks the text for UTF-8 finds the place.
 */
#ifndef FILE_ENCODING_H
#define FILE_ENCODING_H

#include "base/buf.h"
#include "base/err.h"

#define ENCODING_INVALID '\xFF'
#define ENCODING_NAME_BYTES 32

struct encoding {
	char name[ENCODING_NAME_BYTES]; /* "UTF-8", "UTF-16LE", "WINDOWS-1252" … */
	void *iconv;                    /* NULL: the bytes are passed on as they are */
	char carry[16];
	size_t carry_len;
};

/*
 * The encoding of a text that begins with `sample`, as a static name; *out_bom_bytes is the
 * length of its byte-order mark (0 without one). Text that is UTF-8 is taken for UTF-8 whatever
 * else it could be; NULL when the sample is plain ASCII and so decides nothing.
 */
const char *encoding_detect(struct text sample, size_t *out_bom_bytes);

MUST_USE enum err_code encoding_init(struct encoding *encoding, struct text name, struct err *err);
void encoding_release(struct encoding *encoding);

/*
 * Append `bytes` as UTF-8 to `out`. The beginning of a character at the end is kept for the next
 * call; with `is_last` there is none, and it is invalid.
 */
MUST_USE enum err_code encoding_decode(struct encoding *encoding, struct text bytes, bool is_last,
				       struct buf *out, struct err *err);

#endif
