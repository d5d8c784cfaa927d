#include "http/server.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "http/encode.h"
#include "http/exchange.h"
#include "http/intake.h"
#include "http/listen.h"
#include "http/loop.h"

/* Beside the header, a connection's memory holds the daemon's notes on it and the answer's head. */
#define CONNECTION_EXTRA_BYTES ((size_t)16 * 1024)
#define PEM_BYTES_MAX ((size_t)256 * 1024)

struct http_settings http_server_defaults(void)
{
	return (struct http_settings){
		.listen = TEXT("127.0.0.1:8207"),
		.connections_max = 1000,
		.header_bytes_max = (size_t)16 * 1024,
		.body_bytes_max = (size_t)4 * 1024 * 1024,
		.arena_bytes_max = (size_t)64 * 1024 * 1024,
		.idle_timeout_ms = 60000,
		.header_timeout_ms = 15000,
		.body_timeout_ms = 30000,
		.body_bytes_per_s_min = 1024,
		.sweep_ms = 1000,
		.gzip_bytes_min = 1024,
	};
}

static enum err_code copy_texts(struct http_server *server, struct err *err)
{
	struct http_settings *settings = &server->settings;
	struct text *texts[] = {&settings->listen, &settings->tls_cert_file,
				&settings->tls_key_file, &settings->cors_origins};

	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		*texts[i] = arena_copy(&server->texts, *texts[i]);
		if (!texts[i]->ptr)
			return err_memory(err);
	}
	if ((settings->tls_cert_file.len > 0) != (settings->tls_key_file.len > 0))
		return err_set(err, ERR_INVALID_INPUT, "/tls_key_file",
			       "TLS needs both files: the certificate and its key.");
	return ERR_OK;
}

static enum err_code read_pem(struct arena *arena, struct text path, struct text *out,
			      struct err *err)
{
	FILE *file = fopen(path.ptr, "rb");

	if (!file)
		return err_set(err, ERR_INVALID_INPUT, "/tls_cert_file", "Cannot read %s: %s.",
			       path.ptr, strerror(errno));
	char *data = arena_take(arena, PEM_BYTES_MAX + 1);
	size_t len = data ? fread(data, 1, PEM_BYTES_MAX + 1, file) : 0;
	bool is_read = !ferror(file);

	fclose(file);
	if (!data)
		return err_memory(err);
	if (!is_read || len == 0 || len > PEM_BYTES_MAX)
		return err_set(err, ERR_INVALID_INPUT, "/tls_cert_file",
			       "%s is not a PEM file of at most %zu bytes.", path.ptr,
			       PEM_BYTES_MAX);
	data[len] = '\0';
	*out = (struct text){data, len};
	return ERR_OK;
}

static enum err_code start_daemon(struct http_server *server, struct err *err)
{
	const struct http_settings *settings = &server->settings;
	unsigned flags = MHD_USE_EPOLL | MHD_USE_NO_LISTEN_SOCKET | MHD_ALLOW_SUSPEND_RESUME;
	struct MHD_OptionItem tls[] = {
		{MHD_OPTION_END, 0, NULL}, {MHD_OPTION_END, 0, NULL}, {MHD_OPTION_END, 0, NULL}};
	struct arena pem; /* holds a private key: only until the daemon has read it */
	struct text cert = TEXT_NONE, key = TEXT_NONE;
	enum err_code code = ERR_OK;

	arena_init(&pem, 4 * PEM_BYTES_MAX);
	if (settings->tls_cert_file.len > 0) {
		flags |= MHD_USE_TLS;
		code = read_pem(&pem, settings->tls_cert_file, &cert, err);
		if (code == ERR_OK)
			code = read_pem(&pem, settings->tls_key_file, &key, err);
		tls[0] = (struct MHD_OptionItem){MHD_OPTION_HTTPS_MEM_CERT, 0,
						 (void *)(uintptr_t)cert.ptr};
		tls[1] = (struct MHD_OptionItem){MHD_OPTION_HTTPS_MEM_KEY, 0,
						 (void *)(uintptr_t)key.ptr};
	}
	if (code == ERR_OK)
		server->daemon = MHD_start_daemon(
			flags, 0, NULL, NULL, http_intake_step, server,
			MHD_OPTION_CONNECTION_MEMORY_LIMIT,
			settings->header_bytes_max + CONNECTION_EXTRA_BYTES,
			/* listen.c keeps the bound; here, closed ones still count for a while. */
			MHD_OPTION_CONNECTION_LIMIT, settings->connections_max + 1024,
			MHD_OPTION_CONNECTION_TIMEOUT, 0U, MHD_OPTION_NOTIFY_COMPLETED,
			http_intake_end, server, MHD_OPTION_NOTIFY_CONNECTION, http_listen_notify,
			server, MHD_OPTION_URI_LOG_CALLBACK, http_intake_line, server,
			MHD_OPTION_UNESCAPE_CALLBACK, http_intake_unescape, server,
			MHD_OPTION_ARRAY, tls, MHD_OPTION_END);
	arena_release(&pem);
	if (code == ERR_OK && !server->daemon)
		code = err_set(err, ERR_INVALID_INPUT, "",
			       "The HTTP server does not start. With TLS: do certificate and key "
			       "belong together?");
	return code;
}

