#include "http/listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define BACKLOG 1024
#define ACCEPTS_PER_PASS 64
#define DRAINS_PER_PASS 16
#define LINGER_US 2000000
#define LINGER_BYTES_MAX ((uint64_t)64 * 1024 * 1024)
#define LINGERING_MAX 128

static const char refusal[] =
	"HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: 1\r\n"
	"Content-Type: application/json\r\n\r\n"
	"{\"error\":{\"code\":\"BUSY\",\"message\":\"Too many connections are open. "
	"Try again shortly.\"}}\n";

/* "host:port" into its parts; a host may stand in brackets. */
static bool split_address(struct text address, char host[256], char port[6])
{
	const char *colon = address.len ? memrchr(address.ptr, ':', address.len) : NULL;

	if (!colon)
		return false;
	struct text name = {address.ptr, (size_t)(colon - address.ptr)};
	struct text number = text_skip(address, name.len + 1);
	int64_t value;

	if (name.len >= 2 && name.ptr[0] == '[' && name.ptr[name.len - 1] == ']')
		name = (struct text){name.ptr + 1, name.len - 2};
	else if (name.len && memchr(name.ptr, ':', name.len))
		return false;
	if (name.len == 0 || name.len > 255 || !text_to_int(number, &value) || value < 0 ||
	    value > 65535)
		return false;
	snprintf(host, 256, "%.*s", TEXT_ARG(name));
	snprintf(port, 6, "%u", (unsigned)value);
	return true;
}

