/* The client against the real server, and against nothing, silence and cut-off answers. */
#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "http/client.h"
#include "http_rig.h"

static struct rig rig;
static struct arena arena;
static char url[64];

static int start(void **state)
{
	(void)state;
	rig_init(&rig);
	rig_start(&rig);
	arena_init(&arena, (size_t)64 << 20);
	snprintf(url, sizeof url, "http://127.0.0.1:%u/", http_server_port(rig.server));
	return 0;
}

static int stop(void **state)
{
	(void)state;
	rig_stop(&rig);
	arena_release(&arena);
	return 0;
}

static struct http_client *make(struct http_client_settings settings)
{
	struct http_client *client = NULL;
	struct err err;

	settings.base_url = text_of(url);
	assert_int_equal(http_client_create(&settings, &client, &err), ERR_OK);
	return client;
}

static void test_calls(void **state)
{
	struct http_client *client = make((struct http_client_settings){.key = TEXT("k")});
	struct http_pair thing = {TEXT("X-Thing"), TEXT("blue")};
	struct http_client_call get = {
		.method = "GET", .path = TEXT("/facts/s?q=1"), .headers = {&thing, 1}};
	struct http_client_call post = {
		.method = "POST", .path = TEXT("/echo"), .type = TEXT("application/json"),
		.body = TEXT("{\"a\":1}")};
	struct http_client_call head = {.method = "HEAD", .path = TEXT("/big")};
	struct http_client_response response;
	struct err err;

	(void)state;
	assert_int_equal(http_client_call(client, &arena, &get, &response, &err), ERR_OK);
	assert_int_equal(response.status, 201);
	assert_true(text_is(response.type, HTTP_TYPE_TEXT));
	assert_true(text_is(response.body, TEXT("q=1 x=blue s=s peer=127.0.0.1 json=1 bad=0")));
	assert_int_equal(http_client_call(client, &arena, &post, &response, &err), ERR_OK);
	assert_true(text_is(response.body, post.body));
	assert_int_equal(http_client_call(client, &arena, &head, &response, &err), ERR_OK);
	assert_int_equal(response.body.len, 0);
	get.path = TEXT("/big");
	assert_int_equal(http_client_call(client, &arena, &get, &response, &err), ERR_OK);
	assert_int_equal(response.body.len, 5000);
	get.path = TEXT("/mute");
	assert_int_equal(http_client_call(client, &arena, &get, &response, &err), ERR_OK);
	assert_int_equal(response.status, 500);
	/* All on one connection. */
	assert_int_equal(http_server_connections(rig.server), 1);
	http_client_destroy(client);
}

static void test_injection(void **state)
{
	struct http_client *client = make((struct http_client_settings){0});
	struct http_pair bad = {TEXT("X-Thing"), TEXT("a\r\nX-Other: b")};
	struct http_client_call call = {
		.method = "GET", .path = TEXT("/"), .headers = {&bad, 1}};
	struct http_client_response response;
	struct err err;

	(void)state;
	assert_int_equal(http_client_call(client, &arena, &call, &response, &err),
			 ERR_INVALID_INPUT);
	http_client_destroy(client);
}

static bool count_progress(void *context, uint64_t done, uint64_t total)
{
	uint64_t *last = context;

	assert_true(done >= *last && done <= total);
	*last = done;
	return true;
}

static bool stop_progress(void *context, uint64_t done, uint64_t total)
{
	(void)context;
	(void)total;
	return done < 200000;
}

static void test_upload(void **state)
{
	struct http_client *client = make((struct http_client_settings){0});
	struct http_client_call call = {.method = "POST", .path = TEXT("/upload")};
	struct http_client_response response;
	uint64_t progress = 0;
	struct err err;
	FILE *file = tmpfile();

	(void)state;
	assert_non_null(file);
	assert_int_equal(ftruncate(fileno(file), 3000000), 0);
	lseek(fileno(file), 1000, SEEK_SET);
	struct http_client_upload upload = {fileno(file), count_progress, &progress};

	assert_int_equal(http_client_upload(client, &arena, &call, &upload, &response, &err),
			 ERR_OK);
	assert_true(text_is(response.body, TEXT("2999000")));
	assert_int_equal(progress, 2999000);
	lseek(fileno(file), 0, SEEK_SET);
	upload.progress = stop_progress;
	assert_int_equal(http_client_upload(client, &arena, &call, &upload, &response, &err),
			 ERR_TIMEOUT);
	/* The server refuses early: that is an answer. */
	lseek(fileno(file), 0, SEEK_SET);
	upload.progress = NULL;
	call.path = TEXT("/refuse");
	assert_int_equal(http_client_upload(client, &arena, &call, &upload, &response, &err),
			 ERR_OK);
	assert_int_equal(response.status, 403);
	fclose(file);
	http_client_destroy(client);
}

