/*
 * load: an HTTP load generator that makes every request different, for measuring Galena.
 *
 *   load --port P [--host 127.0.0.1] [--connections C] [--pipeline D] (--seconds S | --requests N)
 *        [--method POST] --path PATH [--header 'Name: value']… [--body-template FILE]
 *        [--key-range K] [--lines FILE] [--sequential --start N] [--seed X]
 *
 * Path and body may hold placeholders: {i} a number below the key range (random, or counting from
 * --start with --sequential), the same wherever it stands in one request; {i:hex8} the same in
 * eight hexadecimal digits; {line} line {i} of FILE, counted from 0 and, past the end, from 0
 * again; {n} the request's number; {r:1000} a fresh random number below 1000. Any other brace is
 * an ordinary character.
 *
 * One thread, non-blocking, keep-alive; as little work per request as possible, because it shares
 * the machine with what it measures. Prints one line of JSON. Only loopback addresses; never runs
 * longer than an hour. Latency runs from handing a request to the kernel to the last byte of
 * its answer; it is kept in a histogram whose error is below one per cent.
 */
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#include "histogram.h"
#include "load_options.h"

#define GRACE_NS ((int64_t)5000000000) /* for answers still under way at the end */
#define ANSWER_HEAD_MAX 16384
#define FAILURES_MAX 1000 /* lost connections before giving up */

struct connection {
	int fd; /* -1: lost for good */
	bool waits_to_write;
	bool closing; /* the server said that this answer is the last one */
	char *out;    /* requests not yet handed to the kernel */
	size_t out_at;
	size_t out_len;
	char head[ANSWER_HEAD_MAX]; /* of the answer being read */
	size_t head_len;
	uint64_t body_left;
	bool in_body;
	int status;
	int64_t sent_ns[LOAD_PIPELINE_MAX]; /* a ring: when each request under way began */
	size_t oldest;
	size_t under_way;
};

struct load {
	const struct load_options *options;
	struct connection *connections;
	int epoll;
	char *body; /* the body being made */
	size_t request_bytes_max;
	uint64_t random;
	uint64_t begun;
	uint64_t errors;
	uint64_t failures;
	uint64_t by_status[600];
	struct histogram took;
	int64_t last_ns; /* when the last answer came */
	bool ending;
	char bytes[65536]; /* just received */
};

static int64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

static char *put_bytes(char *at, const char *ptr, size_t len)
{
	memcpy(at, ptr, len);
	return at + len;
}

static char *put_request(struct load *load, char *at)
{
	const struct load_options *options = load->options;
	struct template_values values = {.count = load->begun, .random = &load->random};

	values.key = options->sequential ? options->start + load->begun
					 : template_random_below(&load->random, options->key_range);
	if (options->lines.count > 0)
		values.line = options->lines.all[values.key % options->lines.count];
	size_t body_len = (size_t)(template_put(&options->body, &values, load->body) - load->body);

	at = put_bytes(at, options->method, strlen(options->method));
	*at++ = ' ';
	at = template_put(&options->path, &values, at);
	at = put_bytes(at, " HTTP/1.1\r\n", 11);
	at = put_bytes(at, options->headers, strlen(options->headers));
	if (options->has_body) {
		at = put_bytes(at, "Content-Length: ", 16);
		at = template_put_number(at, body_len);
		at = put_bytes(at, "\r\n", 2);
	}
	at = put_bytes(at, "\r\n", 2);
	return put_bytes(at, load->body, body_len);
}

static bool may_begin(const struct load *load, const struct connection *connection)
{
	const struct load_options *options = load->options;

	return !load->ending && !connection->closing &&
	       connection->under_way < (size_t)options->pipeline &&
	       (options->requests == 0 || load->begun < options->requests);
}

static void watch_writing(struct load *load, struct connection *connection, bool on)
{
	struct epoll_event event = {.events = on ? EPOLLIN | EPOLLOUT : EPOLLIN,
				    .data.ptr = connection};

	if (connection->waits_to_write == on)
		return;
	connection->waits_to_write = on;
	epoll_ctl(load->epoll, EPOLL_CTL_MOD, connection->fd, &event);
}

static bool flush(struct load *load, struct connection *connection)
{
	while (connection->out_at < connection->out_len) {
		ssize_t sent = send(connection->fd, connection->out + connection->out_at,
				    connection->out_len - connection->out_at, MSG_NOSIGNAL);

		if (sent < 0 && errno == EINTR)
			continue;
		if (sent < 0 && errno == EAGAIN) {
			watch_writing(load, connection, true);
			return true;
		}
		if (sent <= 0)
			return false;
		connection->out_at += (size_t)sent;
	}
	connection->out_at = connection->out_len = 0;
	watch_writing(load, connection, false);
	return true;
}

