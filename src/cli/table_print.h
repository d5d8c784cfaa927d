/*
 * table_print: rows of text below each other, for people.
 *
 * Widths are counted in columns of a terminal, so that wide characters stand right. Control
 * characters become blanks: what a stranger wrote cannot drive the terminal.
 *
 * Holds    cells in the caller's arena.
 * Threads  one at a time.
 * Fails    like the buf and the arena; a table without memory shows fewer rows.
 */
#ifndef CLI_TABLE_PRINT_H
#define CLI_TABLE_PRINT_H

#include "base/buf.h"

#define TABLE_PRINT_COLUMNS_MAX 16

struct table_print_row;

struct table_print {
	struct arena *arena;
	size_t column_count;
	struct text heads[TABLE_PRINT_COLUMNS_MAX];
	struct table_print_row *first, **last;
	const char *bold, *plain; /* around the heads; "" */
};

void table_print_init(struct table_print *table, struct arena *arena);

/* One more column; the 17th and later are left out. */
void table_print_column(struct table_print *table, struct text head);

/* One more row, with a cell for each column; cells are copied, absent ones are empty. */
void table_print_add(struct table_print *table, const struct text *cells);

/*
 * Lay it out: two blanks between columns; where `width` is not 0, cells are broken into lines so
 * that all fits, inside of words only as the last resort. Columns in which no row has anything
 * are left out.
 */
void table_print_write(const struct table_print *table, size_t width, struct buf *out);

/* Columns that the text takes on a terminal. */
size_t table_print_width(struct text text);

/* A copy that is safe to show: control characters and broken UTF-8 replaced. */
struct text table_print_clean(struct arena *arena, struct text text);

/*
 * Cut a line of at most `width` columns off the front of *rest, at a blank where there is one;
 * *rest is what remains, absent when nothing does.
 */
struct text table_print_cut(struct text *rest, size_t width);

#endif
