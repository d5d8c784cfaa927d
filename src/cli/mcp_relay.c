#include "cli/mcp_relay.h"

#include <sodium.h>
#include <stdlib.h>
#include <time.h>

#include "cli/remote.h"
#include "surface/mcp_headers.h"
#include "surface/mcp_reply.h"

#define ERRAND_BYTES_MAX ((size_t)1024 * 1024 * 1024)
#define EVENT_BYTES_MAX ((size_t)512 * 1024 * 1024)
#define PATIENCE_S 2 /* of clients, before they end us by force */
#define REFUSAL_BYTES_MAX ((size_t)64 * 1024)
#define SESSION_BYTES 16
#define HEADERS_MAX 5

/* One message to carry. */
struct errand {
	struct errand *next;
	struct relay *relay;
	struct arena arena;
	struct mcp_message message;
	struct text line;
	struct buf event; /* of the answer: what is not a whole message yet */
	bool has_answer;
	atomic_bool is_cancelled;
};

struct worker {
	struct relay *relay;
	struct remote *remote;
	pthread_t thread;
	struct errand *errand; /* at work; guarded by the relay's lock */
};

struct relay {
	struct mcp_lines *lines;
	char session[2 * SESSION_BYTES + 1];
	struct text path;
	struct worker workers[MCP_RELAY_WORKERS];
	struct remote *remote; /* the main thread's, for what must not wait */
	pthread_mutex_t lock;  /* guards what follows */
	pthread_cond_t changed;
	enum mcp_revision revision; /* what initialize agreed on */
	bool is_agreed;
	struct errand *first, **last;
	size_t waiting;
	bool ends;
};

static void forget(struct errand *errand)
{
	buf_release(&errand->event);
	mcp_message_release(&errand->message);
	arena_release(&errand->arena);
	free(errand);
}

/* From the server's answer to initialize: what later messages have to name in their header. */
static void note_revision(struct errand *errand, const json_t *answer)
{
	struct text name = mcp_message_text(json_object_get(answer, "result"), "protocolVersion");
	struct relay *relay = errand->relay;

	pthread_mutex_lock(&relay->lock);
	if (mcp_message_revision_parse(name, &relay->revision))
		relay->is_agreed = true;
	pthread_mutex_unlock(&relay->lock);
}

/* Say `json`, which is released, with the id of the request. */
static void say_with_id(struct errand *errand, json_t *take_json)
{
	struct buf buf;
	struct writer writer = writer_on(&buf);

	buf_init(&buf, EVENT_BYTES_MAX);
	if (json_object_set(take_json, "id", (json_t *)(uintptr_t)errand->message.id) == 0)
		writer_value(&writer, take_json);
	if (buf.len > 0 && !buf.failed)
		mcp_lines_say(errand->relay->lines, buf_text(&buf));
	buf_release(&buf);
	json_decref(take_json);
}

/* Hand one message of the server on, byte for byte; only an error without an id gets one. */
static void pass_on(struct errand *errand, struct text message)
{
	json_t *json = json_loadb(message.ptr, message.len, 0, NULL);
	bool is_answer = json_object_get(json, "result") || json_object_get(json, "error");

	if (!json || atomic_load(&errand->is_cancelled)) {
		json_decref(json);
		return;
	}
	errand->has_answer = errand->has_answer || is_answer;
	if (is_answer && text_is(errand->message.method, TEXT("initialize")))
		note_revision(errand, json);
	if (is_answer && errand->message.id && !json_object_get(json, "id")) {
		say_with_id(errand, json);
		return;
	}
	mcp_lines_say(errand->relay->lines, message);
	json_decref(json);
}

