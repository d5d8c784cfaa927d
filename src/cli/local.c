#include "cli/local.h"

#include <stdio.h>

#include "json/parse.h"
#include "surface/envelope.h"

#define INPUT_BYTES_MAX ((size_t)64 * 1024 * 1024)
#define INPUT_DEPTH_MAX 64
#define INPUT_VALUES_MAX 500000
#define LIST_BYTES_MAX ((size_t)4 * 1024 * 1024)
#define ENVELOPE_EXTRA_BYTES ((size_t)1024 * 1024)

/* No thread of ours keeps the search index filled, so a command lends a moment. */
#define CATCH_UP_MS 300

enum err_code local_init(struct local *local, const struct settings *settings, struct err *err)
{
	memset(local, 0, sizeof *local);
	arena_init(&local->arena, 1024 * 1024);
	if (home_init(&local->home, settings, false, err) == ERR_OK &&
	    home_workspace(&local->home, &local->arena, settings, &local->workspace, err) == ERR_OK)
		return ERR_OK;
	local_release(local);
	return err->code;
}

void local_release(struct local *local)
{
	home_release(&local->home);
	arena_release(&local->arena);
}

static void catch_up(struct local *local)
{
	struct err err;

	if (engine_search_catch_up(local->home.engine, CATCH_UP_MS, &err) != ERR_OK)
		return; /* somebody else fills it, or the next search will */
}

static enum err_code read_input(struct text json, json_t **out, struct err *err)
{
	const struct parse_limits limits = {INPUT_BYTES_MAX, INPUT_DEPTH_MAX, INPUT_VALUES_MAX};
	json_t *input;

	if (json.len == 0)
		json = TEXT("{}");
	if (parse_json(json, &limits, &input, err) != ERR_OK)
		return err->code;
	if (!json_is_object(input)) {
		json_decref(input);
		return err_set(err, ERR_INVALID_INPUT, "",
			       "The input must be a JSON object, e.g. {\"email\":\"…\"}.");
	}
	*out = input;
	return ERR_OK;
}

static struct text make_request_id(struct arena *arena)
{
	const struct clock *clock = clock_system();
	uint64_t number;

	clock->random_bytes(clock->state, &number, sizeof number);
	return arena_format(arena, "%016llx", (unsigned long long)number);
}

static enum err_code write_envelope(const struct call *call, struct arena *arena, struct text *out,
				    struct err *err)
{
	struct buf buf;

	buf_init_arena(&buf, arena, REPLY_BYTES_MAX + ENVELOPE_EXTRA_BYTES);
	envelope_write(call, make_request_id(arena), &buf);
	if (buf.failed)
		return err_memory(err);
	*out = buf_text(&buf);
	return ERR_OK;
}

enum err_code local_run(struct local *local, struct arena *arena, const struct reach_ask *ask,
			struct text *out, struct err *err)
{
	struct call call = {
		.desk = local->home.desk,
		.arena = arena,
		.caller = {.workspace = local->workspace.number,
			   .workspace_id = local->workspace.id,
			   .name = TEXT("galena"),
			   .scopes = TEXT("*"),
			   .via = CHANGE_VIA_CLI},
		.profile = ask->profile,
		.idempotency_key = ask->idempotency_key,
	};
	const struct command *command = dispatch_find(call.desk, ask->id);

	if (command && command->handler->lane == COMMAND_READS)
		catch_up(local);
	call.job.err.code = ERR_OK;
	if (read_input(ask->input, &call.input, &call.job.err) == ERR_OK) {
		struct err problem = {.code = ERR_OK};

		if (dispatch_run(&call, ask->id, &problem) != ERR_OK)
			call.job.err = problem;
	}
	if (call.job.err.code == ERR_OK && command && command->risk != COMMAND_READ)
		catch_up(local);
	enum err_code code = write_envelope(&call, arena, out, err);

	json_decref(call.input);
	return code;
}

enum err_code local_commands(struct local *local, struct arena *arena, struct text *out,
			     struct err *err)
{
	size_t count;
	const struct command *commands = dispatch_commands(local->home.desk, &count);
	struct buf buf;
	struct writer writer = writer_on(&buf);

	buf_init_arena(&buf, arena, LIST_BYTES_MAX);
	writer_begin_object(&writer);
	writer_key(&writer, TEXT("data"));
	writer_begin_object(&writer);
	writer_key(&writer, TEXT("commands"));
	writer_begin_array(&writer);
	for (size_t i = 0; i < count; i++)
		writer_raw(&writer, commands[i].meta);
	writer_end_array(&writer);
	writer_end_object(&writer);
	writer_end_object(&writer);
	if (buf.failed)
		return err_memory(err);
	*out = buf_text(&buf);
	return ERR_OK;
}

enum err_code local_schema(struct local *local, struct arena *arena, struct text id,
			   struct text *out, struct err *err)
{
	const struct command *command = dispatch_find(local->home.desk, id);
	struct buf buf;
	struct writer writer = writer_on(&buf);

	if (!command)
		return err_set(err, ERR_COMMAND_NOT_FOUND, "",
			       "There is no command \"%.*s\"; 'galena commands list' shows what "
			       "there is.",
			       TEXT_ARG(id));
	buf_init_arena(&buf, arena, LIST_BYTES_MAX);
	writer_begin_object(&writer);
	writer_key(&writer, TEXT("data"));
	writer_begin_object(&writer);
	writer_member_raw(&writer, "command", command->whole);
	writer_end_object(&writer);
	writer_end_object(&writer);
	if (buf.failed)
		return err_memory(err);
	*out = buf_text(&buf);
	return ERR_OK;
}
