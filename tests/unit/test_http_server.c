/* The server as its clients see it: answers, bodies, deferring, streams, stopping. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zlib.h>

#include <cmocka.h>

#include "http_rig.h"

#define ROOM ((size_t)1 << 20)
#define CLOSE "Host: x\r\nConnection: close\r\n"

static struct rig rig;
static char answer[ROOM];

static int start(void **state)
{
	(void)state;
	rig_init(&rig);
	rig_start(&rig);
	return 0;
}

static int stop(void **state)
{
	(void)state;
	rig_stop(&rig);
	return 0;
}

static void ask(const char *request)
{
	rig_ask(&rig, request, answer, ROOM);
}

static void test_get(void **state)
{
	(void)state;
	ask("GET /hello HTTP/1.1\r\n" CLOSE "\r\n");
	assert_int_equal(rig_status(answer), 200);
	assert_string_equal(rig_body(answer), "hello");
	assert_non_null(strstr(answer, "\r\nDate: "));
	assert_non_null(strstr(answer, "\r\nX-Request-Id: "));
	assert_non_null(strstr(answer, "\r\nContent-Type: text/plain"));
	assert_non_null(strstr(answer, "\r\nConnection: close\r\n"));
	assert_null(strstr(answer, "\r\nServer:"));
	rig_wait_done(&rig, 1);
	assert_int_equal(rig.last.status, 200);
	assert_int_equal(rig.last.end, HTTP_END_SENT);
	assert_int_equal(rig.last.body_bytes_out, 5);
	assert_int_equal(strlen(rig.last_id), 16);
}

static void test_request_id(void **state)
{
	(void)state;
	ask("GET / HTTP/1.1\r\n" CLOSE "X-Request-Id: my-id_1.2\r\n\r\n");
	assert_non_null(strstr(answer, "\r\nX-Request-Id: my-id_1.2\r\n"));
	ask("GET / HTTP/1.1\r\n" CLOSE "X-Request-Id: not good\r\n\r\n");
	assert_int_equal(rig_status(answer), 200);
	assert_null(strstr(answer, "not good"));
}

static void test_facts(void **state)
{
	(void)state;
	ask("GET /facts/a%20b?p=1&q=x+%2B%26y&q=2 HTTP/1.1\r\n" CLOSE "X-THING:  t \r\n\r\n");
	assert_int_equal(rig_status(answer), 201);
	assert_string_equal(rig_body(answer), "q=x +&y x=t s=a b peer=127.0.0.1 json=1 bad=0");
	assert_non_null(strstr(answer, "\r\nX-Good: fine\r\n"));
	assert_null(strstr(answer, "X-Bad"));
	assert_null(strstr(answer, "Injected"));
	ask("GET /facts HTTP/1.1\r\n" CLOSE "Content-Type: application/ld+json; a=b\r\n\r\n");
	assert_non_null(strstr(answer, "json=1"));
	ask("GET /facts HTTP/1.1\r\n" CLOSE "Content-Type: text/csv\r\n\r\n");
	assert_non_null(strstr(answer, "json=0"));
	ask("GET http://x/facts?q=abs HTTP/1.1\r\n" CLOSE "\r\n");
	assert_non_null(strstr(answer, "q=abs"));
}

static void test_old_protocol(void **state)
{
	(void)state;
	ask("GET /hello HTTP/1.0\r\n\r\n");
	assert_int_equal(rig_status(answer), 200);
	assert_string_equal(rig_body(answer), "hello");
}

static void test_pipelined(void **state)
{
	char text[4096];
	size_t len = 0;
	const char *at = answer;

	(void)state;
	for (int i = 0; i < 8; i++)
		len += (size_t)snprintf(text + len, sizeof text - len,
					"POST %s HTTP/1.1\r\nHost: x\r\n"
					"Content-Length: 2\r\n%s\r\nn%d",
					i % 2 ? "/defer" : "/echo",
					i == 7 ? "Connection: close\r\n" : "", i);
	ask(text);
	for (int i = 0; i < 8; i++) {
		char want[16];

		snprintf(want, sizeof want, "n%d", i);
		at = strstr(at, "HTTP/1.1 200");
		assert_non_null(at);
		at = rig_body(at);
		assert_memory_equal(at, i % 2 ? "from afar" : want, i % 2 ? 9 : 2);
	}
}

/* The same request in every cut into two, and byte by byte. */
static void test_chunked(void **state)
{
	static const char request[] =
		"POST /echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
		"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nA;x=y\r\n, dear all\r\n"
		"0\r\nTrailer: t\r\n\r\n";
	size_t len = sizeof request - 1;

	(void)state;
	for (size_t cut = 1; cut <= len; cut++) {
		int fd = rig_connect(&rig);

		rig_send(fd, request, cut);
		rig_send(fd, request + cut, len - cut);
		rig_read_all(fd, answer, ROOM);
		close(fd);
		assert_int_equal(rig_status(answer), 200);
		assert_string_equal(rig_body(answer), "hello, dear all");
	}
	int fd = rig_connect(&rig);

	for (size_t i = 0; i < len; i++)
		rig_send(fd, request + i, 1);
	rig_read_all(fd, answer, ROOM);
	close(fd);
	assert_string_equal(rig_body(answer), "hello, dear all");
}

