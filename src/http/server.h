/*
 * server: HTTP/1.1 on one event loop thread (libmicrohttpd), with bounds on all a client can grow.
 *
 * Holds    a listening socket, one thread, the connections, a small pool of requests.
 * Threads  create, stop and destroy: one controlling thread. All callbacks run on the loop
 *          thread and must not block.
 * Fails    create, when an address, a port or a certificate cannot be used.
 *
 * Connections over connections_max, or over connections_per_address_max from one address, get a
 * short 503 and are closed at once.
 *
 * What libmicrohttpd refuses by itself is answered with its own short HTML page, and neither head
 * nor done hears of it: a header more than 16 KiB over header_bytes_max, a line without a colon, a
 * Content-Length or chunk that is no number, another version than HTTP/1. Everything else that is
 * refused goes through `refuse`. A body that is refused on its way is answered at once, and over
 * TLS, where the daemon gives no way to, the connection is cut.
 */
#ifndef HTTP_SERVER_H
#define HTTP_SERVER_H

#include "base/clock.h"
#include "http/respond.h"

struct http_settings {
	struct text listen;                   /* "127.0.0.1:8207", "[::1]:0", "*:80"; port 0: any */
	unsigned connections_max;
	unsigned connections_per_address_max; /* 0: no such bound */
	size_t header_bytes_max;              /* request line and header together */
	size_t body_bytes_max;                /* of a body kept in memory, unless head says other */
	size_t arena_bytes_max;               /* memory one request may take */
	unsigned idle_timeout_ms;             /* of a connection between two requests */
	unsigned header_timeout_ms;           /* from the request line (first: from connecting) */
	unsigned body_timeout_ms;             /* a body or answer must move this far in each ... */
	unsigned body_bytes_per_s_min;        /* ... such period: at least so many bytes a second */
	unsigned sweep_ms;                    /* how often the times are checked */
	struct text tls_cert_file;            /* PEM, certificate and chain; empty: no TLS */
	struct text tls_key_file;
	struct text cors_origins;             /* empty: none; "*"; or a comma-separated list */
	size_t gzip_bytes_min;                /* 0: never compress */
	const struct clock *clock;            /* random for request ids; NULL: the machine's */
};

/* Settings for a server that faces its clients directly; listens on 127.0.0.1:8207. */
struct http_settings http_server_defaults(void);

enum http_body_mode {
	HTTP_BODY_MEMORY, /* collected, then `handle`; 413 when over body_bytes_max */
	HTTP_BODY_STREAM, /* each piece goes to `piece` as it arrives, then `handle` */
	HTTP_BODY_REFUSE, /* head has answered; the body is not wanted */
};

enum http_end {
	HTTP_END_SENT,    /* the whole answer was handed to the system */
	HTTP_END_BROKEN,  /* the client went away, or a producer aborted */
	HTTP_END_TIMEOUT, /* we cut the connection because it overran its time */
};

struct http_outcome {
	int status; /* 0 when it broke before there was an answer */
	enum http_end end;
	uint64_t body_bytes_in;
	uint64_t body_bytes_out; /* as produced, after compression */
	int64_t duration_us;
};

struct http_callbacks {
	void *state; /* passed to each */

	/* The header is in; decides about the body. NULL: HTTP_BODY_MEMORY. */
	enum http_body_mode (*head)(void *state, struct http_request *request);

	/* HTTP_BODY_STREAM only. False: it has answered, and wants no more. */
	bool (*piece)(void *state, struct http_request *request, struct text piece);

	/* The body is complete. Must answer or call http_defer. */
	void (*handle)(void *state, struct http_request *request);

	/*
	 * A deferred request came back without an answer; must answer, or http_defer again. This
	 * is the place to encode an answer that a writer thread should not spend time on.
	 */
	void (*finish)(void *state, struct http_request *request);

	/*
	 * The end of each request whose header was complete, for log and metrics: the last time
	 * it is seen. Requests the server itself refused (`refuse`) end here, too, without `head`.
	 */
	void (*done)(void *state, struct http_request *request,
		     const struct http_outcome *outcome);

	/* The server refuses by itself (413, 431 …): shape the answer. NULL: the JSON form. */
	void (*refuse)(void *state, struct http_request *request, const struct err *err);

	/* Methods of a path for OPTIONS, "GET, POST"; absent: 404. NULL: all methods. */
	struct text (*methods)(void *state, struct http_request *request);
};

struct http_server;

/*
 * Listen and serve. The settings' texts and `callbacks` are copied; callbacks->state is borrowed
 * until destroy.
 */
MUST_USE enum err_code http_server_create(const struct http_settings *settings,
					  const struct http_callbacks *callbacks,
					  struct http_server **out, struct err *err);

/* The port in use. */
unsigned http_server_port(const struct http_server *server);

/* Connections open now; any thread. */
unsigned http_server_connections(const struct http_server *server);

/*
 * Stop accepting at once, close idle connections, let running requests finish (their answers say
 * Connection: close), cut what is left after `grace_ms`. True when nothing had to be cut and no
 * deferred request is still out. Any thread but the loop's; a second call does nothing new.
 */
bool http_server_stop(struct http_server *server, unsigned grace_ms);

/*
 * Stop without grace and free everything. Waits for deferred requests that are still out: whoever
 * holds one must complete it. NULL does nothing.
 */
void http_server_destroy(struct http_server *server);

#endif
