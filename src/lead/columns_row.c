#include "base/buf.h"
#include "lead/columns.h"
#include "lead/columns_learn.h"
#include "lead/columns_table.h"
#include "lead/placeholder.h"

/* Google joins the values of one kind so; with the blanks nothing else contains it. */
#define GOOGLE_SEPARATOR TEXT(" ::: ")

struct row {
	const struct columns *columns;
	const struct text *cells;
	size_t cell_count;
	struct arena *arena;
	struct columns_values values;
	bool is_opted_out;
	bool failed; /* the arena is used up */
};

static bool is_yes(struct text cell)
{
	static const char *const words[] = {"true",      "yes",     "y",           "1",  "x",
					    "ja",        "oui",     "si",          "sí", "sim",
					    "opted out", "opt out", "unsubscribed"};

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (text_is_nocase(cell, text_of(words[i])))
			return true;
	}
	return false;
}

/*
 * Apostrophes before '+', '=', '-' and '@' are put there by spreadsheets' users, so that a number
 * is not computed; they are no part of the value.
 */
static struct text clean(struct text cell)
{
	struct text text = text_trim(cell);

	if (text.len > 1 && text.ptr[0] == '\'' && memchr("+=-@", text.ptr[1], 4))
		return text_skip(text, 1);
	return text;
}

static struct text cell_at(const struct row *row, size_t column)
{
	return column < row->cell_count ? clean(row->cells[column]) : (struct text){"", 0};
}

static bool opts_out(const struct row *row)
{
	for (size_t i = 0; i < row->columns->count; i++) {
		if (row->columns->columns[i].is_opt_out && is_yes(cell_at(row, i)))
			return true;
	}
	return row->columns->is_unsubscribed;
}

static bool is_identifier(enum columns_target target)
{
	return target >= COLUMNS_LEAD_ID && target <= COLUMNS_EXTERNAL_ID;
}

/* People are called Null and Na, and "unknown" is what a mail checker found out. */
static bool takes_any_word(enum columns_target target)
{
	return target == COLUMNS_FIRST_NAME || target == COLUMNS_LAST_NAME ||
	       target == COLUMNS_NAME || target == COLUMNS_METADATA || target == COLUMNS_STATUS ||
	       target == COLUMNS_EMAIL_STATUS;
}

/*
 * What stands for "nothing". The longer list for identifiers would take too much from a profile:
 * a company may be called Private.
 */
static bool is_placeholder(struct text text, enum columns_target target)
{
	static const char *const signs[] = {"-", "--", "---", ".", "?", "n/a", "#n/a"};
	static const char *const words[] = {"none", "null",    "nil",       "na",
					    "nan",  "unknown", "undefined", "(blank)"};

	if (is_identifier(target))
		return placeholder_is(text);
	if (text.len > 9)
		return false;
	for (size_t i = 0; i < ARRAY_LEN(signs); i++) {
		if (text_is_nocase(text, text_of(signs[i])))
			return true;
	}
	for (size_t i = 0; i < ARRAY_LEN(words) && !takes_any_word(target); i++) {
		if (text_is_nocase(text, text_of(words[i])))
			return true;
	}
	return false;
}

static void emit(struct row *row, enum columns_target target, struct text name, struct text text,
		 int column)
{
	if (text.len == 0 || row->values.count == row->columns->values_max)
		return;
	row->values.items[row->values.count++] = (struct columns_value){target, name, text, column};
}

static const struct columns_value *emitted(const struct row *row, enum columns_target target)
{
	for (size_t i = 0; i < row->values.count; i++) {
		if (row->values.items[i].target == target)
			return &row->values.items[i];
	}
	return NULL;
}

/* The text before the first `separator`, trimmed; *rest gets what follows, or stays absent. */
static struct text before(struct text text, struct text separator, struct text *rest)
{
	const char *at = memmem(text.ptr, text.len, separator.ptr, separator.len);

	if (!at)
		return text;
	size_t len = (size_t)(at - text.ptr);

	*rest = text_trim(text_skip(text, len + separator.len));
	return text_trim((struct text){text.ptr, len});
}

static size_t count_of(struct text text, char wanted)
{
	size_t count = 0;

	for (size_t i = 0; i < text.len; i++)
		count += text.ptr[i] == wanted;
	return count;
}

