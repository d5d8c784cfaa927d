#include "http/loop.h"

#include <pthread.h>
#include <signal.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "http/listen.h"
#include "http/sweep.h"

#define EVENTS_PER_PASS 16
/* While draining, the loop looks this often whether it is done. */
#define DRAIN_WAIT_MS 20

void http_loop_wake(struct http_server *server)
{
	uint64_t one = 1;

	/* Fails only when the counter is full: then the loop has been woken already. */
	if (write(server->wake_fd, &one, sizeof one) < 0)
		return;
}

/* Take back what other threads completed, in the order they did. */
static void resume_completed(struct http_server *server)
{
	struct http_exchange *list = atomic_exchange(&server->completed, NULL);
	struct http_exchange *first = NULL;

	while (list) {
		struct http_exchange *next = list->next;

		list->next = first;
		first = list;
		list = next;
	}
	while (first) {
		struct http_exchange *next = first->next;

		server->held--;
		if (first->answer.is_queued)
			http_exchange_phase(first->connection, HTTP_PHASE_ANSWER);
		MHD_resume_connection(first->mhd);
		first = next;
	}
}

static int wait_ms(struct http_server *server, enum http_stage stage)
{
	MHD_UNSIGNED_LONG_LONG daemon_ms;
	int64_t sweep_ms = (server->next_sweep_us - clock_steady_us()) / 1000 + 1;

	if (MHD_get_timeout(server->daemon, &daemon_ms) == MHD_YES && daemon_ms == 0)
		return 0;
	if (stage != HTTP_RUNS && sweep_ms > DRAIN_WAIT_MS)
		return DRAIN_WAIT_MS;
	return sweep_ms > 0 ? (int)sweep_ms : 0;
}

static void wait_once(struct http_server *server, enum http_stage stage)
{
	struct epoll_event events[EVENTS_PER_PASS];
	int count = epoll_wait(server->epoll_fd, events, EVENTS_PER_PASS, wait_ms(server, stage));
	bool has_lingering = false;

	for (int i = 0; i < count; i++) {
		uint64_t ignored;

		if (events[i].data.ptr == &server->listen_fd)
			http_listen_accept(server);
		else if (events[i].data.ptr == &server->lingering)
			has_lingering = true;
		else if (events[i].data.ptr == &server->wake_fd &&
			 read(server->wake_fd, &ignored, sizeof ignored) < 0)
			continue;
	}
	if (has_lingering)
		http_listen_linger(server, clock_steady_us());
}

static void sweep_when_due(struct http_server *server)
{
	int64_t now_us = clock_steady_us();

	if (now_us < server->next_sweep_us)
		return;
	server->next_sweep_us = now_us + (int64_t)server->settings.sweep_ms * 1000;
	http_sweep_all(server, now_us);
	http_listen_linger(server, now_us);
}

static enum http_stage read_stage(struct http_server *server, int64_t *out_deadline_us)
{
	pthread_mutex_lock(&server->mutex);
	enum http_stage stage = server->stage;

	*out_deadline_us = server->deadline_us;
	pthread_mutex_unlock(&server->mutex);
	return stage;
}

static void report_drained(struct http_server *server, bool was_clean)
{
	pthread_mutex_lock(&server->mutex);
	if (!server->is_drained) {
		server->is_drained = true;
		server->was_clean = was_clean;
		pthread_cond_broadcast(&server->changed);
	}
	pthread_mutex_unlock(&server->mutex);
}

/* Close the door and the idle; when all is quiet, or time is up, say so. */
static void drain(struct http_server *server, int64_t deadline_us)
{
	if (server->listen_fd >= 0) {
		close(server->listen_fd);
		server->listen_fd = -1;
	}
	bool is_late = clock_steady_us() >= deadline_us;
	bool is_quiet = !server->connections && server->held == 0;

	http_sweep_close(server, is_late);
	if (is_quiet || is_late)
		report_drained(server, is_quiet);
}

/* Signals are the main thread's; a client that went away is no reason for SIGPIPE either. */
static void block_signals(void)
{
	static const int faults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
	sigset_t set;

	sigfillset(&set);
	for (size_t i = 0; i < ARRAY_LEN(faults); i++)
		sigdelset(&set, faults[i]);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
}

void *http_loop_run(void *state)
{
	struct http_server *server = state;
	int64_t deadline_us = 0;
	enum http_stage stage = HTTP_RUNS;

	pthread_setname_np(pthread_self(), "http");
	block_signals();
	while (stage != HTTP_ENDS || server->held > 0) {
		wait_once(server, stage);
		resume_completed(server);
		MHD_run(server->daemon);
		sweep_when_due(server);
		stage = read_stage(server, &deadline_us);
		if (stage != HTTP_RUNS)
			drain(server, deadline_us);
	}
	return NULL;
}
