#include "command/dispatch.h"

#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>

#include "command/access.h"
#include "command/catalogue.h"
#include "command/running.h"
#include "store/replays.h"

/* Each stored answer makes room by dropping some that are too old. */
#define REPLAYS_EXPIRED_AT_ONCE 8

struct desk {
	struct desk_settings settings;
	struct catalogue *catalogue;
	struct running *running;
	pthread_mutex_t hook_lock;
	void (*import_hook)(void *state);
	void *import_hook_state;
};

enum err_code dispatch_create(const struct desk_settings *settings, struct desk **out,
			      struct err *err)
{
	struct desk *desk = calloc(1, sizeof *desk);

	if (!desk)
		return err_memory(err);
	desk->settings = *settings;
	pthread_mutex_init(&desk->hook_lock, NULL);
	if (catalogue_create(&desk->catalogue, err) != ERR_OK ||
	    running_create(&desk->running, err) != ERR_OK) {
		dispatch_destroy(desk);
		return err->code;
	}
	*out = desk;
	return ERR_OK;
}

void dispatch_destroy(struct desk *desk)
{
	if (!desk)
		return;
	running_destroy(desk->running);
	catalogue_destroy(desk->catalogue);
	pthread_mutex_destroy(&desk->hook_lock);
	free(desk);
}

void dispatch_set_import_hook(struct desk *desk, void (*hook)(void *state), void *state)
{
	pthread_mutex_lock(&desk->hook_lock);
	desk->import_hook = hook;
	desk->import_hook_state = state;
	pthread_mutex_unlock(&desk->hook_lock);
}

void dispatch_tell_import(struct desk *desk)
{
	pthread_mutex_lock(&desk->hook_lock);
	if (desk->import_hook)
		desk->import_hook(desk->import_hook_state);
	pthread_mutex_unlock(&desk->hook_lock);
}

struct engine *dispatch_engine(struct desk *desk)
{
	return desk->settings.engine;
}

const char *dispatch_files(struct desk *desk)
{
	return desk->settings.files;
}

const struct command *dispatch_commands(struct desk *desk, size_t *out_count)
{
	return catalogue_commands(desk->catalogue, out_count);
}

const struct command *dispatch_find(struct desk *desk, struct text id)
{
	return catalogue_find(desk->catalogue, id);
}

static enum err_code find_command(struct call *call, struct text id, struct err *err)
{
	call->command = dispatch_find(call->desk, id);
	if (!call->command)
		return err_set(err, ERR_COMMAND_NOT_FOUND, "",
			       "There is no command \"%.*s\". GET /api/v1/commands, or "
			       "'galena commands list', names them all.",
			       (int)(id.len > 80 ? 80 : id.len), id.ptr);
	if (!access_allows(call->caller.scopes, call->command)) {
		static const char *const needed[] = {"read", "write", "delete"};

		return err_set(err, ERR_FORBIDDEN, "",
			       "This key may not run %s: it lacks the scope \"%s\". Use a key that "
			       "has it, or make one with 'galena key create --scopes'.",
			       call->command->id.ptr, needed[call->command->risk]);
	}
	return ERR_OK;
}

/* {pointer, message} of everything that is wrong, for the caller to mend in one go. */
static void write_details(struct call *call, const struct schema_problems *problems)
{
	struct buf buf;
	struct writer writer = writer_on(&buf);
	size_t count = problems->count < SCHEMA_PROBLEMS_MAX ? problems->count
							     : SCHEMA_PROBLEMS_MAX;

	buf_init_arena(&buf, call->arena, 64 * 1024);
	writer_begin_array(&writer);
	for (size_t i = 0; i < count; i++) {
		writer_begin_object(&writer);
		writer_member_text(&writer, "pointer", text_of(problems->items[i].pointer));
		writer_member_text(&writer, "message", text_of(problems->items[i].message));
		writer_end_object(&writer);
	}
	writer_end_array(&writer);
	call->reply.details = buf_text(&buf);
}

static enum err_code check_input(struct call *call, struct err *err)
{
	struct schema_problems problems;

	if (schema_check(call->command->input, call->input, &problems, err) == ERR_OK)
		return ERR_OK;
	if (err->code != ERR_INVALID_INPUT)
		return err->code;
	write_details(call, &problems);
	/* A problem's message is to be read behind the field's name. */
	const struct err first = *err;

	size_t len = strlen(first.message);