static bool add_up(void *context, struct text piece)
{
	*(size_t *)context += piece.len;
	return true;
}

static bool no_more(void *context, struct text piece)
{
	(void)context;
	(void)piece;
	return false;
}

static void test_download(void **state)
{
	struct http_client *client = make((struct http_client_settings){.body_bytes_max = 1000});
	struct http_client_call call = {.method = "GET", .path = TEXT("/stream?n=5000000")};
	struct http_client_response response;
	size_t sum = 0;
	struct http_client_download all = {add_up, &sum}, none = {no_more, NULL};
	struct err err;

	(void)state;
	assert_int_equal(http_client_download(client, &arena, &call, &all, &response, &err),
			 ERR_OK);
	assert_int_equal(sum, 5000000);
	assert_int_equal(response.body.len, 0);
	assert_int_equal(http_client_call(client, &arena, &call, &response, &err), ERR_TOO_LARGE);
	assert_int_equal(http_client_download(client, &arena, &call, &none, &response, &err),
			 ERR_TIMEOUT);
	call.path = TEXT("/refuse");
	sum = 0;
	assert_int_equal(http_client_download(client, &arena, &call, &all, &response, &err),
			 ERR_OK);
	assert_int_equal(sum, 0);
	assert_true(text_is(response.body, TEXT("not you")));
	call.path = TEXT("/stream?n=50000&abort=1");
	assert_int_equal(http_client_download(client, &arena, &call, &all, &response, &err),
			 ERR_UPSTREAM);
	http_client_destroy(client);
}

static void test_no_server(void **state)
{
	struct http_client_call call = {.method = "GET", .path = TEXT("/")};
	struct http_client_response response;
	struct sockaddr_in address = {.sin_family = AF_INET};
	socklen_t len = sizeof address;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct err err;

	(void)state;
	/* Bound, but not listening: nobody else can have this port. */
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, len), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &len), 0);
	snprintf(url, sizeof url, "http://127.0.0.1:%u", ntohs(address.sin_port));
	struct http_client *client = make((struct http_client_settings){0});

	assert_int_equal(http_client_call(client, &arena, &call, &response, &err), ERR_UPSTREAM);
	assert_non_null(strstr(err.message, "Is the server running"));
	assert_non_null(strstr(err.message, url));
	http_client_destroy(client);
	close(fd);
}

static void test_silence(void **state)
{
	struct http_client *client = make((struct http_client_settings){.timeout_ms = 50});
	struct http_client_call call = {.method = "GET", .path = TEXT("/defer")};
	struct http_client_response response;
	struct err err;

	(void)state;
	rig_hold(&rig, true);
	assert_int_equal(http_client_call(client, &arena, &call, &response, &err), ERR_TIMEOUT);
	http_client_destroy(client);
}

static void test_addresses(void **state)
{
	static const char *const bad[] = {"", "localhost:8207", "ftp://x", "file:///etc/passwd",
					  "http://"};
	struct http_client *client = NULL;
	struct err err;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct http_client_settings settings = {.base_url = text_of(bad[i])};

		assert_int_equal(http_client_create(&settings, &client, &err), ERR_INVALID_INPUT);
	}
	assert_null(client);
	http_client_destroy(NULL);
}

/* A certificate that nobody vouches for is refused: which also shows that TLS is spoken. */
static void test_tls(void **state)
{
	struct http_client_call call = {.method = "GET", .path = TEXT("/")};
	struct http_client_response response;
	struct err err;

	(void)state;
	rig.settings.tls_cert_file = TEXT("tests/data/http/tls_cert.pem");
	rig.settings.tls_key_file = TEXT("tests/data/http/tls_key.pem");
	rig_start(&rig);
	snprintf(url, sizeof url, "https://127.0.0.1:%u", http_server_port(rig.server));
	struct http_client *client = make((struct http_client_settings){0});

	assert_int_equal(http_client_call(client, &arena, &call, &response, &err), ERR_UPSTREAM);
	assert_non_null(strstr(err.message, "ertificate"));
	http_client_destroy(client);
}

static int init(void **state)
{
	(void)state;
	rig_init(&rig);
	arena_init(&arena, (size_t)1 << 20);
	return 0;
}

static int group_start(void **state)
{
	struct err err;

	(void)state;
	return http_client_process_init(&err) == ERR_OK ? 0 : -1;
}

static int group_stop(void **state)
{
	(void)state;
	http_client_process_release();
	return 0;
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, start, stop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(test_calls),
		CASE(test_injection),
		CASE(test_upload),
		CASE(test_download),
		CASE(test_no_server),
		CASE(test_silence),
		CASE(test_addresses),
		cmocka_unit_test_setup_teardown(test_tls, init, stop),
	};

	return cmocka_run_group_tests(tests, group_start, group_stop);
}
