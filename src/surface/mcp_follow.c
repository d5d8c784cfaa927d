#include "surface/mcp_follow.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

#include "command/access.h"
#include "json/scan.h"
#include "surface/mcp_reply.h"
#include "surface/mcp_result.h"

#define TICK_MS 200
#define QUIET_MS 1000 /* longer silence is broken, so that a client that has left is noticed */
#define ITEM_BYTES_MAX ((size_t)1024 * 1024)
#define POLL_BYTES_MAX ((size_t)16 * 1024 * 1024)

/* One exchange that waits for one import. */
struct item {
	struct mcp_exchange *exchange; /* NULL: the client has gone */
	struct arena arena;            /* of the texts below, and the caller's */
	struct caller caller;
	struct text import_id;
	struct text session;
	json_t *id;
	json_t *token;
	bool owns_import; /* what cancels the request cancels the import */
	bool is_cancelled;
	int64_t rows_told;
	int64_t told_us;
	int64_t until_us;
};

struct mcp_follow {
	struct desk *desk;
	pthread_t thread;
	pthread_mutex_t lock; /* guards what follows */
	pthread_cond_t changed;
	bool is_stopping;
	bool ends;
	struct item *items[MCP_FOLLOW_MAX];
	size_t count;
};

/* How an import stands. */
struct stand {
	struct arena arena;
	struct call call; /* import.get's */
	bool is_over;
	int64_t rows_done;
	int64_t rows_total; /* below 0: not known */
};

static void free_item(struct item *item)
{
	if (!item)
		return;
	json_decref(item->id);
	json_decref(item->token);
	arena_release(&item->arena);
	free(item);
}

/* Run a command about the item's import, on this thread. */
static enum err_code run(struct mcp_follow *follow, const struct item *item, const char *id,
			 struct stand *stand)
{
	struct err err = {.code = ERR_OK};
	struct call *call = &stand->call;

	*call = (struct call){.desk = follow->desk, .arena = &stand->arena, .caller = item->caller};
	call->input = json_pack("{s:s%}", "import_id", item->import_id.ptr, item->import_id.len);
	if (!call->input)
		return err_memory(&err);
	if (dispatch_run(call, text_of(id), &err) != ERR_OK)
		call->job.err = err;
	json_decref(call->input);
	call->input = NULL;
	return err.code;
}

static int64_t number_of(struct text object, const char *key)
{
	int64_t number = -1;

	return text_to_int(scan_member(object, text_of(key)), &number) ? number : -1;
}

/* Whether `data`, an answer about one import, says that it is not over. */
static bool is_open(struct text data)
{
	struct text state = scan_member(scan_member(data, TEXT("import")), TEXT("state"));

	return text_is(state, TEXT("\"queued\"")) || text_is(state, TEXT("\"running\""));
}

static void look(struct mcp_follow *follow, const struct item *item, struct stand *stand)
{
	struct text progress;

	arena_reset(&stand->arena);
	stand->is_over = run(follow, item, "import.get", stand) != ERR_OK ||
			 !is_open(stand->call.reply.data);
	progress =
		scan_member(scan_member(stand->call.reply.data, TEXT("import")), TEXT("progress"));
	stand->rows_done = number_of(progress, "rows_done");
	stand->rows_total = number_of(progress, "rows_total");
}

/* With the lock held: notifications/progress. */
static void tell(struct item *item, struct stand *stand, int64_t now_us)
{
	struct buf buf;
	struct writer writer = writer_on(&buf);

	buf_init_arena(&buf, &stand->arena, POLL_BYTES_MAX);
	writer_begin_object(&writer);
	writer_member_text(&writer, "jsonrpc", TEXT("2.0"));
	writer_member_text(&writer, "method", TEXT("notifications/progress"));
	writer_key(&writer, TEXT("params"));
	writer_begin_object(&writer);
	writer_key(&writer, TEXT("progressToken"));
	writer_value(&writer, item->token);
	writer_member_int(&writer, "progress", stand->rows_done);
	if (stand->rows_total >= stand->rows_done)
		writer_member_int(&writer, "total", stand->rows_total);
	writer_member_text(&writer, "message",
			   arena_format(&stand->arena, "%lld rows read",
					(long long)stand->rows_done));
	writer_end_object(&writer);
	writer_end_object(&writer);
	if (!buf_text(&buf).ptr)
		return;
	item->exchange->transport->notify(item->exchange, buf_text(&buf));
	item->rows_told = stand->rows_done;
	item->told_us = now_us;
}

/* With the lock held: the answer, with how the import stands. */
static void answer(struct item *item, struct stand *stand)
{
	struct mcp_exchange *exchange = item->exchange;
	struct call *call = exchange->call;
	struct text data = arena_copy(exchange->arena, stand->call.reply.data);

	/* What cannot be read any more leaves the first answer as it was. */
	if (stand->call.job.err.code == ERR_OK && data.ptr)
		call->reply.data = data;
	item->exchange = NULL;
	mcp_result_write(exchange);
}

