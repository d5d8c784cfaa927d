/*
 * say: what the program tells its user.
 *
 * Answers go to standard output, everything else to standard error. Colour only on a terminal,
 * and not when NO_COLOR is set.
 *
 * Holds    nothing.
 * Threads  any.
 * Fails    an answer that cannot be written is told by say_end.
 */
#ifndef CLI_SAY_H
#define CLI_SAY_H

#include <stdio.h>

#include "base/err.h"
#include "base/text.h"

enum say_style { SAY_PLAIN, SAY_BOLD, SAY_DIM, SAY_RED, SAY_GREEN, SAY_YELLOW };

/* What switches the style on (SAY_PLAIN: off) on that stream; "" when it shows no colour. */
const char *say_style(FILE *stream, enum say_style style);

/* Columns of the terminal that `stream` is; 0 when it is none. */
size_t say_width(FILE *stream);

/*
 * Put the detail that the log would have into the message of an internal error: who runs the
 * program is who would read the log.
 */
void say_plainly(struct err *err);

/* "galena: …" on standard error, and the detail where there is one. */
void say_error(const struct err *err);

/* A line on standard error. */
void say_note(const char *format, ...) PRINTF_LIKE(1, 2);

/* Bytes to standard output. */
void say_text(struct text text);

/* A JSON document and a line end; laid out over several lines on a terminal. */
void say_json(struct text json);

/* Write out what is left; ERR_STORAGE_FULL when some of the answer could not be written. */
MUST_USE enum err_code say_end(struct err *err);

#endif
