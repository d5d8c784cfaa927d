/*
 * export_commands: export.create and export.get. An export keeps which leads were asked for; its
 * file is made when it is read, by command/lead_export.h with that export's id or file name, and
 * has the leads that are meant then, as they are then.
 *
 * The newest EXPORT_KEPT_MAX exports of a workspace are kept.
 *
 * Holds    nothing.
 * Threads  the call's; what writes runs on the thread for long work.
 * Fails    ERR_EXPORT_NOT_FOUND, ERR_INVALID_INPUT, store errors.
 */
#ifndef COMMAND_EXPORT_COMMANDS_H
#define COMMAND_EXPORT_COMMANDS_H

#include "command/command.h"

#define EXPORT_KEPT_MAX 200

MUST_USE enum err_code export_commands_prepare_create(struct call *call, struct err *err);
MUST_USE enum err_code export_commands_create(struct call *call, struct txn *txn, struct err *err);
MUST_USE enum err_code export_commands_get(struct call *call, struct txn *txn, struct err *err);

/*
 * Make an export of the leads that call->input selects, which are `leads` now: in a slice of its
 * own on the writer. *out_id: its id.
 */
MUST_USE enum err_code export_commands_make(struct call *call, int64_t leads, struct text *out_id,
					    struct err *err);

/* An export as it is stored. */
struct export_kept {
	struct text selection; /* JSON: the members of lead_select.h; in the arena */
	struct text format;    /* "csv" or "ndjson"; in the arena */
};

/* Read the export with that id, or else with that file name. ERR_EXPORT_NOT_FOUND. */
MUST_USE enum err_code export_commands_read(struct db *db, struct arena *arena, int64_t workspace,
					    struct text id_or_name, struct export_kept *out,
					    struct err *err);

#endif
