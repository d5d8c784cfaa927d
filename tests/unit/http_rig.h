/*
 * http_rig: a real server on a free port for tests, with a handler for each thing to be tried,
 * and a client that speaks raw bytes.
 *
 * Holds    the server, a worker thread that completes deferred requests, and what `done` saw.
 * Threads  one test at a time.
 * Fails    by failing the test.
 */
#ifndef HTTP_RIG_H
#define HTTP_RIG_H

#include <pthread.h>

#include "http/server.h"

struct rig {
	struct http_server *server;
	struct http_settings settings;
	pthread_t worker;
	pthread_mutex_t mutex;
	pthread_cond_t changed;
	struct http_request *waiting[64]; /* deferred, for the worker */
	unsigned waiting_count;
	bool is_holding;                  /* the worker leaves them alone */
	bool is_over;
	unsigned done_count;
	struct http_outcome last;
	char last_id[HTTP_ID_BYTES_MAX + 1];
	unsigned head_count;
};

/* Short timeouts; a test may change rig->settings between init and start. */
void rig_init(struct rig *rig);
void rig_start(struct rig *rig);
void rig_stop(struct rig *rig);

/* Wait until `count` requests have ended, or deferred requests wait; fails after 10 seconds. */
void rig_wait_done(struct rig *rig, unsigned count);
void rig_wait_waiting(struct rig *rig, unsigned count);
void rig_hold(struct rig *rig, bool is_holding);

int rig_connect(const struct rig *rig);
/* False when the server hung up before it had all. */
bool rig_send(int fd, const char *bytes, size_t len);
void rig_say(int fd, const char *string);

/* Everything up to the end of the stream, which must be a clean one, with a NUL; its length. */
size_t rig_read_all(int fd, char *out, size_t room);

/* One whole answer with a Content-Length from a connection that stays open; its length. */
size_t rig_read_one(int fd, char *out, size_t room);

/* Send `request`, read to the end, close. */
size_t rig_ask(const struct rig *rig, const char *request, char *out, size_t room);

/* The status of an answer, and its body. */
int rig_status(const char *answer);
const char *rig_body(const char *answer);

#endif
