#include "surface/router.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/log.h"
#include "http/rate.h"
#include "surface/mcp.h"
#include "surface/metrics.h"
#include "surface/routes.h"

#define RATE_KEYS 4096

struct router {
	struct visit_services services;
	struct rate *rate; /* NULL: no limit */
};

enum err_code router_create(const struct router_settings *settings, struct router **out,
			    struct err *err)
{
	struct router *router = calloc(1, sizeof *router);
	struct rate_settings rate = {.per_minute = settings->rate_per_minute,
				     .burst = settings->rate_per_minute,
				     .keys_max = RATE_KEYS};
	size_t count;

	if (!router)
		return err_memory(err);
	router->services.desk = settings->desk;
	router->services.access = settings->access;
	router->services.body_bytes_max = settings->body_bytes_max;
	router->services.upload_bytes_max = settings->upload_bytes_max;
	router->services.origins = settings->origins;
	dispatch_commands(settings->desk, &count);
	if (metrics_create(count, &router->services.metrics, err) != ERR_OK ||
	    mcp_create(settings->desk, &router->services.mcp, err) != ERR_OK ||
	    (rate.per_minute > 0 && rate_create(&rate, &router->rate, err) != ERR_OK)) {
		router_destroy(router);
		return err->code;
	}
	*out = router;
	return ERR_OK;
}

void router_destroy(struct router *router)
{
	if (!router)
		return;
	rate_destroy(router->rate);
	mcp_destroy(router->services.mcp);
	metrics_destroy(router->services.metrics);
	free(router);
}

void router_serve(struct router *router, const struct http_server *server)
{
	atomic_store(&router->services.server, server);
}

void router_stopping(struct router *router)
{
	atomic_store(&router->services.is_stopping, true);
	mcp_stop(router->services.mcp);
}

/* The key as it was sent, in either of the two headers; absent when none was. */
static struct text sent_key(const struct http_request *request)
{
	struct text value = http_request_header(request, "Authorization");
	struct text key, scheme = text_split(text_trim(value), ' ', &key);

	if (key.ptr && text_is_nocase(scheme, TEXT("Bearer")))
		return text_trim(key);
	return text_trim(http_request_header(request, "X-API-Key"));
}

static void add_number(struct http_request *request, const char *name, unsigned number)
{
	char text[16];
	int len = snprintf(text, sizeof text, "%u", number);

	http_respond_header(request, name, (struct text){text, (size_t)len});
}

/* Count the request against its key's limit. */
static enum err_code take_token(struct router *router, struct visit *visit, struct err *err)
{
	struct http_request *request = visit->request;
	int64_t key[] = {visit->caller.workspace, visit->caller.actor};
	struct text bytes = {(const char *)key, sizeof key};
	struct rate_state state;

	rate_take(router->rate, bytes, request->started_us, &state);
	add_number(request, "RateLimit-Limit", state.limit);
	add_number(request, "RateLimit-Remaining", state.remaining);
	add_number(request, "RateLimit-Reset", state.reset_s);
	if (state.is_allowed)
		return ERR_OK;
	add_number(request, "Retry-After", state.retry_s);
	visit->retry_s = state.retry_s;
	return err_set(err, ERR_RATE_LIMITED, "",
		       "This key has made its %u requests. Try again in %u s, or write many leads "
		       "at once with lead.upsert_many.",
		       state.limit, state.retry_s);
}

static enum err_code check_permission(struct visit *visit, struct err *err)
{
	const char *id = visit->route->permission;
	const struct command *command = id ? dispatch_find(visit->services->desk, text_of(id))
					   : NULL;

	if (!command || access_allows(visit->caller.scopes, command))
		return ERR_OK;
	return err_set(err, ERR_FORBIDDEN, "",
		       "This needs a key that may run %s. Use one, or make one with 'galena key "
		       "create --scopes'.",
		       id);
}

static enum err_code no_route(struct http_request *request, struct err *err)
{
	struct text methods = routes_methods(request);
	struct text allowed = arena_format(request->arena, "%.*s, OPTIONS", TEXT_ARG(methods));

	if (!methods.ptr)
		return err_set(err, ERR_NOT_FOUND, "",
			       "There is nothing at this address. GET /api/v1/commands lists what "
			       "there is; GET / shows the way.");
	http_respond_header(request, "Allow", allowed);
	return err_set(err, ERR_METHOD_NOT_ALLOWED, "", "This address answers %.*s.",
		       TEXT_ARG(allowed));
}

/* What the dialect asks of every request. */
static enum err_code check_dialect(struct visit *visit, struct err *err)
{
	const struct route_table *table = routes_table(visit->route);

	return table->admit ? table->admit(visit, err) : ERR_OK;
}

/* Who asks, whether that is allowed, and what the body is. */
static enum err_code admit(struct router *router, struct visit *visit, struct err *err)
{
	struct http_request *request = visit->request;

	visit->route = routes_find(request, visit->params);
	if (!visit->route)
		return no_route(request, err);
	if (visit->route->is_command) /* already here, so that a refusal is counted as its */
		visit->call.command = dispatch_find(visit->services->desk, visit->params[0]);
	if (visit->route->is_open)
		return ERR_OK;
	if (access_identify(router->services.access, request->arena, sent_key(request),
			    &visit->caller, err) != ERR_OK)
		return err->code;
	if ((router->rate && take_token(router, visit, err) != ERR_OK) ||
	    check_dialect(visit, err) != ERR_OK || check_permission(visit, err) != ERR_OK)
		return err->code;
	if (visit->route->takes_json && request->content_length != 0 &&
	    !http_request_is_json(request))
		return err_set(err, ERR_UNSUPPORTED_MEDIA_TYPE, "",
			       "Send the body as JSON, with Content-Type: application/json.");
	return ERR_OK;
}

