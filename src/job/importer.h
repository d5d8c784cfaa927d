/*
 * importer: runs the imports, one after the other, oldest first.
 *
 * Holds    a thread, and while it works a lock file in the folder of uploads, so that of several
 *          programs on one database only one imports.
 * Threads  create and destroy: one controlling thread; the others any.
 * Fails    create, without memory. What goes wrong with an import is told by the import.
 *
 * An import that was interrupted goes on where it stopped. Files of imports that are over are
 * removed, and so are uploads that nobody imported within a day, and what deleted lists have left.
 */
#ifndef JOB_IMPORTER_H
#define JOB_IMPORTER_H

#include "command/command.h"
#include "store/imports.h"

struct importer;

/* Start; `desk` is borrowed until destroy, and its import hook is the importer's. */
MUST_USE enum err_code importer_create(struct desk *desk, struct importer **out, struct err *err);

/* Stop at the next border between two slices. NULL does nothing. */
void importer_destroy(struct importer *importer);

/* There may be something to do. */
void importer_wake(struct importer *importer);

/*
 * Wait until no import is open. `moved` (may be NULL) is told of progress on the importer's
 * thread, with counts and state of the import in work.
 */
void importer_wait_idle(struct importer *importer,
			void (*moved)(void *state, const struct import_row *import), void *state);

#endif
