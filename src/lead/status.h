/*
 * status: one vocabulary inside, and each dialect's words for it.
 *
 * Holds    nothing.
 * Threads  any.
 * Fails    look-ups answer false for a word that the dialect does not have.
 */
#ifndef LEAD_STATUS_H
#define LEAD_STATUS_H

#include "base/text.h"

enum status {
	STATUS_NEW, STATUS_WAITING, STATUS_CONTACTED, STATUS_REPLIED, STATUS_INTERESTED,
	STATUS_QUALIFIED, STATUS_MEETING_BOOKED, STATUS_CONVERTED, STATUS_FOLLOW_UP,
	STATUS_NOT_INTERESTED, STATUS_LOST, STATUS_DO_NOT_CONTACT, STATUS_COUNT
};

enum status_dialect { STATUS_INSIDE, STATUS_RUNTIME, STATUS_LEADS };

/* The dialect's word. Static text. */
struct text status_word(enum status status, enum status_dialect dialect);

/*
 * The status that a write means which says `word` in `dialect` about a lead that is in `current`
 * (STATUS_NEW for a new one): `current` itself when the dialect shows it by that word already,
 * else the first inside word of the dialect's. False, *out untouched, for an unknown word.
 */
MUST_USE bool status_from_word(struct text word, enum status_dialect dialect, enum status current,
			       enum status *out);

/*
 * True and a set of bits (1 << status) of every inside status that `dialect` shows as `word`:
 * what a filter by that word means.
 */
MUST_USE bool status_set(struct text word, enum status_dialect dialect, unsigned *out_bits);

/*
 * The status that somebody wrote in a file: any dialect's word, without regard to case, blanks,
 * '_' and '-'. False for anything else.
 */
MUST_USE bool status_from_file(struct text word, enum status *out);

#endif
