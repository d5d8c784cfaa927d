#include "cli/table_print.h"

#include <utf8proc.h>

#define GAP 2
#define NARROWEST 8   /* below that a column is not made narrower */
#define ID_COLUMNS 36 /* a UUID's */

struct table_print_row {
	struct table_print_row *next;
	struct text cells[];
};

/* The character at the front: bytes, columns, and whether it may be shown. */
struct glyph {
	size_t bytes;
	size_t columns;
	bool is_shown;
};

static struct glyph glyph_at(struct text text)
{
	utf8proc_int32_t code;
	utf8proc_ssize_t len = utf8proc_iterate((const utf8proc_uint8_t *)text.ptr,
						(utf8proc_ssize_t)text.len, &code);

	if (len <= 0)
		return (struct glyph){.bytes = 1, .columns = 1};
	int columns = utf8proc_charwidth(code);
	utf8proc_category_t category = utf8proc_category(code);
	/* Letters that turn the reading direction around are as good as control characters. */
	bool hides = category == UTF8PROC_CATEGORY_CC || category == UTF8PROC_CATEGORY_ZL ||
		     category == UTF8PROC_CATEGORY_ZP || (code >= 0x202A && code <= 0x202E) ||
		     (code >= 0x2066 && code <= 0x2069);

	return (struct glyph){.bytes = (size_t)len,
			      .columns = hides         ? 1
					 : columns < 0 ? 0
						       : (size_t)columns,
			      .is_shown = !hides};
}

size_t table_print_width(struct text text)
{
	size_t columns = 0;

	while (text.len > 0) {
		struct glyph glyph = glyph_at(text);

		columns += glyph.columns;
		text = text_skip(text, glyph.bytes);
	}
	return columns;
}

struct text table_print_clean(struct arena *arena, struct text text)
{
	struct buf buf;

	buf_init_arena(&buf, arena, text.len + 1);
	buf_add(&buf, TEXT(""));
	while (text.len > 0) {
		struct glyph glyph = glyph_at(text);

		if (glyph.is_shown)
			buf_add(&buf, (struct text){text.ptr, glyph.bytes});
		else
			buf_add_char(&buf, ' ');
		text = text_skip(text, glyph.bytes);
	}
	return buf.len ? buf_text(&buf) : TEXT("");
}

struct text table_print_cut(struct text *rest, size_t width)
{
	struct text whole = *rest;
	size_t at = 0, columns = 0, blank = 0;

	while (at < whole.len) {
		struct glyph glyph = glyph_at(text_skip(whole, at));

		if (columns + glyph.columns > width && at > 0)
			break;
		if (whole.ptr[at] == ' ')
			blank = at;
		columns += glyph.columns;
		at += glyph.bytes;
	}
	if (at == whole.len) {
		*rest = TEXT_NONE;
		return whole;
	}
	if (whole.ptr[at] == ' ')
		blank = at;
	size_t end = blank > 0 ? blank : at;

	*rest = text_trim(text_skip(whole, end));
	if (rest->len == 0)
		*rest = TEXT_NONE;
	return (struct text){whole.ptr, end};
}

void table_print_init(struct table_print *table, struct arena *arena)
{
	memset(table, 0, sizeof *table);
	table->arena = arena;
	table->last = &table->first;
	table->bold = table->plain = "";
}

void table_print_column(struct table_print *table, struct text head)
{
	if (table->column_count < TABLE_PRINT_COLUMNS_MAX)
		table->heads[table->column_count++] = table_print_clean(table->arena, head);
}

void table_print_add(struct table_print *table, const struct text *cells)
{
	size_t bytes = sizeof(struct table_print_row) + table->column_count * sizeof *cells;
	struct table_print_row *row = arena_take(table->arena, bytes);

	if (!row)
		return;
	row->next = NULL;
	for (size_t i = 0; i < table->column_count; i++)
		row->cells[i] = table_print_clean(table->arena, cells[i]);
	*table->last = row;
	table->last = &row->next;
}

