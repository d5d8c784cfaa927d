#include "base/log.h"

#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"

static atomic_int log_level_now = LOG_INFO;

static const char *const level_names[] = {"debug", "info", "warn", "error", "off"};

void log_set_level(enum log_level level)
{
	atomic_store(&log_level_now, (int)level);
}

bool log_is_on(enum log_level level)
{
	return (int)level >= atomic_load(&log_level_now);
}

bool log_level_parse(struct text name, enum log_level *out)
{
	for (size_t i = 0; i < ARRAY_LEN(level_names); i++) {
		if (text_is(name, text_of(level_names[i]))) {
			*out = (enum log_level)i;
			return true;
		}
	}
	return false;
}

struct line {
	char bytes[2048];
	size_t len;
};

static void put(struct line *line, char c)
{
	if (line->len < sizeof line->bytes - 8)
		line->bytes[line->len++] = c;
}

static void put_string(struct line *line, struct text text)
{
	static const char digits[] = "0123456789abcdef";

	put(line, '"');
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];

		if (c == '"' || c == '\\') {
			put(line, '\\');
			put(line, (char)c);
		} else if (c < 0x20 || c >= 0x7F) {
			put(line, '\\');
			put(line, 'u');
			put(line, '0');
			put(line, '0');
			put(line, digits[c >> 4]);
			put(line, digits[c & 15]);
		} else {
			put(line, (char)c);
		}
	}
	put(line, '"');
}

static void put_member(struct line *line, const char *name, struct text value)
{
	put(line, line->len ? ',' : '{');
	put_string(line, text_of(name));
	put(line, ':');
	put_string(line, value);
}

void log_event(enum log_level level, const char *event, const struct log_field *fields)
{
	struct line line = {.len = 0};
	char at[CLOCK_TEXT_LEN + 1];

	if (!log_is_on(level))
		return;
	clock_format(clock_now_ms(clock_system()), at);
	put_member(&line, "at", text_of(at));
	put_member(&line, "level", text_of(level_names[level]));
	put_member(&line, "event", text_of(event));
	for (; fields && fields->kind != LOG_KIND_END; fields++) {
		if (fields->kind == LOG_KIND_TEXT) {
			put_member(&line, fields->name, fields->text);
			continue;
		}
		char number[24];

		snprintf(number, sizeof number, "%lld", (long long)fields->number);
		put(&line, ',');
		put_string(&line, text_of(fields->name));
		put(&line, ':');
		for (const char *c = number; *c; c++)
			put(&line, *c);
	}
	line.bytes[line.len++] = '}';
	line.bytes[line.len++] = '\n';
	if (write(STDERR_FILENO, line.bytes, line.len) < 0)
		return;
}
