#include "cli/mcp_stdio.h"

#include <stdlib.h>

#include "surface/mcp_reply.h"

#define ERRAND_BYTES_MAX ((size_t)1024 * 1024 * 1024)

struct server;

/* One message on its way, and its place in the queue of the writing thread. */
struct errand {
	struct mcp_exchange exchange; /* first */
	struct call call;
	struct arena arena;
	struct server *server;
	struct errand *next;
	bool is_over;       /* the command has run */
	bool is_answered;   /* what is left is to write and forget it */
	struct text notice; /* a copy: this is no errand but a message before an answer */
};

struct server {
	const struct mcp_stdio_settings *settings;
	struct mcp_lines *lines;
	struct mcp *mcp;
	enum mcp_revision revision; /* what initialize agreed on */
	pthread_mutex_t lock;       /* guards what follows */
	pthread_cond_t changed;
	struct errand *first, **last; /* waiting for the writing thread */
	size_t count;                 /* errands that are not forgotten yet */
	bool ends;
};

static struct errand *errand_of(struct mcp_exchange *exchange)
{
	return (struct errand *)exchange; /* the exchange is the first member */
}

static void push(struct errand *errand)
{
	struct server *server = errand->server;

	pthread_mutex_lock(&server->lock);
	errand->next = NULL;
	*server->last = errand;
	server->last = &errand->next;
	pthread_cond_broadcast(&server->changed);
	pthread_mutex_unlock(&server->lock);
}

static void forget(struct errand *errand)
{
	struct server *server = errand->server;
	bool is_notice = errand->notice.ptr != NULL;

	json_decref(errand->call.input);
	mcp_message_release(&errand->exchange.message);
	arena_release(&errand->arena);
	free(errand);
	if (is_notice)
		return;
	pthread_mutex_lock(&server->lock);
	server->count--;
	pthread_cond_broadcast(&server->changed);
	pthread_mutex_unlock(&server->lock);
}

static void command_is_over(struct call *call)
{
	struct errand *errand = call->surface;

	errand->is_over = true;
	push(errand);
}

static void run(struct mcp_exchange *exchange, struct text command_id)
{
	struct errand *errand = errand_of(exchange);
	struct call *call = &errand->call;
	struct err err;

	call->desk = errand->server->settings->desk;
	call->arena = &errand->arena;
	call->caller = exchange->caller;
	call->surface = errand;
	call->finished = command_is_over;
	if (dispatch_start(call, command_id, &err) != ERR_OK) {
		call->job.err = err;
		command_is_over(call);
	}
}

static void answer(struct mcp_exchange *exchange)
{
	struct errand *errand = errand_of(exchange);

	/* Answered where it was read, so nobody else looks at the revision now. */
	if (exchange->status == 200 && text_is(exchange->message.method, TEXT("initialize")))
		errand->server->revision = exchange->message.revision;
	errand->is_answered = true;
	push(errand);
}

static bool stream(struct mcp_exchange *exchange)
{
	(void)exchange; /* every message may come before an answer here */
	return true;
}

static void notify(struct mcp_exchange *exchange, struct text message)
{
	struct errand *notice;

	if (!message.ptr)
		return;
	notice = calloc(1, sizeof *notice);
	if (!notice)
		return; /* progress that is not told does no harm */
	notice->server = errand_of(exchange)->server;
	arena_init(&notice->arena, 1024 * 1024);
	notice->notice = arena_copy(&notice->arena, message);
	if (notice->notice.ptr)
		push(notice);
	else
		free(notice);
}

static const struct mcp_transport transport = {run, answer, stream, notify};

static void go_on(struct errand *errand)
{
	struct text text = errand->notice;

	if (errand->is_over && !errand->is_answered) {
		errand->is_over = false;
		mcp_finish(&errand->exchange);
		return;
	}
	if (!text.ptr)
		text = mcp_answer(&errand->exchange);
	if (text.ptr)
		mcp_lines_say(errand->server->lines, text);
	forget(errand);
}

