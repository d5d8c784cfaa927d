#include "surface/mcp_http.h"

#include <sodium.h>

#include "surface/mcp.h"
#include "surface/mcp_reply.h"
#include "surface/mcp_stream.h"
#include "surface/runtime.h"

#define SESSION_BYTES 16
#define SESSION_LEN_MAX 128
#define METADATA_BYTES_MAX 4096
#define METADATA_PATH "/.well-known/oauth-protected-resource"

struct mcp_visit {
	struct mcp_exchange exchange; /* first */
	struct visit *visit;
	struct mcp_stream *stream; /* NULL: the answer is one JSON text */
};

static struct mcp_visit *visit_of(struct mcp_exchange *exchange)
{
	return exchange->own;
}

bool mcp_http_is_path(struct text path)
{
	return text_is(path, TEXT("/mcp"));
}

int mcp_http_write_error(const struct err *err, struct buf *out)
{
	mcp_reply_write_refusal(err, out);
	return err_http_status(err->code);
}

static bool is_host(struct text host)
{
	static const char others[] = ".-_:[]";

	for (size_t i = 0; i < host.len; i++) {
		char c = host.ptr[i];
		bool is_alnum = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
				(c >= 'A' && c <= 'Z');

		if (!is_alnum && !memchr(others, c, sizeof others - 1))
			return false;
	}
	return host.len > 0 && host.len < 256;
}

/* "http://host:port" as the client knows this server; absent when it does not say. */
static struct text base_url(const struct http_request *request)
{
	struct text host = text_trim(http_request_header(request, "Host"));
	struct text proto = text_trim(http_request_header(request, "X-Forwarded-Proto"));
	bool is_tls = request->is_tls || text_is(proto, TEXT("https"));

	if (!is_host(host))
		return TEXT_NONE;
	return arena_format(request->arena, "%s://%.*s", is_tls ? "https" : "http", TEXT_ARG(host));
}

struct text mcp_http_challenge(const struct http_request *request)
{
	struct text base = base_url(request);

	if (!base.ptr)
		return TEXT("Bearer realm=\"galena\"");
	return arena_format(request->arena,
			    "Bearer realm=\"galena\", resource_metadata=\"%.*s" METADATA_PATH
			    "/mcp\"",
			    TEXT_ARG(base));
}

/* RFC 9728. No authorization server stands behind this: keys are made by whoever runs Galena. */
static void metadata(struct visit *visit)
{
	struct text base = base_url(visit->request);
	struct buf buf;
	struct writer writer = writer_on(&buf);

	buf_init_arena(&buf, visit->request->arena, METADATA_BYTES_MAX);
	writer_begin_object(&writer);
	writer_member_text(&writer, "resource",
			   arena_format(visit->request->arena, "%.*s/mcp", TEXT_ARG(base)));
	writer_member_text(&writer, "resource_name", TEXT("Galena"));
	writer_member_raw(&writer, "bearer_methods_supported", TEXT("[\"header\"]"));
	writer_member_raw(&writer, "scopes_supported", TEXT("[\"read\",\"write\",\"delete\"]"));
	writer_end_object(&writer);
	visit_respond_json(visit, 200, &buf);
}

/* An origin on this machine: its pages were put here by whoever runs it. */
static bool is_local_origin(struct text origin)
{
	static const char *const hosts[] = {"localhost", "127.0.0.1", "[::1]"};
	static const char *const schemes[] = {"http://", "https://"};

	for (size_t i = 0; i < ARRAY_LEN(hosts) * ARRAY_LEN(schemes); i++) {
		struct text scheme = text_of(schemes[i % ARRAY_LEN(schemes)]);
		struct text host = text_of(hosts[i / ARRAY_LEN(schemes)]);
		struct text rest = text_skip(origin, scheme.len);

		if (!text_starts(origin, scheme) || !text_starts(rest, host))
			continue;
		rest = text_skip(rest, host.len);
		if (rest.len == 0 || rest.ptr[0] == ':')
			return true;
	}
	return false;
}

/* No page of a stranger may use this server through a visitor's browser (DNS rebinding). */
static bool is_origin_allowed(const struct visit *visit)
{
	struct text origin = text_trim(http_request_header(visit->request, "Origin"));
	struct text rest = visit->services->origins;

	if (!origin.ptr || is_local_origin(origin))
		return true;
	while (rest.ptr) {
		struct text one = text_trim(text_split(rest, ',', &rest));

		if (text_is(one, TEXT("*")) || (one.len > 0 && text_is_nocase(one, origin)))
			return true;
	}
	return false;
}

/* A choice in the address: false when it is not one of the two words. */
static bool read_choice(const struct http_request *request, const char *name, const char *off,
			const char *on, bool *out)
{
	struct text word = http_request_query(request, name);

	*out = text_is(word, text_of(on));
	return !word.ptr || *out || text_is(word, text_of(off));
}

static enum err_code check_head(struct visit *visit, struct mcp_look *look, struct err *err)
{
	struct text session = http_request_header(visit->request, "Mcp-Session-Id");

