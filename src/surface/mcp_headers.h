/*
 * mcp_headers: the HTTP headers that repeat parts of a request in revision 2026-07-28.
 *
 * Holds    nothing.
 * Threads  any.
 * Fails    by a fault with code -32020 when a header is missing, damaged, or says something else
 *          than the body.
 */
#ifndef SURFACE_MCP_HEADERS_H
#define SURFACE_MCP_HEADERS_H

#include "surface/mcp_message.h"

/* MCP-Protocol-Version, Mcp-Method and, where the method has a name or URI, Mcp-Name. */
MUST_USE bool mcp_headers_check(const struct mcp_context *context,
				const struct mcp_message *message, struct mcp_fault *fault);

/*
 * The text that a header stands for: itself, or what =?base64?…?= wraps. Absent when that is no
 * Base64 with its padding, or holds no UTF-8.
 */
struct text mcp_headers_decode(struct arena *arena, struct text value);

/*
 * The same the other way: a value that can stand in a header, for any UTF-8 text. Absent without
 * memory.
 */
struct text mcp_headers_encode(struct arena *arena, struct text value);

/* The member of params that Mcp-Name repeats, "name" or "uri"; NULL for other methods. */
const char *mcp_headers_name_member(struct text method);

#endif
