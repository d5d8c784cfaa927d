/*
 * scan: read JSON that Galena wrote itself, in place, without building a tree.
 *
 * Only for text in the canonical form of json/writer.h (a lead's doc, a change's patch), which
 * is known to be well formed. Anything from outside goes through json/parse.h.
 *
 * Holds    a position in the caller's struct.
 * Threads  any; a struct scan is one thread's.
 * Fails    scan_next answers false at the end, and also at the first byte that is not canonical
 *          (then `broken` is set: the stored text is damaged).
 */
#ifndef JSON_SCAN_H
#define JSON_SCAN_H

#include "base/buf.h"

struct scan {
	const char *at;
	const char *end;
	bool object; /* members have keys */
	bool broken;
};

/*
 * Begin at an object or array; `json` is borrowed as long as the scan and its outputs. An absent
 * text has nothing in it.
 */
struct scan scan_of(struct text json);

/*
 * The next member or element: its key still escaped and without quotes (empty in an array) and
 * its value as JSON text.
 */
MUST_USE bool scan_next(struct scan *scan, struct text *out_key, struct text *out_value);

/* The value of member `key`, or absent. */
struct text scan_member(struct text json, struct text key);

/* Append the characters of the JSON string `json` (with its quotes) to `out`, unescaped. */
void scan_unescape(struct text json, struct buf *out);

/* The same as a text; borrowed from `json` when nothing is escaped, else in the arena. */
struct text scan_string(struct arena *arena, struct text json);

#endif