static void test_continue(void **state)
{
	char first[64] = "";
	int fd = rig_connect(&rig);
	static const char head[] = "POST /echo HTTP/1.1\r\n" CLOSE
				   "Expect: 100-continue\r\nContent-Length: 4\r\n\r\n";

	(void)state;
	rig_send(fd, head, sizeof head - 1);
	assert_int_equal(recv(fd, first, 25, MSG_WAITALL), 25);
	assert_string_equal(first, "HTTP/1.1 100 Continue\r\n\r\n");
	rig_say(fd, "body");
	rig_read_all(fd, answer, ROOM);
	close(fd);
	assert_string_equal(rig_body(answer), "body");
}

static void test_continue_refused(void **state)
{
	(void)state;
	ask("POST /refuse HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
	    "Content-Length: 4\r\n\r\n");
	assert_int_equal(rig_status(answer), 403);
	assert_string_equal(rig_body(answer), "not you");
	ask("POST /echo HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
	    "Content-Length: 99999999\r\n\r\n");
	assert_int_equal(rig_status(answer), 413);
}

/* A short body that is not wanted costs no connection. */
static void test_refused_and_kept(void **state)
{
	int fd = rig_connect(&rig);
	static const char text[] = "POST /refuse HTTP/1.1\r\nHost: x\r\n"
				   "Content-Length: 4\r\n\r\nbody"
				   "GET /hello HTTP/1.1\r\n" CLOSE "\r\n";

	(void)state;
	rig_send(fd, text, sizeof text - 1);
	rig_read_all(fd, answer, ROOM);
	close(fd);
	assert_int_equal(rig_status(answer), 403);
	assert_non_null(strstr(answer, "not youHTTP/1.1 200 OK"));
}

static void test_head(void **state)
{
	(void)state;
	ask("HEAD /hello HTTP/1.1\r\n" CLOSE "\r\n");
	assert_int_equal(rig_status(answer), 200);
	assert_non_null(strstr(answer, "\r\nContent-Length: 5\r\n"));
	assert_string_equal(rig_body(answer), "");
	ask("HEAD /stream?n=50 HTTP/1.1\r\nHost: x\r\n\r\n");
	assert_non_null(strstr(answer, " 200 OK\r\n"));
	assert_non_null(strstr(answer, "\r\nConnection: close\r\n"));
	assert_null(strstr(answer, "\r\nContent-Length:"));
	assert_string_equal(rig_body(answer), "");
}

