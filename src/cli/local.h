/*
 * local: running commands on the database of this machine, without a server.
 *
 * The caller is the program's user: actor 0, every scope, in the workspace that the settings name.
 * A server may be working on the same database meanwhile.
 *
 * Holds    the open database.
 * Threads  the one that opened it.
 * Fails    as home.h; a command that fails has answered.
 */
#ifndef CLI_LOCAL_H
#define CLI_LOCAL_H

#include "cli/home.h"
#include "cli/reach.h"

struct local {
	struct home home;
	struct arena arena; /* of the workspace's name */
	struct workspace_row workspace;
};

MUST_USE enum err_code local_init(struct local *local, const struct settings *settings,
				  struct err *err);

/* Safe on one that was zeroed. */
void local_release(struct local *local);

/* The envelope of the command's answer. */
MUST_USE enum err_code local_run(struct local *local, struct arena *arena,
				 const struct reach_ask *ask, struct text *out, struct err *err);

/* {"data":{"commands":[…]}}, and {"data":{"command":…}}, as a server answers them. */
MUST_USE enum err_code local_commands(struct local *local, struct arena *arena, struct text *out,
				      struct err *err);
MUST_USE enum err_code local_schema(struct local *local, struct arena *arena, struct text id,
				    struct text *out, struct err *err);

#endif
