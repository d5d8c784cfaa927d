/* What a client must not be able to do: too much, too slowly, too many, or in two meanings. */
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "http_rig.h"

#define ROOM ((size_t)1 << 20)
#define CLOSE "Host: x\r\nConnection: close\r\n"

static struct rig rig;
static char answer[ROOM];

static int init(void **state)
{
	(void)state;
	rig_init(&rig);
	return 0;
}

static int start(void **state)
{
	init(state);
	rig_start(&rig);
	return 0;
}

static int stop(void **state)
{
	(void)state;
	rig_stop(&rig);
	return 0;
}

static int ask(const char *request)
{
	rig_ask(&rig, request, answer, ROOM);
	return rig_status(answer);
}

/* Where two readers could disagree, neither may be right. */
static void test_ambiguous_is_refused(void **state)
{
	static const struct {
		const char *request;
		int status;
	} rows[] = {
		{"POST / HTTP/1.1\r\n" CLOSE
		 "Content-Length: 4\r\nContent-Length: 4\r\n\r\nbody", 400},
		{"POST / HTTP/1.1\r\n" CLOSE
		 "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
		{"POST / HTTP/1.1\r\n" CLOSE
		 "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
		{"POST / HTTP/1.1\r\n" CLOSE "Transfer-Encoding: gzip, chunked\r\n\r\n", 501},
		{"POST / HTTP/1.1\r\n" CLOSE "Transfer-Encoding: identity\r\n\r\n", 501},
		{"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
		{"POST / HTTP/1.1\r\n" CLOSE "Content-Length: 4x\r\n\r\nbody", 400},
		{"POST / HTTP/1.1\r\n" CLOSE "Content-Length: -1\r\n\r\n", 400},
		{"POST / HTTP/1.1\r\n" CLOSE "Content-Length : 4\r\n\r\nbody", 400},
		{"GET / HTTP/1.1\r\n" CLOSE "Host: y\r\n\r\n", 400},
		{"GET / HTTP/1.1\r\nConnection: close\r\n\r\n", 400},
		{"GET / HTTP/1.1\r\n" CLOSE "A: \x01\r\n\r\n", 400},
		{"GET /%zz HTTP/1.1\r\n" CLOSE "\r\n", 400},
		{"GET /%2 HTTP/1.1\r\n" CLOSE "\r\n", 400},
		{"GET /?a=%f HTTP/1.1\r\n" CLOSE "\r\n", 400},
		{"GET nothing HTTP/1.1\r\n" CLOSE "\r\n", 400},
		{"GET /a b HTTP/1.1\r\n" CLOSE "\r\n", 400},
		{"POST / HTTP/1.1\r\n" CLOSE
		 "Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n..", 415},
		{"POST / HTTP/1.1\r\n" CLOSE "Transfer-Encoding: chunked\r\n\r\nzz\r\n", 400},
		{"GET / HTTP/2.7\r\n" CLOSE "\r\n", 505},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (ask(rows[i].request) != rows[i].status)
			fail_msg("row %zu: %s", i, answer);
	}
	assert_int_equal(rig.head_count, 1); /* of "zz", whose header was good */
}

static void ask_with_filler(const char *before, size_t filler_len, const char *after)
{
	struct buf request;

	buf_init(&request, 1000000);
	buf_add(&request, text_of(before));
	for (size_t i = 0; i < filler_len; i++)
		buf_add_char(&request, 'a');
	buf_add(&request, text_of(after));
	buf_add_char(&request, '\0');
	ask(buf_text(&request).ptr);
	buf_release(&request);
}

static void test_header_size(void **state)
{
	(void)state;
	ask_with_filler("GET / HTTP/1.1\r\n" CLOSE "A: ", 16000, "\r\n\r\n");
	assert_int_equal(rig_status(answer), 200);
	ask_with_filler("GET / HTTP/1.1\r\n" CLOSE "A: ", 17000, "\r\n\r\n");
	assert_int_equal(rig_status(answer), 431);
	assert_non_null(strstr(answer, "\"code\":\"HEADERS_TOO_LARGE\""));
	ask_with_filler("GET /", 17000, " HTTP/1.1\r\n" CLOSE "\r\n");
	assert_int_equal(rig_status(answer), 414);
	assert_non_null(strstr(answer, "\"code\":\"HEADERS_TOO_LARGE\""));
	ask_with_filler("GET / HTTP/1.1\r\n" CLOSE "A: ", 400000, "\r\n\r\n");
	assert_int_equal(rig_status(answer), 431);
	ask_with_filler("GET /", 400000, " HTTP/1.1\r\n" CLOSE "\r\n");
	assert_int_equal(rig_status(answer), 414);
}

/* The rest is read and thrown away, or the client would not live to see the answer. */
static void test_body_refused_early(void **state)
{
	static char piece[100000];
	int fd = rig_connect(&rig);

	(void)state;
	rig_say(fd, "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 10000000\r\n\r\n");
	for (int i = 0; i < 100; i++)
		assert_true(rig_send(fd, piece, sizeof piece));
	rig_read_all(fd, answer, ROOM);
	close(fd);
	assert_int_equal(rig_status(answer), 413);
	assert_non_null(strstr(answer, "\"code\":\"TOO_LARGE\""));
	rig_wait_done(&rig, 1);
	assert_int_equal(rig.last.body_bytes_in, 0);
}

static void test_chunked_body_too_large(void **state)
{
	static char piece[65536];
	int fd = rig_connect(&rig);

	(void)state;
	rig_say(fd, "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
	for (int i = 0; i < 160; i++) {
		assert_true(rig_send(fd, "10000\r\n", 7));
		assert_true(rig_send(fd, piece, 65536));
		assert_true(rig_send(fd, "\r\n", 2));
	}
	rig_read_all(fd, answer, ROOM);
	close(fd);
	assert_int_equal(rig_status(answer), 413);
	assert_non_null(strstr(answer, "\"code\":\"TOO_LARGE\""));
	rig_wait_done(&rig, 1);
	assert_int_equal(rig.last.status, 413);
}

static void test_body_at_the_bound(void **state)
{
	int fd;

	(void)state;
	rig.settings.body_bytes_max = 10;
	rig_start(&rig);
	fd = rig_connect(&rig);
	rig_say(fd, "POST /echo HTTP/1.1\r\n" CLOSE "Content-Length: 10\r\n\r\n0123456789");
	rig_read_all(fd, answer, ROOM);
	close(fd);
	assert_string_equal(rig_body(answer), "0123456789");
	assert_int_equal(ask("POST /echo HTTP/1.1\r\n" CLOSE
			     "Content-Length: 11\r\n\r\n0123456789a"),
			 413);
}

/* One byte every few milliseconds, until the server hangs up; false when it never does. */
static bool dribble(int fd)
{
	struct pollfd hang_up = {.fd = fd, .events = POLLIN};
	char scrap[256];

	for (int i = 0; i < 2000; i++) {
		if (!rig_send(fd, "a", 1))
			return true;
		if (poll(&hang_up, 1, 5) > 0 && recv(fd, scrap, sizeof scrap, 0) <= 0)
			return true;
	}
	return false;
}

static void test_slow_header(void **state)
{
	(void)state;
	rig.settings.header_timeout_ms = 100;
	rig_start(&rig);
	int first = rig_connect(&rig);
	int64_t begin_us = clock_steady_us();

	rig_say(first, "GET / HTTP/1.1\r\nA: ");
	assert_true(dribble(first));
	int later = rig_connect(&rig);

	rig_say(later, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
	rig_read_one(later, answer, ROOM);
	rig_say(later, "GET / HTTP/1.1\r\nA: ");
	assert_true(dribble(later));
	assert_true(clock_steady_us() - begin_us < 5000000);
	close(first);
	close(later);
}

static void test_slow_body(void **state)
{
	(void)state;
	rig.settings.body_timeout_ms = 100;
	rig.settings.body_bytes_per_s_min = 10000;
	rig_start(&rig);
	int fd = rig_connect(&rig);

	rig_say(fd, "POST /upload HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n");
	assert_true(dribble(fd));
	close(fd);
	rig_wait_done(&rig, 1);
	assert_int_equal(rig.last.end, HTTP_END_TIMEOUT);
	assert_true(rig.last.body_bytes_in > 0);
}

/* A client that never reads what it asked for. */
static void test_slow_reader(void **state)
{
	(void)state;
	rig.settings.body_timeout_ms = 100;
	rig.settings.body_bytes_per_s_min = 1000;
	rig_start(&rig);
	int fd = rig_connect(&rig);

	rig_say(fd, "GET /stream?n=1000000000 HTTP/1.1\r\nHost: x\r\n\r\n");
	rig_wait_done(&rig, 1);
	assert_int_equal(rig.last.end, HTTP_END_TIMEOUT);
	close(fd);
}

static void test_idle(void **state)
{
	(void)state;
	rig.settings.idle_timeout_ms = 100;
	rig_start(&rig);
	int fd = rig_connect(&rig);

	rig_say(fd, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
	rig_read_one(fd, answer, ROOM);
	assert_int_equal(rig_read_all(fd, answer, ROOM), 0);
	close(fd);
}

/* Time that a handler takes is not the client's fault. */
static void test_slow_handler(void **state)
{
	(void)state;
	rig.settings.idle_timeout_ms = 50;
	rig.settings.header_timeout_ms = 50;
	rig.settings.body_timeout_ms = 50;
	rig_start(&rig);
	int fd = rig_connect(&rig);

	rig_hold(&rig, true);
	rig_say(fd, "GET /defer HTTP/1.1\r\n" CLOSE "\r\n");
	rig_wait_waiting(&rig, 1);
	int other = rig_connect(&rig);

	/* The other connection's end shows that the sweeper was there meanwhile. */
	assert_int_equal(rig_read_all(other, answer, ROOM), 0);
	close(other);
	rig_hold(&rig, false);
	rig_read_all(fd, answer, ROOM);
	assert_string_equal(rig_body(answer), "from afar");
	close(fd);
}

static void check_third_is_refused(void)
{
	int fds[3];

	rig_start(&rig);
	for (size_t i = 0; i < 2; i++) {
		fds[i] = rig_connect(&rig);
		rig_say(fds[i], "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
		rig_read_one(fds[i], answer, ROOM);
		assert_int_equal(rig_status(answer), 200);
	}
	fds[2] = rig_connect(&rig);
	rig_say(fds[2], "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
	rig_read_all(fds[2], answer, ROOM);
	assert_int_equal(rig_status(answer), 503);
	assert_non_null(strstr(answer, "\"code\":\"BUSY\""));
	assert_int_equal(http_server_connections(rig.server), 2);
	for (size_t i = 0; i < 3; i++)
		close(fds[i]);
}

static void test_connections_max(void **state)
{
	(void)state;
	rig.settings.connections_max = 2;
	check_third_is_refused();
}

static void test_connections_per_address(void **state)
{
	(void)state;
	rig.settings.connections_per_address_max = 2;
	check_third_is_refused();
}

static void test_cors_off(void **state)
{
	(void)state;
	ask("GET / HTTP/1.1\r\n" CLOSE "Origin: https://a.example\r\n\r\n");
	assert_null(strstr(answer, "Access-Control"));
}

static void test_cors(void **state)
{
	(void)state;
	rig.settings.cors_origins = TEXT("https://a.example, https://b.example");
	rig_start(&rig);
	ask("GET / HTTP/1.1\r\n" CLOSE "Origin: https://b.example\r\n\r\n");
	assert_non_null(strstr(answer, "\r\nAccess-Control-Allow-Origin: https://b.example\r\n"));
	assert_non_null(strstr(answer, "\r\nVary: Origin\r\n"));
	ask("GET / HTTP/1.1\r\n" CLOSE "Origin: https://evil.example\r\n\r\n");
	assert_null(strstr(answer, "Access-Control"));
	assert_int_equal(ask("OPTIONS /x HTTP/1.1\r\n" CLOSE "Origin: https://a.example\r\n"
			     "Access-Control-Request-Method: POST\r\n"
			     "Access-Control-Request-Headers: authorization, x-a\r\n\r\n"),
			 204);
	assert_non_null(strstr(answer, "\r\nAccess-Control-Allow-Methods: GET, POST, OPTIONS\r\n"));
	assert_non_null(strstr(answer, "\r\nAccess-Control-Allow-Headers: authorization, x-a\r\n"));
	ask("OPTIONS /x HTTP/1.1\r\n" CLOSE "Origin: https://evil.example\r\n"
	    "Access-Control-Request-Method: POST\r\n\r\n");
	assert_null(strstr(answer, "Access-Control"));
}

static void test_cors_any(void **state)
{
	(void)state;
	rig.settings.cors_origins = TEXT("*");
	rig_start(&rig);
	ask("GET / HTTP/1.1\r\n" CLOSE "Origin: https://b.example\r\n\r\n");
	assert_non_null(strstr(answer, "\r\nAccess-Control-Allow-Origin: *\r\n"));
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, start, stop)
#define CASE_SET(test) cmocka_unit_test_setup_teardown(test, init, stop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(test_ambiguous_is_refused),
		CASE(test_header_size),
		CASE(test_body_refused_early),
		CASE(test_chunked_body_too_large),
		CASE_SET(test_body_at_the_bound),
		CASE_SET(test_slow_header),
		CASE_SET(test_slow_body),
		CASE_SET(test_slow_reader),
		CASE_SET(test_idle),
		CASE_SET(test_slow_handler),
		CASE_SET(test_connections_max),
		CASE_SET(test_connections_per_address),
		CASE(test_cors_off),
		CASE_SET(test_cors),
		CASE_SET(test_cors_any),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
