/*
 * import_run: one import from where it stands to its end.
 *
 * Rows are planned by a thread of their own and written in slices on the engine's writer. What
 * became of them and how far the import is are stored with them, in the same transaction, so
 * that it goes on at the next row whenever it was interrupted. A dry run writes to a copy
 * instead (job/dry_scratch.h), and begins anew.
 *
 * Holds    nothing between calls.
 * Threads  one run at a time; not the writer's.
 * Fails    what concerns the file as a whole ends the import as failed, with a message for its
 *          owner. A database that is busy or full is tried again for some minutes; then the
 *          import fails, or stays open when not even that can be stored.
 */
#ifndef JOB_IMPORT_RUN_H
#define JOB_IMPORT_RUN_H

#include "command/command.h"
#include "store/imports.h"

struct import_run_hooks {
	void *state;
	/* Wait `ms` (0: just ask); false when the run must stop at the next border. */
	bool (*pause)(void *state, int64_t ms);
	/* The import has moved on; any thread but the writer's. */
	void (*moved)(void *state, const struct import_row *import);
};

/*
 * Carry on `import`, which is open. *out_over: it is over; otherwise it was stopped, or what went
 * wrong could not be stored, and it is still open.
 */
void import_run(struct desk *desk, struct import_row *import, const struct import_run_hooks *hooks,
		bool *out_over);

#endif
