#include "file/csv.h"

static bool needs_quotes(struct text cell)
{
	for (size_t i = 0; i < cell.len; i++) {
		if (cell.ptr[i] == '"' || cell.ptr[i] == ',' || cell.ptr[i] == '\n' ||
		    cell.ptr[i] == '\r')
			return true;
	}
	/* Blanks at the ends are part of the cell, but not every reader keeps them bare. */
	return text_trim(cell).len != cell.len;
}

static void add(struct buf *out, struct text guard, struct text cell)
{
	struct text rest = cell;

	if (!needs_quotes(cell)) {
		buf_add(out, guard);
		buf_add(out, cell);
		return;
	}
	buf_add_char(out, '"');
	buf_add(out, guard);
	while (rest.ptr) {
		buf_add(out, text_split(rest, '"', &rest));
		if (rest.ptr)
			buf_add(out, TEXT("\"\""));
	}
	buf_add_char(out, '"');
}

void csv_add_cell(struct buf *out, struct text cell)
{
	add(out, TEXT(""), cell);
}

void csv_add_safe_cell(struct buf *out, struct text cell)
{
	bool computed = cell.len > 0 && memchr("=+-@\t\r", cell.ptr[0], 6);

	add(out, computed ? TEXT("'") : TEXT(""), cell);
}

void csv_add_only_cell(struct buf *out, struct text cell)
{
	if (cell.len == 0)
		buf_add(out, TEXT("\"\""));
	else
		csv_add_cell(out, cell);
}