/* Begin as many requests as the pipeline allows. False when the connection is lost. */
static bool begin_requests(struct load *load, struct connection *connection)
{
	if (connection->out_at < connection->out_len)
		return true;
	while (may_begin(load, connection)) {
		char *at = connection->out + connection->out_len;
		size_t slot = (connection->oldest + connection->under_way) % LOAD_PIPELINE_MAX;

		connection->out_len = (size_t)(put_request(load, at) - connection->out);
		connection->sent_ns[slot] = now_ns();
		connection->under_way++;
		load->begun++;
	}
	return flush(load, connection);
}

static bool connect_one(struct load *load, struct connection *connection)
{
	struct epoll_event event = {.events = EPOLLIN, .data.ptr = connection};
	const struct sockaddr_in *address = &load->options->address;
	int on = 1;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return false;
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	/* On loopback this answers at once, so it may as well block. */
	if (connect(fd, (const struct sockaddr *)address, sizeof *address) != 0 ||
	    fcntl(fd, F_SETFL, O_NONBLOCK) != 0 ||
	    epoll_ctl(load->epoll, EPOLL_CTL_ADD, fd, &event) != 0) {
		close(fd);
		return false;
	}
	char *out = connection->out;

	memset(connection, 0, sizeof *connection);
	connection->out = out;
	connection->fd = fd;
	return true;
}

/* What was under way is lost. Connect again, unless that keeps failing or the end has come. */
static void reconnect(struct load *load, struct connection *connection)
{
	bool clean = connection->closing && connection->under_way == 0;

	load->errors += connection->under_way;
	load->failures += clean ? 0 : 1;
	close(connection->fd);
	connection->fd = -1;
	connection->under_way = 0;
	connection->closing = false;
	if (!may_begin(load, connection) || load->failures > FAILURES_MAX)
		return;
	if (!connect_one(load, connection))
		load->errors++;
	else if (!begin_requests(load, connection))
		load->failures++; /* the next event says so again, and comes back here */
}

static void count_answer(struct load *load, struct connection *connection)
{
	int64_t now = now_ns();
	int64_t took = now - connection->sent_ns[connection->oldest];

	connection->oldest = (connection->oldest + 1) % LOAD_PIPELINE_MAX;
	connection->under_way--;
	connection->in_body = false;
	connection->head_len = 0;
	load->by_status[connection->status]++;
	histogram_add(&load->took, (uint64_t)took);
	load->last_ns = now;
}

/* The value of header `name` in the NUL-ended `head`, or NULL. */
static const char *header(const char *head, const char *name)
{
	size_t len = strlen(name);

	for (const char *line = strstr(head, "\r\n"); line; line = strstr(line, "\r\n")) {
		line += 2;
		if (strncasecmp(line, name, len) == 0 && line[len] == ':')
			return line + len + 1 + strspn(line + len + 1, " \t");
	}
	return NULL;
}

/* A whole head is in `head`. Only answers with a length are understood, or none with a body. */
static bool read_head(struct connection *connection)
{
	const char *head = connection->head;
	const char *length = header(head, "Content-Length");
	const char *keep = header(head, "Connection");

	if (strncmp(head, "HTTP/1.1 ", 9) != 0)
		return false;
	connection->status = (int)strtol(head + 9, NULL, 10);
	if (connection->status < 200 || connection->status > 599)
		return false;
	bool bare = connection->status == 204 || connection->status == 304;

	if (!bare && !length)
		return false;
	connection->body_left = bare ? 0 : strtoull(length, NULL, 10);
	connection->closing = keep && strncasecmp(keep, "close", 5) == 0;
	connection->in_body = true;
	return true;
}

/* Take the head's bytes from *at; false when the answer cannot be understood. */
static bool take_head(struct connection *connection, const char **at, const char *end)
{
	size_t room = sizeof connection->head - 1 - connection->head_len;
	size_t len = (size_t)(end - *at) < room ? (size_t)(end - *at) : room;
	char *from = connection->head + connection->head_len;
	size_t overlap = connection->head_len < 3 ? connection->head_len : 3;

	memcpy(from, *at, len);
	from[len] = '\0';
	char *found = strstr(from - overlap, "\r\n\r\n");

	if (!found) {
		connection->head_len += len;
		*at += len;
		return len > 0;
	}
	*at += (found + 4) - from;
	found[2] = '\0';
	return read_head(connection);
}

/* Answers in `len` bytes at `at`. False when one cannot be understood or was not asked for. */
static bool take_answers(struct load *load, struct connection *connection, const char *at,
			 size_t len)
{
	const char *end = at + len;

	while (at < end || (connection->in_body && connection->body_left == 0)) {
		if (connection->under_way == 0)
			return false;
		if (!connection->in_body) {
			if (!take_head(connection, &at, end))
				return false;
			continue;
		}
		size_t part = (size_t)(end - at);

		part = part < connection->body_left ? part : (size_t)connection->body_left;
		at += part;
		connection->body_left -= part;
		if (connection->body_left == 0)
			count_answer(load, connection);
	}
	return true;
}