static void test_options(void **state)
{
	(void)state;
	ask("OPTIONS /hello HTTP/1.1\r\n" CLOSE "\r\n");
	assert_int_equal(rig_status(answer), 204);
	assert_non_null(strstr(answer, "\r\nAllow: GET, POST, OPTIONS\r\n"));
	assert_null(strstr(answer, "Access-Control"));
	ask("OPTIONS /nowhere HTTP/1.1\r\n" CLOSE "\r\n");
	assert_int_equal(rig_status(answer), 404);
	ask("OPTIONS * HTTP/1.1\r\n" CLOSE "\r\n");
	assert_int_equal(rig_status(answer), 204);
}

static void test_defer(void **state)
{
	(void)state;
	ask("GET /defer HTTP/1.1\r\n" CLOSE "\r\n");
	assert_string_equal(rig_body(answer), "from afar");
	ask("GET /finish HTTP/1.1\r\n" CLOSE "\r\n");
	assert_string_equal(rig_body(answer), "finished");
}

static void test_defer_many(void **state)
{
	int fds[32];

	(void)state;
	rig_hold(&rig, true);
	for (size_t i = 0; i < ARRAY_LEN(fds); i++) {
		fds[i] = rig_connect(&rig);
		rig_say(fds[i], "GET /defer HTTP/1.1\r\n" CLOSE "\r\n");
	}
	rig_wait_waiting(&rig, ARRAY_LEN(fds));
	rig_hold(&rig, false);
	for (size_t i = 0; i < ARRAY_LEN(fds); i++) {
		rig_read_all(fds[i], answer, ROOM);
		close(fds[i]);
		assert_string_equal(rig_body(answer), "from afar");
	}
}

