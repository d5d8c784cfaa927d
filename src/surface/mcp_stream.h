/*
 * mcp_stream: an answer of several messages, sent as server-sent events as they come.
 *
 * Holds    what was added and not sent yet, at most MCP_STREAM_BYTES_MAX and the last message.
 * Threads  add, beat and end: any one at a time; begin and release: the request's.
 * Fails    a message that finds no room or memory cuts the stream, so that nobody takes it for
 *          whole.
 */
#ifndef SURFACE_MCP_STREAM_H
#define SURFACE_MCP_STREAM_H

#include "http/respond.h"

#define MCP_STREAM_BYTES_MAX ((size_t)1024 * 1024)

struct mcp_stream;

/* Answer `request` with a stream; NULL without memory. */
struct mcp_stream *mcp_stream_begin(struct http_request *request);

/* One message: JSON on one line. */
void mcp_stream_add(struct mcp_stream *stream, struct text message);

/* Nothing to tell, but the connection shall show whether anybody is there. */
void mcp_stream_beat(struct mcp_stream *stream);

/* The last message (absent: none), then the end. The stream is touched no more. */
void mcp_stream_end(struct mcp_stream *stream, struct text message);

/* In the request's `done`. NULL does nothing. */
void mcp_stream_release(struct mcp_stream *stream);

#endif
