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

static void put_string(struct buf *buf, struct text text)
{
	size_t from = 0;

	buf_add_char(buf, '"');
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];

		if (c >= 0x20 && c != '"' && c != '\\')
			continue;
		buf_add(buf, (struct text){text.ptr + from, i - from});
		put_escape(buf, c);
		from = i + 1;
	}
	buf_add(buf, text_skip(text, from));
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
	char digits[24];
	int len = snprintf(digits, sizeof digits, "%lld", (long long)number);

	separate(writer);
	buf_add(writer->buf, (struct text){digits, (size_t)len});
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

static int put_dumped(const char *bytes, size_t len, void *state)
{
	struct buf *buf = state;

	buf_add(buf, (struct text){bytes, len});
	return buf->failed ? -1 : 0;
}

void writer_value(struct writer *writer, const json_t *value)
{
	switch (json_typeof(value)) {
	case JSON_STRING:
		writer_text(writer, (struct text){json_string_value(value),
						  json_string_length(value)});
		return;
	case JSON_INTEGER:
		writer_int(writer, json_integer_value(value));
		return;
	case JSON_REAL:
		writer_number(writer, json_real_value(value));
		return;
	case JSON_TRUE:
	case JSON_FALSE:
		writer_bool(writer, json_is_true(value));
		return;
	case JSON_NULL:
		writer_null(writer);
		return;
	case JSON_OBJECT:
	case JSON_ARRAY:
		break;
	}
	separate(writer);
	if (json_dump_callback(value, put_dumped, writer->buf, JSON_COMPACT) != 0)
		writer->buf->failed = true;
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