/* The client is gone when the answer comes. */
static void test_gone_while_deferred(void **state)
{
	struct linger hard = {.l_onoff = 1, .l_linger = 0};
	int fd = rig_connect(&rig);

	(void)state;
	rig_hold(&rig, true);
	rig_say(fd, "GET /defer HTTP/1.1\r\n" CLOSE "\r\n");
	rig_wait_waiting(&rig, 1);
	setsockopt(fd, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
	close(fd);
	rig_hold(&rig, false);
	rig_wait_done(&rig, 1);
	assert_int_equal(rig.last.end, HTTP_END_BROKEN);
	ask("GET /hello HTTP/1.1\r\n" CLOSE "\r\n");
	assert_int_equal(rig_status(answer), 200);
}

static void test_mute_handler(void **state)
{
	(void)state;
	ask("GET /mute HTTP/1.1\r\n" CLOSE "\r\n");
	assert_int_equal(rig_status(answer), 500);
	assert_non_null(strstr(rig_body(answer), "\"code\":\"INTERNAL\""));
}

/* Take a chunked body apart in place; its length. */
static size_t unchunk(char *at)
{
	char *out = at, *begin = at;

	for (;;) {
		size_t size = strtoul(at, &at, 16);

		assert_memory_equal(at, "\r\n", 2);
		at += 2;
		if (size == 0)
			return (size_t)(out - begin);
		memmove(out, at, size);
		out += size;
		at += size + 2;
	}
}

static void test_stream(void **state)
{
	char *body;

	(void)state;
	ask("GET /stream?n=300000 HTTP/1.1\r\n" CLOSE "\r\n");
	assert_non_null(strstr(answer, "\r\nTransfer-Encoding: chunked\r\n"));
	body = strstr(answer, "\r\n\r\n") + 4;
	assert_int_equal(unchunk(body), 300000);
	for (size_t i = 0; i < 300000; i++)
		assert_int_equal(body[i], 'a' + (300000 - i) % 26);
	rig_wait_done(&rig, 1);
	assert_int_equal(rig.last.body_bytes_out, 300000);
}

static void test_stream_later(void **state)
{
	(void)state;
	ask("GET /later?n=1000 HTTP/1.1\r\n" CLOSE "\r\n");
	assert_int_equal(unchunk(strstr(answer, "\r\n\r\n") + 4), 1000);
}

static void test_stream_abort(void **state)
{
	(void)state;
	ask("GET /stream?n=50000&abort=1 HTTP/1.1\r\n" CLOSE "\r\n");
	assert_int_equal(rig_status(answer), 200);
	assert_null(strstr(answer, "\r\n0\r\n\r\n"));
	rig_wait_done(&rig, 1);
	assert_int_equal(rig.last.end, HTTP_END_BROKEN);
}

static size_t gunzip(const char *in, size_t in_len, char *out, size_t room)
{
	z_stream stream = {0};

	assert_int_equal(inflateInit2(&stream, 15 + 16), Z_OK);
	stream.next_in = (z_const Bytef *)in;
	stream.avail_in = (uInt)in_len;
	stream.next_out = (Bytef *)out;
	stream.avail_out = (uInt)room;
	assert_int_equal(inflate(&stream, Z_FINISH), Z_STREAM_END);
	inflateEnd(&stream);
	return room - stream.avail_out;
}

static void test_gzip(void **state)
{
	static char plain[ROOM];
	size_t len = rig_ask(&rig,
			     "GET /big HTTP/1.1\r\n" CLOSE
			     "Accept-Encoding: br, gzip;q=0.5\r\n\r\n",
			     answer, ROOM);
	const char *body = rig_body(answer);

	(void)state;
	assert_non_null(strstr(answer, "\r\nContent-Encoding: gzip\r\n"));
	assert_non_null(strstr(answer, "\r\nVary: Accept-Encoding\r\n"));
	assert_int_equal(gunzip(body, len - (size_t)(body - answer), plain, ROOM), 5000);
	assert_int_equal(plain[4999], 'x');
	ask("GET /big HTTP/1.1\r\n" CLOSE "Accept-Encoding: gzip;q=0\r\n\r\n");
	assert_null(strstr(answer, "\r\nContent-Encoding"));
	assert_non_null(strstr(answer, "\r\nVary: Accept-Encoding\r\n"));
	assert_int_equal(strlen(rig_body(answer)), 5000);
	ask("GET /hello HTTP/1.1\r\n" CLOSE "Accept-Encoding: gzip\r\n\r\n");
	assert_null(strstr(answer, "\r\nContent-Encoding"));
	ask("HEAD /big HTTP/1.1\r\n" CLOSE "Accept-Encoding: *\r\n\r\n");
	assert_non_null(strstr(answer, "\r\nContent-Encoding: gzip\r\n"));
}

static void test_gzip_stream(void **state)
{
	static const char *const requests[] = {
		"GET /stream?n=300000 HTTP/1.1\r\n" CLOSE "Accept-Encoding: gzip\r\n\r\n",
		"GET /later?n=1000 HTTP/1.1\r\n" CLOSE "Accept-Encoding: gzip\r\n\r\n",
		"GET /stream?n=0 HTTP/1.1\r\n" CLOSE "Accept-Encoding: gzip\r\n\r\n",
	};
	static const size_t lengths[] = {300000, 1000, 0};
	static char plain[ROOM];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(requests); i++) {
		ask(requests[i]);
		assert_non_null(strstr(answer, "\r\nContent-Encoding: gzip\r\n"));
		char *body = strstr(answer, "\r\n\r\n") + 4;
		size_t len = unchunk(body);

		assert_int_equal(gunzip(body, len, plain, ROOM), lengths[i]);
	}
}

static void test_upload(void **state)
{
	static char piece[100000];
	int fd = rig_connect(&rig);
	static const char head[] = "POST /upload HTTP/1.1\r\n" CLOSE
				   "Content-Length: 20000000\r\n\r\n";

	(void)state;
	rig_send(fd, head, sizeof head - 1);
	for (int i = 0; i < 200; i++)
		rig_send(fd, piece, sizeof piece);
	rig_read_all(fd, answer, ROOM);
	close(fd);
	assert_string_equal(rig_body(answer), "20000000");
}

