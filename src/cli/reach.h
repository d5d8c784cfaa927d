/*
 * reach: commands, run wherever the settings say: on a server (--url) or on the database here.
 *
 * Holds    the open database, or a connection to the server.
 * Threads  the one that made it.
 * Fails    when the database or the server cannot be reached, or refuses to let us in. A command
 *          that fails has answered: reach_run is ERR_OK then.
 */
#ifndef CLI_REACH_H
#define CLI_REACH_H

#include <jansson.h>

#include "base/arena.h"
#include "cli/settings.h"
#include "command/command.h"

struct reach;
struct local;
struct remote;

struct reach_ask {
	struct text id;              /* of the command */
	struct text input;           /* JSON; empty: {} */
	enum command_profile profile;
	struct text idempotency_key; /* absent: none */
};

MUST_USE enum err_code reach_create(const struct settings *settings, struct reach **out,
				    struct err *err);
void reach_destroy(struct reach *reach);

/* The one that is in use; NULL for the other. */
struct local *reach_local(struct reach *reach);
struct remote *reach_remote(struct reach *reach);

/* The whole answer, one JSON document in the arena. */
MUST_USE enum err_code reach_run(struct reach *reach, struct arena *arena,
				 const struct reach_ask *ask, struct text *out, struct err *err);

/*
 * Run command `id` with `take_input` (which is released); *out_answer is its envelope, for the
 * caller to json_decref. Here a command that fails is a failure.
 */
MUST_USE enum err_code reach_command(struct reach *reach, const char *id, json_t *take_input,
				     json_t **out_answer, struct err *err);

/* Read an answer: ERR_OK when it says so, else its error. *out_answer is set if it is JSON. */
MUST_USE enum err_code reach_read(struct text answer, json_t **out_answer, struct err *err);

/* {"data":{"commands":[…]}} and {"data":{"command":…}} */
MUST_USE enum err_code reach_commands(struct reach *reach, struct arena *arena, struct text *out,
				      struct err *err);
MUST_USE enum err_code reach_schema(struct reach *reach, struct arena *arena, struct text id,
				    struct text *out, struct err *err);

#endif
