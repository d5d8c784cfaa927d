/*
 * options: the command line, read by the tables of the subcommands.
 *
 * Flags may stand before or after the subcommand's words; "--flag value" and "--flag=value" are
 * the same; "--" ends them. A --db flag wins over the variable GALENA_URL.
 *
 * Holds    texts borrowed from the command line.
 * Threads  the main one.
 * Fails    ERR_INVALID_INPUT for what is not in the tables, naming what is nearest to it.
 */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include "cli/settings.h"

#define OPTIONS_MAX 16      /* of one subcommand */
#define OPTIONS_ARGS_MAX 2  /* what follows its words */
#define OPTIONS_WORDS_MAX 6 /* words and arguments */

struct option_row {
	const char *flag;
	const char *value; /* what stands for it in the help; NULL for a switch */
	const char *help;
};

struct invocation;

struct subcommand {
	const char *words;     /* "key create" */
	const char *arguments; /* as the help shows them, "FILE"; "": none */
	size_t args_min, args_max;
	const char *summary;
	const char *about;    /* a paragraph more; "": nothing */
	const char *examples; /* lines */
	const struct option_row *options; /* ends with a row without a flag; NULL: none */
	unsigned groups;                  /* enum setting_group: which settings it takes */
	enum err_code (*run)(struct invocation *invocation, struct err *err);
};

/* What the command line asks for. */
struct invocation {
	const struct subcommand *subcommand; /* NULL: no word was given, or only a family's */
	const char *family;                  /* "key", for help about all of "key …"; or NULL */
	struct settings settings;
	const char *values[OPTIONS_MAX]; /* of the subcommand's options; NULL: not given */
	const char *args[OPTIONS_ARGS_MAX];
	size_t arg_count;
	bool wants_help;
	bool has_told; /* the failure was told already; only the exit code is left */
};

/* Every subcommand, ended by NULL. */
struct options_tables {
	const struct subcommand *const *subcommands;
	char *(*look_up)(const char *name); /* getenv, or a test's */
};

/* `out` is filled as far as it was understood even on failure: its subcommand, for a hint. */
MUST_USE enum err_code options_read(const struct options_tables *tables, int argc, char **argv,
				    struct invocation *out, struct err *err);

/* The value of an option of the subcommand; NULL when it was not given. */
const char *options_value(const struct invocation *invocation, const char *flag);

/* Whether a switch was given. */
bool options_has(const struct invocation *invocation, const char *flag);

#endif
