#include "command/lead_custom.h"

#include "command/field_find.h"
#include "json/scan.h"

#define PATCH_BYTES_MAX ((size_t)1024 * 1024)

/* A patch of metadata that is being put together. */
struct patch {
	struct lead_act *act;
	struct text given;                /* the input's own metadata, absent for none */
	struct text keys[FIELD_FIND_MAX]; /* of the custom fields so far */
	size_t count;
	struct buf buf;
	struct writer writer;
};

/* The pointer of a field, with its name as a pointer has it. */
static void point_at(struct err *err, const char *name)
{
	size_t len = (size_t)snprintf(err->pointer, sizeof err->pointer, "/custom_fields/");

	for (; *name && len + 3 < sizeof err->pointer; name++) {
		if (*name == '~' || *name == '/') {
			err->pointer[len++] = '~';
			err->pointer[len++] = *name == '~' ? '0' : '1';
		} else {
			err->pointer[len++] = *name;
		}
	}
	err->pointer[len] = '\0';
}

static enum err_code find_key(struct lead_act *act, const char *name, struct text *out,
			      struct err *err)
{
	struct field_wanted wanted = {.workspace = act->by->workspace,
				      .scope = ENTRY_OF_LEADS,
				      .name = text_trim(text_of(name))};
	size_t characters = 0;
	struct field_known field;

	for (size_t i = 0; i < wanted.name.len; i++)
		characters += (wanted.name.ptr[i] & 0xC0) != 0x80;
	if (characters == 0 || characters > FIELD_FIND_NAME_MAX)
		return err_set(err, ERR_INVALID_INPUT, "",
			       "The name of a custom field has 1 to %d characters.",
			       FIELD_FIND_NAME_MAX);
	if (field_find_ensure(act->txn, act->arena, &wanted, &field, err) != ERR_OK)
		return err->code;
	if (!field.key.ptr)
		return err_internal(err, "a custom field without a key");
	*out = field.key;
	return ERR_OK;
}

static struct text quoted(struct arena *arena, struct text text)
{
	struct buf buf;
	struct writer writer = writer_on(&buf);

	buf_init_arena(&buf, arena, PATCH_BYTES_MAX);
	writer_text(&writer, text);
	return buf_text(&buf);
}

/* Whether the value of `key` (`escaped` as a document has it) is in the patch already. */
static bool is_given(const struct patch *patch, struct text key, struct text escaped)
{
	for (size_t i = 0; i < patch->count; i++) {
		if (text_is(patch->keys[i], key))
			return true;
	}
	return patch->given.ptr && scan_member(patch->given, escaped).ptr;
}

static enum err_code add_field(struct patch *patch, const char *name, const json_t *value,
			       struct err *err)
{
	struct text key, escaped;

	if (find_key(patch->act, name, &key, err) != ERR_OK)
		return err->code;
	escaped = quoted(patch->act->arena, key);
	if (!escaped.ptr)
		return err_memory(err);
	escaped = (struct text){escaped.ptr + 1, escaped.len - 2};
	if (patch->count == FIELD_FIND_MAX)
		return err_set(err, ERR_INVALID_INPUT, "", "A lead has %d custom fields at most.",
			       FIELD_FIND_MAX);
	if (is_given(patch, key, escaped))
		return err_set(err, ERR_INVALID_INPUT, "",
			       "This custom field is given twice, maybe in metadata under its key. "
			       "Send it once.");
	patch->keys[patch->count++] = key;
	writer_key(&patch->writer, key);
	writer_value(&patch->writer, value);
	return ERR_OK;
}

static void add_given(struct patch *patch)
{
	struct scan scan = scan_of(patch->given);
	struct text key, value;

	while (patch->given.ptr && scan_next(&scan, &key, &value)) {
		writer_raw(&patch->writer, (struct text){key.ptr - 1, key.len + 2});
		buf_add_char(&patch->buf, ':');
		buf_add(&patch->buf, value);
	}
}

enum err_code lead_custom_resolve(struct lead_act *act, struct record_input *input, struct err *err)
{
	struct patch patch = {.act = act, .given = input->values[FIELD_METADATA]};
	const char *name;
	json_t *value;

	if (json_object_size(act->plan->custom_fields) == 0)
		return ERR_OK;
	if (patch.given.ptr && text_is(patch.given, TEXT("null")))
		return err_set(err, ERR_INVALID_INPUT, "/custom_fields",
			       "metadata null clears every field, and custom_fields sets some. "
			       "Send one of them.");
	buf_init_arena(&patch.buf, act->arena, PATCH_BYTES_MAX);
	patch.writer = writer_on(&patch.buf);
	writer_begin_object(&patch.writer);
	add_given(&patch);
	json_object_foreach((json_t *)act->plan->custom_fields, name, value)
	{
		if (add_field(&patch, name, value, err) != ERR_OK) {
			point_at(err, name);
			return err->code;
		}
	}
	writer_end_object(&patch.writer);
	if (patch.buf.failed)
		return err_set(err, ERR_INVALID_INPUT, "/custom_fields",
			       "custom_fields is too large.");
	input->values[FIELD_METADATA] = buf_text(&patch.buf);
	return ERR_OK;
}
