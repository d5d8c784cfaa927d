#include "surface/contacts_around.h"

#include "surface/contacts_account.h"
#include "surface/contacts_companies.h"
#include "surface/contacts_counts.h"
#include "surface/contacts_files.h"
#include "surface/contacts_sources.h"
#include "surface/runtime.h"

/* What every noun begins and most end with. */
#define UUID {"uuid", "id", CONTACTS_PLAIN, CONTACTS_SHOWN}
#define TEAM {"team_id", NULL, CONTACTS_TEAM, CONTACTS_SHOWN}
#define USER {"user_id", NULL, CONTACTS_NOBODY, CONTACTS_SHOWN}
#define CREATED {"created_at", "created_at", CONTACTS_STAMP, CONTACTS_SHOWN}
#define UPDATED {"updated_at", "updated_at", CONTACTS_STAMP, CONTACTS_SHOWN}
/* A member that is called the same on either side. */
#define SAME(name, use) {name, name, CONTACTS_PLAIN, use}

#define KEY_UUID {.name = "uuid", .inside = "id"}
#define KEY_NAME {.name = "name", .inside = "name", .sorts = true}
#define KEY(key) {.name = key, .inside = key}
#define KEY_ORDER {.name = "order", .inside = "order", .kind = CONTACTS_NUMBER, .sorts = true}
#define KEY_CREATED \
	{.name = "created_at", .inside = "created_at", .kind = CONTACTS_TIME, .sorts = true}
#define KEY_UPDATED \
	{.name = "updated_at", .inside = "updated_at", .kind = CONTACTS_TIME, .sorts = true}

#define OBJECT(table) {.keys = table, .count = ARRAY_LEN(table), .has_text = true}
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

static const struct contacts_member tag_members[] = {UUID,
						     TEAM,
						     SAME("name", CONTACTS_ALL),
						     SAME("color", CONTACTS_ALL),
						     CREATED,
						     UPDATED};
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
static const struct contacts_key stage_keys[] = {
	KEY_UUID,  KEY_NAME,  KEY("object"), {.name = "object_type", .inside = "object"},
	KEY("type"), KEY("category"), KEY_ORDER, KEY_CREATED, KEY_UPDATED};
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
	SAME("value", CONTACTS_ALL),
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
static const struct contacts_key note_keys[] = {
	KEY_UUID,
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
static const struct contacts_key activity_keys[] = {
	KEY_UUID,
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
	SAME("tags", CONTACTS_ALL),
	{"status", "status", CONTACTS_OK, CONTACTS_ALL},
	CREATED,
	UPDATED,
	{"pipeline_stage_uuid", "stage_id", CONTACTS_PLAIN, CONTACTS_MADE | CONTACTS_CHANGED},
	{"lead_status_uuid", "stage_id", CONTACTS_PLAIN, CONTACTS_MADE | CONTACTS_CHANGED},
};
static const struct contacts_key company_keys[] = {
	KEY_UUID,
	KEY_NAME,
	KEY("domain"),
	KEY("website"),
	KEY("ln_id"),
	KEY("linkedin"),
	KEY("phone"),
	KEY("industry"),
	KEY("employees_range"),
	KEY("status"),
	{.name = "pipeline_stage_uuid", .inside = "stage_id"},
	{.name = "tags", .inside = "tag_id"},
	KEY_CREATED,
	KEY_UPDATED};
static const struct contacts_object company_object = OBJECT(company_keys);

const struct contacts_noun contacts_around_company = {
	.one = "company",
	.many = "companies",
	.id = "company_id",
	.list = "company.list",
	.get = "company.get",
	.change = "company.update",
	.remove = "company.delete",
	MEMBERS(company_members),
	.object = &company_object,
};

static const struct contacts_member blocked_lead_members[] = {
	UUID,
	TEAM,
	USER,
	SAME("name", CONTACTS_SHOWN | CONTACTS_MADE),
	{"company_name", "company", CONTACTS_PLAIN, CONTACTS_SHOWN | CONTACTS_MADE},
	{"linkedin", "linkedin_url", CONTACTS_PLAIN, CONTACTS_SHOWN | CONTACTS_MADE},
	{"ln_id", "linkedin_id", CONTACTS_PLAIN, CONTACTS_SHOWN | CONTACTS_MADE},
	{"sn_id", "sales_navigator_id", CONTACTS_PLAIN, CONTACTS_SHOWN | CONTACTS_MADE},
	{"email", "email", CONTACTS_PLAIN, CONTACTS_SHOWN | CONTACTS_MADE},
	{"work_email", "email", CONTACTS_PLAIN, CONTACTS_MADE},
	SAME("personal_email", CONTACTS_SHOWN | CONTACTS_MADE),
	CREATED,
	UPDATED,
};
static const struct contacts_key blocked_keys[] = {KEY_UUID, KEY_CREATED};
static const struct contacts_object blocked_object = OBJECT(blocked_keys);

const struct contacts_noun contacts_around_blocked_lead = {
	.one = "entry",
	.many = "entries",
	.id = "entry_id",
	.list = "blacklist.list",
	.make = "blacklist.add",
	.remove = "blacklist.remove",
	.fixed = "object",
	.fixed_value = "lead",
	MEMBERS(blocked_lead_members),
	.object = &blocked_object,
};

static const struct contacts_member blocked_company_members[] = {
	UUID,
	TEAM,
	USER,
	SAME("name", CONTACTS_SHOWN | CONTACTS_MADE),
	SAME("domain", CONTACTS_SHOWN | CONTACTS_MADE),
	SAME("linkedin", CONTACTS_SHOWN | CONTACTS_MADE),
	{"ln_id", "ln_id", CONTACTS_NUMBERED, CONTACTS_SHOWN | CONTACTS_MADE},
	CREATED,
	UPDATED,
};

const struct contacts_noun contacts_around_blocked_company = {
	.one = "entry",
	.many = "entries",
	.id = "entry_id",
	.list = "blacklist.list",
	.make = "blacklist.add",
	.remove = "blacklist.remove",
	.fixed = "object",
	.fixed_value = "company",
	MEMBERS(blocked_company_members),
	.object = &blocked_object,
};

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
};
static const struct contacts_key webhook_keys[] = {KEY_UUID, KEY_NAME, KEY("status"), KEY_CREATED,
						   KEY_UPDATED};