	return err_set(err, ERR_INVALID_INPUT, first.pointer, "%s %.200s%s%s",
		       first.pointer[0] ? first.pointer + 1 : "The input", first.message,
		       len > 0 && first.message[len - 1] == '?' ? "" : ".",
		       problems.count > 1 ? " See details for the rest." : "");
}

/* The input in canonical form; of a file that came beside it counts the content, not the name. */
static bool write_asked(const struct call *call, struct buf *out)
{
	struct writer writer = writer_on(out);
	json_t *asked = call->content.ptr ? json_copy(call->input) : json_incref(call->input);

	if (!asked)
		return false;
	if (call->content.ptr)
		json_object_del(asked, "upload_id");
	writer_value(&writer, asked);
	json_decref(asked);
	return !out->failed;
}

/* A hash of what is asked, the same for the same command and input however it was written. */
static enum err_code hash_call(struct call *call, struct err *err)
{
	unsigned char hash[16];
	crypto_generichash_state state;
	char *hex = arena_take(call->arena, sizeof hash * 2 + 1);
	struct buf buf;

	buf_init_arena(&buf, call->arena, REPLY_BYTES_MAX);
	if (!hex || !write_asked(call, &buf))
		return err_memory(err);
	crypto_generichash_init(&state, NULL, 0, sizeof hash);
	crypto_generichash_update(&state, (const unsigned char *)call->command->id.ptr,
				  call->command->id.len + 1);
	crypto_generichash_update(&state, (const unsigned char *)buf.ptr, buf.len);
	crypto_generichash_update(&state, (const unsigned char *)call->content.ptr,
				  call->content.len);
	crypto_generichash_update(&state, (const unsigned char *)call->status.ptr,
				  call->status.len);
	/* An answer that is kept for a retry is kept in its form. */
	if (call->profile == COMMAND_RECORD)
		crypto_generichash_update(&state, (const unsigned char *)"record", 6);
	crypto_generichash_final(&state, hash, sizeof hash);
	call->hash = text_of(sodium_bin2hex(hex, sizeof hash * 2 + 1, hash, sizeof hash));
	return ERR_OK;
}

/* *out_found: whether the reply is an earlier answer to the same Idempotency-Key. */
static enum err_code find_replay(struct call *call, struct txn *txn, bool *out_found,
				 struct err *err)
{
	struct replay_row row = {.name = call->idempotency_key};

	*out_found = false;
	if (replays_find(txn, call->arena, call->caller.workspace, call->caller.actor, &row, err) !=
	    ERR_OK)
		return err->code;
	if (!row.answer.ptr)
		return ERR_OK;
	if (!text_is(row.request, call->hash))
		return err_set(err, ERR_IDEMPOTENCY_MISMATCH, "",
			       "This Idempotency-Key was used for another request. Use a new key "
			       "for each new write.");
	*out_found = reply_unpack(call->arena, row.answer, &call->reply);
	return *out_found ? ERR_OK : err_internal(err, "stored answer is damaged");
}

static enum err_code keep_replay(struct call *call, struct txn *txn, struct err *err)
{
	struct replay_row row = {.name = call->idempotency_key, .request = call->hash};
	int64_t dropped;
	struct buf buf;

	buf_init_arena(&buf, call->arena, REPLY_BYTES_MAX);
	reply_pack(&call->reply, &buf);
	row.answer = buf_text(&buf);
	if (!row.answer.ptr)
		return err_memory(err);
	if (txn_touch(txn, err) != ERR_OK ||
	    replays_expire(txn, call->caller.workspace, REPLAYS_EXPIRED_AT_ONCE, &dropped, err) !=
		    ERR_OK)
		return err->code;
	return replays_insert(txn, call->caller.workspace, call->caller.actor, &row, err);
}

/* The answer of long work is kept in a slice of its own: its thread only reads. */
struct keeping {
	struct engine_job job; /* first */
	struct call *call;
};

static enum err_code run_keeping(struct engine_job *job, struct txn *txn, struct err *err)
{
	return keep_replay(((struct keeping *)job)->call, txn, err);
}

static enum err_code keep(struct call *call, struct txn *txn, struct err *err)
{
	struct keeping keeping = {.job = {.run = run_keeping}, .call = call};

	if (call->command->handler->lane != COMMAND_LONG)
		return keep_replay(call, txn, err);
	return engine_run_slice(call->desk->settings.engine, &keeping.job, err);
}

static enum err_code execute(struct call *call, struct txn *txn, struct err *err)
{
	bool keyed = call->idempotency_key.ptr && call->command->risk != COMMAND_READ;
	bool replayed = false;

