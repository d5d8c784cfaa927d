#include "command/access.h"

#include <assert.h>
#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>

#include "store/accounts.h"

static_assert(ACCESS_HASH_LEN == ACCOUNTS_HASH_LEN, "a key's hash is what the store keeps");

#define PREFIX TEXT("sk-workspace_")
#define TRUST_US ((int64_t)500000)
#define CACHE_SETS 256
#define CACHE_WAYS 4 /* 1,024 keys in all */

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
enum { ALPHABET_LEN = sizeof alphabet - 1 };

/* A key that was seen. Free when `texts` is NULL. */
struct entry {
	unsigned char hash[ACCESS_HASH_LEN];
	int64_t seen_us;
	int64_t workspace, no, expires_ms, revoked_ms;
	struct uuid workspace_id;
	char *texts; /* name, then scopes, on the heap */
	size_t name_len, scopes_len;
};

/* A key may stand in one of four places that its hash names, so nothing is ever moved. */
struct access {
	struct engine *engine;
	pthread_mutex_t lock;
	struct entry entries[CACHE_SETS][CACHE_WAYS];
};

enum err_code access_create(struct engine *engine, struct access **out, struct err *err)
{
	struct access *access = calloc(1, sizeof *access);

	if (!access)
		return err_memory(err);
	access->engine = engine;
	pthread_mutex_init(&access->lock, NULL);
	*out = access;
	return ERR_OK;
}

void access_destroy(struct access *access)
{
	if (!access)
		return;
	for (size_t i = 0; i < (size_t)CACHE_SETS * CACHE_WAYS; i++)
		free(access->entries[i / CACHE_WAYS][i % CACHE_WAYS].texts);
	pthread_mutex_destroy(&access->lock);
	free(access);
}

void access_hash(struct text key, unsigned char out[ACCESS_HASH_LEN])
{
	crypto_generichash(out, ACCESS_HASH_LEN, (const unsigned char *)key.ptr, key.len, NULL, 0);
}

void access_make_key(const struct clock *clock, char out[ACCESS_KEY_LEN + 1])
{
	/* The largest multiple of 62 that a byte holds: what is above would favour some letters. */
	enum { FAIR = 256 / ALPHABET_LEN * ALPHABET_LEN };
	unsigned char random[64];
	size_t len = PREFIX.len;

	memcpy(out, PREFIX.ptr, len);
	while (len < ACCESS_KEY_LEN) {
		clock->random_bytes(clock->state, random, sizeof random);
		for (size_t i = 0; i < sizeof random && len < ACCESS_KEY_LEN; i++) {
			if (random[i] < FAIR)
				out[len++] = alphabet[random[i] % ALPHABET_LEN];
		}
	}
	out[len] = '\0';
	sodium_memzero(random, sizeof random);
}

static bool is_key(struct text key)
{
	if (key.len != ACCESS_KEY_LEN || !text_starts(key, PREFIX))
		return false;
	for (size_t i = PREFIX.len; i < key.len; i++) {
		if (!memchr(alphabet, key.ptr[i], ALPHABET_LEN))
			return false;
	}
	return true;
}

/* One look-up on a reading connection. */
struct lookup {
	struct engine_job job; /* first: the engine hands this back */
	struct arena *arena;
	const unsigned char *hash;
	struct key_row key;
};

static enum err_code run_lookup(struct engine_job *job, struct txn *txn, struct err *err)
{
	struct lookup *lookup = (struct lookup *)job;

	return accounts_key_by_hash(txn->db, lookup->arena, lookup->hash, &lookup->key, err);
}

static void done_lookup(struct engine_job *job)
{
	(void)job; /* engine_read_here has returned to the one that waits */
}

/* The entry of `hash`; NULL when there is none. */
static struct entry *find_locked(struct access *access, const unsigned char *hash)
{
	struct entry *set = access->entries[hash[0]];

	for (size_t i = 0; i < CACHE_WAYS; i++) {
		if (set[i].texts && sodium_memcmp(set[i].hash, hash, ACCESS_HASH_LEN) == 0)
			return &set[i];
	}
	return NULL;
}

