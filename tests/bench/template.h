/*
 * template: text with placeholders, made anew for every request.
 *
 * {i} the request's key, the same wherever it stands; {i:hex8} the same in eight hexadecimal
 * digits; {line} the line of that number in a file of lines; {n} the request's number; {r:1000} a
 * fresh random number below 1000. Any other brace is an ordinary character, so JSON needs no
 * escaping.
 *
 * Holds    pointers into the text it was parsed from.
 * Threads  one at a time.
 * Fails    parsing, when there are more than TEMPLATE_PIECES_MAX pieces.
 */
#ifndef BENCH_TEMPLATE_H
#define BENCH_TEMPLATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "line_file.h"

#define TEMPLATE_PIECES_MAX 256

enum piece_kind { PIECE_LITERAL, PIECE_KEY, PIECE_KEY_HEX, PIECE_LINE, PIECE_COUNT, PIECE_RANDOM };

struct piece {
	enum piece_kind kind;
	const char *ptr; /* PIECE_LITERAL */
	size_t len;
	uint64_t below; /* PIECE_RANDOM */
};

struct template
{
	struct piece pieces[TEMPLATE_PIECES_MAX];
	size_t count;
	size_t bytes_max;  /* of what it makes, its lines not counted */
	size_t line_count; /* how many {line} it holds */
};

/* What differs between two requests. */
struct template_values {
	uint64_t key;
	struct line line;
	uint64_t count;
	uint64_t *random; /* state of template_random_below */
};

/* `text` ends with a NUL and lives as long as the template. */
bool template_parse(struct template *template, const char *text, size_t len);

/* Write it at `at`, which has room for it; returns the byte behind. */
char *template_put(const struct template *template, const struct template_values *values, char *at);

/* Decimal digits, at most 20; returns the byte behind. */
char *template_put_number(char *at, uint64_t number);

uint64_t template_random_below(uint64_t *state, uint64_t below);

#endif
