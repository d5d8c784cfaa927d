#include "cli/cmd_key.h"

#include <stdio.h>

#include "cli/home.h"
#include "cli/keys.h"
#include "cli/say.h"
#include "cli/table_print.h"
#include "json/writer.h"

#define MEMORY_MAX ((size_t)64 * 1024 * 1024)
#define NAME_BYTES_MAX 200
#define DAY_MS ((int64_t)24 * 3600 * 1000)
#define DAYS_MAX 36500

/* Keys are a matter of the database's own machine; with a server meant, that would surprise. */
static enum err_code check_here(const struct settings *settings, struct err *err)
{
	if (!settings->url[0] || settings->db[0])
		return ERR_OK;
	return err_set(err, ERR_INVALID_INPUT, "",
		       "Keys are made where the database is, not through a server. Log in there, "
		       "or unset GALENA_URL, or give --db FILE.");
}

/* "90d", "2027-01-31T00:00:00Z" or "2027-01-31". */
static enum err_code read_expiry(const char *value, int64_t *out, struct err *err)
{
	struct text text = text_of(value);
	int64_t now_ms = clock_now_ms(clock_system()), days, at_ms;
	char midnight[32];

	if (text.len > 1 && text.ptr[text.len - 1] == 'd' &&
	    text_to_int((struct text){text.ptr, text.len - 1}, &days) && days > 0 &&
	    days <= DAYS_MAX) {
		*out = now_ms + days * DAY_MS;
		return ERR_OK;
	}
	if (text.len == 10)
		snprintf(midnight, sizeof midnight, "%sT00:00:00Z", value);
	else
		snprintf(midnight, sizeof midnight, "%.31s", value);
	if (!clock_parse(text_of(midnight), &at_ms))
		return err_set(err, ERR_INVALID_INPUT, "",
			       "--expires takes a number of days (90d) or a time "
			       "(2027-01-31T00:00:00Z), not \"%.40s\".",
			       value);
	if (at_ms <= now_ms)
		return err_set(err, ERR_INVALID_INPUT, "",
			       "--expires %.40s is in the past: the key would never work.", value);
	*out = at_ms;
	return ERR_OK;
}

static enum err_code read_key(struct invocation *invocation, struct home *home,
			      struct keys_new *out, struct err *err)
{
	const char *scopes = options_value(invocation, "scopes");
	const char *expires = options_value(invocation, "expires");
	size_t count;
	const struct command *commands = dispatch_commands(home->desk, &count);

	out->name = text_trim(text_of(options_value(invocation, "name")));
	if (out->name.len == 0)
		return err_set(err, ERR_INVALID_INPUT, "",
			       "Say what the key is for: galena key create --name \"web form\"");
	if (out->name.len > NAME_BYTES_MAX || !text_is_utf8(out->name))
		return err_set(err, ERR_INVALID_INPUT, "",
			       "--name takes at most %d bytes of UTF-8.", NAME_BYTES_MAX);
	out->scopes = scopes ? text_trim(text_of(scopes)) : TEXT("*");
	if (access_check_scopes(out->scopes, commands, count, err) != ERR_OK)
		return err->code;
	return expires ? read_expiry(expires, &out->expires_ms, err) : ERR_OK;
}

static enum err_code insert(void *state, struct txn *txn, struct err *err)
{
	return keys_insert(txn, state, err);
}

static void write_time(struct writer *writer, const char *key, int64_t at_ms)
{
	char text[CLOCK_TEXT_LEN + 1];

	writer_key(writer, text_of(key));
	if (at_ms) {
		clock_format(at_ms, text);
		writer_text(writer, text_of(text));
	} else {
		writer_null(writer);
	}
}

static void say_new_key(const struct keys_new *key, bool as_json)
{
	char id[UUID_TEXT_LEN + 1];
	struct buf buf;
	struct writer writer = writer_on(&buf);

	uuid_format(key->id, id);
	if (!as_json) {
		printf("%s\n", key->key);
		say_note("Key %s, \"%.*s\". Keep it: it is shown only this once.", id,
			 TEXT_ARG(key->name));
		return;
	}
	buf_init(&buf, 64 * 1024);
	writer_begin_object(&writer);
	writer_member_text(&writer, "key_id", text_of(id));
	writer_member_text(&writer, "key", text_of(key->key));
	writer_member_text(&writer, "name", key->name);
	writer_member_text(&writer, "scopes", key->scopes);
	if (key->expires_ms)
		write_time(&writer, "expires_at", key->expires_ms);
	writer_end_object(&writer);
	say_json(buf_text(&buf));
	buf_release(&buf);
}

