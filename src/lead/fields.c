#include "lead/fields.h"

enum field_id fields_by_name(struct text name)
{
	for (int id = 0; id < FIELD_COUNT; id++) {
		if (text_is(name, field_rows[id].name))
			return (enum field_id)id;
	}
	return FIELD_COUNT;
}

enum field_id fields_by_input(struct text name)
{
	for (int id = 0; id < FIELD_COUNT; id++) {
		const struct field_row *row = &field_rows[id];

		if (!row->input)
			continue;
		if (text_is(name, row->name) || (row->runtime.ptr && text_is(name, row->runtime)))
			return (enum field_id)id;
	}
	return FIELD_COUNT;
}
