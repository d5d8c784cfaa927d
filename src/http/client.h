/*
 * client: HTTP requests to one Galena server or webhook receiver (libcurl).
 *
 * Holds    one connection, kept for the next call.
 * Threads  one at a time per client; call http_client_process_init once before any thread starts.
 * Fails    UPSTREAM when the other end cannot be reached or breaks off, TIMEOUT, TOO_LARGE; any
 *          HTTP status is an answer, not a failure.
 *
 * Redirects are not followed, only http and https are spoken, certificates are checked.
 */
#ifndef HTTP_CLIENT_H
#define HTTP_CLIENT_H

#include "base/buf.h"
#include "base/err.h"
#include "http/request.h"

struct http_client_settings {
	struct text base_url;     /* "http://127.0.0.1:8207"; a final '/' is ignored */
	struct text key;          /* sent as "Authorization: Bearer …"; empty: none */
	unsigned connect_ms;      /* 0: 5,000 */
	unsigned timeout_ms;      /* of a call; of standing still in up- and downloads. 0: 30,000 */
	size_t body_bytes_max;    /* of an answer in memory; 0: 16 MiB */
};

struct http_client_response {
	int status;
	struct text type; /* in the arena of the call */
	struct text body;
};

struct http_client_headers {
	const struct http_pair *pairs;
	size_t count;
};

struct http_client;

/* Once per process. */
MUST_USE enum err_code http_client_process_init(struct err *err);
void http_client_process_release(void);

MUST_USE enum err_code http_client_create(const struct http_client_settings *settings,
					  struct http_client **out, struct err *err);
void http_client_destroy(struct http_client *client);

struct http_client_call {
	const char *method;                 /* "GET", "POST" … */
	struct text path;                   /* begins with '/'; with the query, escaped; or "" */
	struct http_client_headers headers; /* besides Authorization */
	struct text type;                   /* Content-Type; empty: none */
	struct text body;                   /* absent: none */
};

/* Texts of *out live in `arena`. */
MUST_USE enum err_code http_client_call(struct http_client *client, struct arena *arena,
					const struct http_client_call *call,
					struct http_client_response *out, struct err *err);

/* Asked now and then during a transfer; false breaks it off. `total` is 0 when unknown. */
typedef bool http_client_progress(void *context, uint64_t done, uint64_t total);

struct http_client_upload {
	int fd;                          /* read from its present position to the end */
	http_client_progress *progress;  /* NULL: none */
	void *context;
};

/* As http_client_call, with the body taken from a file (call->body is ignored). */
MUST_USE enum err_code http_client_upload(struct http_client *client, struct arena *arena,
					  const struct http_client_call *call,
					  const struct http_client_upload *upload,
					  struct http_client_response *out, struct err *err);

/* One piece of a download; false breaks it off. */
typedef bool http_client_sink(void *context, struct text piece);

struct http_client_download {
	http_client_sink *sink;
	void *context;
};

/*
 * As http_client_call, but the body of a 2xx answer goes to the sink piece by piece, any size.
 * Other answers come in *out as usual.
 */
MUST_USE enum err_code http_client_download(struct http_client *client, struct arena *arena,
					    const struct http_client_call *call,
					    const struct http_client_download *download,
					    struct http_client_response *out, struct err *err);

#endif
