/*
 * placeholder: what stands in a cell without being the value. Words that people and programs
 * write for "nothing", and the wrapping, invisible characters and spellings that copying and
 * spreadsheets add around a value; linkedin.h and email.h read identifiers through it.
 *
 * Holds    nothing.
 * Threads  any.
 * Fails    functions that take an arena answer an absent text (ptr NULL) when it has no memory.
 *          Their answer may be borrowed from the input: both must live as long as it is used.
 */
#ifndef LEAD_PLACEHOLDER_H
#define LEAD_PLACEHOLDER_H

#include "base/arena.h"

/*
 * True when `value` stands for "nothing" (n/a, none, -, #REF!, unknown, …) or is empty. For
 * identifiers only: some of these words are people's names.
 */
bool placeholder_is(struct text value);

/*
 * True when the canonical address `key` is one that forms and vendors fill in for a missing or
 * locked one (none@none.com, email_not_unlocked@domain.com, …).
 */
bool placeholder_email(struct text key);

/*
 * `utf8` without white space (Unicode's) at its ends and without invisible characters (byte
 * order mark, zero-width space, direction marks, soft hyphen) anywhere. Joiners inside stay:
 * scripts and emoji need them. `utf8` must be UTF-8.
 */
MUST_USE struct text placeholder_strip(struct arena *arena, struct text utf8);

/*
 * What is inside Markdown links, =HYPERLINK("…"), angle brackets behind a display name, quotes,
 * brackets, a spreadsheet's leading ' and trailing commas, semicolons and full stops. Borrowed.
 */
struct text placeholder_unwrap(struct text text);

/*
 * Percent escapes decoded, once; a '%' that begins no escape stays. The answer may be any
 * bytes. It is `text` itself (the same ptr) when there was no '%'.
 */
MUST_USE struct text placeholder_decode(struct arena *arena, struct text text);

/* `utf8` in normal form C and Unicode lower case; folding twice changes nothing more. */
MUST_USE struct text placeholder_fold(struct arena *arena, struct text utf8);

#endif
