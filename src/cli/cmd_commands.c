#include "cli/cmd_commands.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/answer.h"
#include "cli/card.h"
#include "cli/local.h"
#include "cli/reach.h"
#include "cli/say.h"
#include "cli/table_print.h"
#include "job/importer.h"

#define MEMORY_MAX ((size_t)512 * 1024 * 1024)
#define INPUT_BYTES_MAX ((size_t)64 * 1024 * 1024)

/* The whole of a file, "-" is standard input. */
static enum err_code read_file(struct arena *arena, const char *path, struct text *out,
			       struct err *err)
{
	bool is_input = strcmp(path, "-") == 0;
	FILE *file = is_input ? stdin : fopen(path, "rb");
	struct buf buf;
	char piece[16384];
	size_t len;

	if (!file)
		return err_set(err, ERR_INVALID_INPUT, "", "Cannot read %.150s: %s.", path,
			       strerror(errno));
	buf_init_arena(&buf, arena, INPUT_BYTES_MAX);
	buf_add(&buf, TEXT(""));
	while ((len = fread(piece, 1, sizeof piece, file)) > 0 && !buf.failed)
		buf_add(&buf, (struct text){piece, len});
	bool is_read = !ferror(file);

	if (!is_input)
		fclose(file);
	if (!is_read)
		return err_set(err, ERR_INVALID_INPUT, "", "Cannot read %.150s.", path);
	if (buf.failed)
		return err_set(err, ERR_TOO_LARGE, "",
			       "The input is larger than %zu MiB. Use 'galena import' for files "
			       "of leads.",
			       INPUT_BYTES_MAX / 1024 / 1024);
	*out = buf.len ? buf_text(&buf) : TEXT("");
	return ERR_OK;
}

static enum err_code read_ask(struct invocation *invocation, struct arena *arena,
			      struct reach_ask *out, struct err *err)
{
	const char *json = options_value(invocation, "input-json");
	const char *file = options_value(invocation, "input-file");
	const char *word = options_value(invocation, "response-profile");
	enum command_profile profile = COMMAND_FULL;
	const char *key = options_value(invocation, "idempotency-key");

	if (json && file)
		return err_set(err, ERR_INVALID_INPUT, "",
			       "Give --input-json or --input-file, not both.");
	if (word && !command_profile_parse(text_of(word), &profile))
		return err_set(err, ERR_INVALID_INPUT, "",
			       "--response-profile is full, compact or record, not \"%.40s\".",
			       word);
	*out = (struct reach_ask){
		.id = text_of(invocation->args[0]),
		.input = json ? text_of(json) : TEXT(""),
		.profile = profile,
		.idempotency_key = key && key[0] ? text_of(key) : TEXT_NONE,
	};
	return file ? read_file(arena, file, &out->input, err) : ERR_OK;
}

/* Without a server nobody else would carry on what import.create began. */
static enum err_code run_imports(struct local *local, struct err *err)
{
	struct importer *importer;

	if (importer_create(local->home.desk, &importer, err) != ERR_OK)
		return err->code;
	importer_wait_idle(importer, NULL, NULL);
	importer_destroy(importer);
	return ERR_OK;
}

static enum err_code run_in(struct invocation *invocation, struct arena *arena, struct err *err)
{
	struct reach_ask ask;
	struct reach *reach;
	struct text answer;
	json_t *json = NULL;

	if (read_ask(invocation, arena, &ask, err) != ERR_OK ||
	    reach_create(&invocation->settings, &reach, err) != ERR_OK)
		return err->code;
	enum err_code code = reach_run(reach, arena, &ask, &answer, err);

	if (code == ERR_OK && reach_local(reach) && text_is(ask.id, TEXT("import.create")))
		code = run_imports(reach_local(reach), err);
	reach_destroy(reach);
	if (code != ERR_OK)
		return code;
	code = reach_read(answer, &json, err);
	if (options_has(invocation, "json"))
		say_json(answer);
	else if (code == ERR_OK)
		answer_show(json);
	if (json && code != ERR_OK) {
		answer_show_error(json, err);
		invocation->has_told = true;
	}
	json_decref(json);
	return code;
}

