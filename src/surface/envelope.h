/*
 * envelope: a command's answer in the command runtime's form, for HTTP and for the program's own
 * `commands run --json`:
 *
 *   {"ok","status","data" or "error":{"code","message","details","candidates"},"meta":{…}}
 *
 * Holds    nothing.
 * Threads  any.
 * Fails    like the buf it writes into.
 */
#ifndef SURFACE_ENVELOPE_H
#define SURFACE_ENVELOPE_H

#include "command/command.h"

/*
 * The envelope of a call that has finished: of call->reply, or of call->job.err. An absent
 * `request_id` is left out.
 */
void envelope_write(const struct call *call, struct text request_id, struct buf *out);

/* The values of its members "meta" and, of a call that failed, "error", for other dialects. */
void envelope_write_meta(const struct call *call, struct text request_id, struct writer *writer);
void envelope_write_failure(const struct call *call, struct writer *writer);

/* The envelope of a failure that no command is to blame for. */
void envelope_write_error(const struct err *err, struct text request_id, struct buf *out);

/* {"error":{"message","code"}}: what 401 and 403 answer. */
void envelope_write_plain(const struct err *err, struct buf *out);

#endif
