/*
 * leads_error: a failure as the leads dialect has it:
 *
 *   {"success":false,"error":sentence,"code":CODE,"details":{…}}
 *
 * `details` is one object or absent. Of input that does not fit it names the first problem,
 * {"field","value","message"}: the field in the client's own words, its value as it was sent
 * (null when it was not sent, or is too long to be repeated). Of an address that another lead has
 * it is {"email","existingLeadId","message"}, of something that is not there its id.
 *
 * Holds    nothing.
 * Threads  any.
 * Fails    like the buf it writes into.
 */
#ifndef SURFACE_LEADS_ERROR_H
#define SURFACE_LEADS_ERROR_H

#include "surface/visit.h"

/* A member of a command's input, and what the client calls it. */
struct leads_name {
	const char *inside; /* the first segment of a pointer, or all of it: "/where/0" */
	const char *shown;
};

/* What the client sent, for telling what is wrong with it. */
struct leads_sent {
	const json_t *members; /* object of what it sent, in its own names; NULL: nothing */
	const struct leads_name *names; /* where they differ from the command's */
	size_t name_count;
};

/* True for paths of this dialect, also those where nothing is: "/api/v1/leads/…". */
bool leads_error_is_path(struct text path);

/* A failure that no command's input is to blame for. Answers its HTTP status. */
int leads_error_write(const struct http_request *request, const struct err *err, struct buf *out);

/* Answer VALIDATION_ERROR: what is wrong with `field` of what was sent. */
void leads_error_refuse(struct visit *visit, const struct leads_sent *sent, const char *field,
			const char *message);

/* Answer with the failure of visit->call. */
void leads_error_fail(struct visit *visit, const struct leads_sent *sent);

#endif