static void add_safety_headers(struct http_request *request, const struct route *route)
{
	http_respond_header(request, "X-Content-Type-Options", TEXT("nosniff"));
	if (!route || !route->is_lasting)
		http_respond_header(request, "Cache-Control", TEXT("no-store"));
}

static enum http_body_mode head(void *state, struct http_request *request)
{
	struct router *router = state;
	struct visit *visit = arena_zero(request->arena, 1, sizeof *visit);
	struct err err;

	if (!visit) {
		add_safety_headers(request, NULL);
		err_memory(&err);
		visit_refuse(request, &err);
		return HTTP_BODY_REFUSE;
	}
	request->user = visit;
	visit->services = &router->services;
	visit->request = request;
	enum err_code code = admit(router, visit, &err);

	add_safety_headers(request, visit->route);
	if (code != ERR_OK) {
		visit_fail(visit, &err);
		return HTTP_BODY_REFUSE;
	}
	if (router->services.body_bytes_max > 0 && visit->route->takes_json)
		request->body_bytes_max = router->services.body_bytes_max;
	if (visit->route->head && !visit->route->head(visit))
		return HTTP_BODY_REFUSE;
	return visit->route->streams ? HTTP_BODY_STREAM : HTTP_BODY_MEMORY;
}

static bool piece(void *state, struct http_request *request, struct text text)
{
	struct visit *visit = request->user;

	(void)state;
	return visit->route->piece(visit, text);
}

static void handle(void *state, struct http_request *request)
{
	struct visit *visit = request->user;

	(void)state;
	visit->route->handle(visit);
}

static void finish(void *state, struct http_request *request)
{
	struct visit *visit = request->user;

	(void)state;
	visit->route->finish(visit);
}

static void refuse(void *state, struct http_request *request, const struct err *err)
{
	(void)state;
	if (request->user) {
		visit_fail(request->user, err);
		return;
	}
	add_safety_headers(request, NULL);
	visit_refuse(request, err);
}

static struct text methods(void *state, struct http_request *request)
{
	(void)state;
	return routes_methods(request);
}

static void write_log(const struct http_request *request, const struct visit *visit,
		      const struct http_outcome *outcome)
{
	static const char *const ends[] = {"sent", "broken", "timeout"};
	const struct command *command = visit->call.command;
	const char *made = reply_outcome_name(visit->call.reply.outcome);
	enum log_level level = outcome->status >= 500 ? LOG_ERROR : LOG_INFO;
	struct log_field fields[16];
	size_t count = 0;

	if (!log_is_on(level))
		return;
	fields[count++] = LOG_TEXT("request_id", request->id);
	fields[count++] = LOG_TEXT("method", request->method_name);
	/* Never the path itself: a stranger may write anything into it. */
	fields[count++] =
		LOG_TEXT("route", visit->route ? text_of(visit->route->pattern) : TEXT("none"));
	if (command)
		fields[count++] = LOG_TEXT("command", command->id);
	fields[count++] = LOG_INT("status", outcome->status);
	fields[count++] = LOG_INT("duration_us", outcome->duration_us);
	fields[count++] = LOG_INT("bytes_in", (int64_t)outcome->body_bytes_in);
	fields[count++] = LOG_INT("bytes_out", (int64_t)outcome->body_bytes_out);
	if (visit->caller.actor) {
		fields[count++] = LOG_INT("key", visit->caller.actor);
		fields[count++] = LOG_INT("workspace", visit->caller.workspace);
	}
	if (made)
		fields[count++] = LOG_TEXT("outcome", text_of(made));
	if (visit->error != ERR_OK)
		fields[count++] = LOG_TEXT("error", text_of(err_name(visit->error)));
	if (visit->detail.len > 0)
		fields[count++] = LOG_TEXT("detail", visit->detail);
	if (outcome->end != HTTP_END_SENT)
		fields[count++] = LOG_TEXT("end", text_of(ends[outcome->end]));
	fields[count] = LOG_END;
	log_event(level, "request", fields);
}

static void done(void *state, struct http_request *request, const struct http_outcome *outcome)
{
	static const struct visit stranger;
	struct router *router = state;
	struct visit *visit = request->user;
	const struct visit *seen = visit ? visit : &stranger;
	struct metrics_event event = {.command = seen->call.command,
				      .status = outcome->status,
				      .duration_us = outcome->duration_us,
				      .bytes_in = outcome->body_bytes_in,
				      .bytes_out = outcome->body_bytes_out,
				      .outcome = seen->call.reply.replayed
							 ? REPLY_NONE
							 : seen->call.reply.outcome,
				      .is_conflict = seen->error == ERR_IDENTITY_CONFLICT};

	metrics_record(router->services.metrics, &event);
	write_log(request, seen, outcome);
	if (visit && visit->route && visit->route->done)
		visit->route->done(visit);
}

struct http_callbacks router_callbacks(struct router *router)
{
	return (struct http_callbacks){.state = router,
				       .head = head,
				       .piece = piece,
				       .handle = handle,
				       .finish = finish,
				       .done = done,
				       .refuse = refuse,
				       .methods = methods};
}
