#include "command/handlers.h"

#include "command/blacklist_commands.h"
#include "command/company_commands.h"
#include "command/company_list.h"
#include "command/entry_commands.h"
#include "command/export_commands.h"
#include "command/field_delete.h"
#include "command/field_set.h"
#include "command/import_commands.h"
#include "command/import_list.h"
#include "command/import_preview.h"
#include "command/import_rows.h"
#include "command/lead_bulk.h"
#include "command/lead_commands.h"
#include "command/lead_many.h"
#include "command/list_commands.h"
#include "command/listing.h"
#include "command/mission_commands.h"
#include "command/query_commands.h"
#include "command/workspace_commands.h"

const struct command_handler handlers_rows[] = {
	{"activity.create", COMMAND_WRITES, entry_commands_prepare, entry_commands_create},
	{"activity.list", COMMAND_READS, entry_commands_prepare_list, listing_execute},
	{"blacklist.add", COMMAND_WRITES, blacklist_commands_prepare_add, blacklist_commands_add},
	{"blacklist.list", COMMAND_READS, blacklist_commands_prepare_list, listing_execute},
	{"blacklist.remove", COMMAND_WRITES, NULL, blacklist_commands_remove},
	{"chatbot.get", COMMAND_READS_HERE, entry_commands_prepare, entry_commands_get},
	{"chatbot.list", COMMAND_READS, entry_commands_prepare_list, listing_execute},
	{"company.delete", COMMAND_WRITES, NULL, company_commands_delete},
	{"company.get", COMMAND_READS_HERE, NULL, company_commands_get},
	{"company.list", COMMAND_READS, company_list_prepare, listing_execute},
	{"company.lookup", COMMAND_READS, NULL, company_commands_lookup},
	{"company.update", COMMAND_WRITES, NULL, company_commands_update},
	{"company.upsert", COMMAND_WRITES, NULL, company_commands_upsert},
	{"export.create", COMMAND_LONG, export_commands_prepare_create, export_commands_create},
	{"export.get", COMMAND_READS_HERE, NULL, export_commands_get},
	{"field.create", COMMAND_WRITES, entry_commands_prepare, entry_commands_create},
	{"field.delete", COMMAND_LONG, entry_commands_prepare, field_delete_execute},
	{"field.get", COMMAND_READS_HERE, entry_commands_prepare, entry_commands_get},
	{"field.list", COMMAND_READS, entry_commands_prepare_list, listing_execute},
	{"field.set", COMMAND_WRITES, NULL, field_set_execute},
	{"field.update", COMMAND_WRITES, entry_commands_prepare, entry_commands_update},
	{"import.cancel", COMMAND_WRITES, NULL, import_commands_cancel},
	{"import.create", COMMAND_WRITES, import_commands_prepare_create, import_commands_create},
	{"import.delete", COMMAND_LONG, NULL, import_commands_delete},
	{"import.get", COMMAND_READS, NULL, import_commands_get},
	{"import.leads.list", COMMAND_READS, NULL, import_rows_leads},
	{"import.list", COMMAND_READS, import_list_prepare, listing_execute},
	{"import.preview", COMMAND_READS, NULL, import_preview_execute},
	{"import.rows.list", COMMAND_READS, NULL, import_rows_refused},
	{"import.update", COMMAND_WRITES, NULL, import_commands_update},
	{"lead.bulk", COMMAND_LONG, lead_bulk_prepare, lead_bulk_execute},
	{"lead.count", COMMAND_READS, query_commands_prepare, query_commands_count},
	{"lead.delete", COMMAND_WRITES, lead_commands_prepare_update, lead_commands_delete},
	{"lead.get", COMMAND_READS_HERE, lead_commands_prepare_get, lead_commands_get},
	{"lead.history", COMMAND_READS, NULL, lead_commands_history},
	{"lead.query", COMMAND_READS, query_commands_prepare, query_commands_query},
	{"lead.search", COMMAND_READS, lead_commands_prepare_search, lead_commands_search},
	{"lead.update", COMMAND_WRITES, lead_commands_prepare_update, lead_commands_update},
	{"lead.upsert", COMMAND_WRITES, lead_commands_prepare_upsert, lead_commands_upsert},
	{"lead.upsert_many", COMMAND_WRITES, lead_many_prepare, lead_many_execute},
	{"list.create", COMMAND_WRITES, list_commands_prepare_create, list_commands_create},
	{"list.delete", COMMAND_WRITES, list_commands_prepare_one, list_commands_delete},
	{"list.get", COMMAND_READS, list_commands_prepare_one, list_commands_get},
	{"list.list", COMMAND_READS, list_commands_prepare_list, listing_execute},
	{"list.update", COMMAND_WRITES, list_commands_prepare_one, list_commands_update},
	{"mission.create", COMMAND_WRITES, mission_commands_prepare_create,
	 mission_commands_create},
	{"mission.get", COMMAND_READS, mission_commands_prepare_one, mission_commands_get},
	{"mission.list", COMMAND_READS, mission_commands_prepare_list, mission_commands_list},
	{"mission.update", COMMAND_WRITES, mission_commands_prepare_one, mission_commands_update},
	{"note.create", COMMAND_WRITES, entry_commands_prepare, entry_commands_create},
	{"note.delete", COMMAND_WRITES, entry_commands_prepare, entry_commands_delete},
	{"note.get", COMMAND_READS_HERE, entry_commands_prepare, entry_commands_get},
	{"note.list", COMMAND_READS, entry_commands_prepare_list, listing_execute},
	{"note.update", COMMAND_WRITES, entry_commands_prepare, entry_commands_update},
	{"stage.create", COMMAND_WRITES, entry_commands_prepare, entry_commands_create},
	{"stage.delete", COMMAND_WRITES, entry_commands_prepare, entry_commands_delete},
	{"stage.get", COMMAND_READS_HERE, entry_commands_prepare, entry_commands_get},
	{"stage.list", COMMAND_READS, entry_commands_prepare_list, listing_execute},
	{"stage.update", COMMAND_WRITES, entry_commands_prepare, entry_commands_update},
	{"tag.create", COMMAND_WRITES, entry_commands_prepare, entry_commands_create},
	{"tag.delete", COMMAND_WRITES, entry_commands_prepare, entry_commands_delete},
	{"tag.get", COMMAND_READS_HERE, entry_commands_prepare, entry_commands_get},
	{"tag.list", COMMAND_READS, entry_commands_prepare_list, listing_execute},
	{"tag.update", COMMAND_WRITES, entry_commands_prepare, entry_commands_update},
	{"webhook.create", COMMAND_WRITES, entry_commands_prepare, entry_commands_create},
	{"webhook.delete", COMMAND_WRITES, entry_commands_prepare, entry_commands_delete},
	{"webhook.get", COMMAND_READS_HERE, entry_commands_prepare, entry_commands_get},
	{"webhook.list", COMMAND_READS, entry_commands_prepare_list, listing_execute},
	{"webhook.test", COMMAND_WRITES, entry_commands_prepare, entry_commands_test},
	{"webhook.update", COMMAND_WRITES, entry_commands_prepare, entry_commands_update},
	{"workspace.get", COMMAND_READS_HERE, NULL, workspace_commands_get},
	{"workspace.stats", COMMAND_READS, NULL, workspace_commands_stats},
};

const size_t handlers_count = ARRAY_LEN(handlers_rows);
