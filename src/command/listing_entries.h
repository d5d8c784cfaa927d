/*
 * listing_entries: the rows of a listing whose nouns are entries (store/entries.h).
 *
 * How to: LISTING_OF_ENTRIES among the initialisers of a struct listing_noun, which also says
 * which `kind` of entries and how to `write` one.
 *
 * Holds, Threads, Fails: as command/listing.h says of a noun's functions.
 */
#ifndef COMMAND_LISTING_ENTRIES_H
#define COMMAND_LISTING_ENTRIES_H

#include "command/listing.h"

#define LISTING_OF_ENTRIES \
	.count = listing_entries_count, .page = listing_entries_page, .read = listing_entries_read

MUST_USE enum err_code listing_entries_count(const struct listing_scene *scene, struct uuid about,
					     int64_t *out, struct err *err);
MUST_USE enum err_code listing_entries_page(const struct listing_scene *scene,
					    const struct listing_walk *walk,
					    struct listing_row *out, size_t *out_count,
					    struct err *err);
MUST_USE enum err_code listing_entries_read(const struct listing_scene *scene, struct uuid id,
					    struct listing_row *out, struct err *err);

#endif
