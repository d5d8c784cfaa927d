#include "template.h"

#include <stdlib.h>
#include <string.h>

#define NUMBER_LEN_MAX 20

/* splitmix64; the modulo's bias is far below what a benchmark can see. */
uint64_t template_random_below(uint64_t *state, uint64_t below)
{
	uint64_t z = *state += 0x9E3779B97F4A7C15u;

	z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
	z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
	return (z ^ (z >> 31)) % below;
}

/* The placeholder that begins at `at`, and its length; 0 when the brace is an ordinary one. */
static size_t placeholder(const char *at, size_t len, struct piece *out)
{
	char *end;

	if (len >= 3 && memcmp(at, "{i}", 3) == 0) {
		*out = (struct piece){.kind = PIECE_KEY};
		return 3;
	}
	if (len >= 3 && memcmp(at, "{n}", 3) == 0) {
		*out = (struct piece){.kind = PIECE_COUNT};
		return 3;
	}
	if (len >= 6 && memcmp(at, "{line}", 6) == 0) {
		*out = (struct piece){.kind = PIECE_LINE};
		return 6;
	}
	if (len >= 8 && memcmp(at, "{i:hex8}", 8) == 0) {
		*out = (struct piece){.kind = PIECE_KEY_HEX};
		return 8;
	}
	if (len < 5 || memcmp(at, "{r:", 3) != 0 || at[3] < '0' || at[3] > '9')
		return 0;
	uint64_t below = strtoull(at + 3, &end, 10);

	if (*end != '}' || below == 0)
		return 0;
	*out = (struct piece){.kind = PIECE_RANDOM, .below = below};
	return (size_t)(end - at) + 1;
}

bool template_parse(struct template *template, const char *text, size_t len)
{
	size_t at = 0, from = 0;

	*template = (struct template){.bytes_max = len};
	while (at < len) {
		struct piece piece;
		size_t taken = text[at] == '{' ? placeholder(text + at, len - at, &piece) : 0;

		if (taken == 0) {
			at++;
			continue;
		}
		if (template->count + 3 > TEMPLATE_PIECES_MAX)
			return false;
		if (at > from)
			template->pieces[template->count++] =
				(struct piece){.ptr = text + from, .len = at - from};
		template->pieces[template->count++] = piece;
		template->bytes_max += NUMBER_LEN_MAX;
		template->line_count += piece.kind == PIECE_LINE;
		at += taken;
		from = at;
	}
	if (len > from)
		template->pieces[template->count++] =
			(struct piece){.ptr = text + from, .len = len - from};
	return true;
}

char *template_put_number(char *at, uint64_t number)
{
	char digits[NUMBER_LEN_MAX];
	size_t count = 0;

	do {
		digits[count++] = (char)('0' + number % 10);
		number /= 10;
	} while (number > 0);
	while (count > 0)
		*at++ = digits[--count];
	return at;
}

static char *put_hex8(char *at, uint64_t number)
{
	for (int shift = 28; shift >= 0; shift -= 4)
		*at++ = "0123456789abcdef"[(number >> shift) & 15];
	return at;
}

char *template_put(const struct template *template, const struct template_values *values, char *at)
{
	for (size_t i = 0; i < template->count; i++) {
		const struct piece *piece = &template->pieces[i];

		switch (piece->kind) {
		case PIECE_LITERAL:
			memcpy(at, piece->ptr, piece->len);
			at += piece->len;
			break;
		case PIECE_KEY:
			at = template_put_number(at, values->key);
			break;
		case PIECE_KEY_HEX:
			at = put_hex8(at, values->key);
			break;
		case PIECE_LINE:
			memcpy(at, values->line.ptr, values->line.len);
			at += values->line.len;
			break;
		case PIECE_COUNT:
			at = template_put_number(at, values->count);
			break;
		case PIECE_RANDOM:
			at = template_put_number(at, template_random_below(values->random,
									   piece->below));
			break;
		}
	}
	return at;
}
