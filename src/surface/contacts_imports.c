#include "surface/contacts_imports.h"

#include "surface/contacts_input.h"

#define TARGET_MAX 260 /* "metadata." and the name of a field */
#define CUSTOM TEXT("custom_fields.")

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
	{"ignore", "ignore"},
};

static struct text text_from(const json_t *value)
{
	return (struct text){json_string_value(value), json_string_length(value)};
}

/* What import.create calls `name`, in `out`; false when it is none of a contact's. */
static bool find_target(struct text name, char out[TARGET_MAX])
{
	for (size_t i = 0; i < ARRAY_LEN(targets); i++) {
		if (text_is(name, text_of(targets[i].shown)))
			return snprintf(out, TARGET_MAX, "%s", targets[i].inside) > 0;
	}
	for (size_t id = 0; id < FIELD_COUNT; id++) {
		const struct field_row *row = &field_rows[id];

		if ((row->contacts_input.ptr && text_is(name, row->contacts_input)) ||
		    (row->contacts.ptr && text_is(name, row->contacts)))
			return snprintf(out, TARGET_MAX, "%s", row->name.ptr) > 0;
	}
	if (!text_starts(name, CUSTOM) || name.len == CUSTOM.len)
		return false;
	name = text_skip(name, CUSTOM.len);
	return snprintf(out, TARGET_MAX, "metadata.%.*s", TEXT_ARG(name)) < TARGET_MAX;
}

/* Let the column `source` feed what clients call `target`. */
static enum err_code add_column(json_t *mapping, struct text source, const json_t *target,
				const char *field, struct err *err)
{
	struct text name = text_from(target);
	char inside[TARGET_MAX];
	json_t *value;

	if (!target || json_is_null(target) || name.len == 0)
		value = json_null();
	else if (find_target(name, inside))
		value = strcmp(inside, "ignore") == 0 ? json_null() : json_string(inside);
	else
		return err_set(err, ERR_INVALID_INPUT, field,
			       "%s: a contact has no field \"%.60s\". Take a member of a contact "
			       "as it is answered, or custom_fields.NAME for a field of your own.",
			       field, json_is_string(target) ? name.ptr : "");
	return json_object_setn_new(mapping, source.ptr, source.len, value) == 0 ? ERR_OK
										 : err_memory(err);
}

static enum err_code read_columns(const json_t *columns, json_t *mapping, struct err *err)
{
	json_t *one;
	size_t i;

	if (!json_is_array(columns))
		return err_set(err, ERR_INVALID_INPUT, "columns",
			       "columns must be an array of {\"source\", \"target\"}.");
	json_array_foreach(columns, i, one)
	{
		const json_t *source = json_object_get(one, "source");
		char field[48];

		snprintf(field, sizeof field, "columns.%zu.source", i);
		if (!json_is_string(source))
			return err_set(err, ERR_INVALID_INPUT, field,
				       "%s must be the header of a column.", field);
		snprintf(field, sizeof field, "columns.%zu.target", i);
		if (add_column(mapping, text_from(source), json_object_get(one, "target"), field,
			       err) != ERR_OK)
			return err->code;
	}
	return ERR_OK;
}

static enum err_code read_mapping(json_t *columns, json_t *mapping, struct err *err)
{
	const char *header;
	json_t *target;
	size_t len;

	if (!json_is_object(columns))
		return err_set(err, ERR_INVALID_INPUT, "column_mapping",
			       "column_mapping must be an object: header of a column → field.");
	json_object_keylen_foreach(columns, header, len, target)
	{
		char field[128];

		snprintf(field, sizeof field, "column_mapping.%.80s", header);
		if (add_column(mapping, (struct text){header, len}, target, field, err) != ERR_OK)
			return err->code;
	}
	return ERR_OK;
}

/* columns or column_mapping, into the input. */
static enum err_code add_mapping(const json_t *body, json_t *input, struct err *err)
{
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
		return read_columns(columns, mapping, err);
	return read_mapping(pairs, mapping, err);
}

static enum err_code add_flags(const json_t *body, json_t *input, struct err *err)
{
	bool updates, moves, has_header;

	if (contacts_input_flag(body, "update_if_exists", true, &updates, err) != ERR_OK ||
	    contacts_input_flag(body, "move_to_list", false, &moves, err) != ERR_OK ||
	    contacts_input_flag(body, "skip_first_row", true, &has_header, err) != ERR_OK)
		return err->code;
	if (!has_header)
		return err_set(err, ERR_INVALID_INPUT, "skip_first_row",
			       "The first row must name the columns: put a header into the file "
			       "and leave skip_first_row out.");
	if ((!updates && json_object_set_new(input, "on_existing", json_string("skip")) != 0) ||
	    (moves && json_object_set_new(input, "move_to_list", json_true()) != 0))
		return err_memory(err);
	return ERR_OK;
}

static enum err_code add_rest(const json_t *body, json_t *input, struct err *err)
{
	static const struct contacts_name names[] = {{"list_id", "list_uuid"},
						     {"tag_ids", "tags"},
						     {"name", "name"}};

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		json_t *value = json_object_get(body, names[i].shown);

		if (value && !json_is_null(value) &&
		    json_object_set(input, names[i].inside, value) != 0)
			return err_memory(err);
	}
	return ERR_OK;
}

enum err_code contacts_imports_input(const json_t *body, struct text upload_id, json_t **out,
				     struct err *err)
{
	json_t *input = json_pack("{s:s%}", "upload_id", upload_id.ptr, upload_id.len);

	if (!input)
		return err_memory(err);
	if (add_mapping(body, input, err) == ERR_OK && add_flags(body, input, err) == ERR_OK &&
	    add_rest(body, input, err) == ERR_OK) {
		*out = input;
		return ERR_OK;
	}
	json_decref(input);
	return err->code;
}

void contacts_imports_fail(struct visit *visit)
{
	static const struct contacts_name rows[] = {{"list_id", "list_uuid"},
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
	contacts_error_blame(visit, ERR_LIST_NOT_FOUND, "list_id");
	contacts_error_blame(visit, ERR_TAG_NOT_FOUND, "tag_ids");
	contacts_error_fail(visit, &names);
}
