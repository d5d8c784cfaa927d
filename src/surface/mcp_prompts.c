#include "surface/mcp_prompts.h"

#include "command/access.h"
#include "surface/mcp_reply.h"

#define LIST_TTL_MS (60 * 60 * 1000)
#define ARGUMENTS_MAX 6
#define VALUE_BYTES_MAX 2000
#define TEXT_BYTES_MAX ((size_t)64 * 1024)

struct argument {
	const char *name;
	const char *about;
	const char *line; /* said in the text when it is given, before the value */
	bool is_required;
};

struct prompt {
	const char *name, *title, *about;
	const char *command; /* whoever may not run it is not offered the prompt */
	const char *before;  /* the text up to what the arguments say */
	struct argument arguments[ARGUMENTS_MAX]; /* ends with one without a name */
	const char *after;
};

static const struct prompt prompts[] = {
	{
		.name = "import_file",
		.title = "Import a File",
		.about = "Look at a file of people, check how its columns are understood, import "
			 "it, and mend what was refused.",
		.command = "import.create",
		.before = "Import a file of people into Galena.\n",
		.arguments =
			{
				{"file", "The file's path or name, or where its text is.",
				 "The file: ", true},
				{"list_id", "List to put every lead on.",
				 "Put every lead on the list with list_id ", false},
				{"mission_id", "Mission to put every lead into.",
				 "Put every lead into the mission with mission_id ", false},
				{"tag", "Tag that every lead gets.", "Give every lead the tag ",
				 false},
				{"source", "Where the people came from.",
				 "They came from (source): ", false},
			},
		.after =
			"\nDo it in this order:\n"
			"1. Read the file's text and call import.preview with it as `content`. "
			"Show what each column becomes. If a column is not understood, or wrongly, "
			"set it with `mapping` and look again.\n"
			"2. Call import.create with `dry_run` true and the same settings, and "
			"follow it with import.get until `state` is done. Tell how many leads "
			"would be created, updated and left as they are, and how many rows would "
			"be refused, and ask whether to go on.\n"
			"3. After a yes call import.create without `dry_run` and follow it with "
			"import.get.\n"
			"4. If rows were refused, read them with import.rows.list, say why, and "
			"propose how to mend each: a corrected cell to import again, or a "
			"lead.upsert.\n"
			"Change no values on your own, and do not leave DoNotContact.",
	},
	{
		.name = "clean_up_duplicates",
		.title = "Clean Up Duplicates",
		.about = "Find leads that seem to be the same person, compare them, and bring them "
			 "together, one by one and only after a yes.",
		.command = "lead.search",
		.before = "Look for leads in Galena that are the same person twice, and bring them "
			  "together.\n",
		.arguments =
			{
				{"query", "Words to look for, e.g. a company or a name.",
				 "Look among leads found with lead.search by the query ", false},
				{"list_id", "List whose leads to look through.",
				 "Look among the leads on the list with list_id ", false},
			},
		.after =
			"\nGalena never makes two leads of one identifier, so duplicates are "
			"people who came with different ones: a private and a business address, or "
			"a profile without an address.\n"
			"1. Walk through the leads with lead.search, page by page, and note pairs "
			"with the same or nearly the same name and company.\n"
			"2. For each pair call lead.get on both and compare identifiers, job, "
			"place and history (lead.history tells where a value came from). Two "
			"different LinkedIn member numbers are two people: leave them alone. If "
			"either has the status DoNotContact, the lead that stays must have it.\n"
			"3. Show the pair side by side, say which should stay (the one with more "
			"identifiers, else the older) and what it would gain, and ask.\n"
			"4. After a yes call lead.delete on the other, which frees its "
			"identifiers, then lead.upsert with the lead_id of the one that stays, the "
			"freed identifiers, and values it lacks. Never overwrite a value it has "
			"without asking.\n"
			"5. At the end say what was brought together and what was left, and why.",
	},
	{
		.name = "prepare_outreach_list",
		.title = "Prepare an Outreach List",
		.about = "Choose the leads that fit a goal, put them on a list, and draft what to "
			 "say to each.",
		.command = "lead.search",
		.before = "Prepare a list of leads in Galena to write to.\n",
		.arguments =
			{
				{"goal", "What the messages are for, and to whom.",
				 "The goal: ", true},
				{"mission_id", "Mission whose brief and leads to use.",
				 "Work in the mission with mission_id ", false},
				{"list_id", "List to put the chosen leads on.",
				 "Put the chosen leads on the list with list_id ", false},
				{"tag", "Only leads with this tag.",
				 "Take only leads with the tag ", false},
				{"stage_id", "Only leads in this pipeline stage.",
				 "Take only leads in the stage with stage_id ", false},
			},
		.after =
			"\nDo it in this order:\n"
			"1. If there is a mission, read its brief with mission.get.\n"
			"2. Find candidates with lead.search. Leave out DoNotContact, "
			"NotInterested and everybody who was written to lately.\n"
			"3. Call lead.get on the most promising ones and judge each against the "
			"goal from what is known, not from guesses. Say in one line why a lead is "
			"in or out.\n"
			"4. Show the selection and ask. After a yes put the leads on the list "
			"(lead.update with add_to_list; list.create makes a list).\n"
			"5. Draft a short first message for each from their own data, and show the "
			"drafts. Send nothing, and change no status.",
	},
};

static const struct prompt *find_prompt(struct text name)
{
	for (size_t i = 0; i < ARRAY_LEN(prompts); i++) {
		if (text_is(name, text_of(prompts[i].name)))
			return &prompts[i];
	}
	return NULL;
}

