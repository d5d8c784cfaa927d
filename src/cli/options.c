#include "cli/options.h"

#include <stdio.h>

#include "json/schema_node.h"

#define FLAGS_MAX 64

/* The command line taken apart, before it is known which subcommand it is. */
struct parts {
	struct {
		struct text flag;
		const char *value; /* NULL: a switch */
	} flags[FLAGS_MAX];
	size_t flag_count;
	const char *words[OPTIONS_WORDS_MAX];
	size_t word_count;
};

enum arity { ARITY_UNKNOWN, ARITY_SWITCH, ARITY_VALUE };

static const struct option_row *find_option(const struct subcommand *subcommand, struct text flag)
{
	for (const struct option_row *row = subcommand->options; row && row->flag; row++) {
		if (text_is(flag, text_of(row->flag)))
			return row;
	}
	return NULL;
}

/* A flag takes a value everywhere or nowhere, so this needs no subcommand. */
static enum arity arity_of(const struct options_tables *tables, struct text flag)
{
	const struct setting *setting = settings_find(flag);

	if (setting)
		return setting->value ? ARITY_VALUE : ARITY_SWITCH;
	if (text_is(flag, TEXT("help")))
		return ARITY_SWITCH;
	for (size_t i = 0; tables->subcommands[i]; i++) {
		const struct option_row *row = find_option(tables->subcommands[i], flag);

		if (row)
			return row->value ? ARITY_VALUE : ARITY_SWITCH;
	}
	return ARITY_UNKNOWN;
}

static void guess_option(struct schema_say_guess *guess, const struct subcommand *subcommand)
{
	for (const struct option_row *row = subcommand->options; row && row->flag; row++)
		schema_say_guess_try(guess, text_of(row->flag));
}

static enum err_code unknown_flag(const struct options_tables *tables, struct text flag,
				  struct err *err)
{
	struct schema_say_guess guess;

	schema_say_guess_init(&guess, flag);
	for (size_t i = 0; i < settings_count; i++)
		schema_say_guess_try(&guess, text_of(settings_rows[i].flag));
	for (size_t i = 0; tables->subcommands[i]; i++)
		guess_option(&guess, tables->subcommands[i]);
	if (guess.best.ptr)
		return err_set(err, ERR_INVALID_INPUT, "",
			       "There is no --%.*s. Did you mean --%.*s?", TEXT_ARG(flag),
			       TEXT_ARG(guess.best));
	return err_set(err, ERR_INVALID_INPUT, "", "There is no --%.*s.", TEXT_ARG(flag));
}

/* Take the flag at argv[*at], and its value when that is the next word. */
static enum err_code take_flag(const struct options_tables *tables, char **argv, int *at,
			       struct parts *parts, struct err *err)
{
	struct text whole = text_of(argv[*at] + 2);
	struct text value;
	struct text flag = text_split(whole, '=', &value);
	enum arity arity;

	if (strcmp(argv[*at], "-h") == 0)
		flag = TEXT("help"), value = TEXT_NONE;
	arity = arity_of(tables, flag);
	if (arity == ARITY_UNKNOWN)
		return unknown_flag(tables, flag, err);
	if (arity == ARITY_SWITCH && value.ptr && !settings_find(flag))
		return err_set(err, ERR_INVALID_INPUT, "", "--%.*s takes no value.",
			       TEXT_ARG(flag));
	if (arity == ARITY_VALUE && !value.ptr) {
		if (!argv[*at + 1])
			return err_set(err, ERR_INVALID_INPUT, "",
				       "--%.*s needs a value behind it.", TEXT_ARG(flag));
		value = text_of(argv[++*at]);
	}
	if (parts->flag_count == FLAGS_MAX)
		return err_set(err, ERR_INVALID_INPUT, "", "More than %d flags.", FLAGS_MAX);
	parts->flags[parts->flag_count].flag = flag;
	parts->flags[parts->flag_count++].value = value.ptr;
	return ERR_OK;
}

static bool is_flag(const char *word)
{
	return strncmp(word, "--", 2) == 0 || strcmp(word, "-h") == 0;
}

static enum err_code take_apart(const struct options_tables *tables, int argc, char **argv,
				struct parts *parts, struct err *err)
{
	bool flags_ended = false;

	for (int at = 1; at < argc; at++) {
		if (!flags_ended && strcmp(argv[at], "--") == 0) {
			flags_ended = true;
			continue;
		}
		if (!flags_ended && is_flag(argv[at])) {
			if (take_flag(tables, argv, &at, parts, err) != ERR_OK)
				return err->code;
			continue;
		}
		if (parts->word_count == OPTIONS_WORDS_MAX)
			return err_set(err, ERR_INVALID_INPUT, "",
				       "Too many words, from \"%.60s\" on.", argv[at]);
		parts->words[parts->word_count++] = argv[at];
	}
	return ERR_OK;
}

/* How many words of the command line are the subcommand's: 0 when it is another one. */
static size_t match_words(const struct subcommand *subcommand, const struct parts *parts)
{
	struct text rest = text_of(subcommand->words);
	size_t count = 0;

	while (rest.ptr) {
		struct text word = text_split(rest, ' ', &rest);

		if (count == parts->word_count || !text_is(word, text_of(parts->words[count])))
			return 0;
		count++;
	}
	return count;
}

/* Whether `word` is the first of several subcommands, as in "key create". */
static bool is_family(const struct options_tables *tables, const char *word)
{
	for (size_t i = 0; tables->subcommands[i]; i++) {
		struct text rest;
		struct text first = text_split(text_of(tables->subcommands[i]->words), ' ', &rest);

		if (rest.ptr && text_is(first, text_of(word)))
			return true;
	}
	return false;
}