/* Where `hash` goes: its own place, else a free one, else that of the key not seen for longest. */
static struct entry *place_locked(struct access *access, const unsigned char *hash)
{
	struct entry *place = find_locked(access, hash);
	struct entry *set = access->entries[hash[0]];

	for (size_t i = 0; i < CACHE_WAYS && !place; i++)
		place = set[i].texts ? NULL : &set[i];
	if (place)
		return place;
	place = set;
	for (size_t i = 1; i < CACHE_WAYS; i++)
		place = set[i].seen_us < place->seen_us ? &set[i] : place;
	return place;
}

/* Remember what was read. Without memory the next call reads it again. */
static void remember(struct access *access, const unsigned char *hash, const struct key_row *key,
		     int64_t seen_us)
{
	char *texts = malloc(key->name.len + key->scopes.len + 1);

	if (!texts)
		return;
	memcpy(texts, key->name.ptr, key->name.len);
	memcpy(texts + key->name.len, key->scopes.ptr, key->scopes.len);
	pthread_mutex_lock(&access->lock);
	struct entry *entry = place_locked(access, hash);

	free(entry->texts);
	*entry = (struct entry){.seen_us = seen_us,
				.workspace = key->workspace,
				.workspace_id = key->workspace_id,
				.no = key->no,
				.expires_ms = key->expires_ms,
				.revoked_ms = key->revoked_ms,
				.texts = texts,
				.name_len = key->name.len,
				.scopes_len = key->scopes.len};
	memcpy(entry->hash, hash, ACCESS_HASH_LEN);
	pthread_mutex_unlock(&access->lock);
}

/* What is known of the key and still trusted; out->no is 0 when that is nothing. */
static enum err_code recall(struct access *access, struct arena *arena, const unsigned char *hash,
			    struct key_row *out, struct err *err)
{
	struct key_row key = {.no = 0};
	bool copied = true;

	pthread_mutex_lock(&access->lock);
	const struct entry *entry = find_locked(access, hash);

	if (entry && clock_steady_us() - entry->seen_us < TRUST_US) {
		struct text name = {entry->texts, entry->name_len};
		struct text scopes = {entry->texts + entry->name_len, entry->scopes_len};

		key = (struct key_row){.workspace = entry->workspace,
				       .workspace_id = entry->workspace_id,
				       .no = entry->no,
				       .name = arena_copy(arena, name),
				       .scopes = arena_copy(arena, scopes),
				       .expires_ms = entry->expires_ms,
				       .revoked_ms = entry->revoked_ms};
		copied = key.name.ptr && key.scopes.ptr;
	}
	pthread_mutex_unlock(&access->lock);
	if (!copied)
		return err_memory(err);
	*out = key;
	return ERR_OK;
}

static enum err_code look_up(struct access *access, struct arena *arena, const unsigned char *hash,
			     struct key_row *out, struct err *err)
{
	struct lookup lookup = {.job = {.run = run_lookup, .done = done_lookup},
				.arena = arena,
				.hash = hash};
	/* Taken before the read: a revocation that the read just missed is seen in time. */
	int64_t seen_us = clock_steady_us();

	engine_read_here(access->engine, &lookup.job);
	if (lookup.job.err.code != ERR_OK) {
		*err = lookup.job.err;
		return err->code;
	}
	if (lookup.key.no)
		remember(access, hash, &lookup.key, seen_us);
	*out = lookup.key;
	return ERR_OK;
}

/* Whether a key that was found, or was not, opens anything now. */
static enum err_code judge(const struct key_row *key, int64_t now_ms, struct err *err)
{
	char at[CLOCK_TEXT_LEN + 1];

