/*
 * line_file: the lines of a file, for requests about people who are really there.
 *
 * Holds    the whole file, for the rest of the program.
 * Threads  any, once it is read.
 * Fails    reading: a file that cannot be read, or has no line.
 */
#ifndef BENCH_LINE_FILE_H
#define BENCH_LINE_FILE_H

#include <stdbool.h>
#include <stddef.h>

struct line {
	const char *ptr;
	size_t len; /* without its line feed */
};

struct line_file {
	struct line *all;
	size_t count;
	size_t bytes_max; /* of the longest */
};

bool line_file_read(const char *path, struct line_file *out);

#endif
