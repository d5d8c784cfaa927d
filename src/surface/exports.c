#include "surface/exports.h"

#define SCRATCH_BYTES_MAX ((size_t)256 * 1024 * 1024) /* usually 1 MiB; a lead may be large */
#define PAGE_BYTES_MAX ((size_t)64 * 1024 * 1024)

struct stream {
	struct engine_job job; /* first: the engine hands this back */
	struct visit *visit;
	struct lead_export export;
	struct arena scratch;
	struct buf page;
	size_t sent; /* of the page */
};

static struct stream *stream_of(struct engine_job *job)
{
	return (struct stream *)job; /* job is the first member */
}

static enum err_code make_page(struct engine_job *job, struct txn *txn, struct err *err)
{
	struct stream *stream = stream_of(job);

	return lead_export_page(&stream->export, &stream->scratch, txn, &stream->page, err);
}

static void first_page_made(struct engine_job *job)
{
	http_complete(stream_of(job)->visit->request);
}

static void next_page_made(struct engine_job *job)
{
	http_stream_ready(stream_of(job)->visit->request);
}

static void made_here(struct engine_job *job)
{
	(void)job; /* engine_read_here returns to the one that waits */
}

static enum err_code create_stream(struct visit *visit, const struct lead_export_wish *wish,
				   struct stream **out, struct err *err)
{
	struct stream *stream = arena_zero(visit->request->arena, 1, sizeof *stream);
	struct lead_export_wish own = *wish;

	if (!stream)
		return err_memory(err);
	own.engine = dispatch_engine(visit->services->desk);
	if (lead_export_init(&stream->export, visit->caller.workspace, &own, err) != ERR_OK)
		return err->code;
	stream->visit = visit;
	stream->job.run = make_page;
	stream->job.done = first_page_made;
	arena_init(&stream->scratch, SCRATCH_BYTES_MAX);
	buf_init(&stream->page, PAGE_BYTES_MAX);
	*out = stream;
	return ERR_OK;
}

void exports_send(struct visit *visit, const struct lead_export_wish *wish)
{
	struct engine *engine = dispatch_engine(visit->services->desk);
	struct stream *stream = NULL;
	struct err err;

	if (create_stream(visit, wish, &stream, &err) != ERR_OK) {
		visit_fail(visit, &err);
		return;
	}
	visit->own = stream;
	http_defer(visit->request);
	if (engine_read(engine, &stream->job, &err) != ERR_OK) {
		stream->job.err = err;
		http_complete(visit->request);
	}
}

void exports_start(struct visit *visit)
{
	const struct http_request *request = visit->request;
	const struct lead_export_wish wish = {.format = http_request_query(request, "format"),
					      .status = http_request_query(request, "status"),
					      .list_id = http_request_query(request, "list_id"),
					      .export = http_request_query(request, "export_id")};

	exports_send(visit, &wish);
}

/*
 * Begin to make the next page. Where too many reads wait already, it is made at once on this
 * thread: a file that was begun must not break off for that. True: it is being made.
 */
static bool begin_page(struct stream *stream)
{
	struct engine *engine = dispatch_engine(stream->visit->services->desk);
	struct err err;

	buf_reset(&stream->page);
	stream->sent = 0;
	stream->job.done = next_page_made;
	if (engine_read(engine, &stream->job, &err) == ERR_OK)
		return true;
	stream->job.done = made_here;
	engine_read_here(engine, &stream->job);
	return false;
}

static int64_t produce(void *context, char *out, size_t max)
{
	struct stream *stream = context;

	while (stream->sent == stream->page.len) {
		if (stream->job.err.code != ERR_OK) {
			visit_note(stream->visit, &stream->job.err);
			return HTTP_STREAM_ABORT;
		}
		if (stream->export.is_ended)
			return HTTP_STREAM_END;
		if (begin_page(stream))
			return HTTP_STREAM_LATER;
	}
	size_t left = stream->page.len - stream->sent;
	size_t len = left < max ? left : max;

	memcpy(out, stream->page.ptr + stream->sent, len);
	stream->sent += len;
	return (int64_t)len;
}

/* leads-2026-11-20.csv */
static void add_file_name(struct visit *visit, enum lead_export_format format)
{
	struct engine *engine = dispatch_engine(visit->services->desk);
	char now[CLOCK_TEXT_LEN + 1];

	clock_format(clock_now_ms(engine_clock(engine)), now);
	http_respond_header(visit->request, "Content-Disposition",
			    arena_format(visit->request->arena,
					 "attachment; filename=\"leads-%.10s.%s\"", now,
					 lead_export_format_name(format).ptr));
}

void exports_finish(struct visit *visit)
{
	struct stream *stream = visit->own;

	if (stream->job.err.code != ERR_OK) {
		visit_fail(visit, &stream->job.err);
		return;
	}
	add_file_name(visit, stream->export.format);
	http_respond_stream(visit->request, 200, lead_export_type(stream->export.format), produce,
			    stream);
}

void exports_done(struct visit *visit)
{
	struct stream *stream = visit->own;

	if (!stream)
		return;
	lead_export_release(&stream->export);
	arena_release(&stream->scratch);
	buf_release(&stream->page);
}
