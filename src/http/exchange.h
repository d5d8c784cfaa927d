/*
 * exchange: what the server's own files share: one server, its connections, its requests.
 *
 * Holds    see the structs; everything belongs to the loop thread but for what is marked.
 * Threads  the loop thread. Between http_defer and http_complete the request and its answer
 *          belong to the thread that will complete it.
 * Fails    not by itself.
 *
 * Only the files of http's server include this.
 */
#ifndef HTTP_EXCHANGE_H
#define HTTP_EXCHANGE_H

#include <microhttpd.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <zlib.h>

#include "base/buf.h"
#include "http/server.h"

enum http_phase {
	HTTP_PHASE_HEADER,  /* a header is due: after connecting, or after a request line */
	HTTP_PHASE_BODY,
	HTTP_PHASE_HANDLER, /* ours to move; the client waits */
	HTTP_PHASE_ANSWER,
	HTTP_PHASE_IDLE,    /* between two requests */
};

struct http_connection {
	struct http_connection *next;
	struct http_connection *prev;
	struct http_exchange *exchange; /* NULL between two requests */
	int fd;                         /* the daemon's; ours to shut down, never to close */
	enum http_phase phase;
	int64_t since_us;               /* begin of the phase, or of the period being watched */
	uint64_t moved;                 /* bytes that had gone through at that time */
	bool is_cut;                    /* overran its time */
	bool lingers;                   /* answered early: read on for a while after closing */
	struct sockaddr_storage address;
	char peer[INET6_ADDRSTRLEN];
};

struct http_header {
	struct http_header *next;
	struct text name;  /* with a NUL behind it */
	struct text value; /* with a NUL behind it */
};

struct http_deflater {
	struct http_deflater *next;
	z_stream stream;
};

struct http_answer {
	bool is_given;
	bool is_queued;           /* handed to the daemon */
	bool varies;              /* on Accept-Encoding */
	bool is_gzip;
	int status;
	struct text type;
	struct text body;
	http_producer *produce;   /* NULL: body */
	void *context;
	struct http_deflater *deflater; /* of a compressed stream */
	char *deflate_in;         /* its input buffer */
	bool deflate_ended;       /* the producer said END */
	bool deflate_flushes;     /* the producer said LATER: give out what there is */
	struct http_header *headers;
	struct http_header **headers_end;
	uint64_t bytes;           /* of body, handed over */
};

struct http_exchange {
	struct http_request request;
	struct http_exchange *next; /* in the pool, or in the list of the completed */
	struct http_server *server;
	struct http_connection *connection;
	struct MHD_Connection *mhd;
	struct arena arena;
	struct buf body;            /* heap, so that it can grow in place */
	enum http_body_mode mode;
	uint64_t body_bytes;        /* arrived so far */
	bool has_head;              /* the header was complete */
	bool is_discarding;         /* the body goes nowhere */
	bool is_handled;            /* `handle` was called */
	bool is_deferred;
	struct http_answer answer;
};

struct http_linger {
	struct http_linger *next;
	int fd;
	int64_t until_us;
	uint64_t bytes_left;
};

enum http_stage { HTTP_RUNS, HTTP_DRAINS, HTTP_ENDS };

struct http_server {
	struct http_settings settings;
	struct http_callbacks callbacks;
	struct arena texts;               /* of the settings */
	struct MHD_Daemon *daemon;
	pthread_t thread;
	int epoll_fd;
	int listen_fd;                    /* -1 once stopping */
	int wake_fd;
	int spare_fd;                     /* given up when the process has no others left */
	unsigned port;
	atomic_uint connection_count;
	struct http_connection *connections;
	struct http_connection *arriving; /* being handed to the daemon */
	struct http_exchange *pool;
	unsigned pool_count;
	struct http_linger *lingering;
	unsigned linger_count;
	unsigned held;                    /* suspended: another thread has them */
	int64_t next_sweep_us;
	uint64_t id_seed;

	_Atomic(struct http_exchange *) completed; /* any thread */
	atomic_uint completing;           /* threads inside http_complete */

	pthread_mutex_t mutex;            /* guards what follows */
	pthread_cond_t changed;
	enum http_stage stage;
	bool is_drained;
	bool was_clean;
	int64_t deadline_us;
	struct http_deflater *deflaters;
	unsigned deflater_count;
};

/* From the pool or new; NULL without memory. */
MUST_USE struct http_exchange *http_exchange_take(struct http_server *server);

/* Back to the pool, or freed when the pool is full. */
void http_exchange_give(struct http_exchange *exchange);

/* Free the pool. */
void http_exchange_release(struct http_server *server);

/* The connection is in `phase` from now on. */
void http_exchange_phase(struct http_connection *connection, enum http_phase phase);

#endif
