#include "http/sweep.h"

#include <linux/tcp.h>
#include <stddef.h>
#include <sys/socket.h>

static void cut(struct http_connection *connection)
{
	connection->is_cut = true;
	shutdown(connection->fd, SHUT_RDWR);
}

/* Bytes the client has taken of what was sent; 0 when the system does not say. */
static uint64_t bytes_taken(int fd)
{
	struct tcp_info info = {0};
	socklen_t len = sizeof info;

	if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len) != 0 ||
	    len < offsetof(struct tcp_info, tcpi_bytes_acked) + sizeof info.tcpi_bytes_acked)
		return 0;
	return info.tcpi_bytes_acked;
}

/* Once per period: enough moved, or out. */
static void check_rate(const struct http_settings *settings, struct http_connection *connection,
		       uint64_t bytes, int64_t now_us)
{
	int64_t period_us = now_us - connection->since_us;

	if (period_us < (int64_t)settings->body_timeout_ms * 1000)
		return;
	uint64_t wanted = (uint64_t)period_us / 1000 * settings->body_bytes_per_s_min / 1000;

	if (bytes - connection->moved < (wanted ? wanted : 1)) {
		cut(connection);
		return;
	}
	connection->moved = bytes;
	connection->since_us = now_us;
}

static void check(const struct http_settings *settings, struct http_connection *connection,
		  int64_t now_us)
{
	int64_t age_us = now_us - connection->since_us;

	switch (connection->phase) {
	case HTTP_PHASE_IDLE:
		if (age_us > (int64_t)settings->idle_timeout_ms * 1000)
			cut(connection);
		break;
	case HTTP_PHASE_HEADER:
		if (age_us > (int64_t)settings->header_timeout_ms * 1000)
			cut(connection);
		break;
	case HTTP_PHASE_BODY:
		check_rate(settings, connection, connection->exchange->body_bytes, now_us);
		break;
	case HTTP_PHASE_ANSWER:
		/* The count at the begin is taken late, at the first look: it only delays. */
		if (connection->moved == 0)
			connection->moved = bytes_taken(connection->fd);
		check_rate(settings, connection, bytes_taken(connection->fd), now_us);
		break;
	case HTTP_PHASE_HANDLER:
		break;
	}
}

void http_sweep_all(struct http_server *server, int64_t now_us)
{
	for (struct http_connection *at = server->connections; at; at = at->next) {
		if (!at->is_cut)
			check(&server->settings, at, now_us);
	}
}

void http_sweep_close(struct http_server *server, bool all)
{
	for (struct http_connection *at = server->connections; at; at = at->next) {
		if (!at->is_cut && (all || !at->exchange))
			cut(at);
	}
}