static enum err_code create(struct invocation *invocation, struct err *err)
{
	struct home home;
	struct arena arena;
	struct workspace_row workspace;
	struct keys_new key = {.workspace = 0};

	if (check_here(&invocation->settings, err) != ERR_OK ||
	    home_init(&home, &invocation->settings, false, err) != ERR_OK)
		return err->code;
	arena_init(&arena, MEMORY_MAX);
	enum err_code code = read_key(invocation, &home, &key, err);

	if (code == ERR_OK)
		code = home_workspace(&home, &arena, &invocation->settings, &workspace, err);
	if (code == ERR_OK) {
		key.workspace = workspace.number;
		code = home_write(&home, insert, &key, err);
	}
	if (code == ERR_OK)
		say_new_key(&key, options_has(invocation, "json"));
	arena_release(&arena);
	home_release(&home);
	return code;
}

struct listing {
	struct arena arena;
	int64_t workspace; /* 0: all */
	struct key_row *rows;
	size_t count;
};

static enum err_code read_keys(void *state, struct txn *txn, struct err *err)
{
	struct listing *listing = state;

	return accounts_keys(txn->db, &listing->arena, listing->workspace, &listing->rows,
			     &listing->count, err);
}

static const char *state_of(const struct key_row *key)
{
	if (key->revoked_ms)
		return "revoked";
	if (key->expires_ms && key->expires_ms <= clock_now_ms(clock_system()))
		return "expired";
	return "active";
}

static void write_json(const struct listing *listing, struct buf *out)
{
	struct writer writer = writer_on(out);

	writer_begin_object(&writer);
	writer_key(&writer, TEXT("keys"));
	writer_begin_array(&writer);
	for (size_t i = 0; i < listing->count; i++) {
		const struct key_row *key = &listing->rows[i];
		char id[UUID_TEXT_LEN + 1];

		uuid_format(key->id, id);
		writer_begin_object(&writer);
		writer_member_text(&writer, "key_id", text_of(id));
		writer_member_text(&writer, "name", key->name);
		writer_member_text(&writer, "scopes", key->scopes);
		writer_member_text(&writer, "workspace", key->workspace_name);
		writer_member_text(&writer, "state", text_of(state_of(key)));
		write_time(&writer, "created_at", key->created_ms);
		write_time(&writer, "expires_at", key->expires_ms);
		write_time(&writer, "revoked_at", key->revoked_ms);
		writer_end_object(&writer);
	}
	writer_end_array(&writer);
	writer_end_object(&writer);
}

/* The day is enough for people. */
static struct text day_of(struct arena *arena, int64_t at_ms)
{
	char text[CLOCK_TEXT_LEN + 1];

	if (!at_ms)
		return TEXT("never");
	clock_format(at_ms, text);
	return arena_copy(arena, (struct text){text, 10});
}

static void write_table(struct listing *listing, struct buf *out)
{
	static const char *const heads[] = {"KEY ID", "NAME",    "SCOPES", "WORKSPACE",
					    "STATE",  "CREATED", "EXPIRES"};
	struct table_print table;

	table_print_init(&table, &listing->arena);
	table.bold = say_style(stdout, SAY_BOLD);
	table.plain = say_style(stdout, SAY_PLAIN);
	for (size_t i = 0; i < ARRAY_LEN(heads); i++)
		table_print_column(&table, text_of(heads[i]));
	for (size_t i = 0; i < listing->count; i++) {
		const struct key_row *key = &listing->rows[i];
		char id[UUID_TEXT_LEN + 1];

		uuid_format(key->id, id);
		const struct text cells[] = {text_of(id),
					     key->name,
					     key->scopes,
					     key->workspace_name,
					     text_of(state_of(key)),
					     day_of(&listing->arena, key->created_ms),
					     day_of(&listing->arena, key->expires_ms)};

		table_print_add(&table, cells);
	}
	table_print_write(&table, say_width(stdout), out);
}

static enum err_code say_keys(struct listing *listing, bool as_json, struct err *err)
{
	struct buf buf;

