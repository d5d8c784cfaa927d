/*
 * envelope: what a command answers, as one JSON document. The same on every way in.
 *
 * Holds    nothing.
 * Threads  any; not the writer's, for answers can be long.
 * Fails    like the buf: remembered there, checked once.
 *
 * {"ok","status","data","error":{"code","message","pointer","details","candidates"},"meta":{…}}:
 * `data` only on success, `error` only on failure and its last three only where there are any.
 */
#ifndef COMMAND_ENVELOPE_H
#define COMMAND_ENVELOPE_H

#include "command/command.h"

#define ENVELOPE_BYTES_MAX (REPLY_BYTES_MAX + (size_t)1024 * 1024)

/*
 * Append the answer to `call`. `err` says how it ended: code ERR_OK for success. `call` is NULL
 * for what was refused before it became a call. An absent request_id is left out.
 */
void envelope_write(struct buf *out, const struct call *call, const struct err *err,
		    struct text request_id);

/* {"error":{"message","code"}}: for whoever may not come in at all (401 and 403). */
void envelope_write_refusal(struct buf *out, const struct err *err);

#endif