/* A sink that has had enough answers in the middle of the body. */
static void test_upload_broken_off(void **state)
{
	static char piece[100000];
	int fd = rig_connect(&rig);
	static const char head[] = "POST /choosy HTTP/1.1\r\n" CLOSE
				   "Content-Length: 2000000\r\n\r\n";

	(void)state;
	rig_send(fd, head, sizeof head - 1);
	for (int i = 0; i < 20; i++)
		rig_send(fd, piece, sizeof piece);
	rig_read_all(fd, answer, ROOM);
	close(fd);
	assert_int_equal(rig_status(answer), 422);
	assert_string_equal(rig_body(answer), "I do not like it");
	rig_wait_done(&rig, 1);
	assert_int_equal(rig.last.status, 422);
}

static void *stop_server(void *state)
{
	return http_server_stop(rig.server, *(unsigned *)state) ? answer : NULL;
}

static void test_stop_in_flight(void **state)
{
	unsigned grace_ms = 8000;
	pthread_t thread;
	void *was_clean;
	int idle = rig_connect(&rig), busy = rig_connect(&rig);

	(void)state;
	rig_say(idle, "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n");
	rig_read_one(idle, answer, ROOM);
	rig_hold(&rig, true);
	rig_say(busy, "GET /defer HTTP/1.1\r\nHost: x\r\n\r\n");
	rig_wait_waiting(&rig, 1);
	assert_int_equal(pthread_create(&thread, NULL, stop_server, &grace_ms), 0);
	assert_int_equal(rig_read_all(idle, answer, ROOM), 0);
	rig_hold(&rig, false);
	rig_read_all(busy, answer, ROOM);
	assert_string_equal(rig_body(answer), "from afar");
	assert_non_null(strstr(answer, "\r\nConnection: close\r\n"));
	pthread_join(thread, &was_clean);
	assert_non_null(was_clean);
	close(idle);
	close(busy);
}

static void test_stop_without_grace(void **state)
{
	int busy = rig_connect(&rig);

	(void)state;
	rig_hold(&rig, true);
	rig_say(busy, "GET /defer HTTP/1.1\r\nHost: x\r\n\r\n");
	rig_wait_waiting(&rig, 1);
	assert_false(http_server_stop(rig.server, 0));
	assert_int_equal(rig_read_all(busy, answer, ROOM), 0);
	close(busy);
}

static void test_bad_settings(void **state)
{
	struct http_settings settings = http_server_defaults();
	struct http_callbacks callbacks = {0};
	struct http_server *server = NULL;
	struct err err;
	static const char *const bad[] = {"",       "127.0.0.1",   "127.0.0.1:", "127.0.0.1:70000",
					  "::1:80", "127.0.0.1:x", ":80"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		settings.listen = text_of(bad[i]);
		assert_int_equal(http_server_create(&settings, &callbacks, &server, &err),
				 ERR_INVALID_INPUT);
		assert_null(server);
	}
	char taken[32];

	snprintf(taken, sizeof taken, "127.0.0.1:%u", http_server_port(rig.server));
	settings.listen = text_of(taken);
	assert_int_equal(http_server_create(&settings, &callbacks, &server, &err), ERR_BUSY);
	assert_non_null(strstr(err.message, "Is another server running there?"));
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, start, stop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(test_get),
		CASE(test_request_id),
		CASE(test_facts),
		CASE(test_old_protocol),
		CASE(test_pipelined),
		CASE(test_chunked),
		CASE(test_continue),
		CASE(test_continue_refused),
		CASE(test_refused_and_kept),
		CASE(test_head),
		CASE(test_options),
		CASE(test_defer),
		CASE(test_defer_many),
		CASE(test_gone_while_deferred),
		CASE(test_mute_handler),
		CASE(test_stream),
		CASE(test_stream_later),
		CASE(test_stream_abort),
		CASE(test_gzip),
		CASE(test_gzip_stream),
		CASE(test_upload),
		CASE(test_upload_broken_off),
		CASE(test_stop_in_flight),
		CASE(test_stop_without_grace),
		CASE(test_bad_settings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
