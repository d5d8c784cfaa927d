#include "command/command.h"

#include <stdio.h>

static const char *const profile_names[] = {
	[COMMAND_FULL] = "full", [COMMAND_COMPACT] = "compact", [COMMAND_RECORD] = "record"};

bool command_profile_parse(struct text word, enum command_profile *out)
{
	for (size_t i = 0; i < ARRAY_LEN(profile_names); i++) {
		if (text_is(word, text_of(profile_names[i]))) {
			*out = (enum command_profile)i;
			return true;
		}
	}
	return false;
}

struct text command_profile_name(enum command_profile profile)
{
	return text_of(profile_names[profile]);
}

struct text command_text(const json_t *input, const char *key)
{
	const json_t *value = json_object_get(input, key);

	if (!json_is_string(value))
		return TEXT_NONE;
	return (struct text){json_string_value(value), json_string_length(value)};
}

int64_t command_int(const json_t *input, const char *key, int64_t otherwise)
{
	const json_t *value = json_object_get(input, key);

	/* 50.0 is an integer in JSON Schema, and a real number in jansson. */
	if (json_is_real(value))
		return (int64_t)json_real_value(value);
	return json_is_integer(value) ? json_integer_value(value) : otherwise;
}

bool command_flag(const json_t *input, const char *key)
{
	return json_is_true(json_object_get(input, key));
}

static const struct {
	enum err_code code;
	const char *noun;
	const char *finder; /* the command that finds ids of the noun */
} nouns[] = {
	{ERR_LEAD_NOT_FOUND, "lead", "lead.search"},
	{ERR_LIST_NOT_FOUND, "list", "list.list"},
	{ERR_MISSION_NOT_FOUND, "mission", "mission.list"},
	{ERR_IMPORT_NOT_FOUND, "import", "import.list"},
	{ERR_COMPANY_NOT_FOUND, "company", "company.list"},
	{ERR_BLACKLIST_ENTRY_NOT_FOUND, "blacklist entry", "blacklist.list"},
	{ERR_TAG_NOT_FOUND, "tag", "tag.list"},
	{ERR_STAGE_NOT_FOUND, "stage", "stage.list"},
	{ERR_FIELD_NOT_FOUND, "field", "field.list"},
	{ERR_NOTE_NOT_FOUND, "note", "note.list"},
	{ERR_WEBHOOK_NOT_FOUND, "webhook", "webhook.list"},
	{ERR_CHATBOT_NOT_FOUND, "chatbot", "chatbot.list"},
};

enum err_code command_not_found(enum err_code code, struct text id, struct err *err)
{
	enum { SHOWN_MAX = 64 };
	struct text shown = {id.ptr, id.len < SHOWN_MAX ? id.len : SHOWN_MAX};

	for (size_t i = 0; i < ARRAY_LEN(nouns); i++) {
		if (nouns[i].code == code)
			return err_set(err, code, "",
				       "There is no %s %.*s in this workspace. "
				       "%s finds the ids of those there are.",
				       nouns[i].noun, TEXT_ARG(shown), nouns[i].finder);
	}
	return err_set(err, code, "", "There is no %.*s in this workspace.", TEXT_ARG(shown));
}

enum err_code command_id(const json_t *input, const char *key, enum err_code missing,
			 struct uuid *out, struct err *err)
{
	struct text id = command_text(input, key);

	if (uuid_parse(id, out))
		return ERR_OK;
	command_not_found(missing, id, err);
	snprintf(err->pointer, sizeof err->pointer, "/%s", key);
	return err->code;
}

/* What follows the letter in member "cursor"; absent when the member is missing. */
static enum err_code cursor_value(const json_t *input, char letter, struct text *out,
				  struct err *err)
{
	struct text cursor = command_text(input, "cursor");

	if (cursor.ptr && (cursor.len == 0 || cursor.ptr[0] != letter))
		return err_set(err, ERR_INVALID_INPUT, "/cursor",
			       "This cursor is not one that this command gave. Send back "
			       "meta.next_cursor as it came, or leave cursor out to begin anew.");
	*out = text_skip(cursor, 1);
	return ERR_OK;
}

static enum err_code bad_cursor(struct err *err)
{
	return err_set(err, ERR_INVALID_INPUT, "/cursor",
		       "This cursor is damaged. Send back meta.next_cursor as it came, or leave "
		       "cursor out to begin anew.");
}

enum err_code command_cursor(const json_t *input, char letter, int64_t *out, struct err *err)
{
	struct text text;
	int64_t value = 0;

	if (cursor_value(input, letter, &text, err) != ERR_OK)
		return err->code;
	if (text.ptr && (!text_to_int(text, &value) || value < 0))
		return bad_cursor(err);
	*out = value;
	return ERR_OK;
}

struct text command_cursor_text(struct arena *arena, char letter, int64_t value)
{
	return arena_format(arena, "%c%lld", letter, (long long)value);
}

enum err_code command_cursor_id(const json_t *input, char letter, struct uuid *out, struct err *err)
{
	struct uuid id = {{0}};
	struct text text;

	if (cursor_value(input, letter, &text, err) != ERR_OK)
		return err->code;
	if (text.ptr && !uuid_parse(text, &id))
		return bad_cursor(err);
	*out = id;
	return ERR_OK;
}

struct text command_cursor_id_text(struct arena *arena, char letter, struct uuid id)
{
	char text[UUID_TEXT_LEN + 1];

	uuid_format(id, text);
	return arena_format(arena, "%c%s", letter, text);
}

enum err_code command_name(const json_t *input, struct text *out, struct err *err)
{
	struct text name = text_trim(command_text(input, "name"));

	if (name.ptr && name.len == 0)
		return err_set(err, ERR_INVALID_INPUT, "/name",
			       "name holds nothing but blanks. Give one that people can read.");
	*out = name;
	return ERR_OK;
}

enum err_code command_name_taken(const char *noun, struct uuid owner, struct err *err)
{
	char id[UUID_TEXT_LEN + 1];

	uuid_format(owner, id);
	return err_set(err, ERR_STATE_CONFLICT, "/name",
		       "The %s %s has this name. Use that one, or choose another name.", noun, id);
}
