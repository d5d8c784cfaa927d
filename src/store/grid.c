#include "store/grid.h"

#include <sodium.h>

/* Raise it when the meaning of a column or set changes in a way that fields.json does not show. */
#define LAYOUT_VERSION 1

#define SET_SHIFT 56
#define SET_MASK (((uint64_t)1 << SET_SHIFT) - 1)
#define CHARACTER_BITS 21

static uint64_t hash(struct text text)
{
	/* Not a secret: whoever finds two texts with one hash confuses their own filters. */
	static const unsigned char key[crypto_shorthash_KEYBYTES] = "galena grid 0001";
	unsigned char bytes[crypto_shorthash_BYTES];
	uint64_t out;

	crypto_shorthash(bytes, (const unsigned char *)text.ptr, text.len, key);
	memcpy(&out, bytes, sizeof out);
	return out;
}

uint64_t grid_text_cell(struct text folded, int half)
{
	struct text part = text_skip(folded, (size_t)half * 8);
	uint64_t cell = 0;

	for (size_t i = 0; i < 8; i++)
		cell = cell << 8 | (i < part.len ? (unsigned char)part.ptr[i] : 0);
	return cell;
}

uint64_t grid_hash_cell(struct text form)
{
	uint64_t cell = hash(form);

	return cell ? cell : 1;
}

uint64_t grid_number_cell(double number)
{
	uint64_t bits;

	if (number == 0)
		number = 0; /* without a sign */
	memcpy(&bits, &number, sizeof bits);
	return bits >> 63 ? ~bits : bits | (uint64_t)1 << 63;
}

uint64_t grid_company_cell(const struct identifier_key *key)
{
	uint64_t cell;

	memcpy(&cell, key->bytes, sizeof cell); /* a hash already */
	return cell ? cell : 1;
}

uint64_t grid_time_cell(int64_t at_ms)
{
	return (uint64_t)at_ms ^ (uint64_t)1 << 63;
}

int64_t grid_key_of(enum grid_set set, uint64_t number)
{
	return (int64_t)((uint64_t)set << SET_SHIFT | (number & SET_MASK));
}

int64_t grid_key_of_text(enum grid_set set, struct text text)
{
	return grid_key_of(set, hash(text));
}

int64_t grid_key_of_uuid(enum grid_set set, struct uuid id)
{
	return grid_key_of_text(set, (struct text){(const char *)id.bytes, sizeof id.bytes});
}

int64_t grid_key_of_word(const struct fold_word *word, size_t count)
{
	uint64_t number = 0;

	for (size_t i = 0; i < count; i++)
		number = number << CHARACTER_BITS | (uint64_t)word->begins[i];
	return grid_key_of(GRID_WORD, number);
}

int64_t grid_layout(void)
{
	uint64_t sum = LAYOUT_VERSION;

	for (int id = 0; id < FIELD_COUNT; id++) {
		const struct field_row *row = &field_rows[id];

		sum = sum * 1099511628211u + hash(row->name) + (uint64_t)row->find * 4 +
		      (uint64_t)row->sort * 2 + (uint64_t)row->search;
	}
	return (int64_t)(sum >> 1);
}

/* A row of 2-byte members is always shorter than one of bits. */
void grid_members_add(struct text members, uint64_t bits[GRID_WORDS])
{
	const unsigned char *bytes = (const unsigned char *)members.ptr;

	if (members.len == GRID_MEMBERS_BYTES) {
		uint64_t words[GRID_WORDS];

		memcpy(words, bytes, sizeof words);
		for (size_t i = 0; i < GRID_WORDS; i++)
			bits[i] |= words[i];
		return;
	}
	for (size_t i = 0; i + 1 < members.len; i += 2) {
		size_t slot = ((size_t)bytes[i] | (size_t)bytes[i + 1] << 8) & (GRID_CHUNK - 1);

		bits[slot / 64] |= (uint64_t)1 << slot % 64;
	}
}

size_t grid_members_pack(const uint64_t bits[GRID_WORDS], unsigned char out[GRID_MEMBERS_BYTES])
{
	size_t len = 0;

	for (size_t i = 0; i < GRID_WORDS; i++) {
		for (uint64_t word = bits[i]; word; word &= word - 1) {
			size_t slot = i * 64 + (size_t)__builtin_ctzll(word);

			if (len + 2 >= GRID_MEMBERS_BYTES) {
				memcpy(out, bits, GRID_MEMBERS_BYTES);
				return GRID_MEMBERS_BYTES;
			}
			out[len++] = (unsigned char)slot;
			out[len++] = (unsigned char)(slot >> 8);
		}
	}
	return len;
}
