#include "command/running.h"

#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>

struct running_name {
	unsigned char bytes[16];
};

struct running {
	pthread_mutex_t lock;
	struct running_name names[RUNNING_MAX];
	size_t count;
};

enum err_code running_create(struct running **out, struct err *err)
{
	struct running *running = calloc(1, sizeof *running);

	if (!running)
		return err_memory(err);
	pthread_mutex_init(&running->lock, NULL);
	*out = running;
	return ERR_OK;
}

void running_destroy(struct running *running)
{
	if (!running)
		return;
	pthread_mutex_destroy(&running->lock);
	free(running);
}

static struct running_name name_of(const struct call *call)
{
	struct running_name name;
	crypto_generichash_state state;
	int64_t numbers[] = {call->caller.workspace, call->caller.actor};

	crypto_generichash_init(&state, NULL, 0, sizeof name.bytes);
	crypto_generichash_update(&state, (const unsigned char *)numbers, sizeof numbers);
	crypto_generichash_update(&state, (const unsigned char *)call->idempotency_key.ptr,
				  call->idempotency_key.len);
	crypto_generichash_final(&state, name.bytes, sizeof name.bytes);
	return name;
}

static size_t find_locked(const struct running *running, const struct running_name *name)
{
	size_t at = 0;

	while (at < running->count &&
	       memcmp(running->names[at].bytes, name->bytes, sizeof name->bytes) != 0)
		at++;
	return at;
}

enum err_code running_begin(struct running *running, const struct call *call, struct err *err)
{
	struct running_name name = name_of(call);
	bool known, full;

	pthread_mutex_lock(&running->lock);
	known = find_locked(running, &name) < running->count;
	full = running->count == RUNNING_MAX;
	if (!known && !full)
		running->names[running->count++] = name;
	pthread_mutex_unlock(&running->lock);
	if (known)
		return err_set(
			err, ERR_IDEMPOTENCY_CONFLICT, "",
			"A request with this Idempotency-Key is running. Wait for its answer "
			"and send the same request again to get that answer.");
	if (full)
		return err_set(err, ERR_BUSY, "", "Too many writes are running. Try again.");
	return ERR_OK;
}

void running_end(struct running *running, const struct call *call)
{
	struct running_name name = name_of(call);

	pthread_mutex_lock(&running->lock);
	size_t at = find_locked(running, &name);

	if (at < running->count)
		running->names[at] = running->names[--running->count];
	pthread_mutex_unlock(&running->lock);
}
