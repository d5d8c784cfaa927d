#include "base/uuid.h"

#define COUNTER_BITS 18
#define COUNTER_MAX ((1u << COUNTER_BITS) - 1)

void uuid_maker_init(struct uuid_maker *maker, const struct clock *clock)
{
	maker->clock = clock;
	maker->last_ms = 0;
	maker->counter = 0;
	maker->pool_left = 0;
}

static void draw(struct uuid_maker *maker, struct uuid *out)
{
	const struct clock *clock = maker->clock;

	if (maker->pool_left < sizeof out->bytes) {
		clock->random_bytes(clock->state, maker->pool, sizeof maker->pool);
		maker->pool_left = sizeof maker->pool;
	}
	maker->pool_left -= sizeof out->bytes;
	memcpy(out->bytes, maker->pool + maker->pool_left, sizeof out->bytes);
}

/*
 * Layout: 48 bits of milliseconds, version, 12 + 6 bits of a counter that starts at a random
 * place in its lower half each millisecond, and 56 random bits.
 */
struct uuid uuid_make(struct uuid_maker *maker)
{
	struct uuid uuid;
	int64_t now_ms = clock_now_ms(maker->clock);
	unsigned char *b = uuid.bytes;

	draw(maker, &uuid);
	if (now_ms > maker->last_ms) {
		maker->last_ms = now_ms;
		maker->counter = ((uint32_t)b[0] << 8 | b[1]) & (COUNTER_MAX >> 1);
	} else if (++maker->counter > COUNTER_MAX) {
		maker->last_ms++;
		maker->counter = 0;
	}
	uint64_t ms = (uint64_t)maker->last_ms;
	uint32_t high = maker->counter >> 6;

	for (int i = 0; i < 6; i++)
		b[i] = (unsigned char)(ms >> (40 - 8 * i));
	b[6] = (unsigned char)(0x70 | high >> 8);
	b[7] = (unsigned char)high;
	b[8] = (unsigned char)(0x80 | (maker->counter & 0x3F));
	return uuid;
}

void uuid_format(struct uuid uuid, char out[UUID_TEXT_LEN + 1])
{
	static const char digits[] = "0123456789abcdef";
	char *at = out;

	for (int i = 0; i < 16; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			*at++ = '-';
		*at++ = digits[uuid.bytes[i] >> 4];
		*at++ = digits[uuid.bytes[i] & 15];
	}
	*at = '\0';
}

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

bool uuid_parse(struct text text, struct uuid *out)
{
	bool hyphens = text.len == UUID_TEXT_LEN;
	struct uuid uuid;
	size_t at = 0;

	if (!hyphens && text.len != 32)
		return false;
	for (int i = 0; i < 16; i++) {
		if (hyphens && (i == 4 || i == 6 || i == 8 || i == 10) && text.ptr[at++] != '-')
			return false;
		int high = hex_value(text.ptr[at]), low = hex_value(text.ptr[at + 1]);

		if (high < 0 || low < 0)
			return false;
		uuid.bytes[i] = (unsigned char)(high << 4 | low);
		at += 2;
	}
	*out = uuid;
	return true;
}
