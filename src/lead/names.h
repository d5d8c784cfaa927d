/*
 * names: a lead's full name and its parts, which stay in step while they say the same.
 *
 * Holds    nothing.
 * Threads  any; a record is one thread's.
 * Fails    ERR_BUSY without memory.
 *
 * The full name is made from first and last name when it is missing, and follows them while it is
 * what they make. The parts follow a full name that changes alone: its last word is the family
 * name.
 */
#ifndef LEAD_NAMES_H
#define LEAD_NAMES_H

#include "lead/record.h"

/* As canonical JSON; absent: not known. */
struct names {
	struct text name, first, last;
};

struct names names_of(const struct record *record);

/*
 * After `input` was applied to `record`, whose names were `before`: let follow what is to follow.
 * What the input says itself stays as it says, and what was seen later stays, too.
 */
MUST_USE enum err_code names_keep_in_step(struct arena *arena, struct record *record,
					  const struct record_input *input,
					  const struct names *before, struct record_diff *diff,
					  struct err *err);

#endif
