/*
 * running: which Idempotency-Keys are at work now, so that a retry does not run beside the first.
 *
 * Holds    a bounded set.
 * Threads  any.
 * Fails    ERR_IDEMPOTENCY_CONFLICT for a key that is running, ERR_BUSY when the set is full.
 */
#ifndef COMMAND_RUNNING_H
#define COMMAND_RUNNING_H

#include "command/command.h"

#define RUNNING_MAX 8192

struct running;

MUST_USE enum err_code running_create(struct running **out, struct err *err);
void running_destroy(struct running *running);

MUST_USE enum err_code running_begin(struct running *running, const struct call *call,
				     struct err *err);
void running_end(struct running *running, const struct call *call);

#endif