static const struct argument *find_argument(const struct prompt *prompt, struct text name)
{
	for (size_t i = 0; i < ARGUMENTS_MAX && prompt->arguments[i].name; i++) {
		if (text_is(name, text_of(prompt->arguments[i].name)))
			return &prompt->arguments[i];
	}
	return NULL;
}

bool mcp_prompts_has(struct text prompt)
{
	return find_prompt(prompt) != NULL;
}

bool mcp_prompts_has_argument(struct text prompt, struct text argument)
{
	const struct prompt *found = find_prompt(prompt);

	return found && find_argument(found, argument);
}

static bool is_offered(const struct mcp_exchange *exchange, const struct prompt *prompt)
{
	const struct command *command =
		dispatch_find(exchange->mcp->desk, text_of(prompt->command));

	return command && access_allows(exchange->caller.scopes, command);
}

static void write_prompt(struct writer *writer, const struct prompt *prompt)
{
	writer_begin_object(writer);
	writer_member_text(writer, "name", text_of(prompt->name));
	writer_member_text(writer, "title", text_of(prompt->title));
	writer_member_text(writer, "description", text_of(prompt->about));
	writer_key(writer, TEXT("arguments"));
	writer_begin_array(writer);
	for (size_t i = 0; i < ARGUMENTS_MAX && prompt->arguments[i].name; i++) {
		const struct argument *argument = &prompt->arguments[i];

		writer_begin_object(writer);
		writer_member_text(writer, "name", text_of(argument->name));
		writer_member_text(writer, "description", text_of(argument->about));
		writer_member_bool(writer, "required", argument->is_required);
		writer_end_object(writer);
	}
	writer_end_array(writer);
	writer_end_object(writer);
}

void mcp_prompts_list(struct mcp_exchange *exchange)
{
	struct writer *writer = mcp_reply_begin(exchange, "complete");

	writer_key(writer, TEXT("prompts"));
	writer_begin_array(writer);
	for (size_t i = 0; i < ARRAY_LEN(prompts); i++) {
		if (is_offered(exchange, &prompts[i]))
			write_prompt(writer, &prompts[i]);
	}
	writer_end_array(writer);
	mcp_reply_cache(exchange, LIST_TTL_MS, MCP_PRIVATE);
	mcp_reply_end(exchange, false);
}

/* Every argument given is known, text, and not too long. False: it has answered. */
static bool check_given(struct mcp_exchange *exchange, const struct prompt *prompt,
			const json_t *given)
{
	const char *key;
	json_t *value;
	struct text message = TEXT_NONE;

	json_object_foreach((json_t *)(uintptr_t)given, key, value)
	{
		if (!find_argument(prompt, text_of(key)))
			message = arena_format(exchange->arena,
					       "The prompt %s has no argument \"%.80s\".",
					       prompt->name, key);
		else if (!json_is_string(value) || json_string_length(value) > VALUE_BYTES_MAX)
			message = arena_format(exchange->arena,
					       "The argument %s is text of at most %d bytes.", key,
					       VALUE_BYTES_MAX);
	}
	if (!message.ptr)
		return true;
	mcp_reply_bad_params(exchange, message.ptr);
	return false;
}

/* The text, with a line for each argument that was given; absent when one is missing. */
static struct text make_text(struct mcp_exchange *exchange, const struct prompt *prompt,
			     const json_t *given)
{
	struct buf buf;

	buf_init_arena(&buf, exchange->arena, TEXT_BYTES_MAX);
	buf_add(&buf, text_of(prompt->before));
	for (size_t i = 0; i < ARGUMENTS_MAX && prompt->arguments[i].name; i++) {
		const struct argument *argument = &prompt->arguments[i];
		struct text value = text_trim(mcp_message_text(given, argument->name));

		if (value.len > 0) {
			buf_add(&buf, text_of(argument->line));
			buf_add(&buf, value);
			buf_add_char(&buf, '\n');
			continue;
		}
		if (argument->is_required) {
			mcp_reply_bad_params(exchange,
					     arena_format(exchange->arena,
							  "The prompt %s needs the argument %s.",
							  prompt->name, argument->name)
						     .ptr);
			return TEXT_NONE;
		}
	}
	buf_add(&buf, text_of(prompt->after));
	return buf_text(&buf);
}

static void answer(struct mcp_exchange *exchange, const struct prompt *prompt, struct text text)
{
	struct writer *writer = mcp_reply_begin(exchange, "complete");

	writer_member_text(writer, "description", text_of(prompt->about));
	writer_key(writer, TEXT("messages"));
	writer_begin_array(writer);
	writer_begin_object(writer);
	writer_member_text(writer, "role", TEXT("user"));
	writer_key(writer, TEXT("content"));
	writer_begin_object(writer);
	writer_member_text(writer, "type", TEXT("text"));
	writer_member_text(writer, "text", text);
	writer_end_object(writer);
	writer_end_object(writer);
	writer_end_array(writer);
	mcp_reply_end(exchange, false);
}

void mcp_prompts_get(struct mcp_exchange *exchange)
{
	const json_t *params = exchange->message.params;
	const json_t *given = json_object_get(params, "arguments");
	struct text name = mcp_message_text(params, "name");
	const struct prompt *prompt = name.ptr ? find_prompt(name) : NULL;

	if (!prompt || !is_offered(exchange, prompt)) {
		mcp_reply_bad_params(exchange,
				     "Unknown prompt. prompts/list names those there are.");
		return;
	}
	if (given && !json_is_object(given)) {
		mcp_reply_bad_params(exchange, "\"arguments\" must be an object of texts.");
		return;
	}
	if (!check_given(exchange, prompt, given))
		return;
	struct text text = make_text(exchange, prompt, given);

	if (text.ptr)
		answer(exchange, prompt, text);
}
