#include "cli/cmd_completion.h"

#include "cli/completion.h"
#include "cli/program.h"
#include "cli/say.h"
#include "command/catalogue.h"

#define SCRIPT_BYTES_MAX ((size_t)1024 * 1024)

static const struct {
	const char *name;
	void (*write)(const struct completion *completion, struct buf *out);
} shells[] = {
	{"bash", completion_bash},
	{"zsh", completion_zsh},
	{"fish", completion_fish},
};

static enum err_code completion(struct invocation *invocation, struct err *err)
{
	struct completion all = {.subcommands = program_subcommands()};
	struct catalogue *catalogue;
	struct buf script;
	size_t shell = 0;

	while (shell < ARRAY_LEN(shells) && strcmp(shells[shell].name, invocation->args[0]) != 0)
		shell++;
	if (shell == ARRAY_LEN(shells))
		return err_set(err, ERR_INVALID_INPUT, "",
			       "There is completion for bash, zsh and fish, not for \"%.40s\".",
			       invocation->args[0]);
	if (catalogue_create(&catalogue, err) != ERR_OK)
		return err->code;
	all.commands = catalogue_commands(catalogue, &all.command_count);
	buf_init(&script, SCRIPT_BYTES_MAX);
	shells[shell].write(&all, &script);
	enum err_code code = script.failed ? err_memory(err) : ERR_OK;

	if (code == ERR_OK)
		say_text(buf_text(&script));
	buf_release(&script);
	catalogue_destroy(catalogue);
	return code;
}

const struct subcommand cmd_completion = {
	.words = "completion",
	.arguments = "SHELL",
	.args_min = 1,
	.args_max = 1,
	.summary = "Print a script that completes the command line in bash, zsh or fish.",
	.about = "Completes subcommands, flags, files and the ids of commands. In zsh, save it as "
		 "_galena in a folder of $fpath, or source it after compinit.",
	.examples = "source <(galena completion bash)\n"
		    "galena completion zsh > ~/.zfunc/_galena\n"
		    "galena completion fish > ~/.config/fish/completions/galena.fish",
	.run = completion,
};
