#include "cli/cmd_workspace.h"

#include <stdio.h>

#include "cli/home.h"
#include "cli/say.h"
#include "cli/table_print.h"
#include "json/writer.h"

#define MEMORY_MAX ((size_t)64 * 1024 * 1024)
#define NAME_BYTES_MAX 200

/* Workspaces are a matter of the database's own machine. */
static enum err_code check_here(const struct settings *settings, struct err *err)
{
	if (!settings->url[0] || settings->db[0])
		return ERR_OK;
	return err_set(err, ERR_INVALID_INPUT, "",
		       "Workspaces are made where the database is, not through a server. Log in "
		       "there, or unset GALENA_URL, or give --db FILE.");
}

static void write_workspace(struct writer *writer, const struct workspace_row *workspace)
{
	char id[UUID_TEXT_LEN + 1], at[CLOCK_TEXT_LEN + 1];

	uuid_format(workspace->id, id);
	clock_format(workspace->created_ms, at);
	writer_begin_object(writer);
	writer_member_text(writer, "workspace_id", text_of(id));
	writer_member_text(writer, "name", workspace->name);
	writer_member_text(writer, "created_at", text_of(at));
	writer_end_object(writer);
}

struct making {
	struct text name;
	struct workspace_row made;
};

static enum err_code make(void *state, struct txn *txn, struct err *err)
{
	struct making *making = state;

	return home_make_workspace(txn, making->name, &making->made, err);
}

static void say_made(const struct making *making, bool as_json)
{
	struct buf buf;
	struct writer writer = writer_on(&buf);

	if (!as_json) {
		say_note("Workspace \"%.*s\" is made; --workspace names it, and 'galena key create "
			 "--workspace' makes keys for it.",
			 TEXT_ARG(making->name));
		return;
	}
	buf_init(&buf, 4096);
	write_workspace(&writer, &making->made);
	say_json(buf_text(&buf));
	buf_release(&buf);
}

static enum err_code create(struct invocation *invocation, struct err *err)
{
	struct making making = {.name = text_trim(text_of(invocation->args[0]))};
	struct home home;

	if (check_here(&invocation->settings, err) != ERR_OK)
		return err->code;
	if (making.name.len == 0 || making.name.len > NAME_BYTES_MAX || !text_is_utf8(making.name))
		return err_set(err, ERR_INVALID_INPUT, "",
			       "A workspace's name has 1 to %d bytes of UTF-8.", NAME_BYTES_MAX);
	if (home_init(&home, &invocation->settings, false, err) != ERR_OK)
		return err->code;
	enum err_code code = home_write(&home, make, &making, err);

	home_release(&home);
	if (code == ERR_STATE_CONFLICT)
		return err_set(err, code, "", "There is a workspace \"%.100s\" already.",
			       invocation->args[0]);
	if (code == ERR_OK)
		say_made(&making, options_has(invocation, "json"));
	return code;
}

struct listing {
	struct arena arena;
	struct workspace_row *rows;
	size_t count;
};

static enum err_code read_all(void *state, struct txn *txn, struct err *err)
{
	struct listing *listing = state;

	return accounts_workspaces(txn->db, &listing->arena, &listing->rows, &listing->count, err);
}

static void write_json(const struct listing *listing, struct buf *out)
{
	struct writer writer = writer_on(out);

	writer_begin_object(&writer);
	writer_key(&writer, TEXT("workspaces"));
	writer_begin_array(&writer);
	for (size_t i = 0; i < listing->count; i++)
		write_workspace(&writer, &listing->rows[i]);
	writer_end_array(&writer);
	writer_end_object(&writer);
}

static void write_table(struct listing *listing, struct buf *out)
{
	struct table_print table;

	table_print_init(&table, &listing->arena);
	table.bold = say_style(stdout, SAY_BOLD);
	table.plain = say_style(stdout, SAY_PLAIN);
	table_print_column(&table, TEXT("NAME"));
	table_print_column(&table, TEXT("CREATED"));
	table_print_column(&table, TEXT("WORKSPACE ID"));
	for (size_t i = 0; i < listing->count; i++) {
		char id[UUID_TEXT_LEN + 1], at[CLOCK_TEXT_LEN + 1];

		uuid_format(listing->rows[i].id, id);
		clock_format(listing->rows[i].created_ms, at);
		const struct text cells[] = {listing->rows[i].name, {at, 10}, text_of(id)};

		table_print_add(&table, cells);
	}
	table_print_write(&table, say_width(stdout), out);
}

static enum err_code list(struct invocation *invocation, struct err *err)
{
	struct listing listing = {.count = 0};
	struct home home;
	struct buf buf;

	if (check_here(&invocation->settings, err) != ERR_OK ||
	    home_init(&home, &invocation->settings, false, err) != ERR_OK)
		return err->code;
	arena_init(&listing.arena, MEMORY_MAX);
	enum err_code code = home_read(&home, read_all, &listing, err);

	home_release(&home);
	buf_init_arena(&buf, &listing.arena, MEMORY_MAX);
	if (code == ERR_OK && options_has(invocation, "json")) {
		write_json(&listing, &buf);
		say_json(buf_text(&buf));
	} else if (code == ERR_OK) {
		write_table(&listing, &buf);
		say_text(buf_text(&buf));
	}
	arena_release(&listing.arena);
	return code;
}

static const struct option_row json_options[] = {
	{"json", NULL, "Print one JSON document and nothing else."},
	{NULL, NULL, NULL},
};

const struct subcommand cmd_workspace_create = {
	.words = "workspace create",
	.arguments = "NAME",
	.args_min = 1,
	.args_max = 1,
	.summary = "Make a workspace: leads, keys and imports apart from all others.",
	.about = "",
	.examples = "galena workspace create \"Branch North\"\n"
		    "galena key create --name crm --workspace \"Branch North\"",
	.options = json_options,
	.groups = SETTING_STORE,
	.run = create,
};

const struct subcommand cmd_workspace_list = {
	.words = "workspace list",
	.arguments = "",
	.summary = "Show the workspaces.",
	.about = "",
	.examples = "galena workspace list --json",
	.options = json_options,
	.groups = SETTING_STORE,
	.run = list,
};