static int open_one(const struct addrinfo *info)
{
	int on = 1, off = 0;
	int fd = socket(info->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (info->ai_family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
	/* Sockets that are accepted inherit it. */
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	if (bind(fd, info->ai_addr, info->ai_addrlen) == 0 && listen(fd, BACKLOG) == 0)
		return fd;
	int saved = errno;

	close(fd);
	errno = saved;
	return -1;
}

static unsigned port_of(int fd)
{
	struct sockaddr_storage address;
	socklen_t len = sizeof address;

	if (getsockname(fd, (struct sockaddr *)&address, &len) != 0)
		return 0;
	if (address.ss_family == AF_INET6)
		return ntohs(((struct sockaddr_in6 *)&address)->sin6_port);
	return ntohs(((struct sockaddr_in *)&address)->sin_port);
}

enum err_code http_listen_open(struct text address, int *out_fd, unsigned *out_port,
			       struct err *err)
{
	char host[256], port[6];
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE};
	struct addrinfo *list = NULL;

	if (!split_address(address, host, port))
		return err_set(err, ERR_INVALID_INPUT, "/listen",
			       "Give the address to listen on as HOST:PORT, e.g. 127.0.0.1:8207 or "
			       "[::1]:8207.");
	bool is_any = strcmp(host, "*") == 0;

	hints.ai_family = AF_UNSPEC;
	if (getaddrinfo(is_any ? NULL : host, port, &hints, &list) != 0)
		return err_set(err, ERR_INVALID_INPUT, "/listen",
			       "The address %s to listen on is not known on this machine.", host);
	int fd = -1;

	/* For "*" the IPv6 socket comes first: it takes IPv4 as well. */
	for (const struct addrinfo *at = list; is_any && at && fd < 0; at = at->ai_next)
		fd = at->ai_family == AF_INET6 ? open_one(at) : -1;
	for (const struct addrinfo *at = list; at && fd < 0; at = at->ai_next)
		fd = open_one(at);
	freeaddrinfo(list);
	if (fd < 0)
		return err_set(err, ERR_BUSY, "/listen",
			       "Cannot listen on %s port %s: %s. Is another server running there?",
			       host, port, strerror(errno));
	*out_fd = fd;
	*out_port = port_of(fd);
	return ERR_OK;
}

static bool is_same_host(const struct sockaddr_storage *a, const struct sockaddr_storage *b)
{
	if (a->ss_family != b->ss_family)
		return false;
	if (a->ss_family == AF_INET6)
		return memcmp(&((const struct sockaddr_in6 *)a)->sin6_addr,
			      &((const struct sockaddr_in6 *)b)->sin6_addr,
			      sizeof(struct in6_addr)) == 0;
	return ((const struct sockaddr_in *)a)->sin_addr.s_addr ==
	       ((const struct sockaddr_in *)b)->sin_addr.s_addr;
}

static bool has_room(const struct http_server *server, const struct sockaddr_storage *address)
{
	unsigned per_address = server->settings.connections_per_address_max;
	unsigned count = 0;

	if (atomic_load(&server->connection_count) >= server->settings.connections_max)
		return false;
	if (per_address == 0)
		return true;
	for (const struct http_connection *at = server->connections; at; at = at->next)
		count += is_same_host(&at->address, address);
	return count < per_address;
}

static void write_peer(const struct sockaddr_storage *address, char peer[INET6_ADDRSTRLEN])
{
	peer[0] = '\0';
	if (address->ss_family == AF_INET6) {
		const struct in6_addr *ip = &((const struct sockaddr_in6 *)address)->sin6_addr;

		if (IN6_IS_ADDR_V4MAPPED(ip))
			inet_ntop(AF_INET, ip->s6_addr + 12, peer, INET6_ADDRSTRLEN);
		else
			inet_ntop(AF_INET6, ip, peer, INET6_ADDRSTRLEN);
	} else {
		inet_ntop(AF_INET, &((const struct sockaddr_in *)address)->sin_addr, peer,
			  INET6_ADDRSTRLEN);
	}
}

/* Takes `fd`: no more is sent on it, what still comes is thrown away for a while. */
static void linger(struct http_server *server, int fd)
{
	struct http_linger *one = server->linger_count < LINGERING_MAX ? calloc(1, sizeof *one)
								       : NULL;
	struct epoll_event event = {.events = EPOLLIN | EPOLLRDHUP, .data.ptr = &server->lingering};

	shutdown(fd, SHUT_WR);
	if (!one || epoll_ctl(server->epoll_fd, EPOLL_CTL_ADD, fd, &event) != 0) {
		free(one);
		close(fd);
		return;
	}
	*one = (struct http_linger){
		.next = server->lingering,
		.fd = fd,
		.until_us = clock_steady_us() + LINGER_US,
		.bytes_left = LINGER_BYTES_MAX,
	};
	server->lingering = one;
	server->linger_count++;
}

static void refuse(struct http_server *server, int fd)
{
	if (server->settings.tls_cert_file.len > 0 ||
	    send(fd, refusal, sizeof refusal - 1, MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
		close(fd);
	else
		linger(server, fd);
}

static void admit(struct http_server *server, int fd, const struct sockaddr_storage *address,
		  socklen_t len)
{
	struct http_connection *connection = calloc(1, sizeof *connection);

	if (!connection) {
		close(fd);
		return;
	}
	connection->fd = fd;
	connection->address = *address;
	write_peer(address, connection->peer);
	http_exchange_phase(connection, HTTP_PHASE_HEADER);
	server->arriving = connection;
	/* The daemon closes the socket when it cannot take it. */
	MHD_add_connection(server->daemon, fd, (const struct sockaddr *)address, len);
	free(server->arriving);
	server->arriving = NULL;
}

/*
 * The process has no descriptors left, and the one that waits would wake the loop again and again:
 * spend the spare one on taking it in and hanging up.
 */
static void turn_away(struct http_server *server)
{
	if (server->spare_fd < 0)
		return;
	close(server->spare_fd);
	int fd = accept4(server->listen_fd, NULL, NULL, SOCK_CLOEXEC);

	if (fd >= 0)
		close(fd);
	server->spare_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
}

void http_listen_accept(struct http_server *server)
{
	for (int i = 0; i < ACCEPTS_PER_PASS && server->listen_fd >= 0; i++) {
		struct sockaddr_storage address;
		socklen_t len = sizeof address;
		int fd = accept4(server->listen_fd, (struct sockaddr *)&address, &len,
				 SOCK_CLOEXEC | SOCK_NONBLOCK);

		if (fd < 0 && (errno == EMFILE || errno == ENFILE))
			turn_away(server);
		if (fd < 0)
			return;
		if (has_room(server, &address))
			admit(server, fd, &address, len);
		else
			refuse(server, fd);
	}
}

void http_listen_notify(void *state, struct MHD_Connection *mhd, void **context,
			enum MHD_ConnectionNotificationCode code)
{
	struct http_server *server = state;
	struct http_connection *connection;

	(void)mhd;
	if (code == MHD_CONNECTION_NOTIFY_STARTED) {
		connection = server->arriving;
		server->arriving = NULL;
		connection->next = server->connections;
		if (connection->next)
			connection->next->prev = connection;
		server->connections = connection;
		atomic_fetch_add(&server->connection_count, 1);
		*context = connection;
		return;
	}
	connection = *context;
	*context = NULL;
	if (connection->prev)
		connection->prev->next = connection->next;
	else
		server->connections = connection->next;
	if (connection->next)
		connection->next->prev = connection->prev;
	/* The daemon closes its descriptor right after this; ours keeps the socket. */
	int kept = connection->lingers && !connection->is_cut
			   ? fcntl(connection->fd, F_DUPFD_CLOEXEC, 0)
			   : -1;

	if (kept >= 0)
		linger(server, kept);
	free(connection);
	atomic_fetch_sub(&server->connection_count, 1);
}

/* False when the other end has closed or has nothing to say that we would wait for. */
static bool drain(struct http_linger *one, int64_t now_us)
{
	char scrap[16384];

	if (now_us >= one->until_us)
		return false;
	/* A fast sender must not hold the loop up: what is left comes in the next pass. */
	for (int i = 0; i < DRAINS_PER_PASS && one->bytes_left > 0; i++) {
		ssize_t count = recv(one->fd, scrap, sizeof scrap, MSG_DONTWAIT);

		if (count < 0)
			return errno == EAGAIN || errno == EINTR;
		if (count == 0)
			return false;
		one->bytes_left -= (uint64_t)count < one->bytes_left ? (uint64_t)count
								     : one->bytes_left;
	}
	return one->bytes_left > 0;
}

void http_listen_linger(struct http_server *server, int64_t now_us)
{
	struct http_linger **at = &server->lingering;

	while (*at) {
		struct http_linger *one = *at;

		if (drain(one, now_us)) {
			at = &one->next;
			continue;
		}
		*at = one->next;
		close(one->fd);
		free(one);
		server->linger_count--;
	}
}

void http_listen_release(struct http_server *server)
{
	http_listen_linger(server, INT64_MAX);
}
