/*
 * remote: commands on a Galena server, over HTTP.
 *
 * Holds    one connection, kept for the next call.
 * Threads  the one that made it.
 * Fails    as http/client.h, with advice in the user's words; a server that will not let us in
 *          (401, 403) is a failure, too.
 */
#ifndef CLI_REMOTE_H
#define CLI_REMOTE_H

#include "cli/reach.h"
#include "http/client.h"

struct remote;

MUST_USE enum err_code remote_create(const struct settings *settings, struct remote **out,
				     struct err *err);
void remote_destroy(struct remote *remote);

/* The path of a command, "/api/v1/commands/<id><suffix>"; ERR_COMMAND_NOT_FOUND for no id. */
MUST_USE enum err_code remote_command_path(struct arena *arena, struct text id, const char *suffix,
					   struct text *out, struct err *err);

/* The envelope that the server answered. */
MUST_USE enum err_code remote_run(struct remote *remote, struct arena *arena,
				  const struct reach_ask *ask, struct text *out, struct err *err);

/* The body of a page; what is not 200 is a failure. */
MUST_USE enum err_code remote_get(struct remote *remote, struct arena *arena, struct text path,
				  struct text *out, struct err *err);

/* Send the file `fd` as a body of that type; what is not 2xx is a failure. */
MUST_USE enum err_code remote_upload(struct remote *remote, struct arena *arena, struct text path,
				     const struct http_client_upload *upload, struct text *out,
				     struct err *err);

/* Post a body; the body of a 2xx answer goes to a sink piece by piece, others come in *out. */
MUST_USE enum err_code remote_post(struct remote *remote, struct arena *arena,
				   const struct http_client_call *call,
				   const struct http_client_download *download,
				   struct http_client_response *out, struct err *err);

/* Hand the body of a page to a sink piece by piece; what is not 2xx is a failure. */
MUST_USE enum err_code remote_download(struct remote *remote, struct text path,
				       const struct http_client_download *download,
				       struct err *err);

/* What the server's /healthz says; ERR_UPSTREAM when nobody is there. */
MUST_USE enum err_code remote_ping(const char *url, struct err *err);

#endif
