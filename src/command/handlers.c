#include "command/handlers.h"

#include "command/import_commands.h"
#include "command/import_preview.h"
#include "command/import_rows.h"
#include "command/lead_commands.h"
#include "command/lead_many.h"
#include "command/list_commands.h"
#include "command/mission_commands.h"
#include "command/workspace_commands.h"

const struct command_handler handlers_rows[] = {
	{"import.cancel", COMMAND_WRITES, NULL, import_commands_cancel},
	{"import.create", COMMAND_WRITES, import_commands_prepare_create, import_commands_create},
	{"import.get", COMMAND_READS, NULL, import_commands_get},
	{"import.leads.list", COMMAND_READS, NULL, import_rows_leads},
	{"import.list", COMMAND_READS, NULL, import_commands_list},
	{"import.preview", COMMAND_READS, NULL, import_preview_execute},
	{"import.rows.list", COMMAND_READS, NULL, import_rows_refused},
	{"lead.delete", COMMAND_WRITES, lead_commands_prepare_update, lead_commands_delete},
	{"lead.get", COMMAND_READS_HERE, lead_commands_prepare_get, lead_commands_get},
	{"lead.history", COMMAND_READS, NULL, lead_commands_history},
	{"lead.search", COMMAND_READS, lead_commands_prepare_search, lead_commands_search},
	{"lead.update", COMMAND_WRITES, lead_commands_prepare_update, lead_commands_update},
	{"lead.upsert", COMMAND_WRITES, lead_commands_prepare_upsert, lead_commands_upsert},
	{"lead.upsert_many", COMMAND_WRITES, lead_many_prepare, lead_many_execute},
	{"list.create", COMMAND_WRITES, list_commands_prepare_create, list_commands_create},
	{"list.get", COMMAND_READS, list_commands_prepare_one, list_commands_get},
	{"list.list", COMMAND_READS, list_commands_prepare_list, list_commands_list},
	{"list.update", COMMAND_WRITES, list_commands_prepare_one, list_commands_update},
	{"mission.create", COMMAND_WRITES, mission_commands_prepare_create,
	 mission_commands_create},
	{"mission.get", COMMAND_READS, mission_commands_prepare_one, mission_commands_get},
	{"mission.list", COMMAND_READS, mission_commands_prepare_list, mission_commands_list},
	{"mission.update", COMMAND_WRITES, mission_commands_prepare_one, mission_commands_update},
	{"workspace.stats", COMMAND_READS, NULL, workspace_commands_stats},
};

const size_t handlers_count = ARRAY_LEN(handlers_rows);
