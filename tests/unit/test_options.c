/* The command line: flags anywhere, values either way, and mistakes that name what is nearest. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "cli/options.h"

#define WORDS_MAX 16

static const struct option_row create_options[] = {{"name", "NAME", ""},
						   {"json", NULL, ""},
						   {NULL, NULL, NULL}};
static const struct option_row list_options[] = {{"json", NULL, ""}, {NULL, NULL, NULL}};

static const struct subcommand create = {.words = "key create",
					 .arguments = "",
					 .options = create_options,
					 .groups = SETTING_STORE};
static const struct subcommand list = {.words = "key list",
				       .arguments = "",
				       .options = list_options,
				       .groups = SETTING_STORE};
static const struct subcommand import = {.words = "import",
					 .arguments = "FILE",
					 .args_min = 1,
					 .args_max = 1,
					 .options = list_options,
					 .groups = SETTING_STORE | SETTING_REMOTE};
static const struct subcommand *const subcommands[] = {&create, &list, &import, NULL};

static char *no_variables(const char *name)
{
	(void)name;
	return NULL;
}

static char *a_server(const char *name)
{
	return strcmp(name, "GALENA_URL") == 0 ? (char *)"http://example.com" : NULL;
}

/* The words of `line`, which are separated by single blanks. */
static enum err_code read_with(char *(*look_up)(const char *), const char *line,
			       struct invocation *out, struct err *err)
{
	static char copy[400];
	static char *argv[WORDS_MAX + 1];
	const struct options_tables tables = {subcommands, look_up};
	int argc = 1;

	argv[0] = (char *)"galena";
	snprintf(copy, sizeof copy, "%s", line);
	for (char *at = copy; at && *at && argc < WORDS_MAX;) {
		argv[argc++] = at;
		at = strchr(at, ' ');
		if (at)
			*at++ = '\0';
	}
	argv[argc] = NULL;
	return options_read(&tables, argc, argv, out, err);
}

static void reads(const char *line, struct invocation *out)
{
	struct err err = {.code = ERR_OK};

	assert_int_equal(read_with(no_variables, line, out, &err), ERR_OK);
}

static void fails(const char *line, const char *said)
{
	struct invocation invocation;
	struct err err = {.code = ERR_OK};

	assert_int_equal(read_with(no_variables, line, &invocation, &err), ERR_INVALID_INPUT);
	if (!strstr(err.message, said))
		fail_msg("\"%s\" says \"%s\"", line, err.message);
}

static void test_flags_anywhere(void **state)
{
	static const char *const lines[] = {"key create --name web --db x.db --json",
					    "--db=x.db --json key create --name=web",
					    "key --name web create --json --db x.db",
					    "--name web --json --db x.db -- key create"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
		struct invocation invocation;

		reads(lines[i], &invocation);
		assert_ptr_equal(invocation.subcommand, &create);
		assert_string_equal(options_value(&invocation, "name"), "web");
		assert_true(options_has(&invocation, "json"));
		assert_string_equal(invocation.settings.db, "x.db");
		assert_int_equal(invocation.arg_count, 0);
	}
}

static void test_arguments(void **state)
{
	struct invocation invocation;

	(void)state;
	reads("import -", &invocation);
	assert_string_equal(invocation.args[0], "-");
	reads("import -- --odd-name.csv", &invocation);
	assert_string_equal(invocation.args[0], "--odd-name.csv");
	fails("import", "needs FILE");
	fails("import a.csv b.csv", "no use for \"b.csv\"");
	fails("key list x", "no use for \"x\"");
}

static void test_help(void **state)
{
	struct invocation invocation;

	(void)state;
	reads("import --help", &invocation);
	assert_true(invocation.wants_help);
	assert_ptr_equal(invocation.subcommand, &import);
	reads("-h", &invocation);
	assert_true(invocation.wants_help);
	reads("", &invocation);
	assert_null(invocation.subcommand);
	reads("key --help", &invocation);
	assert_string_equal(invocation.family, "key");
	assert_null(invocation.subcommand);
	fails("key", "Say which: galena key create, list.");
}

static void test_mistakes(void **state)
{
	(void)state;
	fails("key create --nmae x", "Did you mean --name?");
	fails("key create --lisen x", "Did you mean --listen?");
	fails("key create --zzzzzzzz x", "There is no --zzzzzzzz.");
	fails("key create --listen x", "\"galena key create\" has no --listen");
	fails("key list --name x", "\"galena key list\" has no --name");
	fails("key create --name", "needs a value");
	fails("key create --json=1", "takes no value");
	fails("imprt x", "Did you mean \"galena import\"?");
	fails("key creat", "Did you mean \"galena key create\"?");
	fails("a b c d e f g", "Too many words");
	fails("import x --check-outputs=maybe", "on or off");
}

static void test_database_wins_over_variable(void **state)
{
	struct invocation invocation;
	struct err err;

	(void)state;
	assert_int_equal(read_with(a_server, "import x", &invocation, &err), ERR_OK);
	assert_string_equal(invocation.settings.url, "http://example.com");
	assert_int_equal(read_with(a_server, "import x --db y", &invocation, &err), ERR_OK);
	assert_string_equal(invocation.settings.url, "");
	assert_int_equal(read_with(a_server, "import x --db y --url z", &invocation, &err), ERR_OK);
	assert_string_equal(invocation.settings.url, "z");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_flags_anywhere),
		cmocka_unit_test(test_arguments),
		cmocka_unit_test(test_help),
		cmocka_unit_test(test_mistakes),
		cmocka_unit_test(test_database_wins_over_variable),
	};

	return cmocka_run_group_tests_name("options", tests, NULL, NULL);
}
