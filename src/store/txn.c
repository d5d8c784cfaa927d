#include "store/txn.h"

#include "store/leads.h"

void txn_init(struct txn *txn, struct db *db, const struct clock *clock)
{
	*txn = (struct txn){.db = db, .last_change = -1, .last_lead = -1};
	uuid_maker_init(&txn->ids, clock);
}

enum err_code txn_begin(struct txn *txn, struct err *err)
{
	/* Another program may have written since: nothing known from before holds. */
	txn->last_change = -1;
	txn->last_lead = -1;
	txn->dirty = false;
	txn->marked = false;
	return db_begin_write(txn->db, err);
}

enum err_code txn_commit(struct txn *txn, struct err *err)
{
	if (!txn->dirty && !db_is_broken(txn->db)) {
		db_rollback(txn->db);
		return ERR_OK;
	}
	return db_commit(txn->db, err);
}

void txn_rollback(struct txn *txn)
{
	db_rollback(txn->db);
}

void txn_enter(struct txn *txn, int64_t now_ms)
{
	txn->now_ms = now_ms;
	txn->marked = false;
	txn->in_part = false;
	txn->part_marked = false;
}

void txn_keep(struct txn *txn)
{
	if (txn->marked) {
		db_mark_keep(txn->db);
		txn->dirty = true;
	}
	txn->marked = false;
}

void txn_undo(struct txn *txn)
{
	if (txn->marked) {
		db_mark_undo(txn->db);
		txn->last_change = -1;
		txn->last_lead = -1;
	}
	txn->marked = false;
}

void txn_part_enter(struct txn *txn)
{
	txn->in_part = true;
	txn->part_marked = false;
}

void txn_part_keep(struct txn *txn)
{
	if (txn->part_marked)
		db_mark_keep(txn->db);
	txn->in_part = false;
	txn->part_marked = false;
}

void txn_part_undo(struct txn *txn)
{
	if (txn->part_marked && !db_is_broken(txn->db)) {
		db_mark_undo(txn->db);
		txn->last_change = -1;
		txn->last_lead = -1;
	}
	txn->in_part = false;
	txn->part_marked = false;
}

/* A mark for the write as a whole comes before the one for its part. */
enum err_code txn_touch(struct txn *txn, struct err *err)
{
	txn->touched = true;
	if (!txn->marked) {
		if (db_mark(txn->db, err) != ERR_OK)
			return err->code;
		txn->marked = true;
	}
	if (txn->in_part && !txn->part_marked) {
		if (db_mark(txn->db, err) != ERR_OK)
			return err->code;
		txn->part_marked = true;
	}
	return ERR_OK;
}

enum err_code txn_next_change(struct txn *txn, int64_t *out, struct err *err)
{
	if (txn->last_change < 0 && db_number(db_query(txn->db, QUERY_CHANGE_LAST_NUMBER),
					      &txn->last_change, err) != ERR_OK)
		return err->code;
	*out = ++txn->last_change;
	return ERR_OK;
}

enum err_code txn_next_lead(struct txn *txn, int64_t workspace, int64_t *out, struct err *err)
{
	if (txn->last_lead < 0 || txn->last_lead_workspace != workspace) {
		struct db_row *row = db_query(txn->db, QUERY_LEAD_LAST_NUMBER);
		int64_t last;

		db_bind_int(row, 1, leads_first_number(workspace));
		db_bind_int(row, 2, leads_last_number(workspace));
		if (db_number(row, &last, err) != ERR_OK)
			return err->code;
		txn->last_lead = last ? last : leads_first_number(workspace) - 1;
		txn->last_lead_workspace = workspace;
	}
	*out = ++txn->last_lead;
	return ERR_OK;
}