/* With the lock held. True: the item is done with. */
static bool settle(struct mcp_follow *follow, struct item *item, struct stand *stand)
{
	int64_t now_us = clock_steady_us();

	if (!item->exchange)
		return true;
	if (stand->rows_done > item->rows_told)
		tell(item, stand, now_us);
	if (stand->is_over || now_us >= item->until_us || follow->is_stopping) {
		answer(item, stand);
		return true;
	}
	if (now_us - item->told_us >= (int64_t)QUIET_MS * 1000) {
		item->exchange->transport->notify(item->exchange, TEXT_NONE);
		item->told_us = now_us;
	}
	return false;
}

static void cancel_import(struct mcp_follow *follow, const struct item *item, struct stand *stand)
{
	arena_reset(&stand->arena);
	/* It may be over meanwhile, or the key may not: then nothing is left to do. */
	if (item->owns_import && run(follow, item, "import.cancel", stand) != ERR_OK)
		return;
}

static bool is_cancelled(struct mcp_follow *follow, const struct item *item)
{
	pthread_mutex_lock(&follow->lock);
	bool is = item->is_cancelled;

	pthread_mutex_unlock(&follow->lock);
	return is;
}

/* Only this thread takes items out, so `item` stays while the lock is open. */
static bool visit(struct mcp_follow *follow, struct item *item, struct stand *stand)
{
	if (is_cancelled(follow, item)) {
		cancel_import(follow, item, stand);
		return true;
	}
	look(follow, item, stand);
	pthread_mutex_lock(&follow->lock);
	bool is_done = !item->is_cancelled && settle(follow, item, stand);

	pthread_mutex_unlock(&follow->lock);
	return is_done;
}

static void drop(struct mcp_follow *follow, size_t index)
{
	pthread_mutex_lock(&follow->lock);
	struct item *item = follow->items[index];

	follow->items[index] = follow->items[--follow->count];
	pthread_mutex_unlock(&follow->lock);
	free_item(item);
}

static void visit_all(struct mcp_follow *follow, struct stand *stand)
{
	for (size_t i = 0;;) {
		pthread_mutex_lock(&follow->lock);
		struct item *item = i < follow->count ? follow->items[i] : NULL;

		pthread_mutex_unlock(&follow->lock);
		if (!item)
			return;
		if (visit(follow, item, stand))
			drop(follow, i);
		else
			i++;
	}
}

/* Wait for the next look; false when it is time to end. */
static bool rest(struct mcp_follow *follow)
{
	struct timespec until;

	pthread_mutex_lock(&follow->lock);
	while (follow->count == 0 && !follow->ends)
		pthread_cond_wait(&follow->changed, &follow->lock);
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_nsec += (long)TICK_MS * 1000000;
	until.tv_sec += until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	bool goes_on = !follow->ends || follow->count > 0;

	/* A signal of the condition (something changed) only makes the next look come earlier. */
	if (goes_on && !follow->ends)
		pthread_cond_timedwait(&follow->changed, &follow->lock, &until);
	pthread_mutex_unlock(&follow->lock);
	return goes_on;
}

static void *work(void *state)
{
	struct mcp_follow *follow = state;
	struct stand stand;

	pthread_setname_np(pthread_self(), "mcp follow");
	memset(&stand, 0, sizeof stand);
	arena_init(&stand.arena, POLL_BYTES_MAX);
	while (rest(follow))
		visit_all(follow, &stand);
	arena_release(&stand.arena);
	return NULL;
}

enum err_code mcp_follow_create(struct desk *desk, struct mcp_follow **out, struct err *err)
{
	struct mcp_follow *follow = calloc(1, sizeof *follow);
	sigset_t all, before;

