#include "cli/cmd_serve.h"

#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/log.h"
#include "cli/home.h"
#include "cli/keys.h"
#include "cli/say.h"
#include "job/importer.h"
#include "surface/router.h"

#define DRAIN_MS 7000    /* for requests that are running when the end is asked for */
#define DRAIN_MAX_S 9    /* then it is over, whoever is still busy */
#define FILES_BESIDE 256 /* descriptors besides the connections */

/* Everything that runs, from the bottom up. */
struct house {
	struct home home;
	struct access *access;
	struct importer *importer;
	struct router *router;
	struct http_server *server;
};

/* SIGINT and SIGTERM stay blocked in every thread; the main one waits for them. */
static void block_signals(sigset_t *out)
{
	sigemptyset(out);
	sigaddset(out, SIGINT);
	sigaddset(out, SIGTERM);
	pthread_sigmask(SIG_BLOCK, out, NULL);
}

static void leave_at_once(int number)
{
	_exit(number == SIGALRM ? 1 : 128 + number);
}

/* From here on a second signal, or too much time, ends the program as it is. */
static void limit_patience(const sigset_t *signals)
{
	struct sigaction action = {.sa_handler = leave_at_once};

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGALRM, &action, NULL);
	alarm(DRAIN_MAX_S);
	pthread_sigmask(SIG_UNBLOCK, signals, NULL);
}

static void raise_file_limit(const struct settings *settings)
{
	struct rlimit limit;
	rlim_t wanted = (rlim_t)settings->connections_max + FILES_BESIDE;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted)
		return;
	limit.rlim_cur = wanted < limit.rlim_max ? wanted : limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

struct first_key {
	struct arena *arena;
	struct workspace_row workspace;
	struct keys_new key;
	bool is_made;
};

static enum err_code make_first_key(void *state, struct txn *txn, struct err *err)
{
	struct first_key *first = state;
	struct key_row *rows;
	size_t count;

	if (accounts_keys(txn->db, first->arena, 0, &rows, &count, err) != ERR_OK)
		return err->code;
	if (count > 0)
		return ERR_OK;
	first->key = (struct keys_new){.workspace = first->workspace.number,
				       .name = TEXT("first key"),
				       .scopes = TEXT("*")};
	if (keys_insert(txn, &first->key, err) != ERR_OK)
		return err->code;
	first->is_made = true;
	return ERR_OK;
}

/* A database that never had a key gets one, or nobody could come in. */
static enum err_code welcome(struct home *home, struct err *err)
{
	const struct settings any = {.workspace = ""};
	struct arena arena;
	struct first_key first = {.arena = &arena};

	arena_init(&arena, 1024 * 1024);
	enum err_code code = home_workspace(home, &arena, &any, &first.workspace, err);

	if (code == ERR_OK)
		code = home_write(home, make_first_key, &first, err);
	if (code == ERR_OK && first.is_made)
		printf("first key %s\n"
		       "Keep it: it is shown only this once. 'galena key create --name NAME' "
		       "makes more.\n",
		       first.key.key);
	arena_release(&arena);
	return code;
}

static struct http_settings http_settings_of(const struct settings *settings)
{
	struct http_settings http = http_server_defaults();

	http.listen = text_of(settings->listen);
	http.connections_max = (unsigned)settings->connections_max;
	http.connections_per_address_max = (unsigned)settings->connections_per_address_max;
	http.body_bytes_max = (size_t)settings->body_bytes_max;
	http.header_timeout_ms = (unsigned)settings->header_timeout_ms;
	http.body_timeout_ms = (unsigned)settings->body_timeout_ms;
	http.idle_timeout_ms = (unsigned)settings->idle_timeout_ms;
	http.gzip_bytes_min = (size_t)settings->gzip_bytes_min;
	http.tls_cert_file = text_of(settings->tls_cert);
	http.tls_key_file = text_of(settings->tls_key);
	http.cors_origins = text_of(settings->cors_origins);
	return http;
}

