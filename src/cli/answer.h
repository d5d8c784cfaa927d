/*
 * answer: a command's envelope, shown to people.
 *
 * Holds    nothing.
 * Threads  the main one.
 * Fails    never; without memory less is shown.
 */
#ifndef CLI_ANSWER_H
#define CLI_ANSWER_H

#include <jansson.h>

#include "base/err.h"

/* The data on standard output; what was done, and warnings, on standard error. */
void answer_show(const json_t *envelope);

/* What went wrong and what to do, on standard error; of a conflict its candidates, too. */
void answer_show_error(const json_t *envelope, const struct err *err);

#endif