/* The writing thread: everything that is ready, in the order it became so. */
static void *write_answers(void *state)
{
	struct server *server = state;

	pthread_setname_np(pthread_self(), "mcp writer");
	for (;;) {
		pthread_mutex_lock(&server->lock);
		while (!server->first && !server->ends)
			pthread_cond_wait(&server->changed, &server->lock);
		struct errand *errand = server->first;

		if (errand) {
			server->first = errand->next;
			if (!server->first)
				server->last = &server->first;
		}
		pthread_mutex_unlock(&server->lock);
		if (!errand)
			return NULL;
		go_on(errand);
	}
}

/* Room for one more; waits until there is some. NULL without memory. */
static struct errand *make_errand(struct server *server)
{
	struct errand *errand = calloc(1, sizeof *errand);

	if (!errand)
		return NULL;
	errand->server = server;
	arena_init(&errand->arena, ERRAND_BYTES_MAX);
	errand->exchange = (struct mcp_exchange){
		.mcp = server->mcp,
		.transport = &transport,
		.own = errand,
		.call = &errand->call,
		.arena = &errand->arena,
		.caller = server->settings->caller,
		.look = server->settings->look,
		.session = TEXT("stdio"),
	};
	pthread_mutex_lock(&server->lock);
	while (server->count >= MCP_STDIO_MAX)
		pthread_cond_wait(&server->changed, &server->lock);
	server->count++;
	pthread_mutex_unlock(&server->lock);
	return errand;
}

static void take_line(struct server *server, enum mcp_line kind, struct text line)
{
	struct errand *errand = make_errand(server);
	struct mcp_fault fault;

	if (!errand) {
		mcp_lines_say(server->lines,
			      TEXT("{\"jsonrpc\":\"2.0\",\"error\":{\"code\":-32603,\"message\":"
				   "\"Not enough memory for this message. Try again.\"}}"));
		return;
	}
	struct mcp_exchange *exchange = &errand->exchange;
	const struct mcp_context context = {.arena = &errand->arena, .revision = server->revision};

	if (kind == MCP_LINE_TOO_LONG) {
		mcp_lines_too_long(&fault);
		mcp_refuse(exchange, &fault);
	} else if (mcp_message_read(line, &context, &exchange->message, &fault)) {
		mcp_start(exchange);
	} else {
		mcp_refuse(exchange, &fault);
	}
}

static void read_lines(struct server *server)
{
	struct text line = TEXT_NONE;
	enum mcp_line kind;

	while ((kind = mcp_lines_next(server->lines, &line)) != MCP_LINE_END)
		take_line(server, kind, line);
	/* What is followed is answered with how it stands; everything else is soon over. */
	mcp_stop(server->mcp);
	pthread_mutex_lock(&server->lock);
	while (server->count > 0)
		pthread_cond_wait(&server->changed, &server->lock);
	server->ends = true;
	pthread_cond_broadcast(&server->changed);
	pthread_mutex_unlock(&server->lock);
}

enum err_code mcp_stdio_serve(struct mcp_lines *lines, const struct mcp_stdio_settings *settings,
			      struct err *err)
{
	struct server server = {.settings = settings,
				.lines = lines,
				.revision = MCP_HANDSHAKE_LATEST,
				.lock = PTHREAD_MUTEX_INITIALIZER,
				.changed = PTHREAD_COND_INITIALIZER};
	pthread_t writer;

	server.last = &server.first;
	if (mcp_create(settings->desk, &server.mcp, err) != ERR_OK)
		return err->code;
	if (pthread_create(&writer, NULL, write_answers, &server) != 0) {
		mcp_destroy(server.mcp);
		return err_internal(err, "no thread for answers");
	}
	read_lines(&server);
	pthread_join(writer, NULL);
	mcp_destroy(server.mcp);
	return ERR_OK;
}
