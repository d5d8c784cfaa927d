/*
 * import_step: one planned row of an import meets the store.
 *
 * A row is refused without a trace but its own result. Most refusals come before the first
 * statement that writes, so rows run without a mark of their own; a row that wrote and was then
 * refused spoils the slice, which is undone and run again with a mark around each row (careful).
 *
 * Holds    an arena for the row in hand.
 * Threads  the one that runs the transaction.
 * Fails    store errors. is_spoiled tells that the transaction must be undone and repeated.
 */
#ifndef JOB_IMPORT_STEP_H
#define JOB_IMPORT_STEP_H

#include "command/import_plan.h"
#include "command/lead_company.h"
#include "command/lead_tags.h"

struct import_step {
	const struct import_row *import;
	const struct import_source *source;
	struct import_counts counts; /* moved on with each row; the owner's to set back */
	struct import_result result; /* of the last row; its detail lives until the next */
	bool is_careful;
	bool is_spoiled;
	struct lead_tags_memory tags;
	struct lead_company_memory companies;
	/* What the database said of itself after the last slice; -1: nothing to rely on. */
	int64_t rows_changed;
	int64_t data_version;
	struct db *around;     /* of a dry run: the real database; else NULL */
	bool nobody_is_barred; /* as of this slice */
	struct arena arena;
	struct lead_outcome outcome;
};

MUST_USE enum err_code import_step_init(struct import_step *step, const struct import_row *import,
					const struct import_source *source, struct err *err);
void import_step_release(struct import_step *step);

/* Before the first row of each slice: others may have written since the last one. */
MUST_USE enum err_code import_step_begin(struct import_step *step, struct txn *txn,
					 struct err *err);

/* After the last statement of a slice; and when it is undone after all. */
void import_step_end(struct import_step *step, struct txn *txn);
void import_step_lost(struct import_step *step);

/* Write the row's lead, or refuse it; store its result and count it. */
MUST_USE enum err_code import_step_run(struct import_step *step, struct txn *txn,
				       const struct import_planned *row, struct err *err);

#endif
