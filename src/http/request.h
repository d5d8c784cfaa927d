/*
 * request: one HTTP request as a handler sees it, and how to read it.
 *
 * Holds    everything about one request until its `done` callback has returned.
 * Threads  one at a time: the loop thread, but between http_defer and http_complete the thread
 *          that will complete it.
 * Fails    look-ups of what is not there answer an absent text (ptr NULL).
 *
 * All texts are borrowed from the request and valid until `done` has returned.
 */
#ifndef HTTP_REQUEST_H
#define HTTP_REQUEST_H

#include "base/arena.h"

#define HTTP_ID_BYTES_MAX 64

enum http_method {
	HTTP_GET, /* HEAD comes as HTTP_GET with head_only set */
	HTTP_POST,
	HTTP_PUT,
	HTTP_PATCH,
	HTTP_DELETE,
	HTTP_OPTIONS,
	HTTP_OTHER,
};

struct http_pair {
	struct text name;
	struct text value;
};

struct http_exchange; /* the server's own */

struct http_request {
	struct arena *arena;        /* for whatever the answer needs; reset after `done` */
	enum http_method method;
	bool head_only;             /* the answer's body is left out; answer as for GET */
	bool is_tls;
	struct text method_name;    /* as sent, e.g. "HEAD" */
	struct text path;           /* as sent, still escaped; its escapes are known to be sound */
	struct text query;          /* as sent, without '?'; absent when there was none */
	struct text body;           /* HTTP_BODY_MEMORY: complete in `handle`; else empty */
	struct text peer;           /* address of the other end, without port */
	struct text id;             /* the request id, 16 hexadecimal digits or the client's own */
	const struct http_pair *query_pairs; /* decoded, in the order sent */
	size_t query_count;
	const struct http_pair *headers;     /* in the order sent */
	size_t header_count;
	int64_t content_length;     /* announced; -1 when chunked, 0 without a body */
	uint64_t body_bytes_max;    /* head may change it; UINT64_MAX: any size (streams only) */
	int64_t started_us;         /* clock_steady_us */
	void *user;                 /* the callbacks' own; NULL at first */
	struct http_exchange *exchange; /* the server's own part */
};

/* The first header of that name, any case; absent when there is none. */
struct text http_request_header(const struct http_request *request, const char *name);

/* The first query parameter of that name, decoded ('+' is a blank); absent when there is none. */
struct text http_request_query(const struct http_request *request, const char *name);

/*
 * True when the body may be read as JSON: application/json or a +json type with any parameters,
 * or no Content-Type at all.
 */
bool http_request_is_json(const struct http_request *request);

/*
 * True and *out for `text` without percent escapes, made in `arena` when it holds any (`plus`: a
 * '+' is a blank). False for a broken escape or without memory. The result may hold any byte.
 */
MUST_USE bool http_request_decode(struct arena *arena, struct text text, bool plus,
				  struct text *out);

/*
 * Take the next path segment, decoded, off the front of *path ("/a%20b/c" gives "a b" and leaves
 * "/c"). False when there is none left, or for a segment that holds '/' or NUL once decoded.
 */
MUST_USE bool http_request_segment(struct arena *arena, struct text *path, struct text *out);

#endif
