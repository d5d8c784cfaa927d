#include "cli/manual.h"

static const char head[] =
	".TH GALENA 1 \"\" \"Galena " GALENA_VERSION "\" \"Galena\"\n"
	".SH NAME\n"
	"galena \\- a system of record for sales leads\n"
	".SH SYNOPSIS\n"
	".B galena\n"
	".I SUBCOMMAND\n"
	".RI [ options ]\n"
	".SH DESCRIPTION\n"
	"Every source of leads writes to Galena, and each write finds the one lead it belongs to.\n"
	"One program holds the server, the command line and the tools around them; one file holds\n"
	"the leads.\n"
	".PP\n"
	"Flags stand before or after the words of the subcommand. Each setting is a variable,\n"
	"too:\n"
	".B \\-\\-log\\-level\n"
	"is\n"
	".BR GALENA_LOG_LEVEL .\n"
	"The flag wins.\n";

static const char tail[] =
	".SH EXIT STATUS\n"
	"0 done, 2 bad input, 3 not allowed, 4 not found, 5 conflict, 6 try again, 1 anything "
	"else.\n"
	".SH SEE ALSO\n"
	".BR galena\\-commands (7)\n";

/* The length of the UTF-8 character at the start of `text`, and its number. */
static size_t character(struct text text, unsigned *out)
{
	unsigned char first = (unsigned char)text.ptr[0];
	size_t len = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;

	*out = len == 1 ? first : first & (0x7Fu >> len);
	for (size_t i = 1; i < len && i < text.len; i++)
		*out = *out << 6 | ((unsigned char)text.ptr[i] & 0x3Fu);
	return len < text.len ? len : text.len;
}

/* Text that is nothing but text to the formatter. */
static void add_text(struct buf *out, struct text text)
{
	if (text.len && text.ptr[0] == '.')
		buf_add(out, TEXT("\\&"));
	while (text.len) {
		unsigned number;
		size_t len = character(text, &number);

		if (number > 0x7F)
			buf_add_format(out, "\\[u%04X]", number);
		else if (number == '\\')
			buf_add(out, TEXT("\\e"));
		else if (number == '\'')
			buf_add(out, TEXT("\\(aq"));
		else if (number == '-')
			buf_add(out, TEXT("\\-"));
		else
			buf_add_char(out, (char)number);
		text = text_skip(text, len);
	}
}

static void add_line(struct buf *out, const char *text)
{
	add_text(out, text_of(text));
	buf_add_char(out, '\n');
}

/* .TP, "--flag VALUE" and what it does. */
static void add_flag(struct buf *out, const char *flag, const char *value, const char *help)
{
	buf_add(out, TEXT(".TP\n\\fB\\-\\-"));
	add_text(out, text_of(flag));
	buf_add(out, TEXT("\\fR"));
	if (value) {
		buf_add(out, TEXT(" \\fI"));
		add_text(out, text_of(value));
		buf_add(out, TEXT("\\fR"));
	}
	buf_add_char(out, '\n');
	add_line(out, help);
}

static void add_examples(struct buf *out, const char *examples)
{
	buf_add(out, TEXT(".PP\n.nf\n.RS\n"));
	for (struct text rest = text_of(examples); rest.len;) {
		add_text(out, text_split(rest, '\n', &rest));
		buf_add_char(out, '\n');
	}
	buf_add(out, TEXT(".RE\n.fi\n"));
}

static void add_subcommand(struct buf *out, const struct subcommand *subcommand)
{
	static const struct {
		enum setting_group group;
		const char *name;
	} groups[] = {{SETTING_STORE, "Database"},
		      {SETTING_REMOTE, "Server"},
		      {SETTING_SERVE, "Serving"}};
	bool is_first = true;

	buf_add(out, TEXT(".SS \""));
	add_text(out, text_of(subcommand->words));
	buf_add_format(out, "%s", subcommand->arguments[0] ? " " : "");
	add_text(out, text_of(subcommand->arguments));
	buf_add(out, TEXT("\"\n"));
	add_line(out, subcommand->summary);
	if (subcommand->about[0])
		add_line(out, subcommand->about);
	for (size_t i = 0; i < ARRAY_LEN(groups); i++) {
		if (!(subcommand->groups & groups[i].group))
			continue;
		buf_add_format(out, "%s\n.BR \"%s\"", is_first ? "Takes the settings under" : "and",
			       groups[i].name);
		buf_add_char(out, '\n');
		is_first = false;
	}
	if (!is_first)
		buf_add(out, TEXT("below.\n"));
	for (const struct option_row *row = subcommand->options; row && row->flag; row++)
		add_flag(out, row->flag, row->value, row->help);
	if (subcommand->examples[0])
		add_examples(out, subcommand->examples);
}

static void add_settings(struct buf *out, unsigned group, unsigned but_not, const char *title)
{
	buf_add_format(out, ".SS %s\n", title);
	for (size_t i = 0; i < settings_count; i++) {
		const struct setting *setting = &settings_rows[i];
		bool has_default = setting->value && setting->otherwise[0];

		if (!(setting->groups & group) || (setting->groups & but_not))
			continue;
		add_flag(out, setting->flag, setting->value, setting->help);
		if (has_default) {
			buf_add(out, TEXT("Default: "));
			add_text(out, text_of(setting->otherwise));
			buf_add(out, TEXT(".\n"));
		}
	}
}

void manual_write(const struct subcommand *const *subcommands, struct buf *out)
{
	buf_add(out, text_of(head));
	buf_add(out, TEXT(".SH SUBCOMMANDS\n"));
	for (size_t i = 0; subcommands[i]; i++)
		add_subcommand(out, subcommands[i]);
	buf_add(out, TEXT(".SH SETTINGS\n"));
	add_settings(out, SETTING_STORE, 0, "Database");
	add_settings(out, SETTING_REMOTE, SETTING_STORE, "Server");
	add_settings(out, SETTING_SERVE, SETTING_STORE | SETTING_REMOTE, "Serving");
	buf_add(out, text_of(tail));
}