static const struct contacts_object webhook_object = OBJECT(webhook_keys);

const struct contacts_name contacts_nouns_events[] = {
	{"lead.created", "contact_created"},
	{"lead.updated", "contact_updated"},
	{"lead.deleted", "contact_deleted"},
	{"lead.tag_added", "contact_tag_added"},
	{"lead.stage_changed", "contact_pipeline_stage_changed"},
	{"lead.exported", "contact_exported"},
};
const size_t contacts_nouns_event_count = ARRAY_LEN(contacts_nouns_events);

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

/* The routes of a noun, each a row. */
#define LIST(path, noun)                                                        \
	{.method = HTTP_GET, .pattern = path, .about = &contacts_around_##noun, \
	 .handle = contacts_nouns_list, .finish = contacts_nouns_list_finish,   \
	 .done = runtime_done}
#define SEARCH(path, noun)                                                       \
	{.method = HTTP_POST, .pattern = path, .about = &contacts_around_##noun, \
	 .takes_json = true, .handle = contacts_nouns_search,                    \
	 .finish = contacts_nouns_list_finish, .done = runtime_done}
#define MAKE(path, noun)                                                         \
	{.method = HTTP_POST, .pattern = path, .about = &contacts_around_##noun, \
	 .takes_json = true, .handle = contacts_nouns_make,                      \
	 .finish = contacts_nouns_make_finish, .done = runtime_done}
#define GET(path, noun)                                                                  \
	{.method = HTTP_GET, .pattern = path "/{uuid}", .about = &contacts_around_##noun, \
	 .handle = contacts_nouns_get, .finish = contacts_nouns_finish, .done = runtime_done}
#define CHANGE(path, noun)                                                                \
	{.method = HTTP_PUT, .pattern = path "/{uuid}", .about = &contacts_around_##noun, \
	 .takes_json = true, .handle = contacts_nouns_change,                             \
	 .finish = contacts_nouns_finish, .done = runtime_done}
#define REMOVE(path, noun)                                                                   \
	{.method = HTTP_DELETE, .pattern = path "/{uuid}", .about = &contacts_around_##noun, \
	 .handle = contacts_nouns_remove, .finish = contacts_nouns_remove_finish,            \
	 .done = runtime_done}
#define WHOLE(path, noun) LIST(path, noun), MAKE(path, noun), GET(path, noun), \
	CHANGE(path, noun), REMOVE(path, noun)
/* A POST that takes JSON and has a handler of its own. */
#define POST(path, unit, verb)                                                    \
	{.method = HTTP_POST, .pattern = path, .takes_json = true,                \
	 .handle = contacts_##unit##_##verb,                                      \
	 .finish = contacts_##unit##_##verb##_finish, .done = contacts_##unit##_done}

#define BLACKLIST(path, noun) LIST(path, noun), MAKE(path, noun), REMOVE(path, noun)

static const struct route leads_rows[] = {
	POST("/leads/api/lists/metrics", counts, lists),
	WHOLE("/leads/api/lists", list),
	POST("/leads/api/tags/metrics", counts, tags),
	WHOLE("/leads/api/tags", tag),
	WHOLE("/leads/api/pipeline-stages", stage),
	{.method = HTTP_PUT, .pattern = "/leads/api/custom-fields/{uuid}/values",
	 .about = &values_of_field, .takes_json = true, .handle = contacts_nouns_change,
	 .finish = contacts_nouns_finish, .done = runtime_done},
	WHOLE("/leads/api/custom-fields", field),
	MAKE("/leads/api/custom-field-values", value),
	WHOLE("/leads/api/notes", note),
	LIST("/leads/api/activities", activity),
	MAKE("/leads/api/activities", activity),
	SEARCH("/leads/api/companies/list", company),
	POST("/leads/api/companies/lookup", companies, lookup),
	POST("/leads/api/companies/leads", companies, leads),
	LIST("/leads/api/companies", company),
	POST("/leads/api/companies", companies, make),
	GET("/leads/api/companies", company),
	CHANGE("/leads/api/companies", company),
	REMOVE("/leads/api/companies", company),
	BLACKLIST("/leads/api/leads-blacklist", blocked_lead),
	BLACKLIST("/leads/api/blacklist/leads", blocked_lead),
	BLACKLIST("/leads/api/companies-blacklist", blocked_company),
	BLACKLIST("/leads/api/blacklist/companies", blocked_company),
};
