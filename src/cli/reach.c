#include "cli/reach.h"

#include <stdlib.h>

#include "cli/local.h"
#include "cli/remote.h"
#include "json/writer.h"

#define ANSWER_BYTES_MAX ((size_t)256 * 1024 * 1024)

struct reach {
	bool is_remote;
	struct local local;
	struct remote *remote;
};

enum err_code reach_create(const struct settings *settings, struct reach **out, struct err *err)
{
	struct reach *reach = calloc(1, sizeof *reach);
	enum err_code code;

	if (!reach)
		return err_memory(err);
	reach->is_remote = settings->url[0] != '\0';
	if (reach->is_remote)
		code = remote_create(settings, &reach->remote, err);
	else
		code = local_init(&reach->local, settings, err);
	if (code != ERR_OK) {
		free(reach);
		return code;
	}
	*out = reach;
	return ERR_OK;
}

void reach_destroy(struct reach *reach)
{
	if (!reach)
		return;
	if (reach->is_remote)
		remote_destroy(reach->remote);
	else
		local_release(&reach->local);
	free(reach);
}

struct local *reach_local(struct reach *reach)
{
	return reach->is_remote ? NULL : &reach->local;
}

struct remote *reach_remote(struct reach *reach)
{
	return reach->remote;
}

enum err_code reach_run(struct reach *reach, struct arena *arena, const struct reach_ask *ask,
			struct text *out, struct err *err)
{
	if (reach->is_remote)
		return remote_run(reach->remote, arena, ask, out, err);
	return local_run(&reach->local, arena, ask, out, err);
}

enum err_code reach_commands(struct reach *reach, struct arena *arena, struct text *out,
			     struct err *err)
{
	if (reach->is_remote)
		return remote_get(reach->remote, arena, TEXT("/api/v1/commands"), out, err);
	return local_commands(&reach->local, arena, out, err);
}

enum err_code reach_schema(struct reach *reach, struct arena *arena, struct text id,
			   struct text *out, struct err *err)
{
	struct text path;

	if (!reach->is_remote)
		return local_schema(&reach->local, arena, id, out, err);
	if (remote_command_path(arena, id, "/schema", &path, err) != ERR_OK)
		return err->code;
	return remote_get(reach->remote, arena, path, out, err);
}

enum err_code reach_read(struct text answer, json_t **out_answer, struct err *err)
{
	json_t *json = json_loadb(answer.ptr, answer.len, 0, NULL);
	const json_t *error = json_object_get(json, "error");

	if (!json)
		return err_set(err, ERR_UPSTREAM, "",
			       "What answered is no Galena server: its answer is not JSON.");
	*out_answer = json;
	if (!error)
		return ERR_OK;
	const char *code = json_string_value(json_object_get(error, "code"));
	const char *message = json_string_value(json_object_get(error, "message"));

	return err_set(err, err_from_name(code ? code : ""), "", "%s",
		       message ? message : "The command failed.");
}

enum err_code reach_command(struct reach *reach, const char *id, json_t *take_input,
			    json_t **out_answer, struct err *err)
{
	struct arena arena;
	struct buf input;
	struct writer writer = writer_on(&input);
	struct reach_ask ask = {.id = text_of(id)};
	struct text text;
	json_t *answer = NULL;

	arena_init(&arena, ANSWER_BYTES_MAX);
	buf_init_arena(&input, &arena, ANSWER_BYTES_MAX);
	writer_value(&writer, take_input);
	json_decref(take_input);
	ask.input = buf_text(&input);
	enum err_code code = ask.input.len ? reach_run(reach, &arena, &ask, &text, err)
					   : err_memory(err);

	if (code == ERR_OK)
		code = reach_read(text, &answer, err);
	if (code == ERR_OK)
		*out_answer = answer;
	else
		json_decref(answer);
	arena_release(&arena);
	return code;
}
