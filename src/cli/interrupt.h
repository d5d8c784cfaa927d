/*
 * interrupt: Ctrl-C as a question that long work asks now and then, instead of an end.
 *
 * Holds    the stop flag.
 * Threads  any.
 * Fails    never.
 */
#ifndef CLI_INTERRUPT_H
#define CLI_INTERRUPT_H

#include <stdbool.h>
#include <stdint.h>

/* From now on the first SIGINT or SIGTERM only sets the flag; the second one ends the program. */
void interrupt_catch(void);

bool interrupt_came(void);

/* Rest for `ms`, or until a signal comes. */
void interrupt_rest(int64_t ms);

#endif