/* The width of each column as it would like to be; 0 for one that is left out. */
static void natural_widths(const struct table_print *table, size_t *widths)
{
	for (size_t i = 0; i < table->column_count; i++) {
		widths[i] = 0;
		for (const struct table_print_row *row = table->first; row; row = row->next) {
			size_t width = table_print_width(row->cells[i]);

			widths[i] = width > widths[i] ? width : widths[i];
		}
		size_t head = table_print_width(table->heads[i]);

		if ((widths[i] > 0 || !table->first) && head > widths[i])
			widths[i] = head;
	}
}

static size_t total_width(const size_t *widths, size_t count)
{
	size_t total = 0;

	for (size_t i = 0; i < count; i++)
		total += widths[i] ? widths[i] + GAP : 0;
	return total > GAP ? total - GAP : 0;
}

/* The widest run of characters without a blank. */
static size_t word_width(struct text text)
{
	size_t widest = 0;

	while (text.ptr) {
		size_t width = table_print_width(text_split(text, ' ', &text));

		widest = width > widest ? width : widest;
	}
	return widest;
}

/* How narrow each column may become when words of up to `cap` columns stay whole. */
static void find_mins(const struct table_print *table, size_t cap, size_t *mins)
{
	for (size_t i = 0; i < table->column_count; i++) {
		mins[i] = NARROWEST;
		for (const struct table_print_row *row = table->first; row; row = row->next) {
			size_t width = word_width(row->cells[i]);

			width = width > cap ? cap : width;
			mins[i] = width > mins[i] ? width : mins[i];
		}
		size_t head = table_print_width(table->heads[i]);

		mins[i] = head > mins[i] ? head : mins[i];
	}
}

/* Take from the widest column that can give until all fits, or none can. */
static void shrink(const struct table_print *table, size_t *widths, const size_t *mins,
		   size_t width)
{
	while (total_width(widths, table->column_count) > width) {
		size_t widest = table->column_count;

		for (size_t i = 0; i < table->column_count; i++) {
			if (widths[i] > mins[i] &&
			    (widest == table->column_count || widths[i] > widths[widest]))
				widest = i;
		}
		if (widest == table->column_count)
			return;
		widths[widest]--;
	}
}

/* Addresses stay whole where that is possible, then ids: people copy them. */
static void fit(const struct table_print *table, size_t *widths, size_t width)
{
	static const size_t caps[] = {SIZE_MAX, ID_COLUMNS, NARROWEST};
	size_t mins[TABLE_PRINT_COLUMNS_MAX] = {0};

	for (size_t i = 0; i < ARRAY_LEN(caps); i++) {
		find_mins(table, caps[i], mins);
		shrink(table, widths, mins, width);
	}
}

static void add_blanks(struct buf *out, size_t count)
{
	while (count-- > 0)
		buf_add_char(out, ' ');
}

/* One row over as many lines as its longest cell takes. */
static void write_row(const struct text *cells, const size_t *widths, size_t count, struct buf *out)
{
	struct text rests[TABLE_PRINT_COLUMNS_MAX];
	bool goes_on = true;

	memcpy(rests, cells, count * sizeof *cells);
	while (goes_on) {
		size_t owed = 0; /* blanks, written only before something */

		goes_on = false;
		for (size_t i = 0; i < count; i++) {
			if (widths[i] == 0)
				continue;
			struct text piece = table_print_cut(&rests[i], widths[i]);
			size_t columns = table_print_width(piece);

			if (piece.len > 0) {
				add_blanks(out, owed);
				buf_add(out, piece);
				owed = 0;
			}
			owed += widths[i] + GAP - (columns < widths[i] ? columns : widths[i]);
			goes_on = goes_on || rests[i].ptr;
		}
		buf_add_char(out, '\n');
	}
}

void table_print_write(const struct table_print *table, size_t width, struct buf *out)
{
	size_t widths[TABLE_PRINT_COLUMNS_MAX];

	natural_widths(table, widths);
	if (width > 0)
		fit(table, widths, width);
	buf_add(out, text_of(table->bold));
	write_row(table->heads, widths, table->column_count, out);
	buf_add(out, text_of(table->plain));
	for (const struct table_print_row *row = table->first; row; row = row->next)
		write_row(row->cells, widths, table->column_count, out);
}
