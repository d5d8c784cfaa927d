#include "cli/cmd_mcp.h"

#include "cli/home.h"
#include "cli/mcp_lines.h"
#include "cli/mcp_relay.h"
#include "cli/mcp_stdio.h"
#include "command/access.h"
#include "job/importer.h"

#define MEMORY_MAX ((size_t)1024 * 1024)

/* An option that is one of two words; `out` is whether it is the second. */
static enum err_code read_choice(const struct invocation *invocation, const char *flag,
				 const char *const words[2], bool *out, struct err *err)
{
	const char *value = options_value(invocation, flag);

	*out = value && strcmp(value, words[1]) == 0;
	if (!value || *out || strcmp(value, words[0]) == 0)
		return ERR_OK;
	return err_set(err, ERR_INVALID_INPUT, "", "--%s is %s or %s, not \"%.40s\".", flag,
		       words[0], words[1], value);
}

static enum err_code read_look(const struct invocation *invocation, struct mcp_look *out,
			       struct err *err)
{
	static const char *const profiles[2] = {"full", "compact"};
	static const char *const names[2] = {"id", "plain"};

	if (read_choice(invocation, "profile", profiles, &out->is_compact, err) != ERR_OK)
		return err->code;
	return read_choice(invocation, "names", names, &out->has_plain_names, err);
}

/* Whoever starts the program may do everything, unless the command line says less. */
static enum err_code read_scopes(const struct invocation *invocation, struct desk *desk,
				 struct text *out, struct err *err)
{
	const char *value = options_value(invocation, "scopes");
	size_t count;
	const struct command *commands = dispatch_commands(desk, &count);

	*out = value ? text_trim(text_of(value)) : TEXT("*");
	return access_check_scopes(*out, commands, count, err);
}

static enum err_code serve(const struct invocation *invocation, struct mcp_lines *lines,
			   struct home *home, struct mcp_look look, struct err *err)
{
	struct mcp_stdio_settings settings = {.desk = home->desk, .look = look};
	struct workspace_row workspace;
	struct importer *importer = NULL;
	struct arena arena;

	arena_init(&arena, MEMORY_MAX);
	settings.caller = (struct caller){.name = TEXT("galena mcp"), .via = CHANGE_VIA_MCP};
	enum err_code code = read_scopes(invocation, home->desk, &settings.caller.scopes, err);

	if (code == ERR_OK)
		code = home_workspace(home, &arena, &invocation->settings, &workspace, err);
	if (code == ERR_OK)
		code = importer_create(home->desk, &importer, err);
	if (code == ERR_OK) {
		settings.caller.workspace = workspace.number;
		settings.caller.workspace_id = workspace.id;
		code = mcp_stdio_serve(lines, &settings, err);
	}
	importer_destroy(importer);
	arena_release(&arena);
	return code;
}

static enum err_code run_in(const struct invocation *invocation, struct mcp_lines *lines,
			    struct err *err)
{
	struct mcp_look look;
	struct home home;

	if (read_look(invocation, &look, err) != ERR_OK)
		return err->code;
	if (invocation->settings.url[0] && options_value(invocation, "scopes"))
		return err_set(err, ERR_INVALID_INPUT, "",
			       "With --url the key says what is allowed; leave --scopes out.");
	if (invocation->settings.url[0])
		return mcp_relay_serve(lines, &invocation->settings, look, err);
	/* For as long as a server, with a search index that follows the writes. */
	if (home_init(&home, &invocation->settings, true, err) != ERR_OK)
		return err->code;
	enum err_code code = serve(invocation, lines, &home, look, err);

	home_release(&home);
	return code;
}

static enum err_code run(struct invocation *invocation, struct err *err)
{
	struct mcp_lines lines;

	mcp_lines_init(&lines);
	enum err_code code = run_in(invocation, &lines, err);

	mcp_lines_release(&lines);
	return code;
}

static const struct option_row options[] = {
	{"profile", "WORD",
	 "full (the default), or compact: shorter lists of tools and shorter leads, for fewer "
	 "tokens."},
	{"names", "WORD",
	 "id (the default): tools are called lead.upsert; plain: lead_upsert, for clients that "
	 "take no dots."},
	{"scopes", "SCOPES", "What tools may do: * (the default), read, write, delete, lead.*, …"},
	{NULL, NULL, NULL},
};

const struct subcommand cmd_mcp = {
	.words = "mcp",
	.arguments = "",
	.summary = "Serve AI clients on standard input and output (Model Context Protocol).",
	.about = "For a client that starts its servers itself. On the database here, or with --url "
		 "on a server, whose /mcp clients may also use without this. Ends when its input "
		 "ends.",
	.examples = "galena mcp --db leads.db\n"
		    "galena mcp --scopes read --profile compact\n"
		    "GALENA_API_KEY=sk-… galena mcp --url http://127.0.0.1:8207",
	.options = options,
	.groups = SETTING_STORE | SETTING_REMOTE,
	.run = run,
};
