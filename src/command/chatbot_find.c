#include "command/chatbot_find.h"

enum err_code chatbot_find_exists(struct db *db, struct arena *arena, int64_t workspace,
				  struct text chatbot_id, bool *out, struct err *err)
{
	struct entry_row entry;

	if (entries_named(db, arena,
			  (struct entry_name){workspace, ENTRY_CHATBOT, ENTRY_OF_ALL, chatbot_id},
			  &entry, err) != ERR_OK)
		return err->code;
	*out = entry.doc.ptr != NULL;
	return ERR_OK;
}

enum err_code chatbot_find_ensure(struct txn *txn, struct arena *arena, int64_t workspace,
				  struct text chatbot_id, struct err *err)
{
	struct entry_row entry = {.workspace = workspace,
				  .kind = ENTRY_CHATBOT,
				  .name = chatbot_id,
				  .doc = TEXT("{}"),
				  .created_ms = txn->now_ms};
	bool exists;

	if (chatbot_find_exists(txn->db, arena, workspace, chatbot_id, &exists, err) != ERR_OK)
		return err->code;
	if (exists)
		return ERR_OK;
	if (txn_touch(txn, err) != ERR_OK)
		return err->code;
	entry.id = uuid_make(&txn->ids);
	return entries_insert(txn, &entry, err);
}