	if (!follow)
		return err_memory(err);
	follow->desk = desk;
	pthread_mutex_init(&follow->lock, NULL);
	pthread_cond_init(&follow->changed, NULL);
	/* Signals are the main thread's. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	int failed = pthread_create(&follow->thread, NULL, work, follow);

	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (failed) {
		pthread_cond_destroy(&follow->changed);
		pthread_mutex_destroy(&follow->lock);
		free(follow);
		return err_internal(err, "no thread for following imports");
	}
	*out = follow;
	return ERR_OK;
}

void mcp_follow_stop(struct mcp_follow *follow)
{
	pthread_mutex_lock(&follow->lock);
	follow->is_stopping = true;
	pthread_cond_signal(&follow->changed);
	pthread_mutex_unlock(&follow->lock);
}

void mcp_follow_destroy(struct mcp_follow *follow)
{
	if (!follow)
		return;
	pthread_mutex_lock(&follow->lock);
	follow->is_stopping = true;
	follow->ends = true;
	pthread_cond_signal(&follow->changed);
	pthread_mutex_unlock(&follow->lock);
	pthread_join(follow->thread, NULL);
	pthread_cond_destroy(&follow->changed);
	pthread_mutex_destroy(&follow->lock);
	free(follow);
}

/* A token is text or a number; anything else asks for nothing. */
static const json_t *token_of(const struct mcp_exchange *exchange)
{
	const json_t *token = json_object_get(exchange->message.meta, "progressToken");

	return json_is_string(token) || json_is_number(token) ? token : NULL;
}

/* Whether the exchange is about an import that runs, and its caller may look at it. */
static bool is_worth_following(const struct mcp_follow *follow, const struct mcp_exchange *exchange)
{
	const struct call *call = exchange->call;
	const struct command *get = dispatch_find(follow->desk, TEXT("import.get"));

	return call->job.err.code == ERR_OK && token_of(exchange) && get &&
	       (call->command == get || text_is(call->command->id, TEXT("import.create"))) &&
	       access_allows(exchange->caller.scopes, get) && is_open(call->reply.data);
}

static struct item *make_item(const struct mcp_exchange *exchange)
{
	struct item *item = calloc(1, sizeof *item);
	struct text import = scan_member(exchange->call->reply.data, TEXT("import"));

	if (!item)
		return NULL;
	arena_init(&item->arena, ITEM_BYTES_MAX);
	item->exchange = (struct mcp_exchange *)(uintptr_t)exchange;
	item->caller = exchange->caller;
	item->caller.name = arena_copy(&item->arena, exchange->caller.name);
	item->caller.scopes = arena_copy(&item->arena, exchange->caller.scopes);
	item->import_id =
		arena_copy(&item->arena,
			   scan_string(&item->arena, scan_member(import, TEXT("import_id"))));
	item->session = exchange->session.ptr ? arena_copy(&item->arena, exchange->session)
					      : TEXT_NONE;
	item->id = json_copy((json_t *)(uintptr_t)exchange->message.id);
	item->token = json_copy((json_t *)(uintptr_t)token_of(exchange));
	item->owns_import = text_is(exchange->call->command->id, TEXT("import.create"));
	item->rows_told = -1;
	item->told_us = clock_steady_us();
	item->until_us = item->told_us + (int64_t)MCP_FOLLOW_MS * 1000;
	if (item->caller.scopes.ptr && item->import_id.ptr && item->id && item->token)
		return item;
	free_item(item);
	return NULL;
}

bool mcp_follow_begin(struct mcp_follow *follow, struct mcp_exchange *exchange)
{
	struct item *item;
	bool is_added = false;

	if (!is_worth_following(follow, exchange))
		return false;
	item = make_item(exchange);
	pthread_mutex_lock(&follow->lock);
	if (item && !follow->is_stopping && follow->count < MCP_FOLLOW_MAX &&
	    exchange->transport->stream(exchange)) {
		exchange->is_following = true;
		follow->items[follow->count++] = item;
		is_added = true;
		pthread_cond_signal(&follow->changed);
	}
	pthread_mutex_unlock(&follow->lock);
	if (!is_added)
		free_item(item);
	return is_added;
}

/* With the lock held: nobody waits for this item any more. */
static void abandon(struct item *item, bool cancels)
{
	item->exchange = NULL;
	item->is_cancelled = cancels;
}

void mcp_follow_leave(struct mcp_follow *follow, struct mcp_exchange *exchange, bool cancels)
{
	pthread_mutex_lock(&follow->lock);
	for (size_t i = 0; i < follow->count; i++) {
		if (follow->items[i]->exchange == exchange)
			abandon(follow->items[i], cancels);
	}
	pthread_cond_signal(&follow->changed);
	pthread_mutex_unlock(&follow->lock);
}

static bool is_asked_by(const struct item *item, const struct mcp_exchange *exchange,
			const json_t *id)
{
	return item->caller.workspace == exchange->caller.workspace &&
	       item->caller.actor == exchange->caller.actor && item->session.ptr &&
	       text_is(item->session, exchange->session) && json_equal(item->id, id);
}

void mcp_follow_cancel(struct mcp_follow *follow, const struct mcp_exchange *exchange,
		       const json_t *id)
{
	pthread_mutex_lock(&follow->lock);
	for (size_t i = 0; i < follow->count; i++) {
		struct item *item = follow->items[i];
		struct mcp_exchange *asked = item->exchange;

		if (!asked || !is_asked_by(item, exchange, id))
			continue;
		abandon(item, true);
		/* An empty answer: none is due any more. */
		asked->transport->answer(asked);
	}
	pthread_cond_signal(&follow->changed);
	pthread_mutex_unlock(&follow->lock);
}
