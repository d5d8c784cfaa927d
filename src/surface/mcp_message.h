/*
 * mcp_message: one JSON-RPC message of the Model Context Protocol: read, and which revision's.
 *
 * Revision 2026-07-28 names itself in every request (params._meta, and over HTTP in a header that
 * must agree). Earlier ones agree on a revision once, with initialize; over HTTP a header repeats
 * it, on standard input it is the connection's.
 *
 * Holds    what was parsed, until mcp_message_release.
 * Threads  any.
 * Fails    by filling a struct mcp_fault: the JSON-RPC error that the other end gets.
 */
#ifndef SURFACE_MCP_MESSAGE_H
#define SURFACE_MCP_MESSAGE_H

#include <jansson.h>

#include "base/arena.h"
#include "base/err.h"

/* Keys of params._meta. Those without the prefix are Galena's own, see docs/MCP.md. */
#define MCP_META_PREFIX "io.modelcontextprotocol/"
#define MCP_META_VERSION MCP_META_PREFIX "protocolVersion"
#define MCP_META_CAPABILITIES MCP_META_PREFIX "clientCapabilities"
#define MCP_META_SERVER MCP_META_PREFIX "serverInfo"
#define MCP_META_PROFILE "galena/response_profile"
#define MCP_META_IDEMPOTENCY "galena/idempotency_key"
#define MCP_META_META "galena/meta"
#define MCP_META_STATUS "galena/status"
#define MCP_META_ERROR "galena/error"
#define MCP_META_SAVED "galena/saved"

/* Oldest first. */
enum mcp_revision { MCP_2025_06_18, MCP_2025_11_25, MCP_2026_07_28, MCP_REVISION_COUNT };

/* The newest that begins with initialize. */
#define MCP_HANDSHAKE_LATEST MCP_2025_11_25

/* JSON-RPC codes that base/err.h does not list. */
enum mcp_code {
	MCP_INVALID_REQUEST = -32600,
	MCP_METHOD_NOT_FOUND = -32601,
	MCP_INVALID_PARAMS = -32602,
	MCP_INTERNAL = -32603,
	MCP_RESOURCE_NOT_FOUND = -32002, /* before 2026-07-28 */
	MCP_HEADER_MISMATCH = -32020,
	MCP_UNSUPPORTED_VERSION = -32022,
};

/* A JSON-RPC error. */
struct mcp_fault {
	int rpc;          /* its code */
	int status;       /* HTTP status of the answer */
	struct text data; /* JSON in an arena; absent: none */
	struct err err;   /* message, and the code for the log */
};

enum mcp_kind { MCP_REQUEST, MCP_NOTIFICATION, MCP_RESPONSE };

struct mcp_message {
	json_t *root; /* holds everything below; NULL when nothing could be parsed */
	enum mcp_kind kind;
	const json_t *id;           /* a string or an integer; NULL: none, or none that counts */
	struct text method;         /* absent: a response */
	const json_t *params;       /* an object, or NULL */
	const json_t *meta;         /* params._meta, an object, or NULL */
	const json_t *capabilities; /* of the client; NULL before 2026-07-28 */
	enum mcp_revision revision;
};

/* What is known beside the message itself. */
struct mcp_context {
	struct arena *arena;        /* of a fault's data */
	enum mcp_revision revision; /* of a message that names none */
	bool is_http;
	/* HTTP headers, absent when not sent: */
	struct text version; /* MCP-Protocol-Version */
	struct text method;  /* Mcp-Method */
	struct text name;    /* Mcp-Name */
};

/*
 * Read one message. False: *fault says why; *out is as far as it was understood, so that the
 * error can bear its id. Either way it is the caller's to release.
 */
MUST_USE bool mcp_message_read(struct text bytes, const struct mcp_context *context,
			       struct mcp_message *out, struct mcp_fault *fault);

void mcp_message_release(struct mcp_message *message);

/* "2026-07-28" and the others. */
struct text mcp_message_revision_name(enum mcp_revision revision);
MUST_USE bool mcp_message_revision_parse(struct text name, enum mcp_revision *out);

/* Fill a fault; `code` is for the log. Always false, so that callers can return it. */
bool mcp_message_fault(struct mcp_fault *fault, int rpc, int status, enum err_code code,
		       const char *message);

/* A member of params that must be a string: absent when it is missing or something else. */
struct text mcp_message_text(const json_t *object, const char *key);

#endif