static enum err_code run(struct invocation *invocation, struct err *err)
{
	struct arena arena;

	arena_init(&arena, MEMORY_MAX);
	enum err_code code = run_in(invocation, &arena, err);

	arena_release(&arena);
	return code;
}

/* The arena's text of a page of the catalogue, and the page itself. */
static enum err_code read_page(struct invocation *invocation, struct arena *arena,
			       json_t **out_page, struct text *out, struct err *err)
{
	struct reach *reach;
	enum err_code code;

	if (reach_create(&invocation->settings, &reach, err) != ERR_OK)
		return err->code;
	if (invocation->arg_count > 0)
		code = reach_schema(reach, arena, text_of(invocation->args[0]), out, err);
	else
		code = reach_commands(reach, arena, out, err);
	reach_destroy(reach);
	return code == ERR_OK ? reach_read(*out, out_page, err) : code;
}

static struct text member(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	return value ? (struct text){json_string_value(value), json_string_length(value)}
		     : TEXT("");
}

static void show_list(const json_t *page, struct arena *arena)
{
	const json_t *commands = json_object_get(json_object_get(page, "data"), "commands");
	struct table_print table;
	struct buf buf;

	table_print_init(&table, arena);
	table.bold = say_style(stdout, SAY_BOLD);
	table.plain = say_style(stdout, SAY_PLAIN);
	table_print_column(&table, TEXT("COMMAND"));
	table_print_column(&table, TEXT("RISK"));
	table_print_column(&table, TEXT("SUMMARY"));
	for (size_t i = 0; i < json_array_size(commands); i++) {
		const json_t *command = json_array_get(commands, i);
		const struct text cells[] = {member(command, "command_id"), member(command, "risk"),
					     member(command, "summary")};

		table_print_add(&table, cells);
	}
	buf_init_arena(&buf, arena, MEMORY_MAX);
	table_print_write(&table, say_width(stdout), &buf);
	say_text(buf_text(&buf));
}

static enum err_code list(struct invocation *invocation, struct err *err)
{
	struct arena arena;
	struct text text;
	json_t *page = NULL;

	arena_init(&arena, MEMORY_MAX);
	enum err_code code = read_page(invocation, &arena, &page, &text, err);

	if (code == ERR_OK && options_has(invocation, "json"))
		say_json(text);
	else if (code == ERR_OK)
		show_list(page, &arena);
	json_decref(page);
	arena_release(&arena);
	return code;
}

/* One field of an input: its name, what it takes, whether it must be there, what it is. */
static void add_field(struct table_print *table, const char *key, const json_t *schema,
		      bool is_required)
{
	const json_t *type = json_object_get(schema, "type");
	const json_t *choices = json_object_get(schema, "enum");
	struct buf buf;

	buf_init_arena(&buf, table->arena, 8192);
	if (json_is_string(type))
		buf_add(&buf, member(schema, "type"));
	for (size_t i = 0; i < json_array_size(type); i++)
		buf_add_format(&buf, "%s%s", i ? " or " : "",
			       json_string_value(json_array_get(type, i)));
	for (size_t i = 0; i < json_array_size(choices) && i < 12; i++)
		buf_add_format(&buf, "%s%s", i ? ", " : ": ",
			       json_is_string(json_array_get(choices, i))
				       ? json_string_value(json_array_get(choices, i))
				       : "null");
	const struct text cells[] = {text_of(key), buf.len ? buf_text(&buf) : TEXT(""),
				     is_required ? TEXT("yes") : TEXT(""),
				     member(schema, "description")};

	table_print_add(table, cells);
}

static bool is_required(const json_t *schema, const char *key)
{
	const json_t *required = json_object_get(schema, "required");

	for (size_t i = 0; i < json_array_size(required); i++) {
		if (strcmp(json_string_value(json_array_get(required, i)), key) == 0)
			return true;
	}
	return false;
}

