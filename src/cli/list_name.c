#include "cli/list_name.h"

#include "base/uuid.h"

/* The id of the list on a page of list.list, or NULL. */
static json_t *find_on_page(const json_t *answer, const char *name)
{
	const json_t *lists = json_object_get(json_object_get(answer, "data"), "lists");

	for (size_t i = 0; i < json_array_size(lists); i++) {
		const json_t *list = json_array_get(lists, i);
		const char *its = json_string_value(json_object_get(list, "name"));

		if (its && strcmp(its, name) == 0)
			return json_object_get(list, "id");
	}
	return NULL;
}

enum err_code list_name_find(struct reach *reach, const char *name, json_t **out_id,
			     struct err *err)
{
	json_t *cursor = NULL, *id = NULL, *answer = NULL;
	struct uuid uuid;

	if (uuid_parse(text_of(name), &uuid)) {
		*out_id = json_string(name);
		return ERR_OK;
	}
	do {
		if (reach_command(reach, "list.list", json_pack("{s:o*}", "cursor", cursor),
				  &answer, err) != ERR_OK)
			return err->code;
		id = json_incref(find_on_page(answer, name));
		cursor = json_incref(json_object_get(json_object_get(answer, "meta"),
						     "next_cursor"));
		json_decref(answer);
	} while (cursor && !id);
	json_decref(cursor);
	*out_id = id;
	return ERR_OK;
}
