#include "store/defaults.h"

#include "store/entries.h"
#include "store/lists.h"

/* The document as command/stage_commands.c reads it. */
static const struct {
	const char *name;
	const char *doc;
} stages[] = {
	{"New", "{\"object\":\"lead\",\"type\":\"new\",\"category\":\"cold\",\"order\":0}"},
	{"Approaching",
	 "{\"object\":\"lead\",\"type\":\"approaching\",\"category\":\"cold\",\"order\":1}"},
	{"Engaging",
	 "{\"object\":\"lead\",\"type\":\"engaging\",\"category\":\"engaging\",\"order\":2}"},
	{"Replied",
	 "{\"object\":\"lead\",\"type\":\"replied\",\"category\":\"positive\",\"order\":3}"},
};

enum err_code defaults_read(struct db *db, int64_t workspace, struct workspace_defaults *out,
			    struct err *err)
{
	struct db_row *row = db_query(db, QUERY_DEFAULTS_READ);
	struct workspace_defaults defaults = {.inbox = {{0}}};
	bool found;

	db_bind_int(row, 1, workspace);
	if (db_step(row, &found, err) != ERR_OK)
		return err->code;
	if (found) {
		defaults.inbox = db_uuid(row, 0);
		defaults.stage_new = db_uuid(row, 1);
	}
	db_end(row);
	*out = defaults;
	return ERR_OK;
}

static enum err_code make_inbox(struct txn *txn, int64_t workspace, struct uuid *out,
				struct err *err)
{
	struct list_row list = {.name = DEFAULTS_INBOX, .created_ms = txn->now_ms};
	struct uuid id;

	if (lists_named(txn->db, workspace, DEFAULTS_INBOX, &id, err) != ERR_OK)
		return err->code;
	if (uuid_is(id, (struct uuid){{0}})) {
		list.id = id = uuid_make(&txn->ids);
		if (lists_insert(txn, workspace, &list, err) != ERR_OK)
			return err->code;
	}
	*out = id;
	return ERR_OK;
}

enum err_code defaults_make(struct txn *txn, int64_t workspace, struct err *err)
{
	struct workspace_defaults defaults = {.inbox = {{0}}};

	if (make_inbox(txn, workspace, &defaults.inbox, err) != ERR_OK)
		return err->code;
	for (size_t i = 0; i < ARRAY_LEN(stages); i++) {
		const struct entry_row stage = {.workspace = workspace,
						.kind = ENTRY_STAGE,
						.id = uuid_make(&txn->ids),
						.name = text_of(stages[i].name),
						.doc = text_of(stages[i].doc),
						.created_ms = txn->now_ms};

		if (i == 0)
			defaults.stage_new = stage.id;
		if (entries_insert(txn, &stage, err) != ERR_OK)
			return err->code;
	}
	struct db_row *row = db_query(txn->db, QUERY_DEFAULTS_INSERT);

	db_bind_int(row, 1, workspace);
	db_bind_uuid(row, 2, defaults.inbox);
	db_bind_uuid(row, 3, defaults.stage_new);
	return db_run(row, NULL, err);
}

static enum err_code make_for(struct txn *txn, int64_t workspace, struct err *err)
{
	struct workspace_defaults defaults;

	if (defaults_read(txn->db, workspace, &defaults, err) != ERR_OK)
		return err->code;
	if (!uuid_is(defaults.inbox, (struct uuid){{0}}))
		return ERR_OK; /* another program was quicker */
	if (txn_touch(txn, err) != ERR_OK)
		return err->code;
	return defaults_make(txn, workspace, err);
}

enum err_code defaults_make_missing(struct db *db, const struct clock *clock, struct err *err)
{
	struct txn txn;
	int64_t workspace;

	txn_init(&txn, db, clock);
	for (;;) {
		if (db_number(db_query(db, QUERY_DEFAULTS_MISSING), &workspace, err) != ERR_OK)
			return err->code;
		if (workspace == 0)
			return ERR_OK;
		if (txn_begin(&txn, err) != ERR_OK)
			return err->code;
		txn_enter(&txn, clock_now_ms(clock));
		if (make_for(&txn, workspace, err) != ERR_OK) {
			txn_rollback(&txn);
			return err->code;
		}
		txn_keep(&txn);
		if (txn_commit(&txn, err) != ERR_OK)
			return err->code;
	}
}
