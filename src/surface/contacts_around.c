#include "surface/contacts_around.h"

#include "surface/contacts.h"
#include "surface/contacts_account.h"
#include "surface/contacts_blacklist.h"
#include "surface/contacts_companies.h"
#include "surface/contacts_counts.h"
#include "surface/contacts_exports.h"
#include "surface/contacts_imports.h"
#include "surface/contacts_sources.h"
#include "surface/contacts_uploads.h"
#include "surface/exports.h"
#include "surface/runtime.h"

/* What every noun begins and most end with. */
#define UUID                                                 \
	{                                                    \
		"uuid", "id", CONTACTS_PLAIN, CONTACTS_SHOWN \
	}
#define TEAM                                                   \
	{                                                      \
		"team_id", NULL, CONTACTS_TEAM, CONTACTS_SHOWN \
	}
#define USER                                                     \
	{                                                        \
		"user_id", NULL, CONTACTS_NOBODY, CONTACTS_SHOWN \
	}
#define CREATED                                                            \
	{                                                                  \
		"created_at", "created_at", CONTACTS_STAMP, CONTACTS_SHOWN \
	}
#define UPDATED                                                            \
	{                                                                  \
		"updated_at", "updated_at", CONTACTS_STAMP, CONTACTS_SHOWN \
	}
/* A member that is called the same on either side. */
#define SAME(name, use)                         \
	{                                       \
		name, name, CONTACTS_PLAIN, use \
	}

#define KEY_UUID                               \
	{                                      \
		.name = "uuid", .inside = "id" \
	}
#define KEY_NAME                                                \
	{                                                       \
		.name = "name", .inside = "name", .sorts = true \
	}
#define KEY(key)                           \
	{                                  \
		.name = key, .inside = key \
	}
#define KEY_ORDER                                                                              \
	{                                                                                      \
		.name = "order", .inside = "order", .kind = CONTACTS_KEY_NUMBER, .sorts = true \
	}
#define KEY_CREATED                                                                      \
	{                                                                                \
		.name = "created_at", .inside = "created_at", .kind = CONTACTS_KEY_TIME, \
		.sorts = true                                                            \
	}
#define KEY_UPDATED                                                                      \
	{                                                                                \
		.name = "updated_at", .inside = "updated_at", .kind = CONTACTS_KEY_TIME, \
		.sorts = true                                                            \
	}

#define OBJECT(table)                                                      \
	{                                                                  \
		.keys = table, .count = ARRAY_LEN(table), .has_text = true \
	}
#define MEMBERS(table) .members = table, .count = ARRAY_LEN(table)
#define REFERENCES(table) .references = table, .reference_count = ARRAY_LEN(table)

static const struct contacts_member list_members[] = {UUID, TEAM, SAME("name", CONTACTS_ALL),
						      CREATED, UPDATED};
static const struct contacts_key list_keys[] = {KEY_UUID, KEY_NAME, KEY_CREATED, KEY_UPDATED};
static const struct contacts_object list_object = OBJECT(list_keys);

const struct contacts_noun contacts_around_list = {
	.one = "list",
	.many = "lists",
	.id = "list_id",
	.list = "list.list",
	.get = "list.get",
	.make = "list.create",
	.change = "list.update",
	.remove = "list.delete",
	MEMBERS(list_members),
	.object = &list_object,
};

static const struct contacts_member tag_members[] =
	{UUID, TEAM, SAME("name", CONTACTS_ALL), SAME("color", CONTACTS_ALL), CREATED, UPDATED};
static const struct contacts_key tag_keys[] = {KEY_UUID, KEY_NAME, KEY_CREATED, KEY_UPDATED};
static const struct contacts_object tag_object = OBJECT(tag_keys);

const struct contacts_noun contacts_around_tag = {
	.one = "tag",
	.many = "tags",
	.id = "tag_id",
	.list = "tag.list",
	.get = "tag.get",
	.make = "tag.create",
	.change = "tag.update",
	.remove = "tag.delete",
	MEMBERS(tag_members),
	.object = &tag_object,
};

static const struct contacts_member stage_members[] = {
	UUID,
	TEAM,
	SAME("name", CONTACTS_ALL),
	SAME("object", CONTACTS_SHOWN | CONTACTS_MADE),
	{"object_type", "object", CONTACTS_PLAIN, CONTACTS_SHOWN},
	SAME("type", CONTACTS_SHOWN),
	SAME("category", CONTACTS_ALL),
	SAME("order", CONTACTS_ALL),
};
static const struct contacts_key stage_keys[] =
	{KEY_UUID,    KEY_NAME,        KEY("object"), {.name = "object_type", .inside = "object"},
	 KEY("type"), KEY("category"), KEY_ORDER,     KEY_CREATED,
	 KEY_UPDATED};
