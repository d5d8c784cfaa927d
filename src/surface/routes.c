#include "surface/routes.h"

#include "surface/contacts_around.h"
#include "surface/contacts_leads.h"
#include "surface/exports.h"
#include "surface/leads.h"
#include "surface/mcp_http.h"
#include "surface/openapi.h"
#include "surface/ops.h"
#include "surface/reference.h"
#include "surface/refused.h"
#include "surface/resources.h"
#include "surface/runtime.h"
#include "surface/uploads.h"

static const struct route own_rows[] = {
	/* The one that is called most stands first. */
	{.method = HTTP_POST,
	 .pattern = "/api/v1/commands/{id}",
	 .is_command = true,
	 .takes_json = true,
	 .handle = runtime_run,
	 .finish = runtime_finish,
	 .done = runtime_done},
	{.method = HTTP_GET, .pattern = "/api/v1/commands", .handle = runtime_list},
	{.method = HTTP_GET, .pattern = "/api/v1/commands/{id}/schema", .handle = runtime_schema},
	{.method = HTTP_GET, .pattern = "/api/v1/resources", .handle = resources_list},
	{.method = HTTP_GET,
	 .pattern = "/api/v1/resources/read",
	 .handle = resources_read,
	 .finish = resources_finish,
	 .done = runtime_done},
	{.method = HTTP_GET,
	 .pattern = "/api/v1/export",
	 .permission = "lead.search",
	 .handle = exports_start,
	 .finish = exports_finish,
	 .done = exports_done},
	{.method = HTTP_POST,
	 .pattern = "/api/v1/imports",
	 .permission = "import.create",
	 .streams = true,
	 .head = uploads_head,
	 .piece = uploads_piece,
	 .handle = uploads_handle,
	 .finish = uploads_finish,
	 .done = uploads_done},
	{.method = HTTP_GET,
	 .pattern = "/api/v1/imports/{id}/refused.csv",
	 .permission = "import.rows.list",
	 .handle = refused_csv,
	 .finish = refused_finish,
	 .done = refused_done},
	{.method = HTTP_GET,
	 .pattern = "/api/v1/imports/{id}/refused.ndjson",
	 .permission = "import.rows.list",
	 .handle = refused_ndjson,
	 .finish = refused_finish,
	 .done = refused_done},
	{.method = HTTP_GET,
	 .pattern = "/openapi.json",
	 .is_open = true,
	 .is_lasting = true,
	 .handle = openapi_serve},
	{.method = HTTP_GET,
	 .pattern = "/openapi-3.2.json",
	 .is_open = true,
	 .is_lasting = true,
	 .handle = openapi_serve},
	{.method = HTTP_GET,
	 .pattern = "/docs",
	 .is_open = true,
	 .is_lasting = true,
	 .handle = reference_start},
	{.method = HTTP_GET,
	 .pattern = "/docs/",
	 .is_open = true,
	 .is_lasting = true,
	 .handle = reference_start},
	{.method = HTTP_GET,
	 .pattern = "/docs/{page}",
	 .is_open = true,
	 .is_lasting = true,
	 .handle = reference_serve},
	{.method = HTTP_GET, .pattern = "/healthz", .is_open = true, .handle = ops_health},
	{.method = HTTP_GET, .pattern = "/readyz", .is_open = true, .handle = ops_ready},
	{.method = HTTP_GET, .pattern = "/metrics", .is_open = true, .handle = ops_metrics},
	{.method = HTTP_GET, .pattern = "/", .is_open = true, .handle = ops_landing},
	{.method = HTTP_GET, .pattern = "/favicon.ico", .is_open = true, .handle = ops_favicon},
};

static const struct route_table own = {.prefix = "/",
				       .rows = own_rows,
				       .count = ARRAY_LEN(own_rows)};

static const struct route_table *const tables[] = {
	&own,
	&mcp_http_routes,
	&contacts_leads_routes,
	&contacts_leads_aliases,
	&contacts_around_leads,
	&contacts_around_integrations,
	&contacts_around_account,
	&leads_routes,
	&leads_chatbot_routes,
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

/* Most rows are left behind at the first byte that differs. */
static bool fits(const char *pattern, const struct http_request *request,
		 struct text params[VISIT_PARAMS_MAX])
{
	struct text path = request->path, rest;
	size_t count = 0;

	while (*pattern) {
		if (*pattern != '{') {
			if (path.len == 0 || *path.ptr != *pattern++)
				return false;
			path = text_skip(path, 1);
			continue;
		}
		pattern = strchr(pattern, '}') + 1;
		struct text segment = text_split(path, '/', &rest);

		if (!take_param(request->arena, segment, &params[count++]))
			return false;
		path = text_skip(path, segment.len);
	}
	return path.len == 0;
}

/* The first row that fits the path, of any method. *out_end is the end of its table. */
static const struct route *find_path(const struct http_request *request,
				     struct text params[VISIT_PARAMS_MAX],
				     const struct route **out_end)
{
	for (size_t t = 0; t < ARRAY_LEN(tables); t++) {
		const struct route *rows = tables[t]->rows, *end = rows + tables[t]->count;

		if (!text_starts(request->path, text_of(tables[t]->prefix)))
			continue;
		for (const struct route *row = rows; row < end; row++) {
			if (fits(row->pattern, request, params)) {
				*out_end = end;
				return row;
			}
		}
	}
	return NULL;
}

/* From `row` on, the first row of the pattern that answers `method`; NULL when none does. */
static const struct route *find_method(const struct route *row, const struct route *end,
				       enum http_method method)
{
	const char *pattern = row->pattern;

	for (; row < end; row++) {
		if (row->method == method && strcmp(row->pattern, pattern) == 0)
			return row;
	}
	return NULL;
}

const struct route *routes_find(const struct http_request *request,
				struct text params[VISIT_PARAMS_MAX])
{
	const struct route *end;
	const struct route *row = find_path(request, params, &end);

	return row ? find_method(row, end, request->method) : NULL;
}

const struct route_table *routes_table(const struct route *route)
{
	size_t t = 0;

	while (route < tables[t]->rows || route >= tables[t]->rows + tables[t]->count)
		t++;
	return tables[t];
}

const struct route_table *routes_table_at(size_t index)
{
	return index < ARRAY_LEN(tables) ? tables[index] : NULL;
}

struct text routes_methods(const struct http_request *request)
{
	static const struct {
		enum http_method method;
		const char *words;
	} names[] = {{HTTP_GET, "GET, HEAD"},
		     {HTTP_POST, "POST"},
		     {HTTP_PUT, "PUT"},
		     {HTTP_PATCH, "PATCH"},
		     {HTTP_DELETE, "DELETE"}};
	struct text params[VISIT_PARAMS_MAX];
	const struct route *end;
	const struct route *row = find_path(request, params, &end);
	struct buf buf;

	if (!row)
		return TEXT_NONE;
	buf_init_arena(&buf, request->arena, 256);
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (!find_method(row, end, names[i].method))
			continue;
		if (buf.len > 0)
			buf_add(&buf, TEXT(", "));
		buf_add(&buf, text_of(names[i].words));
	}
	return buf_text(&buf);
}