/* The first of the values in a cell whose target takes one; *rest gets the others. */
static struct text first_of(const struct row *row, struct text text, enum columns_target target,
			    struct text *rest)
{
	bool is_email = target == COLUMNS_EMAIL || target == COLUMNS_PERSONAL_EMAIL;
	bool is_list = is_email || (target == COLUMNS_COMPANY &&
				    (row->columns->flags & COLUMNS_SEMICOLON_LISTS));
	struct text first = before(text, GOOGLE_SEPARATOR, rest);

	if (!rest->ptr && is_list)
		first = before(text, TEXT(";"), rest);
	/* A quoted local part may hold a comma, but not another address. */
	if (!rest->ptr && is_email && count_of(text, '@') > 1)
		first = before(text, TEXT(","), rest);
	return first;
}

static void emit_first(struct row *row, enum columns_target target, struct text text, int column)
{
	struct text name = columns_table_target_name(target);
	struct text rest = TEXT_NONE;

	emit(row, target, name, first_of(row, text, target, &rest), column);
	if (rest.len == 0)
		return;
	struct text more = arena_format(row->arena, "more_%.*s", TEXT_ARG(name));

	row->failed = row->failed || !more.ptr;
	if (more.ptr)
		emit(row, COLUMNS_METADATA, more, rest, column);
}

/* Where a column of a target goes that another column has won. */
static void emit_spare(struct row *row, uint16_t column, struct text text, struct text winner)
{
	struct text name = row->columns->columns[column].metadata;

	if (name.ptr && !text_is_nocase(text, winner))
		emit(row, COLUMNS_METADATA, name, text, column);
}

/* True when this value repeats the one another target already has. */
static bool is_repeated(const struct row *row, enum columns_target target, struct text text)
{
	const struct columns_value *email = NULL;

	if (target == COLUMNS_PERSONAL_EMAIL)
		email = emitted(row, COLUMNS_EMAIL);
	return email && text_is_nocase(email->text, text);
}

/* Whether the value is what its column holds; of a learned column a few are not. */
static bool fits(struct row *row, uint16_t column, struct text text)
{
	const struct columns_column *learned = &row->columns->columns[column];
	bool is_fit = true;
	struct err err;

	if (learned->is_learned &&
	    columns_learn_fits(row->arena, learned->target, text, &is_fit, &err) != ERR_OK)
		row->failed = true;
	return is_fit;
}

/* One target fed by columns order[from..to): the first real value wins. */
static void emit_target(struct row *row, enum columns_target target, size_t from, size_t to)
{
	const uint16_t *order = row->columns->order;
	struct text winner = TEXT_NONE, placeholder = TEXT_NONE;
	uint16_t placeholder_column = 0;

	for (size_t i = from; i < to; i++) {
		struct text text = cell_at(row, order[i]);

		if (text.len == 0 || is_repeated(row, target, text))
			continue;
		if (is_placeholder(text, target)) {
			placeholder = placeholder.ptr ? placeholder : text;
			placeholder_column = order[i];
		} else if (winner.ptr || !fits(row, order[i], text)) {
			emit_spare(row, order[i], text, winner);
		} else {
			winner = text;
			emit_first(row, target, text, order[i]);
		}
	}
	/* The caller warns of an identifier that names nobody; of a profile field it is noise. */
	if (!winner.ptr && placeholder.ptr && is_identifier(target))
		emit(row, target, columns_table_target_name(target), placeholder,
		     placeholder_column);
}

static void emit_tag(struct row *row, struct text tag, int column)
{
	tag = text_trim(tag);
	/* Google marks its own groups with an asterisk. */
	if (text_starts(tag, TEXT("* ")))
		tag = text_skip(tag, 2);
	emit(row, COLUMNS_TAGS, columns_table_target_name(COLUMNS_TAGS), tag, column);
}

/* Mailchimp's list: "VIP","Spring, late" with the commas within quotes part of the tag. */
static void emit_quoted_tags(struct row *row, struct text text, int column)
{
	while (text.len > 0) {
		struct text rest = TEXT_NONE, tag;

		text = text_trim(text);
		if (text.len > 0 && text.ptr[0] == '"') {
			tag = text_split(text_skip(text, 1), '"', &rest);
			(void)text_split(rest.ptr ? rest : TEXT_NONE, ',', &rest);
		} else {
			tag = text_split(text, ',', &rest);
		}
		emit_tag(row, tag, column);
		text = rest.ptr ? rest : TEXT_NONE;
	}
}

