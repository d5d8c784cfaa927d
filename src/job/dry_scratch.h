/*
 * dry_scratch: a database of its own in which a dry run writes, so that its counts are those of
 * the real run, by the same code, and nothing changes.
 *
 * It begins with the custom fields alone. Before a row is written there, the leads that own its
 * identifiers are copied from the real database, when they are not there yet. Lists, missions,
 * tags, stages and the blacklist are looked up in the real one: see struct lead_writer.
 *
 * Holds    a file in the folder of uploads until destroyed, and two connections.
 * Threads  one at a time; not the writer's.
 * Fails    as store/db.h.
 */
#ifndef JOB_DRY_SCRATCH_H
#define JOB_DRY_SCRATCH_H

#include "command/lead_plan.h"
#include "engine/engine.h"
#include "store/imports.h"

#define DRY_SCRATCH_NAME "dry-run.scratch"

struct dry_scratch;

/* `folder` is borrowed for this call only. */
MUST_USE enum err_code dry_scratch_create(struct engine *engine, const char *folder,
					  const struct import_row *import, struct dry_scratch **out,
					  struct err *err);
void dry_scratch_destroy(struct dry_scratch *scratch);

/* The real database, for reading between begin and its end. */
struct db *dry_scratch_real(struct dry_scratch *scratch);

/* Begin a transaction, and look at the real database as it is now. */
MUST_USE enum err_code dry_scratch_begin(struct dry_scratch *scratch, struct txn **out,
					 struct err *err);
MUST_USE enum err_code dry_scratch_commit(struct dry_scratch *scratch, struct err *err);
void dry_scratch_rollback(struct dry_scratch *scratch);

/* Within a transaction: copy what writing `plan` will look at. */
MUST_USE enum err_code dry_scratch_prepare(struct dry_scratch *scratch,
					   const struct lead_plan *plan, struct err *err);

#endif
