#include "http/exchange.h"

#include <stdlib.h>

/* Requests that are kept ready; each holds one arena block once used. */
#define POOL_MAX 48
/* A body buffer up to this size is kept with its request. */
#define BODY_KEPT_BYTES ((size_t)16 * 1024)

/* Spreads consecutive numbers over all 64 bits (the finaliser of splitmix64). */
static uint64_t mix(uint64_t value)
{
	value = (value ^ (value >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
	value = (value ^ (value >> 27)) * UINT64_C(0x94D049BB133111EB);
	return value ^ (value >> 31);
}

static struct text make_id(struct http_server *server, struct arena *arena)
{
	static const char digits[] = "0123456789abcdef";
	uint64_t value = mix(server->id_seed += UINT64_C(0x9E3779B97F4A7C15));
	char *out = arena_take(arena, 17);

	if (!out)
		return TEXT_NONE;
	for (int i = 15; i >= 0; i--) {
		out[i] = digits[value & 15];
		value >>= 4;
	}
	out[16] = '\0';
	return (struct text){out, 16};
}

static void destroy(struct http_exchange *exchange)
{
	buf_release(&exchange->body);
	arena_release(&exchange->arena);
	free(exchange);
}

struct http_exchange *http_exchange_take(struct http_server *server)
{
	struct http_exchange *exchange = server->pool;

	if (exchange) {
		server->pool = exchange->next;
		server->pool_count--;
	} else {
		exchange = calloc(1, sizeof *exchange);
		if (!exchange)
			return NULL;
		arena_init(&exchange->arena, server->settings.arena_bytes_max);
		buf_init(&exchange->body, 0);
	}
	*exchange = (struct http_exchange){
		.server = server,
		.arena = exchange->arena,
		.body = exchange->body,
	};
	exchange->request = (struct http_request){
		.arena = &exchange->arena,
		.body = TEXT(""),
		.content_length = -1, /* until the header is known to be sound */
		.id = make_id(server, &exchange->arena),
		.body_bytes_max = server->settings.body_bytes_max,
		.is_tls = server->settings.tls_cert_file.len > 0,
		.started_us = clock_steady_us(),
		.exchange = exchange,
	};
	exchange->answer.headers_end = &exchange->answer.headers;
	if (exchange->request.id.ptr)
		return exchange;
	destroy(exchange);
	return NULL;
}

void http_exchange_give(struct http_exchange *exchange)
{
	struct http_server *server = exchange->server;

	if (server->pool_count >= POOL_MAX) {
		destroy(exchange);
		return;
	}
	arena_reset(&exchange->arena);
	if (exchange->body.cap > BODY_KEPT_BYTES)
		buf_release(&exchange->body);
	buf_reset(&exchange->body);
	exchange->next = server->pool;
	server->pool = exchange;
	server->pool_count++;
}

void http_exchange_release(struct http_server *server)
{
	while (server->pool) {
		struct http_exchange *next = server->pool->next;

		destroy(server->pool);
		server->pool = next;
	}
	server->pool_count = 0;
}

void http_exchange_phase(struct http_connection *connection, enum http_phase phase)
{
	connection->phase = phase;
	connection->since_us = clock_steady_us();
	connection->moved = 0;
}
