#include "surface/mcp_complete.h"

#include <ctype.h>

#include "command/access.h"
#include "surface/mcp_prompts.h"
#include "surface/mcp_reply.h"
#include "surface/resources.h"

#define VALUES_MAX 100 /* the protocol's own bound */
#define PAGE 200       /* what is looked through; lists have more pages, a person types on */

/* Where values of an argument come from. */
struct noun {
	const char *argument;  /* of a prompt */
	const char *id_member; /* of a resource's command */
	const char *command;   /* lists them */
	const char *array;     /* in that command's data */
	const char *value;     /* member of each that is the value */
};

static const struct noun nouns[] = {
	{"list_id", "list_id", "list.list", "lists", "id"},
	{"mission_id", "mission_id", "mission.list", "missions", "id"},
	{"import_id", "import_id", "import.list", "imports", "import_id"},
	{"tag_id", "tag_id", "tag.list", "tags", "id"},
	{"tag", "", "tag.list", "tags", "name"},
	{"stage_id", "stage_id", "stage.list", "stages", "id"},
};

static const struct noun *noun_of_argument(struct text argument)
{
	for (size_t i = 0; i < ARRAY_LEN(nouns); i++) {
		if (text_is(argument, text_of(nouns[i].argument)))
			return &nouns[i];
	}
	return NULL;
}

static const struct noun *noun_of_member(const char *id_member)
{
	for (size_t i = 0; i < ARRAY_LEN(nouns); i++) {
		if (strcmp(id_member, nouns[i].id_member) == 0)
			return &nouns[i];
	}
	return NULL;
}

/* The resource whose template, or URI with an id, `uri` is. */
static const struct resource *find_template(struct text uri)
{
	struct text id;
	const struct resource *resource = resources_find(uri, &id);

	return resource && resource->id_member ? resource : NULL;
}

/*
 * Find what is to be completed: *out is NULL where there is nothing to choose from. False: it has
 * answered.
 */
static bool find_noun(struct mcp_exchange *exchange, struct text argument, const struct noun **out)
{
	const json_t *ref = json_object_get(exchange->message.params, "ref");
	struct text type = mcp_message_text(ref, "type");
	struct text name = mcp_message_text(ref, "name");
	struct text uri = mcp_message_text(ref, "uri");

	if (text_is(type, TEXT("ref/prompt")) && name.ptr) {
		*out = noun_of_argument(argument);
		if (mcp_prompts_has_argument(name, argument))
			return true;
		mcp_reply_bad_params(
			exchange, mcp_prompts_has(name)
					  ? "The prompt has no argument of that name."
					  : "Unknown prompt. prompts/list names those there are.");
		return false;
	}
	if (text_is(type, TEXT("ref/resource")) && uri.ptr) {
		const struct resource *resource = find_template(uri);

		*out = resource ? noun_of_member(resource->id_member) : NULL;
		if (resource && text_is(argument, TEXT("id")))
			return true;
		mcp_reply_bad_params(exchange, "There is no resource template with such an "
					       "argument. resources/templates/list names those "
					       "there are.");
		return false;
	}
	mcp_reply_bad_params(exchange, "\"ref\" is {\"type\":\"ref/prompt\",\"name\":…} or "
				       "{\"type\":\"ref/resource\",\"uri\":…}.");
	return false;
}

/* Whether `text` has `part` in it, but for the case of ASCII letters. */
static bool contains(struct text text, struct text part)
{
	for (size_t at = 0; at + part.len <= text.len; at++) {
		size_t i = 0;

		while (i < part.len && tolower((unsigned char)text.ptr[at + i]) ==
					       tolower((unsigned char)part.ptr[i]))
			i++;
		if (i == part.len)
			return true;
	}
	return false;
}

static bool fits(const json_t *one, const struct noun *noun, struct text typed)
{
	struct text value = mcp_message_text(one, noun->value);
	struct text name = mcp_message_text(one, "name");

	return value.ptr && (typed.len == 0 || text_starts(value, typed) || contains(name, typed));
}

static void write_completion(struct mcp_exchange *exchange, const struct noun *noun,
			     const json_t *items, bool has_more)
{
	const json_t *argument = json_object_get(exchange->message.params, "argument");
	struct text typed = text_trim(mcp_message_text(argument, "value"));
	struct writer *writer = mcp_reply_begin(exchange, "complete");
	size_t found = 0;

	writer_key(writer, TEXT("completion"));
	writer_begin_object(writer);
	writer_key(writer, TEXT("values"));
	writer_begin_array(writer);
	for (size_t i = 0; i < json_array_size(items); i++) {
		const json_t *one = json_array_get(items, i);

		if (fits(one, noun, typed) && found++ < VALUES_MAX)
			writer_text(writer, mcp_message_text(one, noun->value));
	}
	writer_end_array(writer);
	if (!has_more)
		writer_member_int(writer, "total", (int64_t)found);
	writer_member_bool(writer, "hasMore", has_more || found > VALUES_MAX);
	writer_end_object(writer);
	mcp_reply_end(exchange, false);
}

static void finish(struct mcp_exchange *exchange)
{
	const struct call *call = exchange->call;
	const struct noun *noun = exchange->plan;
	struct text data = call->reply.data;
	json_t *answer;

	if (call->job.err.code != ERR_OK) {
		mcp_reply_error(exchange, &call->job.err, TEXT_NONE);
		return;
	}
	answer = json_loadb(data.ptr, data.len, 0, NULL);
	write_completion(exchange, noun, json_object_get(answer, noun->array),
			 call->reply.next_cursor.ptr != NULL);
	json_decref(answer);
}

void mcp_complete(struct mcp_exchange *exchange)
{
	const json_t *argument = json_object_get(exchange->message.params, "argument");
	struct text name = mcp_message_text(argument, "name");
	const struct noun *noun = NULL;
	const struct command *command;
	struct err err;

	if (!name.ptr || !mcp_message_text(argument, "value").ptr) {
		mcp_reply_bad_params(exchange,
				     "\"argument\" is {\"name\":…,\"value\":what was typed "
				     "so far}.");
		return;
	}
	if (!find_noun(exchange, name, &noun))
		return;
	command = noun ? dispatch_find(exchange->mcp->desk, text_of(noun->command)) : NULL;
	if (!command || !access_allows(exchange->caller.scopes, command)) {
		write_completion(exchange, &nouns[0], NULL, false);
		return;
	}
	exchange->call->input = json_pack("{s:i}", "limit", PAGE);
	if (!exchange->call->input) {
		err_memory(&err);
		mcp_reply_error(exchange, &err, TEXT_NONE);
		return;
	}
	exchange->plan = noun;
	exchange->finish = finish;
	exchange->transport->run(exchange, command->id);
}
