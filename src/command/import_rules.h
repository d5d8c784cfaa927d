/*
 * import_rules: what holds for every row of an import, from its settings.
 *
 * Holds    JSON of its own until released; constant after init.
 * Threads  any after init.
 * Fails    ERR_INVALID_INPUT with the JSON pointer of a setting, ERR_BUSY without memory.
 */
#ifndef COMMAND_IMPORT_RULES_H
#define COMMAND_IMPORT_RULES_H

#include "command/command.h"
#include "command/lead_plan.h"

struct import_rules {
	const struct schema *schema; /* of lead.upsert's input; the desk's */
	json_t *whole;               /* lead.upsert's catalogue entry */
	const json_t *accepted;      /* in it: the members of lead.upsert's input */
	json_t *settings;            /* as stored with the import */
	const json_t *mapping;       /* in it: header → target or null; NULL: none */
	bool only_mapped;            /* columns that the mapping does not name are left out */
	bool is_headless;            /* the file's first row is data: see file/table.h */
	const json_t *tags;          /* in it, added to what a lead has; NULL: none */
	const json_t *tag_ids;       /* the same, by id */
	struct text source;          /* in it; absent: none */
	struct lead_control control;
	bool has_list, has_mission, has_list_if_new, moves_home;
	struct uuid list, mission;
	struct uuid list_if_new; /* of leads that the import makes */
	struct uuid home;        /* in place of a lead's home list */
};

/* `settings` is the input of import.create, or what the import has stored of it. */
MUST_USE enum err_code import_rules_init(struct import_rules *rules, struct desk *desk,
					 const json_t *settings, int64_t now_ms, struct err *err);
void import_rules_release(struct import_rules *rules);

/* Whether rows may have that member: those of lead.upsert but for what governs the write. */
bool import_rules_accept(const struct import_rules *rules, const char *key);

#endif
