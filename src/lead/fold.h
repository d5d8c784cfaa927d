/*
 * fold: values in the form in which they are compared, sorted and looked for.
 *
 * Folded text has no capitals, no accents and no blanks but single ones between words, so that
 * "  José  Müller" and "jose muller" are the same.
 *
 * Holds    nothing.
 * Threads  any.
 * Fails    only for want of memory: ERR_BUSY, or an absent text.
 */
#ifndef LEAD_FOLD_H
#define LEAD_FOLD_H

#include "base/buf.h"
#include "base/err.h"
#include "lead/fields.h"

/* Append `text`, folded. What is no UTF-8 is taken byte by byte. */
void fold_add(struct text text, struct buf *out);

/* `text`, folded, in the arena. */
MUST_USE struct text fold_text(struct arena *arena, struct text text);

/*
 * The form in which two values of `field` are compared: equal forms are equal values. E-mail
 * addresses and LinkedIn names and ids in any of their spellings have one form, telephone numbers
 * are their digits, everything else is folded. Empty for a value that says nothing.
 */
MUST_USE enum err_code fold_value(struct arena *arena, enum field_id field, struct text value,
				  struct text *out, struct err *err);

/* The first characters of a word, folded. */
#define FOLD_BEGINNING_MAX 2

struct fold_word {
	int32_t begins[FOLD_BEGINNING_MAX]; /* 0 behind the end of a short word */
	bool is_longer;                     /* there are further characters */
};

/* Take the next word, of letters and digits of any script, off *rest; false at the end. */
MUST_USE bool fold_next_word(struct text *rest, struct fold_word *out);

/* What text search takes for part of a word. */
bool fold_is_word_char(int32_t c);

/* Accents that follow their letter, and do not count. */
bool fold_is_accent(int32_t c);

#endif
