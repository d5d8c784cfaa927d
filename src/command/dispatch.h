/*
 * dispatch: the one way into a command, for every surface.
 *
 * Permission (the catalogue's row against the caller's scopes), input schema, Idempotency-Key,
 * then the handler on the engine's right thread, then, when asked to, the output schema.
 *
 * Holds    the catalogue, and which Idempotency-Keys are running now.
 * Threads  any.
 * Fails    every failure of a call: see dispatch_start.
 */
#ifndef COMMAND_DISPATCH_H
#define COMMAND_DISPATCH_H

#include "command/command.h"

struct desk_settings {
	struct engine *engine;
	bool check_outputs; /* every answer is held against its schema: for tests */
	const char *files;  /* folder where uploads wait for their import */
};

MUST_USE enum err_code dispatch_create(const struct desk_settings *settings, struct desk **out,
				       struct err *err);
void dispatch_destroy(struct desk *desk);

struct engine *dispatch_engine(struct desk *desk);
const char *dispatch_files(struct desk *desk);

/*
 * `hook` (NULL: none) is called when an import was made or cancelled, on the writer's thread and
 * before that is committed; it must be quick. When this returns, the one before runs no more.
 */
void dispatch_set_import_hook(struct desk *desk, void (*hook)(void *state), void *state);

/* Call the hook. */
void dispatch_tell_import(struct desk *desk);

/* The catalogue, sorted by id. */
const struct command *dispatch_commands(struct desk *desk, size_t *out_count);

/* The command `id`, or NULL. */
const struct command *dispatch_find(struct desk *desk, struct text id);

/*
 * Start `call`: desk, arena, caller, input, finished and what the surface knows are set, and `id`
 * names the command. On ERR_OK `finished` was or will be called, maybe before this returns, and
 * call->job.err tells the outcome. On failure `finished` is not called; call->reply.details may
 * say more. ERR_COMMAND_NOT_FOUND, ERR_FORBIDDEN, ERR_INVALID_INPUT, ERR_IDEMPOTENCY_CONFLICT
 * (the same key is running), ERR_IDEMPOTENCY_MISMATCH (it was used for something else), ERR_BUSY
 * and whatever the handler says.
 */
MUST_USE enum err_code dispatch_start(struct call *call, struct text id, struct err *err);

/* The same, waiting for the outcome. call->finished and call->surface are used. */
MUST_USE enum err_code dispatch_run(struct call *call, struct text id, struct err *err);

#endif
