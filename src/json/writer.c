#include "json/writer.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static void separate(struct writer *writer)
{
	if (writer->comma)
		buf_add_char(writer->buf, ',');
	writer->comma = true;
}

void writer_begin_object(struct writer *writer)
{
	separate(writer);
	buf_add_char(writer->buf, '{');
	writer->comma = false;
}

void writer_end_object(struct writer *writer)
{
	buf_add_char(writer->buf, '}');
	writer->comma = true;
}

void writer_begin_array(struct writer *writer)
{
	separate(writer);
	buf_add_char(writer->buf, '[');
	writer->comma = false;
}

void writer_end_array(struct writer *writer)
{
	buf_add_char(writer->buf, ']');
	writer->comma = true;
}

static void put_escape(struct buf *buf, unsigned char c)
{
	static const char digits[] = "0123456789abcdef";
	static const char short_forms[] = "btn\0fr"; /* for 8 to 13; 11 has none */

	buf_add_char(buf, '\\');
	if (c == '"' || c == '\\') {
		buf_add_char(buf, (char)c);
	} else if (c >= 8 && c <= 13 && c != 11) {
		buf_add_char(buf, short_forms[c - 8]);
	} else {
		buf_add(buf, TEXT("u00"));
		buf_add_char(buf, digits[c >> 4]);
		buf_add_char(buf, digits[c & 15]);
	}
}

/* Every byte of `word` that equals `byte` has its high bit set in the answer; others may too,
 * but only above such a byte. */
static uint64_t bytes_equal(uint64_t word, unsigned char byte)
{
	uint64_t diff = word ^ (0x0101010101010101U * byte);

	return (diff - 0x0101010101010101U) & ~diff & 0x8080808080808080U;
}

/* How many bytes from the front need no escape; looks at eight at a time. */
static size_t plain_run(struct text text)
{
	size_t i = 0;
	uint64_t word;

	for (; text.len - i >= sizeof word; i += sizeof word) {
		memcpy(&word, text.ptr + i, sizeof word);
		uint64_t control = (word - 0x2020202020202020U) & ~word & 0x8080808080808080U;

		if (control | bytes_equal(word, '"') | bytes_equal(word, '\\'))
			break;
	}
	while (i < text.len && (unsigned char)text.ptr[i] >= 0x20 && text.ptr[i] != '"' &&
	       text.ptr[i] != '\\')
		i++;
	return i;
}

static void put_string(struct buf *buf, struct text text)
{
	buf_add_char(buf, '"');
	while (text.len > 0) {
		size_t run = plain_run(text);

		buf_add(buf, (struct text){text.ptr, run});
		if (run < text.len)
			put_escape(buf, (unsigned char)text.ptr[run++]);
		text = text_skip(text, run);
	}
	buf_add_char(buf, '"');
}

void writer_key(struct writer *writer, struct text key)
{
	separate(writer);
	put_string(writer->buf, key);
	buf_add_char(writer->buf, ':');
	writer->comma = false;
}

void writer_text(struct writer *writer, struct text text)
{
	separate(writer);
	put_string(writer->buf, text);
}

void writer_int(struct writer *writer, int64_t number)
{
	char digits[20]; /* 19 and a sign */
	size_t at = sizeof digits;
	uint64_t left = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;

	do {
		digits[--at] = (char)('0' + left % 10);
		left /= 10;
	} while (left > 0);
	if (number < 0)
		digits[--at] = '-';
	separate(writer);
	buf_add(writer->buf, (struct text){digits + at, sizeof digits - at});
}

void writer_number(struct writer *writer, double number)
{
	char digits[32];
	int len = 0;

	if (!isfinite(number)) {
		writer_null(writer);
		return;
	}
	if (number == floor(number) && fabs(number) < 1e15) {
		writer_int(writer, (int64_t)number);
		return;
	}
	for (int precision = 15; precision <= 17; precision++) {
		len = snprintf(digits, sizeof digits, "%.*g", precision, number);
		if (strtod(digits, NULL) == number)
			break;
	}
	separate(writer);
	buf_add(writer->buf, (struct text){digits, (size_t)len});
}

void writer_bool(struct writer *writer, bool value)
{
	separate(writer);
	buf_add(writer->buf, value ? TEXT("true") : TEXT("false"));
}

void writer_null(struct writer *writer)
{
	separate(writer);
	buf_add(writer->buf, TEXT("null"));
}

void writer_raw(struct writer *writer, struct text json)
{
	separate(writer);
	buf_add(writer->buf, json);
}

static void put_plain(struct writer *writer, const json_t *value)
{
	if (json_is_string(value))
		writer_text(writer,
			    (struct text){json_string_value(value), json_string_length(value)});
	else if (json_is_integer(value))
		writer_int(writer, json_integer_value(value));
	else if (json_is_real(value))
		writer_number(writer, json_real_value(value));
	else if (json_is_boolean(value))
		writer_bool(writer, json_is_true(value));
	else
		writer_null(writer);
}

/* An array or object that is being written, and what of it comes next. */
struct level {
	const json_t *value;
	void *member;
	size_t index;
};

static void open_level(struct writer *writer, const json_t *value, struct level *out_level)
{
	*out_level = (struct level){value, json_object_iter((json_t *)value), 0};
	if (json_is_object(value))
		writer_begin_object(writer);
	else
		writer_begin_array(writer);
}

/* The next value to write, after its key; levels without one are closed. NULL at the end. */
static const json_t *next_value(struct writer *writer, struct level *levels, size_t *depth)
{
	for (; *depth > 0; (*depth)--) {
		struct level *level = &levels[*depth - 1];
		void *member = level->member;

		if (member) {
			writer_key(writer, (struct text){json_object_iter_key(member),
							 json_object_iter_key_len(member)});
			level->member = json_object_iter_next((json_t *)level->value, member);
			return json_object_iter_value(member);
		}
		if (level->index < json_array_size(level->value))
			return json_array_get(level->value, level->index++);
		if (json_is_object(level->value))
			writer_end_object(writer);
		else
			writer_end_array(writer);
	}
	return NULL;
}

void writer_value(struct writer *writer, const json_t *value)
{
	struct level levels[WRITER_DEPTH_MAX];
	size_t depth = 0;

	for (; value; value = next_value(writer, levels, &depth)) {
		if (!json_is_object(value) && !json_is_array(value)) {
			put_plain(writer, value);
		} else if (depth < WRITER_DEPTH_MAX) {
			open_level(writer, value, &levels[depth++]);
		} else {
			writer->buf->failed = true;
			return;
		}
	}
}

void writer_member_text(struct writer *writer, const char *key, struct text text)
{
	writer_key(writer, text_of(key));
	writer_text(writer, text);
}

void writer_member_int(struct writer *writer, const char *key, int64_t number)
{
	writer_key(writer, text_of(key));
	writer_int(writer, number);
}

void writer_member_bool(struct writer *writer, const char *key, bool value)
{
	writer_key(writer, text_of(key));
	writer_bool(writer, value);
}

void writer_member_raw(struct writer *writer, const char *key, struct text json)
{
	writer_key(writer, text_of(key));
	writer_raw(writer, json);
}
