#include "cli/help.h"

#include "cli/say.h"

#define WIDTH_MIN 50
#define WIDTH_MAX 100
#define WIDTH_OTHERWISE 80
#define NAME_COLUMN 22

static size_t width(void)
{
	size_t columns = say_width(stdout);

	if (columns == 0)
		return WIDTH_OTHERWISE;
	return columns < WIDTH_MIN ? WIDTH_MIN : columns > WIDTH_MAX ? WIDTH_MAX : columns;
}

void help_wrap(struct buf *out, struct text text, size_t indent, size_t columns)
{
	size_t at = indent;

	while (text.ptr) {
		struct text word = text_split(text, ' ', &text);

		if (at > indent && at + 1 + word.len > columns) {
			buf_add_format(out, "\n%*s", (int)indent, "");
			at = indent;
		} else if (at > indent) {
			buf_add_char(out, ' ');
			at++;
		}
		buf_add(out, word);
		at += word.len;
	}
	buf_add_char(out, '\n');
}

/* "  --name VALUE     what it does", with the text below each other. */
static void add_row(struct buf *out, struct text name, struct text help)
{
	buf_add_format(out, "  %-*.*s", NAME_COLUMN - 2, TEXT_ARG(name));
	if (name.len + 3 > NAME_COLUMN)
		buf_add_format(out, "\n%*s", NAME_COLUMN, "");
	help_wrap(out, help, NAME_COLUMN, width());
}

static void add_options(struct buf *out, const struct subcommand *subcommand)
{
	const struct option_row *row = subcommand->options;

	if (!row || !row->flag)
		return;
	buf_add(out, TEXT("\nOptions\n"));
	for (; row->flag; row++) {
		char name[64];

		snprintf(name, sizeof name, "--%s%s%s", row->flag, row->value ? " " : "",
			 row->value ? row->value : "");
		add_row(out, text_of(name), text_of(row->help));
	}
}

static void add_settings(struct buf *out, unsigned groups)
{
	if (!groups)
		return;
	buf_add(out, TEXT("\nSettings (each also as a variable: --log-level is "
			  "GALENA_LOG_LEVEL)\n"));
	for (size_t i = 0; i < settings_count; i++) {
		const struct setting *setting = &settings_rows[i];
		char name[64], help[512];

		if (!(setting->groups & groups))
			continue;
		snprintf(name, sizeof name, "--%s%s%s", setting->flag, setting->value ? " " : "",
			 setting->value ? setting->value : "");
		snprintf(help, sizeof help, "%s%s%s%s", setting->help,
			 setting->otherwise[0] && setting->value ? " Default: " : "",
			 setting->value ? setting->otherwise : "",
			 setting->otherwise[0] && setting->value ? "." : "");
		add_row(out, text_of(name), text_of(help));
	}
}

static void show_subcommand(struct buf *out, const struct subcommand *subcommand)
{
	buf_add_format(out, "galena %s%s%s%s\n\n", subcommand->words,
		       subcommand->options && subcommand->options[0].flag ? " [options]" : "",
		       subcommand->arguments[0] ? " " : "", subcommand->arguments);
	help_wrap(out, text_of(subcommand->summary), 0, width());
	if (subcommand->about[0]) {
		buf_add_char(out, '\n');
		help_wrap(out, text_of(subcommand->about), 0, width());
	}
	add_options(out, subcommand);
	add_settings(out, subcommand->groups);
	if (!subcommand->examples[0])
		return;
	buf_add(out, TEXT("\nExamples\n"));
	for (struct text rest = text_of(subcommand->examples); rest.ptr;) {
		struct text line = text_split(rest, '\n', &rest);

		buf_add_format(out, "  %.*s\n", TEXT_ARG(line));
	}
}

static void show_program(struct buf *out, const struct subcommand *const *subcommands)
{
	buf_add(out, TEXT("galena SUBCOMMAND [options]\n\n"));
	help_wrap(out,
		  TEXT("A system of record for sales leads: every source writes to it, and each "
		       "write finds the one lead it belongs to."),
		  0, width());
	buf_add(out, TEXT("\nSubcommands\n"));
	for (size_t i = 0; subcommands[i]; i++)
		add_row(out, text_of(subcommands[i]->words), text_of(subcommands[i]->summary));
	buf_add(out,
		TEXT("\nTo begin\n"
		     "  galena serve                       a server, and a key on the first "
		     "start\n"
		     "  galena import Connections.csv      leads from a file, no server needed\n"
		     "  galena commands list               everything that can be done\n"
		     "\n'galena SUBCOMMAND --help' tells more about each.\n"));
}

static void show_family(struct buf *out, const struct subcommand *const *subcommands,
			const char *family)
{
	buf_add_format(out, "galena %s …\n\n", family);
	for (size_t i = 0; subcommands[i]; i++) {
		struct text rest;
		struct text first = text_split(text_of(subcommands[i]->words), ' ', &rest);

		if (rest.ptr && text_is(first, text_of(family)))
			add_row(out, text_of(subcommands[i]->words),
				text_of(subcommands[i]->summary));
	}
}

void help_show(const struct subcommand *const *subcommands, const struct subcommand *subcommand,
	       const char *family)
{
	struct buf out;

	buf_init(&out, 256 * 1024);
	if (subcommand)
		show_subcommand(&out, subcommand);
	else if (family)
		show_family(&out, subcommands, family);
	else
		show_program(&out, subcommands);
	if (!out.failed)
		say_text(buf_text(&out));
	buf_release(&out);
}
