#include "http/rate.h"

#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>

/* A key lives in one of so many neighbouring buckets. */
#define WAYS ((size_t)8)
/* One token in the unit of a level: per_minute of these flow in each microsecond. */
#define TOKEN INT64_C(60000000)

struct bucket {
	uint64_t key; /* keyed hash: two keys share one only by a chance of 2^-64 */
	int64_t at_us;
	int64_t level;
	bool is_used;
};

struct rate {
	pthread_mutex_t mutex;
	unsigned per_minute;
	unsigned burst;
	size_t mask; /* a hash under it is the first bucket of a group */
	unsigned char secret[crypto_shorthash_KEYBYTES];
	struct bucket buckets[];
};

enum err_code rate_create(const struct rate_settings *settings, struct rate **out, struct err *err)
{
	const struct clock *clock = settings->clock ? settings->clock : clock_system();
	size_t count = WAYS;

	while (count < settings->keys_max && count < RATE_KEYS_MAX)
		count *= 2;
	struct rate *rate = calloc(1, sizeof *rate + count * sizeof rate->buckets[0]);

	if (!rate)
		return err_memory(err);
	pthread_mutex_init(&rate->mutex, NULL);
	rate->per_minute = settings->per_minute ? settings->per_minute : 1;
	rate->burst = settings->burst ? settings->burst : 1;
	rate->mask = count - WAYS;
	clock->random_bytes(clock->state, rate->secret, sizeof rate->secret);
	*out = rate;
	return ERR_OK;
}

/* The key's bucket, or the one of its group that rested longest, made anew. */
static struct bucket *find(struct rate *rate, uint64_t key, int64_t now_us)
{
	struct bucket *group = &rate->buckets[key & rate->mask];
	struct bucket *oldest = group;

	for (size_t i = 0; i < WAYS; i++) {
		if (group[i].is_used && group[i].key == key)
			return &group[i];
		bool is_older = !group[i].is_used || group[i].at_us < oldest->at_us;

		if (oldest->is_used && is_older)
			oldest = &group[i];
	}
	*oldest = (struct bucket){key, now_us, (int64_t)rate->burst * TOKEN, true};
	return oldest;
}

static void refill(const struct rate *rate, struct bucket *bucket, int64_t now_us)
{
	int64_t full = (int64_t)rate->burst * TOKEN;
	int64_t passed_us = now_us - bucket->at_us;

	if (passed_us <= 0)
		return;
	bucket->at_us = now_us;
	if (passed_us > (full - bucket->level) / rate->per_minute)
		bucket->level = full;
	else
		bucket->level += passed_us * rate->per_minute;
}

/* Whole seconds until `missing` has flowed in. */
static unsigned seconds_for(const struct rate *rate, int64_t missing)
{
	int64_t per_second = (int64_t)rate->per_minute * 1000000;

	return missing > 0 ? (unsigned)((missing + per_second - 1) / per_second) : 0;
}

void rate_take(struct rate *rate, struct text key, int64_t now_us, struct rate_state *out)
{
	uint64_t hash;

	crypto_shorthash((unsigned char *)&hash, (const unsigned char *)key.ptr, key.len,
			 rate->secret);
	pthread_mutex_lock(&rate->mutex);
	struct bucket *bucket = find(rate, hash, now_us);

	refill(rate, bucket, now_us);
	bool is_allowed = bucket->level >= TOKEN;

	if (is_allowed)
		bucket->level -= TOKEN;
	int64_t level = bucket->level;

	pthread_mutex_unlock(&rate->mutex);
	*out = (struct rate_state){
		.limit = rate->burst,
		.remaining = (unsigned)(level / TOKEN),
		.reset_s = seconds_for(rate, (int64_t)rate->burst * TOKEN - level),
		.retry_s = is_allowed ? 0 : seconds_for(rate, TOKEN - level),
		.is_allowed = is_allowed,
	};
}

void rate_destroy(struct rate *rate)
{
	if (!rate)
		return;
	pthread_mutex_destroy(&rate->mutex);
	free(rate);
}
