#include "surface/reference.h"

#include <zlib.h>

#include "http/encode.h"

#define WINDOW_GZIP (15 + 16)
#define START_PATH TEXT("/docs")

/* Scripts, styles and requests only from and to this server; nobody may frame the page. */
#define POLICY                                                                               \
	TEXT("default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; " \
	     "base-uri 'none'; form-action 'none'; frame-ancestors 'none'")

#define CACHE_NOT TEXT("no-store")
/* What is asked for by its sum never changes; all else is asked for again by its tag. */
#define CACHE_FOR_EVER TEXT("public, max-age=31536000, immutable")
#define CACHE_ASK TEXT("public, no-cache")

static const struct reference_page *find(struct text path)
{
	for (size_t i = 0; i < reference_page_count; i++) {
		if (text_is(path, text_of(reference_pages[i].path)))
			return &reference_pages[i];
	}
	return NULL;
}

/* Whether If-None-Match names `tag`, weak or strong, or anything. */
static bool is_known(const struct http_request *request, struct text tag)
{
	struct text rest = http_request_header(request, "If-None-Match");

	while (rest.ptr) {
		struct text one = text_trim(text_split(rest, ',', &rest));

		if (text_starts(one, TEXT("W/")))
			one = text_skip(one, 2);
		if (text_is(one, tag) || text_is(one, TEXT("*")))
			return true;
	}
	return false;
}

static bool unpack(const struct reference_page *page, struct arena *arena, struct text *out)
{
	char *whole = arena_take(arena, page->whole_len);
	z_stream stream = {.next_in = (z_const Bytef *)(uintptr_t)page->bytes,
			   .avail_in = (uInt)page->len,
			   .next_out = (Bytef *)whole,
			   .avail_out = (uInt)page->whole_len};

	if (!whole || inflateInit2(&stream, WINDOW_GZIP) != Z_OK)
		return false;
	bool is_whole = inflate(&stream, Z_FINISH) == Z_STREAM_END;

	inflateEnd(&stream);
	*out = (struct text){whole, page->whole_len};
	return is_whole;
}

static void fail(struct visit *visit, const struct err *err)
{
	http_respond_header(visit->request, "Cache-Control", CACHE_NOT);
	visit_fail(visit, err);
}

static void add_headers(struct visit *visit, const struct reference_page *page, struct text tag,
			bool is_gzip)
{
	struct http_request *request = visit->request;
	struct text asked = http_request_query(request, "v");

	http_respond_header(request, "ETag", tag);
	http_respond_header(request, "Cache-Control",
			    text_is(asked, text_of(page->sum)) ? CACHE_FOR_EVER : CACHE_ASK);
	http_respond_header(request, "Content-Security-Policy", POLICY);
	http_respond_header(request, "Referrer-Policy", TEXT("no-referrer"));
	if (!is_gzip)
		return;
	http_respond_header(request, "Content-Encoding", TEXT("gzip"));
	http_respond_header(request, "Vary", TEXT("Accept-Encoding"));
}

static void serve(struct visit *visit, const struct reference_page *page)
{
	struct http_request *request = visit->request;
	bool is_gzip = http_encode_accepts_gzip(http_request_header(request, "Accept-Encoding"));
	struct text tag = arena_format(request->arena, "\"%s%s\"", page->sum, is_gzip ? "-gz" : "");
	struct text body = {(const char *)page->bytes, page->len};
	struct err err;

	if (!tag.ptr || (!is_gzip && !unpack(page, request->arena, &body))) {
		err_memory(&err);
		fail(visit, &err);
		return;
	}
	add_headers(visit, page, tag, is_gzip);
	if (is_known(request, tag))
		http_respond(request, 304, TEXT_NONE, TEXT(""));
	else
		http_respond(request, 200, text_of(page->type), body);
}

enum err_code reference_read(struct arena *arena, struct text path, struct text *out,
			     struct err *err)
{
	return unpack(find(path), arena, out) ? ERR_OK : err_memory(err);
}

void reference_serve_path(struct visit *visit)
{
	serve(visit, find(visit->request->path));
}

void reference_start(struct visit *visit)
{
	serve(visit, find(START_PATH));
}

void reference_serve(struct visit *visit)
{
	struct text path =
		arena_format(visit->request->arena, "/docs/%.*s", TEXT_ARG(visit->params[0]));
	const struct reference_page *page = path.ptr ? find(path) : NULL;
	struct err err;

	if (page) {
		serve(visit, page);
		return;
	}
	err_set(&err, ERR_NOT_FOUND, "", "There is no such page. /docs names them all.");
	fail(visit, &err);
}