	if (!is_origin_allowed(visit))
		return err_set(err, ERR_FORBIDDEN, "",
			       "Pages of this origin may not call this server. Whoever runs it can "
			       "let them in with --cors-origins.");
	if (session.len > SESSION_LEN_MAX)
		return err_set(err, ERR_INVALID_INPUT, "",
			       "Mcp-Session-Id is longer than %d characters. Send the one that "
			       "initialize gave, or none.",
			       SESSION_LEN_MAX);
	if (!read_choice(visit->request, "profile", "full", "compact", &look->is_compact))
		return err_set(err, ERR_INVALID_INPUT, "",
			       "The address takes ?profile=full or ?profile=compact.");
	if (!read_choice(visit->request, "names", "id", "plain", &look->has_plain_names))
		return err_set(err, ERR_INVALID_INPUT, "",
			       "The address takes ?names=id or ?names=plain.");
	return ERR_OK;
}

static void run(struct mcp_exchange *exchange, struct text command_id)
{
	visit_run(visit_of(exchange)->visit, command_id);
}

static void name_session(struct http_request *request)
{
	unsigned char bytes[SESSION_BYTES];
	char text[2 * SESSION_BYTES + 1];

	randombytes_buf(bytes, sizeof bytes);
	sodium_bin2hex(text, sizeof text, bytes, sizeof bytes);
	http_respond_header(request, "Mcp-Session-Id", text_of(text));
}

static void answer(struct mcp_exchange *exchange)
{
	struct mcp_visit *own = visit_of(exchange);
	struct http_request *request = own->visit->request;
	struct text text = mcp_answer(exchange);

	if (own->stream) {
		mcp_stream_end(own->stream, text);
		return;
	}
	if (exchange->err.code != ERR_OK)
		visit_note(own->visit, &exchange->err);
	else if (text_is(exchange->message.method, TEXT("initialize")))
		name_session(request);
	http_respond(request, exchange->status, text.ptr ? HTTP_TYPE_JSON : TEXT_NONE,
		     text.ptr ? text : TEXT(""));
}

/* Whether an Accept header takes events. */
static bool takes_events(struct text accept)
{
	while (accept.ptr) {
		struct text rest, type = text_split(accept, ',', &accept);

		type = text_trim(text_split(type, ';', &rest));
		if (text_is_nocase(type, TEXT("text/event-stream")) || text_is(type, TEXT("*/*")))
			return true;
	}
	return false;
}

static bool stream(struct mcp_exchange *exchange)
{
	struct mcp_visit *own = visit_of(exchange);
	struct http_request *request = own->visit->request;

	if (!takes_events(http_request_header(request, "Accept")))
		return false;
	own->stream = mcp_stream_begin(request);
	return own->stream != NULL;
}

static void notify(struct mcp_exchange *exchange, struct text message)
{
	if (message.ptr)
		mcp_stream_add(visit_of(exchange)->stream, message);
	else
		mcp_stream_beat(visit_of(exchange)->stream);
}

static const struct mcp_transport transport = {run, answer, stream, notify};

static bool head(struct visit *visit)
{
	struct mcp_visit *own = arena_zero(visit->request->arena, 1, sizeof *own);
	struct mcp_look look = {.is_compact = false};
	struct err err;

	if (!own)
		err_memory(&err);
	if (!own || check_head(visit, &look, &err) != ERR_OK) {
		visit_fail(visit, &err);
		return false;
	}
	visit->caller.via = CHANGE_VIA_MCP;
	own->visit = visit;
	own->exchange = (struct mcp_exchange){
		.mcp = visit->services->mcp,
		.transport = &transport,
		.own = own,
		.call = &visit->call,
		.arena = visit->request->arena,
		.caller = visit->caller,
		.look = look,
		.session = http_request_header(visit->request, "Mcp-Session-Id"),
		.request_id = visit->request->id,
	};
	visit->own = own;
	return true;
}

static void handle(struct visit *visit)
{
	struct mcp_visit *own = visit->own;
	const struct http_request *request = visit->request;
	const struct mcp_context context = {
		.arena = request->arena,
		.revision = MCP_HANDSHAKE_LATEST,
		.is_http = true,
		.version = http_request_header(request, "MCP-Protocol-Version"),
		.method = http_request_header(request, "Mcp-Method"),
		.name = http_request_header(request, "Mcp-Name"),
	};
	struct mcp_fault fault;

	if (mcp_message_read(request->body, &context, &own->exchange.message, &fault))
		mcp_start(&own->exchange);
	else
		mcp_refuse(&own->exchange, &fault);
}

static void finish(struct visit *visit)
{
	struct mcp_visit *own = visit->own;

	mcp_finish(&own->exchange);
}

static void done(struct visit *visit)
{
	struct mcp_visit *own = visit->own;

	if (!own)
		return;
	/* Since 2026-07-28 to hang up is to cancel; before, it was only a broken line. */
	mcp_leave(&own->exchange, mcp_reply_is_stateless(&own->exchange));
	mcp_stream_release(own->stream);
	runtime_done(visit);
	mcp_message_release(&own->exchange.message);
}

static const struct route rows[] = {
	{.method = HTTP_POST,
	 .pattern = "/mcp",
	 .takes_json = true,
	 .head = head,
	 .handle = handle,
	 .finish = finish,
	 .done = done},
	{.method = HTTP_GET, .pattern = METADATA_PATH, .is_open = true, .handle = metadata},
	{.method = HTTP_GET, .pattern = METADATA_PATH "/mcp", .is_open = true, .handle = metadata},
};

const struct route_table mcp_http_routes = {.prefix = "/", .rows = rows, .count = ARRAY_LEN(rows)};
