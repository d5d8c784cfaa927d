/*
 * incoming: a file that arrives with a request, in constant memory: as the body itself, or as
 * the part "file" of a form, whose other parts go to the owner.
 *
 * Holds    per file one open file and a part's value; both are gone after incoming_end. The file
 *          on disk stays when it was claimed.
 * Threads  the HTTP server's loop; the file is brought to disk on a reader of the engine.
 * Fails    ERR_INVALID_INPUT for a body that is no such form, and as command/import_file.h.
 */
#ifndef SURFACE_INCOMING_H
#define SURFACE_INCOMING_H

#include "command/import_file.h"
#include "http/multipart.h"
#include "surface/visit.h"

#define INCOMING_NAME_MAX 32
#define INCOMING_VALUE_MAX ((size_t)256 * 1024)

/* What a form may say beside its file. `state` is what incoming_begin got. */
struct incoming_form {
	void *state;
	/* Whether there may be a part of that name; its failure ends the upload. */
	enum err_code (*accept)(void *state, struct text name, struct err *err);
	/* That part is complete. */
	enum err_code (*take)(void *state, const char *name, struct text value, struct err *err);
};

struct incoming {
	struct engine_job job; /* first: brings the file to disk; its err tells how that went */
	struct visit *visit;
	struct incoming_form form;
	struct import_file file;
	struct text file_name;       /* as the form said; absent: it did not */
	struct multipart *multipart; /* NULL: the body is the file */
	bool is_claimed;             /* the file is an import's: leave it */
	bool is_file_part;
	bool has_file_part;
	char part[INCOMING_NAME_MAX]; /* the part's name, when it is not the file */
	struct buf value;             /* and what it says so far */
};

/* Whether the body is announced as a form. */
bool incoming_is_form(const struct http_request *request);

/* In `head`. `incoming` is zeroed and in the request's arena; incoming_end also after a failure. */
MUST_USE enum err_code incoming_begin(struct incoming *incoming, struct visit *visit,
				      const struct incoming_form *form, struct err *err);

MUST_USE enum err_code incoming_add(struct incoming *incoming, struct text piece, struct err *err);

/*
 * The body is complete: bring the file to disk. On ERR_OK the route's `finish` is called when
 * that is done, and incoming->job.err says whether it worked.
 */
MUST_USE enum err_code incoming_keep(struct incoming *incoming, struct err *err);

void incoming_end(struct incoming *incoming);

#endif
