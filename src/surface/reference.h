/*
 * reference: the pages at /docs and the OpenAPI descriptions, made from the catalogue when the
 * program is built (tools/reference_gen.py). They are read without a key and load nothing from
 * elsewhere.
 *
 * Pages are kept compressed, and sent so to whoever accepts it.
 *
 * Holds    constant bytes.
 * Threads  any; the handlers: the HTTP server's loop.
 * Fails    ERR_NOT_FOUND for a page there is none of; ERR_BUSY without memory to unpack one.
 */
#ifndef SURFACE_REFERENCE_H
#define SURFACE_REFERENCE_H

#include "surface/visit.h"

struct reference_page {
	const char *path; /* "/docs/lead.get" */
	const char *type;
	const char *sum; /* 16 hexadecimal digits, of the bytes before they were compressed */
	const unsigned char *bytes; /* gzip */
	size_t len;
	size_t whole_len; /* unpacked */
};

extern const struct reference_page reference_pages[];
extern const size_t reference_page_count;

/* The page at `path` as it was before it was compressed; there must be one. */
MUST_USE enum err_code reference_read(struct arena *arena, struct text path, struct text *out,
				      struct err *err);

/* Answer with the page at the path of the request; the route says that there is one. */
void reference_serve_path(struct visit *visit);

/* GET /docs and /docs/: the start page. */
void reference_start(struct visit *visit);

/* GET /docs/{page} */
void reference_serve(struct visit *visit);

#endif