static const struct contacts_object stage_object = OBJECT(stage_keys);

const struct contacts_noun contacts_around_stage = {
	.one = "stage",
	.many = "stages",
	.id = "stage_id",
	.list = "stage.list",
	.get = "stage.get",
	.make = "stage.create",
	.change = "stage.update",
	.remove = "stage.delete",
	MEMBERS(stage_members),
	.object = &stage_object,
};

static const struct contacts_member field_members[] = {
	UUID,
	TEAM,
	USER,
	SAME("name", CONTACTS_ALL),
	SAME("object", CONTACTS_SHOWN | CONTACTS_MADE),
	SAME("order", CONTACTS_ALL),
};
static const struct contacts_key field_keys[] = {KEY_UUID,  KEY_NAME,    KEY("object"),
						 KEY_ORDER, KEY_CREATED, KEY_UPDATED};
static const struct contacts_object field_object = OBJECT(field_keys);

const struct contacts_noun contacts_around_field = {
	.one = "field",
	.many = "fields",
	.id = "field_id",
	.list = "field.list",
	.get = "field.get",
	.make = "field.create",
	.change = "field.update",
	.remove = "field.delete",
	MEMBERS(field_members),
	.object = &field_object,
};

static const struct contacts_reference about[] = {{ERR_LEAD_NOT_FOUND, "object_id"},
						  {ERR_COMPANY_NOT_FOUND, "object_id"}};

static const struct contacts_member value_members[] = {
	TEAM,
	{"custom_field_uuid", "field_id", CONTACTS_PLAIN, CONTACTS_SHOWN | CONTACTS_MADE},
	{"object_type", "object", CONTACTS_PLAIN, CONTACTS_ALL},
	{"object_uuid", "object_id", CONTACTS_PLAIN, CONTACTS_ALL},
	SAME("value", CONTACTS_ALL | CONTACTS_EMPTIED),
};
static const struct contacts_reference value_about[] = {{ERR_FIELD_NOT_FOUND, "field_id"},
							{ERR_LEAD_NOT_FOUND, "object_id"},
							{ERR_COMPANY_NOT_FOUND, "object_id"}};

const struct contacts_noun contacts_around_value = {
	.id = "field_id",
	.make = "field.set",
	MEMBERS(value_members),
	REFERENCES(value_about),
};

/* The same where the path names the field. */
static const struct contacts_noun values_of_field = {
	.id = "field_id",
	.change = "field.set",
	MEMBERS(value_members),
	REFERENCES(about),
};

static const struct contacts_member note_members[] = {
	UUID,
	TEAM,
	USER,
	SAME("object", CONTACTS_SHOWN | CONTACTS_MADE),
	{"object_uuid", "object_id", CONTACTS_PLAIN, CONTACTS_SHOWN | CONTACTS_MADE},
	SAME("note", CONTACTS_ALL),
	CREATED,
	UPDATED,
};
static const struct contacts_key note_keys[] = {KEY_UUID,
						KEY("object"),
						{.name = "object_uuid", .inside = "object_id"},
						{.name = "lead_uuid", .inside = "object_id"},
						{.name = "company_uuid", .inside = "object_id"},
						KEY_CREATED,
						KEY_UPDATED};
static const struct contacts_object note_object = OBJECT(note_keys);

const struct contacts_noun contacts_around_note = {
	.one = "note",
	.many = "notes",
	.id = "note_id",
	.list = "note.list",
	.get = "note.get",
	.make = "note.create",
	.change = "note.update",
	.remove = "note.delete",
	MEMBERS(note_members),
	REFERENCES(about),
	.object = &note_object,
};

static const struct contacts_member activity_members[] = {
	UUID,
	TEAM,
	{"object_type", "object", CONTACTS_PLAIN, CONTACTS_SHOWN | CONTACTS_MADE},
	{"object_uuid", "object_id", CONTACTS_PLAIN, CONTACTS_SHOWN | CONTACTS_MADE},
	SAME("type", CONTACTS_SHOWN | CONTACTS_MADE),
	SAME("payload", CONTACTS_SHOWN | CONTACTS_MADE),
	CREATED,
};
static const struct contacts_key activity_keys[] = {KEY_UUID,
						    KEY("type"),
						    KEY("object"),
						    {.name = "object_type", .inside = "object"},
						    {.name = "object_uuid", .inside = "object_id"},
						    {.name = "lead_uuid", .inside = "object_id"},
						    {.name = "company_uuid", .inside = "object_id"},
						    KEY_CREATED};