static enum err_code half_subcommand(const struct options_tables *tables, const char *family,
				     struct err *err)
{
	char names[120] = "";
	size_t len = 0;

	for (size_t i = 0; tables->subcommands[i]; i++) {
		struct text rest;
		struct text first = text_split(text_of(tables->subcommands[i]->words), ' ', &rest);

		if (!rest.ptr || !text_is(first, text_of(family)) || len + rest.len > 100)
			continue;
		len += (size_t)snprintf(names + len, sizeof names - len, "%s%.*s", len ? ", " : "",
					TEXT_ARG(rest));
	}
	return err_set(err, ERR_INVALID_INPUT, "", "Say which: galena %s %s.", family, names);
}

static enum err_code unknown_subcommand(const struct options_tables *tables,
					const struct parts *parts, struct err *err)
{
	struct schema_say_guess guess;
	char given[80];
	bool has_second = parts->word_count > 1 && is_family(tables, parts->words[0]);

	if (!has_second && is_family(tables, parts->words[0]))
		return half_subcommand(tables, parts->words[0], err);
	snprintf(given, sizeof given, "%.38s%s%.38s", parts->words[0], has_second ? " " : "",
		 has_second ? parts->words[1] : "");
	schema_say_guess_init(&guess, text_of(given));
	for (size_t i = 0; tables->subcommands[i]; i++)
		schema_say_guess_try(&guess, text_of(tables->subcommands[i]->words));
	if (guess.best.ptr)
		return err_set(err, ERR_INVALID_INPUT, "",
			       "There is no \"galena %s\". Did you mean \"galena %.*s\"?", given,
			       TEXT_ARG(guess.best));
	return err_set(err, ERR_INVALID_INPUT, "",
		       "There is no \"galena %s\"; \"galena help\" shows what there is.", given);
}

static enum err_code take_words(const struct options_tables *tables, const struct parts *parts,
				struct invocation *out, struct err *err)
{
	size_t used = 0;

	for (size_t i = 0; tables->subcommands[i]; i++) {
		size_t words = match_words(tables->subcommands[i], parts);

		if (words > used) {
			used = words;
			out->subcommand = tables->subcommands[i];
		}
	}
	if (parts->word_count == 0)
		return ERR_OK;
	if (parts->word_count == 1 && out->wants_help && is_family(tables, parts->words[0])) {
		out->family = parts->words[0];
		return ERR_OK;
	}
	if (!out->subcommand)
		return unknown_subcommand(tables, parts, err);
	for (size_t i = used; i < parts->word_count; i++) {
		if (out->arg_count == out->subcommand->args_max ||
		    out->arg_count == OPTIONS_ARGS_MAX)
			return err_set(err, ERR_INVALID_INPUT, "",
				       "\"galena %s\" has no use for \"%.60s\".",
				       out->subcommand->words, parts->words[i]);
		out->args[out->arg_count++] = parts->words[i];
	}
	return ERR_OK;
}

static enum err_code take_value(struct invocation *out, struct text flag, const char *value,
				struct err *err)
{
	const struct subcommand *subcommand = out->subcommand;
	const struct option_row *row = subcommand ? find_option(subcommand, flag) : NULL;
	const struct setting *setting = settings_find(flag);
	char name[64];

	if (text_is(flag, TEXT("help"))) {
		out->wants_help = true;
		return ERR_OK;
	}
	if (row) {
		out->values[row - subcommand->options] = value ? value : "";
		return ERR_OK;
	}
	if (!setting || (subcommand && !(setting->groups & subcommand->groups)))
		return err_set(err, ERR_INVALID_INPUT, "", "\"galena %s\" has no --%.*s.",
			       subcommand ? subcommand->words : "", TEXT_ARG(flag));
	snprintf(name, sizeof name, "--%s", setting->flag);
	return settings_set(&out->settings, setting, name, value ? value : "on", err);
}

enum err_code options_read(const struct options_tables *tables, int argc, char **argv,
			   struct invocation *out, struct err *err)
{
	struct parts parts = {.flag_count = 0};

	memset(out, 0, sizeof *out);
	settings_init(&out->settings);
	if (take_apart(tables, argc, argv, &parts, err) != ERR_OK)
		return err->code;
	for (size_t i = 0; i < parts.flag_count; i++)
		out->wants_help = out->wants_help || text_is(parts.flags[i].flag, TEXT("help"));
	if (take_words(tables, &parts, out, err) != ERR_OK)
		return err->code;
	if (out->wants_help)
		return ERR_OK;
	if (settings_read_environment(&out->settings, tables->look_up, err) != ERR_OK)
		return err->code;
	for (size_t i = 0; i < parts.flag_count; i++) {
		/* Who names a database here does not mean the server of a variable. */
		if (text_is(parts.flags[i].flag, TEXT("db")))
			out->settings.url = "";
	}
	for (size_t i = 0; i < parts.flag_count; i++) {
		if (take_value(out, parts.flags[i].flag, parts.flags[i].value, err) != ERR_OK)
			return err->code;
	}
	if (out->subcommand && out->arg_count < out->subcommand->args_min)
		return err_set(err, ERR_INVALID_INPUT, "", "\"galena %s\" needs %s behind it.",
			       out->subcommand->words, out->subcommand->arguments);
	return ERR_OK;
}

const char *options_value(const struct invocation *invocation, const char *flag)
{
	const struct option_row *rows = invocation->subcommand->options;

	for (size_t i = 0; rows && rows[i].flag; i++) {
		if (strcmp(rows[i].flag, flag) == 0)
			return invocation->values[i];
	}
	return NULL;
}

bool options_has(const struct invocation *invocation, const char *flag)
{
	return options_value(invocation, flag) != NULL;
}