	if (key->no == 0)
		return err_set(err, ERR_UNAUTHENTICATED, "",
			       "This API key is not known here. Check that it is the key of this "
			       "server, or make one with \"galena key create\".");
	if (key->revoked_ms) {
		clock_format(key->revoked_ms, at);
		return err_set(err, ERR_UNAUTHENTICATED, "",
			       "This API key was revoked at %s. Use another one, or make one with "
			       "\"galena key create\".",
			       at);
	}
	if (key->expires_ms && key->expires_ms <= now_ms) {
		clock_format(key->expires_ms, at);
		return err_set(err, ERR_UNAUTHENTICATED, "",
			       "This API key expired at %s. Make a new one with \"galena key "
			       "create\".",
			       at);
	}
	return ERR_OK;
}

enum err_code access_identify(struct access *access, struct arena *arena, struct text key,
			      struct caller *out, struct err *err)
{
	unsigned char hash[ACCESS_HASH_LEN];
	struct key_row row = {.no = 0};

	if (key.len == 0)
		return err_set(err, ERR_UNAUTHENTICATED, "",
			       "No API key was sent. Send one as \"Authorization: Bearer KEY\" or "
			       "\"X-API-Key: KEY\"; \"galena key create\" makes one.");
	if (!is_key(key))
		return err_set(err, ERR_UNAUTHENTICATED, "",
			       "This is not a whole API key. A key is \"sk-workspace_\" and 51 "
			       "letters and digits; copy all of it, without quotes or blanks.");
	access_hash(key, hash);
	if (recall(access, arena, hash, &row, err) != ERR_OK ||
	    (row.no == 0 && look_up(access, arena, hash, &row, err) != ERR_OK) ||
	    judge(&row, clock_now_ms(engine_clock(access->engine)), err) != ERR_OK)
		return err->code;
	*out = (struct caller){.workspace = row.workspace,
			       .workspace_id = row.workspace_id,
			       .actor = row.no,
			       .name = row.name,
			       .scopes = row.scopes,
			       .via = CHANGE_VIA_REST};
	return ERR_OK;
}

/* The next word of *rest, which is cut off; empty at the end. */
static struct text next_scope(struct text *rest)
{
	*rest = text_trim(*rest);
	return text_split(*rest, ' ', rest);
}

/* The word that covers every command of that risk. */
static struct text risk_scope(enum command_risk risk)
{
	static const char *const words[] = {
		[COMMAND_READ] = "read", [COMMAND_MUTATE] = "write", [COMMAND_APPROVAL] = "delete"};

	return text_of(words[risk]);
}

/* "lead.*" covers "lead.get". */
static bool covers_noun(struct text scope, struct text id)
{
	return scope.len >= 3 && scope.ptr[scope.len - 1] == '*' &&
	       scope.ptr[scope.len - 2] == '.' &&
	       text_starts(id, (struct text){scope.ptr, scope.len - 1});
}

static bool covers(struct text scope, const struct command *command)
{
	return text_is(scope, TEXT("*")) || text_is(scope, risk_scope(command->risk)) ||
	       text_is(scope, command->id) || covers_noun(scope, command->id);
}

bool access_allows(struct text scopes, const struct command *command)
{
	struct text scope;

	while ((scope = next_scope(&scopes)).len > 0) {
		if (covers(scope, command))
			return true;
	}
	return false;
}

enum err_code access_check_scopes(struct text scopes, const struct command *commands, size_t count,
				  struct err *err)
{
	enum { SHOWN_MAX = 64 };
	struct text scope = next_scope(&scopes);

	if (scope.len == 0)
		return err_set(err, ERR_INVALID_INPUT, "/scopes",
			       "A key needs at least one scope. \"*\" lets it do everything.");
	for (; scope.len > 0; scope = next_scope(&scopes)) {
		bool known = false;

		for (size_t i = 0; i < count && !known; i++)
			known = covers(scope, &commands[i]);
		if (known)
			continue;
		scope.len = scope.len < SHOWN_MAX ? scope.len : SHOWN_MAX;
		return err_set(err, ERR_INVALID_INPUT, "/scopes",
			       "\"%.*s\" is no scope. Use *, read, write, delete, a command such "
			       "as lead.get, or all of a noun such as lead.*.",
			       TEXT_ARG(scope));
	}
	return ERR_OK;
}