static const struct contacts_object activity_object = OBJECT(activity_keys);

const struct contacts_noun contacts_around_activity = {
	.one = "activity",
	.many = "activities",
	.id = "activity_id",
	.list = "activity.list",
	.make = "activity.create",
	MEMBERS(activity_members),
	REFERENCES(about),
	.object = &activity_object,
};

static const struct contacts_member company_members[] = {
	UUID,
	TEAM,
	USER,
	SAME("name", CONTACTS_ALL),
	SAME("domain", CONTACTS_ALL),
	SAME("website", CONTACTS_ALL),
	{"ln_id", "ln_id", CONTACTS_NUMBERED, CONTACTS_ALL},
	SAME("linkedin", CONTACTS_ALL),
	SAME("phone", CONTACTS_ALL),
	SAME("hq_raw_address", CONTACTS_ALL),
	SAME("logo_url", CONTACTS_ALL),
	SAME("industry", CONTACTS_ALL),
	SAME("employees_range", CONTACTS_ALL),
	SAME("about", CONTACTS_ALL),
	{"tags", "tag_ids", CONTACTS_TAGS, CONTACTS_ALL},
	{"status", "status", CONTACTS_OK, CONTACTS_ALL},
	CREATED,
	UPDATED,
	{"pipeline_stage_uuid", "stage_id", CONTACTS_PLAIN, CONTACTS_MADE | CONTACTS_CHANGED},
	{"lead_status_uuid", "stage_id", CONTACTS_PLAIN, CONTACTS_MADE | CONTACTS_CHANGED},
};
_Static_assert(ARRAY_LEN(company_members) <= CONTACTS_FIELDS_MAX, "the largest noun");
static const struct contacts_key company_keys[] = {{.name = "uuid", .inside = "id"},
						   KEY_NAME,
						   KEY("domain"),
						   KEY("website"),
						   KEY("ln_id"),
						   KEY("linkedin"),
						   KEY("phone"),
						   KEY("industry"),
						   KEY("employees_range"),
						   KEY("status"),
						   {.name = "pipeline_stage_uuid",
						    .inside = "stage_id"},
						   {.name = "lead_status_uuid",
						    .inside = "stage_id"},
						   {.name = "tags", .inside = "tag_ids"},
						   KEY_CREATED,
						   KEY_UPDATED};
static const struct contacts_object company_object = OBJECT(company_keys);
static const struct contacts_reference company_marks[] = {{ERR_TAG_NOT_FOUND, "tag_ids"},
							  {ERR_STAGE_NOT_FOUND, "stage_id"}};

const struct contacts_noun contacts_around_company = {
	.one = "company",
	.many = "companies",
	.id = "company_id",
	.list = "company.list",
	.get = "company.get",
	.change = "company.update",
	.remove = "company.delete",
	MEMBERS(company_members),
	REFERENCES(company_marks),
	.object = &company_object,
};

const struct contacts_name contacts_nouns_events[] = {
	{"lead.created", "contact_created"},
	{"lead.updated", "contact_updated"},
	{"lead.deleted", "contact_deleted"},
	{"lead.tag_added", "contact_tag_added"},
	{"lead.stage_changed", "contact_pipeline_stage_changed"},
	{"lead.exported", "contact_exported"},
};
const size_t contacts_nouns_event_count = ARRAY_LEN(contacts_nouns_events);

static const struct contacts_member webhook_members[] = {
	UUID,
	TEAM,
	USER,
	SAME("name", CONTACTS_ALL),
	{"event", "events", CONTACTS_EVENTS, CONTACTS_ALL},
	SAME("request_method", CONTACTS_ALL),
	SAME("target_url", CONTACTS_ALL),
	SAME("filters", CONTACTS_ALL),
	SAME("status", CONTACTS_ALL),
	CREATED,
	UPDATED,
	{"secret", "secret", CONTACTS_OPTIONAL, CONTACTS_SHOWN},
};
static const struct contacts_key webhook_keys[] = {{.name = "event",
						    .inside = "events",
						    .words = contacts_nouns_events,
						    .word_count = ARRAY_LEN(contacts_nouns_events)},
						   KEY_UUID,
						   KEY_NAME,
						   KEY("status"),
						   KEY_CREATED,
						   KEY_UPDATED};
static const struct contacts_object webhook_object = OBJECT(webhook_keys);

