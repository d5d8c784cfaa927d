#include "cli/program.h"

#include <signal.h>
#include <sodium.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/log.h"
#include "cli/cmd_admin.h"
#include "cli/cmd_commands.h"
#include "cli/cmd_completion.h"
#include "cli/cmd_doctor.h"
#include "cli/cmd_export.h"
#include "cli/cmd_import.h"
#include "cli/cmd_key.h"
#include "cli/cmd_mcp.h"
#include "cli/cmd_openapi.h"
#include "cli/cmd_serve.h"
#include "cli/cmd_workspace.h"
#include "cli/help.h"
#include "cli/say.h"
#include "json/writer.h"

static const struct subcommand *const subcommands[] = {
	&cmd_serve,        &cmd_mcp,
	&cmd_import,
	&cmd_export,       &cmd_commands_list,
	&cmd_commands_run, &cmd_commands_schema,
	&cmd_key_create,   &cmd_key_list,
	&cmd_key_revoke,   &cmd_workspace_create,
	&cmd_workspace_list, &cmd_doctor,
	&cmd_openapi,      &cmd_completion,
	&cmd_admin_settings, &cmd_admin_version,
	&cmd_admin_help,   NULL,
};

const struct subcommand *const *program_subcommands(void)
{
	return subcommands;
}

/* What every subcommand relies on, before the first thread. */
static enum err_code prepare(const struct settings *settings, bool serves, struct err *err)
{
	unsigned char seed[sizeof(size_t)];
	enum log_level level;
	size_t number;

	if (sodium_init() < 0)
		return err_internal(err, "libsodium");
	/* Nobody outside can foresee the hash of a key. */
	randombytes_buf(seed, sizeof seed);
	memcpy(&number, seed, sizeof number);
	json_object_seed(number ? number : 1);
	umask(077); /* leads are for their owner alone */
	signal(SIGPIPE, SIG_IGN);
	if (!log_level_parse(text_of(settings->log_level), &level))
		return err_set(err, ERR_INVALID_INPUT, "",
			       "The log level is debug, info, warn, error or off, not \"%.40s\".",
			       settings->log_level);
	/* Who types a command does not read a log as well. */
	log_set_level(!serves && level == LOG_INFO ? LOG_WARN : level);
	return ERR_OK;
}

/* {"error":{"code","message"}}, for whoever reads standard output. */
static void say_json_error(const struct err *err)
{
	struct buf buf;
	struct writer writer = writer_on(&buf);

	buf_init(&buf, 8192);
	writer_begin_object(&writer);
	writer_key(&writer, TEXT("error"));
	writer_begin_object(&writer);
	writer_member_text(&writer, "code", text_of(err_name(err->code)));
	writer_member_text(&writer, "message", text_of(err->message));
	writer_end_object(&writer);
	writer_end_object(&writer);
	if (!buf.failed)
		say_json(buf_text(&buf));
	buf_release(&buf);
}

static int fail(const struct invocation *invocation, struct err *err)
{
	if (!invocation->has_told) {
		say_plainly(err);
		if (invocation->subcommand && options_has(invocation, "json"))
			say_json_error(err);
		say_error(err);
	}
	fflush(stdout);
	return err_exit_code(err->code);
}

/* For a command line that could not be read: whether whoever wrote it reads JSON. */
static bool wants_json(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--json") == 0)
			return true;
	}
	return false;
}

int program_main(int argc, char **argv)
{
	const struct options_tables tables = {subcommands, getenv};
	struct invocation invocation;
	struct err err = {.code = ERR_OK};

	if (options_read(&tables, argc, argv, &invocation, &err) != ERR_OK) {
		if (wants_json(argc, argv))
			say_json_error(&err);
		say_error(&err);
		say_note("'galena %s%s--help' shows what there is.",
			 invocation.subcommand ? invocation.subcommand->words : "",
			 invocation.subcommand ? " " : "");
		fflush(stdout);
		return err_exit_code(err.code);
	}
	if (!invocation.subcommand || invocation.wants_help) {
		help_show(subcommands, invocation.subcommand, invocation.family);
		return say_end(&err) == ERR_OK ? 0 : err_exit_code(err.code);
	}
	bool serves = invocation.subcommand == &cmd_serve;

	if (prepare(&invocation.settings, serves, &err) != ERR_OK ||
	    invocation.subcommand->run(&invocation, &err) != ERR_OK)
		return fail(&invocation, &err);
	if (say_end(&err) != ERR_OK)
		return fail(&invocation, &err);
	return 0;
}
