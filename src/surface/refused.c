#include "surface/refused.h"

#include <stdlib.h>

#include "file/csv.h"
#include "json/scan.h"
#include "surface/runtime.h"

#define PAGE_ROWS 100
#define PAGE_BYTES_MAX ((size_t)128 * 1024 * 1024)

/* One download. The first page is the visit's own call, so that a failure can be answered. */
struct download {
	struct visit *visit;
	bool is_csv;
	bool is_begun;      /* the header was written */
	bool is_broken;     /* a page could not be made */
	struct call call;   /* of the pages after the first */
	struct arena arena; /* its memory, and that of the page's text */
	struct buf page;
	size_t sent;        /* of the page */
	struct text cursor; /* of the page after it; absent: none */
};

/* The texts of the JSON array `cells` as a row of CSV. */
static void add_record(struct download *download, struct text cells)
{
	struct scan scan = scan_of(cells);
	struct text key, value, first = TEXT_NONE;
	size_t count = 0;

	while (scan_next(&scan, &key, &value)) {
		struct text cell = scan_string(&download->arena, value);

		/* The first waits until it is known whether it is the only one. */
		if (count++ == 0) {
			first = cell;
			continue;
		}
		if (count == 2)
			csv_add_cell(&download->page, first);
		buf_add_char(&download->page, ',');
		csv_add_cell(&download->page, cell);
	}
	if (count == 1)
		csv_add_only_cell(&download->page, first);
	buf_add(&download->page, TEXT("\r\n"));
}

/* The object as it came, on one line: a line break in it stands between its members. */
static void add_object(struct download *download, struct text cells)
{
	struct scan scan = scan_of(cells);
	struct text key, value;

	if (!scan_next(&scan, &key, &value))
		return;
	struct text object = scan_string(&download->arena, value);

	for (size_t i = 0; i < object.len; i++) {
		bool is_break = object.ptr[i] == '\n' || object.ptr[i] == '\r';

		buf_add_char(&download->page, is_break ? ' ' : object.ptr[i]);
	}
	buf_add_char(&download->page, '\n');
}

static void add_rows(struct download *download, struct text rows)
{
	struct scan scan = scan_of(rows);
	struct text key, row;

	while (scan_next(&scan, &key, &row)) {
		struct text cells = scan_member(row, TEXT("cells"));

		if (text_is(scan_member(row, TEXT("outcome")), TEXT("\"skipped\"")) ||
		    cells.len <= 2)
			continue;
		if (download->is_csv)
			add_record(download, cells);
		else
			add_object(download, cells);
	}
}

/* Make the page's text of what import.rows.list answered. */
static void render(struct download *download, const struct reply *reply)
{
	buf_init_arena(&download->page, &download->arena, PAGE_BYTES_MAX);
	download->sent = 0;
	if (!download->is_begun && download->is_csv)
		add_record(download, scan_member(reply->data, TEXT("columns")));
	download->is_begun = true;
	add_rows(download, scan_member(reply->data, TEXT("rows")));
	download->cursor = reply->next_cursor;
	download->is_broken = download->page.failed;
}

static json_t *page_input(const struct download *download)
{
	struct text id = download->visit->params[0], cursor = download->cursor;
	json_t *input = json_object();

	if (json_object_set_new(input, "import_id", json_stringn(id.ptr, id.len)) != 0 ||
	    json_object_set_new(input, "limit", json_integer(PAGE_ROWS)) != 0 ||
	    (cursor.ptr &&
	     json_object_set_new(input, "cursor", json_stringn(cursor.ptr, cursor.len)) != 0)) {
		json_decref(input);
		return NULL;
	}
	return input;
}

/* On a reader's thread. */
static void page_finished(struct call *call)
{
	struct download *download = call->surface;

	if (call->job.err.code == ERR_OK)
		render(download, &call->reply);
	else
		download->is_broken = true;
	http_stream_ready(download->visit->request);
}

static bool start_page(struct download *download)
{
	struct call *call = &download->call;
	json_t *input = page_input(download);
	struct err err;

	json_decref(call->input);
	arena_reset(&download->arena);
	*call = (struct call){.desk = download->visit->services->desk,
			      .arena = &download->arena,
			      .caller = download->visit->caller,
			      .input = input,
			      .finished = page_finished,
			      .surface = download};
	return input && dispatch_start(call, TEXT("import.rows.list"), &err) == ERR_OK;
}

static int64_t produce(void *context, char *out, size_t max)
{
	struct download *download = context;
	size_t left = download->page.len - download->sent;

	if (download->is_broken)
		return HTTP_STREAM_ABORT;
	if (left > 0) {
		size_t len = left < max ? left : max;

		memcpy(out, download->page.ptr + download->sent, len);
		download->sent += len;
		return (int64_t)len;
	}
	if (!download->cursor.ptr)
		return HTTP_STREAM_END;
	return start_page(download) ? HTTP_STREAM_LATER : HTTP_STREAM_ABORT;
}

static void start(struct visit *visit, bool is_csv)
{
	struct download *download = calloc(1, sizeof *download);
	struct err err;

	if (!download) {
		err_memory(&err);
		visit_fail(visit, &err);
		return;
	}
	download->visit = visit;
	download->is_csv = is_csv;
	arena_init(&download->arena, PAGE_BYTES_MAX);
	visit->own = download;
	visit->call.input = page_input(download);
	if (visit->call.input) {
		visit_run(visit, TEXT("import.rows.list"));
		return;
	}
	err_memory(&err);
	visit_fail(visit, &err);
}

void refused_csv(struct visit *visit)
{
	start(visit, true);
}

void refused_ndjson(struct visit *visit)
{
	start(visit, false);
}

/* A table has headers, JSON rows have none. */
static enum err_code check_form(const struct download *download, struct text columns,
				struct err *err)
{
	bool is_table = columns.len > 2;

	if (is_table == download->is_csv)
		return ERR_OK;
	return err_set(err, ERR_NOT_FOUND, "",
		       is_table ? "That import was of a table: ask for refused.csv."
				: "That import was of JSON rows: ask for refused.ndjson.");
}

void refused_finish(struct visit *visit)
{
	struct download *download = visit->own;
	struct reply *reply = &visit->call.reply;
	struct err err;

	if (visit->call.job.err.code != ERR_OK) {
		visit_fail(visit, &visit->call.job.err);
		return;
	}
	if (check_form(download, scan_member(reply->data, TEXT("columns")), &err) != ERR_OK) {
		visit_fail(visit, &err);
		return;
	}
	render(download, reply);
	http_respond_header(visit->request, "Content-Disposition",
			    download->is_csv ? TEXT("attachment; filename=\"refused.csv\"")
					     : TEXT("attachment; filename=\"refused.ndjson\""));
	http_respond_stream(visit->request, 200,
			    download->is_csv ? TEXT("text/csv; charset=utf-8")
					     : TEXT("application/x-ndjson"),
			    produce, download);
}

void refused_done(struct visit *visit)
{
	struct download *download = visit->own;

	runtime_done(visit);
	if (!download)
		return;
	json_decref(download->call.input);
	arena_release(&download->arena);
	free(download);
}
