/*
 * mcp_reply: writing the answer of an exchange: JSON-RPC around a result or an error.
 *
 * Holds    nothing; all is in the exchange.
 * Threads  the exchange's.
 * Fails    an answer that grows past its bound, or finds no memory, becomes an error.
 */
#ifndef SURFACE_MCP_REPLY_H
#define SURFACE_MCP_REPLY_H

#include "surface/mcp.h"

/* How long, and for whom, a client may keep a result. */
enum mcp_scope { MCP_PUBLIC, MCP_PRIVATE };

static inline bool mcp_reply_is_stateless(const struct mcp_exchange *exchange)
{
	return exchange->message.revision >= MCP_2026_07_28;
}

/*
 * Begin a result: the writer stands inside its object. Revisions that know result types get
 * `type`, "complete" or another.
 */
struct writer *mcp_reply_begin(struct mcp_exchange *exchange, const char *type);

/* The caching hints, for revisions that know them. */
void mcp_reply_cache(struct mcp_exchange *exchange, int64_t ttl_ms, enum mcp_scope scope);

/* Begin the result's _meta; the server's name is in it where the revision wants that. */
void mcp_reply_begin_meta(struct mcp_exchange *exchange);
void mcp_reply_end_meta(struct mcp_exchange *exchange);

/* End the result (with a _meta of its own when `has_meta` is false) and send it. */
void mcp_reply_end(struct mcp_exchange *exchange, bool has_meta);

/* {"name","title","version",…} */
void mcp_reply_write_server(struct writer *writer);

/* Answer with an error instead; what was written so far is dropped. */
void mcp_reply_fault(struct mcp_exchange *exchange, const struct mcp_fault *fault);

/* params that do not fit; the sentence says what does. */
void mcp_reply_bad_params(struct mcp_exchange *exchange, const char *message);

/* A failure of ours, or of a command, as an error; `data` (JSON) may be absent. */
void mcp_reply_error(struct mcp_exchange *exchange, const struct err *err, struct text data);

/* The error without an id: of a message that could not be read, or that never was one. */
void mcp_reply_write_fault(const struct mcp_fault *fault, struct buf *out);
void mcp_reply_write_refusal(const struct err *err, struct buf *out);

#endif
