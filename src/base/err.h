/*
 * err: the one list of failures, and the one way to report them.
 *
 * Holds    nothing; a struct err is the caller's and never allocates.
 * Threads  any.
 * Fails    never. A message that is too long is cut at a character border.
 *
 * A function that can fail returns enum err_code, is MUST_USE and takes a struct err last.
 * On failure it has filled the err and has left its outputs as they were.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include "base/base.h"

/*
 * name (also the code on the wire)  HTTP status, JSON-RPC code, exit code of the program
 *
 * Of JSON-RPC's codes only its own: -32000 to -32099 are the Model Context Protocol's to give out.
 */
#define ERR_LIST(X)                                  \
	X(INVALID_JSON, 400, -32700, 2)              \
	X(INVALID_INPUT, 400, -32602, 2)             \
	X(IDENTIFIER_REQUIRED, 400, -32602, 2)       \
	X(UNAUTHENTICATED, 401, -32600, 3)           \
	X(FORBIDDEN, 403, -32600, 3)                 \
	X(NOT_FOUND, 404, -32602, 4)                 \
	X(COMMAND_NOT_FOUND, 404, -32601, 4)         \
	X(LEAD_NOT_FOUND, 404, -32602, 4)            \
	X(LIST_NOT_FOUND, 404, -32602, 4)            \
	X(MISSION_NOT_FOUND, 404, -32602, 4)         \
	X(IMPORT_NOT_FOUND, 404, -32602, 4)          \
	X(TAG_NOT_FOUND, 404, -32602, 4)             \
	X(STAGE_NOT_FOUND, 404, -32602, 4)           \
	X(FIELD_NOT_FOUND, 404, -32602, 4)           \
	X(NOTE_NOT_FOUND, 404, -32602, 4)            \
	X(ACTIVITY_NOT_FOUND, 404, -32602, 4)        \
	X(COMPANY_NOT_FOUND, 404, -32602, 4)         \
	X(BLACKLIST_ENTRY_NOT_FOUND, 404, -32602, 4) \
	X(WEBHOOK_NOT_FOUND, 404, -32602, 4)         \
	X(CHATBOT_NOT_FOUND, 404, -32602, 4)         \
	X(EXPORT_NOT_FOUND, 404, -32602, 4)          \
	X(KEY_NOT_FOUND, 404, -32602, 4)             \
	X(WORKSPACE_NOT_FOUND, 404, -32602, 4)       \
	X(RESOURCE_NOT_FOUND, 404, -32602, 4)        \
	X(METHOD_NOT_ALLOWED, 405, -32600, 2)        \
	X(TIMEOUT, 408, -32603, 6)                   \
	X(IDENTITY_CONFLICT, 409, -32602, 5)         \
	X(LEAD_EXISTS, 409, -32602, 5)               \
	X(VERSION_CONFLICT, 409, -32602, 5)          \
	X(IDEMPOTENCY_CONFLICT, 409, -32602, 5)      \
	X(MERGE_NOT_AVAILABLE, 409, -32602, 5)       \
	X(STATE_CONFLICT, 409, -32602, 5)            \
	X(PRECONDITION_FAILED, 412, -32602, 5)       \
	X(TOO_LARGE, 413, -32600, 2)                 \
	X(UNSUPPORTED_MEDIA_TYPE, 415, -32600, 2)    \
	X(IDEMPOTENCY_MISMATCH, 422, -32602, 5)      \
	X(BLACKLISTED, 422, -32602, 5)               \
	X(HEADERS_TOO_LARGE, 431, -32600, 2)         \
	X(RATE_LIMITED, 429, -32603, 6)              \
	X(INTERNAL, 500, -32603, 1)                  \
	X(UPSTREAM, 502, -32603, 6)                  \
	X(BUSY, 503, -32603, 6)                      \
	X(STORAGE_FULL, 507, -32603, 6)

#define ERR_ENUM(name, http, rpc, exit_code) ERR_##name,
enum err_code { ERR_OK, ERR_LIST(ERR_ENUM) ERR_CODE_COUNT };
#undef ERR_ENUM

struct err {
	enum err_code code;
	char pointer[128]; /* JSON pointer (RFC 6901) to the bad input, or "" */
	char message[320]; /* may be shown to the caller and says what to do */
	char detail[320];  /* for the log only */
};

/*
 * Fill `err` and return `code`. `pointer` is copied; "" when the failure has no place in the
 * input. The formatted text is the message.
 */
enum err_code err_set(struct err *err, enum err_code code, const char *pointer, const char *format,
		      ...) PRINTF_LIKE(4, 5);

/*
 * Fill `err` with ERR_INTERNAL and a message that names no detail; the formatted text goes to
 * `detail`. Returns ERR_INTERNAL.
 */
enum err_code err_internal(struct err *err, const char *format, ...) PRINTF_LIKE(2, 3);

/* Memory for this request or program ran out: ERR_BUSY, advice to retry with less. */
enum err_code err_memory(struct err *err);

/* The code as it stands on the wire, e.g. "LEAD_NOT_FOUND"; "OK" for ERR_OK. Static text. */
const char *err_name(enum err_code code);

/* HTTP status (200 for ERR_OK), JSON-RPC error code (0) and exit code (0) of `code`. */
int err_http_status(enum err_code code);
int err_rpc_code(enum err_code code);
int err_exit_code(enum err_code code);

/* The code whose name is `name`; ERR_INTERNAL for a name that is not on the list. */
enum err_code err_from_name(const char *name);

#endif