/* The lines of a stream of events that are whole; of them only data counts. */
static void take_events(struct errand *errand)
{
	struct text rest = buf_text(&errand->event);
	size_t used = 0;

	for (;;) {
		const char *end = rest.len > 0 ? memchr(rest.ptr, '\n', rest.len) : NULL;

		if (!end)
			break;
		size_t len = (size_t)(end - rest.ptr) + 1;
		struct text line = text_trim((struct text){rest.ptr, len});

		if (text_starts(line, TEXT("data:")))
			pass_on(errand, text_trim(text_skip(line, 5)));
		rest = text_skip(rest, len);
		used += len;
	}
	if (used > 0)
		buf_drop(&errand->event, used);
}

/* The body of an answer, piece by piece: one JSON text, or events. False breaks it off. */
static bool take_piece(void *context, struct text piece)
{
	struct errand *errand = context;

	buf_add(&errand->event, piece);
	if (errand->event.len > 0 && errand->event.ptr[0] != '{')
		take_events(errand);
	return !errand->event.failed && !atomic_load(&errand->is_cancelled);
}

/* An answer of our own, for what the server did not answer. */
static void say_error(struct errand *errand, const struct err *err)
{
	struct buf buf;
	json_t *json;

	if (errand->has_answer || !errand->message.id || errand->message.kind != MCP_REQUEST)
		return;
	buf_init(&buf, REFUSAL_BYTES_MAX);
	mcp_reply_write_refusal(err, &buf);
	json = buf.failed ? NULL : json_loadb(buf.ptr, buf.len, 0, NULL);
	buf_release(&buf);
	if (json)
		say_with_id(errand, json);
}

/* The headers that go with a message; their number. */
static size_t make_headers(struct errand *errand, struct http_pair headers[HEADERS_MAX])
{
	const struct mcp_message *message = &errand->message;
	const char *member = mcp_headers_name_member(message->method);
	struct text version = mcp_message_text(message->meta, MCP_META_VERSION);
	struct relay *relay = errand->relay;
	size_t count = 0;

	headers[count++] =
		(struct http_pair){TEXT("Accept"), TEXT("application/json, text/event-stream")};
	headers[count++] = (struct http_pair){TEXT("Mcp-Session-Id"), text_of(relay->session)};
	pthread_mutex_lock(&relay->lock);
	if (!version.ptr && relay->is_agreed && !text_is(message->method, TEXT("initialize")))
		version = mcp_message_revision_name(relay->revision);
	pthread_mutex_unlock(&relay->lock);
	if (version.ptr)
		headers[count++] = (struct http_pair){TEXT("MCP-Protocol-Version"),
						      mcp_headers_encode(&errand->arena, version)};
	headers[count++] = (struct http_pair){TEXT("Mcp-Method"),
					      mcp_headers_encode(&errand->arena, message->method)};
	if (member && mcp_message_text(message->params, member).ptr)
		headers[count++] =
			(struct http_pair){TEXT("Mcp-Name"),
					   mcp_headers_encode(&errand->arena,
							      mcp_message_text(message->params,
									       member))};
	return count;
}

static void carry(struct errand *errand, struct remote *remote)
{
	struct http_pair headers[HEADERS_MAX];
	struct http_client_call call = {.method = "POST",
					.path = errand->relay->path,
					.type = TEXT("application/json"),
					.body = errand->line};
	struct http_client_download download = {take_piece, errand};
	struct http_client_response response = {.status = 0};
	struct err err = {.code = ERR_OK};

	call.headers = (struct http_client_headers){headers, make_headers(errand, headers)};
	if (remote_post(remote, &errand->arena, &call, &download, &response, &err) == ERR_OK) {
		bool is_good = response.status >= 200 && response.status < 300;

		pass_on(errand, is_good ? buf_text(&errand->event) : response.body);
		err_set(&err, ERR_UPSTREAM, "",
			"The server answered %d without a message. Is --url that of a Galena "
			"server?",
			response.status);
	}
	if (!atomic_load(&errand->is_cancelled))
		say_error(errand, &err);
}

static struct errand *take(struct worker *worker)
{
	struct relay *relay = worker->relay;