static enum err_code open_house(struct house *house, const struct settings *settings,
				struct err *err)
{
	struct router_settings router = {.rate_per_minute = (unsigned)settings->rate_per_minute,
					 .body_bytes_max = (size_t)settings->body_bytes_max,
					 .upload_bytes_max = (uint64_t)settings->upload_bytes_max,
					 .origins = text_of(settings->cors_origins)};
	struct http_settings http = http_settings_of(settings);

	if (home_init(&house->home, settings, true, err) != ERR_OK ||
	    welcome(&house->home, err) != ERR_OK ||
	    access_create(house->home.engine, &house->access, err) != ERR_OK ||
	    importer_create(house->home.desk, &house->importer, err) != ERR_OK)
		return err->code;
	router.desk = house->home.desk;
	router.access = house->access;
	if (router_create(&router, &house->router, err) != ERR_OK)
		return err->code;
	struct http_callbacks callbacks = router_callbacks(house->router);

	if (http_server_create(&http, &callbacks, &house->server, err) != ERR_OK)
		return err->code;
	router_serve(house->router, house->server);
	return ERR_OK;
}

/* Whoever holds a request must still be there when the server ends: from the top down. */
static void close_house(struct house *house)
{
	if (house->server) {
		engine_stop_long(house->home.engine);
		router_stopping(house->router);
		http_server_stop(house->server, DRAIN_MS);
		router_serve(house->router, NULL);
		http_server_destroy(house->server);
	}
	router_destroy(house->router);
	importer_destroy(house->importer);
	access_destroy(house->access);
	home_release(&house->home);
}

static void say_ready(const struct house *house, const struct settings *settings)
{
	struct text host = text_of(settings->listen);
	unsigned port = http_server_port(house->server);

	for (size_t i = host.len; i > 0; i--) {
		if (host.ptr[i - 1] == ':') {
			host.len = i - 1;
			break;
		}
	}
	if (host.len == 0 || text_is(host, TEXT("*")))
		host = TEXT("0.0.0.0");
	printf("listening on %s://%.*s:%u\n", settings->tls_cert[0] ? "https" : "http",
	       TEXT_ARG(host), port);
	fflush(stdout);
	const struct log_field fields[] = {LOG_TEXT("version", TEXT(GALENA_VERSION)),
					   LOG_TEXT("database", text_of(house->home.path)),
					   LOG_INT("port", port), LOG_END};

	log_event(LOG_INFO, "started", fields);
}

static enum err_code run(struct invocation *invocation, struct err *err)
{
	struct house house = {.server = NULL};
	sigset_t signals;
	int number = 0;

	block_signals(&signals);
	/* A heap for each of a dozen threads would cost more memory than it saves time. */
	mallopt(M_ARENA_MAX, 2);
	/* What a query over all leads needs for a moment goes back to the system at once. */
	mallopt(M_MMAP_THRESHOLD, 1024 * 1024);
	/* Said with it, or memory is given back and taken again with every request. */
	mallopt(M_TRIM_THRESHOLD, 4 * 1024 * 1024);
	raise_file_limit(&invocation->settings);
	if (open_house(&house, &invocation->settings, err) != ERR_OK) {
		limit_patience(&signals);
		close_house(&house);
		return err->code;
	}
	say_ready(&house, &invocation->settings);
	sigwait(&signals, &number);
	log_event(LOG_INFO, "stopping", NULL);
	limit_patience(&signals);
	close_house(&house);
	log_event(LOG_INFO, "stopped", NULL);
	return ERR_OK;
}

const struct subcommand cmd_serve = {
	.words = "serve",
	.arguments = "",
	.summary = "Run the server: REST and everything else on one port.",
	.about = "Makes the database when there is none, and on the first start one key, which is "
		 "printed once. When it is ready it prints 'listening on http://…'. SIGTERM or "
		 "Ctrl-C lets running requests finish; a second one ends it at once.",
	.examples = "galena serve\n"
		    "galena serve --db leads.db --listen 127.0.0.1:0",
	.groups = SETTING_SERVE,
	.run = run,
};
