#include "file/delimited.h"

#include <stdio.h>

/* The parser grows its cell by this much; small steps would copy long cells many times. */
#define CELL_STEP_BYTES ((size_t)16 * 1024)

/* How far the row that is being read has come. */
struct progress {
	int64_t line;       /* where it began; 0: not begun */
	int64_t quote_line; /* where the quote that is open began */
	size_t bytes;
	bool has_text;       /* something other than blanks and delimiters */
	size_t cells_before; /* cells complete when the current line began */
};

enum err_code delimited_init(struct delimited *delimited, char delimiter, struct err *err)
{
	if (csv_init(&delimited->parser, 0) != 0)
		return err_internal(err, "csv_init");
	csv_set_delim(&delimited->parser, (unsigned char)delimiter);
	csv_set_blk_size(&delimited->parser, CELL_STEP_BYTES);
	/* Each cell has a NUL behind it. */
	buf_init(&delimited->bytes, RECORD_BYTES_MAX + COLUMNS_MAX);
	delimited->count = 0;
	return ERR_OK;
}

void delimited_release(struct delimited *delimited)
{
	csv_free(&delimited->parser);
	buf_release(&delimited->bytes);
}

static void spoil(struct delimited *delimited, const char *reason)
{
	if (!delimited->reason)
		delimited->reason = reason;
}

static void on_cell(void *bytes, size_t len, void *context)
{
	struct delimited *delimited = context;
	struct text cell = {bytes, len};

	if (delimited->count == COLUMNS_MAX) {
		if (len > 0)
			spoil(delimited, "The row has more than 512 cells. Split or shorten it.");
		return;
	}
	if (len > RECORD_CELL_BYTES_MAX)
		spoil(delimited, "A cell holds more than 64 KiB. Shorten it.");
	if (len > 0 && memchr(bytes, '\0', len))
		spoil(delimited, RECORD_HOLDS_NUL);
	buf_add(&delimited->bytes, cell);
	buf_add_char(&delimited->bytes, '\0');
	delimited->ends[delimited->count++] = delimited->bytes.len;
}

static void on_row(int end, void *context)
{
	struct delimited *delimited = context;

	(void)end;
	delimited->is_complete = true;
}

static enum err_code feed(struct delimited *delimited, struct text text, struct err *err)
{
	size_t done = csv_parse(&delimited->parser, text.ptr, text.len, on_cell, on_row, delimited);

	if (done != text.len || delimited->bytes.failed)
		return err_memory(err);
	return ERR_OK;
}

/* Forget an unfinished row. */
static void forget(struct delimited *delimited)
{
	csv_fini(&delimited->parser, NULL, NULL, NULL);
	delimited->is_complete = false;
}

static void begin(struct delimited *delimited)
{
	buf_reset(&delimited->bytes);
	delimited->count = 0;
	delimited->reason = NULL;
	delimited->is_complete = false;
}

static bool has_text(struct text text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (!strchr(" \t\r\n", text.ptr[i]) || text.ptr[i] == '\0')
			return true;
	}
	return false;
}

static void hand_over(struct delimited *delimited, int64_t line, struct record *out)
{
	struct text bytes = buf_text(&delimited->bytes);
	size_t from = 0;

	for (size_t i = 0; i < delimited->count; i++) {
		size_t end = delimited->ends[i];

		delimited->cells[i] = (struct text){bytes.ptr + from, end - from - 1};
		from = end;
	}
	/* Together with the NULs between them, so that no cell completes another's character. */
	if (!record_is_text(bytes))
		spoil(delimited, RECORD_IS_NO_TEXT);
	*out = (struct record){line, delimited->cells, delimited->count, TEXT_NONE,
			       delimited->reason};
}

static void hand_over_open(struct delimited *delimited, const struct progress *at, int64_t last,
			   struct record *out)
{
	if (at->quote_line > 0)
		snprintf(delimited->reason_text, sizeof delimited->reason_text,
			 "A quote that begins on line %lld is not closed; lines %lld to %lld were "
			 "taken for one row. Close or remove it.",
			 (long long)at->quote_line, (long long)at->line, (long long)last);
	else
		snprintf(delimited->reason_text, sizeof delimited->reason_text,
			 "The row is longer than 256 KiB. Shorten it.");
	*out = (struct record){at->line, NULL, 0, TEXT_NONE, delimited->reason_text};
}

/* The input has ended: the last line may lack its end, or a quote its other half. */
static enum err_code finish(struct delimited *delimited, const struct progress *at, int64_t last,
			    struct record *out, struct err *err)
{
	struct progress open = *at;

	if (at->line == 0 || !at->has_text) {
		forget(delimited);
		*out = (struct record){0};
		return ERR_OK;
	}
	enum err_code code = feed(delimited, TEXT("\n"), err);

	if (code != ERR_OK)
		return code;
	if (delimited->is_complete) {
		hand_over(delimited, at->line, out);
		return ERR_OK;
	}
	forget(delimited);
	if (open.quote_line == 0 || delimited->count > open.cells_before)
		open.quote_line = last;
	hand_over_open(delimited, &open, last, out);
	return ERR_OK;
}

/* A line has ended and its row has not: a quote is open since here, or since before. */
static void note_quote(const struct delimited *delimited, struct progress *at, int64_t line)
{
	if (at->quote_line == 0 || delimited->count > at->cells_before)
		at->quote_line = line;
	at->cells_before = delimited->count;
}

/* Take one piece of a line; *out is filled when it completes or spoils the row. */
static enum err_code take_piece(struct delimited *delimited, struct lines *lines,
				struct progress *at, struct line piece, struct record *out,
				struct err *err)
{
	at->line = at->line ? at->line : piece.number;
	at->bytes += piece.text.len;
	at->has_text = at->has_text || has_text(piece.text);
	if (at->bytes > RECORD_BYTES_MAX) {
		enum err_code code = lines_skip_rest(lines, piece, err);

		if (code != ERR_OK)
			return code;
		forget(delimited);
		hand_over_open(delimited, at, piece.number, out);
		return ERR_OK;
	}
	enum err_code code = feed(delimited, piece.text, err);

	if (code != ERR_OK || !piece.ends)
		return code;
	if (!at->has_text) {
		forget(delimited);
		begin(delimited);
		*at = (struct progress){0};
	} else if (delimited->is_complete) {
		hand_over(delimited, at->line, out);
	} else {
		note_quote(delimited, at, piece.number);
	}
	return ERR_OK;
}

enum err_code delimited_next(struct delimited *delimited, struct lines *lines, struct record *out,
			     struct err *err)
{
	struct progress at = {0};
	struct record found = {0};
	int64_t last = 0;

	begin(delimited);
	while (found.line == 0) {
		struct line piece;
		enum err_code code = lines_next(lines, &piece, err);

		if (code != ERR_OK)
			return code;
		if (!piece.text.ptr)
			return finish(delimited, &at, last, out, err);
		last = piece.number;
		code = take_piece(delimited, lines, &at, piece, &found, err);
		if (code != ERR_OK)
			return code;
	}
	*out = found;
	return ERR_OK;
}