	if (keyed && find_replay(call, txn, &replayed, err) != ERR_OK)
		return err->code;
	if (replayed)
		return ERR_OK;
	if (call->command->handler->execute(call, txn, err) != ERR_OK)
		return err->code;
	return keyed ? keep(call, txn, err) : ERR_OK;
}

static struct call *call_of(struct engine_job *job)
{
	return (struct call *)job; /* job is the first member */
}

/* A lead shown as a record is another object than the schema's: each is held against its own. */
static enum err_code check_answer(const struct call *call, json_t *data,
				  struct schema_problems *problems, struct err *err)
{
	json_t *lead = json_object_get(data, "lead");
	enum err_code code = ERR_OK;

	if (call->profile != COMMAND_RECORD || !lead)
		return schema_check(call->command->output, data, problems, err);
	code = schema_check(catalogue_record(call->desk->catalogue), lead, problems, err);
	if (code == ERR_OK && !json_is_string(json_object_get(data, "lead_id")))
		return err_set(err, ERR_INVALID_INPUT, "/lead_id", "is missing");
	return code;
}

static enum err_code check_output(struct call *call, struct err *err)
{
	struct schema_problems problems;
	struct err problem = {.code = ERR_OK};
	json_error_t where;
	json_t *data = json_loadb(call->reply.data.ptr, call->reply.data.len, 0, &where);

	if (!data)
		return err_internal(err, "%s answers no JSON: %s", call->command->id.ptr,
				    where.text);
	enum err_code code = check_answer(call, data, &problems, &problem);

	json_decref(data);
	if (code == ERR_OK)
		return ERR_OK;
	return err_internal(err, "%s breaks its output schema at %s: %s", call->command->id.ptr,
			    problem.pointer, problem.message);
}

static enum err_code run(struct engine_job *job, struct txn *txn, struct err *err)
{
	struct call *call = call_of(job);

	if (execute(call, txn, err) != ERR_OK)
		return err->code;
	if (call->desk->settings.check_outputs)
		return check_output(call, err);
	return ERR_OK;
}

static void done(struct engine_job *job)
{
	struct call *call = call_of(job);

	if (call->idempotency_key.ptr)
		running_end(call->desk->running, call);
	call->finished(call);
}

static enum err_code hand_over(struct call *call, struct err *err)
{
	struct engine *engine = call->desk->settings.engine;

	call->job.run = run;
	call->job.done = done;
	switch (call->command->handler->lane) {
	case COMMAND_WRITES:
		return engine_write(engine, &call->job, err);
	case COMMAND_READS:
		return engine_read(engine, &call->job, err);
	case COMMAND_LONG:
		return engine_long(engine, &call->job, err);
	case COMMAND_READS_HERE:
		engine_read_here(engine, &call->job);
		return ERR_OK;
	}
	return err_internal(err, "no lane");
}

enum err_code dispatch_start(struct call *call, struct text id, struct err *err)
{
	memset(&call->reply, 0, sizeof call->reply);
	if (find_command(call, id, err) != ERR_OK || check_input(call, err) != ERR_OK ||
	    hash_call(call, err) != ERR_OK)
		return err->code;
	if (call->command->handler->prepare && call->command->handler->prepare(call, err) != ERR_OK)
		return err->code;
	if (call->idempotency_key.ptr && running_begin(call->desk->running, call, err) != ERR_OK)
		return err->code;
	if (hand_over(call, err) == ERR_OK)
		return ERR_OK;
	if (call->idempotency_key.ptr)
		running_end(call->desk->running, call);
	return err->code;
}

struct waiting {
	pthread_mutex_t lock;
	pthread_cond_t wake;
	bool finished;
};

static void wake(struct call *call)
{
	struct waiting *waiting = call->surface;

	pthread_mutex_lock(&waiting->lock);
	waiting->finished = true;
	pthread_cond_signal(&waiting->wake);
	pthread_mutex_unlock(&waiting->lock);
}

enum err_code dispatch_run(struct call *call, struct text id, struct err *err)
{
	struct waiting waiting = {.lock = PTHREAD_MUTEX_INITIALIZER,
				  .wake = PTHREAD_COND_INITIALIZER};

	call->finished = wake;
	call->surface = &waiting;
	if (dispatch_start(call, id, err) != ERR_OK)
		return err->code;
	pthread_mutex_lock(&waiting.lock);
	while (!waiting.finished)
		pthread_cond_wait(&waiting.wake, &waiting.lock);
	pthread_mutex_unlock(&waiting.lock);
	if (call->job.err.code != ERR_OK)
		*err = call->job.err;
	return call->job.err.code;
}
