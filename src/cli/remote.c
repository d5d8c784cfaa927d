#include "cli/remote.h"

#include <stdlib.h>

#include "json/writer.h"

#define BODY_BYTES_MAX ((size_t)96 * 1024 * 1024)
#define TIMEOUT_MS 120000
#define PING_MS 2000

struct remote {
	struct http_client *client;
};

enum err_code remote_create(const struct settings *settings, struct remote **out, struct err *err)
{
	struct http_client_settings client = {.base_url = text_of(settings->url),
					      .key = text_of(settings->api_key),
					      .timeout_ms = TIMEOUT_MS,
					      .body_bytes_max = BODY_BYTES_MAX};
	struct remote *remote;

	if (!settings->api_key[0])
		return err_set(err, ERR_UNAUTHENTICATED, "",
			       "A server asks for a key: put one into GALENA_API_KEY. 'galena key "
			       "create --name NAME' makes one where the database is.");
	remote = calloc(1, sizeof *remote);
	if (!remote)
		return err_memory(err);
	if (http_client_process_init(err) != ERR_OK) {
		free(remote);
		return err->code;
	}
	if (http_client_create(&client, &remote->client, err) != ERR_OK) {
		http_client_process_release();
		free(remote);
		return err->code;
	}
	*out = remote;
	return ERR_OK;
}

void remote_destroy(struct remote *remote)
{
	if (!remote)
		return;
	http_client_destroy(remote->client);
	http_client_process_release();
	free(remote);
}

/* The failure that a body tells, {"error":{"code","message"}}, in either form. */
static enum err_code refused(const struct http_client_response *response, struct err *err)
{
	json_t *answer = NULL;

	if (reach_read(response->body, &answer, err) == ERR_OK)
		err_set(err, ERR_UPSTREAM, "", "The server answered %d. Is --url right?",
			response->status);
	json_decref(answer);
	return err->code;
}

enum err_code remote_command_path(struct arena *arena, struct text id, const char *suffix,
				  struct text *out, struct err *err)
{
	bool is_id = id.len > 0 && id.len < 100;

	for (size_t i = 0; i < id.len && is_id; i++)
		is_id = (id.ptr[i] >= 'a' && id.ptr[i] <= 'z') || id.ptr[i] == '.' ||
			id.ptr[i] == '_';
	if (!is_id)
		return err_set(err, ERR_COMMAND_NOT_FOUND, "",
			       "There is no command \"%.*s\"; 'galena commands list' shows what "
			       "there is.",
			       TEXT_ARG(id));
	struct text path = arena_format(arena, "/api/v1/commands/%.*s%s", TEXT_ARG(id), suffix);

	if (!path.ptr)
		return err_memory(err);
	*out = path;
	return ERR_OK;
}

static struct text make_body(struct arena *arena, const struct reach_ask *ask)
{
	struct buf buf;

	buf_init_arena(&buf, arena, BODY_BYTES_MAX);
	buf_add(&buf, TEXT("{\"input\":"));
	buf_add(&buf, ask->input.len ? ask->input : TEXT("{}"));
	buf_add(&buf, TEXT(",\"response_profile\":\""));
	buf_add(&buf, command_profile_name(ask->profile));
	buf_add(&buf, TEXT("\"}"));
	return buf_text(&buf);
}

enum err_code remote_run(struct remote *remote, struct arena *arena, const struct reach_ask *ask,
			 struct text *out, struct err *err)
{
	struct http_pair key = {TEXT("Idempotency-Key"), ask->idempotency_key};
	struct http_client_call call = {.method = "POST",
					.type = TEXT("application/json"),
					.headers = {&key, ask->idempotency_key.ptr ? 1 : 0}};
	struct http_client_response response;

	if (remote_command_path(arena, ask->id, "", &call.path, err) != ERR_OK)
		return err->code;
	call.body = make_body(arena, ask);
	if (!call.body.ptr)
		return err_memory(err);
	if (http_client_call(remote->client, arena, &call, &response, err) != ERR_OK)
		return err->code;
	if (response.status == 401 || response.status == 403)
		return refused(&response, err);
	*out = response.body;
	return ERR_OK;
}

enum err_code remote_get(struct remote *remote, struct arena *arena, struct text path,
			 struct text *out, struct err *err)
{
	struct http_client_call call = {.method = "GET", .path = path};
	struct http_client_response response;

	if (http_client_call(remote->client, arena, &call, &response, err) != ERR_OK)
		return err->code;
	if (response.status != 200)
		return refused(&response, err);
	*out = response.body;
	return ERR_OK;
}

enum err_code remote_upload(struct remote *remote, struct arena *arena, struct text path,
			    const struct http_client_upload *upload, struct text *out,
			    struct err *err)
{
	struct http_client_call call = {.method = "POST",
					.path = path,
					.type = TEXT("application/octet-stream")};
	struct http_client_response response;

	if (http_client_upload(remote->client, arena, &call, upload, &response, err) != ERR_OK)
		return err->code;
	if (response.status < 200 || response.status > 299)
		return refused(&response, err);
	*out = response.body;
	return ERR_OK;
}

enum err_code remote_post(struct remote *remote, struct arena *arena,
			  const struct http_client_call *call,
			  const struct http_client_download *download,
			  struct http_client_response *out, struct err *err)
{
	return http_client_download(remote->client, arena, call, download, out, err);
}

enum err_code remote_download(struct remote *remote, struct text path,
			      const struct http_client_download *download, struct err *err)
{
	struct http_client_call call = {.method = "GET", .path = path};
	struct http_client_response response = {.status = 0};
	struct arena arena;

	arena_init(&arena, BODY_BYTES_MAX);
	enum err_code code =
		http_client_download(remote->client, &arena, &call, download, &response, err);

	if (code == ERR_OK && (response.status < 200 || response.status > 299))
		code = refused(&response, err);
	arena_release(&arena);
	return code;
}

enum err_code remote_ping(const char *url, struct err *err)
{
	struct http_client_settings settings = {.base_url = text_of(url),
						.connect_ms = PING_MS,
						.timeout_ms = PING_MS};
	struct http_client_call call = {.method = "GET", .path = TEXT("/healthz")};
	struct http_client_response response = {.status = 0};
	struct http_client *client;
	struct arena arena;

	if (http_client_process_init(err) != ERR_OK)
		return err->code;
	enum err_code code = http_client_create(&settings, &client, err);

	if (code == ERR_OK) {
		arena_init(&arena, 1024 * 1024);
		code = http_client_call(client, &arena, &call, &response, err);
		arena_release(&arena);
		http_client_destroy(client);
	}
	http_client_process_release();
	if (code == ERR_OK && response.status != 200)
		return err_set(err, ERR_UPSTREAM, "", "/healthz answers %d.", response.status);
	return code;
}
