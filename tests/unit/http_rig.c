#include "http_rig.h"

#include <arpa/inet.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#define WAIT_S 10

struct counter {
	uint64_t left;
	bool says_later;
	bool aborts;
	struct http_request *request;
	struct rig *rig;
};

static void queue(struct rig *rig, struct http_request *request)
{
	pthread_mutex_lock(&rig->mutex);
	rig->waiting[rig->waiting_count++] = request;
	pthread_cond_broadcast(&rig->changed);
	pthread_mutex_unlock(&rig->mutex);
}

static void *work(void *state)
{
	struct rig *rig = state;

	pthread_mutex_lock(&rig->mutex);
	for (;;) {
		while (!rig->is_over && (rig->is_holding || rig->waiting_count == 0))
			pthread_cond_wait(&rig->changed, &rig->mutex);
		if (rig->waiting_count == 0)
			break;
		struct http_request *request = rig->waiting[--rig->waiting_count];
		struct counter *counter = request->user;

		pthread_mutex_unlock(&rig->mutex);
		if (counter) {
			http_stream_ready(request);
		} else {
			if (text_is(request->path, TEXT("/defer")))
				http_respond(request, 200, HTTP_TYPE_TEXT, TEXT("from afar"));
			http_complete(request);
		}
		pthread_mutex_lock(&rig->mutex);
	}
	pthread_mutex_unlock(&rig->mutex);
	return NULL;
}

static enum http_body_mode on_head(void *state, struct http_request *request)
{
	struct rig *rig = state;

	rig->head_count++;
	if (text_is(request->path, TEXT("/refuse"))) {
		http_respond(request, 403, HTTP_TYPE_TEXT, TEXT("not you"));
		return HTTP_BODY_REFUSE;
	}
	if (text_is(request->path, TEXT("/upload")) || text_is(request->path, TEXT("/choosy"))) {
		request->body_bytes_max = UINT64_MAX;
		request->user = arena_zero(request->arena, 1, sizeof(uint64_t));
		return HTTP_BODY_STREAM;
	}
	return HTTP_BODY_MEMORY;
}

static bool on_piece(void *state, struct http_request *request, struct text piece)
{
	uint64_t *sum = request->user;

	(void)state;
	*sum += piece.len;
	if (!text_is(request->path, TEXT("/choosy")) || *sum < 1000)
		return true;
	http_respond(request, 422, HTTP_TYPE_TEXT, TEXT("I do not like it"));
	return false;
}

static int64_t produce(void *context, char *out, size_t max)
{
	struct counter *counter = context;

	if (counter->left == 0)
		return counter->aborts ? HTTP_STREAM_ABORT : HTTP_STREAM_END;
	if (counter->says_later) {
		counter->says_later = false;
		queue(counter->rig, counter->request);
		return HTTP_STREAM_LATER;
	}
	size_t count = counter->left < max ? (size_t)counter->left : max;

	/* Small steps where there is a pause after each. */
	if (text_is(counter->request->path, TEXT("/later"))) {
		count = count < 100 ? count : 100;
		counter->says_later = true;
	}
	for (size_t i = 0; i < count; i++)
		out[i] = (char)('a' + (counter->left - i) % 26);
	counter->left -= count;
	return (int64_t)count;
}

static void answer_stream(struct rig *rig, struct http_request *request)
{
	struct counter *counter = arena_zero(request->arena, 1, sizeof *counter);
	int64_t left = 0;

	assert_non_null(counter);
	assert_true(text_to_int(http_request_query(request, "n"), &left));
	*counter = (struct counter){
		.left = (uint64_t)left,
		.aborts = http_request_query(request, "abort").ptr != NULL,
		.request = request,
		.rig = rig,
	};
	request->user = counter;
	http_respond_stream(request, 200, HTTP_TYPE_TEXT, produce, counter);
}

static void answer_facts(struct http_request *request)
{
	struct text q = http_request_query(request, "q");
	struct text header = http_request_header(request, "x-thing");
	struct text segment = TEXT_NONE, path = request->path;

	(void)!http_request_segment(request->arena, &path, &segment);
	(void)!http_request_segment(request->arena, &path, &segment);
	bool is_bad_taken = http_respond_header(request, "X-Bad", TEXT("a\r\nInjected: yes"));

	http_respond_header(request, "X-Good", TEXT("fine"));
	http_respond(request, 201, HTTP_TYPE_TEXT,
		     arena_format(request->arena, "q=%.*s x=%.*s s=%.*s peer=%.*s json=%d bad=%d",
				  TEXT_ARG(q), TEXT_ARG(header), TEXT_ARG(segment),
				  TEXT_ARG(request->peer), http_request_is_json(request),
				  is_bad_taken));
}

static void on_handle(void *state, struct http_request *request)
{
	struct rig *rig = state;
	struct text path = request->path;

	if (text_is(path, TEXT("/defer")) || text_is(path, TEXT("/finish"))) {
		http_defer(request);
		queue(rig, request);
	} else if (text_is(path, TEXT("/stream")) || text_is(path, TEXT("/later"))) {
		answer_stream(rig, request);
	} else if (text_is(path, TEXT("/upload"))) {
		http_respond(request, 200, HTTP_TYPE_TEXT,
			     arena_format(request->arena, "%llu",
					  *(unsigned long long *)request->user));
	} else if (text_is(path, TEXT("/big"))) {
		char *body = arena_zero(request->arena, 1, 5000);

		assert_non_null(body);
		memset(body, 'x', 5000);
		http_respond(request, 200, HTTP_TYPE_TEXT, (struct text){body, 5000});
	} else if (text_starts(path, TEXT("/facts"))) {
		answer_facts(request);
	} else if (!text_is(path, TEXT("/mute"))) {
		http_respond(request, 200, HTTP_TYPE_TEXT,
			     request->body.len ? request->body : TEXT("hello"));
	}
}

