#include "cli/cmd_admin.h"

#include <jansson.h>
#include <stdio.h>

#include "cli/help.h"
#include "cli/libraries.h"
#include "cli/manual.h"
#include "cli/program.h"
#include "cli/say.h"
#include "cli/table_print.h"
#include "json/writer.h"

#define MEMORY_MAX ((size_t)1024 * 1024)

static void write_settings_json(const struct settings *settings, struct buf *out)
{
	struct writer writer = writer_on(out);
	struct buf value;

	buf_init(&value, 64 * 1024);
	writer_begin_object(&writer);
	for (size_t i = 0; i < settings_count; i++) {
		const struct setting *setting = &settings_rows[i];

		buf_reset(&value);
		buf_add(&value, TEXT(""));
		settings_show(settings, setting, &value);
		writer_key(&writer, text_of(setting->flag));
		if (setting->type == SETTING_INT)
			writer_raw(&writer, buf_text(&value));
		else if (setting->type == SETTING_SWITCH)
			writer_bool(&writer, text_is(buf_text(&value), TEXT("on")));
		else
			writer_text(&writer, value.len ? buf_text(&value) : TEXT(""));
	}
	writer_end_object(&writer);
	buf_release(&value);
}

static void write_settings_table(const struct settings *settings, struct arena *arena,
				 struct buf *out)
{
	struct table_print table;

	table_print_init(&table, arena);
	table.bold = say_style(stdout, SAY_BOLD);
	table.plain = say_style(stdout, SAY_PLAIN);
	table_print_column(&table, TEXT("FLAG"));
	table_print_column(&table, TEXT("VARIABLE"));
	table_print_column(&table, TEXT("VALUE"));
	for (size_t i = 0; i < settings_count; i++) {
		char variable[SETTINGS_VARIABLE_MAX];
		struct buf value;

		buf_init_arena(&value, arena, MEMORY_MAX);
		settings_variable(&settings_rows[i], variable);
		settings_show(settings, &settings_rows[i], &value);
		const struct text cells[] = {
			arena_format(arena, "--%s", settings_rows[i].flag), text_of(variable),
			value.len ? buf_text(&value) : TEXT("")};

		table_print_add(&table, cells);
	}
	table_print_write(&table, say_width(stdout), out);
}

static enum err_code settings(struct invocation *invocation, struct err *err)
{
	struct arena arena;
	struct buf buf;

	arena_init(&arena, 16 * MEMORY_MAX);
	buf_init_arena(&buf, &arena, MEMORY_MAX);
	if (options_has(invocation, "markdown"))
		settings_write_markdown(&buf);
	else if (options_has(invocation, "json"))
		write_settings_json(&invocation->settings, &buf);
	else
		write_settings_table(&invocation->settings, &arena, &buf);
	enum err_code code = buf.failed ? err_memory(err) : ERR_OK;

	if (code == ERR_OK && options_has(invocation, "json"))
		say_json(buf_text(&buf));
	else if (code == ERR_OK)
		say_text(buf_text(&buf));
	arena_release(&arena);
	return code;
}

static enum err_code version(struct invocation *invocation, struct err *err)
{
	struct buf buf;
	struct writer writer = writer_on(&buf);
	struct libraries_row rows[LIBRARIES_COUNT];

	(void)err;
	libraries_list(rows);
	if (!options_has(invocation, "json")) {
		printf("galena %s\n", GALENA_VERSION);
		for (size_t i = 0; i < LIBRARIES_COUNT; i++)
			printf("  %-14s %s\n", rows[i].name, rows[i].version);
		return ERR_OK;
	}
	buf_init(&buf, 64 * 1024);
	writer_begin_object(&writer);
	writer_member_text(&writer, "galena", TEXT(GALENA_VERSION));
	for (size_t i = 0; i < LIBRARIES_COUNT; i++)
		writer_member_text(&writer, rows[i].name, text_of(rows[i].version));
	writer_end_object(&writer);
	say_json(buf_text(&buf));
	buf_release(&buf);
	return ERR_OK;
}

static enum err_code manual(struct err *err)
{
	struct buf page;

	buf_init(&page, MEMORY_MAX);
	manual_write(program_subcommands(), &page);
	enum err_code code = page.failed ? err_memory(err) : ERR_OK;

	if (code == ERR_OK)
		say_text(buf_text(&page));
	buf_release(&page);
	return code;
}

static enum err_code help(struct invocation *invocation, struct err *err)
{
	if (options_has(invocation, "man"))
		return manual(err);
	const char *words[] = {"galena", "--help", invocation->args[0], invocation->args[1]};

	if (program_main((int)(2 + invocation->arg_count), (char **)words) == 0)
		return ERR_OK;
	invocation->has_told = true;
	return err_set(err, ERR_INVALID_INPUT, "", "no such subcommand");
}

static const struct option_row settings_options[] = {
	{"markdown", NULL, "Print docs/settings.md: every setting, its default and meaning."},
	{"json", NULL, "Print one JSON document and nothing else."},
	{NULL, NULL, NULL},
};

const struct subcommand cmd_admin_settings = {
	.words = "settings",
	.arguments = "",
	.summary = "Show every setting and what it is now.",
	.about = "Takes all settings, so that the effect of flags and variables can be seen.",
	.examples = "galena settings\nGALENA_READERS=4 galena settings --json",
	.options = settings_options,
	.groups = SETTING_ALL,
	.run = settings,
};

static const struct option_row version_options[] = {
	{"json", NULL, "Print one JSON document and nothing else."},
	{NULL, NULL, NULL},
};

const struct subcommand cmd_admin_version = {
	.words = "version",
	.arguments = "",
	.summary = "Show the version of the program and of the libraries it uses.",
	.about = "",
	.examples = "galena version --json",
	.options = version_options,
	.run = version,
};

static const struct option_row help_options[] = {
	{"man", NULL, "Print the manual page galena(1)."},
	{NULL, NULL, NULL},
};

const struct subcommand cmd_admin_help = {
	.words = "help",
	.arguments = "[SUBCOMMAND]",
	.args_max = 2,
	.summary = "Show what there is, or more about one subcommand.",
	.about = "",
	.examples = "galena help\ngalena help key create\ngalena help --man | man -l -",
	.options = help_options,
	.run = help,
};
