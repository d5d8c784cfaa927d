/*
 * card: an answer as people read it: a list as a table, anything else as "name: value" lines.
 *
 * Holds    nothing.
 * Threads  any.
 * Fails    like the buf.
 */
#ifndef CLI_CARD_H
#define CLI_CARD_H

#include <jansson.h>

#include "base/buf.h"

struct card_look {
	size_t width;            /* columns to fit into; 0: any number */
	const char *bold, *plain; /* around names and heads; "" */
};

/* Append the object `data`; nothing for what is empty. */
void card_write(const json_t *data, const struct card_look *look, struct buf *out);

#endif
