#include "cli/completion.h"

#include <jansson.h>
#include <stdio.h>

/* bash and zsh alike: which words may follow the words so far, which flags, which want a value. */
static const char bash_main[] =
	"_galena() {\n"
	"\tlocal i word so_far= cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}\n"
	"\tCOMPREPLY=()\n"
	"\tfor ((i = 1; i < COMP_CWORD; i++)); do\n"
	"\t\tword=${COMP_WORDS[i]}\n"
	"\t\tif _galena_wants \"$word\"; then\n"
	"\t\t\t[ \"${COMP_WORDS[i+1]}\" != = ] || ((i++))\n"
	"\t\t\t((i++))\n"
	"\t\telif [[ $word != -* ]]; then\n"
	"\t\t\tso_far+=\"${so_far:+ }$word\"\n"
	"\t\tfi\n"
	"\tdone\n"
	"\t[ \"$prev\" != = ] || prev=${COMP_WORDS[COMP_CWORD-2]}\n"
	"\tif _galena_wants \"$prev\"; then\n"
	"\t\t! _galena_wants_file \"$prev\" || COMPREPLY=($(compgen -f -- \"${cur#=}\"))\n"
	"\telif [[ $cur == -* ]]; then\n"
	"\t\tCOMPREPLY=($(compgen -W \"$(_galena_flags \"$so_far\")\" -- \"$cur\"))\n"
	"\telif _galena_takes_file \"$so_far\"; then\n"
	"\t\tCOMPREPLY=($(compgen -f -- \"$cur\"))\n"
	"\telse\n"
	"\t\tCOMPREPLY=($(compgen -W \"$(_galena_words \"$so_far\")\" -- \"$cur\"))\n"
	"\tfi\n"
	"}\n"
	"complete -o filenames -F _galena galena\n";

static const char zsh_main[] = "_galena() {\n"
			       "\tlocal i word so_far= cur=$words[CURRENT] prev=$words[CURRENT-1]\n"
			       "\tfor ((i = 2; i < CURRENT; i++)); do\n"
			       "\t\tword=$words[i]\n"
			       "\t\tif _galena_wants \"$word\"; then\n"
			       "\t\t\t((i++))\n"
			       "\t\telif [[ $word != -* ]]; then\n"
			       "\t\t\tso_far+=\"${so_far:+ }$word\"\n"
			       "\t\tfi\n"
			       "\tdone\n"
			       "\tif _galena_wants \"$prev\"; then\n"
			       "\t\tif _galena_wants_file \"$prev\"; then _files; fi\n"
			       "\telif [[ $cur == -* ]]; then\n"
			       "\t\tcompadd -- ${=\"$(_galena_flags \"$so_far\")\"}\n"
			       "\telif _galena_takes_file \"$so_far\"; then\n"
			       "\t\t_files\n"
			       "\telse\n"
			       "\t\tcompadd -- ${=\"$(_galena_words \"$so_far\")\"}\n"
			       "\tfi\n"
			       "}\n"
			       "if [ \"$funcstack[1]\" = _galena ]; then _galena \"$@\"\n"
			       "else compdef _galena galena; fi\n";

static const char fish_main[] = "function __galena_words\n"
				"    set -l skip no\n"
				"    set -l out\n"
				"    for word in (commandline -opc)[2..-1]\n"
				"        if test $skip = yes\n"
				"            set skip no\n"
				"        else if contains -- $word $__galena_wanting\n"
				"            set skip yes\n"
				"        else if not string match -q -- '-*' $word\n"
				"            set -a out $word\n"
				"        end\n"
				"    end\n"
				"    string join ' ' -- $out\n"
				"end\n"
				"function __galena_at\n"
				"    set -l at (__galena_words)\n"
				"    test \"$at\" = \"$argv[1]\"\n"
				"end\n"
				"function __galena_in\n"
				"    set -l at (__galena_words)\n"
				"    string match -q -- \"$argv[1] *\" \"$at \"\n"
				"end\n"
				"complete -c galena -f\n";

/* Whether the value of a flag is the name of a file. */
static bool is_file(const char *value)
{
	return value && (strcmp(value, "FILE") == 0 || strcmp(value, "PATH") == 0);
}

/* Calls `add` for every flag there is; one that several subcommands have comes several times. */
static void each_flag(const struct completion *completion, struct buf *out,
		      void (*add)(struct buf *out, const char *flag, const char *value))
{
	for (size_t i = 0; i < settings_count; i++)
		add(out, settings_rows[i].flag, settings_rows[i].value);
	for (size_t i = 0; completion->subcommands[i]; i++) {
		const struct option_row *row = completion->subcommands[i]->options;

		for (; row && row->flag; row++)
			add(out, row->flag, row->value);
	}
}