	buf_init_arena(&buf, &listing->arena, MEMORY_MAX);
	if (as_json)
		write_json(listing, &buf);
	else
		write_table(listing, &buf);
	if (buf.failed)
		return err_memory(err);
	if (as_json)
		say_json(buf_text(&buf));
	else
		say_text(buf_text(&buf));
	return ERR_OK;
}

static enum err_code list(struct invocation *invocation, struct err *err)
{
	struct listing listing = {.workspace = 0};
	struct workspace_row workspace;
	struct home home;

	if (check_here(&invocation->settings, err) != ERR_OK ||
	    home_init(&home, &invocation->settings, false, err) != ERR_OK)
		return err->code;
	arena_init(&listing.arena, MEMORY_MAX);
	enum err_code code = ERR_OK;

	if (invocation->settings.workspace[0]) {
		code = home_workspace(&home, &listing.arena, &invocation->settings, &workspace,
				      err);
		listing.workspace = code == ERR_OK ? workspace.number : 0;
	}
	if (code == ERR_OK)
		code = home_read(&home, read_keys, &listing, err);
	if (code == ERR_OK)
		code = say_keys(&listing, options_has(invocation, "json"), err);
	arena_release(&listing.arena);
	home_release(&home);
	return code;
}

static enum err_code revoke_key(void *state, struct txn *txn, struct err *err)
{
	const struct uuid *id = state;
	bool found;

	if (txn_touch(txn, err) != ERR_OK ||
	    accounts_revoke_key(txn, *id, txn->now_ms, &found, err) != ERR_OK)
		return err->code;
	if (!found)
		return err_set(err, ERR_KEY_NOT_FOUND, "",
			       "There is no key with that id; 'galena key list' shows them all.");
	return ERR_OK;
}

static enum err_code revoke(struct invocation *invocation, struct err *err)
{
	struct home home;
	struct uuid id;

	if (check_here(&invocation->settings, err) != ERR_OK)
		return err->code;
	if (!uuid_parse(text_of(invocation->args[0]), &id))
		return err_set(err, ERR_KEY_NOT_FOUND, "",
			       "\"%.12s\" is no key id; 'galena key list' shows them all.",
			       invocation->args[0]);
	if (home_init(&home, &invocation->settings, false, err) != ERR_OK)
		return err->code;
	enum err_code code = home_write(&home, revoke_key, &id, err);

	home_release(&home);
	if (code != ERR_OK)
		return code;
	if (options_has(invocation, "json"))
		printf("{\"key_id\":\"%s\",\"state\":\"revoked\"}\n", invocation->args[0]);
	else
		say_note("The key is revoked: a running server refuses it within a second.");
	return ERR_OK;
}

static const struct option_row create_options[] = {
	{"name", "NAME", "What the key is for; the history of each lead shows it."},
	{"scopes", "SCOPES",
	 "What it may do, separated by blanks: * (all, the default), read, write, delete, a "
	 "command's id, or a noun such as lead.*"},
	{"expires", "TIME", "When it stops working: 90d, or 2027-01-31T00:00:00Z."},
	{"json", NULL, "Print {key_id, key, name, scopes} and nothing else."},
	{NULL, NULL, NULL},
};

const struct subcommand cmd_key_create = {
	.words = "key create",
	.arguments = "",
	.summary = "Make an API key and show it once.",
	.about = "Only a hash of the key is kept, so it cannot be shown again. A running server "
		 "takes the new key at once.",
	.examples = "galena key create --name \"web form\" --scopes \"lead.upsert\"\n"
		    "galena key create --name report --scopes read --expires 90d --json",
	.options = create_options,
	.groups = SETTING_STORE,
	.run = create,
};

static const struct option_row json_options[] = {
	{"json", NULL, "Print one JSON document and nothing else."},
	{NULL, NULL, NULL},
};

const struct subcommand cmd_key_list = {
	.words = "key list",
	.arguments = "",
	.summary = "Show which API keys there are, never the keys themselves.",
	.about = "",
	.examples = "galena key list\ngalena key list --workspace default --json",
	.options = json_options,
	.groups = SETTING_STORE,
	.run = list,
};

const struct subcommand cmd_key_revoke = {
	.words = "key revoke",
	.arguments = "ID",
	.args_min = 1,
	.args_max = 1,
	.summary = "Make an API key stop working, for good.",
	.about = "",
	.examples = "galena key revoke 01a1f866-3e4f-7f24-8b50-7d9e1f3a4b52",
	.options = json_options,
	.groups = SETTING_STORE,
	.run = revoke,
};
