#include "job/import_step.h"

#include "store/entries.h"

#define ROW_BYTES_MAX ((size_t)32 * 1024 * 1024)

enum err_code import_step_init(struct import_step *step, const struct import_row *import,
			       const struct import_source *source, struct err *err)
{
	step->import = import;
	step->source = source;
	step->counts = import->counts;
	step->is_careful = false;
	step->is_spoiled = false;
	step->around = NULL;
	step->rows_changed = step->data_version = -1;
	lead_tags_memory_init(&step->tags);
	arena_init(&step->arena, ROW_BYTES_MAX);
	return lead_company_memory_init(&step->companies, err);
}

void import_step_release(struct import_step *step)
{
	lead_tags_memory_release(&step->tags);
	lead_company_memory_release(&step->companies);
	arena_release(&step->arena);
}

enum err_code import_step_begin(struct import_step *step, struct txn *txn, struct err *err)
{
	const struct entries_walk barred = {.workspace = step->import->workspace,
					    .kind = ENTRY_BLACKLIST};
	int64_t version = db_data_version(txn->db), count;

	step->is_spoiled = false;
	lead_tags_memory_forget(&step->tags);
	if (step->rows_changed != db_total_changes(txn->db) || step->data_version != version)
		lead_company_memory_forget(&step->companies);
	step->data_version = version;
	step->rows_changed = -1;
	if (entries_count(step->around ? step->around : txn->db, &barred, &count, err) != ERR_OK)
		return err->code;
	step->nobody_is_barred = count == 0;
	return ERR_OK;
}

void import_step_end(struct import_step *step, struct txn *txn)
{
	step->rows_changed = db_total_changes(txn->db);
}

void import_step_lost(struct import_step *step)
{
	step->rows_changed = -1;
}

/* What the row wrote is undone, maybe tags and companies that it made. */
static void undo_row(struct import_step *step, struct txn *txn)
{
	txn_part_undo(txn);
	lead_tags_memory_forget(&step->tags);
	lead_company_memory_forget(&step->companies);
}

static enum import_outcome outcome_of(enum reply_outcome outcome)
{
	switch (outcome) {
	case REPLY_CREATED:
		return IMPORT_CREATED;
	case REPLY_UPDATED:
		return IMPORT_UPDATED;
	default:
		return IMPORT_UNCHANGED;
	}
}

static enum err_code write_lead(struct import_step *step, struct txn *txn,
				const struct import_planned *row, struct err *err)
{
	const struct lead_writer by = {
		.workspace = step->import->workspace,
		.actor = step->import->actor,
		.via = CHANGE_VIA_IMPORT,
		.import_no = step->import->no,
		.import_row = row->item.row.number,
		.tags = &step->tags,
		.companies = &step->companies,
		.around = step->around,
		.nobody_is_barred = step->nobody_is_barred,
	};

	enum err_code code =
		lead_write_upsert(&step->arena, txn, &by, row->plan, &step->outcome, err);

	/* A file exported from another database has ids that are unknown here: its other
	 * identifiers say who is meant. Nothing was written yet. */
	if (code == ERR_LEAD_NOT_FOUND && row->plan->has_lead_id && row->plan->given_count > 0) {
		row->plan->has_lead_id = false;
		code = lead_write_upsert(&step->arena, txn, &by, row->plan, &step->outcome, err);
	}
	if (code != ERR_OK)
		return code;
	step->result.outcome = outcome_of(step->outcome.outcome);
	step->result.lead_no = step->outcome.row.no;
	return ERR_OK;
}

/* Write the lead; what is wrong with the row becomes its result. */
static enum err_code attempt(struct import_step *step, struct txn *txn,
			     const struct import_planned *row, struct err *err)
{
	struct err why = {.code = ERR_OK};

	txn->touched = false;
	if (step->is_careful)
		txn_part_enter(txn);
	if (write_lead(step, txn, row, &why) == ERR_OK) {
		if (step->is_careful)
			txn_part_keep(txn);
		return ERR_OK;
	}
	bool is_refusal = import_plan_is_refusal(why.code, &step->result.outcome);

	if (step->is_careful)
		undo_row(step, txn);
	else
		step->is_spoiled = is_refusal && txn->touched;
	if (!is_refusal || step->is_spoiled) {
		*err = why;
		return err->code;
	}
	const struct import_refusal refusal = {&why, step->outcome.candidates};

	return import_plan_refuse(&step->arena, step->source, row, &refusal, &step->result.detail,
				  err);
}

/* An earlier row may have been about the same lead; a new one is nobody's yet. */
static enum err_code count_lead(struct import_step *step, struct txn *txn, struct err *err)
{
	bool is_touched = false;

	if (step->result.lead_no == 0)
		return ERR_OK;
	if (step->result.outcome != IMPORT_CREATED &&
	    imports_touched(txn->db, step->import, step->result.lead_no, &is_touched, err) !=
		    ERR_OK)
		return err->code;
	step->counts.leads += !is_touched;
	return ERR_OK;
}

enum err_code import_step_run(struct import_step *step, struct txn *txn,
			      const struct import_planned *row, struct err *err)
{
	arena_reset(&step->arena);
	step->result = (struct import_result){.row = row->item.row.number,
					      .outcome = row->outcome,
					      .detail = row->detail};
	if (row->plan && attempt(step, txn, row, err) != ERR_OK)
		return err->code;
	if (count_lead(step, txn, err) != ERR_OK || txn_touch(txn, err) != ERR_OK ||
	    imports_add_result(txn, step->import, &step->result, err) != ERR_OK)
		return err->code;
	step->counts.outcomes[step->result.outcome]++;
	step->counts.rows_done++;
	return ERR_OK;
}
