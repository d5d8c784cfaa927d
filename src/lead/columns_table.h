/*
 * columns_table: what headers mean in any file, and where each field goes, as data.
 *
 * Holds    nothing; the tables are constant.
 * Threads  any.
 * Fails    never; a look-up answers NULL for what is not listed.
 */
#ifndef LEAD_COLUMNS_TABLE_H
#define LEAD_COLUMNS_TABLE_H

#include "lead/columns.h"
#include "lead/columns_formats.h"

/* Where a field goes. */
struct columns_field {
	const char *name;
	enum columns_target target;
	unsigned rank;        /* lower wins among the fields of one target */
	const char *metadata; /* its NAME there, or where it goes when it does not win; or NULL */
};

/* Headers in several languages that mean the same in whichever file they stand. */
const struct columns_header *columns_table_synonyms(size_t *out_count);

const struct columns_field *columns_table_field(const char *name);

/* The wire name of a target; "" for COLUMNS_IGNORE and COLUMNS_METADATA. */
struct text columns_table_target_name(enum columns_target target);

/* The target of that wire name ("city", "state" and "country" too); false when there is none. */
MUST_USE bool columns_table_target(struct text name, enum columns_target *out);

#endif