static void show_command(const json_t *page, struct arena *arena)
{
	json_t *command = json_object_get(json_object_get(page, "data"), "command");
	json_t *input = json_object_get(command, "input_schema");
	struct table_print table;
	struct buf buf;
	const char *key;
	json_t *schema;

	table_print_init(&table, arena);
	table.bold = say_style(stdout, SAY_BOLD);
	table.plain = say_style(stdout, SAY_PLAIN);
	table_print_column(&table, TEXT("INPUT"));
	table_print_column(&table, TEXT("TAKES"));
	table_print_column(&table, TEXT("REQUIRED"));
	table_print_column(&table, TEXT("MEANING"));
	json_object_foreach(json_object_get(input, "properties"), key, schema)
		add_field(&table, key, schema, is_required(input, key));
	buf_init_arena(&buf, arena, MEMORY_MAX);
	buf_add_format(&buf, "%s%.*s%s  (%.*s)\n%.*s\n%.*s\n\n", table.bold,
		       TEXT_ARG(member(command, "command_id")), table.plain,
		       TEXT_ARG(member(command, "risk")), TEXT_ARG(member(command, "description")),
		       TEXT_ARG(member(command, "when_to_use")));
	table_print_write(&table, say_width(stdout), &buf);
	const json_t *example = json_array_get(json_object_get(command, "examples"), 0);

	buf_add_format(&buf, "\n%sExample%s\n%.*s\n\n--json shows the schemas in full.\n",
		       table.bold, table.plain, TEXT_ARG(member(example, "code")));
	say_text(buf_text(&buf));
}

static enum err_code schema(struct invocation *invocation, struct err *err)
{
	struct arena arena;
	struct text text;
	json_t *page = NULL;

	arena_init(&arena, MEMORY_MAX);
	enum err_code code = read_page(invocation, &arena, &page, &text, err);

	if (code == ERR_OK && options_has(invocation, "json"))
		say_json(text);
	else if (code == ERR_OK)
		show_command(page, &arena);
	json_decref(page);
	arena_release(&arena);
	return code;
}

static const struct option_row json_options[] = {
	{"json", NULL, "Print what a server answers, one JSON document, and nothing else."},
	{NULL, NULL, NULL},
};

const struct subcommand cmd_commands_list = {
	.words = "commands list",
	.arguments = "",
	.summary = "Show every command: what it does and what it risks.",
	.about = "",
	.examples = "galena commands list\ngalena commands list --json",
	.options = json_options,
	.groups = SETTING_STORE | SETTING_REMOTE,
	.run = list,
};

const struct subcommand cmd_commands_schema = {
	.words = "commands schema",
	.arguments = "ID",
	.args_min = 1,
	.args_max = 1,
	.summary = "Show what a command takes and answers.",
	.about = "",
	.examples = "galena commands schema lead.upsert\ngalena commands schema lead.get --json",
	.options = json_options,
	.groups = SETTING_STORE | SETTING_REMOTE,
	.run = schema,
};

static const struct option_row run_options[] = {
	{"input-json", "JSON", "The command's input, an object."},
	{"input-file", "FILE", "The same from a file; - is standard input."},
	{"response-profile", "WORD", "full (the default), compact or record."},
	{"idempotency-key", "KEY", "A write that is repeated with its key happens once."},
	{"json", NULL, "Print the whole answer, one JSON document, and nothing else."},
	{NULL, NULL, NULL},
};

const struct subcommand cmd_commands_run = {
	.words = "commands run",
	.arguments = "ID",
	.args_min = 1,
	.args_max = 1,
	.summary = "Run a command, on the database here or on the server of --url.",
	.about = "Works without a server, and also beside one that has the same database open. The "
		 "exit code tells what came of it: 0 done, 2 bad input, 3 not allowed, 4 not "
		 "found, 5 conflict, 6 try again, 1 anything else.",
	.examples = "galena commands run lead.upsert --input-json '{\"email\":\"ada@example.com\","
		    "\"name\":\"Ada Example\"}'\n"
		    "galena commands run lead.get --input-json '{\"email\":\"ada@example.com\"}' "
		    "--json",
	.options = run_options,
	.groups = SETTING_STORE | SETTING_REMOTE,
	.run = run,
};