const struct contacts_noun contacts_around_webhook = {
	.one = "webhook",
	.many = "webhooks",
	.id = "webhook_id",
	.list = "webhook.list",
	.get = "webhook.get",
	.make = "webhook.create",
	.change = "webhook.update",
	.remove = "webhook.delete",
	MEMBERS(webhook_members),
	.object = &webhook_object,
	.copies = true,
};

/* Whether a webhook can be reached. */
static const struct contacts_member test_members[] = {
	{"uuid", "webhook_id", CONTACTS_PLAIN, CONTACTS_MADE},
	SAME("delivered", CONTACTS_SHOWN),
	SAME("reason", CONTACTS_SHOWN),
};

static const struct contacts_noun test_of_webhook = {
	.id = "webhook_id",
	.make = "webhook.test",
	MEMBERS(test_members),
};

/* The routes of a noun, each a row; `noun` is its name. */
#define LIST(path, noun)                                                             \
	{                                                                            \
		.method = HTTP_GET, .pattern = path, .about = &(noun),               \
		.handle = contacts_nouns_list, .finish = contacts_nouns_list_finish, \
		.done = runtime_done                                                 \
	}
#define SEARCH(path, noun)                                                                  \
	{                                                                                   \
		.method = HTTP_POST, .pattern = path, .about = &(noun), .takes_json = true, \
		.handle = contacts_nouns_search, .finish = contacts_nouns_list_finish,      \
		.done = runtime_done                                                        \
	}
#define MAKE(path, noun)                                                                    \
	{                                                                                   \
		.method = HTTP_POST, .pattern = path, .about = &(noun), .takes_json = true, \
		.handle = contacts_nouns_make, .finish = contacts_nouns_make_finish,        \
		.done = runtime_done                                                        \
	}
#define GET(path, noun)                                                          \
	{                                                                        \
		.method = HTTP_GET, .pattern = path "/{uuid}", .about = &(noun), \
		.handle = contacts_nouns_get, .finish = contacts_nouns_finish,   \
		.done = runtime_done                                             \
	}
#define CHANGE(path, noun)                                                       \
	{                                                                        \
		.method = HTTP_PUT, .pattern = path "/{uuid}", .about = &(noun), \
		.takes_json = true, .handle = contacts_nouns_change,             \
		.finish = contacts_nouns_finish, .done = runtime_done            \
	}
#define REMOVE(path, noun)                                                               \
	{                                                                                \
		.method = HTTP_DELETE, .pattern = path "/{uuid}", .about = &(noun),      \
		.handle = contacts_nouns_remove, .finish = contacts_nouns_remove_finish, \
		.done = runtime_done                                                     \
	}
#define ALL(path, noun) \
	LIST(path, noun), MAKE(path, noun), GET(path, noun), CHANGE(path, noun), REMOVE(path, noun)
#define BLACKLIST(path, noun) LIST(path, noun), MAKE(path, noun), REMOVE(path, noun)
/* A POST with handlers of its own: UNIT_VERB, UNIT_VERB_finish and UNIT_done. */
#define POST(path, unit, verb)                                                                     \
	{                                                                                          \
		.method = HTTP_POST, .pattern = path, .takes_json = true, .handle = unit##_##verb, \
		.finish = unit##_##verb##_finish, .done = unit##_done                              \
	}

