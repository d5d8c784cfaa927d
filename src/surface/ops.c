#include "surface/ops.h"

#include "surface/landing.h"
#include "surface/metrics.h"

#define METRICS_BYTES_MAX ((size_t)4 * 1024 * 1024)
#define METRICS_TYPE TEXT("text/plain; version=0.0.4; charset=utf-8")

void ops_health(struct visit *visit)
{
	http_respond(visit->request, 200, HTTP_TYPE_JSON,
		     TEXT("{\"status\":\"ok\",\"version\":\"" GALENA_VERSION "\"}"));
}

/*
 * A key of the right form that nobody holds is looked up in the database each time, on the way
 * that every request takes: "not known" means that the database was asked and answered.
 */
static bool does_database_answer(struct visit *visit)
{
	char key[ACCESS_KEY_LEN];
	struct text prefix = TEXT("sk-workspace_");
	struct caller caller;
	struct err err;

	memset(key, '0', sizeof key);
	memcpy(key, prefix.ptr, prefix.len);
	return access_identify(visit->services->access, visit->request->arena,
			       (struct text){key, sizeof key}, &caller,
			       &err) == ERR_UNAUTHENTICATED;
}

void ops_ready(struct visit *visit)
{
	if (atomic_load(&visit->services->is_stopping))
		http_respond(visit->request, 503, HTTP_TYPE_JSON,
			     TEXT("{\"status\":\"stopping\"}"));
	else if (!does_database_answer(visit))
		http_respond(visit->request, 503, HTTP_TYPE_JSON,
			     TEXT("{\"status\":\"database does not answer\"}"));
	else
		http_respond(visit->request, 200, HTTP_TYPE_JSON, TEXT("{\"status\":\"ready\"}"));
}

void ops_metrics(struct visit *visit)
{
	const struct http_server *server = atomic_load(&visit->services->server);
	struct metrics_figures figures = {.connections = 0};
	size_t count;
	const struct command *commands = dispatch_commands(visit->services->desk, &count);
	struct buf buf;
	struct err err;

	if (server)
		figures.connections = http_server_connections(server);
	engine_figures(dispatch_engine(visit->services->desk), &figures.engine);
	buf_init_arena(&buf, visit->request->arena, METRICS_BYTES_MAX);
	metrics_write(visit->services->metrics, commands, &figures, &buf);
	if (buf_text(&buf).ptr) {
		http_respond(visit->request, 200, METRICS_TYPE, buf_text(&buf));
		return;
	}
	err_memory(&err);
	visit_fail(visit, &err);
}

void ops_landing(struct visit *visit)
{
	http_respond_header(visit->request, "Content-Security-Policy",
			    TEXT("default-src 'none'; style-src 'unsafe-inline'; "
				 "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"));
	http_respond_header(visit->request, "Referrer-Policy", TEXT("no-referrer"));
	http_respond(visit->request, 200, VISIT_HTML, landing_html());
}

void ops_favicon(struct visit *visit)
{
	http_respond(visit->request, 204, TEXT_NONE, TEXT(""));
}