static enum err_code open_loop(struct http_server *server, struct err *err)
{
	const union MHD_DaemonInfo *info =
		MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_EPOLL_FD);
	struct epoll_event daemon = {.events = EPOLLIN, .data.ptr = server->daemon};
	struct epoll_event door = {.events = EPOLLIN, .data.ptr = &server->listen_fd};
	struct epoll_event wake = {.events = EPOLLIN, .data.ptr = &server->wake_fd};

	server->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	server->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	server->spare_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	if (!info || server->epoll_fd < 0 || server->wake_fd < 0 ||
	    epoll_ctl(server->epoll_fd, EPOLL_CTL_ADD, info->epoll_fd, &daemon) != 0 ||
	    epoll_ctl(server->epoll_fd, EPOLL_CTL_ADD, server->listen_fd, &door) != 0 ||
	    epoll_ctl(server->epoll_fd, EPOLL_CTL_ADD, server->wake_fd, &wake) != 0)
		return err_internal(err, "epoll: %s", strerror(errno));
	if (pthread_create(&server->thread, NULL, http_loop_run, server) != 0)
		return err_internal(err, "no thread for the HTTP server");
	return ERR_OK;
}

static void close_fd(int fd)
{
	if (fd >= 0)
		close(fd);
}

static void release(struct http_server *server)
{
	if (server->daemon)
		MHD_stop_daemon(server->daemon);
	http_listen_release(server);
	http_exchange_release(server);
	http_encode_release(server);
	close_fd(server->epoll_fd);
	close_fd(server->listen_fd);
	close_fd(server->wake_fd);
	close_fd(server->spare_fd);
	pthread_cond_destroy(&server->changed);
	pthread_mutex_destroy(&server->mutex);
	arena_release(&server->texts);
	free(server);
}

enum err_code http_server_create(const struct http_settings *settings,
				 const struct http_callbacks *callbacks, struct http_server **out,
				 struct err *err)
{
	struct http_server *server = calloc(1, sizeof *server);
	const struct clock *clock = settings->clock ? settings->clock : clock_system();
	enum err_code code;

	if (!server)
		return err_memory(err);
	server->settings = *settings;
	server->callbacks = *callbacks;
	server->epoll_fd = server->listen_fd = server->wake_fd = server->spare_fd = -1;
	arena_init(&server->texts, (size_t)256 * 1024);
	pthread_mutex_init(&server->mutex, NULL);
	pthread_cond_init(&server->changed, NULL);
	clock->random_bytes(clock->state, &server->id_seed, sizeof server->id_seed);
	code = copy_texts(server, err);
	if (code == ERR_OK)
		code = http_listen_open(server->settings.listen, &server->listen_fd, &server->port,
					err);
	if (code == ERR_OK)
		code = start_daemon(server, err);
	if (code == ERR_OK)
		code = open_loop(server, err);
	if (code != ERR_OK) {
		release(server);
		return code;
	}
	*out = server;
	return ERR_OK;
}

unsigned http_server_port(const struct http_server *server)
{
	return server->port;
}

unsigned http_server_connections(const struct http_server *server)
{
	return atomic_load(&server->connection_count);
}

bool http_server_stop(struct http_server *server, unsigned grace_ms)
{
	bool was_clean;

	pthread_mutex_lock(&server->mutex);
	if (server->stage == HTTP_RUNS) {
		server->stage = HTTP_DRAINS;
		server->deadline_us = clock_steady_us() + (int64_t)grace_ms * 1000;
		http_loop_wake(server);
	}
	while (!server->is_drained)
		pthread_cond_wait(&server->changed, &server->mutex);
	was_clean = server->was_clean;
	pthread_mutex_unlock(&server->mutex);
	return was_clean;
}

void http_server_destroy(struct http_server *server)
{
	if (!server)
		return;
	http_server_stop(server, 0);
	pthread_mutex_lock(&server->mutex);
	server->stage = HTTP_ENDS;
	http_loop_wake(server);
	pthread_mutex_unlock(&server->mutex);
	pthread_join(server->thread, NULL);
	/* Whoever completed last may still be on its way out of http_complete. */
	while (atomic_load(&server->completing) > 0)
		sched_yield();
	release(server);
}
