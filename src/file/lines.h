/*
 * lines: the physical lines of a file of any size and encoding, as UTF-8, in constant memory.
 *
 * Reading and decoding go by blocks of fixed size, whatever portions the input arrives in, so a
 * file always gives the same lines. The encoding is decided by the first block that is not plain
 * ASCII.
 *
 * Holds    the input, one block of it and its decoded text.
 * Threads  one at a time.
 * Fails    on an input that cannot be read or an unknown encoding (ERR_INVALID_INPUT), and
 *          without memory.
 */
#ifndef FILE_LINES_H
#define FILE_LINES_H

#include "file/encoding.h"

#define LINES_BLOCK_BYTES ((size_t)64 * 1024)

struct lines {
	int fd;                /* -1: memory */
	struct text memory;    /* what is left of it */
	size_t read_bytes_max; /* of one read call */
	int64_t bytes_total;   /* -1: unknown, as of a pipe */
	int64_t bytes_read;
	char *block;
	struct buf decoded;
	size_t at; /* in `decoded` */
	struct encoding encoding;
	struct text forced; /* the caller's encoding; absent: to be found */
	bool is_decided;
	bool is_first_block;
	bool holds_cr; /* a CR ended the block: what follows may belong to it */
	bool is_at_end;
	int64_t number; /* of the line `at` stands in, from 1 */
};

/* A line, or a piece of one: the end of a block cuts a line in two. */
struct line {
	struct text text; /* with its LF, CR or CR LF, until the next call; ptr NULL: the end */
	int64_t number;
	bool ends; /* false: the next piece goes on with it */
};

/*
 * `take_fd` belongs to the lines, also on failure. `encoding` is absent or a name as iconv knows
 * it, borrowed; `read_bytes_max` bounds each read, 0 for a whole block.
 */
MUST_USE enum err_code lines_init_fd(struct lines *lines, int take_fd, struct text encoding,
				     size_t read_bytes_max, struct err *err);
MUST_USE enum err_code lines_init_memory(struct lines *lines, struct text bytes,
					 struct text encoding, struct err *err);
void lines_release(struct lines *lines);

/* The beginning of the text, before anything was taken from it: one block, or all there is. */
MUST_USE enum err_code lines_sample(struct lines *lines, struct text *out, struct err *err);

MUST_USE enum err_code lines_next(struct lines *lines, struct line *out, struct err *err);

/* Past the end of the line that `piece` is part of. */
MUST_USE enum err_code lines_skip_rest(struct lines *lines, struct line piece, struct err *err);

/* Name of the encoding as far as it is known by now. */
const char *lines_encoding(const struct lines *lines);

#endif
