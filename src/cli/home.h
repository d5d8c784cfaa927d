/*
 * home: the database on this machine, opened by this program.
 *
 * Holds    the engine, the commands' desk and the paths.
 * Threads  the one that opened it.
 * Fails    ERR_INVALID_INPUT for a place where no database can be, and as the engine.
 */
#ifndef CLI_HOME_H
#define CLI_HOME_H

#include "cli/settings.h"
#include "command/dispatch.h"
#include "store/accounts.h"

#define HOME_PATH_MAX 4096

struct home {
	struct engine *engine;
	struct desk *desk;
	char path[HOME_PATH_MAX];
	char files[HOME_PATH_MAX + 16]; /* folder of uploads that wait for their import */
};

/*
 * Where the database is; the user's data folder is made when it is missing and meant. The path
 * itself may not exist.
 */
MUST_USE enum err_code home_path(const struct settings *settings, char out[HOME_PATH_MAX],
				 struct err *err);

/* Open it, or make it. `serves`: for many clients and for long, with a search index kept filled. */
MUST_USE enum err_code home_init(struct home *home, const struct settings *settings, bool serves,
				 struct err *err);

/* Finish what is queued and close. Safe on one that was zeroed. */
void home_release(struct home *home);

/* A few statements in a transaction. */
typedef enum err_code home_work(void *state, struct txn *txn, struct err *err);

/* Run `work` and wait until it is on disk, or (read) has read. */
MUST_USE enum err_code home_write(struct home *home, home_work *work, void *state, struct err *err);
MUST_USE enum err_code home_read(struct home *home, home_work *work, void *state, struct err *err);

/*
 * The workspace that the settings name, or the oldest. In a database without any, "default" is
 * made. ERR_WORKSPACE_NOT_FOUND names those there are. Texts live in `arena`.
 */
MUST_USE enum err_code home_workspace(struct home *home, struct arena *arena,
				      const struct settings *settings, struct workspace_row *out,
				      struct err *err);

/* Insert a workspace called `name`; its number and id are set in *out. */
MUST_USE enum err_code home_make_workspace(struct txn *txn, struct text name,
					   struct workspace_row *out, struct err *err);

#endif