	pthread_mutex_lock(&relay->lock);
	while (!relay->first && !relay->ends)
		pthread_cond_wait(&relay->changed, &relay->lock);
	struct errand *errand = relay->first;

	if (errand) {
		relay->first = errand->next;
		if (!relay->first)
			relay->last = &relay->first;
		relay->waiting--;
	}
	worker->errand = errand;
	pthread_cond_broadcast(&relay->changed);
	pthread_mutex_unlock(&relay->lock);
	return errand;
}

static void *work(void *state)
{
	struct worker *worker = state;
	struct relay *relay = worker->relay;
	struct errand *errand;

	pthread_setname_np(pthread_self(), "mcp relay");
	while ((errand = take(worker)) != NULL) {
		if (!atomic_load(&errand->is_cancelled))
			carry(errand, worker->remote);
		pthread_mutex_lock(&relay->lock);
		worker->errand = NULL;
		pthread_cond_broadcast(&relay->changed);
		pthread_mutex_unlock(&relay->lock);
		forget(errand);
	}
	return NULL;
}

/* With the lock held: the request `id` in the queue or at work, or NULL. */
static struct errand *find(struct relay *relay, const json_t *id)
{
	for (struct errand *at = relay->first; at; at = at->next) {
		if (at->message.id && json_equal(at->message.id, id))
			return at;
	}
	for (size_t i = 0; i < MCP_RELAY_WORKERS; i++) {
		struct errand *at = relay->workers[i].errand;

		if (at && at->message.id && json_equal(at->message.id, id))
			return at;
	}
	return NULL;
}

/* The client wants no answer: hang up, which since 2026-07-28 is how a server is told. */
static void cancel(struct relay *relay, const struct errand *notice)
{
	const json_t *id = json_object_get(notice->message.params, "requestId");

	pthread_mutex_lock(&relay->lock);
	struct errand *errand = id ? find(relay, id) : NULL;

	if (errand)
		atomic_store(&errand->is_cancelled, true);
	pthread_mutex_unlock(&relay->lock);
}

static void push(struct relay *relay, struct errand *errand)
{
	pthread_mutex_lock(&relay->lock);
	while (relay->waiting >= MCP_RELAY_QUEUE_MAX)
		pthread_cond_wait(&relay->changed, &relay->lock);
	*relay->last = errand;
	relay->last = &errand->next;
	relay->waiting++;
	pthread_cond_broadcast(&relay->changed);
	pthread_mutex_unlock(&relay->lock);
}

/* What is no message at all is answered here, as a server on this database would. */
static void refuse(struct relay *relay, struct errand *errand, const struct mcp_fault *fault)
{
	struct buf buf;

	buf_init(&buf, REFUSAL_BYTES_MAX);
	mcp_reply_write_fault(fault, &buf);
	if (!buf.failed)
		mcp_lines_say(relay->lines, buf_text(&buf));
	buf_release(&buf);
	forget(errand);
}

static void take_line(struct relay *relay, enum mcp_line kind, struct text line)
{
	struct errand *errand = calloc(1, sizeof *errand);
	struct mcp_fault fault;

	if (!errand)
		return;
	errand->relay = relay;
	arena_init(&errand->arena, ERRAND_BYTES_MAX);
	buf_init(&errand->event, EVENT_BYTES_MAX);
	errand->line = arena_copy(&errand->arena, line);
	const struct mcp_context context = {.arena = &errand->arena,
					    .revision = MCP_HANDSHAKE_LATEST};

	mcp_lines_too_long(&fault);
	if (kind == MCP_LINE_TOO_LONG || !errand->line.ptr ||
	    /* What has an id is for the server to judge. */
	    (!mcp_message_read(errand->line, &context, &errand->message, &fault) &&
	     !errand->message.id)) {
		refuse(relay, errand, &fault);
		return;
	}
	if (text_is(errand->message.method, TEXT("notifications/cancelled"))) {
		cancel(relay, errand);
		/* The server may know it by its id; at once, however busy the workers are. */
		carry(errand, relay->remote);
		forget(errand);
		return;
	}
	push(relay, errand);
}

