/*
 * mcp_lines: messages on standard input and output, one on each line.
 *
 * Holds    what was read and not used yet: at most one message and what came with it.
 * Threads  next: one; say: any.
 * Fails    a line that is too long is skipped and told; a reader that is gone ends the input.
 */
#ifndef CLI_MCP_LINES_H
#define CLI_MCP_LINES_H

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>

#include "base/buf.h"
#include "surface/mcp_message.h"

#define MCP_LINES_BYTES_MAX ((size_t)64 * 1024 * 1024)

struct mcp_lines {
	struct buf buf;
	size_t begin;          /* of the line that is next */
	size_t seen;           /* up to here there is no line end */
	bool is_ended;         /* nothing more will come */
	bool is_skipping;      /* in a line that is too long */
	sigset_t signals;      /* mask while waiting: SIGINT and SIGTERM come through */
	pthread_mutex_t lock;  /* of standard output */
	atomic_bool is_broken; /* nobody reads standard output any more */
};

enum mcp_line { MCP_LINE, MCP_LINE_TOO_LONG, MCP_LINE_END };

/* Blocks SIGINT and SIGTERM for the threads to come: they end the waiting, nothing else. */
void mcp_lines_init(struct mcp_lines *lines);
void mcp_lines_release(struct mcp_lines *lines);

/* Wait for the next line that is not blank; *out is valid until the next call. */
enum mcp_line mcp_lines_next(struct mcp_lines *lines, struct text *out);

/* What MCP_LINE_TOO_LONG is answered with. */
void mcp_lines_too_long(struct mcp_fault *fault);

/* Write one line, whole. */
void mcp_lines_say(struct mcp_lines *lines, struct text message);

#endif
