/*
 * columns_formats: the headers of the tools people export from, as data.
 *
 * Holds    nothing; the tables are constant.
 * Threads  any.
 * Fails    never.
 */
#ifndef LEAD_COLUMNS_FORMATS_H
#define LEAD_COLUMNS_FORMATS_H

#include "base/base.h"

enum columns_flags {
	COLUMNS_HIDES_MEMBERS = 1,   /* rows without name and URL are people who hide themselves */
	COLUMNS_SEMICOLON_LISTS = 2, /* a company cell may hold several, joined by ';' */
};

/* A header and the field it holds, a name listed in columns_table_field; "" for none of use. */
struct columns_header {
	const char *header;
	const char *field;
};

struct columns_format {
	const char *name;
	const char *external_source;
	const char *signature[2]; /* headers without which it is not this format; "" for none */
	unsigned flags;
	const struct columns_header *headers; /* of several for one field the first wins */
	size_t count;
};

/* Every known format; *out_count is how many. */
const struct columns_format *columns_formats_all(size_t *out_count);

#endif