static enum err_code open_connections(struct relay *relay, const struct settings *settings,
				      struct err *err)
{
	if (remote_create(settings, &relay->remote, err) != ERR_OK)
		return err->code;
	for (size_t i = 0; i < MCP_RELAY_WORKERS; i++) {
		relay->workers[i].relay = relay;
		if (remote_create(settings, &relay->workers[i].remote, err) != ERR_OK)
			return err->code;
	}
	return ERR_OK;
}

static void close_connections(struct relay *relay)
{
	for (size_t i = 0; i < MCP_RELAY_WORKERS; i++)
		remote_destroy(relay->workers[i].remote);
	remote_destroy(relay->remote);
}

/* With the lock held: the number of messages that are not answered yet. */
static size_t count_open(const struct relay *relay)
{
	size_t count = relay->waiting;

	for (size_t i = 0; i < MCP_RELAY_WORKERS; i++)
		count += relay->workers[i].errand != NULL;
	return count;
}

/* With the lock held: hang up on what is still open; its client has left. */
static void hang_up(struct relay *relay)
{
	for (size_t i = 0; i < MCP_RELAY_WORKERS; i++) {
		if (relay->workers[i].errand)
			atomic_store(&relay->workers[i].errand->is_cancelled, true);
	}
}

/* The input is over: what was begun has a moment to be answered. */
static void end_workers(struct relay *relay, size_t count)
{
	struct timespec until;
	int late = 0;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += PATIENCE_S;
	pthread_mutex_lock(&relay->lock);
	relay->ends = true;
	pthread_cond_broadcast(&relay->changed);
	while (late == 0 && count_open(relay) > 0)
		late = pthread_cond_timedwait(&relay->changed, &relay->lock, &until);
	hang_up(relay);
	pthread_mutex_unlock(&relay->lock);
	for (size_t i = 0; i < count; i++)
		pthread_join(relay->workers[i].thread, NULL);
}

static enum err_code start_workers(struct relay *relay, struct err *err)
{
	for (size_t i = 0; i < MCP_RELAY_WORKERS; i++) {
		if (pthread_create(&relay->workers[i].thread, NULL, work, &relay->workers[i]) == 0)
			continue;
		end_workers(relay, i);
		return err_internal(err, "no thread for a connection");
	}
	return ERR_OK;
}

static void name_session(struct relay *relay)
{
	unsigned char bytes[SESSION_BYTES];

	randombytes_buf(bytes, sizeof bytes);
	sodium_bin2hex(relay->session, sizeof relay->session, bytes, sizeof bytes);
}

enum err_code mcp_relay_serve(struct mcp_lines *lines, const struct settings *settings,
			      struct mcp_look look, struct err *err)
{
	static const char *const paths[] = {"/mcp", "/mcp?profile=compact", "/mcp?names=plain",
					    "/mcp?profile=compact&names=plain"};
	struct relay relay = {.lines = lines,
			      .lock = PTHREAD_MUTEX_INITIALIZER,
			      .changed = PTHREAD_COND_INITIALIZER};
	struct text line = TEXT_NONE;
	enum mcp_line kind;

	relay.last = &relay.first;
	relay.path = text_of(paths[(look.is_compact ? 1 : 0) + (look.has_plain_names ? 2 : 0)]);
	name_session(&relay);
	enum err_code code = open_connections(&relay, settings, err);

	if (code == ERR_OK)
		code = start_workers(&relay, err);
	if (code == ERR_OK) {
		while ((kind = mcp_lines_next(lines, &line)) != MCP_LINE_END)
			take_line(&relay, kind, line);
		end_workers(&relay, MCP_RELAY_WORKERS);
	}
	close_connections(&relay);
	return code;
}
