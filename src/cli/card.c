#include "cli/card.h"

#include <stdio.h>

#include "cli/table_print.h"
#include "json/writer.h"

#define MEMORY_MAX ((size_t)128 * 1024 * 1024)
#define NAME_MAX_COLUMNS 24
#define ITEMS_SHOWN 3 /* objects of a list inside a card */
#define CELL_BYTES_MAX 400
#define DEPTH_MAX 4

struct card {
	struct arena arena;
	const struct card_look *look;
	struct buf *out;
};

static bool is_empty(const json_t *value)
{
	if (json_is_string(value))
		return json_string_length(value) == 0;
	if (json_is_array(value))
		return json_array_size(value) == 0;
	if (json_is_object(value))
		return json_object_size(value) == 0;
	return json_is_null(value);
}

static bool is_plain(const json_t *value)
{
	return !json_is_array(value) && !json_is_object(value);
}

/* A plain value, or an array of them; anything deeper as JSON. */
static struct text cell_of(struct arena *arena, const json_t *value)
{
	struct buf buf;
	struct writer writer = writer_on(&buf);

	if (is_empty(value))
		return TEXT("");
	if (json_is_string(value))
		return (struct text){json_string_value(value), json_string_length(value)};
	if (json_is_boolean(value))
		return json_is_true(value) ? TEXT("yes") : TEXT("no");
	buf_init_arena(&buf, arena, MEMORY_MAX);
	if (!json_is_array(value) || !is_plain(json_array_get(value, 0))) {
		writer_value(&writer, value);
		return buf_text(&buf);
	}
	for (size_t i = 0; i < json_array_size(value); i++) {
		if (i > 0)
			buf_add(&buf, TEXT(", "));
		buf_add(&buf, cell_of(arena, json_array_get(value, i)));
	}
	return buf_text(&buf);
}

static struct text shorten(struct arena *arena, struct text text)
{
	if (text.len <= CELL_BYTES_MAX)
		return text;
	struct text rest = text;
	struct text piece = table_print_cut(&rest, CELL_BYTES_MAX / 4);

	return arena_format(arena, "%.*s …", TEXT_ARG(piece));
}

/* A table of an array of objects: a column for each member that any of them has. */
static void write_table(struct card *card, const json_t *items)
{
	const char *keys[TABLE_PRINT_COLUMNS_MAX];
	struct table_print table;
	size_t count = 0;

	table_print_init(&table, &card->arena);
	table.bold = card->look->bold;
	table.plain = card->look->plain;
	for (size_t i = 0; i < json_array_size(items); i++) {
		json_t *item = json_array_get(items, i);
		const char *key;
		json_t *value;

		json_object_foreach(item, key, value)
		{
			size_t at = 0;

			while (at < count && strcmp(keys[at], key) != 0)
				at++;
			if (at == count && count < TABLE_PRINT_COLUMNS_MAX)
				keys[count++] = key;
		}
	}
	for (size_t i = 0; i < count; i++)
		table_print_column(&table, text_of(keys[i]));
	for (size_t i = 0; i < json_array_size(items); i++) {
		struct text cells[TABLE_PRINT_COLUMNS_MAX];

		for (size_t at = 0; at < count; at++) {
			const json_t *value = json_object_get(json_array_get(items, i), keys[at]);

			cells[at] = shorten(&card->arena, cell_of(&card->arena, value));
		}
		table_print_add(&table, cells);
	}
	table_print_write(&table, card->look->width, card->out);
}

/* "  name:        value", wrapped with what follows below the value. */
static void write_line(struct card *card, const char *key, struct text value, size_t indent)
{
	size_t column = indent + NAME_MAX_COLUMNS;
	size_t width = card->look->width;
	struct text name = table_print_clean(&card->arena, text_of(key));
	size_t used = indent + table_print_width(name) + 1;

	buf_add_format(card->out, "%*s%s%.*s%s ", (int)indent, "", card->look->bold, TEXT_ARG(name),
		       card->look->plain);
	for (; used < column - 1; used++)
		buf_add_char(card->out, ' ');
	value = table_print_clean(&card->arena, value);
	if (width == 0 || width < column + 20) {
		buf_add(card->out, value);
		buf_add_char(card->out, '\n');
		return;
	}
	while (value.ptr) {
		buf_add(card->out, table_print_cut(&value, width - column));
		buf_add_char(card->out, '\n');
		if (value.ptr)
			buf_add_format(card->out, "%*s", (int)column, "");
	}
}

static void write_heading(struct card *card, const char *key, size_t indent)
{
	buf_add_format(card->out, "%*s%s%.*s%s\n", (int)indent, "", card->look->bold,
		       TEXT_ARG(table_print_clean(&card->arena, text_of(key))), card->look->plain);
}

static void write_object(struct card *card, const json_t *object, size_t depth);

static void write_items(struct card *card, const char *key, const json_t *items, size_t depth)
{
	size_t count = json_array_size(items);
	char head[128];

	snprintf(head, sizeof head, "%.80s (%zu)", key, count);
	write_heading(card, head, depth * 2);
	for (size_t i = 0; i < count && i < ITEMS_SHOWN; i++) {
		if (i > 0)
			buf_add_char(card->out, '\n');
		write_object(card, json_array_get(items, i), depth + 1);
	}
	if (count > ITEMS_SHOWN)
		buf_add_format(card->out, "%*s… %zu more; --json shows them all\n",
			       (int)(depth * 2 + 2), "", count - ITEMS_SHOWN);
}

static void write_member(struct card *card, const char *key, const json_t *value, size_t depth)
{
	if (is_empty(value))
		return;
	if (depth < DEPTH_MAX && json_is_array(value) && json_is_object(json_array_get(value, 0))) {
		write_items(card, key, value, depth);
		return;
	}
	if (depth < DEPTH_MAX && json_is_object(value)) {
		write_heading(card, key, depth * 2);
		write_object(card, value, depth + 1);
		return;
	}
	write_line(card, key, cell_of(&card->arena, value), depth * 2);
}

/* Goes no deeper than DEPTH_MAX. */
static void write_object(struct card *card, const json_t *object, size_t depth)
{
	const char *key;
	json_t *value;

	/* What is one line first, then what has parts of its own. */
	json_object_foreach((json_t *)object, key, value)
	{
		if (is_plain(value))
			write_member(card, key, value, depth);
	}
	json_object_foreach((json_t *)object, key, value)
	{
		if (!is_plain(value))
			write_member(card, key, value, depth);
	}
}

/* The one list that an answer is about, or NULL. */
static const json_t *find_list(const json_t *data)
{
	const json_t *found = NULL;
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)data, key, value)
	{
		if (!json_is_array(value) || !json_is_object(json_array_get(value, 0)))
			continue;
		if (found)
			return NULL;
		found = value;
	}
	return found;
}

static size_t count_objects(const json_t *data)
{
	size_t count = 0;
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)data, key, value) count += json_is_object(value);
	return count;
}

void card_write(const json_t *data, const struct card_look *look, struct buf *out)
{
	struct card card = {.look = look, .out = out};
	const json_t *list = count_objects(data) == 0 ? find_list(data) : NULL;
	const char *key;
	json_t *value;

	arena_init(&card.arena, MEMORY_MAX);
	if (!list) {
		write_object(&card, data, 0);
		arena_release(&card.arena);
		return;
	}
	write_table(&card, list);
	json_object_foreach((json_t *)data, key, value)
	{
		if (value != list && is_plain(value))
			write_member(&card, key, value, 0);
	}
	arena_release(&card.arena);
}