static void add_once(struct buf *out, const char *flag, const char *separator)
{
	char mark[80];
	struct text so_far = out->len ? buf_text(out) : TEXT("");

	snprintf(mark, sizeof mark, "--%s%s", flag, separator);
	/* Each ends with the separator, so one that begins like another is not taken for it. */
	if (!so_far.ptr || !memmem(so_far.ptr, so_far.len, mark, strlen(mark)))
		buf_add(out, text_of(mark));
}

static void add_wanting(struct buf *out, const char *flag, const char *value)
{
	if (value)
		add_once(out, flag, " ");
}

static void add_wanting_file(struct buf *out, const char *flag, const char *value)
{
	if (is_file(value))
		add_once(out, flag, " ");
}

/* name() { case " --a --b " in *" $1 "*) return 0 ;; esac; return 1; } */
static void add_test(const struct completion *completion, struct buf *out, const char *name,
		     void (*add)(struct buf *, const char *, const char *))
{
	struct buf flags;

	buf_init(&flags, 16 * 1024);
	each_flag(completion, &flags, add);
	out->failed = out->failed || flags.failed;
	buf_add_format(out,
		       "%s() {\n\tcase \" %.*s\" in\n\t*\" $1 \"*) return 0 ;;\n\tesac\n"
		       "\treturn 1\n}\n",
		       name, TEXT_ARG(buf_text(&flags)));
	buf_release(&flags);
}

static void add_flags_of(struct buf *out, const struct subcommand *subcommand)
{
	buf_add(out, TEXT("--help"));
	for (const struct option_row *row = subcommand->options; row && row->flag; row++)
		buf_add_format(out, " --%s", row->flag);
	for (size_t i = 0; i < settings_count; i++) {
		if (settings_rows[i].groups & subcommand->groups)
			buf_add_format(out, " --%s", settings_rows[i].flag);
	}
}

static void add_flags(const struct completion *completion, struct buf *out)
{
	buf_add(out, TEXT("_galena_flags() {\n\tcase \"$1 \" in\n"));
	for (size_t i = 0; completion->subcommands[i]; i++) {
		buf_add_format(out, "\t\"%s \"*) echo \"", completion->subcommands[i]->words);
		add_flags_of(out, completion->subcommands[i]);
		buf_add(out, TEXT("\" ;;\n"));
	}
	buf_add(out, TEXT("\t*) echo --help ;;\n\tesac\n}\n"));
}

/* The first words of all subcommands; and the second ones of those that begin with `family`. */
static void add_words_after(const struct completion *completion, struct buf *out,
			    struct text family)
{
	struct text last = TEXT_NONE;

	for (size_t i = 0; completion->subcommands[i]; i++) {
		struct text rest;
		struct text first =
			text_split(text_of(completion->subcommands[i]->words), ' ', &rest);

		if (family.ptr && rest.ptr && text_is(first, family))
			buf_add_format(out, "%.*s ", TEXT_ARG(rest));
		else if (!family.ptr && !text_is(first, last))
			buf_add_format(out, "%.*s ", TEXT_ARG(first));
		last = first;
	}
}

/* The line of a case that begins a family, for the first subcommand of it. */
static void add_family(const struct completion *completion, struct buf *out, size_t index)
{
	struct text rest, before = TEXT_NONE;
	struct text first = text_split(text_of(completion->subcommands[index]->words), ' ', &rest);

	if (index > 0)
		before = text_split(text_of(completion->subcommands[index - 1]->words), ' ',
				    &(struct text){NULL, 0});
	if (!rest.ptr || text_is(first, before))
		return;
	buf_add_format(out, "\t\"%.*s\" | \"help %.*s\") echo \"", TEXT_ARG(first),
		       TEXT_ARG(first));
	add_words_after(completion, out, first);
	buf_add(out, TEXT("\" ;;\n"));
}

static void add_words(const struct completion *completion, struct buf *out)
{
	buf_add(out, TEXT("_galena_words() {\n\tcase $1 in\n\t\"\" | help) echo \""));
	add_words_after(completion, out, TEXT_NONE);
	buf_add(out, TEXT("\" ;;\n"));
	for (size_t i = 0; completion->subcommands[i]; i++)
		add_family(completion, out, i);
	buf_add(out, TEXT("\tcompletion) echo \"bash zsh fish\" ;;\n"
			  "\t\"commands run\" | \"commands schema\") echo \""));
	for (size_t i = 0; i < completion->command_count; i++)
		buf_add_format(out, "%.*s ", TEXT_ARG(completion->commands[i].id));
	buf_add(out, TEXT("\" ;;\n\tesac\n}\n_galena_takes_file() {\n\tcase $1 in\n"));
	for (size_t i = 0; completion->subcommands[i]; i++) {
		if (strstr(completion->subcommands[i]->arguments, "FILE"))
			buf_add_format(out, "\t\"%s\") return 0 ;;\n",
				       completion->subcommands[i]->words);
	}
	buf_add(out, TEXT("\tesac\n\treturn 1\n}\n"));
}

