#include "command/import_rules.h"

#include "command/dispatch.h"
#include "json/parse.h"

static enum err_code read_catalogue(struct import_rules *rules, struct desk *desk, struct err *err)
{
	const struct parse_limits limits = {.bytes_max = 1024 * 1024, .depth_max = 64};
	const struct command *upsert = dispatch_find(desk, TEXT("lead.upsert"));

	if (!upsert)
		return err_internal(err, "the catalogue lacks lead.upsert");
	if (parse_json(upsert->whole, &limits, &rules->whole, err) != ERR_OK)
		return err->code;
	rules->schema = upsert->input;
	rules->accepted =
		json_object_get(json_object_get(rules->whole, "input_schema"), "properties");
	return rules->accepted ? ERR_OK : err_internal(err, "lead.upsert has no properties");
}

static enum err_code read_group(const struct import_rules *rules, const char *key,
				enum err_code missing, bool *out_has, struct uuid *out,
				struct err *err)
{
	*out_has = command_text(rules->settings, key).ptr != NULL;
	return *out_has ? command_id(rules->settings, key, missing, out, err) : ERR_OK;
}

static enum err_code read_groups(struct import_rules *rules, struct err *err)
{
	if (read_group(rules, "list_id", ERR_LIST_NOT_FOUND, &rules->has_list, &rules->list, err) !=
		    ERR_OK ||
	    read_group(rules, "list_if_new", ERR_LIST_NOT_FOUND, &rules->has_list_if_new,
		       &rules->list_if_new, err) != ERR_OK ||
	    read_group(rules, "move_to_list", ERR_LIST_NOT_FOUND, &rules->moves_home, &rules->home,
		       err) != ERR_OK)
		return err->code;
	return read_group(rules, "mission_id", ERR_MISSION_NOT_FOUND, &rules->has_mission,
			  &rules->mission, err);
}

enum err_code import_rules_init(struct import_rules *rules, struct desk *desk,
				const json_t *settings, int64_t now_ms, struct err *err)
{
	*rules = (struct import_rules){.settings = json_deep_copy(settings)};
	if (!rules->settings)
		return err_memory(err);
	rules->mapping = json_object_get(rules->settings, "mapping");
	rules->only_mapped = command_flag(rules->settings, "only_mapped");
	rules->is_headless = json_is_false(json_object_get(rules->settings, "header"));
	rules->tags = json_object_get(rules->settings, "tags");
	rules->tag_ids = json_object_get(rules->settings, "tag_ids");
	rules->source = command_text(rules->settings, "source");
	if (lead_plan_control(rules->settings, now_ms, &rules->control, err) == ERR_OK &&
	    read_groups(rules, err) == ERR_OK && read_catalogue(rules, desk, err) == ERR_OK) {
		/* A dry run of an import writes too, but to a copy: see job/dry_scratch.h. */
		rules->control.dry_run = false;
		return ERR_OK;
	}
	import_rules_release(rules);
	return err->code;
}

void import_rules_release(struct import_rules *rules)
{
	json_decref(rules->settings);
	json_decref(rules->whole);
	*rules = (struct import_rules){.settings = NULL};
}

bool import_rules_accept(const struct import_rules *rules, const char *key)
{
	static const char *const governing[] = {"on_conflict", "on_existing", "dry_run"};

	if (rules->only_mapped)
		return false;
	for (size_t i = 0; i < ARRAY_LEN(governing); i++) {
		if (strcmp(key, governing[i]) == 0)
			return false;
	}
	return json_object_get(rules->accepted, key) != NULL;
}
