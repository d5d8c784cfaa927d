#include "surface/routes.h"

#include "surface/exports.h"
#include "surface/ops.h"
#include "surface/refused.h"
#include "surface/resources.h"
#include "surface/runtime.h"
#include "surface/uploads.h"

static const struct route routes[] = {
	/* The one that is called most stands first. */
	{.method = HTTP_POST, .pattern = "/api/v1/commands/{id}", .is_command = true,
	 .takes_json = true, .handle = runtime_run, .finish = runtime_finish,
	 .done = runtime_done},
	{.method = HTTP_GET, .pattern = "/api/v1/commands", .handle = runtime_list},
	{.method = HTTP_GET, .pattern = "/api/v1/commands/{id}/schema",
	 .handle = runtime_schema},
	{.method = HTTP_GET, .pattern = "/api/v1/resources", .handle = resources_list},
	{.method = HTTP_GET, .pattern = "/api/v1/resources/read", .handle = resources_read,
	 .finish = resources_finish, .done = runtime_done},
	{.method = HTTP_GET, .pattern = "/api/v1/export", .permission = "lead.search",
	 .handle = exports_start, .finish = exports_finish, .done = exports_done},
	{.method = HTTP_POST, .pattern = "/api/v1/imports", .permission = "import.create",
	 .streams = true, .head = uploads_head, .piece = uploads_piece,
	 .handle = uploads_handle, .finish = uploads_finish, .done = uploads_done},
	{.method = HTTP_GET, .pattern = "/api/v1/imports/{id}/refused.csv",
	 .permission = "import.rows.list", .handle = refused_csv, .finish = refused_finish,
	 .done = refused_done},
	{.method = HTTP_GET, .pattern = "/api/v1/imports/{id}/refused.ndjson",
	 .permission = "import.rows.list", .handle = refused_ndjson, .finish = refused_finish,
	 .done = refused_done},
	{.method = HTTP_GET, .pattern = "/healthz", .is_open = true, .handle = ops_health},
	{.method = HTTP_GET, .pattern = "/readyz", .is_open = true, .handle = ops_ready},
	{.method = HTTP_GET, .pattern = "/metrics", .is_open = true, .handle = ops_metrics},
	{.method = HTTP_GET, .pattern = "/", .is_open = true, .handle = ops_landing},
	{.method = HTTP_GET, .pattern = "/favicon.ico", .is_open = true,
	 .handle = ops_favicon},
};

/* One segment as it was sent, decoded into a parameter. */
static bool take_param(struct arena *arena, struct text raw, struct text *out)
{
	if (raw.len == 0 || !http_request_decode(arena, raw, false, out))
		return false;
	for (size_t i = 0; i < out->len; i++) {
		if (out->ptr[i] <= ' ' || out->ptr[i] > '~' || out->ptr[i] == '/')
			return false;
	}
	return true;
}

/* The part before the next slash, cut off *rest; *rest is absent when it was the last. */
static struct text next_segment(struct text *rest)
{
	return text_split(*rest, '/', rest);
}

static bool fits(const char *pattern, const struct http_request *request,
		 struct text params[VISIT_PARAMS_MAX])
{
	struct text wanted = text_of(pattern), path = request->path;
	size_t count = 0;

	while (wanted.ptr && path.ptr) {
		struct text segment = next_segment(&wanted);
		struct text given = next_segment(&path);

		if (segment.len == 0 || segment.ptr[0] != '{') {
			if (!text_is(segment, given))
				return false;
		} else if (!take_param(request->arena, given, &params[count++])) {
			return false;
		}
	}
	return !wanted.ptr && !path.ptr;
}

const struct route *routes_find(const struct http_request *request,
				struct text params[VISIT_PARAMS_MAX])
{
	for (size_t i = 0; i < ARRAY_LEN(routes); i++) {
		if (routes[i].method == request->method && fits(routes[i].pattern, request, params))
			return &routes[i];
	}
	return NULL;
}

struct text routes_methods(const struct http_request *request)
{
	static const struct {
		enum http_method method;
		const char *words;
	} names[] = {{HTTP_GET, "GET, HEAD"}, {HTTP_POST, "POST"}};
	struct http_request asked = *request;
	struct text params[VISIT_PARAMS_MAX];
	struct buf buf;

	buf_init_arena(&buf, request->arena, 256);
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		asked.method = names[i].method;
		if (!routes_find(&asked, params))
			continue;
		if (buf.len > 0)
			buf_add(&buf, TEXT(", "));
		buf_add(&buf, text_of(names[i].words));
	}
	return buf.len > 0 ? buf_text(&buf) : TEXT_NONE;
}
