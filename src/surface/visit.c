#include "surface/visit.h"

#include "surface/contacts_error.h"
#include "surface/envelope.h"
#include "surface/leads_error.h"
#include "surface/mcp_http.h"

#define ERROR_BYTES_MAX ((size_t)256 * 1024)
#define RETRY_S "1"

static bool is_runtime(const struct http_request *request)
{
	return text_starts(request->path, TEXT("/api/v1/")) && !leads_error_is_path(request->path);
}

/* What to do about a body that is too large; only the surface knows the other ways in. */
static void add_advice(struct http_request *request, struct err *err)
{
	static const char advice[] =
		" Send fewer leads at once, or upload them as a file: POST /api/v1/imports.";
	size_t len = strlen(err->message);

	if (err->code == ERR_TOO_LARGE && is_runtime(request) &&
	    sizeof err->message - len >= sizeof advice)
		memcpy(err->message + len, advice, sizeof advice);
}

/* In the form of the dialect whose path it is; nothing where no dialect has it. */
static int write_form(const struct http_request *request, const struct err *err, struct buf *out)
{
	if (contacts_error_is_path(request->path))
		return contacts_error_write(err, request->path, out);
	if (leads_error_is_path(request->path))
		return leads_error_write(request, err, out);
	if (mcp_http_is_path(request->path))
		return mcp_http_write_error(err, out);
	if (err->code == ERR_UNAUTHENTICATED || err->code == ERR_FORBIDDEN)
		envelope_write_plain(err, out);
	else if (is_runtime(request))
		envelope_write_error(err, request->id, out);
	return err_http_status(err->code);
}

void visit_refuse(struct http_request *request, const struct err *failure)
{
	struct err err = *failure;
	struct buf buf;

	add_advice(request, &err);
	if (err.code == ERR_BUSY)
		http_respond_header(request, "Retry-After", TEXT(RETRY_S));
	if (err.code == ERR_UNAUTHENTICATED)
		http_respond_header(request, "WWW-Authenticate",
				    mcp_http_is_path(request->path)
					    ? mcp_http_challenge(request)
					    : TEXT("Bearer realm=\"galena\""));
	buf_init_arena(&buf, request->arena, ERROR_BYTES_MAX);
	int status = write_form(request, &err, &buf);

	if (buf.len && !buf.failed)
		http_respond(request, status, HTTP_TYPE_JSON, buf_text(&buf));
	else
		http_respond_error(request, &err);
}

void visit_note(struct visit *visit, const struct err *err)
{
	visit->error = err->code;
	if (err->detail[0])
		visit->detail = arena_copy(visit->request->arena, text_of(err->detail));
}

void visit_fail(struct visit *visit, const struct err *err)
{
	visit_note(visit, err);
	visit_refuse(visit->request, err);
}

void visit_respond_json(struct visit *visit, int status, const struct buf *buf)
{
	struct text body = buf_text(buf);
	struct err err;

	if (body.ptr) {
		http_respond(visit->request, status, HTTP_TYPE_JSON, body);
		return;
	}
	err_memory(&err);
	visit_fail(visit, &err);
}

static void finished_here(struct call *call)
{
	(void)call; /* dispatch_start has not returned yet: visit_run goes on */
}

static void finished_elsewhere(struct call *call)
{
	struct visit *visit = call->surface;

	http_complete(visit->request);
}

void visit_run(struct visit *visit, struct text command_id)
{
	struct call *call = &visit->call;
	const struct command *command = dispatch_find(visit->services->desk, command_id);
	bool runs_here = !command || command->handler->lane == COMMAND_READS_HERE;
	struct err err;

	call->desk = visit->services->desk;
	call->arena = visit->request->arena;
	call->caller = visit->caller;
	call->surface = visit;
	call->finished = runs_here ? finished_here : finished_elsewhere;
	if (!runs_here)
		http_defer(visit->request);
	if (dispatch_start(call, command_id, &err) != ERR_OK) {
		call->job.err = err;
		call->finished(call);
	}
	if (runs_here)
		visit->route->finish(visit);
}
