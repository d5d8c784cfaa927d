#include "surface/contacts_imports.h"

#include "json/scan.h"
#include "surface/contacts_filter.h"
#include "surface/contacts_input.h"
#include "surface/contacts_nouns.h"
#include "surface/runtime.h"

#define CUSTOM TEXT("custom_fields.")
#define FIELDS_MAX 1000 /* of a page; there are at most 100 fields */

/* Targets that are no field of a lead, and those that clients call in their own way. */
static const struct contacts_name targets[] = {
	{"lead_id", "uuid"},
	{"linkedin_id", "linkedin_id"},
	{"linkedin_url", "linkedin"},
	{"linkedin_id", "ln_id"},
	{"sales_navigator_id", "sn_id"},
	{"linkedin_url", "linkedin_url"},
	{"company_website", "company_website"},
	{"tags", "tags"},
	{"phone", "phone"},
};

/* One import that is asked for. */
struct asking {
	json_t *body;
	struct text upload_id;
	struct arena *arena;
	struct text fields; /* JSON array: the custom fields of contacts; absent: not read yet */
};

static struct text text_from(const json_t *value)
{
	return (struct text){json_string_value(value), json_string_length(value)};
}

/* Whether the JSON string `json` says `text`. */
static bool says(struct arena *arena, struct text json, struct text text)
{
	return json.ptr && text_is(scan_string(arena, json), text);
}

/* The custom field of that name or id, as a target: "metadata.KEY"; absent when there is none. */
static struct text find_custom(const struct asking *asking, struct text name)
{
	struct scan scan = scan_of(asking->fields);
	struct text key, field;

	if (text_starts(name, CUSTOM))
		name = text_skip(name, CUSTOM.len);
	while (scan_next(&scan, &key, &field)) {
		struct text inside = scan_member(field, TEXT("key"));

		if (says(asking->arena, scan_member(field, TEXT("name")), name) ||
		    says(asking->arena, scan_member(field, TEXT("id")), name))
			return arena_format(asking->arena, "metadata.%.*s",
					    TEXT_ARG(scan_string(asking->arena, inside)));
	}
	return TEXT_NONE;
}

/* What import.create calls `name`; absent when it is none of a contact's members. */
static struct text find_target(const struct asking *asking, struct text name)
{
	for (size_t i = 0; i < ARRAY_LEN(targets); i++) {
		if (text_is(name, text_of(targets[i].shown)))
			return text_of(targets[i].inside);
	}
	for (size_t id = 0; id < FIELD_COUNT; id++) {
		const struct field_row *row = &field_rows[id];

		if ((row->contacts_input.ptr && text_is(name, row->contacts_input)) ||
		    (row->contacts.ptr && text_is(name, row->contacts)))
			return row->name;
	}
	return find_custom(asking, name);
}

/* Let the column `source` feed what clients call `target`. */
static enum err_code add_column(const struct asking *asking, json_t *mapping, struct text source,
				const json_t *target, struct text field, struct err *err)
{
	struct text name = text_from(target), inside = TEXT_NONE;
	bool is_left_out =
		!target || json_is_null(target) ||
		(json_is_string(target) && (name.len == 0 || text_is(name, TEXT("ignore"))));

	if (!is_left_out && json_is_string(target))
		inside = find_target(asking, name);
	if (!is_left_out && !inside.ptr) {
		name = contacts_filter_shown(asking->arena, "", name);
		return err_set(err, ERR_INVALID_INPUT, field.ptr,
			       "%s: a contact has no field \"%.*s\". Take a member of a contact "
			       "as it is answered, or make the field first: POST "
			       "/leads/api/custom-fields.",
			       field.ptr, TEXT_ARG(name));
	}
	return json_object_setn_new(mapping, source.ptr, source.len,
				    is_left_out ? json_null()
						: json_stringn(inside.ptr, inside.len)) == 0
		       ? ERR_OK
		       : err_memory(err);
}

static enum err_code read_columns(const struct asking *asking, const json_t *columns,
				  json_t *mapping, struct err *err)
{
	json_t *one;
	size_t i;

	if (!json_is_array(columns))
		return err_set(err, ERR_INVALID_INPUT, "columns",
			       "columns must be an array of {\"source\", \"target\"}.");
	json_array_foreach(columns, i, one)
	{
		const json_t *source = json_object_get(one, "source");
		struct text field = arena_format(asking->arena, "columns.%zu.target", i);
		char wrong[48];

		snprintf(wrong, sizeof wrong, "columns.%zu.source", i);
		if (!json_is_string(source))
			return err_set(err, ERR_INVALID_INPUT, wrong,
				       "%s must be the header of a column.", wrong);
		if (!field.ptr)
			return err_memory(err);
		if (add_column(asking, mapping, text_from(source), json_object_get(one, "target"),
			       field, err) != ERR_OK)
			return err->code;
	}
	return ERR_OK;
}

static enum err_code read_mapping(const struct asking *asking, json_t *columns, json_t *mapping,
				  struct err *err)
{
	const char *header;
	json_t *target;
	size_t len;

	if (!json_is_object(columns))
		return err_set(err, ERR_INVALID_INPUT, "column_mapping",
			       "column_mapping must be an object: header of a column → field.");
	json_object_keylen_foreach(columns, header, len, target)
	{
		struct text source = {header, len};
		struct text field = contacts_filter_shown(asking->arena, "column_mapping.", source);

		if (add_column(asking, mapping, source, target, field, err) != ERR_OK)
			return err->code;
	}
	return ERR_OK;
}

