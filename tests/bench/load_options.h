/*
 * load_options: the command line of the load generator.
 *
 * Holds    the texts of path and body for the whole run.
 * Threads  one.
 * Fails    a wrong option ends the program with a message and exit status 2.
 */
#ifndef BENCH_LOAD_OPTIONS_H
#define BENCH_LOAD_OPTIONS_H

#include <netinet/in.h>

#include "template.h"

#define LOAD_HEADERS_BYTES_MAX 4096
#define LOAD_PIPELINE_MAX 64

struct load_options {
	struct sockaddr_in address;
	const char *method;
	char headers[LOAD_HEADERS_BYTES_MAX];
	struct template path;
	struct template body;
	struct line_file lines;
	long connections;
	long pipeline;
	double seconds;
	uint64_t requests; /* 0: until the time is over */
	uint64_t key_range; /* never more than there are lines */
	uint64_t start;
	uint64_t seed;
	bool sequential;
	bool has_body;
};

void load_options_read(struct load_options *options, int argc, char **argv);

#endif
