/*
 * import_plan: the rows of a file, each planned as a write about one person or refused.
 *
 * Holds    nothing; a planned row lives in the arena it was read with, and its input until
 *          import_source_drop.
 * Threads  as the source; import_plan_refuse any.
 * Fails    as the source. What is wrong with one row makes that row a refused one.
 */
#ifndef COMMAND_IMPORT_PLAN_H
#define COMMAND_IMPORT_PLAN_H

#include "command/import_source.h"
#include "command/lead_plan.h"
#include "store/imports.h"

struct import_planned {
	struct import_item item;
	struct lead_plan *plan;      /* NULL: refused */
	enum import_outcome outcome; /* of a refused row */
	struct text detail;          /* of a refused row, see import_plan_refuse */
};

/* The next row; item.row.number is 0 at the end. `now_ms` bounds observed_at. */
MUST_USE enum err_code import_plan_next(struct import_source *source, struct arena *arena,
					const struct import_rules *rules, int64_t now_ms,
					struct import_planned *out, struct err *err);

/* Why a row was refused. */
struct import_refusal {
	const struct err *why;
	struct text candidates; /* JSON array of a conflict; absent: none */
};

/*
 * What import_row keeps of a refused row: {"code", "message", "column" (null where none is to
 * blame), "candidates" (only of a conflict), "cells"}.
 */
MUST_USE enum err_code import_plan_refuse(struct arena *arena, const struct import_source *source,
					  const struct import_planned *planned,
					  const struct import_refusal *refusal, struct text *out,
					  struct err *err);

/* Whether a failure is about the row, and what it makes of it; others are about the database. */
bool import_plan_is_refusal(enum err_code code, enum import_outcome *out);

#endif
