/*
 * multipart: reads multipart/form-data (RFC 7578) piece by piece, in constant memory.
 *
 * Holds    the header of the current part and at most one boundary's worth of bytes.
 * Threads  one at a time.
 * Fails    for input that is not well-formed, or a part header over its bound; a callback may
 *          stop it, too. After a failure every feed fails in the same way.
 *
 * However the input is cut into pieces, the callbacks see the same bytes (data may come in other
 * portions).
 */
#ifndef HTTP_MULTIPART_H
#define HTTP_MULTIPART_H

#include "base/err.h"
#include "base/text.h"

#define MULTIPART_BOUNDARY_MAX 70
#define MULTIPART_HEADER_MAX 4096
#define MULTIPART_PARTS_MAX 128

struct multipart_part {
	struct text name;      /* of the form's field */
	struct text file_name; /* absent for an ordinary field */
	struct text type;      /* absent when not given */
};

/* Texts are valid during the call. False stops; the feed then answers `err` of the callback. */
struct multipart_callbacks {
	void *state;
	bool (*part_begin)(void *state, const struct multipart_part *part, struct err *err);
	bool (*part_data)(void *state, struct text data, struct err *err);
	bool (*part_end)(void *state, struct err *err);
};

struct multipart;

/* `content_type` is the request's header; INVALID_INPUT when it is not multipart/form-data. */
MUST_USE enum err_code multipart_create(struct text content_type,
					const struct multipart_callbacks *callbacks,
					struct multipart **out, struct err *err);

MUST_USE enum err_code multipart_feed(struct multipart *multipart, struct text piece,
				      struct err *err);

/* The body is over: fails when it was cut off. */
MUST_USE enum err_code multipart_finish(struct multipart *multipart, struct err *err);

void multipart_destroy(struct multipart *multipart);

#endif