static void emit_tags(struct row *row, uint16_t column)
{
	struct text text = cell_at(row, column);
	struct text separator = TEXT(",");

	if (text.len == 0 || is_placeholder(text, COLUMNS_TAGS))
		return;
	if (memchr(text.ptr, '"', text.len)) {
		emit_quoted_tags(row, text, column);
		return;
	}
	if (memmem(text.ptr, text.len, ":::", 3))
		separator = TEXT(":::");
	else if (memchr(text.ptr, ';', text.len))
		separator = TEXT(";");
	while (text.ptr) {
		struct text rest = TEXT_NONE;
		struct text tag = before(text, separator, &rest);

		emit_tag(row, tag, column);
		text = rest;
	}
}

/* City, state and country make a location where the row has none. */
static void emit_location(struct row *row, const struct text parts[3])
{
	struct buf buf;

	if ((!parts[0].len && !parts[1].len && !parts[2].len) || emitted(row, COLUMNS_LOCATION))
		return;
	buf_init_arena(&buf, row->arena, parts[0].len + parts[1].len + parts[2].len + 4);
	for (size_t i = 0; i < 3; i++) {
		if (buf.len && parts[i].len)
			buf_add(&buf, TEXT(", "));
		buf_add(&buf, parts[i]);
	}
	row->failed = row->failed || buf.failed;
	emit(row, COLUMNS_LOCATION, columns_table_target_name(COLUMNS_LOCATION), buf_text(&buf),
	     -1);
}

static struct text first_real(const struct row *row, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++) {
		struct text text = cell_at(row, row->columns->order[i]);

		if (text.len && !is_placeholder(text, COLUMNS_LOCATION))
			return text;
	}
	return TEXT_NONE;
}

/* Columns order[from..to), which share a target. */
static void emit_group(struct row *row, size_t from, size_t to, struct text parts[3])
{
	const struct columns *columns = row->columns;
	enum columns_target target = columns->columns[columns->order[from]].target;

	if (target >= COLUMNS_CITY) {
		parts[target - COLUMNS_CITY] = first_real(row, from, to);
	} else if (target == COLUMNS_STATUS && row->is_opted_out) {
		return;
	} else if (target != COLUMNS_METADATA && target != COLUMNS_TAGS) {
		emit_target(row, target, from, to);
	} else {
		for (size_t i = from; i < to; i++) {
			uint16_t column = columns->order[i];
			struct text text = cell_at(row, column);

			if (target == COLUMNS_TAGS)
				emit_tags(row, column);
			else if (!is_placeholder(text, target))
				emit(row, target, columns->columns[column].metadata, text, column);
		}
	}
}

static const char *skip_reason(const struct row *row)
{
	if (row->values.count == 0)
		return "no cell of a column in use holds a value";
	if ((row->columns->flags & COLUMNS_HIDES_MEMBERS) && !emitted(row, COLUMNS_NAME) &&
	    !emitted(row, COLUMNS_FIRST_NAME) && !emitted(row, COLUMNS_LAST_NAME) &&
	    !emitted(row, COLUMNS_LINKEDIN_URL) && !emitted(row, COLUMNS_EMAIL))
		return "a hidden member: neither a name nor a URL";
	return NULL;
}

enum err_code columns_row(const struct columns *columns, const struct text *cells, size_t count,
			  struct arena *arena, struct columns_values *out, struct err *err)
{
	struct row row = {.columns = columns, .cells = cells, .cell_count = count, .arena = arena};
	struct text parts[3] = {TEXT_NONE, TEXT_NONE, TEXT_NONE};
	size_t from = 0;

	row.values.items = arena_take(arena, columns->values_max * sizeof *row.values.items);
	if (!row.values.items)
		return err_memory(err);
	row.is_opted_out = opts_out(&row);
	while (from < columns->order_count) {
		enum columns_target target = columns->columns[columns->order[from]].target;
		size_t to = from + 1;

		while (to < columns->order_count &&
		       columns->columns[columns->order[to]].target == target)
			to++;
		emit_group(&row, from, to, parts);
		from = to;
	}
	emit_location(&row, parts);
	row.values.skip = skip_reason(&row);
	if (row.is_opted_out)
		emit(&row, COLUMNS_STATUS, columns_table_target_name(COLUMNS_STATUS),
		     TEXT("do_not_contact"), -1);
	if (row.failed)
		return err_memory(err);
	*out = row.values;
	return ERR_OK;
}
