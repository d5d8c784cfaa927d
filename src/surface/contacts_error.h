/*
 * contacts_error: a failure as the contacts dialect has it:
 *
 *   {"error":{"reason","message","data":{field:[messages]}},"message","code"}
 *
 * `code` is the HTTP status, `message` the same sentence as error.message. Fields are paths with
 * dots in the names that the client used: "lead.linkedin_id". Input that does not fit is 422
 * here, not 400.
 *
 * Holds    nothing.
 * Threads  any.
 * Fails    like the buf it writes into.
 */
#ifndef SURFACE_CONTACTS_ERROR_H
#define SURFACE_CONTACTS_ERROR_H

#include "surface/visit.h"

struct contacts_query;

/* A member of a command's input, and how the client knows it. */
struct contacts_name {
	const char *inside;
	const char *shown;
};

/*
 * How to call what a command finds wrong in its input. A segment of a JSON pointer that is in
 * `rows` gets that name; else, where it is a lead's field, its name among contacts_input, behind
 * `before_field` when it stands first ("lead."); else it stays. /where/N is the condition of
 * `query` that it came from. A zeroed struct leaves everything as it is.
 */
struct contacts_names {
	const char *before_field; /* NULL: nothing */
	const struct contacts_name *rows;
	size_t count;
	const struct contacts_query *query; /* NULL: none */
};

/* True for paths of this dialect, also those where nothing is: "/leads/api/…". */
bool contacts_error_is_path(struct text path);

/*
 * A failure that no command's input is to blame for. `path` is what was asked for. Answers the
 * HTTP status: here ERR_INVALID_INPUT is a request that is malformed, 400.
 */
int contacts_error_write(const struct err *err, struct text path, struct buf *out);

/* Answer with the failure of visit->call: its details and candidates, in the client's names. */
void contacts_error_fail(struct visit *visit, const struct contacts_names *names);

/* Answer with a failure that the surface found; err->pointer is the client's field, or "". */
void contacts_error_refuse(struct visit *visit, const struct err *err);

/*
 * Where visit->call failed because `member` of its input names something that is not there
 * (`missing`, e.g. ERR_LIST_NOT_FOUND): make it a fault of the input, for contacts_error_fail.
 */
void contacts_error_blame(struct visit *visit, enum err_code missing, const char *member);

/* A handler for paths of servers that send, which would else look like an id: 404. */
void contacts_error_absent(struct visit *visit);

#endif
