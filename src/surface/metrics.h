/*
 * metrics: what the requests came to, in numbers, for Prometheus.
 *
 * Holds    one row of counters per command of the catalogue, and one for all else: nothing here
 *          grows with what clients send.
 * Threads  any; counters are independent of each other, without locks.
 * Fails    create, without memory.
 */
#ifndef SURFACE_METRICS_H
#define SURFACE_METRICS_H

#include "command/command.h"

struct metrics;

MUST_USE enum err_code metrics_create(size_t command_count, struct metrics **out, struct err *err);
void metrics_destroy(struct metrics *metrics);

struct metrics_event {
	const struct command *command; /* NULL: a request that ran none */
	int status;                    /* HTTP; 0: broken off before there was one */
	int64_t duration_us;
	uint64_t bytes_in;
	uint64_t bytes_out;
	enum reply_outcome outcome;    /* of a write about one lead */
	bool is_conflict;              /* refused: the identifiers belong to several leads */
};

void metrics_record(struct metrics *metrics, const struct metrics_event *event);

/* Numbers that are not counted here. */
struct metrics_figures {
	struct engine_figures engine;
	unsigned connections;
};

/* The text format of Prometheus. `commands` are the catalogue, in its order. */
void metrics_write(const struct metrics *metrics, const struct command *commands,
		   const struct metrics_figures *figures, struct buf *out);

#endif
