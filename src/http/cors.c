#include "http/cors.h"

struct text http_cors_origin(const struct http_settings *settings,
			     const struct http_request *request)
{
	struct text rest = settings->cors_origins;

	if (rest.len == 0)
		return TEXT_NONE;
	struct text origin = http_request_header(request, "Origin");

	if (!origin.ptr || text_is(text_trim(rest), TEXT("*")))
		return origin.ptr ? TEXT("*") : TEXT_NONE;
	while (rest.ptr) {
		if (text_is_nocase(text_trim(text_split(rest, ',', &rest)), origin))
			return origin;
	}
	return TEXT_NONE;
}

bool http_cors_varies(const struct http_settings *settings)
{
	return settings->cors_origins.len > 0 &&
	       !text_is(text_trim(settings->cors_origins), TEXT("*"));
}

void http_cors_options(struct http_exchange *exchange)
{
	const struct http_callbacks *callbacks = &exchange->server->callbacks;
	struct http_request *request = &exchange->request;
	struct text methods = TEXT("GET, HEAD, POST, PUT, PATCH, DELETE");
	bool is_preflight = http_request_header(request, "Access-Control-Request-Method").ptr &&
			    http_cors_origin(&exchange->server->settings, request).ptr;

	if (callbacks->methods && !text_is(request->path, TEXT("*")))
		methods = callbacks->methods(callbacks->state, request);
	if (!methods.ptr) {
		struct err err;

		err_set(&err, ERR_NOT_FOUND, "", "There is nothing at this address.");
		if (callbacks->refuse)
			callbacks->refuse(callbacks->state, request, &err);
		else
			http_respond_error(request, &err);
		return;
	}
	struct text allow = arena_format(request->arena, "%.*s, OPTIONS", TEXT_ARG(methods));

	http_respond_header(request, "Allow", allow);
	if (is_preflight) {
		http_respond_header(request, "Access-Control-Allow-Methods", allow);
		http_respond_header(request, "Access-Control-Allow-Headers",
				    http_request_header(request, "Access-Control-Request-Headers"));
		http_respond_header(request, "Access-Control-Max-Age", TEXT("600"));
	}
	http_respond(request, 204, TEXT_NONE, TEXT(""));
}
