#include "file/layout.h"

#include <stdlib.h>

#include "file/delimited.h"

/* Fewer known names may stand in a row of data by chance. */
#define KNOWN_MIN 2

/* What a file looks like with one delimiter. */
struct look {
	struct layout layout;
	size_t first_count; /* cells of the first record */
	size_t alike;       /* records with as many cells as the first, when it has several */
};

static size_t count_known(const struct record *record)
{
	size_t known = 0;

	for (size_t i = 0; i < record->count; i++)
		known += columns_is_known(record->cells[i]);
	return known;
}

/* Take one more record into account. */
static void look_at(struct look *look, const struct record *record)
{
	bool is_settled = look->layout.known >= KNOWN_MIN;
	size_t known = is_settled || record->reason ? 0 : count_known(record);

	if (look->layout.header_line == 0) {
		look->layout.header_line = record->line;
		look->layout.known = known;
		look->first_count = record->count;
	} else if (known >= KNOWN_MIN) {
		look->layout.header_line = record->line;
		look->layout.known = known;
	}
	look->alike += record->count > 1 && record->count == look->first_count;
}

static enum err_code look_through(struct delimited *reader, struct lines *lines, int64_t first_line,
				  struct look *look, struct err *err)
{
	for (;;) {
		struct record record;
		enum err_code code = delimited_next(reader, lines, &record, err);

		if (code != ERR_OK)
			return code;
		if (record.line == 0 || record.line >= first_line + LAYOUT_LINES)
			return ERR_OK;
		if (record.line >= first_line)
			look_at(look, &record);
	}
}

/* The file with this delimiter, its header sought from `first_line` on. */
static enum err_code try_delimiter(struct text sample, char delimiter, int64_t first_line,
				   struct look *out, struct err *err)
{
	struct look look = {.layout = {LAYOUT_DELIMITED, delimiter, 0, 0}};
	struct lines lines;
	enum err_code code = lines_init_memory(&lines, sample, TEXT("UTF-8"), err);

	if (code != ERR_OK)
		return code;
	struct delimited *reader = malloc(sizeof *reader);

	code = reader ? delimited_init(reader, delimiter, err) : err_memory(err);
	if (code == ERR_OK) {
		code = look_through(reader, &lines, first_line, &look, err);
		delimited_release(reader);
	}
	free(reader);
	lines_release(&lines);
	if (code == ERR_OK)
		*out = look;
	return code;
}

/* Known headers tell most; then rows of one length; then the number of columns. */
static bool is_better(const struct look *look, const struct look *best)
{
	size_t known = look->layout.known < KNOWN_MIN ? 0 : look->layout.known;
	size_t best_known = best->layout.known < KNOWN_MIN ? 0 : best->layout.known;

	if (known != best_known)
		return known > best_known;
	if (look->alike != best->alike)
		return look->alike > best->alike;
	return look->first_count > best->first_count;
}

/* The delimiter a spreadsheet wrote down as "sep=;" on the first line, or 0. */
static char stated_delimiter(struct text sample)
{
	struct text rest;
	struct text line = text_trim(text_split(sample, '\n', &rest));

	if (line.len != 5 || !text_is_nocase((struct text){line.ptr, 4}, TEXT("sep=")))
		return 0;
	return memchr(",;|", line.ptr[4], 3) ? line.ptr[4] : 0;
}

enum err_code layout_find(struct text sample, char delimiter, struct layout *out, struct err *err)
{
	static const char delimiters[] = {',', ';', '\t', '|'};
	struct text start = text_trim(sample);
	char stated = stated_delimiter(sample);
	int64_t first_line = stated ? 2 : 1;
	struct look best = {.layout = {LAYOUT_DELIMITED, ',', 0, 0}};

	if (start.len > 0 && (start.ptr[0] == '{' || start.ptr[0] == '[')) {
		enum layout_form form = start.ptr[0] == '{' ? LAYOUT_JSON_LINES : LAYOUT_JSON_ARRAY;

		*out = (struct layout){form, 0, 0, 0};
		return ERR_OK;
	}
	if (!delimiter)
		delimiter = stated;
	for (size_t i = 0; i < ARRAY_LEN(delimiters); i++) {
		char tried = delimiter ? delimiter : delimiters[i];
		struct look look;

		if (delimiter && i > 0)
			break;
		enum err_code code = try_delimiter(sample, tried, first_line, &look, err);
		if (code != ERR_OK)
			return code;
		if (i == 0 || is_better(&look, &best))
			best = look;
	}
	*out = best.layout;
	return ERR_OK;
}