static void serve_connection(struct load *load, struct connection *connection, uint32_t events)
{
	if (connection->fd < 0)
		return;
	if (events & EPOLLOUT && !flush(load, connection)) {
		reconnect(load, connection);
		return;
	}
	if (!(events & (EPOLLIN | EPOLLHUP | EPOLLERR)))
		return;
	ssize_t len = recv(connection->fd, load->bytes, sizeof load->bytes, 0);

	if (len < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (len <= 0 || !take_answers(load, connection, load->bytes, (size_t)len) ||
	    (connection->closing && connection->under_way == 0) ||
	    !begin_requests(load, connection))
		reconnect(load, connection);
}

static bool is_over(const struct load *load)
{
	uint64_t requests = load->options->requests;
	bool all_begun = requests > 0 && load->begun >= requests;

	if (!all_begun && !load->ending && load->failures <= FAILURES_MAX)
		return false;
	for (long i = 0; i < load->options->connections; i++) {
		if (load->connections[i].fd >= 0 && load->connections[i].under_way > 0)
			return false;
	}
	return true;
}

static bool is_alive(const struct load *load)
{
	for (long i = 0; i < load->options->connections; i++) {
		if (load->connections[i].fd >= 0)
			return true;
	}
	return false;
}

static void run(struct load *load, int64_t begin_ns)
{
	int64_t end_ns = begin_ns + (int64_t)(load->options->seconds * 1e9);
	struct epoll_event events[256];

	while (!is_over(load) && is_alive(load)) {
		int count = epoll_wait(load->epoll, events, 256, 50);
		int64_t now = now_ns();

		for (int i = 0; i < count; i++)
			serve_connection(load, events[i].data.ptr, events[i].events);
		load->ending = load->ending || now >= end_ns;
		if (now >= end_ns + GRACE_NS)
			break;
	}
	for (long i = 0; i < load->options->connections; i++)
		load->errors += load->connections[i].under_way;
}

static void print_result(const struct load *load, int64_t begin_ns)
{
	double seconds = load->took.count ? (double)(load->last_ns - begin_ns) / 1e9 : 0;
	const char *comma = "";

	printf("{\"requests\":%llu,\"seconds\":%.3f,\"rps\":%.1f,",
	       (unsigned long long)load->took.count, seconds,
	       seconds > 0 ? (double)load->took.count / seconds : 0.0);
	printf("\"p50_us\":%.1f,\"p90_us\":%.1f,\"p99_us\":%.1f,\"p999_us\":%.1f,\"max_us\":%.1f,",
	       histogram_share_us(&load->took, 0.5), histogram_share_us(&load->took, 0.9),
	       histogram_share_us(&load->took, 0.99), histogram_share_us(&load->took, 0.999),
	       (double)load->took.max_ns / 1000);
	printf("\"status\":{");
	for (int status = 200; status < 600; status++) {
		if (load->by_status[status] == 0)
			continue;
		printf("%s\"%d\":%llu", comma, status, (unsigned long long)load->by_status[status]);
		comma = ",";
	}
	printf("},\"errors\":%llu}\n", (unsigned long long)load->errors);
}

/* Memory for every connection; it is the process's and goes with it. */
static bool load_init(struct load *load, const struct load_options *options)
{
	load->options = options;
	load->random = options->seed;
	size_t body_bytes_max = options->body.bytes_max +
				options->body.line_count * options->lines.bytes_max;

	load->request_bytes_max = options->path.bytes_max + body_bytes_max +
				  options->path.line_count * options->lines.bytes_max +
				  LOAD_HEADERS_BYTES_MAX + strlen(options->method) + 128;
	load->body = malloc(body_bytes_max + 1);
	load->connections = calloc((size_t)options->connections, sizeof *load->connections);
	load->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (!load->body || !load->connections || load->epoll < 0)
		return false;
	for (long i = 0; i < options->connections; i++) {
		struct connection *connection = &load->connections[i];

		connection->out = malloc((size_t)options->pipeline * load->request_bytes_max);
		if (!connection->out || !connect_one(load, connection))
			return false;
	}
	return true;
}

int main(int argc, char **argv)
{
	static struct load_options options;
	static struct load load;

	load_options_read(&options, argc, argv);
	if (!load_init(&load, &options)) {
		fprintf(stderr, "load: cannot connect: %s\n", strerror(errno));
		return 1;
	}
	int64_t begin_ns = now_ns();

	for (long i = 0; i < options.connections; i++) {
		if (!begin_requests(&load, &load.connections[i]))
			reconnect(&load, &load.connections[i]);
	}
	run(&load, begin_ns);
	print_result(&load, begin_ns);
	return load.took.count > 0 ? 0 : 1;
}