/* columns or column_mapping, into the input. */
static enum err_code add_mapping(const struct asking *asking, json_t *input, struct err *err)
{
	const json_t *body = asking->body;
	json_t *columns = json_object_get(body, "columns");
	json_t *pairs = json_object_get(body, "column_mapping");
	json_t *mapping;

	if ((!columns || json_is_null(columns)) && (!pairs || json_is_null(pairs)))
		return ERR_OK;
	mapping = json_object();
	if (json_object_set_new(input, "mapping", mapping) != 0 ||
	    json_object_set_new(input, "only_mapped", json_true()) != 0)
		return err_memory(err);
	if (columns && !json_is_null(columns))
		return read_columns(asking, columns, mapping, err);
	return read_mapping(asking, pairs, mapping, err);
}

/* Where the contacts go: onto the list when they are new, or whether they are new or not. */
static enum err_code add_list(const json_t *body, json_t *input, struct err *err)
{
	json_t *list = json_object_get(body, "list_uuid");
	bool moves;

	if (contacts_input_flag(body, "move_to_list", false, &moves, err) != ERR_OK)
		return err->code;
	if (!list || json_is_null(list))
		return ERR_OK;
	return json_object_set(input, moves ? "move_to_list" : "list_if_new", list) == 0
		       ? ERR_OK
		       : err_memory(err);
}

static enum err_code add_rest(const json_t *body, json_t *input, struct err *err)
{
	json_t *tags = json_object_get(body, "tags"), *name = json_object_get(body, "name");
	bool updates, has_header;

	if (contacts_input_flag(body, "update_if_exists", true, &updates, err) != ERR_OK ||
	    contacts_input_flag(body, "skip_first_row", true, &has_header, err) != ERR_OK)
		return err->code;
	if ((!updates && json_object_set_new(input, "on_existing", json_string("skip")) != 0) ||
	    (!has_header && json_object_set_new(input, "header", json_false()) != 0) ||
	    (tags && !json_is_null(tags) && json_object_set(input, "tag_ids", tags) != 0) ||
	    (name && !json_is_null(name) && json_object_set(input, "name", name) != 0))
		return err_memory(err);
	return ERR_OK;
}

static enum err_code make_input(const struct asking *asking, json_t **out, struct err *err)
{
	json_t *input =
		json_pack("{s:s%}", "upload_id", asking->upload_id.ptr, asking->upload_id.len);

	if (!input)
		return err_memory(err);
	if (add_mapping(asking, input, err) == ERR_OK &&
	    add_list(asking->body, input, err) == ERR_OK &&
	    add_rest(asking->body, input, err) == ERR_OK) {
		*out = input;
		return ERR_OK;
	}
	json_decref(input);
	return err->code;
}

void contacts_imports_start(struct visit *visit, json_t *take_body, struct text upload_id)
{
	struct asking *asking = arena_zero(visit->request->arena, 1, sizeof *asking);
	struct err err;

	if (!asking) {
		json_decref(take_body);
		err_memory(&err);
		visit_fail(visit, &err);
		return;
	}
	visit->own = asking;
	asking->body = take_body;
	asking->arena = visit->request->arena;
	asking->upload_id = arena_copy(asking->arena, upload_id);
	contacts_nouns_run(visit, "field.list",
			   json_pack("{s:i, s:[{s:s, s:s, s:s}]}", "limit", FIELDS_MAX, "where",
				     "field", "object", "op", "eq", "value", "lead"));
}

bool contacts_imports_go_on(struct visit *visit)
{
	static const struct contacts_names names = {.rows = NULL};
	struct asking *asking = visit->own;
	json_t *input = NULL;
	struct err err;

	if (asking->fields.ptr)
		return true;
	if (visit->call.job.err.code != ERR_OK) {
		contacts_error_fail(visit, &names);
		return false;
	}
	asking->fields = scan_member(visit->call.reply.data, TEXT("fields"));
	if (make_input(asking, &input, &err) == ERR_OK)
		contacts_nouns_run(visit, "import.create", input);
	else
		contacts_error_refuse(visit, &err);
	return false;
}

void contacts_imports_done(struct visit *visit)
{
	struct asking *asking = visit->own;

	runtime_done(visit);
	if (asking)
		json_decref(asking->body);
}

void contacts_imports_fail(struct visit *visit)
{
	static const struct contacts_name rows[] = {{"list_if_new", "list_uuid"},
						    {"move_to_list", "list_uuid"},
						    {"header", "skip_first_row"},
						    {"tag_ids", "tags"},
						    {"name", "name"},
						    {"mapping", "columns"}};
	static const struct contacts_names names = {.rows = rows, .count = ARRAY_LEN(rows)};
	struct err *err = &visit->call.job.err;

	/* The path names the upload. */
	if (strcmp(err->pointer, "/upload_id") == 0) {
		err->pointer[0] = '\0';
		if (err->code == ERR_INVALID_INPUT)
			err->code = ERR_NOT_FOUND;
	}
	contacts_error_blame(visit, ERR_LIST_NOT_FOUND, "list_if_new");
	contacts_error_blame(visit, ERR_TAG_NOT_FOUND, "tag_ids");
	contacts_error_fail(visit, &names);
}