static void add_common(const struct completion *completion, struct buf *out)
{
	add_test(completion, out, "_galena_wants", add_wanting);
	add_test(completion, out, "_galena_wants_file", add_wanting_file);
	add_flags(completion, out);
	add_words(completion, out);
}

void completion_bash(const struct completion *completion, struct buf *out)
{
	buf_add(out, TEXT("# bash completion for galena: source <(galena completion bash)\n"));
	add_common(completion, out);
	buf_add(out, text_of(bash_main));
}

void completion_zsh(const struct completion *completion, struct buf *out)
{
	buf_add(out, TEXT("#compdef galena\n# zsh completion for galena: galena completion zsh > "
			  "a file _galena in a folder of $fpath\n"));
	add_common(completion, out);
	buf_add(out, text_of(zsh_main));
}

/* -d 'text', in fish's quotes. */
static void add_about(struct buf *out, struct text text)
{
	buf_add(out, TEXT(" -d '"));
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '\'' || text.ptr[i] == '\\')
			buf_add_char(out, '\\');
		buf_add_char(out, text.ptr[i]);
	}
	buf_add(out, TEXT("'\n"));
}

static void add_fish_flag(struct buf *out, const char *words, const char *flag, const char *value)
{
	buf_add_format(out, "complete -c galena -n '__galena_in \"%s\"' -l %s%s", words, flag,
		       !value           ? ""
		       : is_file(value) ? " -rF"
					: " -x");
}

static void add_fish_subcommand(struct buf *out, const struct subcommand *subcommand)
{
	struct text rest;
	struct text first = text_split(text_of(subcommand->words), ' ', &rest);

	buf_add_format(out, "complete -c galena -n '__galena_at \"%.*s\"' -a %.*s",
		       rest.ptr ? (int)first.len : 0, first.ptr,
		       TEXT_ARG((rest.ptr ? rest : first)));
	add_about(out, text_of(subcommand->summary));
	if (strstr(subcommand->arguments, "FILE"))
		buf_add_format(out, "complete -c galena -n '__galena_at \"%s\"' -F\n",
			       subcommand->words);
	for (const struct option_row *row = subcommand->options; row && row->flag; row++) {
		add_fish_flag(out, subcommand->words, row->flag, row->value);
		add_about(out, text_of(row->help));
	}
	for (size_t i = 0; i < settings_count; i++) {
		const struct setting *setting = &settings_rows[i];

		if (!(setting->groups & subcommand->groups))
			continue;
		add_fish_flag(out, subcommand->words, setting->flag, setting->value);
		add_about(out, text_of(setting->help));
	}
}

static bool is_family(const struct completion *completion, struct text word)
{
	for (size_t i = 0; completion->subcommands[i]; i++) {
		struct text rest;
		struct text first =
			text_split(text_of(completion->subcommands[i]->words), ' ', &rest);

		if (rest.ptr && text_is(first, word))
			return true;
	}
	return false;
}

static void add_fish_command(struct buf *out, const struct command *command)
{
	json_t *meta = json_loadb(command->meta.ptr, command->meta.len, 0, NULL);
	const char *summary = json_string_value(json_object_get(meta, "summary"));

	buf_add_format(out,
		       "complete -c galena -n '__galena_at \"commands run\"; or "
		       "__galena_at \"commands schema\"' -a %.*s",
		       TEXT_ARG(command->id));
	add_about(out, text_of(summary ? summary : ""));
	json_decref(meta);
}

void completion_fish(const struct completion *completion, struct buf *out)
{
	struct buf words;

	buf_init(&words, 16 * 1024);
	each_flag(completion, &words, add_wanting);
	out->failed = out->failed || words.failed;
	buf_add_format(out,
		       "# fish completion for galena: galena completion fish | source\n"
		       "set -g __galena_wanting %.*s\n%s",
		       TEXT_ARG(buf_text(&words)), fish_main);
	buf_reset(&words);
	buf_add(&words, TEXT(""));
	add_words_after(completion, &words, TEXT_NONE);
	for (struct text rest = buf_text(&words); rest.len;) {
		struct text word = text_split(rest, ' ', &rest);

		if (is_family(completion, word))
			buf_add_format(out, "complete -c galena -n '__galena_at \"\"' -a %.*s\n",
				       TEXT_ARG(word));
	}
	buf_release(&words);
	for (size_t i = 0; completion->subcommands[i]; i++)
		add_fish_subcommand(out, completion->subcommands[i]);
	buf_add(out, TEXT("complete -c galena -n '__galena_at completion' -a 'bash zsh fish'\n"));
	for (size_t i = 0; i < completion->command_count; i++)
		add_fish_command(out, &completion->commands[i]);
}