static void on_finish(void *state, struct http_request *request)
{
	(void)state;
	http_respond(request, 200, HTTP_TYPE_TEXT, TEXT("finished"));
}

static void on_done(void *state, struct http_request *request, const struct http_outcome *outcome)
{
	struct rig *rig = state;

	pthread_mutex_lock(&rig->mutex);
	rig->done_count++;
	rig->last = *outcome;
	snprintf(rig->last_id, sizeof rig->last_id, "%.*s", TEXT_ARG(request->id));
	pthread_cond_broadcast(&rig->changed);
	pthread_mutex_unlock(&rig->mutex);
}

static struct text on_methods(void *state, struct http_request *request)
{
	(void)state;
	return text_is(request->path, TEXT("/nowhere")) ? TEXT_NONE : TEXT("GET, POST");
}

void rig_init(struct rig *rig)
{
	*rig = (struct rig){.settings = http_server_defaults()};
	rig->settings.listen = TEXT("127.0.0.1:0");
	rig->settings.sweep_ms = 20;
	pthread_mutex_init(&rig->mutex, NULL);
	pthread_cond_init(&rig->changed, NULL);
}

void rig_start(struct rig *rig)
{
	struct http_callbacks callbacks = {
		.state = rig,
		.head = on_head,
		.piece = on_piece,
		.handle = on_handle,
		.finish = on_finish,
		.done = on_done,
		.methods = on_methods,
	};
	struct err err;

	assert_int_equal(http_server_create(&rig->settings, &callbacks, &rig->server, &err),
			 ERR_OK);
	assert_int_equal(pthread_create(&rig->worker, NULL, work, rig), 0);
}

void rig_stop(struct rig *rig)
{
	rig_hold(rig, false);
	http_server_destroy(rig->server);
	pthread_mutex_lock(&rig->mutex);
	rig->is_over = true;
	pthread_cond_broadcast(&rig->changed);
	pthread_mutex_unlock(&rig->mutex);
	pthread_join(rig->worker, NULL);
	pthread_cond_destroy(&rig->changed);
	pthread_mutex_destroy(&rig->mutex);
}

static void wait_for(struct rig *rig, const unsigned *counter, unsigned count)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += WAIT_S;
	pthread_mutex_lock(&rig->mutex);
	while (*counter < count &&
	       pthread_cond_timedwait(&rig->changed, &rig->mutex, &until) != ETIMEDOUT)
		continue;
	unsigned reached = *counter;

	pthread_mutex_unlock(&rig->mutex);
	assert_true(reached >= count);
}

void rig_wait_done(struct rig *rig, unsigned count)
{
	wait_for(rig, &rig->done_count, count);
}

void rig_wait_waiting(struct rig *rig, unsigned count)
{
	wait_for(rig, &rig->waiting_count, count);
}

void rig_hold(struct rig *rig, bool is_holding)
{
	pthread_mutex_lock(&rig->mutex);
	rig->is_holding = is_holding;
	pthread_cond_broadcast(&rig->changed);
	pthread_mutex_unlock(&rig->mutex);
}

int rig_connect(const struct rig *rig)
{
	struct sockaddr_in address = {.sin_family = AF_INET};
	struct timeval timeout = {.tv_sec = WAIT_S};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	address.sin_port = htons((uint16_t)http_server_port(rig->server));
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_true(fd >= 0);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
	assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
	return fd;
}

bool rig_send(int fd, const char *bytes, size_t len)
{
	while (len > 0) {
		ssize_t sent = send(fd, bytes, len, MSG_NOSIGNAL);

		if (sent <= 0)
			return false;
		bytes += sent;
		len -= (size_t)sent;
	}
	return true;
}

void rig_say(int fd, const char *string)
{
	rig_send(fd, string, strlen(string));
}

size_t rig_read_all(int fd, char *out, size_t room)
{
	size_t len = 0;

	while (len < room - 1) {
		ssize_t got = recv(fd, out + len, room - 1 - len, 0);

		if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
			fail_msg("no end of the answer in %d s", WAIT_S);
		if (got < 0)
			fail_msg("the answer ended with an error: %s", strerror(errno));
		if (got == 0)
			break;
		len += (size_t)got;
	}
	out[len] = '\0';
	return len;
}

size_t rig_read_one(int fd, char *out, size_t room)
{
	size_t len = 0, whole = room;

	while (len < whole) {
		ssize_t got = recv(fd, out + len, 1, 0);

		if (got <= 0)
			break;
		out[++len] = '\0';
		const char *length = whole == room && len >= 4 &&
						     memcmp(out + len - 4, "\r\n\r\n", 4) == 0
					     ? strcasestr(out, "Content-Length:")
					     : NULL;

		if (length)
			whole = len + strtoul(length + 15, NULL, 10);
	}
	assert_true(len == whole);
	return len;
}

size_t rig_ask(const struct rig *rig, const char *request, char *out, size_t room)
{
	int fd = rig_connect(rig);

	rig_send(fd, request, strlen(request));
	size_t len = rig_read_all(fd, out, room);

	close(fd);
	return len;
}

int rig_status(const char *answer)
{
	return strncmp(answer, "HTTP/1.1 ", 9) == 0 ? (int)strtol(answer + 9, NULL, 10) : 0;
}

const char *rig_body(const char *answer)
{
	const char *end = strstr(answer, "\r\n\r\n");

	return end ? end + 4 : "";
}