static const struct route leads_rows[] = {
	POST("/leads/api/lists/metrics", contacts_counts, lists),
	ALL("/leads/api/lists", contacts_around_list),
	POST("/leads/api/tags/metrics", contacts_counts, tags),
	ALL("/leads/api/tags", contacts_around_tag),
	ALL("/leads/api/pipeline-stages", contacts_around_stage),
	{.method = HTTP_PUT,
	 .pattern = "/leads/api/custom-fields/{uuid}/values",
	 .about = &values_of_field,
	 .takes_json = true,
	 .handle = contacts_nouns_change,
	 .finish = contacts_nouns_finish,
	 .done = runtime_done},
	ALL("/leads/api/custom-fields", contacts_around_field),
	MAKE("/leads/api/custom-field-values", contacts_around_value),
	ALL("/leads/api/notes", contacts_around_note),
	LIST("/leads/api/activities", contacts_around_activity),
	MAKE("/leads/api/activities", contacts_around_activity),
	SEARCH("/leads/api/companies/list", contacts_around_company),
	{.method = HTTP_POST,
	 .pattern = "/leads/api/companies/enrich",
	 .handle = contacts_error_absent},
	{.method = HTTP_PUT,
	 .pattern = "/leads/api/companies/advanced-enrichment",
	 .handle = contacts_error_absent},
	POST("/leads/api/companies/lookup", contacts_companies, lookup),
	POST("/leads/api/companies/leads", contacts_companies, leads),
	LIST("/leads/api/companies", contacts_around_company),
	POST("/leads/api/companies", contacts_companies, make),
	GET("/leads/api/companies", contacts_around_company),
	CHANGE("/leads/api/companies", contacts_around_company),
	REMOVE("/leads/api/companies", contacts_around_company),
	BLACKLIST("/leads/api/leads-blacklist", contacts_blacklist_lead),
	BLACKLIST("/leads/api/blacklist/leads", contacts_blacklist_lead),
	BLACKLIST("/leads/api/companies-blacklist", contacts_blacklist_company),
	BLACKLIST("/leads/api/blacklist/companies", contacts_blacklist_company),
	LIST("/leads/api/data-sources", contacts_sources_noun),
	{.method = HTTP_POST,
	 .pattern = "/leads/api/data-sources",
	 .about = &contacts_sources_noun,
	 .takes_json = true,
	 .handle = contacts_sources_make,
	 .finish = contacts_sources_make_finish,
	 .done = contacts_imports_done},
	GET("/leads/api/data-sources", contacts_sources_noun),
	{.method = HTTP_PUT,
	 .pattern = "/leads/api/data-sources/{uuid}",
	 .about = &contacts_sources_noun,
	 .takes_json = true,
	 .handle = contacts_sources_change,
	 .finish = contacts_sources_change_finish,
	 .done = contacts_sources_change_done},
	REMOVE("/leads/api/data-sources", contacts_sources_noun),
	{.method = HTTP_POST,
	 .pattern = "/leads/api/file-imports/upload-csv",
	 .permission = "import.create",
	 .streams = true,
	 .head = contacts_uploads_head,
	 .piece = contacts_uploads_piece,
	 .handle = contacts_uploads_handle,
	 .finish = contacts_uploads_finish,
	 .done = contacts_uploads_done},
	{.method = HTTP_POST,
	 .pattern = "/leads/api/file-imports/{uuid}/import-leads",
	 .about = &contacts_sources_noun,
	 .takes_json = true,
	 .handle = contacts_uploads_import,
	 .finish = contacts_uploads_import_finish,
	 .done = contacts_imports_done},
	{.method = HTTP_POST,
	 .pattern = "/leads/api/file-exports/leads",
	 .takes_json = true,
	 .handle = contacts_exports_make,
	 .finish = contacts_exports_make_finish,
	 .done = runtime_done},
	{.method = HTTP_POST,
	 .pattern = "/leads/api/file-exports/download",
	 .permission = "lead.query",
	 .takes_json = true,
	 .handle = contacts_exports_download,
	 .finish = exports_finish,
	 .done = exports_done},
};

const struct route_table contacts_around_leads = {.prefix = "/leads/api/",
						  .rows = leads_rows,
						  .count = ARRAY_LEN(leads_rows),
						  .admit = contacts_admit};

#define TEST(path)                                                               \
	{                                                                        \
		.method = HTTP_POST, .pattern = path, .about = &test_of_webhook, \
		.takes_json = true, .handle = contacts_nouns_make,               \
		.finish = contacts_nouns_finish, .done = runtime_done            \
	}

static const struct route integrations_rows[] = {
	TEST("/integrations/api/webhooks/test"),
	ALL("/integrations/api/webhooks", contacts_around_webhook),
	TEST("/integrations/c1/api/webhooks/test"),
	ALL("/integrations/c1/api/webhooks", contacts_around_webhook),
};

const struct route_table contacts_around_integrations = {.prefix = "/integrations/",
							 .rows = integrations_rows,
							 .count = ARRAY_LEN(integrations_rows),
							 .admit = contacts_admit};

static const struct route account_rows[] = {
	{.method = HTTP_GET,
	 .pattern = "/id/api/users/current",
	 .handle = contacts_account_user,
	 .finish = contacts_account_user_finish,
	 .done = runtime_done},
	{.method = HTTP_GET,
	 .pattern = "/id/api/teams",
	 .handle = contacts_account_teams,
	 .finish = contacts_account_teams_finish,
	 .done = runtime_done},
	{.method = HTTP_GET,
	 .pattern = "/id/api/teams/{id}",
	 .handle = contacts_account_team,
	 .finish = contacts_account_team_finish,
	 .done = runtime_done},
};

const struct route_table contacts_around_account = {.prefix = "/id/api/",
						    .rows = account_rows,
						    .count = ARRAY_LEN(account_rows),
						    .admit = contacts_admit};
